"""Choosing a labeller, and one way to settle overlaps."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.errors import UserError
from workplan.tag import get_labeller, resolve
from workplan.types import LABELS, Span

SPANS = st.lists(
    st.builds(
        lambda start, length, label, sure: Span(start, start + length, label, sure),
        st.integers(0, 20),
        st.integers(1, 6),
        st.sampled_from(LABELS),
        st.sampled_from([0.5, 0.9, 1.0]),
    ),
    max_size=12,
)


@given(SPANS)
def test_resolved_spans_are_sorted_and_never_overlap(spans: list[Span]) -> None:
    kept = resolve(spans)
    assert all(left.end <= right.start for left, right in pairwise(kept))
    assert set(kept) <= set(spans)


@given(SPANS)
def test_every_dropped_span_lost_to_one_that_was_kept(spans: list[Span]) -> None:
    kept = resolve(spans)
    for span in spans:
        assert any(span.start < other.end and other.start < span.end for other in kept)


def test_labels_win_in_their_order_at_equal_standing() -> None:
    contest = [Span(0, 4, label) for label in reversed(LABELS)]
    assert resolve(contest) == [Span(0, 4, "DEADLINE")]


def test_confidence_comes_before_the_order_of_labels() -> None:
    assert resolve([Span(0, 4, "DEADLINE", 0.4), Span(2, 6, "ACTION", 0.8)]) == [
        Span(2, 6, "ACTION")
    ]


def test_the_longer_of_two_equals_stays() -> None:
    assert resolve([Span(0, 2, "ORG"), Span(0, 5, "ORG")]) == [Span(0, 5, "ORG")]


def test_rules_are_always_there() -> None:
    assert get_labeller("rules").name == "rules"


def test_an_unknown_labeller_is_named_with_a_remedy() -> None:
    with pytest.raises(UserError, match=r"'no-such-labeller'(.|\n)*rules always works"):
        get_labeller("no-such-labeller")


def test_a_folder_without_a_model_is_no_labeller(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no labeller"):
        get_labeller(str(tmp_path))
