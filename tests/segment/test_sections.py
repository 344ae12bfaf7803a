"""Headings open sections; what is a task stays a sentence."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from workplan.segment import segment
from workplan.segment.markers import STYLES, read_marker
from workplan.types import Plan, Sentence

PlanOf = Callable[..., Plan]

BODY = "各单位要细化措施，落实到具体岗位和具体人员，按季度报告进展情况。"


@pytest.mark.parametrize(
    ("view", "style", "words"),
    [
        ("第一部分 总体思路", "第一部分", "总体思路"),
        ("第三章　重点任务", "第一章", "重点任务"),
        ("第2节 保障措施", "第一节", "保障措施"),
        ("十二、加强领导", "一、", "加强领导"),
        ("（十二）加强领导", "（一）", "加强领导"),
        ("(三)、加强领导", "（一）", "加强领导"),
        ("㈡加强领导", "（一）", "加强领导"),
        ("12.加强领导", "1.", "加强领导"),
        ("12．加强领导", "1.", "加强领导"),
        ("3、 加强领导", "1.", "加强领导"),
        ("⒊加强领导", "1.", "加强领导"),
        ("（3）加强领导", "（1）", "加强领导"),
        ("(3)加强领导", "（1）", "加强领导"),
        ("3）加强领导", "1）", "加强领导"),
        ("③加强领导", "①", "加强领导"),
        ("二是加强领导", "一是", "加强领导"),
        ("二要加强领导", "一是", "加强领导"),
        ("第二，加强领导", "一是", "加强领导"),
    ],
)
def test_reads_numbering(view: str, style: str, words: str) -> None:
    marker = read_marker(view)
    assert marker is not None
    assert STYLES[marker.rank][0] == style
    assert view[marker.length :] == words


@pytest.mark.parametrize(
    "view",
    [
        "1.5万名群众受益",
        "2024.3.15印发",
        "110、120、119三台合一",
        "三、四级手术占比提高",
        "一季度完成投资3亿元",
        "第一批项目开工",
        "（试行）",
        "（2024）12号",
        "一体化推进",
    ],
)
def test_figures_are_no_numbering(view: str) -> None:
    assert read_marker(view) is None


def outline(plan: Plan) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(s.kind, s.text, s.section) for s in segment(plan)]


def find(plan: Plan, text: str) -> Sentence:
    (sentence,) = [s for s in segment(plan) if s.text == text]
    return sentence


def test_a_path_holds_every_heading_above(plan_of: PlanOf) -> None:
    plan = plan_of(
        "某县2024年工作要点\n"
        "一、扩大供给\n（一）补齐短板\n1.新建校舍。" + BODY + "\n"
        "（二）优化布局\n" + BODY + "\n二、建强队伍\n" + BODY
    )
    assert outline(plan) == [
        ("heading", "某县2024年工作要点", ()),
        ("heading", "一、扩大供给", ()),
        ("heading", "（一）补齐短板", ("一、扩大供给",)),
        ("heading", "1.新建校舍。", ("一、扩大供给", "（一）补齐短板")),
        ("sentence", BODY, ("一、扩大供给", "（一）补齐短板", "1.新建校舍")),
        ("heading", "（二）优化布局", ("一、扩大供给",)),
        ("sentence", BODY, ("一、扩大供给", "（二）优化布局")),
        ("heading", "二、建强队伍", ()),
        ("sentence", BODY, ("二、建强队伍",)),
    ]


def test_levels_may_be_skipped_and_numbers_run_on(plan_of: PlanOf) -> None:
    plan = plan_of(f"一、扩大供给\n1.新建校舍。{BODY}\n二、建强队伍\n2.招聘教师。{BODY}")
    assert find(plan, "2.招聘教师。").section == ("二、建强队伍",)
    assert segment(plan)[-1].section == ("二、建强队伍", "2.招聘教师")


def test_a_paragraph_without_number_stays_in_its_section(plan_of: PlanOf) -> None:
    plan = plan_of(f"一、扩大供给\n1.新建校舍。{BODY}\n同步改造食堂。")
    assert find(plan, "同步改造食堂。").section == ("一、扩大供给", "1.新建校舍")


def test_items_of_a_list_are_sentences(plan_of: PlanOf) -> None:
    plan = plan_of(f"一、重点任务\n1.新建校舍\n2.改造食堂。\n3.招聘教师；\n{BODY}")
    kinds = {s.text: (s.kind, s.section) for s in segment(plan)}
    assert kinds["1.新建校舍"] == ("sentence", ("一、重点任务",))
    assert kinds["2.改造食堂。"] == ("sentence", ("一、重点任务",))
    assert kinds["3.招聘教师；"] == ("sentence", ("一、重点任务",))
    assert kinds[BODY] == ("sentence", ("一、重点任务",))


@pytest.mark.parametrize(
    "opening",
    [
        pytest.param("1.新建公办幼儿园6所。", id="states a figure"),
        pytest.param("1.新建幼儿园x所。", id="states a masked figure"),
        pytest.param("1.修订《校车管理办法》。", id="names a paper to be written"),
    ],
)
def test_an_opening_that_is_a_task_heads_its_section_as_a_sentence(
    plan_of: PlanOf, opening: str
) -> None:
    plan = plan_of(opening + BODY)
    assert [(s.kind, s.section) for s in segment(plan)] == [
        ("sentence", (opening.rstrip("。"),)),
        ("sentence", (opening.rstrip("。"),)),
    ]


@pytest.mark.parametrize("name", ["“1+3”工程", "2024年度计划", "建校100周年活动"])
def test_numbers_inside_names_do_not_make_a_heading_a_task(plan_of: PlanOf, name: str) -> None:
    assert segment(plan_of(f"1.推进{name}。{BODY}"))[0].kind == "heading"


def test_a_task_with_only_its_responsible_body_is_no_heading(plan_of: PlanOf) -> None:
    plan = plan_of("1.推进食堂改造。（责任单位：后勤科）\n2.推进宿舍改造。\n责任单位：后勤科")
    assert [s.kind for s in segment(plan)] == ["sentence"] * 4


def test_a_body_may_end_with_its_responsible_body(plan_of: PlanOf) -> None:
    plan = plan_of("（一）夯实网底\n改建卫生院9所。（责任处室：基层处）\n（二）改善服务\n" + BODY)
    assert find(plan, "（一）夯实网底").kind == "heading"
    assert find(plan, "（责任处室：基层处）").section == ("（一）夯实网底",)


def test_a_long_numbered_statement_lends_its_number_only(plan_of: PlanOf) -> None:
    statement = "（一）完成全县学校布局规划的终期评估，并向社会广泛宣传近年来取得的各项成就。"
    plan = plan_of(f"一、编制规划\n{statement}{BODY}")
    assert [(s.kind, s.section) for s in segment(plan)][1:] == [
        ("sentence", ("一、编制规划", "（一）")),
        ("sentence", ("一、编制规划", "（一）")),
    ]


def test_a_single_statement_among_sections_is_one_of_them(plan_of: PlanOf) -> None:
    statement = "（二）继续做好信访、保密、档案、后勤等工作。"
    plan = plan_of(f"一、其他工作\n（一）加强宣传。{BODY}\n{statement}\n二、组织保障\n{BODY}")
    assert find(plan, statement).section == ("一、其他工作", "（二）")


def test_clauses_numbered_within_a_paragraph_are_no_sections(plan_of: PlanOf) -> None:
    plan = plan_of(f"一、抓好安全\n一是排查校舍。{BODY}二是改造食堂。{BODY}")
    assert {(s.kind, s.section) for s in segment(plan)[1:]} == {("sentence", ("一、抓好安全",))}


def test_a_paragraph_that_opens_with_its_clause_number_has_a_heading(plan_of: PlanOf) -> None:
    plan = plan_of(f"一、抓好安全\n一是排查校舍。{BODY}\n二是改造食堂。{BODY}\n{BODY}")
    sections = [s.section for s in segment(plan)]
    assert sections[2] == ("一、抓好安全", "一是排查校舍")
    assert sections[4] == ("一、抓好安全", "二是改造食堂")
    assert sections[5] == ("一、抓好安全",)


def test_a_clause_number_before_a_statement_is_no_section(plan_of: PlanOf) -> None:
    plan = plan_of(
        f"一、抓好安全\n一是排查校舍，改造食堂。\n{BODY}\n二是修缮围墙，更换大门。{BODY}"
    )
    assert {(s.kind, s.section) for s in segment(plan)[1:]} == {("sentence", ("一、抓好安全",))}


def test_headings_without_numbers(plan_of: PlanOf) -> None:
    plan = plan_of(f"{BODY}\n总体要求\n{BODY}\n保障措施\n{BODY}")
    assert [(s.kind, s.section) for s in segment(plan)] == [
        ("sentence", ()),
        ("heading", ()),
        ("sentence", ("总体要求",)),
        ("heading", ()),
        ("sentence", ("保障措施",)),
    ]


def test_a_letter_before_the_plan_lends_it_no_section(plan_of: PlanOf) -> None:
    plan = plan_of(
        "某市教育局关于印发2024年工作计划的通知\n各县（市、区）教育局：\n"
        f"现将工作计划印发给你们。\n某市教育局\n2024年2月1日\n2024年工作计划\n{BODY}",
        title="2024年工作计划",
    )
    by_text = {s.text: s for s in segment(plan)}
    assert all(s.section == () for s in by_text.values())
    assert by_text["某市教育局关于印发2024年工作计划的通知"].kind == "heading"
    assert by_text["2024年工作计划"].kind == "heading"
    assert by_text["各县（市、区）教育局："].kind == "sentence"


def test_an_appendix_is_a_section_of_its_own(plan_of: PlanOf) -> None:
    plan = plan_of(
        f"一、保障措施\n{BODY}\n附件：2024年任务分解表\n序号：1；任务：建校\n附件2\n"
        "2024年项目清单\n一、续建项目\n建设桥梁。",
        rows=[3],
    )
    assert [(s.kind, s.section) for s in segment(plan)][2:] == [
        ("heading", ()),
        ("row", ("附件：2024年任务分解表",)),
        ("heading", ()),
        ("heading", ("附件2",)),
        ("heading", ("附件2",)),
        ("sentence", ("附件2", "一、续建项目")),
    ]
