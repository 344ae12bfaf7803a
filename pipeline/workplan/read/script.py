"""The view of a text: simplified script and half-width forms, one character for one."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

_FULL_WIDTH_MARKS = "％＋－．／＝＜＞＆＃＠＊＿｜"
"""Full-width marks that belong to figures and names; ，：；？！（） are text and stay."""

_KEPT = frozenset(("No", "Nl", "Po", "Ps", "Pe", "Pi", "Pf", "Pd", "Sk"))
"""Categories that stay as they are: ① and Ⅲ are list marks, “．” aside punctuation is text."""

_RADICALS = dict(
    zip(
        "⺎⺠⻁⻄⻅⻆⻉⻋⻓⻔⻘⻚⻛⻜⻝⻢⻣⻤⻥⻦⻧⻨⻩⻬⻮⻰",
        "兀民虎西见角贝车长门青页风飞食马骨鬼鱼鸟卤麦黄齐齿龙",
        strict=True,
    )
)
"""Radicals that PDF fonts put for whole characters (人⺠, ⻓期) and that NFKC does not know."""


def fold(text: str) -> str:
    """`text` as labellers see it; the result has the same length, character for character.

    >>> fold("推進醫療衛生，覆蓋率達到８５％")
    '推进医疗卫生，覆盖率达到85%'
    """
    return text.translate(_folded)


def unified(text: str) -> str:
    """`text` with the radicals that PDF fonts put for characters (⼯作) as those characters."""
    return text.translate(_unified)


class _Folding(dict[int, int]):
    """Folds a code point when it is first met."""

    def __missing__(self, code: int) -> int:
        folded = code if code < 0xA0 else ord(_fold_one(chr(code)))
        self[code] = folded
        return folded


_folded = _Folding()
_unified = {ord(radical): ord(char) for radical, char in _RADICALS.items()} | {
    code: ord(unicodedata.normalize("NFKC", chr(code))) for code in range(0x2F00, 0x2FD6)
}


def _fold_one(char: str) -> str:
    if char in _RADICALS:
        return _RADICALS[char]
    if char in _FULL_WIDTH_MARKS or unicodedata.category(char) not in _KEPT:
        plain = unicodedata.normalize("NFKC", char)
        char = plain if len(plain) == 1 else char
    if unicodedata.category(char) != "Lo":
        return char
    simplified = _converter().convert(char)
    return simplified if len(simplified) == 1 else char


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")
