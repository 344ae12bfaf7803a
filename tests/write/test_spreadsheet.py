"""tasks.xlsx as a clerk's program opens it."""

from __future__ import annotations

import shutil
import subprocess
import unicodedata
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pdfplumber
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from workplan.types import Due, Extraction, Target
from workplan.write.bundle import Bundle
from workplan.write.cells import LONGEST, breadth, lines_needed, plain, sheet_name
from workplan.write.failure import Failure
from workplan.write.options import DEFAULTS, Options
from workplan.write.spreadsheet import Spreadsheet


def write(
    folder: Path,
    results: Iterable[Extraction | Failure],
    options: Options = DEFAULTS,
    **more: int,
) -> Workbook:
    book = Spreadsheet(folder, options, **more)
    for result in results:
        if isinstance(result, Failure):
            book.fail(result)
        else:
            book.add(Bundle.of(result))
    book.close()
    return openpyxl.load_workbook(folder / "tasks.xlsx")


def table(sheet: Worksheet) -> list[dict[str, object]]:
    head, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_flat_sheet_has_numbers_and_dates(extraction: Extraction, tmp_path: Path) -> None:
    sheet = write(tmp_path, [extraction])["全部"]
    first, second, third = table(sheet)
    assert first["序号"] == second["序号"] == 1
    assert (first["下限"], first["上限"], first["单位"]) == (3, 3, "所")
    assert (second["比较"], second["下限"], second["上限"]) == ("不低于", 85, None)
    assert first["止"] == datetime(2031, 12, 31)
    assert first["起"] is None
    assert first["置信度"] == 0.871
    assert second["待核"] == "目标值：覆盖范围不明"
    assert third["指标"] is None
    assert third["计划"] == "2031年云皮县教育工作要点"


def test_flat_sheet_can_be_filtered_and_keeps_its_head(
    extraction: Extraction, tmp_path: Path
) -> None:
    sheet = write(tmp_path, [extraction])["全部"]
    assert sheet.freeze_panes == "D2"
    assert sheet.auto_filter.ref.startswith("A1:")
    assert sheet.auto_filter.ref.endswith("4")
    assert sheet.print_title_rows == "$1:$1"
    (choice,) = sheet.data_validations.dataValidation
    assert "进行中" in choice.formula1
    head = [cell.value for cell in sheet[1]]
    assert sheet.cell(1, head.index("状态") + 1).coordinate[:-1] in str(choice.sqref)


def test_flat_sheet_opens_with_the_table_and_prints_no_more(
    extraction: Extraction, tmp_path: Path
) -> None:
    sheet = write(tmp_path, [extraction])["全部"]
    head = [cell.value for cell in sheet[1]]
    assert head[:11] == [
        "序号", "章节", "任务", "责任单位", "指标", "目标值", "完成时限", "原文", "置信度", "待核",
        "状态",
    ]  # fmt: skip
    assert sheet.print_area == "'全部'!$A$1:$K$4"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)


