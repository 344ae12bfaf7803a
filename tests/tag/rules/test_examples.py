"""Every labelling function keeps the promises of its docstring."""

from __future__ import annotations

import pytest

from workplan.tag.rules import load_functions
from workplan.tag.rules.function import FUNCTIONS, LabellingFunction
from workplan.tag.rules.reading import Reading
from workplan.types import LABELS

load_functions()
EVERY = list(FUNCTIONS.values())


@pytest.mark.parametrize("function", EVERY, ids=lambda f: f.name)
def test_examples_hold(function: LabellingFunction) -> None:
    assert function.examples, "the docstring has no `Example:`"
    for text, stretches in function.examples:
        found = function(Reading(text))
        assert [text[s:e] for s, e in found] == [text[s:e] for s, e in stretches], text
        assert found == stretches, text


@pytest.mark.parametrize("function", EVERY, ids=lambda f: f.name)
def test_counter_examples_hold(function: LabellingFunction) -> None:
    assert function.counter_examples, "the docstring has no `Counter-example:`"
    for text in function.counter_examples:
        assert [text[s:e] for s, e in function(Reading(text))] == [], text


@pytest.mark.parametrize("label", LABELS)
def test_several_functions_vote_on_each_label(label: str) -> None:
    for_it = [f for f in EVERY if f.label == label and not f.negative]
    assert len(for_it) >= 5
    assert any(f.negative for f in EVERY if f.label == label)
