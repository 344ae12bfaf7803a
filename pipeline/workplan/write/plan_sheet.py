"""The 任务分解表 of one plan, laid out for print: A4 landscape, merged cells, repeated header."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from workplan.types import Extraction, Task
from workplan.write.cells import LINE, TALLEST, lines_needed, plain, put
from workplan.write.styles import STATES, Styles
from workplan.write.table import (
    Cell,
    Row,
    deadline,
    of_target,
    organisations,
    phrase_of,
    plan_title,
    reviews,
    rows_of,
)

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from workplan.write.sheet import PlainSheet


@dataclass(frozen=True, slots=True)
class _Column:
    """A printed column; `span` says over which rows its equal neighbours are merged."""

    name: str
    width: int
    style: str
    span: str
    read: Callable[[Row], Cell]


_COLUMNS = (
    _Column("序号", 5, "centre", "task", lambda row: row.number),
    _Column("章节", 15, "wrap", "section", lambda row: "\n".join(row.task.section)),
    _Column("任务", 28, "wrap", "task", lambda row: phrase_of(row.task)),
    _Column("责任单位", 15, "wrap", "row", organisations),
    _Column("指标", 13, "wrap", "row", of_target("metric")),
    _Column("目标值", 10, "wrap", "row", of_target("quantity")),
    _Column("完成时限", 10, "wrap", "row", deadline),
    _Column("原文", 42, "wrap", "sentence", lambda row: row.task.sentence),
    _Column("置信度", 7, "share", "task", lambda row: row.task.confidence),
    _Column("待核", 14, "wrap", "row", reviews),
    _Column("状态", 7, "centre", "task", lambda row: None),
)
_SPANS = ("row", "task", "sentence", "section")
"""From the narrowest to the widest."""
_NARROW_FIRST = sorted(range(len(_COLUMNS)), key=lambda at: _SPANS.index(_COLUMNS[at].span))
_HEADER = 2
"""The header's row, counted from 0: title and particulars stand above it."""


def fill_plan_sheet(
    sheet: PlainSheet, styles: Styles, extraction: Extraction, tasks: list[Task]
) -> None:
    """Write the plan's tasks into an empty sheet.

    Rows are written in order and once, as constant memory asks; merged cells are marked after.
    """
    _set_page(sheet)
    _write_head(sheet, styles, extraction, len(tasks))
    top = _HEADER + 1
    rows = list(rows_of(extraction, tasks))
    for _, group in groupby(rows, key=lambda row: row.task.section):
        section = list(group)
        blocks = _blocks(section)
        values = [[column.read(row) for column in _COLUMNS] for row in section]
        heights = _heights(values, blocks)
        for place, height in enumerate(heights):
            covered = [blocks[column.span][place] for column in _COLUMNS]
            _write_row(sheet, styles, top + place, height, values[place], covered)
        top += len(section)
    last = max(top - 1, _HEADER + 1)
    sheet.data_validation(
        _HEADER + 1,
        len(_COLUMNS) - 1,
        last,
        len(_COLUMNS) - 1,
        {"validate": "list", "source": STATES},
    )
    sheet.print_area(0, 0, last, len(_COLUMNS) - 1)


def _write_head(sheet: Worksheet, styles: Styles, extraction: Extraction, count: int) -> None:
    """Title, particulars and header."""
    metadata = extraction.plan.metadata
    particulars = (
        metadata.issuer,
        metadata.number,
        f"{metadata.year}年" if metadata.year else None,
        f"共 {count} 项任务",
    )
    title = plan_title(extraction)
    title += "" if "任务分解" in title else "任务分解表"
    for row, text, style, height in (
        (0, title, styles["title"], 30),
        (1, "　".join(filter(None, particulars)), styles["note"], 18),
    ):
        sheet.set_row(row, height)
        put(sheet, row, 0, text, style)
        for blank in range(1, len(_COLUMNS)):
            put(sheet, row, blank, None, style)
        _join(sheet, row, 0, row, len(_COLUMNS) - 1)
    sheet.set_row(_HEADER, 22)
    for number, column in enumerate(_COLUMNS):
        sheet.set_column(number, number, column.width)
        put(sheet, _HEADER, number, column.name, styles["header"])


def _write_row(
    sheet: PlainSheet,
    styles: Styles,
    place: int,
    height: float,
    values: Sequence[Cell],
    covered: Sequence[int],
) -> None:
    """One line. `covered` says how many rows each cell covers; 0: it is covered from above."""
    cells = [
        (value if rows else None, styles[column.style])
        for column, value, rows in zip(_COLUMNS, values, covered, strict=True)
    ]
    sheet.put_row(place, height, cells)
    for number, rows in enumerate(covered):
        if rows > 1:
            _join(sheet, place, number, place + rows - 1, number)


def _blocks(section: Sequence[Row]) -> dict[str, list[int]]:
    """For each span the rows that a cell covers from each row on; 0: covered from above.

    Tasks that one sentence sets show it once.
    """
    return {
        "row": [1] * len(section),
        "task": _sizes(section, lambda row: row.number),
        "sentence": _sizes(section, lambda row: row.task.sentence),
        "section": _sizes(section, lambda row: row.task.section),
    }


def _sizes(rows: Sequence[Row], key: Callable[[Row], object]) -> list[int]:
    """How many rows of one key begin at each row; 0 within them."""
    sizes: list[int] = []
    for _, group in groupby(rows, key=key):
        length = len(list(group))
        sizes += [length] + [0] * (length - 1)
    return sizes


def _heights(values: Sequence[Sequence[Cell]], blocks: dict[str, list[int]]) -> list[float]:
    """Row heights in points, so that every cell, merged or not, shows its whole text.

    `values` are a section's rows. Excel fits no height to merged cells, so each row gets its
    share of what they need beyond what its own cells take.
    """
    lines = [1.0] * len(values)
    for number in _NARROW_FIRST:
        column = _COLUMNS[number]
        for place, covered in enumerate(blocks[column.span]):
            value = values[place][number]
            if not covered or not isinstance(value, str):
                continue  # a row has room for a figure
            missing = _lines(value, column.width) - sum(lines[place : place + covered])
            if missing > 0:
                for row in range(place, place + covered):
                    lines[row] += missing / covered
    return [min(TALLEST, number * LINE + 4) for number in lines]


@lru_cache(maxsize=1024)
def _lines(value: str, width: int) -> int:
    return lines_needed(plain(value), width)


def _join(sheet: Worksheet, top: int, left: int, bottom: int, right: int) -> None:
    """Mark cells as merged that are written already or will be, row by row.

    `merge_range` would write the lower rows at once, which constant memory forbids.
    """
    sheet.merge.append([top, left, bottom, right])


def _set_page(sheet: Worksheet) -> None:
    """A4 landscape, one page wide, header repeated, pages numbered."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.repeat_rows(_HEADER)
    sheet.freeze_panes(_HEADER + 1, 0)
    sheet.set_footer("&C第 &P 页，共 &N 页")
