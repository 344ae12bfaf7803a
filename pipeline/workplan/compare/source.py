"""The plans to compare: files read now, or the folder of a run that `workplan extract` finished."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from workplan.compare.metric import Metric
from workplan.compare.unit import is_count
from workplan.errors import FileError, UserError
from workplan.types import Target, Task

if TYPE_CHECKING:
    from workplan.tag.labeller import Labeller

_LEAD = 24
"""Characters before a metric that may belong to it."""
_MARKS = "，。；：、,;:!！?？.．\n0123456789%％"
_CLAUSE_END = re.compile(r"[，。；,;]")
_EACH = re.compile(
    r"(?:各(?![类种级项界方行业]|部门|有关|单位)|每(?![年月季周天日半]))(?!.*(?:共|合计|总计))"
)
_RATES = ("率", "比", "比例", "比重", "水平", "指数", "标准", "强度", "增幅", "增速", "覆盖面")


@dataclass(frozen=True, eq=False)
class PlanTarget:
    """A target with its task, and what it measures. `metric` is None where none was found."""

    target: Target
    task: Task

    @cached_property
    def metric(self) -> Metric | None:
        """The metric with its surroundings."""
        text = self.target.metric
        if not text:
            return None
        topic = self.task.sentence + "。" + "。".join(self.task.section[-2:])
        lead = _lead(self.task, self.target)
        return Metric(text, self.target.unit, lead, topic, self.target.per)

    @property
    def name(self) -> str:
        """The metric as people read it; without one, the task's words."""
        return self.metric.name if self.metric else self.task.phrase or self.task.action

    @cached_property
    def each(self) -> bool:
        """Whether the figure counts for each of several: 在两个片区各新建1所 makes two."""
        place = self.target.spans.get("quantity")
        if place is None or not is_count(self.target.unit):
            return False
        before = _CLAUSE_END.split(self.task.sentence[: place[0]])[-1]
        return bool(_EACH.search(before))

    @property
    def organisations(self) -> tuple[str, ...]:
        """Who answers for it: the target's own bodies, else the task's."""
        return self.target.orgs or tuple(
            actor.text for actor in self.task.orgs if actor.role != "object"
        )


@dataclass(frozen=True, eq=False)
class ComparedPlan:
    """One side's plan: its name for headers, its year, its tasks."""

    path: str
    title: str
    issuer: str | None
    year: int | None
    tasks: tuple[Task, ...]

    @cached_property
    def targets(self) -> tuple[PlanTarget, ...]:
        """The targets of tasks proper: a reported result sets none."""
        return tuple(
            PlanTarget(target, task)
            for task in self.tasks
            if task.kind == "task"
            for target in task.targets
        )


def read_plans(paths: Sequence[Path], labeller: Labeller | None = None) -> list[ComparedPlan]:
    """The plans of `paths`: plan files, folders of them, or finished folders of results.

    `labeller` finds the spans of files (None: the default one). Raises FileError where a plan
    cannot be read, UserError where there is none.
    """
    plans: list[ComparedPlan] = []
    for path in paths:
        if (path / "tasks.jsonl").is_file():
            plans += _finished(path)
        else:
            plans += _read(path, labeller)
    if not plans:
        raise UserError(
            "no plan to compare (没有可比较的计划)",
            where="、".join(map(str, paths)),
            remedy="name plan files, folders of them, or the --out folder of `workplan extract`",
        )
    return plans


def _read(path: Path, labeller: Labeller | None) -> Iterable[ComparedPlan]:
    from workplan.batch.chain import read_one
    from workplan.read import find_files
    from workplan.tag import get_labeller

    if not path.exists():
        raise FileError(
            "missing",
            "no such file (文件不存在)",
            where=str(path),
            remedy="check the path (请核对路径)",
        )
    files, _ = find_files([path])
    labeller = labeller or get_labeller()
    for file in files:
        extraction = read_one(file, labeller)
        plan, metadata = extraction.plan, extraction.plan.metadata
        title = metadata.title or PurePath(plan.path).name
        yield ComparedPlan(
            plan.path, title, metadata.issuer, metadata.year, tuple(extraction.tasks)
        )


def _finished(folder: Path) -> Iterable[ComparedPlan]:
    from workplan.write.jsonl import read_lines, read_tasks

    try:
        tasks: dict[str, list[Task]] = {}
        for task in read_tasks(folder / "tasks.jsonl"):
            tasks.setdefault(task.plan, []).append(task)
        for record in read_lines(folder / "plans.jsonl"):
            path = record["path"]
            title = record["title"] or PurePath(path).name
            yield ComparedPlan(
                path, title, record["issuer"], record["year"], tuple(tasks.get(path, ()))
            )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"the results cannot be read: {error} (结果文件夹不完整)",
            where=str(folder),
            remedy="run `workplan extract … --out` into it again, with --overwrite",
        ) from error


def _lead(task: Task, target: Target) -> str:
    """The words of the clause right before a rate: 家庭医生 before 签约率.

    Of a thing that is counted the metric is the whole noun, and what stands before it a verb.
    """
    sentence, place = task.sentence, target.spans.get("metric")
    if place is None or sentence[place[0] : place[1]] != target.metric:
        return ""
    if not target.metric.endswith(_RATES):
        return ""
    # The rest of a date or a figure is no name: neither 年底 of 2021年底 nor 人以上 of 56人以上.
    told = [span for one in task.targets for span in one.spans.values()]
    start, first = place[0], max((end for _, end in told if end <= place[0]), default=0)
    while start > first and place[0] - start < _LEAD and sentence[start - 1] not in _MARKS:
        start -= 1
    return sentence[start : place[0]]
