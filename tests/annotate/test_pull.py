"""Pull: what was ticked comes back exactly, once, and nothing damaged slips in."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from desk import SENTENCES, Desk

from workplan.annotate.answers import numbered, read_answers
from workplan.annotate.client import ServerError
from workplan.annotate.gold import read_gold
from workplan.annotate.settings import LabelType, Settings
from workplan.errors import UserError
from workplan.train.corpus import read_corpora
from workplan.types import Span


def _gold(desk: Desk) -> dict[str, tuple[Span, ...]]:
    """What `make train` reads of the rounds."""
    examples = read_corpora(sorted((desk.corpus / "rounds").glob("*.jsonl")))
    assert len({e.id for e in examples}) == len(examples), "a sentence stands in two rounds"
    return {e.id: e.spans for e in examples}


def _rows(desk: Desk, folder: str) -> list[dict[str, Any]]:
    paths = numbered(desk.corpus / folder, desk.settings.project)
    return [json.loads(line) for p in paths for line in p.read_text("utf-8").split("\n") if line]


def test_untouched_spans_come_back_identical(desk: Desk) -> None:
    desk.push()
    for sentence in SENTENCES:
        desk.tick(sentence.id, "li")
    pulled = desk.pull()
    assert (pulled.new, pulled.gold, pulled.damaged, pulled.repaired) == (3, 3, [], [])
    assert _gold(desk) == {s.id: s.spans for s in SENTENCES}
    assert {e.text for e in read_gold(desk.corpus, "workplan").values()} == {
        s.text for s in SENTENCES
    }


def test_only_what_is_ticked_comes_back(desk: Desk) -> None:
    desk.push()
    desk.tick("water-1", "li")
    pulled = desk.pull()
    assert set(_gold(desk)) == {"water-1"}
    assert pulled.unconfirmed == {"li": 2, "wang": 3}


def test_who_and_when_are_kept(desk: Desk) -> None:
    desk.push()
    desk.tick("water-1", "li", "wang")
    desk.pull()
    (row,) = _rows(desk, "rounds")
    assert row["who"] == ["li", "wang"]
    assert row["when"] == "2026-03-02T08:30:00+00:00"
    assert row["version"] == 1
    assert row["section"] == ["一、防汛"]


def test_pulling_twice_brings_nothing_new(desk: Desk) -> None:
    desk.push()
    desk.tick("water-1", "li")
    desk.pull()
    before = {p: p.read_bytes() for p in desk.corpus.rglob("*.jsonl")}
    pulled = desk.pull()
    assert (pulled.new, pulled.changed, pulled.unchanged, pulled.gold) == (0, 0, 1, 0)
    assert {p: p.read_bytes() for p in desk.corpus.rglob("*.jsonl")} == before


def test_changed_answer_is_a_new_version_and_the_old_one_is_kept(desk: Desk) -> None:
    desk.push()
    desk.tick("water-1", "li")
    desk.tick("water-3", "li")
    desk.pull()
    desk.redraw("water-1", "li", (0, 4, "单位"), (8, 10, "指标"))
    pulled = desk.pull()
    assert (pulled.changed, pulled.gold) == (1, 1)
    assert _gold(desk)["water-1"] == (Span(0, 4, "ORG"), Span(8, 10, "METRIC"))
    versions = [(r["version"], len(r["spans"])) for r in _rows(desk, "answers") if r["plan"]]
    assert versions == [(1, 3), (1, 0), (2, 2)]
    rounds = [(r["id"], r["version"]) for r in _rows(desk, "rounds")]
    assert rounds == [("water-3", 1), ("water-1", 2)]


def test_corrections_are_counted_against_what_was_sent(desk: Desk) -> None:
    desk.push()
    desk.redraw("water-1", "li", (0, 4, "单位"), (8, 10, "指标"), (10, 12, "数量"))
    desk.tick("water-1", "li")
    pulled = desk.pull()
    assert pulled.kept == {"ORG": 1}
    assert pulled.added == {"METRIC": 1, "QUANTITY": 1}
    assert pulled.removed == {"DEADLINE": 1, "ACTION": 1}


def test_hand_drawn_span_after_rare_characters_lands_where_it_was_drawn(desk: Desk) -> None:
    desk.push()
    # The page counts UTF-16 units: 个站点 stands at 24 to 27 there, at 22 to 25 in code points.
    desk.redraw("water-2", "li", (0, 3, "单位"), (24, 27, "指标"))
    desk.tick("water-2", "li")
    desk.pull()
    org, metric = _gold(desk)["water-2"]
    text = SENTENCES[1].text
    assert text[org.start : org.end] == "𠮷县"
    assert text[metric.start : metric.end] == "个站点"


def test_spans_written_in_code_points_are_repaired(desk: Desk) -> None:
    desk.push()
    desk.redraw("water-2", "li", (0, 2, "单位"), (14, 18, "时限"), (18, 20, "动作"))
    desk.tick("water-2", "li")
    pulled = desk.pull()
    assert pulled.repaired == ["water-2"]
    assert _gold(desk)["water-2"] == SENTENCES[1].spans


@pytest.mark.parametrize(
    "spans",
    [
        [(1, 3, "单位")],  # cuts 𠮷 in two
        [(0, 2, "单位"), (14, 18, "时限"), (20, 22, "动作")],  # some shifted, some not
        [(0, 99, "单位")],
    ],
)
def test_damaged_offsets_are_refused_and_named(desk: Desk, spans: list) -> None:
    desk.push()
    desk.redraw("water-2", "li", *spans)
    desk.tick("water-2", "li")
    desk.tick("water-1", "li")
    pulled = desk.pull()
    assert [identifier for identifier, _, _ in pulled.damaged] == ["water-2"]
    assert set(_gold(desk)) == {"water-1"}


def test_changed_text_is_refused(desk: Desk) -> None:
    desk.push()
    desk.fake.example_of("water-1")["text"] = "县水利局年内新建泵站30座。"
    desk.tick("water-1", "li")
    pulled = desk.pull()
    assert "text was changed" in pulled.damaged[0][2]
    assert not _gold(desk)


def test_deleted_sentence_is_reported_and_stays_in_the_corpus(desk: Desk) -> None:
    desk.push()
    desk.tick("water-1", "li")
    desk.pull()
    del desk.fake.project()["examples"][desk.fake.example_of("water-1")["id"]]
    assert desk.pull().deleted == ["water-1"]
    assert set(_gold(desk)) == {"water-1"}


def test_sentences_of_others_are_left_out(desk: Desk) -> None:
    desk.push()
    project = desk.fake.project()
    row = {"text": "手工加入。", "label": []}
    desk.fake.import_rows(project, "admin", json.dumps(row))
    assert desk.pull().foreign == 1


def test_renamed_type_stops_the_pull_until_it_is_settled(desk: Desk) -> None:
    desk.push()
    desk.tick("water-1", "li")
    kinds = {kind["text"]: kind for kind in desk.fake.project()["types"]}
    kinds["单位"]["text"] = "机构"
    with pytest.raises(UserError, match="was renamed to 机构"):
        desk.pull()
    assert not (desk.corpus / "answers").exists()
    desk.settings = _with_name(desk.settings, "ORG", "机构")
    assert desk.pull().new == 1
    assert _gold(desk)["water-1"] == SENTENCES[0].spans


def test_deleted_or_added_type_stops_push_and_pull(desk: Desk) -> None:
    desk.push(*SENTENCES[:1])
    types = desk.fake.project()["types"]
    types.append(types[0] | {"id": 999, "text": "其他"})
    with pytest.raises(UserError, match="其他"):
        desk.pull()
    types[:] = types[1:-1]
    with pytest.raises(UserError, match="was deleted"):
        desk.push(*SENTENCES[1:])
    assert len(desk.fake.project()["examples"]) == 1


def test_shared_project_names_who_ticked(desk: Desk) -> None:
    desk.push(annotators=())
    desk.fake.project()["members"].append(2)
    desk.tick("water-1", "li")
    desk.pull()
    (row,) = _rows(desk, "answers")
    assert (row["who"], row["shared"]) == ("li", True)
    assert desk.pull().unchanged == 1


@pytest.mark.parametrize("how", ["drop", "error", "html"])
@pytest.mark.parametrize("part", ["/span-types", "/download", "/tasks/status", "/states"])
def test_server_that_dies_in_a_pull_loses_nothing(desk: Desk, part: str, how: str) -> None:
    desk.push()
    desk.tick("water-1", "li", "wang")
    desk.fake.fault = lambda method, path: how if path.endswith(part) or part in path else None
    with pytest.raises(ServerError):
        desk.pull()
    assert not (desk.corpus / "rounds").exists()
    desk.fake.fault = lambda method, path: None
    assert desk.pull().new == 2
    assert set(_gold(desk)) == {"water-1"}


def test_truncated_zip_is_refused(desk: Desk) -> None:
    desk.push()
    whole = desk.fake.export
    desk.fake.export = lambda *args: whole(*args)[:-30]  # type: ignore[method-assign]
    with pytest.raises(ServerError, match="damaged"):
        desk.pull()


def test_full_disk_while_pulling_leaves_nothing_half_written(
    desk: Desk, small_files: Callable
) -> None:
    desk.push()
    for sentence in SENTENCES:
        desk.tick(sentence.id, "li", "wang")
    for limit in (100, 900):
        with small_files(limit), pytest.raises(UserError, match="make room"):
            desk.pull()
        assert not list(desk.corpus.rglob("*.part"))
        assert not list((desk.corpus / "answers").glob("*"))
    assert desk.pull().new == 6
    assert _gold(desk) == {s.id: s.spans for s in SENTENCES}


def test_round_that_could_not_be_written_is_written_by_the_next_pull(desk: Desk) -> None:
    desk.push()
    desk.tick("water-1", "li")
    (desk.corpus / "rounds").write_text("a file where the folder should be")
    with pytest.raises(UserError, match="cannot write"):
        desk.pull()
    assert len(read_answers(desk.corpus, "workplan")) == 1
    (desk.corpus / "rounds").unlink()
    pulled = desk.pull()
    assert (pulled.new, pulled.gold) == (0, 1)
    assert set(_gold(desk)) == {"water-1"}


def test_an_interrupted_round_is_mended(desk: Desk) -> None:
    desk.push()
    desk.tick("water-1", "li")
    desk.pull()
    first = desk.corpus / "rounds" / "workplan-001.jsonl"
    before = first.read_bytes()
    desk.redraw("water-1", "li", (0, 4, "单位"))
    desk.pull()
    first.write_bytes(before)  # as if the power had failed before the old version went
    desk.pull()
    assert _gold(desk)["water-1"] == (Span(0, 4, "ORG"),)


def _with_name(settings: Settings, label: str, name: str) -> Settings:
    from dataclasses import replace

    types = tuple(
        LabelType(k.label, name if k.label == label else k.name, k.colour, k.key)
        for k in settings.types
    )
    return replace(settings, types=types)
