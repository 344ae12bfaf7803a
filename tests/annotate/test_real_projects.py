"""Projects of their own on a real Doccano: somebody else's server, hands in them, a full disk."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from odd_sentences import odd_sentences
from office import Office, configuration, write_sentences

from workplan.annotate import server
from workplan.annotate.answers import read_answers
from workplan.annotate.client import Doccano
from workplan.annotate.gold import read_gold
from workplan.annotate.journal import Journal
from workplan.annotate.rows import KEY

pytestmark = [pytest.mark.doccano, pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture
def office(office: Office, tmp_path: Path) -> Office:
    """The office, with a corpus that no other test has a part in."""
    apart = replace(office, corpus=tmp_path / "annotations")
    apart.corpus.mkdir()
    return apart


def test_a_shared_project_on_somebody_elses_server(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = server.find_server(office.data)
    assert found is not None
    passwords = json.loads((office.data / "credentials.json").read_text())["passwords"]
    monkeypatch.setenv("DOCCANO_USERNAME", "admin")
    config = configuration("annotate.yaml", tmp_path / "annotate.yaml", project="shared")
    more = [replace(e, id=f"s-{e.id}", text=f"五、{e.text}") for e in odd_sentences(9)]
    plans = write_sentences(office.corpus.parent / "shared.jsonl", more)
    options = ("--url", found.url, "--config", str(config))
    push = ("push", plans, "--labeller", "rules", "--select", "plan", *options)

    monkeypatch.setenv("DOCCANO_PASSWORD", "wrong")
    assert "refuses the user" in str(office.attempt(*push).exception)
    monkeypatch.setenv("DOCCANO_PASSWORD", passwords["admin"])
    assert "9 sentences sent" in office.run(*push).output
    journal = Journal.load(office.corpus / "sent" / "shared.jsonl")
    session = Doccano(found.url, "admin", passwords["admin"])
    for row in session.download(journal.project["id"])["all"]:
        session.toggle_confirmed(journal.project["id"], row["id"])
    assert "9 new" in office.run("pull", *options).output
    answers = read_answers(office.corpus, "shared")
    assert {answer.who for answer in answers.values()} == {"admin"}
    for answer in answers.values():
        assert answer.spans == journal.sent[answer.id].spans


def test_a_project_edited_by_hand_is_told_and_the_next_run_completes(
    office: Office, tmp_path: Path
) -> None:
    push, pull, rows = _ticked(office, tmp_path, "hand", "六、")
    project = Journal.load(office.corpus / "sent" / "hand.jsonl").project
    admin, person = (server.own_session(office.data, name) for name in (None, "annotator1"))
    kind = _address(admin, project, "ORG")
    admin._client.session.patch(kind, json={"text": "机构"})
    assert "was renamed to 机构" in str(office.attempt(*pull).exception)
    assert "was renamed to 机构" in str(office.attempt(*push).exception)
    admin._client.session.patch(kind, json={"text": "单位"})
    admin.delete_example(project["id"], rows[0]["id"])
    pulled = office.run(*pull).output
    assert "3 new" in pulled
    assert f"1 deleted in Doccano (在 Doccano 中被删除):\n  {rows[0][KEY]}" in pulled
    assert "1 sentences sent" in office.run(*push, "--restore").output
    (restored,) = (r for r in admin.download(project["id"])["annotator1"] if r[KEY] == rows[0][KEY])
    assert sorted(restored["label"]) == sorted(rows[0]["label"])
    person.toggle_confirmed(project["id"], restored["id"])
    assert "1 new, 0 changed, 3 as before" in office.run(*pull).output
    assert len(read_answers(office.corpus, "hand")) == 4


def test_a_deleted_type_costs_nothing_that_was_pulled_and_the_rest_can_be_sent_anew(
    office: Office, tmp_path: Path
) -> None:
    push, pull, rows = _ticked(office, tmp_path, "typeless", "七、", count=3)
    assert "3 new" in office.run(*pull).output
    before = {path: path.read_bytes() for path in office.corpus.rglob("typeless-*.jsonl")}
    journal = Journal.load(office.corpus / "sent" / "typeless.jsonl")
    admin = server.own_session(office.data)
    admin._client.session.delete(_address(admin, journal.project, "ORG"))
    for command in (pull, push):
        refused = str(office.attempt(*command).exception)
        assert "单位 was deleted" in refused
        assert f"move {journal.path} away" in refused
    assert {p: p.read_bytes() for p in office.corpus.rglob("typeless-*.jsonl")} == before
    journal.path.rename(tmp_path / "typeless.jsonl")
    configuration("annotate.yaml", Path(push[-1]), project="anew")
    assert "1 sentences sent" in office.run(*push).output
    assert list(Journal.load(office.corpus / "sent" / "anew.jsonl").sent) == [rows[3][KEY]]


def test_a_full_disk_while_pulling_leaves_nothing_half_written(
    office: Office, tmp_path: Path, small_files: Callable[[int], AbstractContextManager[None]]
) -> None:
    _, pull, _ = _ticked(office, tmp_path, "full", "八、")
    for room in (0, 800):  # bytes: for nothing, and for some of the answers
        with small_files(room):
            refused = office.attempt(*pull)
        assert "make room, then run the same command again" in str(refused.exception)
        assert not list(office.corpus.rglob("*.part"))
        assert not list(office.corpus.rglob("full-*.jsonl"))
    assert "4 new" in office.run(*pull).output
    assert len(read_answers(office.corpus, "full")) == len(read_gold(office.corpus, "full")) == 4


def _ticked(
    office: Office, folder: Path, project: str, words: str, count: int = 4
) -> tuple[tuple[str, ...], tuple[str, ...], list[dict]]:
    """A project of its own with four sentences, the first `count` ticked by annotator1: the
    commands that push and pull it, and the rows."""
    config = str(configuration("annotate.yaml", folder / "annotate.yaml", project=project))
    more = [replace(e, id=f"{project}-{e.id}", text=words + e.text) for e in odd_sentences(4)]
    plans = write_sentences(folder / "plans.jsonl", more)
    push = ("push", plans, "--labeller", "rules", "--select", "plan", "--config", config)
    office.run(*push)
    number = Journal.load(office.corpus / "sent" / f"{project}.jsonl").project["id"]
    rows = server.own_session(office.data).download(number)["annotator1"]
    person = server.own_session(office.data, "annotator1")
    for row in rows[:count]:
        person.toggle_confirmed(number, row["id"])
    return push, ("pull", "--config", config), rows


def _address(session: Doccano, project: dict[str, Any], label: str) -> str:
    """Where the server has a type of a project."""
    return f"{session.url}/v1/projects/{project['id']}/span-types/{project['types'][label]}"
