"""Targets, tasks and plans made by hand, for comparing."""

from __future__ import annotations

from typing import Any

from workplan.compare import ComparedPlan
from workplan.types import Target, Task


def make_target(metric: str | None, quantity: str, value: Any, unit: str, **more: Any) -> Target:
    return Target(metric, more.pop("comparator", "eq"), value, unit, quantity, **more)


def make_task(sentence: str, *targets: Target, **more: Any) -> Task:
    return Task(
        id=f"t{abs(hash(sentence)) % 10**6}",
        plan="计划.txt",
        section=("一、要点",),
        sentence=sentence,
        start=0,
        end=len(sentence),
        action="做好",
        action_start=0,
        action_end=2,
        object="",
        phrase=more.pop("phrase", sentence),
        kind=more.pop("kind", "task"),
        targets=targets,
        **more,
    )


def make_plan(title: str, year: int | None, *tasks: Task) -> ComparedPlan:
    return ComparedPlan(f"{title}.txt", title, None, year, tasks)
