"""The comparison's chart: a line a shared metric, the other plan's figure and this one's on it."""

from __future__ import annotations

from html import escape

from workplan.compare.align import Comparison, MetricRow
from workplan.compare.source import PlanTarget
from workplan.compare.table import figure_of
from workplan.compare.unit import bounds_of

_ROW, _LEFT, _WIDTH, _RIGHT = 34, 260, 420, 180
"""Points: a line's height, room for names, the scale, room for figures."""
_MOST = 40
"""Lines; a longer chart is no picture any more, and the table has them all."""


def chart(comparison: Comparison) -> str:
    """An SVG, or "" where no two plans share a figure that can be drawn.

    Shares are drawn from 0 to 100 %; any other figure against the largest of its line.
    """
    rows = [row for row in comparison.rows if _drawable(row, comparison.first_of_this)][:_MOST]
    if not rows:
        return ""
    height = _ROW * len(rows) + 8
    width = _LEFT + _WIDTH + _RIGHT
    lines = "".join(_line(row, comparison.first_of_this, number) for number, row in enumerate(rows))
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-labelledby="chart-title">'
        f'<title id="chart-title">共有指标的目标值：空心为对照计划，实心为本计划</title>'
        f"{lines}</svg>"
    )


def _drawable(row: MetricRow, first_of_this: int) -> bool:
    drawn = [cell is not None and _value(cell) is not None for cell in row.cells]
    # A figure with another meaning must not stand on the same line.
    comparable = all(change.movement != "unclear" for _, _, change in row.changes)
    return any(drawn[:first_of_this]) and any(drawn[first_of_this:]) and comparable


def _line(row: MetricRow, first_of_this: int, number: int) -> str:
    middle = number * _ROW + _ROW // 2 + 4
    values = [_value(cell) if cell else None for cell in row.cells]
    known = [value for value in values if value is not None]
    share = all(cell.target.unit in ("%", "‰") for cell in row.cells if cell)
    top = 100.0 if share and max(known) <= 100 else max(max(known), 1e-9)
    places = [None if v is None else _LEFT + _WIDTH * max(0.0, v) / top for v in values]
    drawn = [place for place in places if place is not None]
    parts = [
        f'<text x="{_LEFT - 12}" y="{middle + 4}" class="name">{escape(_cut(row.name))}</text>',
        f'<line x1="{_LEFT}" x2="{_LEFT + _WIDTH}" y1="{middle}" y2="{middle}" class="scale"/>',
        f'<line x1="{min(drawn):.1f}" x2="{max(drawn):.1f}" y1="{middle}" y2="{middle}"'
        ' class="move"/>',
    ]
    # This side's dot lies below, so that a ring around it shows where both are the same.
    for place in sorted(range(len(places)), reverse=True):
        if places[place] is not None:
            side, size = ("this", 5) if place >= first_of_this else ("other", 7)
            parts.append(
                f'<circle cx="{places[place]:.1f}" cy="{middle}" r="{size}" class="{side}"/>'
            )
    figures = " → ".join(
        figure_of(cell, None)
        for cell, value in zip(row.cells, values, strict=True)
        if cell and value is not None
    )
    parts.append(
        f'<text x="{_LEFT + _WIDTH + 14}" y="{middle + 4}">{escape(_cut(figures, 22))}</text>'
    )
    return f"<g>{''.join(parts)}</g>"


def _value(cell: PlanTarget) -> float | None:
    low, high = bounds_of(cell.target)
    if low is not None and high is not None:
        return (low + high) / 2
    return high if low is None else low


def _cut(text: str, length: int = 18) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"
