"""tasks.ics: an all-day event on the last day of each dated task, for any calendar program."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from workplan.types import Due, Extraction, Task
from workplan.write.cells import plain
from workplan.write.failure import Failure
from workplan.write.options import Options
from workplan.write.table import actors_text, phrase_of, plan_title

if TYPE_CHECKING:
    from icalendar import Event

_HEAD = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//workplan//tasks//ZH\r\n"
    "CALSCALE:GREGORIAN\r\nX-WR-CALNAME:任务时限\r\n"
)


class Calendar:
    """Writes tasks.ics, one event for each day on which something of a task falls due.

    A deadline that recurs or has no last day gives none.
    """

    def __init__(self, folder: Path, options: Options) -> None:
        self._file = (folder / "tasks.ics").open("wb")
        self._file.write(_HEAD.encode())

    def add(self, extraction: Extraction) -> None:
        """Write one plan's events."""
        for task in extraction.tasks:
            if task.kind != "task":
                continue
            for day, text in sorted(_days(task).items()):
                self._file.write(_event(extraction, task, day, text).to_ical())

    def fail(self, failure: Failure) -> None:
        """Failures have no day."""

    def close(self) -> None:
        """End the file."""
        self._file.write(b"END:VCALENDAR\r\n")
        self._file.close()


def _days(task: Task) -> dict[date, str]:
    """The last days of a task and its targets, each with the words that set it."""
    days: dict[date, str] = {}
    dues: list[tuple[Due | None, str | None]] = [(task.due, task.deadline)]
    dues += [(target.due, target.deadline) for target in task.targets]
    for due, text in dues:
        if due and due.end:
            days.setdefault(date.fromisoformat(due.end), text or "")
    return days


def _event(extraction: Extraction, task: Task, day: date, text: str) -> Event:
    from icalendar import Event

    bodies = actors_text(task.orgs)
    event = Event()
    event.add("uid", f"{task.id}-{day.isoformat()}@workplan")
    # A stamp of its day, not of now: the same plan gives the same file.
    event.add("dtstamp", datetime.combine(day, time(), UTC))
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    phrase = phrase_of(task)
    event.add("summary", plain(f"{bodies}：{phrase}" if bodies else phrase))
    event.add(
        "description",
        plain(f"时限：{text}\n原文：{task.sentence}\n来源：{plan_title(extraction)}"),
    )
    event.add("transp", "TRANSPARENT")
    return event
