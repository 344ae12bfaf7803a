"""What became of a target from one plan to another: rose, fell, stayed; its date moved or not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from workplan.compare.unit import bounds_of, in_unit
from workplan.types import Due, Target

Movement = Literal["rose", "fell", "same", "appeared", "vanished", "unclear"]
Shift = Literal["earlier", "later"]

MOVEMENTS: dict[Movement, str] = {
    "rose": "上升",
    "fell": "下降",
    "same": "持平",
    "appeared": "新增",
    "vanished": "消失",
    "unclear": "不可比",
}
SHIFTS: dict[Shift, str] = {"earlier": "时限提前", "later": "时限推后"}


@dataclass(frozen=True, slots=True)
class Change:
    """From the other plan's target to this one's.

    `delta` counts in `unit`, this plan's; None where no single difference can be given. `why`
    says why figures cannot be compared. `days` is how far the date moved, later counts positive.
    """

    movement: Movement
    delta: float | None = None
    unit: str = ""
    shift: Shift | None = None
    days: int = 0
    why: str = ""


def change_between(
    other: Target | None,
    this: Target | None,
    *,
    other_year: int | None = None,
    this_year: int | None = None,
) -> Change:
    """How `this` differs from `other`; the years are those of their plans.

    >>> old = Target("绿化率", "ge", 40, "%", "40%以上")
    >>> new = Target("绿化率", "ge", 42, "%", "42%以上")
    >>> change_between(old, new).delta
    2.0
    """
    if other is None or this is None:
        return Change("appeared" if other is None else "vanished")
    shift, days = _shift(other.due, this.due, other_year, this_year)
    why = _incomparable(other, this)
    if why:
        return Change("unclear", shift=shift, days=days, why=why)
    movement, delta = _movement(other, this)
    if movement == "unclear":
        return Change("unclear", shift=shift, days=days, why="一为下限一为上限，或区间此升彼降")
    return Change(movement, delta, this.unit, shift, days)


def _incomparable(other: Target, this: Target) -> str:
    if other.value is None or this.value is None:
        return "有数值未能识别"
    if other.kind != this.kind:
        return "一为水平一为变动"
    if other.per != this.per:
        return f"口径不同：{other.per or '未写'}、{this.per or '未写'}"
    return ""


def _movement(other: Target, this: Target) -> tuple[Movement, float | None]:
    """By the bounds that both have; a bound that only one has says nothing of the figure."""
    pairs = [
        (old, new)
        for old, new in zip(bounds_of(other), bounds_of(this), strict=True)
        if old is not None and new is not None
    ]
    if not pairs:
        return "unclear", None
    # A tenth digit differs where hectares and mu are converted.
    deltas = [0.0 if abs(new - old) <= 1e-9 * abs(new) else new - old for old, new in pairs]
    if min(deltas) < 0 < max(deltas):
        return "unclear", None
    single = in_unit(deltas[0], this.unit) if len(set(deltas)) == 1 else None
    delta = None if single is None else float(f"{single:.10g}")
    if max(deltas) > 0:
        return "rose", delta
    return ("fell", delta) if min(deltas) < 0 else ("same", delta)


def _shift(
    other: Due | None, this: Due | None, other_year: int | None, this_year: int | None
) -> tuple[Shift | None, int]:
    """The last day's move. A plan's year end that is the next plan's year end has not moved."""
    if other is None or this is None or other.end is None or this.end is None:
        return None, 0
    old, new = date.fromisoformat(other.end), date.fromisoformat(this.end)
    if old.year == other_year and new.year == this_year:
        old = _in_year(old, new.year)
    days = (new - old).days
    return ("later" if days > 0 else "earlier" if days < 0 else None), days


def _in_year(day: date, year: int) -> date:
    """The same day of another year; the last of February stays the last."""
    last = day.month == 2 and day.day >= 28
    return (
        date(year, 3, 1) - (date(2001, 3, 1) - date(2001, 2, 28))
        if last
        else day.replace(year=year)
    )
