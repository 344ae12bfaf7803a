"""Cells as a person filled them in, laid over a task and its targets.

A cell that a person has filled in needs no review any more: the reasons that concern it go.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from workplan.types import Actor, Due, Target, Task, Value

Cells = dict[str, Any]

_FIGURE = {"quantity", "comparator", "value", "unit"}


def with_task_cells(task: Task, cells: Cells) -> Task:
    """The task with `cells` of its own: phrase, kind, orgs, deadline, due."""
    changes: Cells = {key: cells[key] for key in ("phrase", "kind") if cells.get(key)}
    if "deadline" in cells:
        changes["deadline"] = cells["deadline"] or None
    if "due" in cells:
        changes["due"] = _due(cells["due"])
    if "orgs" in cells:
        objects = tuple(actor for actor in task.orgs if actor.role == "object")
        changes["orgs"] = (*_actors(task, cells["orgs"] or ()), *objects)
    done = replace(task, **changes)
    settled = [
        reason
        for reason in task.needs_review
        if ("phrase" in changes and reason.startswith("原句没有任务动词"))
        or ("orgs" in changes and reason.startswith("责任单位："))
        or ("due" in changes and _is_stale_date(reason, done))
    ]
    return _without(done, settled)


def with_target_cells(task: Task, index: int, cells: Cells) -> Task:
    """The task whose target at `index` has `cells`: metric, figure, deadline, due, orgs.

    Deadline and organisations of the task follow where this target alone has them: else the old
    ones would live on in a calendar.
    """
    before = task.targets[index]
    changes = _target_changes(before, cells)
    settled = [reason for reason in before.reasons if _is_settled(reason, before, changes)]
    kept = tuple(reason for reason in before.reasons if reason not in settled)
    target = replace(before, **changes, reasons=kept)
    others = (*task.targets[:index], *task.targets[index + 1 :])
    done = replace(task, targets=(*task.targets[:index], target, *task.targets[index + 1 :]))
    if "deadline" in changes or "due" in changes:
        done = _dated(done, before, target, others)
    if "orgs" in cells:
        done = _manned(done, index, before, others, cells["orgs"] or ())
    open_still = {reason for one in done.targets for reason in one.reasons}
    gone = tuple(reason for reason in settled if reason not in open_still)
    stale = [
        reason
        for reason in done.needs_review
        if (gone and reason.endswith(gone)) or ("due" in changes and _is_stale_date(reason, done))
    ]
    return _without(done, stale)


def _target_changes(before: Target, cells: Cells) -> Cells:
    changes: Cells = {key: cells[key] for key in ("quantity", "unit") if cells.get(key) is not None}
    if cells.get("comparator"):
        changes["comparator"] = cells["comparator"]
    for key in ("metric", "deadline"):
        if key in cells:
            changes[key] = cells[key] or None
    if "value" in cells:
        changes["value"] = _value(cells["value"])
    if "due" in cells:
        changes["due"] = due = _due(cells["due"])
        if due and not changes.get("deadline", before.deadline):
            # Tables show a target's days beside its own words only.
            changes["deadline"] = f"{due.end}前" if due.end else f"{due.start}起"
    return changes


def _dated(task: Task, before: Target, target: Target, others: Iterable[Target]) -> Task:
    """The task with the target's deadline, where no other row shows the task's own."""
    shown = (None, task.deadline)
    if before.deadline not in shown or any(other.deadline in shown for other in others):
        return task
    return replace(task, deadline=target.deadline, due=target.due)


def _manned(
    task: Task, index: int, before: Target, others: Iterable[Target], orgs: Iterable[Cells]
) -> Task:
    """The task whose target has other organisations; its own follow where no other row has them."""
    bodies = list(orgs)
    own = {actor.text for actor in task.orgs if actor.role != "object"}
    names = tuple(body["text"] for body in bodies)
    alone = set(before.orgs) in (set(), own)
    alone = alone and not any(set(other.orgs) in (set(), own) for other in others)
    if alone:
        task = with_task_cells(task, {"orgs": bodies})
        # Lead and joint stand with the task: the target leaves the naming to it.
        if any(body.get("role", "responsible") != "responsible" for body in bodies):
            names = ()
    target = replace(task.targets[index], orgs=names)
    return replace(task, targets=(*task.targets[:index], target, *task.targets[index + 1 :]))


def reviewed(task: Task) -> Task:
    """The task as one that a person has checked: nothing of it is open."""
    targets = tuple(replace(target, reasons=()) for target in task.targets)
    return replace(task, targets=targets, needs_review=())


def _is_settled(reason: str, before: Target, changes: Cells) -> bool:
    """Whether a target's reason concerns a cell that was filled in."""
    if before.due and before.due.reason == reason:
        return "due" in changes
    if "指标" in reason:
        return bool(changes.get("metric"))
    return bool(_FIGURE.intersection(changes))


def _is_stale_date(reason: str, task: Task) -> bool:
    """Whether a reason about dates fits none of the task's dates any more."""
    if not reason.startswith("完成时限："):
        return False
    dues = [due for due in (task.due, *(target.due for target in task.targets)) if due]
    return not any(
        (due.reason and due.reason in reason)
        or (due.rule and due.rule in reason)
        or (not due.start and not due.end and not due.rule and not due.reason)
        for due in dues
    )


def _without(task: Task, reasons: Iterable[str]) -> Task:
    doomed = set(reasons)
    kept = tuple(reason for reason in task.needs_review if reason not in doomed)
    return replace(task, needs_review=kept)


def _actors(task: Task, orgs: Iterable[dict[str, str]]) -> list[Actor]:
    """Organisations as typed; one that the task named already keeps its place and full name."""
    known = {actor.text: actor for actor in task.orgs}
    actors = []
    for org in orgs:
        role: Any = org.get("role", "responsible")
        before = known.get(org["text"])
        actors.append(replace(before, role=role) if before else Actor(org["text"], role=role))
    return actors


def _due(days: Cells | None) -> Due | None:
    if not days or not (days.get("from") or days.get("to")):
        return None
    return Due(days.get("from"), days.get("to"))


def _value(value: Any) -> Value:
    if isinstance(value, list | tuple):
        return _number(value[0]), _number(value[1])
    return None if value is None else _number(value)


def _number(value: float) -> int | float:
    """A whole number without a fraction: 85, not 85.0."""
    return int(value) if float(value).is_integer() else value
