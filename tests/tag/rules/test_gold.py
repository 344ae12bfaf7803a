"""The rules on the real sentences beside the repository: floors that must not be lost."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from workplan.read import fold
from workplan.tag.rules import RulesLabeller

FLOORS = {
    "dev": {"micro": 0.80, "QUANTITY": 0.88, "ACTION": 0.84, "ORG": 0.62},
    "train": {"micro": 0.82, "QUANTITY": 0.95, "ACTION": 0.84, "DEADLINE": 0.75},
}


@pytest.mark.parametrize("name", FLOORS)
def test_strict_scores_hold(shared: Path, name: str) -> None:
    lines = (shared / "gold" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    found = RulesLabeller().label([fold(row["text"]) for row in rows])
    right, gold, given = Counter[str](), Counter[str](), Counter[str]()
    for row, spans in zip(rows, found, strict=True):
        truth = {tuple(span) for span in row["spans"]}
        guess = {(s.start, s.end, s.label) for s in spans}
        for counter, some in ((right, truth & guess), (gold, truth), (given, guess)):
            counter.update(label for _, _, label in some)
            counter["micro"] += len(some)
    for label, floor in FLOORS[name].items():
        assert 2 * right[label] / (gold[label] + given[label]) >= floor, label
