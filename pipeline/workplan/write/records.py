"""What travels along the road as JSON records, and back again.

`X_record(x)` gives a dictionary of JSON values; `read_X(record)` gives back an equal x. The keys
of tasks and targets are the contract that programs rely on.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from pathlib import PurePath
from typing import Any

import numpy as np

from workplan.types import (
    Actor,
    Due,
    Extraction,
    Metadata,
    Plan,
    Sentence,
    Span,
    Target,
    Task,
    Value,
)

Record = dict[str, Any]


def task_record(task: Task, plan: Plan | None = None) -> Record:
    """A task as a line of tasks.jsonl; with its plan, also where it stands in the source.

    `orgs` are the bodies that answer for the task, in the text's words; `roles` are all that it
    names, those that it is done to included. Raises ValueError for NaN and infinity, which JSON
    cannot say.
    """
    record: Record = {
        "id": task.id,
        "plan": task.plan,
        "section": list(task.section),
        "sentence": task.sentence,
        "start": task.start,
        "end": task.end,
        "action": {"text": task.action, "start": task.action_start, "end": task.action_end},
        "object": task.object,
        "orgs": [actor.text for actor in task.orgs if actor.role != "object"],
        "targets": [target_record(target) for target in task.targets],
        "confidence": _finite(task.confidence),
        "needs_review": list(task.needs_review),
        "kind": task.kind,
        "phrase": task.phrase,
        "deadline": task.deadline,
        "due": _due_record(task.due),
        "roles": [_actor_record(actor) for actor in task.orgs],
    }
    if plan is not None:
        record["source_start"], record["source_end"] = source_stretch(plan, task.start, task.end)
    return record


def read_task(record: Record) -> Task:
    """The task that `task_record` wrote."""
    action = record["action"]
    return Task(
        id=record["id"],
        plan=record["plan"],
        section=tuple(record["section"]),
        sentence=record["sentence"],
        start=record["start"],
        end=record["end"],
        action=action["text"],
        action_start=action["start"],
        action_end=action["end"],
        object=record["object"],
        phrase=record["phrase"],
        kind=record["kind"],
        orgs=tuple(Actor(**actor) for actor in record["roles"]),
        targets=tuple(read_target(target) for target in record["targets"]),
        deadline=record["deadline"],
        due=_read_due(record["due"]),
        confidence=record["confidence"],
        needs_review=tuple(record["needs_review"]),
    )


def target_record(target: Target) -> Record:
    """A target with the contract's keys first."""
    return {
        "metric": target.metric,
        "comparator": target.comparator,
        "value": _value_record(target.value),
        "unit": target.unit,
        "quantity": target.quantity,
        "deadline": target.deadline,
        "due": _due_record(target.due),
        "orgs": list(target.orgs),
        "kind": target.kind,
        "baseline": _value_record(target.baseline),
        "per": target.per,
        "spans": {name: list(span) for name, span in target.spans.items()},
        "needs_review": list(target.reasons),
    }


def read_target(record: Record) -> Target:
    """The target that `target_record` wrote."""
    return Target(
        metric=record["metric"],
        comparator=record["comparator"],
        value=_read_value(record["value"]),
        unit=record["unit"],
        quantity=record["quantity"],
        deadline=record["deadline"],
        due=_read_due(record["due"]),
        orgs=tuple(record["orgs"]),
        kind=record["kind"],
        baseline=_read_value(record["baseline"]),
        per=record["per"],
        spans={name: (span[0], span[1]) for name, span in record["spans"].items()},
        reasons=tuple(record["needs_review"]),
    )


def plan_id(plan: Plan) -> str:
    """The first 16 digits of the file's SHA-256: the same file has the same id anywhere."""
    return plan.digest[:16]


def plan_record(extraction: Extraction) -> Record:
    """A plan as a line of plans.jsonl: what it says of itself, what was found in it.

    `alignment` leads from the clean text to the source: runs of (text start, source start,
    length) in which both count on alike.
    """
    plan = extraction.plan
    return {
        "id": plan_id(plan),
        "path": plan.path,
        "digest": plan.digest,
        **metadata_record(plan.metadata),
        "labeller": extraction.labeller,
        "counts": counts_of(extraction),
        "source": source_name(plan),
        "alignment": alignment_runs(plan.origin),
        "removed": [list(stretch) for stretch in plan.removed],
    }


def metadata_record(metadata: Metadata) -> Record:
    """A plan's fields; what could not be read safely is named in `needs_review`."""
    return {
        "title": metadata.title,
        "issuer": metadata.issuer,
        "number": metadata.number,
        "year": metadata.year,
        "year_evidence": metadata.year_evidence,
        "dates": dict(metadata.dates),
        "needs_review": list(metadata.reasons),
    }


def read_metadata(record: Record) -> Metadata:
    """The metadata of a plan's record."""
    return Metadata(
        title=record["title"],
        issuer=record["issuer"],
        number=record["number"],
        year=record["year"],
        year_evidence=record["year_evidence"],
        dates=dict(record["dates"]),
        reasons=tuple(record["needs_review"]),
    )


def counts_of(extraction: Extraction) -> dict[str, int]:
    """How much was found: characters, sentences, clauses by kind, targets and open reviews.

    Targets and reviews are those of tasks proper; a reported result sets no target.
    """
    kinds = {"task": 0, "result": 0, "background": 0, "heading": 0}
    targets = reviews = 0
    for task in extraction.tasks:
        kinds[task.kind] += 1
        if task.kind == "task":
            targets += len(task.targets)
            reviews += bool(task.needs_review)
    return {
        "characters": len(extraction.plan.text),
        "sentences": len(extraction.sentences),
        "tasks": kinds["task"],
        "results": kinds["result"],
        "background": kinds["background"],
        "headings": kinds["heading"],
        "targets": targets,
        "reviews": reviews,
    }


