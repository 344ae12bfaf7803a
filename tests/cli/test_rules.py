"""`workplan rules` as a user types it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from workplan.cli import cli
from workplan.errors import UserError
from workplan.tag.rules import load_functions
from workplan.tag.rules.function import FUNCTIONS
from workplan.tag.rules.vote import Model


def run(*arguments: str) -> Any:
    return CliRunner().invoke(cli, ["rules", *arguments])


@pytest.fixture
def gold(tmp_path: Path) -> str:
    rows = [
        {"id": "1", "text": "新增站点12个。", "spans": [[0, 2, "ACTION"], [4, 7, "QUANTITY"]]},
        {"id": "2", "text": "覆盖率达到85%。", "spans": [[0, 3, "METRIC"], [5, 8, "QUANTITY"]]},
    ]
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def test_report_on_gold_as_a_table(gold: str) -> None:
    result = run("report", gold)
    assert result.exit_code == 0, result.output
    assert "2 sentences" in result.output
    line = next(x for x in result.output.splitlines() if x.strip().startswith("counted"))
    assert line.split() == ["counted", "for", "50.0%", "1", "0.0%", "0.0%", "100.0%", "50.0%"]


def test_report_as_json_names_every_function(gold: str) -> None:
    load_functions()
    records = json.loads(run("report", gold, "--json").output)
    assert [record["function"] for record in records] == list(FUNCTIONS)
    assert {record["votes"] for record in records} == {"for", "against"}


def test_report_on_plain_text_has_no_precision(tmp_path: Path) -> None:
    path = tmp_path / "corpus.txt"
    path.write_text("推进城乡供水一体化，新建水厂3座。\n加强河道管理工作。\n", encoding="utf-8")
    result = run("report", str(path), "--json")
    assert result.exit_code == 0, result.output
    records = json.loads(result.output)
    strong = next(r for r in records if r["function"] == "strong_verb_opens_clause")
    assert (strong["coverage"], strong["precision"], strong["recall"]) == (1.0, None, None)


def test_report_reads_the_corpus_where_nothing_is_named(root: Path) -> None:
    assert (root / "annotations" / "dev.jsonl").is_file()
    result = run("report", "--limit", "20")
    assert "20 sentences" in result.output


def test_report_names_a_missing_file(tmp_path: Path) -> None:
    result = run("report", str(tmp_path / "none.txt"))
    assert isinstance(result.exception, UserError)
    assert "none.txt" in str(result.exception)


def test_fit_writes_a_vote_that_loads(tmp_path: Path, gold: str) -> None:
    text = tmp_path / "corpus.txt"
    text.write_text("推进城乡供水一体化，新建水厂3座。\n加强河道管理工作。\n", encoding="utf-8")
    out = tmp_path / "models" / "vote.json"
    result = run("fit", str(text), "--gold", gold, "--out", str(out))
    assert result.exit_code == 0, result.output
    assert "2 unlabelled and 2 gold sentences" in result.output
    load_functions()
    assert set(Model.load(out).emission) == set(FUNCTIONS)
