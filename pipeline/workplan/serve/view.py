"""What the pages show: a plan as the report has it, with what may be changed and what was."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workplan.normalise import read_date, read_quantity
from workplan.read import fold
from workplan.serve.anchor import sentence_of
from workplan.serve.corrected import Corrected
from workplan.serve.journal import Event
from workplan.serve.store import Listed
from workplan.types import Task
from workplan.write.report import plan_data
from workplan.write.table import shown_tasks

View = dict[str, Any]


def plan_view(plan: Listed, now: Corrected, events: Sequence[Event], *, show_all: bool) -> View:
    """One plan for its page: the report's data, its sentences, its history, who checked what.

    `hidden` counts results, background and headings that are left out without `show_all`.
    """
    extraction = now.extraction
    tasks = shown_tasks(extraction, show_all)
    view = plan_data(extraction, tasks)
    for task, record in zip(tasks, view["tasks"], strict=True):
        record["within"] = sentence_of(extraction, task)
        record["review"] = _stamp(now.reviews.get(task.id))
        record["edits"] = sorted(_edited(task, now))
    return view | {
        "id": plan.id,
        "path": plan.name,
        "last": now.last,
        "sentences": [[sentence.start, sentence.end] for sentence in extraction.sentences],
        "marked": {number: _stamp(event) for number, event in now.marked.items()},
        "hidden": len(extraction.tasks) - len(tasks),
        "showAll": show_all,
        "history": history(now, events),
    }


def history(now: Corrected, events: Sequence[Event]) -> list[View]:
    """Every change, the newest first. `counts`: it is in effect; `idle`: it waits for its task;
    `undo`: the undo by which it does not count, with who and when."""
    undos = _undos(events)
    return [
        {
            "number": event.number,
            "kind": event.kind,
            **_stamp(event),
            "counts": event.number not in undos,
            "idle": event.number in now.idle,
            "undo": {"number": undo.number, **_stamp(undo)} if undo else None,
            "body": event.body,
        }
        for event in reversed(events)
        if event.kind != "undo"
        for undo in [undos.get(event.number)]
    ]


def listed_view(plan: Listed) -> View:
    """One plan for the list."""
    return {
        "id": plan.id,
        "name": plan.name,
        "title": plan.title,
        "size": plan.size,
        "who": plan.who,
        "at": plan.at,
        "state": plan.state,
        "began": plan.began,
        "counts": plan.counts,
        "failure": plan.failure.record() if plan.failure else None,
    }


def reading_of(quantity: str | None, deadline: str | None, year: int | None) -> View:
    """What words mean as cells: a figure's comparator, value and unit, a deadline's days."""
    view: View = {}
    if quantity:
        figure = read_quantity(fold(quantity))
        value = list(figure.value) if isinstance(figure.value, tuple) else figure.value
        view["quantity"] = {
            "comparator": figure.comparator,
            "value": value,
            "unit": figure.unit,
            "reason": figure.reason,
        }
    if deadline:
        due = read_date(fold(deadline), year=year)
        view["deadline"] = {"from": due.start, "to": due.end, "reason": due.reason or due.rule}
    return view


def _edited(task: Task, now: Corrected) -> set[str]:
    return {
        key
        for event in now.edits.get(task.id, ())
        for part in ("cells", "target_cells")
        for key in event.body[part]
    }


def _undos(events: Sequence[Event]) -> dict[int, Event]:
    """The undos that count, by the number of what they undo."""
    found: dict[int, Event] = {}
    dead: set[int] = set()
    for event in reversed(events):
        if event.kind == "undo" and event.number not in dead:
            dead.add(event.body["number"])
            found[event.body["number"]] = event
    return found


def _stamp(event: Event | None) -> View:
    return {"who": event.who, "at": event.at} if event else {}
