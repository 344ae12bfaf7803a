"""`workplan extract` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from workplan.cli import main
from workplan.cli.extract import extract

PLAN = """2031年云皮县教育工作要点
一、扩充学位
县教育局年底前新建公办园3所，普惠性幼儿园覆盖率达到85%以上。
"""


def call(*words: object) -> Result:
    return CliRunner().invoke(extract, [str(word) for word in words])


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "要点.txt"
    path.write_text(PLAN, encoding="utf-8")
    return path


def test_help_teaches() -> None:
    said = call("--help").output
    for word in ("tasks.xlsx", "errors.jsonl", "--overwrite", "Ctrl-C", "exit code", "Examples"):
        assert word in said


def test_plan_becomes_a_table(plan: Path, tmp_path: Path) -> None:
    result = call(plan, "--out", tmp_path / "out", "--labeller", "rules", "--workers", 1)
    assert result.exit_code == 0, result.output
    assert "1 plans" in result.output
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {
        "errors.jsonl",
        "plans.jsonl",
        "report.html",
        "run.json",
        "sources",
        "tasks.jsonl",
        "tasks.xlsx",
    }
    lines = (tmp_path / "out" / "tasks.jsonl").read_text(encoding="utf-8").splitlines()
    found = [target for line in lines for target in json.loads(line)["targets"]]
    assert {(one["metric"], one["value"], one["unit"]) for one in found} == {
        ("公办园", 3, "所"),
        ("普惠性幼儿园覆盖率", 85, "%"),
    }


def test_bad_file_gives_exit_code_one(plan: Path, tmp_path: Path) -> None:
    (tmp_path / "空.txt").write_bytes(b"")
    result = call(tmp_path, "--out", tmp_path / "out", "--labeller", "rules", "--format", "csv,ics")
    assert result.exit_code == 1, result.output
    assert "1 file failed" in result.output
    assert "空.txt" in result.output
    assert (tmp_path / "out" / "tasks.csv").exists()
    assert (tmp_path / "out" / "tasks.ics").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["none.txt", "--out", "out"], "none.txt"),
        (["{plan}", "--out", "out", "--format", "doc"], "unknown format 'doc'"),
        (["{plan}", "--out", "out", "--labeller", "none"], "no labeller 'none'"),
        (["{plan}", "--out", "{plan}"], "is a file"),
        (["{plan}"], "--out"),
        (["{plan}", "--out", "out", "--config", "none"], "none"),
        (["{plan}", "--out", "out", "--address", "head:6379"], "--engine ray"),
        (["{plan}", "--out", "out", "--engine", "spark"], "spark"),
        (["nosuch://bucket/a", "--out", "out"], "nosuch://bucket/a"),
        (["{plan}", "--out", "nosuch://bucket/a"], "nosuch://bucket/a"),
    ],
)
def test_mistakes_end_with_two_and_write_nothing(
    plan: Path,
    tmp_path: Path,
    words: list[str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    given = [word.format(plan=plan) for word in words]
    monkeypatch.setattr("sys.argv", ["workplan", "extract", *given])
    with pytest.raises(SystemExit) as end:
        main()
    assert end.value.code == 2
    assert said in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_own_batch_settings_are_checked(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Set, so that what the command leaves in the environment is taken back after the test.
    monkeypatch.setenv("WORKPLAN_CONFIGS", "")
    own = tmp_path / "own"
    own.mkdir()
    (own / "batch.yaml").write_text("wokers: 3\n", encoding="utf-8")
    result = call(plan, "--out", tmp_path / "out", "--config", own)
    assert "'wokers' must be one of" in str(result.exception)


def test_a_run_is_repeated_from_its_manifest(
    plan: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    first = call("要点.txt", "--out", "one", "--labeller", "rules", "--format", "csv", "--all")
    assert first.exit_code == 0, first.output
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    again = call("--repeat", "../one/run.json", "--out", "two")
    assert again.exit_code == 0, again.output
    assert "Not as in" not in again.output
    for name in ("tasks.jsonl", "plans.jsonl", "tasks.csv", "tasks.xlsx", "report.html"):
        one, two = (tmp_path / "one" / name, tmp_path / "elsewhere" / "two" / name)
        assert one.read_bytes() == two.read_bytes(), name
    plan.write_text(PLAN + "二、完成清查4次。\n", encoding="utf-8")
    changed = call("--repeat", tmp_path / "one" / "run.json", "--out", tmp_path / "three")
    assert "files (与原运行不同)" in changed.output


def test_a_repeat_takes_no_choices(plan: Path, tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"command": {}}')
    both = call(plan, "--repeat", tmp_path / "run.json", "--out", tmp_path / "out")
    assert both.exit_code == 2
    alone = call("--repeat", tmp_path / "run.json", "--out", tmp_path / "out")
    assert "records no run" in str(alone.exception)
