"""Errors of linking alone: records that go wrong although every span is the annotators' own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workplan.evaluate.tasks import FULL, differences
from workplan.train.corpus import Example

AROUND = 30
"""Characters of the sentence to either side of a quantity."""


def listing(examples: Sequence[Example]) -> str:
    """Every such record: its sentence's id, the cells as wanted → got, the quantity in 【】."""
    lines: list[str] = []
    errors = 0
    for example in examples:
        missing, surplus = differences(example, example.spans)
        for wanted in missing:
            got = next((r for r in surplus if r["quantity"] == wanted["quantity"]), None)
            if got is not None:
                surplus.remove(got)
            lines += _entry(example, wanted, got)
        for row in surplus:
            lines += _entry(example, None, row)
        errors += len(missing) + len(surplus)
    records = sum(len(example.targets) for example in examples)
    return "\n".join([f"== linking, gold spans: {errors} of {records} records", *lines])


def _entry(
    example: Example, wanted: Mapping[str, Any] | None, got: Mapping[str, Any] | None
) -> list[str]:
    """Two lines: what differs, and where."""
    quantity = str((wanted or got or {}).get("quantity", ""))
    if wanted is None:
        what = "no target, yet read as one"
    elif got is None:
        what = f"lost ({wanted.get('metric') or 'no metric'})"
    else:
        what = "; ".join(
            f"{cell} {_shown(wanted.get(cell))} → {_shown(got.get(cell))}"
            for cell in FULL
            if _shown(wanted.get(cell)) != _shown(got.get(cell))
        )
    at = max(0, example.text.find(quantity))
    end = at + len(quantity)
    before, after = example.text[max(0, at - AROUND) : at], example.text[end : end + AROUND]
    return [f"{example.id} {quantity}: {what}", f"      {before}【{quantity}】{after}"]


def _shown(cell: Any) -> str:
    if isinstance(cell, list | tuple):
        return "–".join(_shown(part) for part in cell)
    return f"{cell:.10g}" if isinstance(cell, int | float) else str(cell or "—")
