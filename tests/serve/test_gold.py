"""Corrected spans become gold: once, with who and when, and never a held-out plan's."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bureau import TEXT, Office
from click.testing import CliRunner

from workplan.cli.serve import serve
from workplan.errors import UserError
from workplan.serve.gold import pull
from workplan.train.corpus import read_corpus

SPANS = [[7, 9, "ACTION"], [9, 14, "METRIC"], [14, 16, "QUANTITY"]]
SENTENCE = "县教育局年底前新建公办幼儿园3所，普惠率达到85%以上。"


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """An empty corpus."""
    (tmp_path / "annotations").mkdir()
    return tmp_path / "annotations"


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def hold_out(corpus: Path, plan: str, *texts: str) -> None:
    rows = [
        {"id": f"{plan}-{n}", "plan": plan, "text": text, "spans": []}
        for n, text in enumerate(texts)
    ]
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    (corpus / "test.jsonl").write_text(text, encoding="utf-8")


def test_corrections_come_once(office: Office, corpus: Path) -> None:
    plan = office.upload()
    assert pull(office.data, corpus).new == 0
    office.change(plan, kind="spans", sentence=2, spans=SPANS, who="李")
    pulled = pull(office.data, corpus)
    assert (pulled.new, pulled.changed, pulled.held_out) == (1, 0, [])
    (gold,) = read_corpus(corpus / "rounds" / "workbench-001.jsonl")
    assert gold.text == SENTENCE
    assert [[span.start, span.end, span.label] for span in gold.spans] == SPANS
    assert gold.plan == f"教育@{plan[:8]}"
    assert gold.id == f"教育@{plan[:8]}-0002"
    (answer,) = lines(corpus / "answers" / "workbench-001.jsonl")
    history = office.show(plan)["history"]
    assert (answer["who"], answer["when"]) == ("李", history[0]["at"])
    before = {path: path.read_bytes() for path in corpus.rglob("*.jsonl")}
    again = pull(office.data, corpus)
    assert (again.new, again.changed, again.unchanged) == (0, 0, 1)
    assert {path: path.read_bytes() for path in corpus.rglob("*.jsonl")} == before


def test_a_second_thought_takes_the_first_ones_place(office: Office, corpus: Path) -> None:
    plan = office.upload()
    office.change(plan, kind="spans", sentence=2, spans=SPANS)
    pull(office.data, corpus)
    office.change(plan, kind="spans", sentence=2, spans=SPANS[:1], who="李")
    assert pull(office.data, corpus).changed == 1
    rounds = [
        example for path in sorted((corpus / "rounds").iterdir()) for example in read_corpus(path)
    ]
    assert [len(example.spans) for example in rounds] == [1]
    assert [
        row["version"] for path in sorted((corpus / "answers").iterdir()) for row in lines(path)
    ] == [1, 2]


def test_an_undone_correction_is_no_gold(office: Office, corpus: Path) -> None:
    plan = office.upload()
    office.change(plan, kind="spans", sentence=2, spans=SPANS)
    pull(office.data, corpus)
    office.change(plan, kind="undo", number=1)
    assert pull(office.data, corpus).retracted == 1
    assert read_corpus(corpus / "rounds" / "workbench-001.jsonl") == []
    assert pull(office.data, corpus).retracted == 0
    office.change(plan, kind="undo", number=2)
    assert pull(office.data, corpus).new == 1


def test_held_out_plans_never_come(office: Office, corpus: Path) -> None:
    named = office.upload(TEXT.replace("2031", "2032"), "held.txt")
    shared = office.upload()
    free = office.upload("2033年某局工作要点\n推进另一处重点建设项目三处。\n", "c.txt")
    for plan in (named, shared, free):
        office.change(plan, kind="spans", sentence=1, spans=[])
    hold_out(corpus, "held", SENTENCE)
    pulled = pull(office.data, corpus)
    assert pulled.held_out == [f"held@{named[:8]}", f"教育@{shared[:8]}"]
    assert [example.plan for example in read_corpus(corpus / "rounds" / "workbench-001.jsonl")] == [
        f"c@{free[:8]}"
    ]


def test_gold_of_a_plan_held_out_later_goes(office: Office, corpus: Path) -> None:
    plan = office.upload()
    office.change(plan, kind="spans", sentence=2, spans=SPANS)
    pull(office.data, corpus)
    hold_out(corpus, "教育", "另一句话，没有见过。")
    pulled = pull(office.data, corpus)
    assert (pulled.retracted, pulled.held_out) == (1, [f"教育@{plan[:8]}"])


def test_what_the_corpus_has_is_left_alone(office: Office, corpus: Path) -> None:
    plan = office.upload()
    office.change(plan, kind="spans", sentence=2, spans=SPANS)
    row = {"id": "x-1", "plan": "x", "text": SENTENCE, "spans": []}
    (corpus / "train.jsonl").write_text(
        json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8"
    )
    pulled = pull(office.data, corpus)
    assert (pulled.new, pulled.known) == (0, 1)
    assert not (corpus / "rounds").exists()


def test_the_command_tells_what_came(office: Office, corpus: Path) -> None:
    office.change(office.upload(), kind="spans", sentence=2, spans=SPANS)
    command = ["pull", "--data", str(office.data), "--corpus", str(corpus)]
    done = CliRunner().invoke(serve, command)
    assert done.exit_code == 0, done.output
    assert "1 sentences new" in done.output
    assert "workbench-001.jsonl" in done.output


def test_another_folder_is_told(tmp_path: Path, open_office: Callable[..., Office]) -> None:
    with pytest.raises(UserError, match="不是工作台的数据目录"):
        pull(tmp_path / "nothing", tmp_path)
