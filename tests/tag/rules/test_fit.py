"""Training the vote on sentences of our own."""

from __future__ import annotations

import re

import numpy as np
import pytest

from workplan.tag.rules import load_functions
from workplan.tag.rules.fit import draw, fit, states_of
from workplan.tag.rules.function import FUNCTIONS
from workplan.tag.rules.vote import STATES, HiddenMarkovVote
from workplan.types import Span

load_functions()
TEXTS = [
    "推进城乡供水一体化，新建水厂3座。",
    "加强校园安全管理，排查隐患120处。",
    "市交通局要在6月底前完成桥梁检测。",
    "覆盖率达到90%以上，完善监测网络。",
    "建立健全长效机制，做好信访工作。",
    "指导各县（市、区）教育局开展督导，新增学位5000个。",
] * 2


def test_without_gold_functions_learn_from_their_agreement(
    capsys: pytest.CaptureFixture[str],
) -> None:
    model = fit(TEXTS)
    assert set(model.emission) == set(FUNCTIONS)
    assert np.allclose(model.initial.sum(), 1)
    assert capsys.readouterr().out == ""
    text = "加强河道管理，新建泵站2座。"
    found = {(text[s.start : s.end], s.label) for s in HiddenMarkovVote(model).combine([text])[0]}
    assert {("加强", "ACTION"), ("2座", "QUANTITY")} <= found


def test_gold_teaches_whom_to_trust() -> None:
    outside, begins = STATES.index("O"), 1
    figures = [(text, _figures(text)) for text in TEXTS]
    right = fit(TEXTS, figures)
    wrong = fit(TEXTS, [(text, []) for text in TEXTS])
    assert right.emission["counted"][outside, begins] < 0.01
    assert wrong.emission["counted"][outside, begins] > 0.03
    assert right.temperature >= 1


def _figures(text: str) -> list[Span]:
    return [Span(*m.span(), "QUANTITY") for m in re.finditer(r"\d+(?:座|处|个|%以上)", text)]


def test_states_of_spans() -> None:
    states = states_of(6, [Span(1, 3, "ORG"), Span(3, 4, "ACTION")])
    assert [STATES[state] for state in states] == ["O", "B-ORG", "I-ORG", "B-ACTION", "O", "O"]


def test_a_draw_is_the_same_every_time_and_no_longer_than_asked() -> None:
    sentences = [str(number) for number in range(100)]
    assert draw(sentences, 10) == draw(sentences, 10)
    assert len(set(draw(sentences, 10))) == 10
    assert draw(sentences[:3], 10) == sentences[:3]
