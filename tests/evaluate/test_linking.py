"""Errors of linking in context, on sentences whose records were counted by hand."""

from __future__ import annotations

from workplan.evaluate.linking import listing
from workplan.train.corpus import Example
from workplan.types import Span

TEXT = "县水务局年底前清淤河道6条，疏通率达到90%。"


def example(*targets: dict[str, object]) -> Example:
    places = (("县水务局", "ORG"), ("年底前", "DEADLINE"), ("清淤", "ACTION"), ("河道", "METRIC"))
    places += (("6条", "QUANTITY"), ("疏通率", "METRIC"), ("90%", "QUANTITY"))
    spans = [
        Span(TEXT.index(words), TEXT.index(words) + len(words), label) for words, label in places
    ]
    return Example("p-001", TEXT, tuple(spans), tuple(targets))


def record(metric: str, quantity: str, value: int, unit: str) -> dict[str, object]:
    base = {"comparator": "eq", "deadline": "年底前", "quantity": quantity}
    return base | {"metric": metric, "value": value, "unit": unit}


SIX = record("河道", "6条", 6, "条")
RATE = record("疏通率", "90%", 90, "%")


def test_right_records_are_not_listed() -> None:
    assert listing([example(SIX, RATE)]) == "== linking, gold spans: 0 of 2 records"


def test_differing_cell_stands_with_its_words() -> None:
    lines = listing([example(SIX | {"metric": "河段"}, RATE)]).split("\n")
    assert lines[0] == "== linking, gold spans: 1 of 2 records"
    assert lines[1] == "p-001 6条: metric 河段 → 河道"
    assert "清淤河道【6条】，疏通率" in lines[2]


def test_surplus_and_lost_records_are_told_apart() -> None:
    lines = listing([example(SIX, record("投资", "5亿元", 500000000, "元"))]).split("\n")
    assert lines[0] == "== linking, gold spans: 2 of 2 records"
    assert any(line.startswith("p-001 5亿元: lost (投资)") for line in lines)
    assert "p-001 90%: no target, yet read as one" in lines
