"""The comparison as files: comparison.json, .xlsx, .csv and .html."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from workplan.compare.align import Comparison, MetricRow
from workplan.compare.page import page
from workplan.compare.source import PlanTarget
from workplan.compare.table import counts_of, flat_rows, header
from workplan.errors import UserError
from workplan.write.cells import LINE, TALLEST, lines_needed, put
from workplan.write.delimited import inert
from workplan.write.records import target_record
from workplan.write.styles import make_styles
from workplan.write.table import Cell

FILES = ("comparison.html", "comparison.xlsx", "comparison.csv", "comparison.json")


def write_comparison(comparison: Comparison, folder: Path) -> None:
    """Write FILES into `folder`. Raises UserError where the folder cannot be written to."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "comparison.html").write_bytes(page(comparison).encode("utf-8", "replace"))
        (folder / "comparison.json").write_bytes(
            json.dumps(comparison_record(comparison), ensure_ascii=False, indent=1).encode(
                "utf-8", "replace"
            )
        )
        _write_csv(comparison, folder / "comparison.csv")
        _write_xlsx(comparison, folder / "comparison.xlsx")
    except OSError as error:
        raise UserError(
            f"cannot write: {error.strerror} (无法写入)",
            where=str(folder),
            remedy="name another folder, and close the files in Excel (请关闭已打开的文件)",
        ) from error


def comparison_record(comparison: Comparison) -> dict[str, Any]:
    """The comparison as JSON values; a cell's place in `cells` is its plan's in `plans`."""
    return {
        "plans": [
            {
                "path": plan.path,
                "title": plan.title,
                "issuer": plan.issuer,
                "year": plan.year,
                "side": "this" if place >= comparison.first_of_this else "other",
            }
            for place, plan in enumerate(comparison.plans)
        ],
        "counts": counts_of(comparison),
        "rows": [_row_record(row) for row in comparison.rows],
        "without_metric": [_cell_record(target) for target in comparison.untold],
    }


def _row_record(row: MetricRow) -> dict[str, Any]:
    return {
        "metric": row.name,
        "likeness": round(row.likeness, 3),
        "cells": [_cell_record(cell) if cell else None for cell in row.cells],
        "mentions": [
            {"task": task.id, "sentence": task.sentence} if task else None for task in row.mentions
        ],
        "changes": [{"from": old, "to": new, **asdict(change)} for old, new, change in row.changes],
    }


def _cell_record(cell: PlanTarget) -> dict[str, Any]:
    return {
        **target_record(cell.target),
        "name": cell.name,
        "task": cell.task.id,
        "plan": cell.task.plan,
        "organisations": list(cell.organisations),
        "sentence": cell.task.sentence,
        "confidence": cell.task.confidence,
    }


def _write_csv(comparison: Comparison, path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", errors="replace", newline="") as file:
        table = csv.writer(file)
        table.writerow(inert(name) for name in header(comparison))
        table.writerows([inert(cell) for cell in row] for row in flat_rows(comparison))


def _write_xlsx(comparison: Comparison, path: Path) -> None:
    """One sheet to filter; in print A4 landscape, without the sentences at its right."""
    from xlsxwriter import Workbook

    columns = header(comparison)
    widths = [_width(name) for name in columns]
    rows = list(flat_rows(comparison))
    lines: list[list[Cell]] = [[*columns], *rows]
    with Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        styles = make_styles(book)
        sheet = book.add_worksheet("对比")
        for column, (name, width) in enumerate(zip(columns, widths, strict=True)):
            put(sheet, 0, column, name, styles["header"])
            sheet.set_column(column, column, width)
        printed = len(columns) - len(comparison.plans)
        for line, row in enumerate(lines):
            sheet.set_row(line, _height(row[:printed], widths))
        for line, row in enumerate(rows, 1):
            for column, cell in enumerate(row):
                # A sentence that wraps would make rows higher than the printed cells need.
                style = "wrap" if column < printed else "text"
                if isinstance(cell, int | float) and abs(cell) >= 10_000:
                    style = "grouped"
                put(sheet, line, column, cell, styles[style])
        sheet.freeze_panes(1, 1)
        sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
        sheet.print_area(0, 0, max(len(rows), 1), printed - 1)


def _height(cells: Sequence[Cell], widths: Sequence[int]) -> float:
    """The height, in points, that the longest cell takes."""
    texts = zip(cells, widths, strict=False)
    lines = max(lines_needed(str(cell), width) for cell, width in texts if cell is not None)
    return min(TALLEST, LINE * lines + 2)


_WIDTHS = {
    "指标": 26,
    "原文": 60,
    "目标值": 15,
    "说明": 16,
    "责任单位": 16,
    "完成时限": 13,
    "差值": 12,
}
_NARROW = 9


def _width(name: str) -> int:
    """In half-width characters, by what the column's name ends in."""
    return next((width for end, width in _WIDTHS.items() if name.endswith(end)), _NARROW)
