"""Numerals to exact numbers: Arabic, Chinese and the two mixed (3.5万, 一百零八, 169万7千8百).

A numeral is read whole or not at all: whoever passes a damaged one ("1,23", "3.5.2") gets None.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
MULTIPLIERS = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
NUMERAL_CHARACTERS = "".join(DIGITS) + "".join(MULTIPLIERS) + "0123456789"

# Forms of the same characters: cheques, traditional script.
_VARIANTS = str.maketrans(
    "壹贰貳叁參肆伍陆陸柒捌玖拾佰仟萬億兩點", "一二二三三四五六六七八九十百千万亿两点"
)

_LITERAL = re.compile(
    r"""
    (?P<arabic> \d{1,3}(?:,\d{3})+ (?:\.\d+)? | \d+ (?:\.\d+)? )
    | (?P<digit> [零〇○一二两三四五六七八九] )
    | (?P<multiplier> [十百千万亿] )
    """,
    re.VERBOSE,
)
_CHINESE_DECIMAL = re.compile(
    r"([零〇一二两三四五六七八九十百千万亿]+)点([零〇一二三四五六七八九]+)([万亿]{0,2})"
)
_POSITIONAL = re.compile(r"[零〇○一二三四五六七八九]{2,}")


_Tokens = list[tuple[str, Decimal]]
"""Pairs of kind (arabic, digit or multiplier) and value."""


def fold_width(text: str) -> str:
    """Full-width letters, digits and signs to half-width, one character for one."""
    return "".join(_half(c) for c in text)


def read_number(text: str) -> Decimal | None:
    """The number that the whole of `text` writes, exactly; None where it writes none.

    >>> read_number("169万7千8百"), read_number("一万二"), read_number("二〇二五")
    (Decimal('1697800'), Decimal('12000'), Decimal('2025'))
    >>> read_number("1,23"), read_number("万家"), read_number("1万2")
    (None, None, None)
    """
    text = text.translate(_VARIANTS)
    if text[:1] in ("-", "−", "－"):
        positive = read_number(text[1:]) if text[1:2].isdigit() else None
        return None if positive is None else -positive
    if match := _CHINESE_DECIMAL.fullmatch(text):
        return _chinese_decimal(*match.groups())
    if _POSITIONAL.fullmatch(text):
        return _positional(text)
    tokens = _tokens(text)
    return None if not tokens else _evaluate(tokens)


def plain(number: Decimal) -> int | float:
    """An int where the number is whole, else the nearest float."""
    return int(number) if number == number.to_integral_value() else float(number)


def _half(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character)
    # Chinese punctuation folds to ASCII too; the plans' own is kept.
    keep = character in "，。；：（）！？" or len(folded) != 1
    return character if keep else folded


def _tokens(text: str) -> _Tokens | None:
    """Kind and value of every part of the numeral; None where a part is none."""
    tokens: _Tokens = []
    position = 0
    while position < len(text):
        match = _LITERAL.match(text, position)
        if match is None:
            return None
        part = match.group()
        if match.lastgroup == "arabic":
            # 007 and 0012 are damage or codes, and so is a literal that touches another one.
            if re.match(r"0\d", part) or (tokens and tokens[-1][0] in ("arabic", "digit")):
                return None
            tokens.append(("arabic", Decimal(part.replace(",", ""))))
        elif match.lastgroup == "digit":
            tokens.append(("digit", Decimal(DIGITS[part])))
        else:
            tokens.append(("multiplier", Decimal(MULTIPLIERS[part])))
        position = match.end()
    return tokens


def _positional(text: str) -> Decimal | None:
    """二〇二五 is 2025. 三五 is not 35 but "three to five", so short ones want a zero."""
    if len(text) >= 4 or (len(text) == 3 and any(c in "零〇○" for c in text[1:])):
        digits = "".join(str(DIGITS[c]) for c in text)
        return None if digits[0] == "0" else Decimal(digits)
    return None


def _chinese_decimal(whole: str, fraction: str, scale: str) -> Decimal | None:
    integer = read_number(whole)
    if integer is None:
        return None
    number = integer + Decimal("0." + "".join(str(DIGITS[c]) for c in fraction))
    for character in scale:
        number *= MULTIPLIERS[character]
    return number


def _evaluate(
    tokens: _Tokens, *, above: Decimal | None = None, ends: bool = True
) -> Decimal | None:
    """The number of `tokens`: what its largest multiplier counts, and what follows that.

    `above` is the multiplier that `tokens` follow, None at the numeral's start; `ends` is false
    where another multiplier comes after them.
    """
    scales = [value for kind, value in tokens if kind == "multiplier"]
    if not scales:
        return tokens[0][1] if len(tokens) == 1 else None
    scale = max(scales)
    at = tokens.index(("multiplier", scale))
    count = _count(tokens[:at], scale, above)
    rest = _rest(tokens[at + 1 :], scale, ends=ends)
    if count is None or rest is None or (above is not None and count * scale + rest >= above):
        return None
    # 3.5万2千 and 百五 are no numerals: a fraction or a bare multiplier takes nothing after it.
    alone = count != count.to_integral_value() or (at == 0 and scale > 10)
    return None if alone and tokens[at + 1 :] else count * scale + rest


def _count(tokens: _Tokens, scale: Decimal, above: Decimal | None) -> Decimal | None:
    """How many of `scale`. A bare 万亿 or 百 counts one, and so does 十 anywhere (一百十五)."""
    if not tokens:
        return Decimal(1) if above is None or scale == 10 else None
    if scale < 10**4 and (len(tokens) > 1 or tokens[0][0] == "multiplier"):
        return None
    count = _evaluate(tokens, ends=False)
    # 零亿 is damage; 12千 may start a numeral, but below 万 one digit stands before 千.
    if count is None or count <= 0 or (above is not None and scale < 10**4 and count >= 10):
        return None
    return count


def _rest(tokens: _Tokens, scale: Decimal, *, ends: bool) -> Decimal | None:
    """What follows the multiplier `scale`: 一百[零八], 一万[二], 3万[5000]."""
    zero = bool(tokens) and tokens[0] == ("digit", Decimal(0))
    if zero:
        tokens = tokens[1:]
    if not tokens:
        return None if zero else Decimal(0)
    if len(tokens) > 1 or tokens[0][0] == "multiplier":
        return _evaluate(tokens, above=scale, ends=ends and not zero)
    kind, value = tokens[0]
    if kind == "arabic":
        # Arabic digits must fill the places below: 3万5000; 1万2 could be 10002 or 12000.
        return value if scale > value and 10 * value >= scale and not zero else None
    if value == 0 or scale == 10 or zero:
        return value if value else None
    # 一万二 is 12000 and 两百五 is 250, but only where nothing follows.
    return value * scale / 10 if ends else None
