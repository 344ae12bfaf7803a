"""Every character of the clean text stands in the source; what went is accounted for."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.errors import FileError
from workplan.read import fold, plan_from_text, read_plan
from workplan.read.sheet import BREAKS
from workplan.types import Plan

PIECES = st.sampled_from(
    (
        *(
            "一、",
            "（一）",
            "1.",
            "2021年",
            "市卫健委",
            "，",
            "。",
            "；",
            "加强",
            "衛生",
            "要点",
            "工作计划",
        ),
        *("\n", "\r\n", "\r", "\u2028", "\x85", " ", "\u3000", "\t", "|"),
        *(
            "来源：",
            "发布日期：",
            "分享到：",
            "附件",
            "各县局：",
            "印发给你们",
            "关于印发",
            "的通知",
        ),
        *("2021年3月29日", "2021329日", "云民〔2023〕5号", "云溪县民政局", "— 3 —", "目录"),
        *(
            "( wWw.a.cOm 转载请注明 )",
            "无码",
            "人妻",
            "毛片|",
            "(shè)",
            "&nbsp;",
            "\u200b",
            "\ue004",
            "\x00",
        ),
    )
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=60).map("".join))


def assert_accounted_for(plan: Plan) -> None:
    assert plan.origin.shape == (len(plan.text),)
    assert plan.origin.dtype == np.int32
    assert (np.diff(plan.origin) > 0).all()
    assert plan.view == fold(plan.text)
    for char, place in zip(plan.text, plan.origin.tolist(), strict=True):
        assert char == plan.source[place] or (char == "\n" and plan.source[place] in BREAKS)
    kept, at, removed = set(plan.origin.tolist()), 0, set()
    for start, end, why in plan.removed:
        assert at <= start < end <= len(plan.source)
        assert why
        at = end
        removed.update(range(start, end))
    assert not kept & removed
    for place, char in enumerate(plan.source):
        assert char.isspace() or place in kept or place in removed
    assert all(0 <= row <= plan.text.count("\n") for row in plan.rows)


@given(TEXTS)
def test_any_text(text: str) -> None:
    try:
        plan = plan_from_text(text)
    except FileError:  # nothing is left of it
        return
    assert plan.source == text
    assert_accounted_for(plan)


@pytest.mark.parametrize("suffix", ["txt", "html", "docx", "pdf"])
def test_every_sample(samples: Path, suffix: str) -> None:
    for path in samples.glob(f"*.{suffix}"):
        assert_accounted_for(read_plan(path))


def test_reading_a_file_is_reading_its_text(
    plan_text: str, write: Callable[[str, bytes], Path]
) -> None:
    plan = read_plan(write("plan.txt", plan_text.encode("gb18030")))
    assert plan.source == plan_text
    assert plan.text == plan_from_text(plan_text).text


def test_the_digest_is_of_the_files_bytes(
    plan_text: str, write: Callable[[str, bytes], Path]
) -> None:
    import hashlib

    data = plan_text.encode("gb18030")
    assert read_plan(write("a.txt", data)).digest == hashlib.sha256(data).hexdigest()
