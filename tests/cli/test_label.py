"""`workplan label` as a user types it: JSON lines in, JSON lines out, mistakes named."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workplan.cli import cli
from workplan.cli.label import label_rows, read_rows
from workplan.errors import UserError

MAIN = "from workplan.cli import main; main()"
SENTENCE = "市教育局6月底前新建标准化学校3所，入学率达到98%以上。"


def run(*arguments: str, given: str | None = None) -> Any:
    return CliRunner().invoke(cli, ["label", *arguments], input=given, catch_exceptions=True)


def write(path: Path, *rows: object) -> str:
    lines = (row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows)
    path.write_text("".join(line + "\n" for line in lines), encoding="utf-8")
    return str(path)


def read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_every_line_comes_back_in_order_with_spans_targets_and_dates(tmp_path: Path) -> None:
    source = write(
        tmp_path / "in.jsonl",
        {"id": "b", "text": SENTENCE, "year": 2031, "note": "kept"},
        {"id": "a", "text": ""},
    )
    result = run(source, str(tmp_path / "out.jsonl"), "--labeller", "rules")
    assert result.exit_code == 0, result.output
    first, second = read(tmp_path / "out.jsonl")
    texts = [(SENTENCE[s:e], label) for s, e, label in first["spans"]]
    assert ("市教育局", "ORG") in texts
    assert ("6月底前", "DEADLINE") in texts
    assert ("3所", "QUANTITY") in texts
    assert first["dates"] == [{"start": 4, "end": 8, "from": None, "to": "2031-06-30"}]
    target = next(t for t in first["targets"] if t["quantity"] == "98%以上")
    assert (target["metric"], target["comparator"], target["value"]) == ("入学率", "ge", 98)
    assert (first["note"], first["year"]) == ("kept", 2031)
    assert second == {"id": "a", "text": "", "spans": [], "targets": [], "dates": []}


def test_a_lines_own_year_comes_before_the_option(tmp_path: Path) -> None:
    rows = [{"id": 1, "text": "6月底前完成。", "year": 2030}, {"id": 2, "text": "6月底前完成。"}]
    source = write(tmp_path / "in.jsonl", *rows)
    run(source, str(tmp_path / "out.jsonl"), "--labeller", "rules", "--year", "2029")
    assert [row["dates"][0]["to"] for row in read(tmp_path / "out.jsonl")] == [
        "2030-06-30",
        "2029-06-30",
    ]


def test_without_a_year_none_is_assumed(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", {"id": 1, "text": "6月底前完成。"})
    run(source, str(tmp_path / "out.jsonl"), "--labeller", "rules")
    assert read(tmp_path / "out.jsonl")[0]["dates"] == [
        {"start": 0, "end": 4, "from": None, "to": None}
    ]


def test_traditional_script_and_full_width_are_labelled_and_kept(tmp_path: Path) -> None:
    text = "推進醫療改革，覆蓋率達到８５％以上。"
    source = write(tmp_path / "in.jsonl", {"id": 1, "text": text})
    run(source, str(tmp_path / "out.jsonl"), "--labeller", "rules")
    (row,) = read(tmp_path / "out.jsonl")
    assert row["text"] == text
    assert [text[s:e] for s, e, _ in row["spans"]] == ["推進", "覆蓋率", "８５％以上"]


def test_given_spans_are_kept(tmp_path: Path) -> None:
    spans = [[6, 9, "QUANTITY"], [2, 5, "METRIC"], [0, 2, "ACTION"]]
    source = write(tmp_path / "in.jsonl", {"id": 1, "text": "新增体育场12个。", "spans": spans})
    run(source, str(tmp_path / "out.jsonl"), "--spans", "gold")
    (row,) = read(tmp_path / "out.jsonl")
    assert row["spans"] == sorted(spans)
    assert row["targets"][0]["metric"] == "体育场"


def test_standard_streams(tmp_path: Path) -> None:
    line = json.dumps({"id": 1, "text": "推进改革。"}, ensure_ascii=False) + "\n"
    done = subprocess.run(
        [sys.executable, "-c", MAIN, "label", "-", "-", "--labeller", "rules"],
        input=line.encode(),
        capture_output=True,
        check=True,
    )
    assert json.loads(done.stdout)["spans"] == [[0, 2, "ACTION"]]
    assert done.stderr == b""


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not a JSON object"),
        ("", "not a JSON object"),
        ('["id", "text"]', 'no "id" or no "text"'),
        ('{"id": 1}', 'no "id" or no "text"'),
        ('{"id": 1, "text": 3}', 'no "id" or no "text"'),
        ('{"id": 1, "text": "推进改革。", "year": "2021"}', "not a year"),
        ('{"id": 1, "text": "推进改革。", "year": 21}', "not a year"),
    ],
)
def test_a_broken_line_is_named_and_nothing_is_written(
    tmp_path: Path, line: str, message: str
) -> None:
    source = write(tmp_path / "in.jsonl", {"id": 0, "text": "推进改革。"}, line)
    (tmp_path / "out.jsonl").write_text("before", encoding="utf-8")
    result = run(source, str(tmp_path / "out.jsonl"), "--labeller", "rules")
    assert isinstance(result.exception, UserError)
    assert message in str(result.exception)
    assert f"{source}:2" in str(result.exception)
    assert "→" in str(result.exception)
    assert (tmp_path / "out.jsonl").read_text(encoding="utf-8") == "before"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["in.jsonl", "out.jsonl"]


@pytest.mark.parametrize(
    "spans",
    [
        [[0, 9, "ACTION"]],
        [[2, 2, "ACTION"]],
        [[0, 2, "VERB"]],
        [[0, "2", "ACTION"]],
        [[0, 2, "ACTION"], [1, 3, "ORG"]],
        ["ACTION"],
    ],
)
def test_given_spans_that_do_not_fit_are_refused(tmp_path: Path, spans: list[Any]) -> None:
    source = write(tmp_path / "in.jsonl", {"id": 1, "text": "推进改革。", "spans": spans})
    result = run(source, str(tmp_path / "out.jsonl"), "--spans", "gold")
    assert isinstance(result.exception, UserError)
    assert f"{source}:1" in str(result.exception)


def test_files_that_cannot_be_read_or_written_are_named(tmp_path: Path) -> None:
    missing = run(str(tmp_path / "none.jsonl"), "-", "--labeller", "rules")
    assert "cannot be read" in str(missing.exception)
    source = write(tmp_path / "in.jsonl", {"id": 1, "text": "推进改革。"})
    nowhere = run(source, str(tmp_path / "no" / "out.jsonl"), "--labeller", "rules")
    assert "cannot write" in str(nowhere.exception)
    (tmp_path / "gbk.jsonl").write_bytes('{"id": 1, "text": "推进"}\n'.encode("gb18030"))
    wrong = run(str(tmp_path / "gbk.jsonl"), "-", "--labeller", "rules")
    assert "not UTF-8" in str(wrong.exception)


def test_only_the_rules_have_a_vote(tmp_path: Path) -> None:
    source = write(tmp_path / "in.jsonl", {"id": 1, "text": "推进改革。"})
    result = run(source, "-", "--vote", "majority", "--labeller", "tagger")
    assert "only the rules have a vote" in str(result.exception)
    done = run(source, str(tmp_path / "out.jsonl"), "--vote", "majority")
    assert done.exit_code == 0, done.output


def test_a_byte_order_mark_is_no_mistake() -> None:
    assert [row["id"] for row in read_rows(['\ufeff{"id": 1, "text": ""}'], where="in")] == [1]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=40), max_size=5))
def test_any_text_gives_one_line_with_sound_spans(texts: list[str]) -> None:
    from workplan.tag import get_labeller

    rows = [{"id": number, "text": text} for number, text in enumerate(texts)]
    done = list(label_rows(iter(rows), get_labeller("rules").label, 2030))
    assert [row["id"] for row in done] == list(range(len(texts)))
    for row in done:
        assert all(0 <= s < e <= len(row["text"]) for s, e, _ in row["spans"])
        deadlines = [s for s in row["spans"] if s[2] == "DEADLINE"]
        assert [(d["start"], d["end"]) for d in row["dates"]] == [(s, e) for s, e, _ in deadlines]
        json.dumps(row)
