"""Every output of a run from one stream of extractions, so that each plan is held once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from workplan.errors import UserError
from workplan.types import Extraction
from workplan.write.bundle import Bundle, Part, part_name
from workplan.write.failure import Failure
from workplan.write.options import DEFAULTS, Options

FORMATS = ("xlsx", "html", "csv", "parquet", "ics")
"""What --format and configs/batch.yaml may name; JSON lines are always written."""

_WRITERS = {
    "jsonl": "workplan.write.jsonl:JsonLines",
    "xlsx": "workplan.write.spreadsheet:Spreadsheet",
    "html": "workplan.write.report:Report",
    "csv": "workplan.write.delimited:DelimitedTable",
    "parquet": "workplan.write.parquet:ParquetTable",
    "ics": "workplan.write.calendar:Calendar",
}
_RENDERERS = {
    "xlsx": "workplan.write.flat:render_rows",
    "html": "workplan.write.report:render_plan",
}
_PACKAGES = {"parquet": "pyarrow", "ics": "icalendar"}


class Writer(Protocol):
    """Takes plans and failures one at a time, in the order of the input."""

    def __init__(self, folder: Path, options: Options) -> None: ...
    def add(self, bundle: Bundle) -> None: ...
    def fail(self, failure: Failure) -> None: ...
    def close(self) -> None: ...


def write_outputs(
    results: Iterable[Extraction | Bundle | Failure],
    folder: Path,
    formats: Sequence[str] = ("xlsx", "html"),
    options: Options = DEFAULTS,
) -> None:
    """Write `results` into an empty folder as JSON lines and in each of `formats`.

    Nothing here is written aside: a caller that may be stopped renames the folder's files when
    all are there. Raises UserError where a format is unknown or lacks its package.
    """
    check_formats(formats)
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        writers: list[Writer] = []
        for name in dict.fromkeys(("jsonl", *formats)):
            writer: Writer = _named(_WRITERS[name])(folder, options)
            stack.callback(writer.close)
            writers.append(writer)
        for result in results:
            plan = Bundle.of(result) if isinstance(result, Extraction) else result
            for writer in writers:
                if isinstance(plan, Failure):
                    writer.fail(plan)
                else:
                    writer.add(plan)


def render_parts(
    extraction: Extraction, formats: Iterable[str], options: Options
) -> dict[str, Part]:
    """The parts of a plan that the writers of `formats` put together, by `part_name`.

    A writer that has none takes the extraction itself, and JSON lines are the caller's to keep.
    """
    return {
        part_name(name, options): _named(_RENDERERS[name])(extraction, options)
        for name in formats
        if name in _RENDERERS
    }


def check_formats(formats: Iterable[str]) -> None:
    """Raise UserError now, not after an hour, where a format is unknown or lacks its package."""
    for name in formats:
        if name not in FORMATS:
            raise UserError(
                f"unknown format {name!r} (未知格式)", remedy=f"choose from {', '.join(FORMATS)}"
            )
        package = _PACKAGES.get(name)
        if package and find_spec(package) is None:
            raise UserError(
                f"{name} needs the package {package} (缺少 {package})",
                remedy="pip install 'workplan[formats]', or choose another --format",
            )


def _named(name: str) -> Any:
    """What a module calls so. The module and what it needs are imported only now."""
    module, attribute = name.split(":")
    return getattr(import_module(module), attribute)
