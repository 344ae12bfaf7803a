"""The Ray engine, seen from the process that the user started: it has drivers of Ray Data."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from importlib.util import find_spec
from multiprocessing.process import BaseProcess
from pathlib import Path

import psutil

from workplan.batch.actor import Order
from workplan.batch.dataset import Connected, drive
from workplan.batch.job import OWN_CONFIGS, Job
from workplan.batch.pool import no_interrupt
from workplan.batch.shards import Entry
from workplan.batch.worker import Done, Fatal, Group, kill_started
from workplan.errors import UserError

_TRIES = 3
"""How many drivers in a row may end without one group done."""
_PATIENCE = 15
"""Seconds that a driver has to end what it has started."""
_TAIL = 600
"""Characters of what Ray has printed that an error shows."""


def check_ray() -> None:
    """Raise UserError where Ray Data is not installed."""
    if find_spec("ray") is None or find_spec("pyarrow") is None:
        raise UserError(
            "the engine ray needs the package ray (缺少 ray)",
            where="--engine",
            remedy="pip install 'workplan[ray]', or leave --engine out",
        )


def run_on_ray(
    job: Job,
    key: dict[str, str],
    files: int,
    group: Callable[[int], Iterable[Group]],
    log: Path,
) -> Generator[list[Entry]]:
    """Yield the entries of each group, in order, when its shard is in place.

    `group` makes the groups of all `files` files for so many actors; Ray's words go to `log`.
    Raises UserError where there is no cluster, the actors cannot work, or drivers end again and
    again.
    """
    order = Order(job, key, os.getcwd(), os.environ.get(OWN_CONFIGS))
    waiting: list[Group] | None = None
    failed = 0
    while waiting is None or waiting:
        driver = _Driver(order, files, log)
        done = 0
        try:
            for message in driver.messages():
                if isinstance(message, Connected):
                    actors = min(job.settings.workers or message.cores, files)
                    if waiting is None:
                        waiting = list(group(actors))
                    driver.send(waiting, actors)
                elif isinstance(message, Done):
                    done += 1
                    yield message.entries
                elif isinstance(message, Fatal):
                    driver.wait()
                    raise UserError(message.what, where=message.where, remedy=message.remedy)
        finally:
            driver.end()
        waiting = waiting[done:] if waiting is not None else None
        failed = 0 if done else failed + 1
        if failed == _TRIES:
            raise _gives_up(job, driver.code, log)


class _Driver:
    """The user's process's end of one driver."""

    def __init__(self, order: Order, files: int, log: Path) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process: BaseProcess = context.Process(target=drive, args=(theirs, order, files, log))
        with no_interrupt():
            self._process.start()
        theirs.close()

    @property
    def code(self) -> int | None:
        """The process's exit code."""
        return self._process.exitcode

    def send(self, groups: list[Group], actors: int) -> None:
        """Hand over all that is to be done; a driver that is gone is found out by its silence."""
        with suppress(BrokenPipeError, ConnectionResetError):
            self._pipe.send((groups, actors))

    def messages(self) -> Generator[object]:
        """What the driver says, until it ends."""
        try:
            while True:
                yield self._pipe.recv()
        except (EOFError, OSError):
            self._process.join()

    def wait(self) -> None:
        """Leave it time to end by itself."""
        self._process.join(_PATIENCE)

    def end(self) -> None:
        """End it; the cluster ends what it has left, and one that it started ends with it."""
        with suppress(psutil.Error):
            kill_started(psutil.Process(self._process.pid))
        self._process.kill()
        self._process.join()
        self._pipe.close()


def _gives_up(job: Job, code: int | None, log: Path) -> UserError:
    said = log.read_text("utf-8", "replace")[-_TAIL:].strip() if log.exists() else ""
    return UserError(
        f"Ray gives up, with code {code} (Ray 运行失败)" + (f":\n{said}" if said else ""),
        where=job.address or "this machine",
        remedy="see that its nodes are well, then run the same command again: it goes on where it"
        " stopped (检查集群后重新运行同一命令即可续跑)",
    )
