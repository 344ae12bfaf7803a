"""The spreadsheet's flat table, a plan's rows at a time, before it is known where they stand."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from workplan.types import Extraction
from workplan.write.bundle import Part
from workplan.write.cells import LINE, lines_needed
from workplan.write.options import Options
from workplan.write.records import counts_of
from workplan.write.sheet_row import contents_of, row_frame
from workplan.write.styles import style_numbers
from workplan.write.table import COLUMNS, Cell, Column, Row, plan_title, rows_of, shown_tasks

STATE = Column("状态", "text", 9, lambda row: None)
"""The clerk's own column; it ends the table that is printed."""
_AT = next(place for place, column in enumerate(COLUMNS) if column.name == "待核") + 1
FLAT = (*COLUMNS[:_AT], STATE, *COLUMNS[_AT:])
"""The columns of the flat table; the first holds the task's number."""

_TASK, _ROW = "\1", "\2"
"""Stand for a task's number and for the end of a row. No cell can hold them."""
_MOST_LINES = 4
"""Lines that a row shows of its cells: a table to filter is to be leafed through."""
_WRAPPED = ("章节", "任务", "责任单位", "指标", "目标值", "完成时限", "原文", "待核")
_WRAPPED_PLACES = [(at, column.width) for at, column in enumerate(FLAT) if column.name in _WRAPPED]
_PLACES = {column.name: at for at, column in enumerate(FLAT)}
_REVIEW, _LOW, _HIGH = (_PLACES[name] for name in ("待核", "下限", "上限"))
_NAMED_STYLES = {"序号": "centre", "置信度": "share", "状态": "centre"}
_READERS = [column.read for column in FLAT]
_GROUPED = 10_000
"""Figures from here on are shown with their thousands apart."""


def render_rows(extraction: Extraction, options: Options) -> Part:
    """The plan's part: its rows; the head holds how many tasks they show, which of these each row
    is of, counted from 0, and the plan's line in the list of plans."""
    tasks = shown_tasks(extraction, options.show_all)
    rows = list(rows_of(extraction, tasks, 0))
    numbers = [row.number for row in rows]
    body = b"".join([_row(row) for row in rows])
    return Part([len(tasks), numbers, _listed(extraction, options)], body)


def placed_rows(body: bytes | memoryview, numbers: Sequence[int], first: int) -> list[bytes]:
    """The rows of a part whose tasks are numbered from `first`, ready for `PlainSheet.put_rows`."""
    task = _TASK.encode()
    return [
        row.replace(task, b"%d" % (first + number))
        for row, number in zip(bytes(body).split(_ROW.encode()), numbers, strict=False)
    ]


def _row(row: Row) -> bytes:
    values = [read(row) for read in _READERS]
    lines = 1
    for place, width in _WRAPPED_PLACES:
        text = values[place]
        # Most texts fit into a line beyond doubt.
        if isinstance(text, str) and (2 * len(text) >= width or "\n" in text):
            lines = max(lines, lines_needed(text, width))
    frame = _frame(
        min(lines, _MOST_LINES),
        bool(values[_REVIEW]),
        _is_large(values[_LOW]),
        _is_large(values[_HIGH]),
    )
    return (frame % contents_of(values[1:])).encode()


def _is_large(value: Cell) -> bool:
    return isinstance(value, int) and abs(value) >= _GROUPED


@cache
def _frame(lines: int, review: bool, low: bool, high: bool) -> str:
    """The frame of a row of so many lines, with its task's number and its end in it; `review`,
    `low` and `high` say which of these cells look otherwise than their columns."""
    names = [_style_of(column) for column in FLAT]
    for place, special, name in (
        (_REVIEW, review, "review"),
        (_LOW, low, "grouped"),
        (_HIGH, high, "grouped"),
    ):
        if special:
            names[place] = name
    frame = row_frame(lines * LINE + 2, tuple(style_numbers()[name] for name in names))
    return frame.replace("%s", f"><v>{_TASK}</v></c>", 1) + _ROW


def _style_of(column: Column) -> str:
    """The name of a column's style: most go by its type."""
    return _NAMED_STYLES.get(column.name, "wrap" if column.name in _WRAPPED else column.kind)


def _listed(extraction: Extraction, options: Options) -> list[Cell]:
    """The plan's line in the list of plans."""
    metadata, counts = extraction.plan.metadata, counts_of(extraction)
    hidden = sum(counts[kind] for kind in ("results", "background", "headings"))
    return [
        plan_title(extraction),
        metadata.issuer,
        metadata.number,
        metadata.year,
        counts["tasks"],
        counts["targets"],
        counts["reviews"],
        0 if options.show_all else hidden,
        extraction.plan.path,
    ]
