"""tasks.csv: the flat table for any program, with the mark that lets Excel read it as UTF-8."""

from __future__ import annotations

import csv
from pathlib import Path

from workplan.write.bundle import Bundle
from workplan.write.failure import Failure
from workplan.write.options import Options
from workplan.write.table import COLUMNS, Cell, rows_of, shown_tasks

_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


class DelimitedTable:
    """Writes tasks.csv.

    Text that Excel would take for a formula gets a leading apostrophe, Excel's own sign for text.
    """

    def __init__(self, folder: Path, options: Options) -> None:
        self._show_all = options.show_all
        self._tasks = 0
        self._file = (folder / "tasks.csv").open(
            "w", encoding="utf-8-sig", errors="replace", newline=""
        )
        self._csv = csv.writer(self._file)
        self._csv.writerow(column.name for column in COLUMNS)

    def add(self, bundle: Bundle) -> None:
        """Write one plan's rows."""
        extraction = bundle.extraction
        tasks = shown_tasks(extraction, self._show_all)
        for row in rows_of(extraction, tasks, self._tasks + 1):
            self._csv.writerow(inert(column.read(row)) for column in COLUMNS)
        self._tasks += len(tasks)

    def fail(self, failure: Failure) -> None:
        """Failures have no place in the table."""

    def close(self) -> None:
        """End the file."""
        self._file.close()


def inert(value: Cell) -> Cell:
    """`value`, unable to act as a formula."""
    if isinstance(value, str) and value.startswith(_FORMULA_SIGNS):
        return "'" + value
    return value
