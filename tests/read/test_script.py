"""The view: simplified, half-width, one character for one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.read import fold
from workplan.read.script import unified


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("推進醫療衛生機構", "推进医疗卫生机构"),
        ("２０２１年達到８５％", "2021年达到85%"),
        ("（一）加强，完善；", "（一）加强，完善；"),  # Chinese punctuation is text
        ("①Ⅲ级㎡½", "①Ⅲ级㎡½"),  # list marks and units are not figures
        ("１．ＡＰＰ－２", "1.APP-2"),
        ("\u3000全市\xa0", " 全市 "),
        ("人⺠⼯作⻓期", "人民工作长期"),  # what PDF fonts put for 民 工 长
    ],
)
def test_fold(text: str, view: str) -> None:
    assert fold(text) == view


@given(st.text())
def test_fold_is_one_to_one_and_settled(text: str) -> None:
    view = fold(text)
    assert len(view) == len(text)
    assert fold(view) == view


@given(st.text(), st.text())
def test_fold_looks_at_one_character_at_a_time(left: str, right: str) -> None:
    assert fold(left + right) == fold(left) + fold(right)


def test_unified_leaves_traditional_script_alone() -> None:
    assert unified("⼯作，醫療，８") == "工作，醫療，８"
