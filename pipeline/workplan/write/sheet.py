"""A worksheet that takes whole rows: XlsxWriter, cell by cell, is most of what writing costs.

A row's bytes are those that XlsxWriter would write, but for text that reads like its own markup
for a cell in parts (<r>…</r>): that it would take over unescaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet

from workplan.write.cells import plain, shown_as
from workplan.write.table import Cell

if TYPE_CHECKING:
    from xlsxwriter.format import Format

COLUMN_LIMIT = 16_384
"""Columns that a sheet may have."""


class PlainSheet(Worksheet):
    """A sheet of a workbook in constant memory."""

    def put_row(self, row: int, height: float, cells: Iterable[tuple[Cell, Format]]) -> None:
        """Write row `row`, `height` points high: its cells from the first column on.

        Rows come in order; in one that is written so no other cell can be written.
        """
        self._write_single_row(row)  # what stands before it
        number = f'{row + 1}" s="'
        marks = [
            f'<c r="{letters}{number}{style._get_xf_index()}"'
            f"{_text(value) if isinstance(value, str) else self._content(value)}"
            for letters, (value, style) in zip(_columns(), cells, strict=False)
        ]
        self._check_dimensions(row, 0)
        self._check_dimensions(row, len(marks) - 1)
        self.set_row(row, height)
        self._write_row(row, None, self.row_info.pop(row))
        self.fh.write("".join(marks) + "</row>")

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """One cell of another row; text is never markup."""
        if type(cell).__name__ == "String" and cell.format:
            place = xl_rowcol_to_cell_fast(row, col)
            style = cell.format._get_xf_index()
            self.fh.write(f'<c r="{place}" s="{style}"{_text(cell.string)}')
        else:
            super()._write_cell(row, col, cell)

    def _content(self, value: Cell) -> str:
        """What a cell's mark goes on with after its place and style."""
        if value is None:
            return "/>"
        shown = shown_as(value)
        if shown is None or isinstance(shown, str):
            return _text(shown or "")
        number = self._convert_date_time(shown) if isinstance(shown, date) else shown
        return f"><v>{number:.16G}</v></c>"


@lru_cache(maxsize=1024)  # rows of one plan share many texts
def _text(value: str) -> str:
    """The same of a cell of text."""
    shown = plain(value)
    if not shown:
        return "/>"
    text = Worksheet._escape_control_characters(shown)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    keep = ' xml:space="preserve"' if shown[0].isspace() or shown[-1].isspace() else ""
    return f' t="inlineStr"><is><t{keep}>{text}</t></is></c>'


@cache
def _columns() -> tuple[str, ...]:
    """The names of a sheet's columns: A, B, … XFD."""
    return tuple(xl_col_to_name(column) for column in range(COLUMN_LIMIT))
