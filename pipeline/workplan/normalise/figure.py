"""A bare figure, stripped of its comparators: number, range, share or multiple, and its unit."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from workplan.normalise.numerals import MULTIPLIERS, NUMERAL_CHARACTERS, read_number
from workplan.normalise.vocabulary import vocabulary


@dataclass(frozen=True, slots=True)
class Figure:
    """`value` is exact, (low, high) for a range. `more` is the 多 or 余 of 100多万."""

    value: Decimal | tuple[Decimal, Decimal]
    unit: str = ""
    more: bool = False
    change: bool = False


def read_figure(text: str) -> Figure | None:
    """The figure that the whole of `text` writes; None where it writes none.

    >>> read_figure("100多万").value, read_figure("100多万").more
    (Decimal('1000000'), True)
    """
    for form in _FORMS:
        figure = form(text)
        if figure is not None:
            return _in_percent(figure) if figure.unit == "成" else figure
    return None


def unit_of(rest: str, *, arabic: bool) -> str | None:
    """What stands behind a numeral as a unit; None where it is none.

    Behind Chinese numerals it must be known: 三医联动 counts nothing.
    """
    if _known(rest):
        return rest.removesuffix("人民币") if rest.endswith("元人民币") else rest
    if not arabic:
        return None
    match = _RATE.fullmatch(rest)
    if match and _known(match.group(1)):
        return rest
    match = vocabulary().unit.match(rest)
    if match is None:
        return rest if _ANY_UNIT.fullmatch(rest) else None
    return match.group() if _ANY_UNIT.fullmatch(rest, match.end()) else None


_N = rf"[{NUMERAL_CHARACTERS}.,点]+"
_RUN = re.compile(rf"-?[{NUMERAL_CHARACTERS}.,点]+")
_HUNDREDTHS = re.compile(rf"(十万|[百千万])分之(-?{_N})")
_FRACTION = re.compile(rf"({_N})分之({_N})")
_SLASHED = re.compile(r"(\d{1,4})/(\d{1,4})")
_INCIDENCE = re.compile(r"(\d+(?:\.\d+)?)(/\d*[十百千万]+(?:人口?)?)")
_RATIO = re.compile(r"(\d+(?:\.\d+)?)([：:]\d+(?:\.\d+)?)")
_TENTHS = re.compile(r"([一二两三四五六七八九十\d])成(半|[一二三四五六七八九])")
_HALF = re.compile(r"一?半|半数|对半")
_DOUBLING = re.compile(rf"翻(?:({_N})?番|一?倍)")
_HALF_UNIT = re.compile(r"半个?(?=.)")
_AND_A_HALF = re.compile(r"(个)?半(.*)|(.+)半")
_APART = re.compile(r"(.+?)(?:以上|以下)[、，至]?(.+?)(?:以下|以内)")
_BETWEEN = re.compile(r"(.+?)(?:[—–―~～]+|--?|至|到)(.+?)(?:之?间)?")
_NEIGHBOURS = re.compile(r"(十)?([一二两三四五六七八九])、?([二三四五六七八九])([十百千万亿]*)(.*)")
_ARABIC_NEIGHBOURS = re.compile(r"([1-9])、([1-9])([万亿]?)(\D*)")
_MORE = re.compile(r"[多余](?P<scale>万亿|万|亿)?")
_LATER_MORE = re.compile(r"(个|年|倍|成|天|小时)多(.*)")
_SHARED_SCALE = re.compile(r"(?:\d+(?:\.\d+)?|[一二两三四五六七八九])([百千万亿]+)")
_ANY_UNIT = re.compile(rf"(?:(?![{NUMERAL_CHARACTERS}几多余来半第每以])[\u4e00-\u9fff]){{1,8}}")
_RATE = re.compile(
    r"([^/·]+)[/·]\d*[十百千万]*[\u4e00-\u9fffA-Za-z³²]{1,4}(?:[/·][\u4e00-\u9fff]{1,2})?"
)

_PER_SHARE = {"百": "%", "千": "‰", "万": "‱", "十万": "/10万"}
# A pair whose ends lie further apart has lost a multiplier on its way (800—1亿元).
_WIDEST_RANGE = 1000
_MOST_DOUBLINGS = 5


def _hundredths(text: str) -> Figure | None:
    """百分之五, 千分之十三, 十万分之十八."""
    match = _HUNDREDTHS.fullmatch(text)
    if match is None:
        return None
    written = match.group(2)
    number = Decimal(100) if written == "百" else read_number(written)
    return None if number is None else Figure(number, _PER_SHARE[match.group(1)])


def _fraction(text: str) -> Figure | None:
    """三分之一 is 33.33 %, as 三成 is 30 %; 2/3 has no unit of its own and is 0.6667."""
    if match := _FRACTION.fullmatch(text):
        below, above = read_number(match.group(1)), read_number(match.group(2))
        unit, scale, places = "%", 100, "0.01"
    elif match := _SLASHED.fullmatch(text):
        above, below = read_number(match.group(1)), read_number(match.group(2))
        unit, scale, places = "", 1, "0.0001"
    else:
        return None
    if above is None or not below or above > below:
        return None
    return Figure((above * scale / below).quantize(Decimal(places), ROUND_HALF_UP), unit)


def _incidence(text: str) -> Figure | None:
    """250/10万 has the unit /10万; 2.6：1 the unit ：1."""
    match = _INCIDENCE.fullmatch(text) or _RATIO.fullmatch(text)
    number = read_number(match.group(1)) if match else None
    return Figure(number, match.group(2)) if match and number is not None else None


def _tenths(text: str) -> Figure | None:
    """一半 is 50 %, 九成五 95 %; 七成 is left to the unit 成."""
    if _HALF.fullmatch(text):
        return Figure(Decimal(50), "%")
    match = _TENTHS.fullmatch(text)
    whole = read_number(match.group(1)) if match else None
    part = "5" if match and match.group(2) == "半" else match.group(2) if match else ""
    tenth = read_number(part)
    return None if whole is None or tenth is None else Figure(whole * 10 + tenth, "%")


def _in_percent(figure: Figure) -> Figure:
    """三至五成 is 30 to 50 %."""
    if isinstance(figure.value, tuple):
        low, high = figure.value
        return replace(figure, value=(low * 10, high * 10), unit="%")
    return replace(figure, value=figure.value * 10, unit="%")


def _doubling(text: str) -> Figure | None:
    """翻番, 翻一番 and 翻倍 are 2 倍 of what was, 翻两番 4 倍."""
    match = _DOUBLING.fullmatch(text)
    if match is None:
        return None
    times = read_number(match.group(1)) if match.group(1) else Decimal(1)
    if times is None or times not in range(1, _MOST_DOUBLINGS + 1):
        return None
    return Figure(Decimal(2) ** int(times), "倍", change=True)


def _half_unit(text: str) -> Figure | None:
    """半年 is 0.5 年, 半个月 0.5 个月."""
    match = _HALF_UNIT.match(text)
    if match is None:
        return None
    unit = ("个" if match.group().endswith("个") else "") + text[match.end() :]
    return Figure(Decimal("0.5"), unit) if unit and _known(unit) else None


def _bounds(text: str) -> Figure | None:
    """5万元以上10万元以下."""
    match = _APART.fullmatch(text)
    return _range(match.group(1), match.group(2)) if match else None


def _between(text: str) -> Figure | None:
    """3—5个, 三到五个, 10%-15%, 1亿至2亿元."""
    if match := _ARABIC_NEIGHBOURS.fullmatch(text):
        first, second, scale, unit = match.groups()
        adjacent = int(second) == int(first) + 1
        return _range(first + scale, second + scale + unit) if adjacent else None
    match = _BETWEEN.fullmatch(text)
    return _range(match.group(1), match.group(2)) if match else None


def _neighbours(text: str) -> Figure | None:
    """三四个 is three to four, 三五个 three to five, 七八十家 seventy to eighty."""
    match = _NEIGHBOURS.fullmatch(text)
    if match is None:
        return None
    ten, first, second, scale, unit = match.groups()
    ends = [read_number((ten or "") + digit + scale) for digit in (first, second)]
    if None in ends or not _known(unit):
        return None
    low, high = read_number(first), read_number(second)
    step = high - low if low is not None and high is not None else 0
    pair = step == 1 or (first, second) == ("三", "五")
    return Figure((ends[0], ends[1]), unit) if pair and ends[0] and ends[1] else None


def _range(low: str, high: str) -> Figure | None:
    below, above = _single(low), _single(high)
    if below is None or above is None:
        percent = low.startswith("百分之") and re.fullmatch(_N, high)
        below, above = _hundredths(low), _hundredths("百分之" + high if percent else high)
    if below is None or above is None or below.unit not in ("", above.unit):
        return None
    if isinstance(below.value, tuple) or isinstance(above.value, tuple):
        return None
    start, end = below.value, above.value
    scale = _SHARED_SCALE.match(high)
    if scale and not any(c in MULTIPLIERS for c in low) and below.unit == "":
        widened = start
        for character in scale.group(1):
            widened *= MULTIPLIERS[character]
        start = widened if widened <= end else start
    if start >= end or (start > 0 and end / start > _WIDEST_RANGE):
        return None
    return Figure((start, end), above.unit, change=above.change)


def _single(text: str) -> Figure | None:
    """One number with its unit: the longest numeral that leaves a known unit, or none."""
    run = _RUN.match(text)
    if run is None:
        return None
    for end in range(run.end(), 0, -1):
        number = read_number(text[:end])
        if number is None:
            continue
        if end > 1 and vocabulary().scaled_unit.match(text, end - 1):
            shorter = read_number(text[: end - 1])
            if shorter is not None:
                return _with_unit(shorter, text[end - 1 :], text[0])
        return _with_unit(number, text[end:], text[0])
    return None


def _with_unit(number: Decimal, rest: str, first: str) -> Figure | None:
    """The unit behind the numeral, past a 多 or 余 and the multiplier that may follow it."""
    more = False
    if match := _MORE.match(rest):
        more, rest = True, rest[match.end() :].removeprefix("多").removeprefix("余")
        for character in match.group("scale") or "":
            number *= MULTIPLIERS[character]
    elif match := _LATER_MORE.fullmatch(rest):
        more, rest = True, match.group(1) + match.group(2)
    if (match := _AND_A_HALF.fullmatch(rest)) and not _known(rest):
        number += Decimal("0.5")
        rest = (match.group(1) or "") + (match.group(2) or match.group(3) or "")
    unit = unit_of(rest, arabic=first.isascii())
    if unit is None:
        return None
    return Figure(number, unit, more, change=unit.endswith("百分点"))


def _known(unit: str) -> bool:
    return unit == "" or vocabulary().unit.fullmatch(unit) is not None


_FORMS: tuple[Callable[[str], Figure | None], ...] = (
    _hundredths,
    _fraction,
    _incidence,
    _tenths,
    _doubling,
    _bounds,
    _between,
    _neighbours,
    _single,
    _half_unit,
)
