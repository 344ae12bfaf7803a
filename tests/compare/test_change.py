"""What is said of two figures of one metric."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.compare import change_between
from workplan.compare.change import Change
from workplan.compare.table import change_text
from workplan.types import Due, Target


def target(value: Any, comparator: Any = "ge", unit: str = "%", **more: Any) -> Target:
    return Target("绿化率", comparator, value, unit, str(value), **more)


@pytest.mark.parametrize(
    ("old", "new", "movement", "delta"),
    [
        (target(40), target(45), "rose", 5),
        (target(250, "le", "/10万"), target(230, "le", "/10万"), "fell", -20),
        (target(70, "eq"), target(70, "ge"), "same", 0),
        (target(5, "eq", "公里"), target(6500, "eq", "米"), "rose", 1500),
        (target(2, "eq", "公顷"), target(30, "eq", "亩"), "same", 0),
        (target((2, 3), "range", "家"), target((4, 6), "range", "家"), "rose", None),
        (target((2, 6), "range", "家"), target((3, 5), "range", "家"), "unclear", None),
        (target(40, "ge"), target(50, "le"), "unclear", None),
        (target(None), target(5), "unclear", None),
        (target(5, kind="change"), target(85), "unclear", None),
        (
            target(4, unit="张", per="每千人口"),
            target(4, unit="张", per="每万人口"),
            "unclear",
            None,
        ),
        (None, target(5), "appeared", None),
        (target(5), None, "vanished", None),
    ],
)
def test_movement(old: Target | None, new: Target | None, movement: str, delta: Any) -> None:
    change = change_between(old, new)
    assert (change.movement, change.delta) == (movement, delta)
    assert bool(change.why) == (movement == "unclear")


@pytest.mark.parametrize(
    ("delta", "unit", "words"),
    [
        (5, "%", "上升 +5个百分点"),
        (50_000_000, "元", "上升 +0.5亿元"),
        (25_000, "人", "上升 +2.5万人"),
        (9_999, "人", "上升 +9,999人"),
        (1234, "公里", "上升 +1,234公里"),
    ],
)
def test_difference_is_said_as_figures_are_written(delta: float, unit: str, words: str) -> None:
    assert change_text(Change("rose", delta, unit)) == words


def moved(old: str, new: str, old_year: int | None, new_year: int | None) -> tuple[Any, int]:
    change = change_between(
        target(5, due=Due(None, old)),
        target(5, due=Due(None, new)),
        other_year=old_year,
        this_year=new_year,
    )
    return change.shift, change.days


def test_year_end_of_each_years_plan_has_not_moved() -> None:
    assert moved("2030-12-31", "2031-12-31", 2030, 2031) == (None, 0)
    assert moved("2030-02-28", "2032-02-29", 2030, 2032) == (None, 0)


def test_date_within_the_year_moves_by_its_days() -> None:
    assert moved("2030-06-30", "2031-03-31", 2030, 2031) == ("earlier", -91)


def test_distant_date_moves_by_the_calendar() -> None:
    assert moved("2032-12-31", "2033-12-31", 2030, 2031) == ("later", 365)
    assert moved("2030-12-31", "2031-12-31", None, None) == ("later", 365)


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(["%", "元", "亩", "公里"]))
def test_there_and_back_are_opposite(old: int, new: int, unit: str) -> None:
    there = change_between(target(old, unit=unit), target(new, unit=unit))
    back = change_between(target(new, unit=unit), target(old, unit=unit))
    assert there.delta == new - old
    assert back.delta == old - new
    opposite = {"rose": "fell", "fell": "rose", "same": "same"}
    assert back.movement == opposite[there.movement]
