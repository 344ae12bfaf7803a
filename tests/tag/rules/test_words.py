"""Words cover their sentence; context tells a verb from a verbal noun."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.tag.rules.words import read_words

TEXT = st.text(
    st.sampled_from("推进医疗卫生体制改革县2021年底前3.5%，。（）“”x A\u3000龘🀄"), max_size=60
)


@given(TEXT | st.text(max_size=30))
def test_words_cover_the_text_without_gaps(text: str) -> None:
    words = read_words(text) if text else []
    assert "".join(word.text for word in words) == text
    assert all(left.end == right.start for left, right in pairwise(words))
    assert all(text[word.start : word.end] == word.text for word in words)


@pytest.mark.parametrize(
    ("text", "word", "tag"),
    [
        ("建设三所学校", "建设", "v"),
        ("加强能力建设", "建设", "vn"),
        ("培训骨干医师", "培训", "vn"),
        ("组织业务培训", "培训", "vn"),
        ("全面推进改革", "推进", "v"),
        ("覆盖率达到85%", "85%", "m"),
    ],
)
def test_parts_of_speech_follow_the_context(text: str, word: str, tag: str) -> None:
    assert tag in [w.tag for w in read_words(text) if w.text == word]


def test_a_verb_that_was_never_counted_as_one_may_still_head_a_clause() -> None:
    assert [w.tag for w in read_words("健全长效机制") if w.text == "健全"] == ["v"]
