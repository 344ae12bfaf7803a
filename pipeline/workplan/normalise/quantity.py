"""What a QUANTITY span says: a value, how it binds, and in which unit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from workplan.types import Comparator, Value


@dataclass(frozen=True, slots=True)
class Quantity:
    """One figure. `value` has 万 and 亿 multiplied out; a range is (low, high).

    `unit` is the numerator's ("元" of 每人每年79元), `per` the denominator ("每人每年"). `kind`
    tells a level (达到85%) from a change (提高3个百分点). `reason` says why `value` is None.
    """

    value: Value
    comparator: Comparator = "eq"
    unit: str = ""
    kind: Literal["level", "change"] = "level"
    per: str | None = None
    reason: str | None = None


def read_quantity(text: str, *, before: str = "", after: str = "") -> Quantity:
    """Read the quantity `text`, with the words that stand before and after it in its sentence.

    `before` gives the comparator of 至少建立[1家], the change of 提高[3个百分点] and the
    denominator of 每千人口床位[4.5张]; `after` a comparator that two figures share
    ([10%]和4%以下) and the unit of a figure that has none of its own ([3]至5个).
    Never raises: what cannot be read has value None and a reason.
    """
    return Quantity(None, reason=f"“{text}”无法识别为数值")


def baseline_of(
    text: str, quantity: tuple[int, int], quantities: Sequence[tuple[int, int]]
) -> tuple[int, int] | None:
    """Which of a sentence's QUANTITY spans is the level that `quantity` starts from.

    由[320元]提高到[356元]: the first is the baseline of the second. None where there is none.
    A span that is the baseline of another states no target.
    """
    return None
