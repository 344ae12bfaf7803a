"""Figures with no verb of their own: under which task they stand."""

from __future__ import annotations

import pytest


def table(tasks) -> list[tuple[str, list[str]]]:
    return [(task.action, [target.quantity for target in task.targets]) for task in tasks]


def test_figure_before_the_first_verb_is_a_row_of_its_own(tasks_of) -> None:
    tasks = tasks_of("{M|校车准点率}达到{Q|97%}，{M|投诉量}{A|控制}在{Q|20件}以内。")
    assert table(tasks) == [("", ["97%"]), ("控制", ["20件"])]
    assert [task.phrase for task in tasks] == ["校车准点率达到97%", "投诉量控制在20件以内"]
    assert tasks[0].end <= tasks[1].start


def test_figure_before_the_first_verb_keeps_what_measures_it_on(tasks_of) -> None:
    tasks = tasks_of("{M|营收}突破{Q|8亿元}，达到{Q|8.2亿元}，{A|新增}{M|企业}{Q|3家}。")
    assert table(tasks) == [("", ["8亿元", "8.2亿元"]), ("新增", ["3家"])]


@pytest.mark.parametrize(
    "sentence",
    [
        "{M|总投资}{Q|3亿元}，{A|新建}水厂。",
        "现有{M|村医}{Q|12名}，{A|补齐}缺口。",
        "结合{M|社区}{Q|11个}，{A|制定}方案。",
    ],
)
def test_what_only_describes_stays_with_the_verb(tasks_of, sentence: str) -> None:
    assert len(tasks_of(sentence)) == 1


def test_a_paper_is_not_measured(tasks_of) -> None:
    tasks = tasks_of("{A|修订}《校车管理办法》，{M|校车年检率}达到{Q|100%}。")
    assert table(tasks) == [("修订", []), ("", ["100%"])]
    assert tasks[0].phrase == "修订《校车管理办法》"


def test_indicators_side_by_side_are_rows_of_their_own(tasks_of) -> None:
    tasks = tasks_of("{M|入园率}{A|保持}{Q|99%}，{M|巩固率}达到{Q|96%以上}。")
    assert table(tasks) == [("保持", ["99%"]), ("", ["96%以上"])]


def test_a_list_of_aims_is_a_row_each(tasks_of) -> None:
    tasks = tasks_of(
        "主要目标是：{A|新增}{M|学位}{Q|900个}，{M|近视率}低于{Q|40%}，{M|师生比}达到{Q|1:15}。"
    )
    assert table(tasks) == [("新增", ["900个"]), ("", ["40%"]), ("", ["1:15"])]


def test_a_result_of_the_verb_before_stays_in_its_row(tasks_of) -> None:
    tasks = tasks_of(
        "{A|更换}{M|校车}{Q|30辆}，{M|新能源校车占比}达到{Q|50%}。"
        "\n{A|整治}食堂，{M|持证率}达到{Q|100%}。"
    )
    assert table(tasks) == [("更换", ["30辆", "50%"]), ("整治", ["100%"])]


def test_part_of_an_indicator_stays_in_its_row(tasks_of) -> None:
    tasks = tasks_of("{M|整改率}{A|保持}{Q|98%}，其中{M|重大隐患整改率}{Q|100%}。")
    assert table(tasks) == [("保持", ["98%", "100%"])]
