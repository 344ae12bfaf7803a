"""A stretch of days that a phrase names: a year, quarter, month, day, festival, five-year plan."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from workplan.normalise import festival
from workplan.normalise.numerals import read_number


@dataclass(frozen=True, slots=True)
class Period:
    """From `first` to `last`, both included. `grain` is the size of the unit that was named."""

    first: date
    last: date
    grain: str
    """plan, year, half, quarter, month, third (旬), day or festival."""
    dated: bool = True
    """Whether the text itself says the year (2021年, 今年); else it was taken from outside."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a phrase that looks like a date names no days."""

    reason: str


@lru_cache(maxsize=1024)
def read_period(text: str, year: int | None) -> Period | Problem | None:
    """The days of `text`, against the plan's `year` where it names none itself.

    None where `text` is no date at all. Half-width forms are expected, quotes taken out.

    >>> read_period("三季度", 2021).last.isoformat()
    '2021-09-30'
    >>> read_period("2月30日", 2021)
    Problem(reason='2月没有30日')
    """
    for form in (_five_year_plan, _full_date):
        period = form(text)
        if period is not None:
            return period
    return _dated(text, year)


_CHINESE_DIGITS = "〇零○一二三四五六七八九"
_YEAR = re.compile(rf"(?P<year>\d{{4}}|[{_CHINESE_DIGITS}0]{{4}})年度?年?|(?P<bare>20[0-5]\d)$")
_RELATIVE = re.compile(
    r"(?P<word>本年|今年|当年|全年|新的一年|明年|次年|翌年|来年|后年|去年|上年|前年)度?年?"
)
_OFFSETS = {
    "明年": 1,
    "次年": 1,
    "翌年": 1,
    "来年": 1,
    "后年": 2,
    "去年": -1,
    "上年": -1,
    "前年": -2,
}
_PLAN = re.compile(
    r"(?P<name>[一二三六七八九]五|十[一二三四五六]?五|四五|五五|十五)(?:规划|计划)?(?:期|时期|期间)?"
    r"(?:(?P<side>前|后|头)(?P<count>[一两二三四])年)?"
)
_ORDINALS = {"": 0, "一": 1, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9}
_FULL = re.compile(r"(?P<y>\d{4})(?P<mark>[-/.])(?P<m>\d{1,2})(?:(?P=mark)(?P<d>\d{1,2}))?")
_COMPACT = re.compile(r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)")
_NUMBER = r"\d{1,4}|[一二三四五六七八九十]{1,3}"
_MONTH = re.compile(
    rf"(?P<month>{_NUMBER})月份?(?:(?P<third>[上中下])旬|(?P<day>{_NUMBER})[日号])?"
)
_LUNAR = re.compile(
    r"农历(?P<month>正|冬|腊|[一二三四五六七八九十]{1,2})月(?P<day>初?[一二三四五六七八九十]|[十廿二三][一二三四五六七八九十]十?[一二三四五六七八九]?)日?"
)
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_QUARTERS = re.compile(r"第?(?P<first>[一二三四1-4])(?:、第?(?P<second>[一二三四1-4]))?季度")
_FIRST_QUARTERS = re.compile(r"前(?P<count>[两二三])个?季度")
_HALF = re.compile(r"(?P<half>[上下前后])半年")
_THIRDS = {"上": (1, 10), "中": (11, 20), "下": (21, 31)}
_EARLIEST, _LATEST = 1949, 2100


def _five_year_plan(text: str) -> Period | None:
    """十四五 is 2021 to 2025, 十五 2001 to 2005, 十五五 2026 to 2030."""
    match = _PLAN.fullmatch(text)
    if match is None:
        return None
    name = match.group("name")
    number = (10 if name[0] == "十" else 0) + _ORDINALS[name[:-1].removeprefix("十")]
    # The first two plans ran from 1953 to 1962; after three years' pause the third began.
    start = 1953 + 5 * (number - 1) if number < 3 else 1966 + 5 * (number - 3)
    first, last = start, start + 4
    if match.group("side"):
        count = {"两": 2}.get(match.group("count")) or _ORDINALS[match.group("count")]
        first, last = (
            (last - count + 1, last) if match.group("side") == "后" else (first, first + count - 1)
        )
    return Period(date(first, 1, 1), date(last, 12, 31), "plan")


