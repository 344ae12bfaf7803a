"""From a request to an event: what is asked is checked against the plan as it stands now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workplan.errors import UserError
from workplan.serve.anchor import target_anchor, task_anchor
from workplan.serve.corrected import Corrected
from workplan.serve.forms import (
    CellsChange,
    Change,
    PlanChange,
    ReviewChange,
    SpansChange,
    UndoChange,
)
from workplan.serve.journal import Event, in_effect
from workplan.types import Task
from workplan.write.records import target_record, task_record

Body = dict[str, Any]


class ConflictError(UserError):
    """Somebody else changed the same thing since the sender last looked."""


def body_of(change: Change, now: Corrected, events: Sequence[Event]) -> Body:
    """What the event keeps: the change, where it belongs, and what stood there before.

    Raises UserError where the change does not fit the plan.
    """
    match change:
        case SpansChange():
            return _spans(change, now)
        case CellsChange():
            return _cells(change, now)
        case ReviewChange():
            task = _task(now, change.task)
            return {"task": task_anchor(task), "reviewed": change.reviewed, "words": task.phrase}
        case PlanChange():
            facts = change.given()
            told = {key: facts[key] for key in ("year", "title", "issuer") if key in facts}
            if not told:
                raise _empty()
            meta = now.extraction.plan.metadata
            return {"facts": told, "before": {key: getattr(meta, key) for key in told}}
        case UndoChange():
            return _undo(change, events)


def check_fresh(change: Change, body: Body, events: Sequence[Event]) -> None:
    """Raise ConflictError where an event that the sender has not seen is about the same thing."""
    for event in events:
        if event.number > change.seen and event.kind == change.kind and _alike(event.body, body):
            raise ConflictError(
                f"{event.who} changed the same at {event.at} (他人刚刚改过同一处)",
                remedy="look at it again, then decide (已刷新，请看过后再改)",
            )


def _alike(one: Body, other: Body) -> bool:
    keys = ("sentence", "task", "target", "number")
    return all(one.get(key) == other.get(key) for key in keys)


def _spans(change: SpansChange, now: Corrected) -> Body:
    sentences = now.extraction.sentences
    if change.sentence >= len(sentences):
        raise UserError("there is no such sentence (没有这个句子)", where=str(change.sentence))
    text = sentences[change.sentence].text
    spans = sorted(change.spans)
    for start, end, label in spans:
        if not 0 <= start < end <= len(text) or not text[start:end].strip():
            raise UserError(
                f"[{start}, {end}, {label}] marks no words of the sentence (标注不在句内)",
                where=text,
                remedy="offsets count characters from 0, the end is exclusive",
            )
    for (_, end, _), (start, *_) in zip(spans, spans[1:], strict=False):
        if start < end:
            raise UserError(
                f"two spans overlap at {text[start:end]!r} (标注重叠)",
                where=text,
                remedy="keep one of them (请保留其一)",
            )
    before = now.extraction.spans[change.sentence]
    return {
        "sentence": change.sentence,
        "spans": [list(span) for span in spans],
        "before": [[span.start, span.end, span.label] for span in before],
        "words": text,
    }


def _cells(change: CellsChange, now: Corrected) -> Body:
    task = _task(now, change.task)
    cells, target_cells = change.cells.given(), change.target_cells.given()
    if not cells and not target_cells:
        raise _empty()
    if target_cells and (change.target is None or change.target >= len(task.targets)):
        raise UserError("the task has no such target (该任务没有这个目标)", where=task.phrase)
    record = task_record(task)
    before = {key: record["roles" if key == "orgs" else key] for key in cells}
    body: Body = {
        "task": task_anchor(task),
        "target": None,
        "cells": cells,
        "target_cells": target_cells,
        "before": before,
        "words": task.phrase,
    }
    if change.target is not None and target_cells:
        target = target_record(task.targets[change.target])
        body["target"] = target_anchor(now.extraction, task, change.target)
        body["target_before"] = {key: target[key] for key in target_cells}
    return body


def _undo(change: UndoChange, events: Sequence[Event]) -> Body:
    undone = next((event for event in events if event.number == change.number), None)
    if undone is None:
        raise UserError("there is no such change (没有这条修改)", where=str(change.number))
    if undone.kind != "undo" and undone not in in_effect(events):
        raise ConflictError(
            "it is undone already (这条修改已撤销)", remedy="look at the history (请看修改记录)"
        )
    return {"number": change.number}


def _task(now: Corrected, identifier: str) -> Task:
    for task in now.extraction.tasks:
        if task.id == identifier:
            return task
    raise ConflictError(
        "the task is not there any more: its sentence was marked anew (该任务已重新识别)",
        where=identifier,
        remedy="look at the plan again (请刷新后再看)",
    )


def _empty() -> UserError:
    return UserError("nothing was changed (没有改动)", remedy="fill in at least one cell")
