"""The files of a run: complete, in order, safe to open."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workplan.errors import UserError
from workplan.types import Due, Extraction
from workplan.write.failure import Failure
from workplan.write.jsonl import read_lines, read_tasks
from workplan.write.options import Options
from workplan.write.outputs import write_outputs
from workplan.write.table import COLUMNS, review_reasons

FAILURE = Failure("c/空.txt", "empty", "the file is empty (空文件)", "download it again")


def test_json_lines_hold_everything(extraction: Extraction, tmp_path: Path) -> None:
    write_outputs([extraction, FAILURE], tmp_path, [])
    assert list(read_tasks(tmp_path / "tasks.jsonl")) == list(extraction.tasks)
    assert [line["kind"] for line in read_lines(tmp_path / "tasks.jsonl")] == [
        "task",
        "task",
        "result",
    ]
    (plan,) = read_lines(tmp_path / "plans.jsonl")
    source = (tmp_path / plan["source"]).read_bytes().decode()
    assert source == extraction.plan.source
    assert list(read_lines(tmp_path / "errors.jsonl")) == [FAILURE.record()]


def test_same_name_in_two_folders_is_kept_apart(
    make_extraction: Callable[..., Extraction], tmp_path: Path
) -> None:
    both = [make_extraction("a/计划.txt"), make_extraction("b/计划.txt")]
    write_outputs(both, tmp_path, [])
    plans = list(read_lines(tmp_path / "plans.jsonl"))
    assert [plan["path"] for plan in plans] == ["a/计划.txt", "b/计划.txt"]
    assert len({plan["source"] for plan in plans}) == 2


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_csv_has_a_row_a_target(extraction: Extraction, tmp_path: Path) -> None:
    write_outputs([extraction], tmp_path, ["csv"])
    assert (tmp_path / "tasks.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    rows = read_csv(tmp_path / "tasks.csv")
    assert [row["序号"] for row in rows] == ["1", "1", "2"]
    first, second, third = rows
    assert (first["指标"], first["目标值"], first["下限"], first["上限"]) == (
        "公办园",
        "3所",
        "3",
        "3",
    )
    assert (second["比较"], second["下限"], second["上限"]) == ("不低于", "85", "")
    assert (first["待核"], second["待核"]) == ("", "目标值：覆盖范围不明")
    assert (first["起"], first["止"]) == ("", "2031-12-31")
    assert third["责任单位"] == "县财政局（配合）、县教育局（牵头）"
    assert third["指标"] == third["目标值"] == third["比较"] == third["单位"] == ""


def test_all_lists_the_hidden_kinds(extraction: Extraction, tmp_path: Path) -> None:
    write_outputs([extraction], tmp_path, ["csv"], Options(show_all=True))
    assert [row["类别"] for row in read_csv(tmp_path / "tasks.csv")][-1] == "成效"


@given(text=st.text(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_csv_reads_back_and_starts_no_formula(
    extraction: Extraction, tmp_path: Path, text: str
) -> None:
    hostile = replace(extraction, tasks=[replace(extraction.tasks[1], sentence=text)])
    write_outputs([hostile], tmp_path, ["csv"])
    (row,) = read_csv(tmp_path / "tasks.csv")
    cell = row["原文"]
    assert cell in (text, "'" + text)
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_parquet_has_typed_columns(extraction: Extraction, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    write_outputs([extraction, extraction], tmp_path, ["parquet"])
    table = parquet.read_table(tmp_path / "tasks.parquet")
    assert table.column_names == [column.name for column in COLUMNS]
    rows = table.to_pylist()
    assert [row["序号"] for row in rows] == [1, 1, 2, 3, 3, 4]
    assert rows[0]["止"] == date(2031, 12, 31)
    assert rows[1]["下限"] == 85.0
    assert rows[1]["上限"] is None


def test_calendar_has_an_event_a_due_day(extraction: Extraction, tmp_path: Path) -> None:
    icalendar = pytest.importorskip("icalendar")
    write_outputs([extraction], tmp_path, ["ics"])
    calendar = icalendar.Calendar.from_ical((tmp_path / "tasks.ics").read_bytes())
    (event,) = calendar.walk("VEVENT")
    assert event["SUMMARY"] == "县教育局：新建公办园3所"
    assert event.decoded("DTSTART") == date(2031, 12, 31)
    assert event.decoded("DTEND") == date(2032, 1, 1)
    assert "年底前" in event["DESCRIPTION"]
    assert [str(body) for body in event["CATEGORIES"].cats] == ["县教育局"]


def test_calendar_leaves_out_what_has_no_day(extraction: Extraction, tmp_path: Path) -> None:
    icalendar = pytest.importorskip("icalendar")
    vague = replace(extraction.tasks[1], deadline="汛期前", due=Due(rule="汛期前"))
    write_outputs([replace(extraction, tasks=[vague])], tmp_path, ["ics"])
    calendar = icalendar.Calendar.from_ical((tmp_path / "tasks.ics").read_bytes())
    assert not calendar.walk("VEVENT")


def test_calendar_lets_a_yearly_deadline_recur(extraction: Extraction, tmp_path: Path) -> None:
    icalendar = pytest.importorskip("icalendar")
    yearly = replace(extraction.tasks[1], deadline="每年2月底前", due=Due(rule="每年2月底前"))
    write_outputs([replace(extraction, tasks=[yearly])], tmp_path, ["ics"])
    calendar = icalendar.Calendar.from_ical((tmp_path / "tasks.ics").read_bytes())
    (event,) = calendar.walk("VEVENT")
    assert event.decoded("DTSTART") == date(2031, 2, 28)
    assert event["RRULE"].to_ical() == b"FREQ=YEARLY;BYMONTHDAY=-1;BYMONTH=2"
    assert "责任单位：县财政局（配合）、县教育局（牵头）" in event["DESCRIPTION"]
    source = "来源：2031年云皮县教育工作要点（云皮县教育局，云教〔2031〕7号，教育.txt）"
    assert source in event["DESCRIPTION"]
    assert [str(body) for body in event["CATEGORIES"].cats] == ["县财政局", "县教育局"]


def test_unknown_format_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="doc"):
        write_outputs([], tmp_path / "out", ["doc"])
    assert not (tmp_path / "out").exists()


def test_same_input_gives_the_same_bytes(extraction: Extraction, tmp_path: Path) -> None:
    formats = ["xlsx", "html", "csv", "ics"]
    for name in ("one", "two"):
        write_outputs([extraction, FAILURE], tmp_path / name, formats)
    for path in (tmp_path / "one").rglob("*.*"):
        if path.is_file():
            twin = tmp_path / "two" / path.relative_to(tmp_path / "one")
            assert path.read_bytes() == twin.read_bytes(), path.name


def test_lines_are_split_by_newlines_alone(extraction: Extraction, tmp_path: Path) -> None:
    odd = replace(extraction.tasks[0], sentence="甲\u2028乙\x85丙\x0b\n丁")
    write_outputs([replace(extraction, tasks=[odd])], tmp_path, [])
    assert json.loads((tmp_path / "tasks.jsonl").read_bytes())["sentence"] == odd.sentence
    assert list(read_tasks(tmp_path / "tasks.jsonl")) == [odd]


def test_each_row_tells_its_own_doubts(extraction: Extraction) -> None:
    first, second = extraction.tasks[0].targets
    first = replace(first, reasons=("数值不明",))
    doubts = ("责任单位：市局不明", "目标值：数值不明", "目标值：覆盖范围不明", "置信度低")
    task = replace(extraction.tasks[0], targets=(first, second), needs_review=doubts)
    assert review_reasons(task, first) == ["责任单位：市局不明", "目标值：数值不明", "置信度低"]
    assert review_reasons(task, second) == [
        "责任单位：市局不明",
        "目标值：覆盖范围不明",
        "置信度低",
    ]
    bare = replace(task, needs_review=())
    assert review_reasons(bare, first) == ["数值不明"]