def _full_date(text: str) -> Period | Problem | None:
    """2021-06-30, 2021.6, 20210630."""
    match = _FULL.fullmatch(text) or _COMPACT.fullmatch(text)
    if match is None:
        return None
    year = _plausible(int(match.group("y")))
    if isinstance(year, Problem):
        return year
    day = int(match.group("d")) if match.group("d") else None
    return _month(year, int(match.group("m")), None, day, dated=True)


def _dated(text: str, year: int | None) -> Period | Problem | None:
    """A year and what follows it, or what falls in the plan's year."""
    dated = True
    if match := _YEAR.match(text):
        digits = match.group("year") or match.group("bare")
        found = int(digits) if digits.isdecimal() else _chinese_year(digits)
        year, rest = found, text[match.end() :]
    elif match := _RELATIVE.match(text):
        rest = text[match.end() :]
        if year is not None:
            year += _OFFSETS.get(match.group("word"), 0)
        elif rest == "" or _within(rest, 2000) is not None:
            return Problem(f"计划年份不明，“{match.group('word')}”无法换算")
    else:
        dated, rest = False, text
        if text in ("年", "年度"):
            rest = ""
        elif text == "":
            return None
    if year is None:
        shape = (
            Period(date(2000, 1, 1), date(2000, 12, 31), "year")
            if rest == ""
            else _within(rest, 2000)
        )
        return shape if shape is None or isinstance(shape, Problem) else Problem("缺少年份")
    checked = _plausible(year)
    if isinstance(checked, Problem):
        return checked
    if rest == "":
        return Period(date(year, 1, 1), date(year, 12, 31), "year", dated)
    period = _within(rest, year)
    if isinstance(period, Period):
        return Period(period.first, period.last, period.grain, dated)
    return period


def _within(text: str, year: int) -> Period | Problem | None:
    """A part of `year`: half, quarter, month, third of a month, day, festival."""
    if match := _HALF.fullmatch(text):
        first, last = (1, 6) if match.group("half") in "上前" else (7, 12)
        return _months(year, first, last, "half")
    if match := _FIRST_QUARTERS.fullmatch(text):
        return _months(year, 1, 9 if match.group("count") == "三" else 6, "quarter")
    if match := _QUARTERS.fullmatch(text):
        first = _small(match.group("first"))
        last = _small(match.group("second") or match.group("first"))
        if last < first:
            return Problem("季度先后颠倒")
        return _months(year, 3 * first - 2, 3 * last, "quarter")
    if match := _MONTH.fullmatch(text):
        day = _small(match.group("day")) if match.group("day") else None
        return _month(year, _small(match.group("month")), match.group("third"), day, dated=False)
    return _festival(text, year)


def _festival(text: str, year: int) -> Period | Problem | None:
    if match := _LUNAR.fullmatch(text):
        month = _LUNAR_MONTHS.get(match.group("month")) or _small(match.group("month"))
        if month > 10:
            return Problem("农历岁末跨公历两年")
        day = festival.lunar_day(
            year, month, _small(match.group("day").strip("初").replace("廿", "二十"))
        )
        return Period(day, day, "day") if day else Problem("农历没有这一天")
    for name in festival.names():
        if text == name or text == f"{name}节" or text == f"{name}假期":
            day = festival.day_of(name, year)
            return Period(day, day, "festival") if day else Problem("节日年份超出历表")
    return None


def _month(
    year: int, month: int, third: str | None, day: int | None, *, dated: bool
) -> Period | Problem:
    if not 1 <= month <= 12:
        return Problem(f"没有{month}月")
    length = calendar.monthrange(year, month)[1]
    if day is not None:
        if not 1 <= day <= length:
            return Problem(f"{f'{year}年' if day == 29 else ''}{month}月没有{day}日")
        return Period(date(year, month, day), date(year, month, day), "day", dated)
    first, last = _THIRDS[third] if third else (1, length)
    grain = "third" if third else "month"
    return Period(date(year, month, first), date(year, month, min(last, length)), grain, dated)


def _months(year: int, first: int, last: int, grain: str) -> Period:
    return Period(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]), grain)


def _plausible(year: int) -> int | Problem:
    if _EARLIEST <= year <= _LATEST:
        return year
    return Problem(f"{year}年不合常理")


def _chinese_year(digits: str) -> int:
    values = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}
    return int("".join(values.get(c, c) for c in digits))


def _small(numeral: str) -> int:
    """A month, day or quarter; 0, which is none, where the numeral is not one."""
    if numeral.isdecimal():
        return int(numeral)
    number = read_number(numeral)
    return 0 if number is None else int(number)