def test_libreoffice_prints_a4_landscape(extraction: Extraction, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: apt-get install libreoffice-calc")
    write(tmp_path, [extraction])
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        [office, profile, "--headless", "--convert-to", "pdf", "--outdir", tmp_path,
         tmp_path / "tasks.xlsx"],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    pages = pdfplumber.open(tmp_path / "tasks.pdf").pages
    # The flat table, the list of plans and the plan's own sheet: each one page wide.
    assert len(pages) == 3
    assert {(round(page.width), round(page.height)) for page in pages} == {(842, 595)}
    # A PDF may name 工 by its look-alike, the radical ⼯.
    texts = [unicodedata.normalize("NFKC", page.extract_text()) for page in pages]
    for words in ("做好经费保障", "县教育局", "85%以上", "状态"):
        assert words in texts[0]
        assert words in texts[2]
    assert "2031年云皮县教育工作要点任务分解表" in texts[2]


def test_hidden_kinds_are_counted_or_listed(extraction: Extraction, tmp_path: Path) -> None:
    book = write(tmp_path, [extraction])
    assert [row["未列出"] for row in table(book["计划目录"])] == [1]
    book = write(tmp_path, [extraction], Options(show_all=True))
    assert [row["类别"] for row in table(book["全部"])][-1] == "成效"
    assert [row["未列出"] for row in table(book["计划目录"])] == [0]


def test_plan_sheet_is_ready_for_print(extraction: Extraction, tmp_path: Path) -> None:
    sheet = write(tmp_path, [extraction])["2031年云皮县教育工作要点"]
    assert sheet["A1"].value == "2031年云皮县教育工作要点任务分解表"
    assert sheet["A2"].value == "云皮县教育局　云教〔2031〕7号　2031年　共 2 项任务"
    assert [cell.value for cell in sheet[3]] == [
        "序号",
        "章节",
        "任务",
        "责任单位",
        "指标",
        "目标值",
        "完成时限",
        "原文",
        "置信度",
        "待核",
        "状态",
    ]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert sheet.page_setup.fitToHeight == 0
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_title_rows == "$3:$3"
    merged = {str(area) for area in sheet.merged_cells.ranges}
    # The first task has two targets, the section three rows.
    assert {"A4:A5", "B4:B6", "C4:C5", "H4:H5"} <= merged
    assert (sheet["E4"].value, sheet["E5"].value, sheet["A6"].value) == ("公办园", "普惠率", 2)


def test_tasks_of_one_sentence_show_it_once(extraction: Extraction, tmp_path: Path) -> None:
    first, second, _ = extraction.tasks
    again = replace(second, id="a4", sentence=first.sentence)
    plan = replace(extraction, tasks=[first, again, second])
    sheet = write(tmp_path, [plan])["2031年云皮县教育工作要点"]
    assert "H4:H6" in {str(area) for area in sheet.merged_cells.ranges}
    assert [sheet.cell(row, 8).value for row in range(4, 8)] == [
        first.sentence, None, None, second.sentence,
    ]  # fmt: skip
    # The flat sheet, which is sorted and filtered, has it in every row.
    assert all(
        row["原文"] for row in table(openpyxl.load_workbook(tmp_path / "tasks.xlsx")["全部"])
    )


@given(st.lists(st.integers(1, 40), min_size=1, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=10)
def test_merged_cells_are_high_enough(
    extraction: Extraction, tmp_path: Path, lengths: list[int]
) -> None:
    tasks = [
        replace(extraction.tasks[1], sentence="同一句" * sum(lengths), phrase="做" * length)
        for length in lengths
    ]
    book = write(tmp_path, [replace(extraction, tasks=tasks)])
    sheet = book["2031年云皮县教育工作要点"]
    heights = [sheet.row_dimensions[4 + place].height for place in range(len(tasks))]
    for task, height in zip(tasks, heights, strict=True):
        assert height >= lines_needed(task.phrase, 28) * 14.5
    assert sum(heights) >= lines_needed(tasks[0].sentence, 42) * 14.5


def test_plans_link_to_their_sheets(
    make_extraction: Callable[..., Extraction], tmp_path: Path
) -> None:
    titles = ["A'b: [x]/计划*?", "A'b: [x]/计划*?", None]
    plans = [make_extraction(f"{n}/原文件.txt", title) for n, title in enumerate(titles)]
    book = write(tmp_path, plans)
    assert book.sheetnames == [
        "全部",
        "计划目录",
        "A'b   x  计划",
        "A'b   x  计划 (2)",
        "原文件.txt",
    ]
    links = [book["计划目录"].cell(row, 1).hyperlink.location for row in (2, 3, 4)]
    assert links == ["'A''b   x  计划'!A1", "'A''b   x  计划 (2)'!A1", "'原文件.txt'!A1"]


def test_plan_sheets_have_a_limit(
    make_extraction: Callable[..., Extraction], tmp_path: Path
) -> None:
    plans = [make_extraction(str(number)) for number in range(4)]
    book = write(tmp_path, plans, Options(plan_sheets=2))
    assert len(book.sheetnames) == 4
    assert len(table(book["计划目录"])) == 4
    assert book["全部"].max_row == 1 + 4 * 3


def test_flat_sheet_goes_on_beyond_the_row_limit(extraction: Extraction, tmp_path: Path) -> None:
    book = write(tmp_path, [extraction, extraction], row_limit=4)
    rows = [row for name in ("全部", "全部 (2)") for row in table(book[name])]
    assert [row["序号"] for row in rows] == [1, 1, 2, 3, 3, 4]
    assert [book[name].max_row for name in ("全部", "全部 (2)")] == [4, 4]


def test_failures_have_a_sheet(extraction: Extraction, tmp_path: Path) -> None:
    book = write(tmp_path, [extraction, Failure("坏.docx", "damaged", "文件损坏", "重新下载")])
    assert table(book["未处理文件"]) == [
        {"文件": "坏.docx", "原因": "文件损坏", "建议": "重新下载"}
    ]


def test_no_plan_at_all_still_opens(tmp_path: Path) -> None:
    assert write(tmp_path, [])["全部"].max_row == 1


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "http://x"]
)
def test_text_stays_text(extraction: Extraction, tmp_path: Path, text: str) -> None:
    target = Target(text, "eq", 1, text, text)
    task = replace(extraction.tasks[0], sentence=text, phrase=text, targets=(target,))
    plan = replace(extraction.plan, metadata=replace(extraction.plan.metadata, title=text))
    book = write(tmp_path, [replace(extraction, plan=plan, tasks=[task])])
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
    (row,) = table(book["全部"])
    assert row["原文"] == row["任务"] == row["指标"] == row["计划"] == text
    with zipfile.ZipFile(tmp_path / "tasks.xlsx") as archive:
        sheets = [name for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
        assert not any(b"<f>" in archive.read(name) for name in sheets)


def test_numbers_that_a_cell_would_round_stay_text(extraction: Extraction, tmp_path: Path) -> None:
    target = Target("投资", "eq", 10**20 + 1, "元", "…", due=Due("1890-01-02"), deadline="…")
    book = write(
        tmp_path, [replace(extraction, tasks=[replace(extraction.tasks[0], targets=(target,))])]
    )
    (row,) = table(book["全部"])
    assert (row["下限"], row["起"]) == ("100000000000000000001", "1890-01-02")


@given(text=st.text(st.characters(), max_size=60))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_any_text_reads_back(extraction: Extraction, tmp_path: Path, text: str) -> None:
    task = replace(extraction.tasks[1], sentence=text, section=(text,))
    (row,) = table(write(tmp_path, [replace(extraction, tasks=[task])])["全部"])
    assert row["原文"] == (plain(text) or None)


@given(st.text(st.characters(), max_size=60))
def test_plain_text_fits_a_cell(text: str) -> None:
    long = plain(text * 2000)
    assert len(long.encode("utf-16-le")) // 2 <= LONGEST
    assert all(sign.isprintable() or sign.isspace() or ord(sign) > 0xA0 for sign in long)


def test_long_text_says_that_it_is_cut() -> None:
    assert plain("长" * 40_000).endswith("…（未完，全文见 tasks.jsonl）")
    assert plain("长" * LONGEST) == "长" * LONGEST


@given(st.lists(st.text(st.characters(), max_size=50), max_size=12))
def test_sheet_names_are_legal_and_differ(titles: list[str]) -> None:
    taken: set[str] = set()
    names = [sheet_name(title, taken) for title in titles]
    assert len({name.lower() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name.encode("utf-16-le")) // 2 <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")


def test_chinese_takes_twice_the_width() -> None:
    assert breadth("完成85%") == 7
    assert lines_needed("完成" * 10, 21) == 2
    assert lines_needed("一\n二", 10) == 2
