"""Word documents: body order, list numbers, tables, text boxes."""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from workplan.read import read_plan
from workplan.read.numbering import numeral
from workplan.types import Plan

Write = Callable[[str, bytes], Path]
TITLE = "云溪县2023年民政工作要点"


@pytest.fixture
def read(write: Write, saved: Callable[[Any], bytes]) -> Callable[[Any], Plan]:
    """Saves a python-docx document and reads it back as a plan."""
    return lambda document: read_plan(write("plan.docx", saved(document)))


def lines(plan: Plan) -> list[str]:
    return plan.text.split("\n")


def document(*paragraphs: str) -> Any:
    made = Document()
    for paragraph in (TITLE, *paragraphs):
        made.add_paragraph(paragraph)
    return made


def add_list(made: Any, levels: list[tuple[str, str]]) -> str:
    """Define a list whose levels have these formats and texts; returns its id."""
    numbering = made.part.numbering_part.element
    level_xml = "".join(
        f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
        for depth, (form, text) in enumerate(levels)
    )
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="900">{level_xml}</w:abstractNum>'
        ),
    )
    numbering.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="901"><w:abstractNumId w:val="900"/></w:num>')
    )
    return "901"


def add_item(made: Any, text: str, list_id: str, depth: int) -> None:
    paragraph = made.add_paragraph(text)
    paragraph._p.get_or_add_pPr().append(
        parse_xml(
            f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/>'
            f'<w:numId w:val="{list_id}"/></w:numPr>'
        )
    )


def test_list_numbers_are_written_out(read: Callable[[Any], Plan]) -> None:
    made = document()
    list_id = add_list(
        made,
        [("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3.")],
    )
    for text, depth in [
        ("兜牢底线", 0),
        ("完善低保", 1),
        ("复核对象。", 2),
        ("提高标准。", 2),
        ("发展养老", 1),
        ("新建养老点12个。", 2),
        ("强化保障", 0),
        ("加大投入", 1),
    ]:
        add_item(made, text, list_id, depth)
    assert lines(read(made)) == [
        TITLE,
        "一、兜牢底线",
        "（一）完善低保",
        "1.复核对象。",
        "2.提高标准。",
        "（二）发展养老",
        "1.新建养老点12个。",
        "二、强化保障",
        "（一）加大投入",
    ]


@pytest.mark.parametrize(
    ("number", "form", "written"),
    [
        (10, "chineseCountingThousand", "十"),
        (11, "japaneseCounting", "十一"),
        (20, "chineseCounting", "二十"),
        (35, "taiwaneseCountingThousand", "三十五"),
        (101, "chineseCounting", "一百零一"),
        (3, "decimalEnclosedCircleChinese", "③"),
        (4, "upperRoman", "IV"),
        (2, "lowerLetter", "b"),
        (2, "ideographTraditional", "乙"),
        (7, "decimal", "7"),
    ],
)
def test_numerals(number: int, form: str, written: str) -> None:
    assert numeral(number, form) == written


def test_tables_stand_where_they_are(read: Callable[[Any], Plan]) -> None:
    made = document("一、兜牢底线。")
    table = made.add_table(4, 4)
    cells = [
        ["类别", "工作任务", "责任单位", "完成时限"],
        ["养老", "新建养老点12个。", "县民政局\n县财政局", "6月底前"],
        ["", "改造敬老院3所。", "县民政局", "9月底前"],
        ["二、其他事项", "", "", ""],
    ]
    for row, texts in enumerate(cells):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(3, 0).merge(table.cell(3, 3))
    made.add_paragraph("二、强化保障。")
    plan = read(made)
    assert lines(plan) == [
        TITLE,
        "一、兜牢底线。",
        "类别：养老；工作任务：新建养老点12个；责任单位：县民政局 县财政局；完成时限：6月底前",
        "类别：养老；工作任务：改造敬老院3所；责任单位：县民政局；完成时限：9月底前",
        "二、其他事项",
        "二、强化保障。",
    ]
    assert plan.rows == {2, 3}


def test_a_frame_of_one_cell_is_plain_text(read: Callable[[Any], Plan]) -> None:
    made = document()
    cell = made.add_table(1, 1).cell(0, 0)
    cell.text = "一、兜牢底线"
    cell.add_paragraph("1.新建养老点12个。")
    plan = read(made)
    assert lines(plan) == [TITLE, "一、兜牢底线", "1.新建养老点12个。"]
    assert plan.rows == frozenset()


def test_headers_footers_deletions_and_hidden_text_are_not_read(
    read: Callable[[Any], Plan],
) -> None:
    made = document("1.新建养老点12个。")
    made.sections[0].header.paragraphs[0].text = "内部资料"
    made.sections[0].footer.paragraphs[0].text = "第1页"
    paragraph = made.paragraphs[-1]
    hidden = paragraph.add_run("批注")
    hidden.font.hidden = True
    run = copy.deepcopy(paragraph.runs[0]._r)
    run.find(qn("w:t")).text = "（已删）"
    deleted = parse_xml(f'<w:del {nsdecls("w")} w:id="1" w:author="a"/>')
    deleted.append(run)
    paragraph._p.append(deleted)
    inserted = parse_xml(
        f'<w:ins {nsdecls("w")} w:id="2" w:author="a"><w:r><w:t>年底前完成。</w:t></w:r></w:ins>'
    )
    paragraph._p.append(inserted)
    assert lines(read(made)) == [TITLE, "1.新建养老点12个。年底前完成。"]


def test_a_text_box_is_read_once(read: Callable[[Any], Plan]) -> None:
    made = document()
    box = "<w:txbxContent><w:p><w:r><w:t>1.新建养老点12个。</w:t></w:r></w:p></w:txbxContent>"
    wps = 'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    mc = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    vml = 'xmlns:v="urn:schemas-microsoft-com:vml"'
    made.paragraphs[-1]._p.append(
        parse_xml(
            f"<w:r {nsdecls('w')} {mc} {wps} {vml}><mc:AlternateContent><mc:Choice Requires='wps'>"
            f"<w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
            f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r>"
        )
    )
    assert lines(read(made)) == [TITLE, "1.新建养老点12个。"]


def test_controls_around_the_body_are_looked_into(read: Callable[[Any], Plan]) -> None:
    made = document()
    made.element.body.insert(
        1,
        parse_xml(
            f"<w:sdt {nsdecls('w')}><w:sdtContent>"
            "<w:p><w:r><w:t>1.新建养老点12个。</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        ),
    )
    assert lines(read(made)) == [TITLE, "1.新建养老点12个。"]


def test_line_breaks_and_tabs(read: Callable[[Any], Plan]) -> None:
    made = document("1.\t新建养老点12个。\n2.改造敬老院3所。")
    assert lines(read(made)) == [TITLE, "1. 新建养老点12个。", "2.改造敬老院3所。"]
