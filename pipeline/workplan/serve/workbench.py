"""What the workbench can do, whoever asks: take in plans, show them, correct, review, export."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import BinaryIO

from workplan.errors import UserError
from workplan.serve.change import body_of, check_fresh
from workplan.serve.corrected import Corrected, corrected
from workplan.serve.folder import DataFolder, shown_name
from workplan.serve.forms import Change
from workplan.serve.journal import Event
from workplan.serve.reader import Reader, Result
from workplan.serve.settings import MEGABYTE, Limits
from workplan.serve.store import Listed, Store, now
from workplan.types import Extraction
from workplan.write.failure import Failure
from workplan.write.table import plan_title

_KEPT = 16
"""Plans that are kept in memory with their corrections."""


class MissingError(UserError):
    """There is no such plan, or nothing was read of it."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one uploaded file: `news` is new, known, again (failed before) or restored;
    or the `failure` for which it was refused."""

    name: str
    id: str | None = None
    news: str = ""
    failure: Failure | None = None


class Workbench:
    """Ties folder, store and reader together; safe to call from several threads."""

    def __init__(self, folder: DataFolder, store: Store, reader: Reader, limits: Limits) -> None:
        self.folder, self.store, self.limits = folder, store, limits
        self._reader = reader
        self._lock = threading.RLock()
        self._memory: OrderedDict[str, Corrected] = OrderedDict()
        self._asked: set[Path] = set()
        """What programs wait for."""

    def start(self) -> None:
        """Begin to read, first what an earlier server left unread."""
        self._reader.start()
        for plan in self.store.plans(removed=True):
            if plan.state in ("waiting", "reading"):
                self.store.set_state(plan.id, "waiting")
                self._submit(plan)

    def stop(self) -> None:
        """End; what is unread is read at the next start."""
        self._reader.stop()
        self.store.close()

    def take(self, source: BinaryIO, name: str | None, who: str) -> Taken:
        """Take in one file. The same bytes are the same plan, whatever their name."""
        name = shown_name(name)
        try:
            saved = self.folder.save(source, name, self.limits.megabytes_per_file * MEGABYTE)
        except UserError as error:
            return Taken(name, failure=Failure(name, "too-large", error.what, error.remedy))
        except OSError as error:
            reason = f"the file cannot be kept: {error.strerror or error} (无法保存)"
            advice = "make room on the disk, then send it again (腾出磁盘空间后重传)"
            return Taken(name, failure=Failure(name, "disk", reason, advice))
        with self._lock:
            known = self.store.plan(saved.id)
            if known is None and (refused := self._full(name)):
                saved.aside.unlink(missing_ok=True)
                return Taken(name, failure=refused)
            if known is not None:
                saved.aside.unlink(missing_ok=True)
                return self._take_again(known, name)
            self.folder.keep(saved)
            plan = Listed(saved.id, name, saved.suffix, saved.size, who, now())
            self.store.add(plan)
            self._submit(plan)
        return Taken(name, plan.id, "new")

    def read(self, source: BinaryIO, name: str | None) -> Future[Result]:
        """Read a file for a program; nothing of it is kept. Raises UserError for one too large,
        and where too many wait."""
        name = shown_name(name)
        if len(self._asked) >= self.limits.files_waiting:
            raise UserError(
                f"{len(self._asked)} files wait already (排队的文件过多)",
                where=name,
                remedy="ask again later (请稍后再试)",
            )
        saved = self.folder.save(source, name, self.limits.megabytes_per_file * MEGABYTE)
        path = saved.aside.rename(saved.aside.with_suffix(saved.suffix))
        done: Future[Result] = Future()

        def hand_on(read: Future[Result]) -> None:
            path.unlink(missing_ok=True)
            self._asked.discard(path)
            done.set_result(named(read.result(), name))

        self._asked.add(path)
        self._reader.submit(path).add_done_callback(hand_on)
        return done

    def result(self, identifier: str) -> Corrected:
        """A plan as corrected. Raises MissingError where nothing was read of it."""
        with self._lock:
            found = self._memory.get(identifier)
            if found is None:
                read = self.store.extraction(identifier)
                if read is None:
                    raise MissingError(
                        "there is no such plan, or it is not read yet (没有这份计划，或尚未读完)",
                        where=identifier,
                        remedy="look at the list of plans (请查看计划列表)",
                    )
                found = corrected(read, self.store.events(identifier))
                self._memory[identifier] = found
            self._memory.move_to_end(identifier)
            while len(self._memory) > _KEPT:
                self._memory.popitem(last=False)
            return found

    def change(self, identifier: str, change: Change) -> Event:
        """Add a change. Raises UserError where it does not fit the plan, ConflictError where
        somebody else changed the same thing meanwhile."""
        with self._lock:
            before = self.result(identifier)
            events = self.store.events(identifier)
            body = body_of(change, before, events)
            check_fresh(change, body, events)
            event = self.store.append(identifier, change.kind, body, change.who)
            self._memory.pop(identifier, None)
            self._summarise(identifier)
        return event

    def remove(self, identifier: str, *, removed: bool) -> None:
        """Take a plan off the list, or put it back. Raises MissingError."""
        if self.store.plan(identifier) is None:
            raise MissingError("there is no such plan (没有这份计划)", where=identifier)
        self.store.set_removed(identifier, removed=removed)

    def results(self, chosen: Sequence[str] = ()) -> Iterable[Extraction | Failure]:
        """What writers take: the plans on the list, or the chosen ones, in the list's order."""
        for plan in self.store.plans():
            if chosen and plan.id not in chosen:
                continue
            if plan.failure:
                yield plan.failure
            elif plan.state == "done":
                yield self.result(plan.id).extraction

    def _take_again(self, known: Listed, name: str) -> Taken:
        news = "known"
        if known.removed:
            self.store.set_removed(known.id, removed=False)
            news = "restored"
        if known.state == "failed":
            self.store.set_state(known.id, "waiting", name=name)
            self._submit(replace(known, name=name))
            news = "again"
        return Taken(known.name, known.id, news)

    def _full(self, name: str) -> Failure | None:
        """Why no further file is taken, if so."""
        plans = self.store.plans(removed=True)
        waiting = sum(plan.state in ("waiting", "reading") for plan in plans)
        if len(plans) < self.limits.files_kept and waiting < self.limits.files_waiting:
            return None
        return Failure(
            name,
            "full",
            f"{len(plans)} files are kept, {waiting} wait: no more are taken (文件数已达上限)",
            "wait, name another folder with --data, or raise the limits in configs/serve.yaml"
            " (请稍候、换数据目录或调高上限)",
        )

    def _submit(self, plan: Listed) -> None:
        path = self.folder.upload(plan.id, plan.suffix)
        begun = partial(self.store.set_state, plan.id, "reading")
        self._reader.submit(path, begun).add_done_callback(partial(self._keep, plan))

    def _keep(self, plan: Listed, read: Future[Result]) -> None:
        """Keep what reading gave, under the name that its user knows."""
        result = named(read.result(), plan.name)
        with self._lock:
            self.store.set_result(plan.id, result)
            if isinstance(result, Extraction):
                self._summarise(plan.id)

    def _summarise(self, identifier: str) -> None:
        found = self.result(identifier)
        self.store.set_summary(identifier, plan_title(found.extraction), found.summary())


def named(result: Result, name: str) -> Result:
    """The result as if the file had lain under its user's name."""
    if isinstance(result, Failure):
        return replace(result, path=name)
    tasks = [replace(task, plan=name) for task in result.tasks]
    return replace(result, plan=replace(result.plan, path=name), tasks=tasks)
