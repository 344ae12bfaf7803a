"""Dates as documents carry them: under a signature, on an information card, in a page's head."""

from __future__ import annotations

import re
from datetime import date

_DIGITS = str.maketrans("〇○零一二三四五六七八九OoＯ", "000123456789000")
_NUMERAL = "0-9〇○零一二三四五六七八九十OoＯ"
_LAST = frozenset("〇○零一二三四五六七八九十OoＯ日)）印发")
_DATE = re.compile(
    rf"(?P<year>(?:19|20)\d\d|[一二][{_NUMERAL}]{{3}})\s*[年./-]\s*"
    rf"(?P<month>[{_NUMERAL}]{{1,3}})\s*[月./-]\s*(?P<day>[{_NUMERAL}]{{1,3}})(?!\d)\s*日?"
)
_ALONE = re.compile(
    rf"[(（]?(?:{_DATE.pattern})(?:\s*\d{{1,2}}[:：]\d\d(?:[:：]\d\d)?)?\s*[)）]?(?:印发?)?"
)
_DAMAGED = re.compile(rf"[(（]?\s*(?=[^日]*\d)[{_NUMERAL}年月\s]{{4,16}}日\s*[)）]?")


def find_date(view: str) -> str | None:
    """The first date in `view` that a calendar has, in ISO form.

    >>> find_date("2021-03-30 09:52"), find_date("二〇二一年三月二十九日"), find_date("2021329日")
    ('2021-03-30', '2021-03-29', None)
    """
    for match in _DATE.finditer(view):
        if found := _iso(match):
            return found
    return None


def ends_like_date(view: str) -> bool:
    """Whether a line ends as one may that ends in a date; others need no closer look."""
    last = view.rstrip()[-1:]
    return last in _LAST or last.isdecimal()


def is_date_line(view: str) -> bool:
    """Whether a line is nothing but a date, as under a signature."""
    match = _ALONE.fullmatch(view.strip())
    return match is not None and _iso(match) is not None


def is_damaged_date(view: str) -> bool:
    """Whether a line was a date before marks or digits of it were lost (2021329日)."""
    return _DAMAGED.fullmatch(view.strip()) is not None and not is_date_line(view)


def _iso(match: re.Match[str]) -> str | None:
    try:
        year, month, day = (_whole(match[part]) for part in ("year", "month", "day"))
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _whole(numeral: str) -> int:
    """The value of digits, Chinese digits one by one (二〇二一) or a numeral below 100 (二十九)."""
    if "十" in numeral:
        tens, _, ones = numeral.partition("十")
        return 10 * (_whole(tens) if tens else 1) + (_whole(ones) if ones else 0)
    return int(numeral.translate(_DIGITS))
