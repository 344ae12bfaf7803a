"""comparison.html: the comparison in one file that opens from disk, without network or script."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from pathlib import Path, PurePath

from workplan.compare.align import Comparison, MetricRow
from workplan.compare.chart import chart
from workplan.compare.source import PlanTarget
from workplan.compare.table import (
    change_text,
    counts_of,
    deadline_of,
    figure_of,
    plan_names,
)
from workplan.types import Task

_LEGEND = '<i class="other"></i>对照 <i class="this"></i>本计划'
_STYLE = Path(__file__).with_name("page.css")


def page(comparison: Comparison) -> str:
    """The whole page; every text of a plan is shown as text."""
    style = _STYLE.read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    names = plan_names(comparison.plans)
    first = comparison.first_of_this
    title = f"{'、'.join(names[first:])} 对比 {'、'.join(names[:first])}"
    return (
        '<!DOCTYPE html>\n<html lang="zh-CN"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        f"style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>计划对比</title><style>{style}</style></head><body>"
        "<header><h1>计划对比 <small>Comparison of plans</small></h1>"
        f"<p>{_text(title)}</p></header>"
        f"<main>{_cards(comparison)}{_tables(comparison, names)}</main></body></html>\n"
    )


def _cards(comparison: Comparison) -> str:
    cards = "".join(
        f"<li><b>{count}</b><span>{word}</span></li>"
        for word, count in counts_of(comparison).items()
        if count
    )
    return f'<ul class="cards">{cards}</ul>' if cards else ""


def _tables(comparison: Comparison, names: list[str]) -> str:
    first = comparison.first_of_this
    files = [PurePath(plan.path).name for plan in comparison.plans]
    shared: list[MetricRow] = []
    appeared: list[MetricRow] = []
    vanished: list[MetricRow] = []
    for row in comparison.rows:
        before, after = any(row.cells[:first]), any(row.cells[first:])
        (shared if before and after else appeared if after else vanished).append(row)
    heads = list(zip(names, files, strict=True))
    # A row that only one side has did not change: its table needs no columns for that.
    parts = [
        _table("两边都有", "in both", shared, heads, first),
        _table("新增：只在本计划中", "appeared", appeared, heads),
        _table("消失：只在对照计划中", "vanished", vanished, heads),
    ]
    if comparison.untold:
        items = "".join(
            f"<li>{_text(target.name)}：{_text(target.target.quantity)}"
            f"<p>{_text(target.task.sentence)}</p></li>"
            for target in comparison.untold
        )
        parts.append(
            f"<section><h2>未识别指标，无法对齐（{len(comparison.untold)}）</h2><ul>{items}</ul></section>"
        )
    return "".join(parts)


def _table(
    title: str,
    english: str,
    rows: list[MetricRow],
    plans: list[tuple[str, str]],
    first_of_this: int | None = None,
) -> str:
    """A section with its rows; `plans` are the columns' names and files, old ones first.

    With `first_of_this`, the place where this side's plans begin, rows show chart and change.
    """
    if not rows:
        return ""
    heads = "".join(
        f'<th scope="col">{_text(name)}<br><small>{_text(file)}</small></th>'
        for name, file in plans
    )
    if first_of_this is not None:
        heads += f'<th scope="col" class="chart">{_LEGEND}</th><th scope="col">变化</th>'
    lines = "".join(_line(row, [name for name, _ in plans], first_of_this) for row in rows)
    return (
        f'<section><h2>{title}（{len(rows)}） <small>{english}</small></h2><div class="wide" '
        f'tabindex="0" role="region" aria-label="{title}"><table><thead><tr>'
        f'<th scope="col">指标</th>{heads}</tr></thead><tbody>{lines}</tbody></table></div>'
        "</section>"
    )


def _line(row: MetricRow, names: list[str], first_of_this: int | None) -> str:
    cells = "".join(
        f"<td>{_cell(cell, mention, row.name)}</td>"
        for cell, mention in zip(row.cells, row.mentions, strict=True)
    )
    changes = "".join(
        f'<p class="{change.movement}">{_pair(names, old, new)}{_text(change_text(change))}</p>'
        for old, new, change in row.changes
    )
    if first_of_this is not None:
        cells += f"<td>{chart(row, first_of_this)}</td><td>{changes}</td>"
    return f'<tr><th scope="row">{_text(row.name)}</th>{cells}</tr>'


def _pair(names: list[str], old: int, new: int) -> str:
    return "" if len(names) == 2 else f"<small>{_text(names[new])} 比 {_text(names[old])}</small> "


def _cell(cell: PlanTarget | None, mention: Task | None, shown: str) -> str:
    if cell is None:
        if mention is None:
            return '<span class="none">—</span>'
        return f"<details><summary>提到，未定数</summary><p>{_text(mention.sentence)}</p></details>"
    # The row's name may be the other plan's wording.
    wording = "" if cell.name == shown else cell.name
    notes = (wording, deadline_of(cell), "、".join(cell.organisations))
    facts = "".join(f"<small>{_text(note)}</small>" for note in notes if note)
    return (
        f"<details><summary><b>{_text(figure_of(cell, None))}</b></summary>"
        f"<p>{_text(cell.task.sentence)}</p></details>{facts}"
    )


def _text(text: str) -> str:
    """`text` as text, its direction kept to itself."""
    return f"<bdi>{escape(text)}</bdi>"
