"""A plan as people have corrected it: what was read, with every change in effect laid over it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from workplan.serve.anchor import find_target, find_task, sentence_of
from workplan.serve.cells import reviewed, with_target_cells, with_task_cells
from workplan.serve.journal import Event, in_effect
from workplan.types import Extraction, Span, Task
from workplan.write.records import counts_of


@dataclass(frozen=True, slots=True)
class Corrected:
    """`extraction` is what writers take.

    `reviews` and `edits` lead from a task's id to the event that says it was checked, and to the
    events that filled in cells of it. `marked` maps a sentence to the event that gave its spans.
    `idle` are events whose task is not there at present; they wait, nothing is lost.
    """

    extraction: Extraction
    reviews: dict[str, Event] = field(default_factory=dict)
    edits: dict[str, list[Event]] = field(default_factory=dict)
    marked: dict[int, Event] = field(default_factory=dict)
    idle: frozenset[int] = frozenset()
    last: int = 0
    """Number of the last event, whether in effect or not."""

    def summary(self) -> dict[str, int]:
        """The counts of plans.jsonl, and how many tasks were checked and changed by hand."""
        tasks = {task.id for task in self.extraction.tasks if task.kind == "task"}
        return counts_of(self.extraction) | {
            "reviewed": len(tasks & set(self.reviews)),
            "edited": len(self.edits),
            "marked": len(self.marked),
        }


def corrected(extraction: Extraction, events: Sequence[Event]) -> Corrected:
    """Lay `events`, undos and all, over what was read.

    Spans come first, and the plan's tasks are made anew from them; then cells that people filled
    in, wherever their task now stands; then reviews, which lapse where the sentence's spans were
    changed afterwards.
    """
    held = in_effect(events)
    last = events[-1].number if events else 0
    marked = {event.body["sentence"]: event for event in held if event.kind == "spans"}
    extraction = _with_spans(extraction, marked, [e for e in held if e.kind == "plan"])
    tasks = list(extraction.tasks)
    edits: dict[str, list[Event]] = {}
    idle = set()
    for event in held:
        if event.kind == "cells":
            place = _fill_in(extraction, tasks, event.body)
            if place is None:
                idle.add(event.number)
            else:
                edits.setdefault(tasks[place].id, []).append(event)
    reviews: dict[str, Event] = {}
    for event in held:
        if event.kind == "review" and not _review(extraction, tasks, event, marked, reviews):
            idle.add(event.number)
    for place, task in enumerate(tasks):
        if task.id in reviews:
            tasks[place] = reviewed(task)
    done = replace(extraction, tasks=tasks)
    return Corrected(done, reviews, edits, marked, frozenset(idle), last)


def _with_spans(
    extraction: Extraction, marked: dict[int, Event], facts: Sequence[Event]
) -> Extraction:
    """The plan with corrected spans and facts, and the tasks that these make."""
    if not marked and not facts:
        return extraction
    from workplan.assemble import assemble

    plan = extraction.plan
    for event in facts:
        told: dict[str, Any] = event.body["facts"]
        plan = replace(plan, metadata=replace(plan.metadata, **told))
    spans = list(extraction.spans)
    for number, event in marked.items():
        spans[number] = [Span(*span) for span in event.body["spans"]]
    tasks = assemble(plan, extraction.sentences, spans)
    return replace(extraction, plan=plan, spans=spans, tasks=tasks)


def _fill_in(extraction: Extraction, tasks: list[Task], body: dict[str, Any]) -> int | None:
    """Put the cells of an event where they belong; the task's place, None where it has none."""
    if body["target"] is not None:
        found = find_target(extraction, tasks, body["task"], body["target"])
        if found is None:
            return None
        place, index = found
        tasks[place] = with_target_cells(tasks[place], index, body["target_cells"])
        if body["cells"]:
            tasks[place] = with_task_cells(tasks[place], body["cells"])
        return place
    home = find_task(tasks, body["task"])
    if home is not None:
        tasks[home] = with_task_cells(tasks[home], body["cells"])
    return home


def _review(
    extraction: Extraction,
    tasks: Sequence[Task],
    event: Event,
    marked: dict[int, Event],
    reviews: dict[str, Event],
) -> bool:
    """Note a review with its task; False where there is none, or it has been read anew since."""
    place = find_task(tasks, event.body["task"])
    if place is None:
        return False
    task = tasks[place]
    later = marked.get(sentence_of(extraction, task))
    if later is not None and later.number > event.number:
        return False
    if event.body["reviewed"]:
        reviews[task.id] = event
    else:
        reviews.pop(task.id, None)
    return True
