"""Worker processes that may die: what one was at is noticed, tried again alone, then given up.

The standard pools give up all their work when one process is killed, and a queue that processes
share can be left locked by the one that dies. Here every worker has a pipe of its own.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from multiprocessing import connection
from multiprocessing.process import BaseProcess
from typing import TYPE_CHECKING, Self

import psutil

from workplan.batch.chain import too_big
from workplan.batch.settings import Settings, usable_cores
from workplan.batch.shards import Entry
from workplan.batch.worker import (
    THREAD_VARIABLES,
    Alive,
    Done,
    Fatal,
    Group,
    Ready,
    kill_started,
    work,
)
from workplan.errors import FileError, UserError
from workplan.write.failure import Failure

if TYPE_CHECKING:
    from workplan.tag.labeller import Labeller

_TICK = 0.2
"""Seconds between two looks at the workers' time and memory."""
_LOADS = 3
"""How many workers in a row may die before they have loaded their labeller."""


class Pool:
    """Runs groups of files in `count` processes, which end with the context that it is.

    `load` makes a worker's labeller; it must be picklable, since workers are spawned (a fork of a
    process that has threads may hang, and Windows has none). Each may use `threads` cores; 0: its
    share of those there are.
    """

    def __init__(
        self, count: int, load: Callable[[], Labeller], settings: Settings, *, threads: int = 0
    ) -> None:
        self._load, self._settings = load, settings
        self._count = count
        self._threads = threads or max(1, usable_cores() // count)
        self._workers: list[_Worker] = []
        self._again: deque[Group] = deque()
        self._deaths: dict[str, int] = {}
        self._failed_loads = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._stop_all()

    def run(self, groups: Iterable[Group]) -> Generator[list[Entry]]:
        """Yield the entries of each group as it is done, in no set order.

        Raises UserError where no worker can work. Whatever ends the iteration early, the workers
        end; else they wait for the next run.
        """
        waiting = iter(groups)
        try:
            while self._give_work(waiting):
                self._wait()
                for worker in list(self._workers):
                    yield from self._hear(worker)
                    self._check_limits(worker)
                    if not worker.process.is_alive():
                        yield from self._bury(worker)
        except BaseException:
            self._kill_all()
            raise

    def _give_work(self, waiting: Iterator[Group]) -> bool:
        """Give every free worker a group, with new workers up to the count; False: all is done."""
        while True:
            worker = next((worker for worker in self._workers if worker.group is None), None)
            if worker is None and len(self._workers) == self._count:
                return True
            group = self._again.popleft() if self._again else next(waiting, None)
            if group is None:
                return any(worker.group for worker in self._workers)
            if worker is None:
                worker = _Worker(self._load, self._threads)
                self._workers.append(worker)
            worker.give(group)

    def _wait(self) -> None:
        pipes = [worker.pipe for worker in self._workers]
        sentinels = [worker.process.sentinel for worker in self._workers]
        connection.wait([*pipes, *sentinels], timeout=_TICK)

    def _hear(self, worker: _Worker) -> Iterator[list[Entry]]:
        """Take in what a worker has said."""
        for message in worker.messages():
            if isinstance(message, Done):
                worker.group = None
                yield message.entries
            elif isinstance(message, Ready):
                worker.ready = True
                self._failed_loads = 0
                worker.since = time.monotonic()
            elif isinstance(message, Alive):
                worker.heard()
            elif isinstance(message, Fatal):
                raise UserError(message.what, where=message.where, remedy=message.remedy)

    def _check_limits(self, worker: _Worker) -> None:
        """Kill a worker that takes too long or too much memory; `_bury` does the rest."""
        if worker.group is None or not worker.ready:
            return
        if time.monotonic() - worker.since > self._settings.seconds_per_file:
            worker.kill("time")
        elif worker.memory() > self._settings.megabytes_per_worker * 1_000_000:
            worker.kill("memory")

    def _bury(self, worker: _Worker) -> Iterator[list[Entry]]:
        """Take a dead worker out, and see to the files that it was at."""
        yield from self._hear(worker)  # Its last words may be that it was done.
        self._workers.remove(worker)
        worker.close()
        if worker.ready:
            if worker.group:
                yield self._after_death(worker.group, worker.cause)
            return
        if worker.group:
            self._again.append(worker.group)
        self._failed_loads += 1
        if self._failed_loads >= _LOADS:
            raise _cannot_start(worker.process.exitcode)

    def _after_death(self, group: Group, cause: str) -> list[Entry]:
        """Put the files of a dead worker back, each alone; those tried often enough have failed."""
        given_up = []
        for number, path in enumerate(group.paths):
            # In a group the culprit is not known, so that only a death alone counts against a file.
            if len(group.paths) == 1:
                self._deaths[path] = self._deaths.get(path, 0) + 1
                limit = self._settings.attempts if cause == "crash" else 1
                if self._deaths[path] >= limit:
                    failure = Failure.of(path, _reason(cause, self._settings))
                    given_up.append(Entry(path, failure=failure))
                    continue
            shard = group.shard.with_name(f"{group.shard.stem}-{number}.shard")
            self._again.append(replace(group, paths=(path,), shard=shard))
        return given_up

    def _stop_all(self) -> None:
        for worker in self._workers:
            worker.stop()
        for worker in self._workers:
            worker.process.join(timeout=5)
        self._kill_all()

    def _kill_all(self) -> None:
        for worker in self._workers:
            worker.kill("stop")
            worker.close()
        self._workers.clear()


class _Worker:
    """The main process's end of one worker."""

    def __init__(self, load: Callable[[], Labeller], threads: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=work, args=(theirs, load), daemon=True)
        with _threads(threads), no_interrupt():
            self.process.start()
        theirs.close()
        self._seen = psutil.Process(self.process.pid)
        self.group: Group | None = None
        self.ready = False
        self.since = time.monotonic()
        self.cause = "crash"

    def give(self, group: Group) -> None:
        """Hand over a group; a worker that has died meanwhile is found out by its sentinel."""
        self.group, self.since = group, time.monotonic()
        with suppress(BrokenPipeError, ConnectionResetError):
            self.pipe.send(group)

    def heard(self) -> None:
        """A sign of life. Within a group it starts the clock anew; alone, a file has one limit."""
        if self.group and len(self.group.paths) > 1:
            self.since = time.monotonic()

    def messages(self) -> Iterator[object]:
        """What has come in."""
        with suppress(EOFError, OSError):
            while self.pipe.poll():
                yield self.pipe.recv()

    def memory(self) -> int:
        """Bytes that the process holds; 0 where it is gone."""
        with suppress(psutil.Error):
            return int(self._seen.memory_info().rss)
        return 0

    def stop(self) -> None:
        """Ask it to end."""
        with suppress(BrokenPipeError, ConnectionResetError):
            self.pipe.send(None)

    def kill(self, cause: str) -> None:
        """End it with what it has started (a converter), and remember why."""
        self.cause = cause
        if self.process.is_alive():
            kill_started(self._seen)
            self.process.kill()
        self.process.join()

    def close(self) -> None:
        """Let go of the pipe and the process."""
        self.pipe.close()
        self.process.join()


@contextmanager
def _threads(count: int) -> Iterator[None]:
    """Processes started inside share the cores: each is told to use `count` threads."""
    before = {name: os.environ.get(name) for name in THREAD_VARIABLES}
    os.environ.update(dict.fromkeys(THREAD_VARIABLES, str(count)))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@contextmanager
def no_interrupt() -> Iterator[None]:
    """Processes started inside never see Ctrl-C: it reaches all, and the main process decides."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _reason(cause: str, settings: Settings) -> FileError:
    """Why the file that a killed worker was at, alone, has failed."""
    if cause == "memory":
        return too_big()
    if cause == "time":
        return FileError(
            "time",
            f"the file takes more than {settings.seconds_per_file:g} seconds (处理超时)",
            remedy="split it, or raise seconds_per_file in configs/batch.yaml (拆分文件或调高上限)",
        )
    return FileError(
        "crash",
        f"the process died on it {settings.attempts} times (处理进程异常退出)",
        remedy="see whether the machine is short of memory; else report this with the file"
        " (检查内存；否则请连同文件反馈给开发者)",
    )


def _cannot_start(code: int | None) -> UserError:
    return UserError(
        f"worker processes end before they begin, with code {code} (处理进程无法启动)",
        remedy="see whether memory is short, or use fewer: --workers 1 (检查内存或减少进程数)",
    )
