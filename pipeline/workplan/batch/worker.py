"""A worker process: loads its labeller once, then takes groups of files until told to stop."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection, parent_process
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from workplan.batch.chain import load_road, read_group
from workplan.batch.garbage import seldom_collected
from workplan.batch.shards import NOTHING, Entry, Outputs, Parcel, write_shard
from workplan.errors import UserError

if TYPE_CHECKING:
    from workplan.tag.labeller import Labeller

THREAD_VARIABLES = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "WORKPLAN_THREADS",
)
"""What numeric libraries and our tagger read to know how many cores are theirs."""
_PAUSE = 0.1
"""Seconds that pass at least between two signs of life."""


@dataclass(frozen=True, slots=True)
class Group:
    """Files for one worker, the shard that they go to, and what the run will make of it."""

    paths: tuple[str, ...]
    shard: Path
    outputs: Outputs = NOTHING


@dataclass(frozen=True, slots=True)
class Ready:
    """All is loaded: from now on time counts."""


@dataclass(frozen=True, slots=True)
class Alive:
    """The next file, or the next slice of sentences, is begun, or was a moment ago."""


@dataclass(frozen=True, slots=True)
class Done:
    """A group is in its shard."""

    entries: list[Entry]


@dataclass(frozen=True, slots=True)
class Fatal:
    """Nothing can go on: the set-up is wrong, or the disk is full."""

    what: str
    where: str
    remedy: str


def work(pipe: connection.Connection, load: Callable[[], Labeller]) -> None:
    """Serve groups that come through `pipe` until it brings None or its other end is gone."""
    # Windows passes no ignored signals on to a new process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=end_with_parent, daemon=True).start()
    try:
        labeller = _loaded(load)
        load_road()
        pipe.send(Ready())
        beat = _Beat(pipe)
        with seldom_collected():
            while (group := pipe.recv()) is not None:
                parcels = read_group(group.paths, labeller, beat, group.outputs)
                pipe.send(Done(stored(group.shard, parcels)))
    except UserError as error:
        pipe.send(Fatal(error.what, error.where, error.remedy))
    except (EOFError, BrokenPipeError):
        pass


class _Beat:
    """Says that the worker is alive, though not at each of many small files: whoever hears it may
    have to share the worker's core."""

    def __init__(self, pipe: connection.Connection) -> None:
        self._pipe = pipe
        self._said = 0.0

    def __call__(self) -> None:
        now = time.monotonic()
        if now - self._said >= _PAUSE:
            self._said = now
            self._pipe.send(Alive())


def _loaded(load: Callable[[], Labeller]) -> Labeller:
    """The labeller; whatever keeps it from loading would keep every worker from working."""
    try:
        return load()
    except UserError:
        raise
    except Exception as error:
        raise UserError(
            f"the labeller cannot be loaded: {type(error).__name__}: {error} (标注器无法加载)",
            remedy="install workplan again, or choose another --labeller (重新安装或换一个标注器)",
        ) from error


def stored(shard: Path, parcels: list[Parcel]) -> list[Entry]:
    """Write the group's shard; a disk that takes no more ends the run, not the file."""
    try:
        return write_shard(shard, parcels)
    except OSError as error:
        raise full_disk(shard, error) from error


def full_disk(shard: Path, error: OSError) -> UserError:
    """The error for a shard that cannot be written."""
    return UserError(
        f"the output folder takes no more: {error.strerror or error} (无法写入输出目录)",
        where=str(shard.parent),
        remedy="make room, then run the same command again: it goes on where it stopped"
        " (腾出空间后重新运行同一命令即可续跑)",
    )


def end_with_parent() -> None:
    """End at once when the main process is gone, even in the middle of a file that hangs."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        kill_started(psutil.Process())
        os._exit(1)


def kill_started(process: psutil.Process) -> None:
    """End what a process has started (a converter, a Ray cluster), and what that has."""
    with suppress(psutil.Error):
        for child in process.children(recursive=True):
            with suppress(psutil.Error):
                child.kill()
