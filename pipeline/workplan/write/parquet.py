"""tasks.parquet: the flat table with typed columns, for analysts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from workplan.write.bundle import Bundle
from workplan.write.failure import Failure
from workplan.write.options import Options
from workplan.write.table import COLUMNS, Cell, rows_of, shown_tasks

_GROUP_ROWS = 20_000


class ParquetTable:
    """Writes tasks.parquet, some ten thousand rows a group."""

    def __init__(self, folder: Path, options: Options) -> None:
        import pyarrow
        import pyarrow.parquet

        self._arrow = pyarrow
        types = {"text": pyarrow.string(), "number": pyarrow.float64(), "date": pyarrow.date32()}
        self._schema = pyarrow.schema([(column.name, types[column.kind]) for column in COLUMNS])
        self._file = pyarrow.parquet.ParquetWriter(folder / "tasks.parquet", self._schema)
        self._show_all = options.show_all
        self._tasks = 0
        self._rows: list[dict[str, Any]] = []

    def add(self, bundle: Bundle) -> None:
        """Write one plan's rows."""
        extraction = bundle.extraction
        tasks = shown_tasks(extraction, self._show_all)
        for row in rows_of(extraction, tasks, self._tasks + 1):
            cells = {column.name: _typed(column.kind, column.read(row)) for column in COLUMNS}
            self._rows.append(cells)
        self._tasks += len(tasks)
        if len(self._rows) >= _GROUP_ROWS:
            self._flush()

    def fail(self, failure: Failure) -> None:
        """Failures have no place in the table."""

    def close(self) -> None:
        """Write the last group and end the file."""
        self._flush()
        self._file.close()

    def _flush(self) -> None:
        if self._rows:
            self._file.write_table(self._arrow.Table.from_pylist(self._rows, self._schema))
            self._rows = []


def _typed(kind: str, value: Cell) -> Cell:
    """`value` in its column's one type."""
    if value is None:
        return None
    if kind == "text":
        return str(value).encode("utf-8", "replace").decode()
    return float(value) if kind == "number" else value  # type: ignore[arg-type]
