"""Whatever the text, sentences cover it in order and give back its characters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.segment import segment
from workplan.types import Plan

LINES = st.lists(
    st.text(
        alphabet="一二三四五、（）().1234是要 \u3000\t第章建设甲乙丙，。；：“”《》附件", max_size=40
    )
    | st.sampled_from(["一、总体要求", "（一）建网络", "1.建网络。" + "甲" * 30 + "。", "附件："]),
    max_size=12,
)


@given(lines=LINES, rows=st.sets(st.integers(0, 11)))
def test_sentences_cover_the_text(
    plan_of: Callable[..., Plan], lines: list[str], rows: set[int]
) -> None:
    plan = plan_of("\n".join(lines), rows=rows)
    sentences = segment(plan)
    end = 0
    for sentence in sentences:
        assert sentence.start >= end
        assert plan.text[end : sentence.start].strip() == ""
        assert sentence.text == plan.text[sentence.start : sentence.end] == sentence.text.strip()
        assert sentence.text
        assert sentence.paragraph == plan.text.count("\n", 0, sentence.start)
        assert (sentence.kind == "row") == (sentence.paragraph in rows)
        end = sentence.end
    assert plan.text[end:].strip() == ""


def test_a_section_is_reported_in_the_plan_s_own_script(plan_of: Callable[..., Plan]) -> None:
    text = "一、加強醫療服務\n擴大服務供給，年內新增護理床位四千張，惠及更多老人。"
    plan = replace(
        plan_of(text),
        view=text.translate(str.maketrans("強醫療務擴給內張護", "强医疗务扩给内张护")),
    )
    heading, sentence = segment(plan)
    assert sentence.section == ("一、加強醫療服務",)
    assert sentence.text.startswith("擴大")
    assert sentence.view.startswith("扩大")


def test_no_text_has_no_sentences(plan_of: Callable[..., Plan]) -> None:
    assert segment(plan_of("")) == []
    assert segment(plan_of("\n \n")) == []


@pytest.mark.parametrize(
    ("name", "sections"),
    [
        ("chengdu2017", 6 + 25),
        ("fuzhou2021", 10 + 35),
        ("zhejiang2020", 4 + 26),
        ("qingdao2021", 5 + 3 + 7 + 4 + 7 + 6),
        # Clauses numbered 一是…二是… within a paragraph are not counted: 一 and 四 have them.
        ("lucheng20xx", 4 + 8 + 4),
    ],
)
def test_every_section_of_a_real_plan_is_found(shared: Path, name: str, sections: int) -> None:
    """The counts are the numbered headings that a reader finds in the original."""
    from workplan.read import read_plan

    paths = {s.section for s in segment(read_plan(shared / "plans" / f"{name}.txt"))}
    assert len({path[:depth] for path in paths for depth in range(1, len(path) + 1)}) == sections
