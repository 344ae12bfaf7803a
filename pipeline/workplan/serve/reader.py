"""Uploads down the road, one after the other, in a worker process that may die without harm.

It is the batch job's worker under the batch job's limits: a file that hangs, eats memory or takes
its process down has failed, and the next one is read.
"""

from __future__ import annotations

import queue
import signal
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from workplan.batch.pool import Pool
from workplan.batch.settings import Settings
from workplan.batch.shards import read_results
from workplan.batch.worker import Group
from workplan.errors import UserError
from workplan.types import Extraction
from workplan.write.bundle import Bundle
from workplan.write.failure import Failure

if TYPE_CHECKING:
    from workplan.tag.labeller import Labeller

Result = Extraction | Failure


@dataclass(eq=False, slots=True)
class _Job:
    path: Path
    begun: Callable[[], None]
    future: Future[Result] = field(default_factory=Future)


class Reader:
    """A thread that feeds a pool of one worker; `submit` gives a future for each file.

    One worker uses all cores for its labeller, and reads files in the order of their upload.
    `load` makes the labeller; it must be picklable. `folder` is for what is under way.
    """

    def __init__(self, folder: Path, settings: Settings, load: Callable[[], Labeller]) -> None:
        self._folder, self._settings, self._load = folder, settings, load
        self._waiting: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._reading: dict[str, _Job] = {}
        self._stopped = threading.Event()
        # A daemon: at the end of the program it and its worker end, whatever file they are at.
        self._thread = threading.Thread(target=self._run, name="reader", daemon=True)

    def start(self) -> None:
        """Begin; the worker itself is started for the first file."""
        self._thread.start()

    def submit(self, path: Path, begun: Callable[[], None] = lambda: None) -> Future[Result]:
        """Have a file read; `begun` is called when its turn comes."""
        job = _Job(path, begun)
        self._waiting.put(job)
        return job.future

    def stop(self) -> None:
        """Take no more and tell nothing more; what is unread is left to the next start."""
        self._stopped.set()
        self._waiting.put(None)
        self._thread.join(timeout=1)

    def _run(self) -> None:
        # Ctrl-C reaches every process of a terminal; workers inherit that they do not hear it.
        if hasattr(signal, "pthread_sigmask"):
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        while not self._stopped.is_set():
            try:
                for entries in Pool(1, self._load, self._settings).run(self._groups()):
                    for entry in entries:
                        found = next(read_results(self._folder, [entry]))
                        result = found.extraction if isinstance(found, Bundle) else found
                        if entry.shard:
                            (self._folder / entry.shard).unlink(missing_ok=True)
                        self._end(entry.path, result)
            except UserError as error:
                self._give_up(error.what, error.remedy)
            except Exception as error:
                self._give_up(
                    f"{type(error).__name__}: {error} (程序内部错误)",
                    "report this with the file (请连同文件反馈给开发者)",
                )

    def _groups(self) -> Iterator[Group]:
        """Each file as a group of its own, as they come."""
        while (job := self._waiting.get()) is not None and not self._stopped.is_set():
            self._reading[str(job.path)] = job
            job.begun()
            yield Group((str(job.path),), self._folder / f"{uuid.uuid4().hex}.shard")

    def _give_up(self, what: str, remedy: str) -> None:
        """Fail what was being read: the worker cannot work, or its disk is full."""
        for path in list(self._reading):
            self._end(path, Failure(path, "set-up", what, remedy))

    def _end(self, path: str, result: Result) -> None:
        job = self._reading.pop(path)
        if self._stopped.is_set():
            return
        with suppress(Exception):  # A caller's own trouble must not end the reading of others.
            job.future.set_result(result)
