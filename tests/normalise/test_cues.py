"""What is looked for first, because it is quick, stands in all that is looked for after it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workplan.normalise import role
from workplan.normalise.numerals import _MAY_FOLD, fold_width
from workplan.normalise.vocabulary import vocabulary

CUES = [
    (vocabulary().bound, vocabulary().distant_before),
    (vocabulary().bound, vocabulary().of_the_before),
    (vocabulary().bound, vocabulary().ceiling_before),
    (role._patterns()["word"], role._patterns()["before"]),
]


@pytest.mark.parametrize(("cue", "pattern"), CUES, ids=["distant", "of the", "ceiling", "role"])
@settings(max_examples=30)
@given(data=st.data())
def test_cue(cue: re.Pattern[str], pattern: re.Pattern[str], data: st.DataObject) -> None:
    words = data.draw(st.from_regex(pattern))
    first, match = cue.search(words), pattern.search(words)
    assert first
    assert match
    assert first.start() <= match.start()


def test_what_is_not_folded_folds_to_itself() -> None:
    every = "".join(map(chr, range(0x110000)))
    assert all(fold_width(f"Ａ{char}")[1] == char for char in _MAY_FOLD.sub("", every))
