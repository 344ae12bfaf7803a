"""Span scores on a case counted by hand."""

from __future__ import annotations

import pytest

from workplan.evaluate import spans as scores
from workplan.evaluate.strict import strict_f1
from workplan.train.corpus import Example
from workplan.types import Span

# Gold: three spans. Found: one right, one with a wrong edge, one with a wrong label, one made up.
EXAMPLES = [
    Example("a-1", "市水务局年内清淤河道六条", (Span(0, 4, "ORG"), Span(6, 8, "ACTION")), plan="a"),
    Example("b-1", "河道六条", (Span(2, 4, "QUANTITY"),), plan="b"),
]
FOUND = [
    [Span(0, 4, "ORG", 0.9), Span(4, 6, "DEADLINE", 0.6), Span(6, 9, "ACTION", 0.5)],
    [Span(2, 4, "METRIC", 0.8)],
]


def test_strict_counts() -> None:
    counts = scores.by_label(EXAMPLES, FOUND)
    assert (counts["ORG"].right, counts["ORG"].gold, counts["ORG"].predicted) == (1, 1, 1)
    assert counts["ACTION"].f1 == 0
    # 1 right of 3 gold and 4 found: F1 = 2/7.
    assert counts["micro"].f1 == pytest.approx(2 / 7)
    assert strict_f1([e.spans for e in EXAMPLES], FOUND) == pytest.approx(2 / 7)


def test_plans_are_counted_apart() -> None:
    by_plan = scores.by_group(EXAMPLES, FOUND, lambda example: example.plan)
    assert by_plan["a"].f1 == pytest.approx(2 / 5)
    assert by_plan["b"].f1 == 0


def test_confusion_tells_edges_labels_and_inventions_apart() -> None:
    table = scores.confusion(EXAMPLES, FOUND)
    assert table["ORG"] == {"ORG": 1}
    assert table["ACTION"] == {"edges": 1}
    assert table["QUANTITY"] == {"METRIC": 1}
    assert table["none"] == {"DEADLINE": 1}


def test_lenient_scores_forgive_what_they_say() -> None:
    table = scores.lenient(EXAMPLES, FOUND)
    assert table["ACTION"]["strict"] == 0
    assert table["ACTION"]["ent_type"] == 1
    assert table["ACTION"]["partial"] == pytest.approx(0.5)


def test_calibration_error_of_two_bins_by_hand() -> None:
    # One span at 0.9 and right: gap 0.1. Three at 0.8, 0.6, 0.5 and wrong: gaps of themselves.
    assert scores.calibration_error(EXAMPLES, FOUND) == pytest.approx((0.1 + 0.8 + 0.6 + 0.5) / 4)


def test_an_interval_holds_its_score() -> None:
    interval = scores.intervals(EXAMPLES, FOUND, draws=200)["micro"]
    assert interval.low <= interval.value <= interval.high
    assert interval.value == pytest.approx(2 / 7)


def test_worst_sentence_comes_first() -> None:
    ranked = scores.worst(EXAMPLES, FOUND)
    assert [row[1].id for row in ranked] == ["a-1", "b-1"]
