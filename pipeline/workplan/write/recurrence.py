"""A deadline that comes round again (每年2月底前, 每月5日前) as a calendar's rule."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

from workplan.normalise.numerals import fold_width, read_number

Rule = dict[str, str | int | list[int] | list[str]]


@dataclass(frozen=True, slots=True)
class Recurrence:
    """The first day in the plan's year, and the parts of an RRULE (RFC 5545)."""

    first: date
    rule: Rule


def recurrence_of(text: str | None, year: int | None) -> Recurrence | None:
    """The days that `text` names again and again, from the plan's `year` on, without an end.

    None where no exact day is named (每年, 每学期, 每年6月前) or the year is unknown.

    >>> recurrence_of("每月5日前", 2023)
    Recurrence(first=datetime.date(2023, 1, 5), rule={'freq': 'MONTHLY', 'bymonthday': 5})
    >>> recurrence_of("每年6月前", 2023) is None
    True
    """
    if text is None or year is None or not 1949 <= year <= 2100:
        return None
    match = _RULE.fullmatch(re.sub(r"\s", "", fold_width(text)))
    if match is None:
        return None
    if match["weekday"]:
        return _weekly(year, match["weekday"])
    months = _months(match)
    day = _day(match)
    if day is None or (months is not None and not months):
        return None
    if months is None:
        return _recurrence(year, {"freq": "MONTHLY"}, list(range(1, 13)), day)
    return _recurrence(year, {"freq": "YEARLY", "bymonth": months}, months, day)


_NUMERAL = r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})"
_RULE = re.compile(
    rf"""
    每 (?: (?P<year>年)度? 的?
             (?: (?P<month>{_NUMERAL})月份? (?=[底末]|{_NUMERAL}[日号]) )?   # 每年2月底前
         | (?P<quarter>季度?) 的? (?P<which>首月|末月|第[一二三]个月)?        # 每季度末月20日前
         | (?P<half>半年) 度? 的?                                          # 每半年末
         | (?P<monthly>个?月) 的?                                          # 每月5日前
         | (?:周|星期) (?P<weekday>[一二三四五六日天]) )                      # 每周五前
    (?: (?P<end>年?[底末]) | (?P<day>{_NUMERAL})[日号] )?
    (?: 之前|以前|前 )?
    """,
    re.VERBOSE,
)
_WEEKDAYS = {sign: place for place, sign in enumerate("一二三四五六日")} | {"天": 6}
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_MONTHS_OF_QUARTER = {
    "首月": [1, 4, 7, 10],
    "第一个月": [1, 4, 7, 10],
    "第二个月": [2, 5, 8, 11],
    "末月": [3, 6, 9, 12],
    "第三个月": [3, 6, 9, 12],
}


def _months(match: re.Match[str]) -> list[int] | None:
    """The months meant; None for every one, an empty list where they cannot be told."""
    if match["monthly"]:
        return None
    if match["half"]:
        return [6, 12] if match["end"] else []
    if match["quarter"]:
        if match["which"]:
            return _MONTHS_OF_QUARTER[match["which"]]
        return [3, 6, 9, 12] if match["end"] else []
    if match["month"]:
        month = read_number(match["month"])
        return [int(month)] if month is not None and 1 <= month <= 12 else []
    return [12] if match["end"] else []


def _day(match: re.Match[str]) -> int | None:
    """The day of the month; -1 is its last, None one that is not named or does not exist."""
    if match["end"]:
        return -1
    day = read_number(match["day"]) if match["day"] else None
    return int(day) if day is not None and 1 <= day <= 31 else None


def _recurrence(year: int, rule: Rule, months: list[int], day: int) -> Recurrence | None:
    length = calendar.monthrange(year, months[0])[1]
    longest = max(calendar.monthrange(2000, month)[1] for month in months)
    if day > longest:
        return None
    first = date(year, months[0], length if day == -1 else min(day, length))
    if day <= 28:
        return Recurrence(first, rule | {"bymonthday": day})
    # A calendar skips a month without a 31st; the last of these days is in every month.
    days = list(range(28, day + 1))
    return Recurrence(first, rule | {"bymonthday": days, "bysetpos": -1} | _one_a_month(rule))


def _one_a_month(rule: Rule) -> Rule:
    """In a yearly rule BYSETPOS would choose one day a year: its months are told monthly."""
    return {"freq": "MONTHLY"} if rule["freq"] == "YEARLY" else {}


def _weekly(year: int, sign: str) -> Recurrence:
    weekday = _WEEKDAYS[sign]
    start = date(year, 1, 1)
    first = start + timedelta(days=(weekday - start.weekday()) % 7)
    return Recurrence(first, {"freq": "WEEKLY", "byday": _CODES[weekday]})
