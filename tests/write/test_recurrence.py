"""Deadlines that come round again, unfolded by dateutil as a calendar program would."""

from __future__ import annotations

from datetime import date, datetime
from itertools import islice

import pytest

from workplan.write.recurrence import Recurrence, recurrence_of


def days(text: str, year: int, count: int) -> list[str]:
    """The first `count` days, month and day, that the rule of `text` gives from `year` on."""
    rrule = pytest.importorskip("dateutil.rrule")
    prop = pytest.importorskip("icalendar.prop")
    found = recurrence_of(text, year)
    assert found is not None
    rule = prop.vRecur(found.rule).to_ical().decode()
    start = datetime(found.first.year, found.first.month, found.first.day)
    unfolded = list(islice(rrule.rrulestr(rule, dtstart=start), count))
    assert unfolded[0] == start, "a calendar shows the first day even where the rule misses it"
    return [f"{day:%Y-%m-%d}" for day in unfolded]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("每年2月底前", ["2023-02-28", "2024-02-29", "2025-02-28"]),
        ("每年的二月末", ["2023-02-28", "2024-02-29", "2025-02-28"]),
        ("每年12月31日前", ["2023-12-31", "2024-12-31", "2025-12-31"]),
        ("每年底", ["2023-12-31", "2024-12-31", "2025-12-31"]),
        ("每月5日前", ["2023-01-05", "2023-02-05", "2023-03-05"]),
        ("每月３０日前", ["2023-01-30", "2023-02-28", "2023-03-30"]),
        ("每月底", ["2023-01-31", "2023-02-28", "2023-03-31"]),
        ("每季度末", ["2023-03-31", "2023-06-30", "2023-09-30"]),
        ("每季度首月10日前", ["2023-01-10", "2023-04-10", "2023-07-10"]),
        ("每季度末月31日前", ["2023-03-31", "2023-06-30", "2023-09-30"]),
        ("每半年末", ["2023-06-30", "2023-12-31", "2024-06-30"]),
        ("每周五前", ["2023-01-06", "2023-01-13", "2023-01-20"]),
    ],
)
def test_days_come_round(text: str, expected: list[str]) -> None:
    assert days(text, 2023, 3) == expected


@pytest.mark.parametrize(
    "text",
    ["每年", "每年6月前", "每年6月", "每季度", "每季度第一周", "每学期", "每两年", "每月32日前",
     "每年2月30日前", "每年13月底", "汛期前", "三年内", "每年5日前", ""],
)  # fmt: skip
def test_what_names_no_day_does_not_recur(text: str) -> None:
    assert recurrence_of(text, 2023) is None


def test_no_year_is_assumed() -> None:
    assert recurrence_of("每月5日前", None) is None
    assert recurrence_of(None, 2023) is None


def test_first_day_lies_in_the_plans_year() -> None:
    found = recurrence_of("每周日", 2023)
    assert found == Recurrence(date(2023, 1, 1), {"freq": "WEEKLY", "byday": "SU"})
