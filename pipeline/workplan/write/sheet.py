"""A worksheet that takes whole rows: XlsxWriter, cell by cell, is most of what writing costs.

A row's bytes are those that XlsxWriter would write, but for text that reads like its own markup
for a cell in parts (<r>…</r>): that it would take over unescaped.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet

from workplan.write.cells import shown_as
from workplan.write.table import Cell

if TYPE_CHECKING:
    from xlsxwriter.format import Format


_KEPT = 500
"""Texts that are kept as a cell needs them."""


class PlainSheet(Worksheet):
    """A sheet of a workbook in constant memory."""

    def __init__(self) -> None:
        super().__init__()
        self._texts: dict[str, str] = {}

    def put_row(self, row: int, height: float, cells: Iterable[tuple[Cell, Format]]) -> None:
        """Write row `row`, `height` points high: its cells from the first column on.

        Rows come in order; in one that is written so no other cell can be written.
        """
        self._write_single_row(row)  # what stands before it
        marks = [
            self._cell(xl_rowcol_to_cell_fast(row, column), value, style)
            for column, (value, style) in enumerate(cells)
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
            self.fh.write(self._cell(place, cell.string, cell.format))
        else:
            super()._write_cell(row, col, cell)

    def _cell(self, place: str, value: Cell, style: Format) -> str:
        start = f'<c r="{place}" s="{style._get_xf_index()}"'
        shown = shown_as(value)
        if shown is None:
            return start + "/>"
        if isinstance(shown, str):
            return start + self._text(shown)
        number = self._convert_date_time(shown) if isinstance(shown, date) else shown
        return f"{start}><v>{number:.16G}</v></c>"

    def _text(self, shown: str) -> str:
        """The rest of a cell of text. Rows of one plan share many: some are kept."""
        found = self._texts.get(shown)
        if found is None:
            if len(self._texts) == _KEPT:
                self._texts.clear()
            text = self._escape_data(self._escape_control_characters(shown))
            keep = ' xml:space="preserve"' if shown[0].isspace() or shown[-1].isspace() else ""
            found = f' t="inlineStr"><is><t{keep}>{text}</t></is></c>'
            self._texts[shown] = found
        return found
