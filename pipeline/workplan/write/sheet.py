"""Worksheets that take whole rows, rendered before or at once, and their workbook."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

from xlsxwriter import Workbook, workbook
from xlsxwriter.utility import xl_rowcol_to_cell_fast
from xlsxwriter.worksheet import Worksheet

from workplan.write.sheet_row import NUMBER, contents_of, row_frame
from workplan.write.table import Cell

if TYPE_CHECKING:
    from xlsxwriter.format import Format


_EFFORT = 4
"""What zlib does to find repetitions: much quicker than its usual 6, for files a little larger."""


class PlainSheet(Worksheet):
    """A sheet of a workbook in constant memory. Rows come in order; in one that is put here no
    other cell can be written."""

    def put_row(self, row: int, height: float, cells: Sequence[tuple[Cell, Format]]) -> None:
        """Write row `row`, counted from 0 and `height` points high, from the first column on."""
        frame = row_frame(height, tuple(style._get_xf_index() for _, style in cells))
        xml = frame % contents_of(value for value, _ in cells)
        self.put_rows(row, [xml.encode()], len(cells))

    def put_rows(self, row: int, rows: Sequence[bytes], columns: int) -> None:
        """Write rows from `row` on that fill `columns` columns: UTF-8 of filled `row_frame`s."""
        if not rows:
            return
        self._write_single_row(row)  # what stands before it
        self._check_dimensions(row, 0)
        self._check_dimensions(row + len(rows) - 1, columns - 1)
        self.previous_row = row + len(rows) - 1
        mark = NUMBER.encode()
        placed = [xml.replace(mark, b"%d" % number) for number, xml in enumerate(rows, row + 1)]
        self.fh.flush()
        self.fh.buffer.write(b"".join(placed))

    def _write_optimized_sheet_data(self) -> None:
        """Take over the rows, which the library would decode and encode again."""
        self.row_data_fh.close()
        self._xml_start_tag("sheetData")
        self.fh.flush()
        with open(self.row_data_filename, "rb") as rows:
            shutil.copyfileobj(rows, self.fh.buffer)
        os.unlink(self.row_data_filename)
        self._xml_end_tag("sheetData")

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """One cell of another row; text is never markup."""
        if type(cell).__name__ == "String" and cell.format:
            place = xl_rowcol_to_cell_fast(row, col)
            style = cell.format._get_xf_index()
            self.fh.write(f'<c r="{place}" s="{style}"{contents_of([cell.string])[0]}')
        else:
            super()._write_cell(row, col, cell)


class PlainBook(Workbook):
    """A workbook of such sheets, which are not compressed to the utmost."""

    worksheet_class = PlainSheet

    def _store_workbook(self) -> None:
        # The library has no option for it.
        workbook.ZipFile = partial(ZipFile, compresslevel=_EFFORT)
        try:
            super()._store_workbook()
        finally:
            workbook.ZipFile = ZipFile
