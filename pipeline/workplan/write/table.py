"""The flat table: a row a target (a task without one: one row), in columns that say their type.

Spreadsheet, csv and parquet show this one table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import PurePath
from typing import Literal

from workplan.types import Actor, Extraction, Kind, Target, Task

Cell = str | int | float | date | None

COMPARATORS = {
    "eq": "等于",
    "ge": "不低于",
    "gt": "高于",
    "le": "不高于",
    "lt": "低于",
    "approx": "约",
    "range": "区间",
}
KINDS: dict[Kind, str] = {
    "task": "任务",
    "result": "成效",
    "background": "背景",
    "heading": "标题",
}
ROLES = {"lead": "牵头", "joint": "配合"}


@dataclass(slots=True)
class Row:
    """One line of the table. `number` counts tasks from 1; rows of one task share it."""

    number: int
    extraction: Extraction
    task: Task
    target: Target | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its header, its type, its width in characters of half width, how it reads a row."""

    name: str
    kind: Literal["text", "number", "date"]
    width: int
    read: Callable[[Row], Cell]


def shown_tasks(extraction: Extraction, show_all: bool) -> list[Task]:
    """The tasks that people see; with `show_all` also results, background and headings."""
    return [task for task in extraction.tasks if show_all or task.kind == "task"]


def rows_of(extraction: Extraction, tasks: list[Task], first: int = 1) -> Iterator[Row]:
    """The rows of `tasks`, which are numbered from `first`."""
    for number, task in enumerate(tasks, first):
        for target in task.targets or (None,):
            yield Row(number, extraction, task, target)


def of_target(name: str) -> Callable[[Row], Cell]:
    """Reads a field of the row's target; None where the task has none."""
    return lambda row: getattr(row.target, name) if row.target else None


def section_path(row: Row) -> str:
    """The headings above the task, outermost first."""
    return " / ".join(row.task.section)


def phrase_of(task: Task) -> str:
    """What is to be done, as a clerk would write it."""
    return task.phrase or task.action + task.object


def organisations(row: Row) -> str:
    """Who answers for it: the target's own bodies, else the task's with their parts."""
    if row.target and row.target.orgs:
        return "、".join(row.target.orgs)
    return actors_text(row.task.orgs)


def actors_text(actors: tuple[Actor, ...]) -> str:
    """市卫健委（牵头）、市财政局（配合）: each body once, without those the task is done to."""
    if not actors:
        return ""
    named = (
        actor.text + (f"（{ROLES[actor.role]}）" if actor.role in ROLES else "")
        for actor in actors
        if actor.role != "object"
    )
    return "、".join(dict.fromkeys(named))


def deadline(row: Row) -> str | None:
    """The target's own deadline, else the task's, in the plan's words."""
    return (row.target and row.target.deadline) or row.task.deadline


def due_day(row: Row, end: Literal["start", "end"]) -> date | None:
    """The first or last day of the deadline that the row shows; None where it is open."""
    due = row.target.due if row.target and row.target.deadline else row.task.due
    day = getattr(due, end) if due else None
    return date.fromisoformat(day) if day else None


def bounds(target: Target | None) -> tuple[int | float | None, int | float | None]:
    """The lowest and highest value that meets the target; None where there is no such bound."""
    if target is None or target.value is None:
        return None, None
    if isinstance(target.value, tuple):
        return target.value
    low = None if target.comparator in ("le", "lt") else target.value
    high = None if target.comparator in ("ge", "gt") else target.value
    return low, high


def comparison(row: Row) -> str | None:
    """How the figure binds; a change (提高3个百分点) is told from a level (达到85%)."""
    if row.target is None or row.target.value is None:
        return None
    change = "变动" if row.target.kind == "change" else ""
    return change + COMPARATORS[row.target.comparator]


def baseline(row: Row) -> Cell:
    """The level that the target starts from, where it is a number."""
    value = row.target.baseline if row.target else None
    return "—".join(map(str, value)) if isinstance(value, tuple) else value


def review_reasons(task: Task, target: Target | None) -> list[str]:
    """Why a person should look at a row: the task's reasons and the target's, not its sisters'."""
    own = target.reasons if target else ()
    if not own and not task.needs_review:
        return []
    sisters = {reason for one in task.targets for reason in one.reasons} - set(own)
    # The task names a target's reason after its cell: "目标值：…".
    shown = [reason for reason in task.needs_review if not reason.endswith(tuple(sisters))]
    untold = [reason for reason in own if not any(told.endswith(reason) for told in shown)]
    return list(dict.fromkeys((*shown, *untold)))


def reviews(row: Row) -> str:
    """The row's reasons for review in one cell."""
    return "；".join(review_reasons(row.task, row.target))


def plan_title(extraction: Extraction) -> str:
    """The plan's title, else the name of its file."""
    plan = extraction.plan
    return plan.metadata.title or PurePath(plan.path).name


COLUMNS = (
    Column("序号", "number", 6, lambda row: row.number),
    Column("章节", "text", 22, section_path),
    Column("任务", "text", 34, lambda row: phrase_of(row.task)),
    Column("责任单位", "text", 18, organisations),
    Column("指标", "text", 18, of_target("metric")),
    Column("目标值", "text", 12, of_target("quantity")),
    Column("完成时限", "text", 12, deadline),
    Column("原文", "text", 50, lambda row: row.task.sentence),
    Column("置信度", "number", 8, lambda row: row.task.confidence),
    Column("待核", "text", 24, reviews),
    Column("比较", "text", 8, comparison),
    Column("下限", "number", 12, lambda row: bounds(row.target)[0]),
    Column("上限", "number", 12, lambda row: bounds(row.target)[1]),
    Column("单位", "text", 8, of_target("unit")),
    Column("起", "date", 12, lambda row: due_day(row, "start")),
    Column("止", "date", 12, lambda row: due_day(row, "end")),
    Column("计划", "text", 30, lambda row: plan_title(row.extraction)),
    Column("年度", "number", 7, lambda row: row.extraction.plan.metadata.year),
    Column("基数", "text", 10, baseline),
    Column("口径", "text", 12, of_target("per")),
    Column("类别", "text", 7, lambda row: KINDS[row.task.kind]),
    Column("文件", "text", 30, lambda row: row.extraction.plan.path),
    Column("编号", "text", 18, lambda row: row.task.id),
)
"""Every column: the clerk's table first, then figures and days to reckon with, then look-ups."""
