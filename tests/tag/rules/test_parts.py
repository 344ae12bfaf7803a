"""The part that each verb plays in its clause."""

from __future__ import annotations

import pytest

from workplan.tag.rules import load_functions
from workplan.tag.rules.parts import read_verbs
from workplan.tag.rules.reading import Reading

load_functions()


def parts(text: str) -> dict[str, str]:
    return {verb.text: verb.part for verb in read_verbs(Reading(text))}


@pytest.mark.parametrize(
    ("text", "verb", "part"),
    [
        ("全面推进医联体建设", "推进", "head"),
        ("（一）推进医联体建设", "推进", "head"),
        ("二是推进医联体建设", "推进", "head"),
        ("各县区要推进医联体建设", "推进", "modal"),
        ("服务能力显著提升", "提升", "predicate"),
        ("服务能力提升", "提升", "change"),
        ("各科室制定年度计划", "制定", "subject"),
        ("对重点人群开展随访", "开展", "adjunct"),
        ("通过完善机制等方式推进改革", "完善", "circumstance"),
        ("通过完善机制等方式推进改革", "推进", "adjunct"),
        ("根据监测数据编制年度报告", "编制", "loose"),
        ("将健康教育纳入课程", "纳入", "disposal"),
        ("建立和完善制度", "完善", "joined"),
        ("制定方案并组织演练", "组织", "then"),
        ("发现问题及时整改", "整改", "inner"),
        ("推动企业扩大投资", "扩大", "pivot"),
        ("符合条件的医院", "符合", "relative"),
        ("对单位进行全面检查", "进行", "light"),
        ("对单位进行全面检查", "检查", "deed"),
        ("产业结构调整取得进展", "调整", "nominal"),
        ("调解成功率达到80%", "调解", "nominal"),
        ("今年计划新建学校三所", "新建", "modal"),
    ],
)
def test_part_of_a_verb(text: str, verb: str, part: str) -> None:
    assert parts(text).get(verb) == part


def test_touching_verbs_are_one() -> None:
    assert list(parts("组织开展专项检查")) == ["组织开展"]


def test_a_light_verb_takes_its_touching_deed_along() -> None:
    assert list(parts("对方案进行调整")) == ["进行调整"]


def test_verbs_inside_titles_and_names_are_not_read() -> None:
    assert list(parts("印发《关于加强管理的通知》")) == ["印发"]
    assert list(parts("开展“健康进万家”活动")) == ["开展"]


def test_a_blank_of_a_web_page_does_not_break_a_clause() -> None:
    assert parts("推进 医联体 建设")["推进"] == "head"
