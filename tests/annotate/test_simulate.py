"""The simulated curve: its annotators, its arithmetic, and one short run of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odd_sentences import odd_sentences

from workplan.annotate import simulate
from workplan.annotate.annotator import Annotator
from workplan.annotate.simulate import Point, curve, sentences_for, table
from workplan.train.settings import Settings
from workplan.types import Span

RATES = st.floats(0, 1)


@given(RATES, RATES, RATES)
def test_annotators_draw_flat_spans_within_the_text(a: float, b: float, c: float) -> None:
    person = Annotator("li", a, b, c)
    for example in odd_sentences(20):
        spans = person.answer(example.text, example.spans)
        assert spans == person.answer(example.text, example.spans)
        ends = [0, *(end for span in spans for end in (span.start, span.end))]
        assert ends == sorted(ends)
        assert ends[-1] <= len(example.text)


def test_a_faultless_annotator_gives_gold() -> None:
    for example in odd_sentences(5):
        assert Annotator("li").answer(example.text, example.spans) == example.spans


def test_sentences_needed_are_read_between_points() -> None:
    line = [(50, 0.4), (100, 0.6), (200, 0.7)]
    assert sentences_for(line, 0.4) == 50
    assert sentences_for(line, 0.5) == pytest.approx(75)
    assert sentences_for(line, 0.65) == pytest.approx(150)
    assert sentences_for(line, 0.71) is None


def test_curve_is_the_mean_over_seeds() -> None:
    points = [
        Point("random", 1, 50, 0.4), Point("random", 2, 50, 0.6),
        Point("random", 1, 100, 0.7), Point("random", 2, 100, 0.7),
        Point("uncertain", 1, 50, 0.5), Point("uncertain", 1, 100, 0.9),
    ]  # fmt: skip
    assert curve(points)["random"] == [(50, pytest.approx(0.5)), (100, pytest.approx(0.7))]
    shown = table(points).split("\n")
    assert shown[0].split() == ["sentences", "random", "uncertain", "uncertain", "needs"]
    # 0.7 lies halfway between 0.5 at 50 and 0.9 at 100.
    assert shown[2].split() == ["100", "0.700", "0.900", "75"]


class _Knows:
    """In place of a trained model: right on the sentences it was taught, blind to the rest."""

    name = "knows"

    def __init__(self, settings: Settings, taught: list, dev: list) -> None:
        self.known = {example.text: list(example.spans) for example in taught}

    def label(self, views: list[str]) -> list[list[Span]]:
        unsure = [Span(0, 1, "ORG", 0.1)]
        return [self.known.get(v, unsure if "泵站" in v else []) for v in views]


def test_the_loop_chooses_by_the_model_and_never_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(simulate, "Learner", _Knows)
    pool = odd_sentences(60)
    ways, sizes, li = ["random", "uncertain"], [10, 30, 90], Annotator("li")
    points = list(
        simulate.simulate(
            Settings(), pool, [], pool, ways=ways, sizes=sizes, seeds=[1], annotator=li
        )
    )
    assert [(p.way, p.sentences) for p in points] == [
        ("random", 10), ("random", 30), ("random", 60),
        ("uncertain", 10), ("uncertain", 30), ("uncertain", 60),
    ]  # fmt: skip
    # All sixty are known in the end only if none was asked for twice.
    assert points[2].f1 == points[5].f1 == 1.0
