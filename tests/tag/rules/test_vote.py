"""The vote: spans are sound whatever the text, and weights decide as computed by hand."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workplan.errors import UserError
from workplan.tag.rules import RulesLabeller
from workplan.tag.rules.vote import STATES, HiddenMarkovVote, Model
from workplan.types import LABELS, Span

PIECES = (
    "推进|建成|组织开展|市卫健委|各县（市、区）|医院|覆盖率|达到|85%以上|新增|3家|12月底前|2025年"
    "|，|。|、|（|）|“|”|《|》|的|和|xx.x%|今年|到|不少于|对|将|要|等|\n|🀄|A"
)
TEXTS = st.lists(st.lists(st.sampled_from(PIECES.split("|")), max_size=14).map("".join), max_size=4)


@pytest.mark.parametrize("vote", ["hmm", "majority"])
def test_spans_are_sorted_within_the_text_and_flat(vote: str) -> None:
    labeller = RulesLabeller(vote)

    @settings(max_examples=60, deadline=None)
    @given(TEXTS)
    def check(texts: list[str]) -> None:
        found = labeller.label(texts)
        assert len(found) == len(texts)
        for text, spans in zip(texts, found, strict=True):
            assert all(0 <= s.start < s.end <= len(text) for s in spans)
            assert all(left.end <= right.start for left, right in pairwise(spans))
            assert all(0 < s.confidence <= 1 and s.label in LABELS for s in spans)
            assert not any("，" in text[s.start : s.end] for s in spans)

    check()


def test_a_sentence_is_labelled_alike_alone_and_in_company() -> None:
    text = "推动临江区、白石县12月底前新建标准化学校6所，入学率达到98%以上。"
    labeller = RulesLabeller()
    alone = labeller.label([text])[0]
    together = labeller.label(["", "做好工作。", text, text * 3])[2]
    assert alone == together
    assert [s.confidence for s in alone] == [s.confidence for s in together]


def test_a_text_of_any_length_is_labelled_by_pieces() -> None:
    sentence = "推进城乡供水一体化，新建水厂3座。"
    labeller = RulesLabeller()
    once = [(s.start, s.end, s.label) for s in labeller.label([sentence])[0]]
    many = [(s.start, s.end, s.label) for s in labeller.label([sentence * 200])[0]]
    size = len(sentence)
    assert many == [(s + k * size, e + k * size, x) for k in range(200) for s, e, x in once]


@pytest.mark.parametrize("noise", ["1", "（", "市", "“", "、", "推进", "3,", "各县（市、", "x"])
def test_noise_without_a_mark_takes_no_longer_than_text(noise: str) -> None:
    RulesLabeller().label([noise * 3000])  # the suite's time limit is the assertion


def test_a_plan_sentence_in_full() -> None:
    text = "推动临江区、白石县12月底前新建标准化学校6所，入学率达到98%以上。"
    found = [(text[s.start : s.end], s.label) for s in RulesLabeller().label([text])[0]]
    assert found == [
        ("推动", "ACTION"),
        ("临江区", "ORG"),
        ("白石县", "ORG"),
        ("12月底前", "DEADLINE"),
        ("新建", "ACTION"),
        ("标准化学校", "METRIC"),
        ("6所", "QUANTITY"),
        ("入学率", "METRIC"),
        ("98%以上", "QUANTITY"),
    ]


def _model(precision_of_known_body: float) -> Model:
    """A model of one function. O follows O nine times of ten; a body is known in state ORG with
    the given probability, and outside with the rest."""
    begin, on = STATES.index("B-ORG"), STATES.index("I-ORG")
    transition = np.full((len(STATES), len(STATES)), 1e-9)
    transition[0, 0], transition[0, begin] = 0.9, 0.1
    transition[begin, on], transition[begin, 0] = 0.9, 0.1
    transition[on, on], transition[on, 0] = 0.5, 0.5
    initial = np.full(len(STATES), 1e-9)
    initial[0], initial[begin] = 0.9, 0.1
    said = np.full((len(STATES), 3), 1e-9)
    p = precision_of_known_body
    said[0] = [p, (1 - p) / 2, (1 - p) / 2]
    said[begin], said[on] = [1 - p, p, 1e-9], [1 - p, 1e-9, p]
    return Model(initial, transition, {"known_body": said})


def test_a_trusted_function_is_followed_and_a_bad_one_is_not() -> None:
    text = "财政部通知"
    trusted = HiddenMarkovVote(_model(0.99)).combine([text])
    # by hand: outside, 0.05 each for what it says; inside, 0.1 * 0.9 * 0.5 of moves and 0.99 each
    assert trusted == [[Span(0, 3, "ORG")]]
    assert trusted[0][0].confidence > 0.99
    assert HiddenMarkovVote(_model(0.2)).combine([text]) == [[]]


def test_a_model_comes_back_from_its_file(tmp_path: Path) -> None:
    model = _model(0.9)
    model.save(tmp_path / "vote.json", "a note")
    again = Model.load(tmp_path / "vote.json")
    assert np.allclose(again.initial, model.initial)
    assert np.allclose(again.transition, model.transition)
    assert np.allclose(again.emission["known_body"], model.emission["known_body"])


def test_a_vote_for_functions_that_are_gone_is_refused(tmp_path: Path) -> None:
    model = _model(0.9)
    stale = Model(model.initial, model.transition, {"gone": model.emission["known_body"]})
    stale.save(tmp_path / "vote.json", "")
    with pytest.raises(UserError, match="workplan rules fit"):
        Model.load(tmp_path / "vote.json")


def test_the_shipped_vote_knows_every_function() -> None:
    from workplan import resources
    from workplan.tag.rules.function import FUNCTIONS

    model = Model.load(resources.model("rules") / "vote.json")
    assert set(model.emission) == set(FUNCTIONS)
    assert np.allclose(model.transition.sum(axis=1), 1, atol=1e-3)


def test_labelling_imports_nothing_that_only_training_needs() -> None:
    code = (
        "import sys; from workplan.tag import get_labeller;"
        "get_labeller('rules').label(['推进改革。']);"
        "print([m for m in ('skweak', 'spacy', 'scipy', 'pandas', 'torch') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
