"""The output folder: empty, unfinished or finished, and never anything between.

While a run works, all it writes is under DIR/.work. When everything is there, the files move
into place one after the other, run.json last, and .work goes: its presence marks DIR unfinished.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Sequence
from pathlib import Path

from filelock import FileLock, Timeout

from workplan.batch.shards import Entry, read_entries
from workplan.errors import UserError

MANIFEST = "run.json"
OURS = (MANIFEST, "tasks.jsonl", "plans.jsonl", "errors.jsonl", "tasks.xlsx", "report.html")


class OutputFolder:
    """One run's hold on DIR, from `open` to `close`; a second run in the same DIR is refused."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.work = root / ".work"
        self.shards = self.work / "shards"
        self.final = self.work / "final"
        # A name of its own for each start: what a dying worker of an earlier one may still write
        # never takes the place of a shard of this one.
        self._start = uuid.uuid4().hex[:8]
        self._lock = FileLock(self.work / "lock", timeout=0)

    def open(self, key: dict[str, str], *, overwrite: bool, resume: bool) -> dict[str, Entry]:
        """Take the folder; gives what an unfinished run under the same `key` has done, by path.

        Raises UserError where DIR holds a finished run and `overwrite` is not said, where
        another run is at work in it, or where it cannot be written.
        """
        if not self.work.is_dir() and not overwrite:
            self._refuse_finished()
        try:
            self.work.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout as error:
            raise UserError(
                "another run is at work in this folder (另一任务正在写入该目录)",
                where=str(self.root),
                remedy="wait for it, or choose another --out",
            ) from error
        except OSError as error:
            raise UserError(
                f"the folder cannot be written: {error.strerror or error} (无法写入)",
                where=str(self.root),
                remedy="choose another --out",
            ) from error
        done = self._take_up(key) if resume else {}
        if not done:
            shutil.rmtree(self.shards, ignore_errors=True)
        self.shards.mkdir(exist_ok=True)
        for part in self.shards.glob("*.part"):
            part.unlink()
        (self.work / "key.json").write_text(json.dumps(key), encoding="utf-8")
        return done

    def shard(self, number: int) -> Path:
        """Where the group `number` of this start goes."""
        return self.shards / f"{self._start}-{number:07d}.shard"

    def keep(self, entries: Sequence[Entry]) -> None:
        """Make sure that what is done outlasts this machine's part in the run: it is here."""

    def fresh_final(self) -> Path:
        """An empty folder for the outputs."""
        shutil.rmtree(self.final, ignore_errors=True)
        self.final.mkdir()
        return self.final

    def place(self) -> list[str]:
        """Move the outputs into DIR, run.json last, in place of an earlier run's; their names."""
        names = sorted(path.name for path in self.final.iterdir())
        earlier = self._earlier_outputs()
        for name in sorted(names, key=lambda name: name == MANIFEST):
            source, goal = self.final / name, self.root / name
            if source.is_dir():
                if goal.is_symlink():  # what it points at is not ours
                    goal.unlink()
                shutil.rmtree(goal, ignore_errors=True)
            else:
                _sync(source)
            source.replace(goal)
        for name in earlier - set(names):
            (self.root / name).unlink(missing_ok=True)
        _sync_folder(self.root)
        return names

    def close(self, *, finished: bool) -> None:
        """Let go of the folder; a finished run leaves no trace of its work."""
        self._lock.release()
        if finished:
            shutil.rmtree(self.work, ignore_errors=True)

    def _refuse_finished(self) -> None:
        if there := [name for name in OURS if (self.root / name).exists()]:
            raise finished(str(self.root), there)

    def _take_up(self, key: dict[str, str]) -> dict[str, Entry]:
        """What is done, by path. Failures are tried again: what they lacked may be there now."""
        try:
            same = json.loads((self.work / "key.json").read_text(encoding="utf-8")) == key
        except (OSError, ValueError):
            return {}
        if not same:
            return {}
        return {entry.path: entry for entry in read_entries(self.shards) if not entry.failure}

    def _earlier_outputs(self) -> set[str]:
        """Files of a run that stood here before; only plain names in DIR are believed."""
        try:
            return outputs_of((self.root / MANIFEST).read_bytes())
        except OSError:
            return set()


def outputs_of(manifest: bytes) -> set[str]:
    """The files that a run.json names; only plain names that a run may give are believed."""
    try:
        names = {str(name) for name in json.loads(manifest)["outputs"]}
    except (ValueError, KeyError, TypeError):
        return set()
    return {name for name in names if os.path.basename(name) == name and _is_output(name)}


def finished(where: str, names: Sequence[str]) -> UserError:
    """The error for a folder that holds a run's results."""
    return UserError(
        f"the folder holds results already: {', '.join(names)} (目录中已有结果)",
        where=where,
        remedy="choose another --out, or say --overwrite (换一个目录，或加 --overwrite)",
    )


def _is_output(name: str) -> bool:
    return name in OURS or name.startswith(("tasks.", "report-"))


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a rename in `folder` outlast a power cut, where the system lets a folder be synced."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
