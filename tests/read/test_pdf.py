"""PDF files: paragraphs, page ends, tables over pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from workplan.read import read_plan
from workplan.types import Plan

Write = Callable[[str, bytes], Path]
Drawn = Callable[..., bytes]
FONT = "STSong-Light"
LEFT, TOP, SIZE, PITCH, WIDE = 90, 770, 14, 24, 28
"""Points, and characters a line."""

PARAGRAPHS = [
    "一、兜牢民生底线",
    "完善低保对象动态管理机制，6月底前完成全县低保对象复核，动态调整率保持在5%以上，"
    "新建农村互助养老点12个，改造敬老院3所，培训养老护理员200人次。",
    "二、强化要素保障",
    "县财政局安排资金1200万元，县民政局每季度通报进展，年底前完成绩效评价。",
]


def wrapped(text: str) -> list[str]:
    """Lines of at most WIDE characters, two figures counting as one."""
    rows, width = [""], 0.0
    for char in text:
        width += 0.5 if char.isascii() else 1
        if width > WIDE:
            rows.append("")
            width = 0.5 if char.isascii() else 1
        rows[-1] += char
    return rows


def draw_paragraphs(canvas: Any, paragraphs: list[str], indent: int, lines_a_page: int) -> None:
    """Set paragraphs as an office does; `indent` counts characters."""
    rows = []
    for paragraph in paragraphs:
        rows += wrapped("　" * indent + paragraph)
        if not indent:
            rows.append("")
    for page, start in enumerate(range(0, len(rows), lines_a_page), 1):
        canvas.setFont(FONT, SIZE)
        for number, row in enumerate(rows[start : start + lines_a_page]):
            shift = SIZE * (len(row) - len(row.lstrip("　")))
            canvas.drawString(LEFT + shift, TOP - PITCH * number, row.strip("　"))
        canvas.setFont(FONT, 10)
        canvas.drawString(LEFT, 815, "云溪县民政局文件")
        canvas.drawCentredString(297, 40, f"— {page} —")
        canvas.showPage()


def lines(plan: Plan) -> list[str]:
    return plan.text.split("\n")


def removed(plan: Plan) -> set[tuple[str, str]]:
    return {(plan.source[start:end], why) for start, end, why in plan.removed}


def test_indented_paragraphs_close_up_over_pages(write: Write, drawn: Drawn) -> None:
    data = drawn(lambda canvas: draw_paragraphs(canvas, PARAGRAPHS, 2, 3))
    plan = read_plan(write("plan.pdf", data))
    assert lines(plan) == PARAGRAPHS
    assert removed(plan) == {
        ("— 1 —", "page"),
        ("— 2 —", "page"),
        ("— 3 —", "page"),
        ("云溪县民政局文件", "page"),
    }


def test_paragraphs_set_apart_by_space(write: Write, drawn: Drawn) -> None:
    data = drawn(lambda canvas: draw_paragraphs(canvas, PARAGRAPHS, 0, 30))
    assert lines(read_plan(write("plan.pdf", data))) == PARAGRAPHS


COLUMNS = (LEFT, LEFT + 60, LEFT + 220, LEFT + 330, LEFT + 420)
HEADER = ("类别", "工作任务", "责任单位", "完成时限")


def draw_table(canvas: Any, pages: list[list[tuple[str, ...]]]) -> None:
    """A ruled table that goes on overleaf; “/” breaks a cell's line."""
    for rows in pages:
        canvas.setFont(FONT, 12)
        y = TOP
        canvas.line(COLUMNS[0], y, COLUMNS[-1], y)
        for row in rows:
            depth = max(text.count("/") for text in row) + 1
            for x, text in zip(COLUMNS, row, strict=False):
                for number, line in enumerate(text.split("/")):
                    canvas.drawString(x + 5, y - 15 - 16 * number, line)
            y -= 16 * depth + 8
            canvas.line(COLUMNS[0], y, COLUMNS[-1], y)
        for x in COLUMNS:
            canvas.line(x, TOP, x, y)
        canvas.showPage()


def test_a_table_over_two_pages(write: Write, drawn: Drawn) -> None:
    pages = [
        [
            HEADER,
            ("养老", "新建农村互助养老点12/个", "县民政局", "6月底前"),
            ("救助", "复核低保对象。", "县民政局/县财政局", "9月底前"),
        ],
        [HEADER, ("社工", "建设乡镇社工站15个", "各乡镇人民政府", "12月底前")],
        [
            ("殡葬", "改造公益性公墓2处", "县民政局", "12月底前"),
            ("慈善", "募集资金300万元", "", ""),
        ],
    ]
    plan = read_plan(write("plan.pdf", drawn(lambda canvas: draw_table(canvas, pages))))
    assert lines(plan) == [
        "类别：养老；工作任务：新建农村互助养老点12个；责任单位：县民政局；完成时限：6月底前",
        "类别：救助；工作任务：复核低保对象；责任单位：县民政局 县财政局；完成时限：9月底前",
        "类别：社工；工作任务：建设乡镇社工站15个；责任单位：各乡镇人民政府；完成时限：12月底前",
        "类别：殡葬；工作任务：改造公益性公墓2处；责任单位：县民政局；完成时限：12月底前",
        "类别：慈善；工作任务：募集资金300万元",
    ]
    assert plan.rows == frozenset(range(5))


def test_turned_watermarks_are_not_read(write: Write, drawn: Drawn) -> None:
    def draw(canvas: Any) -> None:
        canvas.saveState()
        canvas.setFont(FONT, 40)
        canvas.translate(150, 300)
        canvas.rotate(45)
        canvas.drawString(0, 0, "内部资料注意保存")
        canvas.restoreState()
        draw_paragraphs(canvas, PARAGRAPHS, 2, 30)

    assert lines(read_plan(write("plan.pdf", drawn(draw)))) == PARAGRAPHS


def test_the_sample(samples: Path) -> None:
    for path in samples.glob("*.pdf"):
        plan = read_plan(path)
        assert plan.metadata.title
        assert plan.metadata.issuer
        assert not any(line.startswith("—") for line in lines(plan))
