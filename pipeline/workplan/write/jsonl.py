"""tasks.jsonl, plans.jsonl, errors.jsonl and the sources beside them: everything, for programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from workplan.types import Extraction, Task
from workplan.write.bundle import Bundle, Part
from workplan.write.failure import Failure
from workplan.write.line import encode_line
from workplan.write.options import DEFAULTS, Options
from workplan.write.records import Record, plan_record, read_task, source_name, task_record

LINES = "jsonl"
"""The kind of part that holds a plan's lines."""


class JsonLines:
    """Writes every clause, every plan and every failure, with the plans' source texts."""

    def __init__(self, folder: Path, options: Options) -> None:
        self._folder = folder
        (folder / "sources").mkdir(exist_ok=True)
        self._tasks, self._plans, self._errors = (
            (folder / name).open("wb") for name in ("tasks.jsonl", "plans.jsonl", "errors.jsonl")
        )

    def add(self, bundle: Bundle) -> None:
        """Write one plan with its tasks, the hidden kinds included."""
        (tasks, line, name), body = bundle.part(LINES, render_lines, DEFAULTS)
        self._tasks.write(body[:tasks])
        self._plans.write(body[tasks : tasks + line])
        (self._folder / name).write_bytes(body[tasks + line :])

    def fail(self, failure: Failure) -> None:
        """Write one file that gave nothing."""
        self._errors.write(encode_line(failure.record()))

    def close(self) -> None:
        """End the three files."""
        for file in (self._tasks, self._plans, self._errors):
            file.close()


def render_lines(extraction: Extraction, options: Options) -> Part:
    """The plan's part: its tasks' lines, its own line, its source; the head says how long the first
    two are and what the source's file is called. Every task is there, whatever the options say."""
    plan = extraction.plan
    tasks = [encode_line(task_record(task, plan)) for task in extraction.tasks]
    line = encode_line(plan_record(extraction))
    source = plan.source.encode("utf-8", "surrogatepass")
    head = [sum(map(len, tasks)), len(line), source_name(plan)]
    return Part(head, b"".join([*tasks, line, source]))


def tasks_of_part(part: Part) -> list[Record]:
    """The records of the tasks in a plan's part."""
    return [json.loads(line) for line in bytes(part.body[: part.head[0]]).splitlines()]


def read_tasks(path: Path) -> Iterator[Task]:
    """The tasks of a tasks.jsonl, equal to those that were written."""
    return (read_task(record) for record in read_lines(path))


def read_lines(path: Path) -> Iterator[Record]:
    """The records of a file of JSON lines."""
    with path.open("rb") as file:
        for line in file:
            yield json.loads(line)
