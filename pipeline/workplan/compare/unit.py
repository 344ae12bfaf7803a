"""Units reconciled: kilometres with metres, mu with hectares, one counting word with another."""

from __future__ import annotations

from workplan.compare.settings import settings
from workplan.types import Target, Value

Bounds = tuple[float | None, float | None]


def same_kind(this: str, other: str) -> bool:
    """Whether figures in the two units can measure the same thing."""
    return _kind(this)[0] == _kind(other)[0]


def is_count(unit: str) -> bool:
    """Whether figures in the unit count things: 家, 个, 名."""
    return _kind(unit)[0] in ("count", "people")


def bounds_of(target: Target) -> Bounds:
    """The lowest and highest value that meets the target, in its kind's first unit.

    None where there is no such bound; both None where the figure cannot be read.
    """
    if target.value is None:
        return None, None
    factor = _kind(target.unit)[1]
    low, high = _ends(target.value)
    if target.comparator in ("ge", "gt"):
        return low * factor, None
    if target.comparator in ("le", "lt"):
        return None, high * factor
    return low * factor, high * factor


def in_unit(value: float, unit: str) -> float:
    """`value`, given in the first unit of its kind, in `unit`."""
    return value / _kind(unit)[1]


def _kind(unit: str) -> tuple[str, float]:
    """家 and 所 count alike; a unit that no kind knows is its own."""
    return settings().units.get(unit.strip(), (unit.strip(), 1.0))


def _ends(value: Value) -> tuple[float, float]:
    assert value is not None
    return value if isinstance(value, tuple) else (value, value)
