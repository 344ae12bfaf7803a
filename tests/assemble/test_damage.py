"""Damage in a task's words is told of, once, and never where the words are sound."""

from __future__ import annotations

import pytest

from workplan.assemble.damage import damage_in


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("建成x平台", "x平台"),
        ("就诊率提高到xx.xx%以上", "xx.xx%以"),
        ("构建“乡~~市”转诊网络", "乡~~市"),
        ("新建泵站□座", "站□座"),
    ],
)
def test_damage_is_named(words: str, named: str) -> None:
    (reason,) = damage_in(words, "")
    assert named in reason


def test_what_a_doubt_names_already_is_not_told_twice() -> None:
    assert not list(damage_in("新建泵站x座", "目标值：数字被遮盖（x座），请查原文"))


@pytest.mark.parametrize("words", ["推进5G应用", "使用X光机", "建设iXun平台", "工期2—3个月"])
def test_sound_words_raise_no_doubt(words: str) -> None:
    assert not list(damage_in(words, ""))
