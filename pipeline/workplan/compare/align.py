"""Targets of several plans in rows, each row one metric, each plan at most once in a row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from workplan.compare.change import Change, change_between
from workplan.compare.likeness import likeness
from workplan.compare.metric import Metric, canonical
from workplan.compare.settings import settings
from workplan.compare.source import ComparedPlan, PlanTarget
from workplan.types import Target, Task


@dataclass(frozen=True, eq=False)
class MetricRow:
    """One metric: for each plan its target, or None.

    `mentions` holds a task of a plan that names the metric's subject and sets no figure.
    """

    cells: tuple[PlanTarget | None, ...]
    likeness: float
    """The lowest likeness by which a target came into the row; 1.0 where it is alone."""
    mentions: tuple[Task | None, ...] = ()
    changes: tuple[tuple[int, int, Change], ...] = ()
    """For each plan of the other side and of this one: their places, and the change."""

    @cached_property
    def name(self) -> str:
        """The fullest wording of the metric."""
        names = [cell.name for cell in self.cells if cell]
        return max(names, key=lambda name: (len(canonical(name)), -len(name)))

    @property
    def kinds(self) -> set[str]:
        """Every movement and shift in the row."""
        said = {change.movement for _, _, change in self.changes}
        return said | {change.shift for _, _, change in self.changes if change.shift}


@dataclass(frozen=True, eq=False)
class Comparison:
    """`plans` are the other side's first, then this side's, which begin at `first_of_this`."""

    plans: tuple[ComparedPlan, ...]
    first_of_this: int
    rows: tuple[MetricRow, ...]
    untold: tuple[PlanTarget, ...] = ()
    """Targets without a metric: they cannot be aligned, and are not lost."""


@dataclass(eq=False)
class _Group:
    """A row in the making."""

    members: dict[int, PlanTarget] = field(default_factory=dict)
    likeness: float = 1.0


def compare(these: Sequence[ComparedPlan], others: Sequence[ComparedPlan]) -> Comparison:
    """Align the targets of `these` plans (this year's) with those of `others` (last year's)."""
    plans = (*others, *these)
    groups: list[_Group] = []
    untold: list[PlanTarget] = []
    for place, plan in enumerate(plans):
        told = [target for target in plan.targets if target.metric]
        untold += [target for target in plan.targets if not target.metric]
        _take_in(groups, place, told)
    rows = [_row(group, plans, len(others)) for group in groups]
    rows.sort(key=_order)
    return Comparison(plans, len(others), tuple(rows), tuple(untold))


def _take_in(groups: list[_Group], place: int, targets: Sequence[PlanTarget]) -> None:
    """Put each target into the group that it is most like, one to one, else into a new one."""
    candidates = sorted(
        _candidates(groups, targets), key=lambda found: (-found[0], found[2], found[1])
    )
    taken: set[int] = set()
    for score, group_place, target_place in candidates:
        group = groups[group_place]
        if place in group.members or target_place in taken:
            continue
        group.members[place] = targets[target_place]
        group.likeness = min(group.likeness, score, 1.0)
        taken.add(target_place)
    groups += [
        _Group({place: target}) for number, target in enumerate(targets) if number not in taken
    ]


def _candidates(
    groups: Sequence[_Group], targets: Sequence[PlanTarget]
) -> list[tuple[float, int, int]]:
    """Score, group and target wherever the score reaches the threshold.

    Only groups that share a pair of characters with the target are looked at.
    """
    index: dict[str, set[int]] = defaultdict(set)
    for place, group in enumerate(groups):
        for member in group.members.values():
            for part in _parts(member):
                index[part].add(place)
    found = []
    for number, target in enumerate(targets):
        near = set().union(*(index.get(part, set()) for part in _parts(target)))
        for place in near:
            score = max(_score(member, target) for member in groups[place].members.values())
            if score >= settings().threshold:
                found.append((score, place, number))
    return found


def _score(left: PlanTarget, right: PlanTarget) -> float:
    """Likeness of the metrics; where several fit, the same kind of body and of figure decides."""
    assert left.metric is not None
    assert right.metric is not None
    score = likeness(left.metric, right.metric)
    if not score:
        return 0.0
    mine, theirs = _offices(left), _offices(right)
    body = 0.02 if mine & theirs else -0.02 if mine and theirs else 0.0
    return score + body + (0.01 if left.target.kind == right.target.kind else 0.0)


def _offices(target: PlanTarget) -> set[str]:
    """The bodies without their place: 市卫健委 and 省卫健委 are the same office."""
    return {canonical(body).lstrip("省市县区州镇乡") for body in target.organisations}


def _parts(target: PlanTarget) -> set[str]:
    metric = target.metric
    assert metric is not None
    return {text[i : i + 2] for text in (metric.core, metric.subject) for i in range(len(text))}


def _row(group: _Group, plans: Sequence[ComparedPlan], first_of_this: int) -> MetricRow:
    cells = tuple(group.members.get(place) for place in range(len(plans)))
    changes = tuple(
        (old, new, _change(cells, plans, old, new))
        for new in range(first_of_this, len(plans))
        for old in range(first_of_this)
        if cells[old] or cells[new]
    )
    metrics = [member.metric for member in group.members.values() if member.metric]
    mentions = tuple(
        None if cell else _mention(plan, metrics) for cell, plan in zip(cells, plans, strict=True)
    )
    return MetricRow(cells, group.likeness, mentions, changes)


def _change(
    cells: Sequence[PlanTarget | None], plans: Sequence[ComparedPlan], old: int, new: int
) -> Change:
    return change_between(
        _counted(cells[old]),
        _counted(cells[new]),
        other_year=plans[old].year,
        this_year=plans[new].year,
    )


def _counted(cell: PlanTarget | None) -> Target | None:
    """The target; a figure for each of several is no figure for all of them."""
    if cell is None:
        return None
    return replace(cell.target, per=cell.target.per or "各自") if cell.each else cell.target


_RATE = ("率", "占比", "数", "指数", "增速", "增幅", "强度", "标准")
_SHORTEST_STEM = 5


def _mention(plan: ComparedPlan, metrics: Sequence[Metric]) -> Task | None:
    """A task that names what is measured (家庭医生签约) without a figure for it."""
    stems = {_stem(metric.subject) for metric in metrics}
    stems = {stem for stem in stems if len(stem) >= _SHORTEST_STEM}
    if not stems:
        return None
    for task in plan.tasks:
        if task.kind == "task" and any(stem in canonical(_words(task)) for stem in stems):
            return task
    return None


def _stem(subject: str) -> str:
    for ending in _RATE:
        if subject.endswith(ending):
            return subject.removesuffix(ending)
    return subject


def _words(task: Task) -> str:
    return task.phrase or task.action + task.object


def _order(row: MetricRow) -> tuple[int, bool, float]:
    """What several plans share stands first, by how sure it is; what cannot be compared later."""
    unclear = any(change.movement == "unclear" for _, _, change in row.changes)
    return -sum(cell is not None for cell in row.cells), unclear, -row.likeness
