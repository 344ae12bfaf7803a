"""Cells that a spreadsheet shows as they are: text that stays text, and room for it to stand."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

from workplan.write.table import Cell

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

LONGEST = 32_767
"""Characters that a cell may hold; Excel calls a longer one damage."""
LINE = 14.5
"""Height of one line of 10-point text, in points."""
TALLEST = 409.0
"""Points that a row may be high."""

_CUT = "…（未完，全文见 tasks.jsonl）"
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_SHEET_SIGNS = re.compile(r"[\[\]:*?/\\\x00-\x1f]")


def plain(text: str) -> str:
    """`text` without characters that XML cannot hold, cut to what a cell holds."""
    text = _UNPRINTABLE.sub("", text.replace("\r\n", "\n"))
    # Excel counts in UTF-16: a rare character outside the basic plane counts twice.
    if len(text) * 2 <= LONGEST or len(text.encode("utf-16-le")) // 2 <= LONGEST:
        return text
    room = (LONGEST - len(_CUT)) * 2
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + _CUT


def shown_as(value: Cell) -> Cell:
    """What a cell can hold of `value`; None: it stays empty.

    Beyond fifteen digits and before 1900 a cell would show another value than the plan's: there it
    holds text.
    """
    if isinstance(value, int | float):
        return value if abs(value) < 1e15 else str(value)
    if isinstance(value, str):
        return plain(value) or None
    if isinstance(value, date):
        return value if value.year >= 1900 else str(value)
    return value


def put(sheet: Worksheet, row: int, column: int, value: Cell, style: Format) -> None:
    """Write one cell by its type; nothing is ever read as a formula, a link or a number in text."""
    shown = shown_as(value)
    if shown is None:
        sheet.write_blank(row, column, None, style)
    elif isinstance(shown, str):
        sheet.write_string(row, column, shown, style)
    elif isinstance(shown, date):
        sheet.write_datetime(row, column, shown, style)
    else:
        sheet.write_number(row, column, shown, style)


@lru_cache(maxsize=1024)  # rows of one task share their texts
def lines_needed(text: str, width: float) -> int:
    """Lines that `text` takes in a column `width` half-width characters wide."""
    room = max(1.0, width - 1)
    if "\n" in text:
        return sum(max(1, math.ceil(breadth(line) / room)) for line in text.split("\n"))
    return 1 if 2 * len(text) <= room else math.ceil(breadth(text) / room)


def breadth(text: str) -> int:
    """The text's width in half-width characters: a Chinese one counts two."""
    return sum(map(_BREADTHS.__getitem__, text))


def sheet_name(title: str, taken: set[str]) -> str:
    """A sheet's name from a title: at most 31 characters, no forbidden sign, never twice.

    `taken` holds the lower-case names in use and gets the new one.
    """
    # Excel keeps "History" for itself and bars a quote at either end.
    clean = _SHEET_SIGNS.sub(" ", plain(title)).strip().strip("'").strip()
    if not clean or clean.lower() == "history":
        clean = "任务分解表"
    name, number = _cut(clean, 31), 1
    while name.lower() in taken:
        number += 1
        tail = f" ({number})"
        name = _cut(clean, 31 - len(tail)) + tail
    taken.add(name.lower())
    return name


class _Breadths(dict[str, int]):
    """A character's breadth, found out once for each that is asked for."""

    def __missing__(self, sign: str) -> int:
        self[sign] = 2 if unicodedata.east_asian_width(sign) in "WFA" else 1
        return self[sign]


_BREADTHS = _Breadths()


def _cut(text: str, length: int) -> str:
    """The first `length` UTF-16 units of `text`, with no quote or blank at the new end."""
    return text.encode("utf-16-le")[: length * 2].decode("utf-16-le", "ignore").rstrip("' ")
