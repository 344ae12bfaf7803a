"""Offsets in UTF-16 units and back, for any text."""

from __future__ import annotations

from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from workplan.annotate.offsets import OffsetError, from_units, to_units
from workplan.types import LABELS, Span

TEXT = st.text(st.sampled_from("县局“”３\u2028\u200d𠮷😀👩️é"), min_size=1, max_size=25)


@st.composite
def labelled(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """A text with flat spans."""
    text = draw(TEXT)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return text, [Span(start, end, draw(st.sampled_from(LABELS))) for start, end in pairs]


@given(labelled())
def test_what_is_sent_comes_back_equal(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    assert from_units(text, to_units(text, spans), spans) == (spans, False)


@given(labelled())
def test_units_are_those_of_utf16(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    encoded = text.encode("utf-16-le")
    for span, (start, end, _) in zip(spans, to_units(text, spans), strict=True):
        assert encoded[2 * start : 2 * end].decode("utf-16-le") == text[span.start : span.end]


@given(labelled())
def test_code_points_are_never_taken_for_units(case: tuple[str, list[Span]]) -> None:
    """Spans written in code points come back right, or are refused: never shifted."""
    text, spans = case
    written = [(span.start, span.end, span.label) for span in spans]
    with suppress(OffsetError):
        assert from_units(text, written, spans)[0] == spans
