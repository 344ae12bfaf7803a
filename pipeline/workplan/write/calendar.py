"""tasks.ics: an all-day event on the last day of each dated task, for any calendar program.

A deadline that comes round again (每年2月底前) is one event that recurs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from workplan.types import Due, Extraction, Task
from workplan.write.bundle import Bundle
from workplan.write.cells import plain
from workplan.write.failure import Failure
from workplan.write.options import Options
from workplan.write.recurrence import Rule, recurrence_of
from workplan.write.table import actors_text, phrase_of, plan_title

if TYPE_CHECKING:
    from icalendar import Event

_HEAD = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//workplan//tasks//ZH\r\n"
    "CALSCALE:GREGORIAN\r\nX-WR-CALNAME:任务时限\r\n"
)


class Calendar:
    """Writes tasks.ics: one event a task, and a further one where a target of it has its own day.

    A deadline that names no exact day gives none.
    """

    def __init__(self, folder: Path, options: Options) -> None:
        self._file = (folder / "tasks.ics").open("wb")
        self._file.write(_HEAD.encode())

    def add(self, bundle: Bundle) -> None:
        """Write one plan's events."""
        extraction = bundle.extraction
        for task in extraction.tasks:
            if task.kind != "task":
                continue
            for deadline in _deadlines(task, extraction.plan.metadata.year):
                self._file.write(_event(extraction, task, deadline).to_ical())

    def fail(self, failure: Failure) -> None:
        """Failures have no day."""

    def close(self) -> None:
        """End the file."""
        self._file.write(b"END:VCALENDAR\r\n")
        self._file.close()


@dataclass(frozen=True, slots=True)
class _Deadline:
    """A last day, with the words that set it; `rule` where it comes round again."""

    day: date
    text: str
    rule: Rule | None = None


def _deadlines(task: Task, year: int | None) -> list[_Deadline]:
    """What falls due in a task, by day; the same day, or the same round of days, only once."""
    dues: list[tuple[Due | None, str | None]] = [(task.due, task.deadline)]
    dues += [(target.due, target.deadline) for target in task.targets]
    found: dict[tuple[date, str], _Deadline] = {}
    for due, text in dues:
        if due is None:
            continue
        if due.end:
            day = date.fromisoformat(due.end)
            found.setdefault((day, ""), _Deadline(day, text or ""))
        elif recurrence := recurrence_of(due.rule, year):
            key = (recurrence.first, str(recurrence.rule))
            found.setdefault(key, _Deadline(recurrence.first, text or "", recurrence.rule))
    return [found[key] for key in sorted(found)]


def _event(extraction: Extraction, task: Task, deadline: _Deadline) -> Event:
    from icalendar import Event

    day, bodies, phrase = deadline.day, actors_text(task.orgs), phrase_of(task)
    event = Event()
    event.add("uid", f"{task.id}-{day.isoformat()}{_round(deadline)}@workplan")
    # A stamp of its day, not of now: the same plan gives the same file.
    event.add("dtstamp", datetime.combine(day, time(), UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    if deadline.rule:
        event.add("rrule", deadline.rule)
    event.add("summary", plain(f"{bodies}：{phrase}" if bodies else phrase))
    # Calendar programs filter by category: an office finds its own days.
    named = dict.fromkeys(plain(actor.text) for actor in task.orgs if actor.role != "object")
    if named:
        event.add("categories", list(named))
    lines = (
        f"时限：{deadline.text}",
        f"责任单位：{bodies}" if bodies else "",
        f"原文：{task.sentence}",
        f"来源：{_source(extraction)}",
    )
    event.add("description", plain("\n".join(line for line in lines if line)))
    event.add("transp", "TRANSPARENT")
    return event


def _source(extraction: Extraction) -> str:
    """The plan's title, with who issued it and the file it was read from."""
    metadata = extraction.plan.metadata
    facts = (metadata.issuer, metadata.number, PurePath(extraction.plan.path).name)
    return f"{plan_title(extraction)}（{'，'.join(filter(None, facts))}）"


def _round(deadline: _Deadline) -> str:
    """Tells a round of days from a single day that begins alike."""
    return f"-{deadline.rule['freq']}".lower() if deadline.rule else ""