def source_name(plan: Plan) -> str:
    """Where a plan's source text is kept beside plans.jsonl.

    The name holds the file's type, since one file under two types is read into two texts.
    """
    suffix = PurePath(plan.path).suffix.lower()
    plain = suffix == ".txt" or not (suffix[1:].isascii() and suffix[1:].isalnum())
    return f"sources/{plan_id(plan)}{'' if plain else suffix[:8]}.txt"


def source_stretch(plan: Plan, start: int, end: int) -> tuple[int, int]:
    """Where `plan.text[start:end]` stands in the source."""
    if start >= end:
        place = int(plan.origin[start]) if start < len(plan.origin) else len(plan.source)
        return place, place
    return int(plan.origin[start]), int(plan.origin[end - 1]) + 1


def alignment_runs(origin: np.ndarray) -> list[list[int]]:
    """`origin`, shape (n,), as runs [text start, source start, length]."""
    if len(origin) == 0:
        return []
    starts = np.flatnonzero(np.diff(origin, prepend=origin[0] - 2) != 1)
    lengths = np.diff(starts, append=len(origin))
    return np.stack([starts, origin[starts], lengths], axis=1).tolist()


def read_alignment(runs: Iterable[Sequence[int]]) -> np.ndarray:
    """The array that `alignment_runs` wrote, shape (n,), dtype int32."""
    parts = [np.arange(source, source + length, dtype=np.int32) for _, source, length in runs]
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int32)


def extraction_record(extraction: Extraction) -> Record:
    """A whole extraction, plan text and spans included: what a run keeps while it works.

    Raises ValueError for NaN and infinity.
    """
    plan = extraction.plan
    return {
        "path": plan.path,
        "digest": plan.digest,
        "source": plan.source,
        "text": None if plan.text == plan.source else plan.text,
        "view": None if plan.view == plan.text else plan.view,
        "alignment": alignment_runs(plan.origin),
        "metadata": metadata_record(plan.metadata),
        "removed": [list(stretch) for stretch in plan.removed],
        "rows": sorted(plan.rows),
        "sentences": [_sentence_record(sentence, plan) for sentence in extraction.sentences],
        "spans": [
            [[span.start, span.end, span.label, _finite(span.confidence)] for span in spans]
            for spans in extraction.spans
        ],
        "tasks": [task_record(task) for task in extraction.tasks],
        "labeller": extraction.labeller,
        "extra": extraction.extra,
    }


def read_extraction(record: Record) -> Extraction:
    """The extraction that `extraction_record` wrote."""
    text = record["source"] if record["text"] is None else record["text"]
    plan = Plan(
        path=record["path"],
        digest=record["digest"],
        source=record["source"],
        text=text,
        view=text if record["view"] is None else record["view"],
        origin=read_alignment(record["alignment"]),
        metadata=read_metadata(record["metadata"]),
        removed=tuple((start, end, why) for start, end, why in record["removed"]),
        rows=frozenset(record["rows"]),
    )
    return Extraction(
        plan=plan,
        sentences=[_read_sentence(sentence, plan) for sentence in record["sentences"]],
        spans=[[Span(*span) for span in spans] for spans in record["spans"]],
        tasks=[read_task(task) for task in record["tasks"]],
        labeller=record["labeller"],
        extra=record["extra"],
    )


def _sentence_record(sentence: Sentence, plan: Plan) -> list[Any]:
    """A sentence, without the words that its plan holds already."""
    here = slice(sentence.start, sentence.end)
    return [
        sentence.start,
        sentence.end,
        None if sentence.text == plan.text[here] else sentence.text,
        None if sentence.view == plan.view[here] else sentence.view,
        list(sentence.section),
        sentence.paragraph,
        sentence.kind,
    ]


def _read_sentence(record: Sequence[Any], plan: Plan) -> Sentence:
    start, end, text, view, section, paragraph, kind = record
    return Sentence(
        start=start,
        end=end,
        text=plan.text[start:end] if text is None else text,
        view=plan.view[start:end] if view is None else view,
        section=tuple(section),
        paragraph=paragraph,
        kind=kind,
    )


def _actor_record(actor: Actor) -> Record:
    return {
        "text": actor.text,
        "canonical": actor.canonical,
        "role": actor.role,
        "start": actor.start,
        "end": actor.end,
    }


def _due_record(due: Due | None) -> Record | None:
    if due is None:
        return None
    record: Record = {"from": due.start, "to": due.end}
    if due.rule is not None:
        record["rule"] = due.rule
    if due.reason is not None:
        record["reason"] = due.reason
    return record


def _read_due(record: Record | None) -> Due | None:
    if record is None:
        return None
    return Due(record["from"], record["to"], record.get("rule"), record.get("reason"))


def _value_record(value: Value) -> int | float | list[int | float] | None:
    if isinstance(value, tuple):
        return [_finite(bound) for bound in value]
    return value if value is None else _finite(value)


def _finite(number: int | float) -> int | float:
    """The number; NaN and infinity would come out of JSON as nothing."""
    if isinstance(number, float) and not math.isfinite(number):
        raise ValueError(f"{number} is no number that JSON can say")
    return number


def _read_value(value: int | float | list[int | float] | None) -> Value:
    return (value[0], value[1]) if isinstance(value, list) else value
