"""tasks.jsonl, plans.jsonl, errors.jsonl and the sources beside them: everything, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from workplan.types import Extraction, Task
from workplan.write.failure import Failure
from workplan.write.options import Options
from workplan.write.records import Record, plan_record, read_task, source_name, task_record


class JsonLines:
    """Writes every clause, every plan and every failure, with the plans' source texts."""

    def __init__(self, folder: Path, options: Options) -> None:
        self._folder = folder
        (folder / "sources").mkdir(exist_ok=True)
        self._tasks, self._plans, self._errors = (
            (folder / name).open("wb") for name in ("tasks.jsonl", "plans.jsonl", "errors.jsonl")
        )

    def add(self, extraction: Extraction) -> None:
        """Write one plan with its tasks, the hidden kinds included."""
        plan = extraction.plan
        for task in extraction.tasks:
            write_line(self._tasks, task_record(task, plan))
        write_line(self._plans, plan_record(extraction))
        source = plan.source.encode("utf-8", "surrogatepass")
        (self._folder / source_name(plan)).write_bytes(source)

    def fail(self, failure: Failure) -> None:
        """Write one file that gave nothing."""
        write_line(self._errors, failure.record())

    def close(self) -> None:
        """End the three files."""
        for file in (self._tasks, self._plans, self._errors):
            file.close()


def read_tasks(path: Path) -> Iterator[Task]:
    """The tasks of a tasks.jsonl, equal to those that were written."""
    return (read_task(record) for record in read_lines(path))


def read_lines(path: Path) -> Iterator[Record]:
    """The records of a file of JSON lines."""
    with path.open("rb") as file:
        for line in file:
            yield json.loads(line)


def write_line(file: BinaryIO, record: Any) -> int:
    """Append `record` as one line of UTF-8; gives the line's length in bytes."""
    return file.write(encode_line(record))


def encode_line(record: Any) -> bytes:
    """`record` as one line of JSON.

    A lone surrogate (a file name that is no UTF-8) has no UTF-8 form: such a line is written
    with escapes instead. Raises ValueError for NaN and infinity, which JSON cannot say.
    """
    text = _JSON.encode(record)
    try:
        return text.encode() + b"\n"
    except UnicodeEncodeError:
        return json.dumps(record, allow_nan=False, separators=(",", ":")).encode() + b"\n"


_JSON = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))
"""Made once: `json.dumps` would make one for every line."""
