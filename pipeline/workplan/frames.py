"""Docs and extractions as pandas data frames, a row a target, for notebooks.

pandas is no dependency of the package: `pip install 'workplan[frames]'` where these are wanted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from workplan.errors import UserError
from workplan.types import Due, Target, Task

if TYPE_CHECKING:
    import pandas as pd
    from spacy.tokens import Doc

COLUMNS = (
    "doc", "task", "kind", "phrase", "action", "organisations", "metric", "comparator", "low",
    "high", "unit", "quantity", "change", "deadline", "due_from", "due_to", "due_rule", "section",
    "sentence", "start", "end", "confidence", "needs_review",
)  # fmt: skip
"""The columns of `tasks_frame`, in order."""


def tasks_frame(docs: Doc | Iterable[Doc], *, kinds: Iterable[str] = ("task",)) -> pd.DataFrame:
    """The tasks of docs from `workplan.load()`, a row a target; a task without one has one row.

    `doc` counts the docs from 0, `task` is the task's id, `start` and `end` are characters of the
    doc. `low` and `high` are the bounds that meet the target, NaN where there is none; `due_from`
    and `due_to` are timestamps. `kinds` chooses among task, result, background and heading.
    """
    pandas = _pandas()
    wanted = frozenset(kinds)
    rows = [
        row
        for number, doc in enumerate(_several(docs))
        for task in doc._.tasks
        if task.kind in wanted
        for row in _rows(number, task)
    ]
    frame = pandas.DataFrame(rows, columns=list(COLUMNS))
    for name in ("low", "high", "confidence"):
        frame[name] = frame[name].astype("float64")
    for name in ("doc", "start", "end"):
        frame[name] = frame[name].astype("int64")
    for name in ("due_from", "due_to"):
        frame[name] = pandas.to_datetime(frame[name])
    return frame


def spans_frame(docs: Doc | Iterable[Doc]) -> pd.DataFrame:
    """The labelled spans of docs: `doc`, `text`, `label`, `start`, `end`, `section`.

    `start` and `end` are characters of the doc.
    """
    pandas = _pandas()
    rows = [
        (number, ent.text, ent.label_, ent.start_char, ent.end_char, " / ".join(ent._.section))
        for number, doc in enumerate(_several(docs))
        for ent in doc.ents
    ]
    return pandas.DataFrame(rows, columns=["doc", "text", "label", "start", "end", "section"])


def _several(docs: Doc | Iterable[Doc]) -> Iterable[Doc]:
    from spacy.tokens import Doc as SpacyDoc

    return [docs] if isinstance(docs, SpacyDoc) else docs


def _rows(number: int, task: Task) -> Iterator[tuple[Any, ...]]:
    from workplan.write.table import bounds, phrase_of, review_reasons

    answering = tuple(actor.text for actor in task.orgs if actor.role != "object")
    for target in task.targets or (None,):
        low, high = bounds(target)
        due = _due(task, target)
        yield (
            number,
            task.id,
            task.kind,
            phrase_of(task),
            task.action,
            "、".join(dict.fromkeys(target.orgs if target and target.orgs else answering)),
            target and target.metric,
            target and target.comparator,
            low,
            high,
            target and target.unit,
            target and target.quantity,
            target.kind == "change" if target else None,
            (target and target.deadline) or task.deadline,
            due and due.start,
            due and due.end,
            due and due.rule,
            " / ".join(task.section),
            task.sentence,
            task.start,
            task.end,
            task.confidence,
            "；".join(review_reasons(task, target)),
        )


def _due(task: Task, target: Target | None) -> Due | None:
    return target.due if target and target.deadline else task.due


def _pandas() -> Any:
    try:
        import pandas
    except ImportError as error:
        raise UserError(
            "data frames need the package pandas (缺少 pandas)",
            remedy="pip install 'workplan[frames]'",
        ) from error
    return pandas
