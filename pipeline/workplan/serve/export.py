"""Exports: what `workplan extract` writes, from plans as people have corrected them."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from workplan.serve.view import history
from workplan.serve.workbench import Workbench
from workplan.write.line import encode_line
from workplan.write.outputs import check_formats, write_outputs

Format = Literal["xlsx", "csv", "ics", "jsonl", "html"]

_FILES = {"xlsx": "tasks.xlsx", "csv": "tasks.csv", "ics": "tasks.ics", "html": "report.html"}
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "jsonl": "application/zip",
}


def export(bench: Workbench, kind: Format, chosen: Sequence[str] = ()) -> tuple[Path, str]:
    """Write the plans on the list, or the `chosen` ones, into a file of a folder of its own.

    Gives the file and its media type; the caller deletes the folder. `jsonl` is a zip of all that
    programs read, the history of changes with it. Raises UserError where a format lacks its
    package.
    """
    if kind != "jsonl":
        check_formats([kind])
    folder = Path(tempfile.mkdtemp(dir=bench.folder.work))
    try:
        out = folder / "out"
        write_outputs(bench.results(chosen), out, [] if kind == "jsonl" else [kind])
        if kind != "jsonl":
            return out / _FILES[kind], _TYPES[kind]
        _write_history(bench, chosen, out / "corrections.jsonl")
        return _zipped(out, folder / "tasks.zip"), _TYPES[kind]
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _write_history(bench: Workbench, chosen: Sequence[str], path: Path) -> None:
    """Every change to the plans, a line each, in the order of the plans and of time."""
    with path.open("wb") as file:
        for plan in bench.store.plans():
            if plan.state != "done" or (chosen and plan.id not in chosen):
                continue
            changes = history(bench.result(plan.id), bench.store.events(plan.id))
            for change in reversed(changes):
                file.write(encode_line({"plan": plan.id, **change}))


def _zipped(folder: Path, path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                archive.write(file, file.relative_to(folder).as_posix())
    return path
