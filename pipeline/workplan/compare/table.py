"""The comparison as a flat table and in words: what spreadsheet, csv, page and terminal show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from workplan.compare.align import Comparison, MetricRow
from workplan.compare.change import MOVEMENTS, SHIFTS, Change
from workplan.compare.source import ComparedPlan, PlanTarget
from workplan.types import Task
from workplan.write.table import Cell, phrase_of

CHANGE_COLUMNS = ("变化", "差值", "单位", "时限变动（天）", "说明")


def plan_names(plans: Sequence[ComparedPlan]) -> list[str]:
    """A short header for each plan: its title, with the file's name where titles repeat."""
    titles = Counter(plan.title for plan in plans)
    names = [
        plan.title if titles[plan.title] == 1 else f"{plan.title}（{PurePath(plan.path).name}）"
        for plan in plans
    ]
    seen: Counter[str] = Counter()
    for place, name in enumerate(names):
        seen[name] += 1
        if seen[name] > 1:
            names[place] = f"{name} ({seen[name]})"
    return names


def figure_of(cell: PlanTarget | None, mention: Task | None) -> str:
    """A cell in words: the plan's own figure, or that it only names the subject."""
    if cell:
        return cell.target.quantity
    return f"提到，未定数：{phrase_of(mention)}" if mention else ""


def deadline_of(cell: PlanTarget) -> str:
    """The target's own deadline, else its task's, in the plan's words."""
    return cell.target.deadline or cell.task.deadline or ""


def change_text(change: Change) -> str:
    """上升 +5%；时限提前 31 天: a change as a clerk says it."""
    text = MOVEMENTS[change.movement]
    if change.delta:
        text += f" {_amount(change.delta, change.unit)}"
    if change.why:
        text += f"（{change.why}）"
    if change.shift:
        text += f"；{SHIFTS[change.shift]} {abs(change.days)} 天"
    return text


def _amount(delta: float, unit: str) -> str:
    """+5个百分点, -150亩, +0.5亿元: a difference in the words in which figures are written."""
    for size, word in ((10**8, "亿"), (10**4, "万")):
        if abs(delta) >= size / 10 and abs(delta) >= 10**4:
            return f"{delta / size:+,.10g}{word}{unit}"
    return f"{delta:+,.10g}{_points(unit)}"


def _points(unit: str) -> str:
    """The unit of a difference: shares differ by points."""
    return "个百分点" if unit == "%" else unit


def changes_of(row: MetricRow, names: Sequence[str]) -> list[str]:
    """The row's changes; where there are several, each says which plans it compares."""
    if len(names) == 2:
        return [change_text(change) for _, _, change in row.changes]
    return [f"{names[new]} 比 {names[old]}：{change_text(c)}" for old, new, c in row.changes]


def counts_of(comparison: Comparison) -> dict[str, int]:
    """How many rows rose, fell, appeared …, by the Chinese word; a row may count twice."""
    counted = Counter(kind for row in comparison.rows for kind in row.kinds)
    return {word: counted[kind] for kind, word in (MOVEMENTS | SHIFTS).items()}


def header(comparison: Comparison) -> list[str]:
    """The flat table's columns: the metric, three a plan, five a pair of plans, the likeness.

    The sentences stand last, a column a plan: they are for reading up, not for print.
    """
    names = plan_names(comparison.plans)
    columns = ["指标"]
    for name in names:
        columns += [f"{name} {what}" for what in ("目标值", "完成时限", "责任单位")]
    for old, new in _pairs(comparison):
        pair = "" if len(names) == 2 else f"{names[new]} 比 {names[old]} "
        columns += [pair + what for what in CHANGE_COLUMNS]
    return [*columns, "相似度", *(f"{name} 原文" for name in names)]


def flat_rows(comparison: Comparison) -> Iterator[list[Cell]]:
    """The flat table's rows, as long as its header; what has no metric stands last."""
    pairs = _pairs(comparison)
    for row in comparison.rows:
        plans = list(zip(row.cells, row.mentions, strict=True))
        told = {(old, new): change for old, new, change in row.changes}
        cells: list[Cell] = [row.name]
        for cell, mention in plans:
            cells += _plan_cells(cell, mention)
        for pair in pairs:
            cells += _change_cells(told.get(pair))
        shared = sum(cell is not None for cell in row.cells) > 1
        cells.append(round(row.likeness, 3) if shared else None)
        yield [*cells, *(_sentence(*plan) for plan in plans)]
    for target in comparison.untold:
        held = [target if target in plan.targets else None for plan in comparison.plans]
        cells = [f"（未识别指标）{target.name}"]
        for cell in held:
            cells += _plan_cells(cell, None)
        blank: list[Cell] = [None] * (len(CHANGE_COLUMNS) * len(pairs) + 1)
        yield [*cells, *blank, *(_sentence(cell, None) for cell in held)]


def _pairs(comparison: Comparison) -> list[tuple[int, int]]:
    first = comparison.first_of_this
    return [(old, new) for new in range(first, len(comparison.plans)) for old in range(first)]


def _plan_cells(cell: PlanTarget | None, mention: Task | None) -> list[Cell]:
    if cell is None:
        return [figure_of(None, mention) or None, None, None]
    bodies = "、".join(cell.organisations)
    return [cell.target.quantity, deadline_of(cell) or None, bodies or None]


def _sentence(cell: PlanTarget | None, mention: Task | None) -> Cell:
    task = cell.task if cell else mention
    return task.sentence if task else None


def _change_cells(change: Change | None) -> list[Cell]:
    if change is None:
        return [None] * len(CHANGE_COLUMNS)
    days = change.days if change.shift else None
    unit = _points(change.unit) if change.delta is not None else None
    return [MOVEMENTS[change.movement], change.delta, unit or None, days, change.why or None]
