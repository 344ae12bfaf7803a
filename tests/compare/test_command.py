"""`workplan compare` as a user types it, and the files it writes."""

from __future__ import annotations

import csv
import json
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result
from side_by_side import make_plan, make_target, make_task

from workplan.cli.compare import compare as command
from workplan.cli.compare import terminal_table
from workplan.compare import ComparedPlan, compare, write_comparison
from workplan.compare.outputs import FILES
from workplan.errors import UserError

LAST = "2030年云皮县教育工作要点\n一、扩充学位\n普惠性幼儿园覆盖率达到80%以上。\n"
THIS = "2031年云皮县教育工作要点\n一、扩充学位\n普惠性幼儿园覆盖率达到85%以上。\n"


def call(*words: object) -> Result:
    return CliRunner().invoke(command, [str(word) for word in words])


def test_two_files(tmp_path: Path) -> None:
    (tmp_path / "去年.txt").write_text(LAST, encoding="utf-8")
    (tmp_path / "今年.txt").write_text(THIS, encoding="utf-8")
    out = tmp_path / "out"
    result = call(
        tmp_path / "今年.txt", "--with", tmp_path / "去年.txt", "--out", out, "--labeller", "rules"
    )
    assert result.exit_code == 0, result.output
    assert "普惠性幼儿园覆盖率" in result.output
    assert "上升 +5个百分点" in result.output
    assert {path.name for path in out.iterdir()} == set(FILES)
    record = json.loads((out / "comparison.json").read_text(encoding="utf-8"))
    assert [plan["year"] for plan in record["plans"]] == [2030, 2031]
    assert record["rows"][0]["changes"][0]["delta"] == 5


def test_two_years_of_the_tour(samples: Path, root: Path) -> None:
    last = root / "docs" / "examples" / "yunpi-education-2023.txt"
    result = call(samples / "yunpi-education-2024.txt", "--with", last, "--labeller", "rules")
    said = " ".join(result.output.split())
    # 普惠园 last year, 普惠性幼儿园 this year; 8.9 and 9.4 亿元.
    assert "87%以上 A1 90%以上 上升 +3个百分点" in said
    assert "8.9亿元 A1 9.4亿元 上升 +0.5亿元" in said
    # Three in all last year, one in each of two places this year.
    assert "公办幼儿园 B1 3所 A1 1所 不可比" in said


def test_files_hold_the_same_rows(
    two_years: tuple[ComparedPlan, ComparedPlan], tmp_path: Path
) -> None:
    last, this = two_years
    comparison = compare([this], [last])
    write_comparison(comparison, tmp_path)
    with (tmp_path / "comparison.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    sheet = openpyxl.load_workbook(tmp_path / "comparison.xlsx").active
    names = [row[0].value for row in sheet.iter_rows()]
    assert names == [row[0] for row in rows]
    # Five metrics, and one target without.
    assert len(rows) == 1 + len(comparison.rows) + 1 == 7
    assert rows[-1][0] == "（未识别指标）完成5项"
    told = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows}
    # A share that rises from 40 % to 45 % does not rise by 5 %.
    assert (told["家庭医生签约率"]["差值"], told["家庭医生签约率"]["单位"]) == ("5.0", "个百分点")


def test_hostile_text_stays_text(tmp_path: Path) -> None:
    evil = '=cmd|calc"><script>alert(1)</script>\u202e率'
    plan = make_plan(evil, 2031, make_task(evil, make_target(evil, "5%", 5, "%")))
    write_comparison(compare([plan], [make_plan("乙", 2030)]), tmp_path)
    page = (tmp_path / "comparison.html").read_text(encoding="utf-8")
    tags: list[str] = []
    parser = HTMLParser()
    parser.handle_starttag = lambda tag, attributes: tags.append(tag)  # type: ignore[method-assign]
    parser.feed(page)
    assert "script" not in tags
    assert "http://" not in page
    assert "https://" not in page
    with (tmp_path / "comparison.csv").open(encoding="utf-8-sig", newline="") as file:
        assert all(not cell.startswith("=") for row in csv.reader(file) for cell in row)


def test_sides_and_paths_are_checked(tmp_path: Path) -> None:
    assert call("甲.txt").exit_code == 2
    assert call("--with", "乙.txt").exit_code == 2
    with pytest.raises(UserError, match="文件不存在"):
        CliRunner().invoke(
            command, [str(tmp_path / "无.txt"), "--with", str(tmp_path)], catch_exceptions=False
        )


def test_evaluate_prints_precision_and_recall() -> None:
    said = call("--evaluate").output
    for word in ("dev: ", "test: ", "precision", "recall", "← in use"):
        assert word in said


def test_real_cities_stand_side_by_side(shared: Path) -> None:
    from workplan.compare import read_plans
    from workplan.tag import get_labeller

    rules = get_labeller("rules")
    zhejiang, chengdu, fuzhou = (
        read_plans([shared / "plans" / name], rules)
        for name in ("zhejiang2020.txt", "chengdu2017.txt", "fuzhou2021.txt")
    )
    comparison = compare(zhejiang, [*chengdu, *fuzhou])
    (row,) = [row for row in comparison.rows if "签约" in row.name and "重点" not in row.name]
    # Fuzhou's plan names the contracts and sets no figure for them.
    figures = [cell and (cell.target.value, cell.target.unit) for cell in row.cells]
    assert figures == [(40, "%"), None, (40, "%")]
    assert row.mentions[1] is not None
    assert row.changes[0][2].movement == "same"
    # "老年人、慢性病病人等重点人群签约率" there, "重点人群覆盖率" here, both of family doctors.
    (row,) = [row for row in comparison.rows if "重点人群" in row.name and row.cells[0]]
    assert [cell and cell.target.value for cell in row.cells] == [70, None, 70]
    assert "家庭医生" in terminal_table(comparison)
