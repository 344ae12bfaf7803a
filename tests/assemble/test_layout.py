"""A sentence's outline, its brackets and its stretches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.assemble.bracket import ASIDES, ENCLOSED, Brackets
from workplan.assemble.clause import segment_of
from workplan.assemble.layout import LETTER, Layout
from workplan.types import LABELS, Span

FULL_WIDTH = dict(zip(",;:!?()", "，；：！？（）", strict=True))


@st.composite
def spanned(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """A text and spans in it that stand apart."""
    text = draw(st.text("建设率，,(）A 1\u3000", min_size=1, max_size=30))
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    pairs = zip(edges[::2], edges[1::2], strict=False)
    return text, [Span(a, b, draw(st.sampled_from(LABELS))) for a, b in pairs]


@given(spanned())
def test_an_outline_has_each_span_as_a_letter_and_leaves_out_capitals_and_blanks(given) -> None:
    text, spans = given
    layout = Layout(text, spans)
    for start in range(len(text) + 1):
        for end in range(start, len(text) + 1):
            wanted = ""
            for at, char in enumerate(text):
                span = next((s for s in spans if s.start <= at < s.end), None)
                if span is not None and span.end - 1 == at and start <= span.start < end:
                    wanted += LETTER[span.label]
                elif span is None and start <= at < end and not (char.isspace() or char == "A"):
                    wanted += FULL_WIDTH.get(char, char)
            cut = any(s.start < edge < s.end for s in spans for edge in (start, end))
            assert cut or layout.outline(start, end) == wanted


def test_spans_outside_the_text_and_of_other_labels_are_dropped() -> None:
    spans = [Span(2, 4, "PERSON"), Span(0, 2, "ACTION"), Span(3, 9, "ORG"), Span(3, 3, "ORG")]
    layout = Layout.of("请示张三", spans)
    assert layout.spans == [Span(0, 2, "ACTION")]
    assert layout.outline(0, 4) == "A张三"


@pytest.mark.parametrize(
    ("brackets", "text", "inside"),
    [
        (ASIDES, "推进（含甲（乙））和[丙]", ["（含甲（乙））", "[丙]"]),
        (ASIDES, "推进“甲”", []),
        (ENCLOSED, "印发《甲“乙”》）", ["《甲“乙”》"]),
        (ENCLOSED, "推进（甲》乙）", ["（甲》乙）"]),
        (ENCLOSED, "（推进“甲”", []),
    ],
)
def test_outermost_brackets(brackets: Brackets, text: str, inside: list[str]) -> None:
    assert [text[start:end] for start, end in brackets.outermost(text)] == inside


@pytest.mark.parametrize(
    ("text", "stretches"),
    [
        ("补助1,200万元,支持改建。", ["补助1,200万元,", "支持改建。"]),
        ("建成3所,20日前开园", ["建成3所,", "20日前开园"]),
        ("开展普查  建立台账 按月更新", ["开展普查  ", "建立台账 按月更新"]),
        ("落实“外防，内控”策略；完善机制", ["落实“外防，内控”策略；", "完善机制"]),
        ("推进改造", ["推进改造"]),
    ],
)
def test_stretches_between_marks(text: str, stretches: list[str]) -> None:
    layout = Layout(text, [])
    places = dict.fromkeys(segment_of(layout, (at, at + 1)) for at in range(len(text)))
    assert [layout.words(place) for place in places] == stretches
