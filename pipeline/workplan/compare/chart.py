"""The comparison's chart: beside each shared metric a scale with the plans' figures on it."""

from __future__ import annotations

from html import escape

from workplan.compare.align import MetricRow
from workplan.compare.source import PlanTarget
from workplan.compare.table import figure_of
from workplan.compare.unit import bounds_of

_WIDE, _HIGH, _EDGE = 180, 22, 9
"""Points: the drawing, and what its scale leaves free at both ends."""


def chart(row: MetricRow, first_of_this: int) -> str:
    """An SVG of the row's figures, or "" where no two sides' figures can stand on one scale.

    Shares are drawn from 0 to 100 %; any other figure against the largest of its row. Rings are
    plans of the other side, dots those from `first_of_this` on.
    """
    values = [_value(cell) if cell else None for cell in row.cells]
    if not _drawable(row, values, first_of_this):
        return ""
    known = [value for value in values if value is not None]
    share = all(cell.target.unit in ("%", "‰") for cell in row.cells if cell)
    top = 100.0 if share and max(known) <= 100 else max(max(known), 1e-9)
    length = _WIDE - 2 * _EDGE
    places = [None if v is None else _EDGE + length * max(0.0, v) / top for v in values]
    drawn = [place for place in places if place is not None]
    # This side's dot lies below, so that a ring around it shows where both are the same.
    marks = "".join(
        _mark(place, "this" if number >= first_of_this else "other")
        for number, place in reversed(list(enumerate(places)))
        if place is not None
    )
    lines = _line(_EDGE, _WIDE - _EDGE, "scale") + _line(min(drawn), max(drawn), "move")
    words = escape(_words(row, values))
    return (
        f'<svg viewBox="0 0 {_WIDE} {_HIGH}" role="img" aria-label="{words}">{lines}{marks}</svg>'
    )


def _drawable(row: MetricRow, values: list[float | None], first_of_this: int) -> bool:
    drawn = [value is not None for value in values]
    # A figure with another meaning must not stand on the same scale.
    comparable = all(change.movement != "unclear" for _, _, change in row.changes)
    return any(drawn[:first_of_this]) and any(drawn[first_of_this:]) and comparable


def _line(start: float, end: float, style: str) -> str:
    middle = _HIGH // 2
    return f'<line x1="{start:.1f}" x2="{end:.1f}" y1="{middle}" y2="{middle}" class="{style}"/>'


def _mark(place: float, side: str) -> str:
    size = 5 if side == "this" else 7
    return f'<circle cx="{place:.1f}" cy="{_HIGH // 2}" r="{size}" class="{side}"/>'


def _words(row: MetricRow, values: list[float | None]) -> str:
    figures = (
        figure_of(cell, None)
        for cell, value in zip(row.cells, values, strict=True)
        if cell and value is not None
    )
    return f"{row.name}：{' → '.join(figures)}"


def _value(cell: PlanTarget) -> float | None:
    low, high = bounds_of(cell.target)
    if low is not None and high is not None:
        return (low + high) / 2
    return high if low is None else low
