"""A sheet's row as XML: XlsxWriter, cell by cell, is most of what writing costs.

The text is what XlsxWriter would write, but for a cell that reads like its own markup for text in
parts (<r>…</r>): that it would take over unescaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from xlsxwriter.utility import xl_col_to_name

from workplan.write.cells import LONGEST, plain, shown_as
from workplan.write.table import Cell

NUMBER = "\0"
"""Stands for the row's number, counted from 1, until its place is known. No cell can hold it."""

_DEFAULT_HEIGHT = 20
"""Pixels of a row that says nothing of its height."""
_EPOCH = date(1899, 12, 31).toordinal()
_LEAP_DAY = 60
"""The day that 1900 has in spreadsheets alone."""
_SIGNS = re.compile(r"[&<>_\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Without one of these a text stands in XML as it is."""
_ESCAPE = re.compile("(_x[0-9a-fA-F]{4}_)")


@lru_cache(maxsize=1024)
def row_frame(height: float, styles: tuple[int, ...]) -> str:
    """A row `height` points high, from the first column on, with a %s for each cell's content;
    `styles` are the cells', by their numbers in the workbook."""
    pixels = int(height * 4 / 3 + 0.5)
    tall = "" if pixels == _DEFAULT_HEIGHT else f' ht="{pixels * 0.75:.16g}" customHeight="1"'
    cells = "".join(
        f'<c r="{xl_col_to_name(column)}{NUMBER}" s="{style}"%s'
        for column, style in enumerate(styles)
    )
    return f'<row r="{NUMBER}"{tall}>{cells}</row>'


def contents_of(values: Iterable[Cell]) -> tuple[str, ...]:
    """What fills a frame: how each cell's mark goes on after its place and style."""
    return tuple(
        ["/>" if v is None else _text(v) if isinstance(v, str) else _figure(v) for v in values]
    )


def _figure(value: int | float | date) -> str:
    """How the mark of a number's or a date's cell goes on."""
    shown = shown_as(value)
    if isinstance(shown, int):
        return f"><v>{shown:d}</v></c>"
    if isinstance(shown, float):
        return f"><v>{shown:.16G}</v></c>"
    return f"><v>{_serial(shown)}</v></c>" if isinstance(shown, date) else _text(str(shown))


@lru_cache(maxsize=1024)  # rows of one plan share many texts
def _text(value: str) -> str:
    """How the mark of a cell of text goes on."""
    keep = ""
    if _SIGNS.search(value) or 2 * len(value) > LONGEST:
        value = _ESCAPE.sub(r"_x005F\1", plain(value))
        value = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if not value:
        return "/>"
    if value[0].isspace() or value[-1].isspace():
        keep = ' xml:space="preserve"'
    return f' t="inlineStr"><is><t{keep}>{value}</t></is></c>'


def _serial(day: date) -> int:
    """The day's number in a spreadsheet."""
    days = day.toordinal() - _EPOCH
    return days + (days >= _LEAP_DAY)
