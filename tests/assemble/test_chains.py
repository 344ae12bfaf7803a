"""How far a deadline holds on over “；”."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("lines", "deadlines"),
    [
        (
            "甲河大桥{A|加快}施工，确保{D|9月底前}{A|建成}通车；\n乙河大桥{A|完成}{M|桩基}{Q|八成}。",
            [None, "9月底前", None],
        ),
        (
            "一是{A|扩建}校舍，{D|年内}{A|新增}{M|学位}{Q|300个}；\n二是{A|整治}食堂；\n三是{A|培训}教师。",
            [None, "年内", None, None],
        ),
        (
            "一是{A|检查}校车，{D|5月底前}{A|完成}复查；\n二是{A|检查}锅炉。",
            [None, "5月底前", None],
        ),
        ("{D|5月底前}{A|完成}复查；\n{A|检查}锅炉。", ["5月底前", None]),
        ("一是{D|5月底前}，{A|完成}复查；\n二是{A|检查}锅炉。", ["5月底前", None]),
    ],
)
def test_deadline_of_one_item_ends_with_it(tasks_of, lines: str, deadlines: list) -> None:
    assert [task.deadline for task in tasks_of(lines)] == deadlines


def test_deadline_set_apart_holds_for_the_chain(tasks_of) -> None:
    tasks = tasks_of("（二）{D|8月底}前，{A|新建}校舍；\n加快{A|改善}条件；\n将操场{A|扩大}一倍。")
    assert [task.deadline for task in tasks] == ["8月底"] * 3


def test_deadline_set_apart_ends_at_another_subject(tasks_of) -> None:
    tasks = tasks_of("{D|8月底前}，{A|新建}校舍；\n东关小学{A|改善}条件；\n{A|培训}教师。")
    assert [task.deadline for task in tasks] == ["8月底前", None, None]


def test_horizon_holds_for_indicators_but_not_for_another_body(tasks_of) -> None:
    tasks = tasks_of(
        "到{D|2026年}，{M|入园率}{A|提高}到{Q|92%}；\n{M|巩固率}达到{Q|96%}；\n"
        "{O|县财政局}{A|安排}资金。"
    )
    assert [task.deadline for task in tasks] == ["2026年", "2026年", None]


def test_a_later_deadline_ends_the_chain(tasks_of) -> None:
    tasks = tasks_of("到{D|2026年}，{A|新建}校舍；\n{D|6月底前}{A|改善}条件；\n{A|培训}教师。")
    assert [task.deadline for task in tasks] == ["2026年", "6月底前", None]
