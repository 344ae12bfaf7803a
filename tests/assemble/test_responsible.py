"""Who answers, as remarks in brackets or on lines of their own say it."""

from __future__ import annotations

import pytest

from workplan.assemble.layout import Layout
from workplan.assemble.responsible import notes_of

REMARKS = [
    (
        "（责任单位：市教育局、市财政局）",
        [("市教育局", "responsible"), ("市财政局", "responsible")],
    ),
    (
        "【市交通运输局牵头，市公安局、各县（市、区）政府配合】",
        [("市交通运输局", "lead"), ("市公安局", "joint"), ("各县（市、区）政府", "joint")],
    ),
    (
        "（牵头单位：市住建局；配合单位：市财政局、市商务局）",
        [("市住建局", "lead"), ("市财政局", "joint"), ("市商务局", "joint")],
    ),
    (
        "责任单位：城市更新科、各街道、各县（市、区）",
        [
            ("城市更新科", "responsible"),
            ("各街道", "responsible"),
            ("各县（市、区）", "responsible"),
        ],
    ),
    ("（市水利局会同市财政局负责）", [("市水利局", "responsible"), ("市财政局", "joint")]),
    (
        "（市发改委、市工信局等按职责分工负责）",
        [("市发改委", "responsible"), ("市工信局", "responsible")],
    ),
    (
        "（责任领导：王某某；责任单位：局办公室）",
        [("局办公室", "responsible")],
    ),
    (
        "责任单位：市民政局，各街道办事处。",
        [("市民政局", "responsible"), ("各街道办事处", "responsible")],
    ),
    (
        "（{O|市农业农村局}、{O|市水利局}）",
        [("市农业农村局", "responsible"), ("市水利局", "responsible")],
    ),
]


@pytest.mark.parametrize(("line", "expected"), REMARKS)
def test_remarks(marks, line: str, expected: list[tuple[str, str]]) -> None:
    marked = marks(line)
    (note,) = notes_of(Layout.of(marked.text, marked.spans))
    assert [(marked.text[start:end], role) for start, end, role in note.actors] == expected


@pytest.mark.parametrize(
    "line",
    [
        "{A|建设}{O|甲中心}（二期）。",
        "{A|落实}各县（市、区）责任。",
        "{A|新建}校舍（由{O|县财政局}负责{A|筹措}{M|资金}{Q|500万元}）。",
        "（见附件）",
        "{A|配合}{O|省教育厅}做好评估（每年一次）。",
    ],
)
def test_other_brackets_are_no_remarks(marks, line: str) -> None:
    marked = marks(line)
    assert notes_of(Layout.of(marked.text, marked.spans)) == []


def test_remark_with_a_deadline(marks) -> None:
    marked = marks("（责任单位：市教育局；完成时限：6月底前）")
    (note,) = notes_of(Layout.of(marked.text, marked.spans))
    assert [marked.text[start:end] for start, end, _ in note.actors] == ["市教育局"]
    assert note.deadline is not None
    assert marked.text[slice(*note.deadline)] == "6月底前"
