"""Span scores on a case counted by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.evaluate import spans as scores
from workplan.evaluate.strict import strict_f1
from workplan.train.corpus import Example
from workplan.types import LABELS, Span

# Gold: three spans. Found: one right, one with a wrong edge, one with a wrong label, one made up.
EXAMPLES = [
    Example("a-1", "市水务局年内清淤河道六条", (Span(0, 4, "ORG"), Span(6, 8, "ACTION")), plan="a"),
    Example("b-1", "河道六条", (Span(2, 4, "QUANTITY"),), plan="b"),
]
FOUND = [
    [Span(0, 4, "ORG", 0.9), Span(4, 6, "DEADLINE", 0.6), Span(6, 9, "ACTION", 0.5)],
    [Span(2, 4, "METRIC", 0.8)],
]


@st.composite
def _flat(draw: st.DrawFn) -> tuple[Span, ...]:
    """Up to four spans within 12 characters, none overlapping another."""
    cuts = sorted(draw(st.sets(st.integers(0, 12), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return tuple(Span(a, b, draw(st.sampled_from(LABELS))) for a, b in pairs)


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


def test_spans_that_touch_do_not_overlap() -> None:
    """Two spans side by side, one of them found: half of gold, all of what was found."""
    example = Example("p-1", "加强管理", (Span(0, 2, "ACTION"), Span(2, 4, "METRIC")), plan="p")
    for found in (Span(0, 2, "ACTION"), Span(2, 4, "METRIC")):
        micro = scores.lenient([example], [[found]])["micro"]
        assert all(micro[kind] == pytest.approx(2 / 3) for kind in micro)


@given(st.lists(st.tuples(_flat(), _flat()), min_size=1, max_size=3))
def test_nervaluate_counts_strictly_as_we_do(pairs) -> None:
    examples = [Example(f"p-{n}", "字" * 12, gold, plan="p") for n, (gold, _) in enumerate(pairs)]
    found = [spans for _, spans in pairs]
    theirs, ours = scores.lenient(examples, found), scores.by_label(examples, found)
    for name, counts in ours.items():
        assert theirs[name]["strict"] == pytest.approx(counts.f1)


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
