"""Numerals to exact numbers: Arabic, Chinese and the two mixed (3.5万, 一百零八, 169万7千8百).

A numeral is read whole or not at all, and only in a form that writers use: what is damaged
("1,23", "3.5.2") or could be two numbers ("1万2", "五亿九千") is None.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
MULTIPLIERS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
NUMERAL_CHARACTERS = "".join(DIGITS) + "".join(MULTIPLIERS) + "0123456789"

VARIANTS = str.maketrans("壹贰貳叁肆伍陆陸柒捌玖拾佰仟萬億兩", "一二二三四五六六七八九十百千万亿两")
"""Other forms of the numerals, as on cheques and in traditional script."""


def fold_width(text: str) -> str:
    """Full-width letters, digits and signs to half-width, one character for one."""
    return text.translate(_WIDTHS) if _MAY_FOLD.search(text) else text


def read_number(text: str) -> Decimal | None:
    """The number that the whole of `text` writes, exactly; None where it writes none.

    >>> read_number("169万7千8百"), read_number("一万二"), read_number("二〇二五")
    (Decimal('1697800'), Decimal('12000'), Decimal('2025'))
    >>> read_number("1,23"), read_number("万家"), read_number("1万2")
    (None, None, None)
    """
    text = text.translate(VARIANTS)
    if text[:1] in ("-", "−"):
        positive = read_number(text[1:]) if text[1:2].isdigit() else None
        return None if positive is None else -positive
    if not text.isascii() and not any("0" <= c <= "9" for c in text):
        return _bare(text) or _chinese_decimal(text) or _positional(text) or _chinese(text)
    scaled = _scaled(text)
    return _stepped(text) if scaled is None else scaled


def plain(number: Decimal) -> int | float:
    """An int where the number is whole, else the nearest float."""
    return int(number) if number == number.to_integral_value() else float(number)


_LITERAL = r"(?:[1-9]\d{0,2}(?:,\d{3})+|0|[1-9]\d*)(?:\.\d+)?"
_SCALED = re.compile(rf"(?P<literal>{_LITERAL})(?P<small>[百千])?(?P<large>万亿|万|亿)?", re.ASCII)
_SECTION = r"\d{1,4}|(?=\d[千百])(?:[1-9]千)?(?:[1-9]百)?(?:[1-9]十[1-9]?)?"
_STEPPED = re.compile(
    rf"(?:(?P<yi>{_SECTION})亿)?(?:(?P<wan>{_SECTION})万)?(?P<rest>{_SECTION})?", re.ASCII
)
_BARE = re.compile(r"[十百千]?(?:万亿|万|亿)|[百千]")
_DECIMAL = re.compile(
    r"(?P<whole>[零一二两三四五六七八九十百千]+)点(?P<fraction>[零〇一二三四五六七八九]+)"
    r"(?P<scale>万亿|万|亿)?"
)
_POSITIONAL = re.compile(r"[一二三四五六七八九][零〇○一二三四五六七八九]+")


class _Widths(dict[int, int]):
    """Code point to code point, found out once for each that is asked for."""

    def __missing__(self, code: int) -> int:
        folded = unicodedata.normalize("NFKC", chr(code))
        # Chinese punctuation folds to ASCII too; the plans' own is kept.
        keep = chr(code) in "，。；：（）！？" or len(folded) != 1
        self[code] = code if keep else ord(folded)
        return self[code]


_WIDTHS = _Widths()
_MAY_FOLD = re.compile(r"[^\x00-\x7f一-鿿、。《》（），：；！？“”‘’·—…【】〔〕]")
"""What is not surely itself already: to look for it is quicker than to translate."""


def _scale(names: str | None) -> int:
    product = 1
    for name in names or "":
        product *= MULTIPLIERS[name]
    return product


def _scaled(text: str) -> Decimal | None:
    """3.5万, 1,250, 2千万. 12千 and 1.2百 are no forms in use and more likely cut short."""
    match = _SCALED.fullmatch(text)
    if match is None:
        return None
    number = Decimal(match.group("literal").replace(",", ""))
    small, large = match.group("small"), match.group("large")
    whole = number == number.to_integral_value()
    if (small and not (1 <= number < 10 and (large or whole))) or (large and not number):
        return None
    return number * _scale(small) * _scale(large)


def _stepped(text: str) -> Decimal | None:
    """169万7千8百, 3万5000, 12亿3456万7890. 3亿5千 may be 3.5亿 and is not read."""
    match = _STEPPED.fullmatch(text)
    if match is None or not text:
        return None
    yi, wan, rest = match.group("yi"), match.group("wan"), match.group("rest")
    if rest and ((yi and not wan) or (wan and rest.isdigit() and len(rest) < 4) or text.isdigit()):
        return None
    parts = [(yi, 10**8), (wan, 10**4), (rest, 1)]
    if any(part and part.isdigit() and part[0] == "0" for part in (yi, wan)):
        return None
    return Decimal(sum(_section(part) * unit for part, unit in parts if part))


def _section(text: str) -> int:
    """A number below 10,000: 7千8百, 3456."""
    if text.isdigit():
        return int(text)
    steps = re.findall(r"(\d)([千百十]?)", text)
    return sum(int(digit) * _scale(name) for digit, name in steps)


def _bare(text: str) -> Decimal | None:
    """百, 千万, 万亿: one of them."""
    return Decimal(_scale(text)) if _BARE.fullmatch(text) else None


def _chinese_decimal(text: str) -> Decimal | None:
    match = _DECIMAL.fullmatch(text)
    whole = _chinese(match.group("whole")) if match else None
    if match is None or whole is None:
        return None
    fraction = "".join(str(DIGITS[c]) for c in match.group("fraction"))
    return (whole + Decimal(f"0.{fraction}")) * _scale(match.group("scale"))


def _positional(text: str) -> Decimal | None:
    """二〇二五 is 2025. 三五 is not 35 but "three to five", so short ones want a zero."""
    if _POSITIONAL.fullmatch(text) is None or len(text) < 3:
        return None
    if len(text) == 3 and not any(c in "零〇○" for c in text):
        return None
    return Decimal("".join(str(DIGITS[c]) for c in text))


def _chinese(text: str) -> Decimal | None:
    """一百零八, 一万二: what the characters add up to, if that is how one writes the sum."""
    if len(text) > 1 and text.endswith("两"):
        return None
    text = text.replace("两", "二").replace("〇", "零").replace("○", "零")
    number = _sum(text)
    if number is None or number >= 10**16:
        return None
    full = _ONE_TEN.sub("一十", text)
    written = _written(number)
    return Decimal(number) if full in (written, _clipped(written)) else None


_ONE_TEN = re.compile(r"(?<![一二三四五六七八九])十")


def _sum(text: str) -> int | None:
    for name in "亿万千百十":
        if name not in text:
            continue
        left, right = text.split(name, 1)
        count = _sum(left) if left else 1
        rest = _sum(right.lstrip("零")) if right else 0
        if count is None or rest is None:
            return None
        scale = MULTIPLIERS[name]
        # 三亿五 is 350 million; 三百亿五 could be many things.
        clipped = len(right) == 1 and scale > 10 and (scale < 10**8 or count < 100)
        return count * scale + (rest * scale // 10 if clipped else rest)
    return DIGITS.get(text)


def _clipped(written: str) -> str:
    """一万二千 as 一万二, 三亿五千万 as 三亿五: the last multiplier may go without saying."""
    return re.sub(r"(?<=[百千万亿][一二三四五六七八九])(?:千万|[千百十])$", "", written)


def _written(number: int) -> str:
    """`number` in Chinese numerals, in full: 12000 is 一万二千, 1008 一千零八."""
    for scale, name in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= scale:
            count, rest = divmod(number, scale)
            gap = "零" if 0 < rest < scale // 10 else ""
            return _written(count) + name + gap + (_written(rest) if rest else "")
    return "零一二三四五六七八九"[number]
