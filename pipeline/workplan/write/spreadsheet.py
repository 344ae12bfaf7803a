"""tasks.xlsx: all tasks flat and filterable, the plans listed, a printable sheet for each plan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from workplan.types import Extraction
from workplan.write.bundle import Bundle
from workplan.write.cells import put, sheet_name
from workplan.write.failure import Failure
from workplan.write.flat import FLAT, STATE, placed_rows, render_rows
from workplan.write.options import Options
from workplan.write.plan_sheet import fill_plan_sheet
from workplan.write.styles import STATES, make_styles
from workplan.write.table import Cell, plan_title, shown_tasks

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.worksheet import Worksheet

    from workplan.write.sheet import PlainSheet

ROW_LIMIT = 1_048_576
"""Rows that a sheet may have, the header included."""

_LIST_COLUMNS = (
    ("计划", 50),
    ("发文机关", 28),
    ("文号", 18),
    ("年度", 7),
    ("任务", 7),
    ("指标值", 7),
    ("待核", 7),
    ("未列出", 8),
    ("文件", 50),
)
_FAILURE_COLUMNS = (("文件", 60), ("原因", 50), ("建议", 60))


class Spreadsheet:
    """Writes tasks.xlsx row by row in constant memory.

    `row_limit` is Excel's, after which the flat table goes on in another sheet.
    """

    def __init__(self, folder: Path, options: Options, row_limit: int = ROW_LIMIT) -> None:
        self._options = options
        self._row_limit = row_limit
        self._book = _new_book(folder)
        self._styles = make_styles(self._book)
        self._names = {"计划目录", "未处理文件"}
        self._flat = self._new_flat()
        self._list = self._book.add_worksheet("计划目录")
        self._head(self._list, _LIST_COLUMNS)
        self._failures: list[Failure] = []
        self._flat_row = self._list_row = 1
        self._tasks = 0
        self._made = 0

    def add(self, bundle: Bundle) -> None:
        """Write one plan: its rows, its line in the list, its printable sheet."""
        (tasks, numbers, listed), body = bundle.part("xlsx", render_rows, self._options)
        self._write_flat(placed_rows(body, numbers, self._tasks + 1))
        self._tasks += tasks
        name = None
        if tasks and self._made < self._options.plan_sheets:
            name = self._add_plan_sheet(bundle.extraction)
        self._write_listed(listed, name)

    def fail(self, failure: Failure) -> None:
        """Keep a file that gave nothing for the last sheet."""
        # Bounded, since thousands of failures are for errors.jsonl; a list would grow with them.
        if len(self._failures) < 1000:
            self._failures.append(failure)

    def close(self) -> None:
        """Write what comes last and put the file together."""
        self._end_flat()
        self._list.autofilter(0, 0, max(self._list_row - 1, 1), len(_LIST_COLUMNS) - 1)
        if self._failures:
            sheet = self._book.add_worksheet("未处理文件")
            self._head(sheet, _FAILURE_COLUMNS)
            for row, failure in enumerate(self._failures, 1):
                for column, text in enumerate((failure.path, failure.reason, failure.advice)):
                    put(sheet, row, column, text, self._styles["wrap"])
        self._book.close()

    def _write_flat(self, rows: Sequence[bytes]) -> None:
        room = self._row_limit - self._flat_row
        self._flat.put_rows(self._flat_row, rows[:room], len(FLAT))
        self._flat_row += len(rows[:room])
        if rows[room:]:
            self._end_flat()
            self._flat, self._flat_row = self._new_flat(), 1
            self._write_flat(rows[room:])

    def _add_plan_sheet(self, extraction: Extraction) -> str:
        """Write the plan's printable sheet; its name."""
        name = sheet_name(plan_title(extraction), self._names)
        tasks = shown_tasks(extraction, self._options.show_all)
        fill_plan_sheet(self._book.add_worksheet(name), self._styles, extraction, tasks)
        self._made += 1
        return name

    def _write_listed(self, cells: Sequence[Cell], name: str | None) -> None:
        if self._list_row == self._row_limit:
            return
        for column, value in enumerate(cells):
            style = self._styles["number" if isinstance(value, int) else "wrap"]
            put(self._list, self._list_row, column, value, style)
        if name:
            quoted = name.replace("'", "''")
            link, title = f"internal:'{quoted}'!A1", str(cells[0])
            self._list.write_url(self._list_row, 0, link, self._styles["link"], title[:255])
        self._list_row += 1

    def _new_flat(self) -> PlainSheet:
        sheet = self._book.add_worksheet(sheet_name("全部", self._names))
        self._head(sheet, [(column.name, column.width) for column in FLAT])
        sheet.freeze_panes(1, 3)
        return sheet

    def _end_flat(self) -> None:
        last = max(self._flat_row - 1, 1)
        self._flat.autofilter(0, 0, last, len(FLAT) - 1)
        state = FLAT.index(STATE)
        self._flat.data_validation(1, state, last, state, {"validate": "list", "source": STATES})
        self._flat.print_area(0, 0, last, state)

    def _head(self, sheet: Worksheet, columns: Sequence[tuple[str, int]]) -> None:
        for number, (name, width) in enumerate(columns):
            sheet.set_column(number, number, width)
            put(sheet, 0, number, name, self._styles["header"])
        sheet.freeze_panes(1, 0)
        sheet.set_row(0, 22)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        sheet.repeat_rows(0)
        sheet.set_footer("&C第 &P 页，共 &N 页")


def _new_book(folder: Path) -> Workbook:
    """An empty workbook whose bytes depend on its contents alone."""
    from workplan.write.sheet import PlainBook

    book = PlainBook(str(folder / "tasks.xlsx"), {"constant_memory": True, "tmpdir": str(folder)})
    # The date of making would differ from run to run.
    book.set_properties({"created": datetime(2000, 1, 1), "title": "任务分解表"})
    book.use_zip64()
    return book
