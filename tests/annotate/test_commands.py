"""The commands' refusals: what is wrong, and what to do."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner
from desk import Desk
from fake_doccano import PASSWORD

from workplan.annotate import server
from workplan.annotate.accounts import own_accounts, read_accounts
from workplan.annotate.answers import Answer, write_answers
from workplan.annotate.settings import read_settings
from workplan.cli import cli
from workplan.errors import UserError
from workplan.types import Span


class Blind:
    """A labeller that finds nothing."""

    name = "blind"

    def label(self, views: list[str]) -> list[list[Span]]:
        return [[] for _ in views]


def _refused(*arguments: str) -> UserError:
    result = CliRunner().invoke(cli, ["annotate", *arguments])
    assert isinstance(result.exception, UserError), result.output
    assert result.exception.remedy
    return result.exception


def test_no_server_yet(tmp_path: Path) -> None:
    where = ("--data", str(tmp_path / "data"), "--corpus", str(tmp_path))
    assert "make doccano" in str(_refused("push", "plans.txt", *where))
    assert "make doccano" in str(_refused("pull", *where))


def test_pull_before_push(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCCANO_USERNAME", "admin")
    monkeypatch.setenv("DOCCANO_PASSWORD", PASSWORD)
    where = ("--url", desk.fake.url, "--corpus", str(desk.corpus))
    assert "nothing was pushed" in str(_refused("pull", *where))


def test_push_needs_plans_and_says_what_is_held_out(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCCANO_USERNAME", "admin")
    monkeypatch.setenv("DOCCANO_PASSWORD", PASSWORD)
    where = ("--url", desk.fake.url, "--corpus", str(desk.corpus))
    assert "name plans" in str(_refused("push", *where))
    row = json.dumps({"id": "h-1", "plan": "h", "text": "巡查水库。"}) + "\n"
    (desk.corpus / "test.jsonl").write_text(row)
    (tmp_path / "plans.jsonl").write_text(row)
    assert "held out: h" in str(_refused("push", str(tmp_path / "plans.jsonl"), *where))


def test_password_is_asked_for_where_the_environment_has_none(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("DOCCANO_USERNAME", raising=False)
    monkeypatch.delenv("DOCCANO_PASSWORD", raising=False)
    monkeypatch.setattr("workplan.tag.labeller.get_labeller", lambda name: Blind())
    (tmp_path / "p.jsonl").write_text(json.dumps({"id": "p-1", "text": "巡查水库。"}) + "\n")
    command = ["annotate", "push", str(tmp_path / "p.jsonl"), "--labeller", "rules"]
    result = CliRunner().invoke(
        cli,
        [*command, "--url", desk.fake.url, "--corpus", str(desk.corpus)],
        input=f"admin\n{PASSWORD}\n",
    )
    assert result.exit_code == 0, result.exception
    assert "1 sentences sent" in result.output
    assert PASSWORD not in result.output


@pytest.mark.parametrize("way", ["uncertain", "diverse", "disagreement", "random", "plan"])
def test_every_way_sends_each_sentence_once_and_no_held_out_plan(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, way: str
) -> None:
    monkeypatch.setenv("DOCCANO_USERNAME", "admin")
    monkeypatch.setenv("DOCCANO_PASSWORD", PASSWORD)
    monkeypatch.setattr("workplan.tag.labeller.get_labeller", lambda name: _named(name))
    things = ("水库", "桥梁", "学校", "医院", "公园", "泵站", "村道", "厂房")
    rows = [
        {"id": f"p-{n}", "plan": f"p{n % 2}", "text": f"巡查{t}。"} for n, t in enumerate(things)
    ]
    rows += [{"id": f"h-{n}", "plan": "held", "text": f"改造{t}。"} for n, t in enumerate(things)]
    lines = [json.dumps(row) + "\n" for row in rows]
    (tmp_path / "p.jsonl").write_text("".join(lines))
    (desk.corpus / "test.jsonl").write_text("".join(lines[-2:]))
    where = ("--url", desk.fake.url, "--corpus", str(desk.corpus))
    command = ["annotate", "push", str(tmp_path / "p.jsonl"), "--select", way, "--count", "4"]
    for _ in range(2):
        result = CliRunner().invoke(cli, [*command, *where])
        assert result.exit_code == 0, result.exception
        assert "4 sentences sent" in result.output
    examples = desk.fake.project()["examples"].values()
    assert sorted(e["text"] for e in examples) == sorted(f"巡查{thing}。" for thing in things)
    assert {e["meta"]["选取"] for e in examples} == {way}
    assert "no sentence is left" in str(_refused(*command[1:], *where))


def _named(name: str | None) -> Blind:
    labeller = Blind()
    labeller.name = name or "tagger"
    return labeller


def test_two_pushes_at_once(desk: Desk) -> None:
    from workplan.annotate.loop import Loop

    def ask(text: str, hidden: bool) -> str:
        return PASSWORD if hidden else "admin"

    parts = (desk.settings, desk.corpus, Path("data"), desk.fake.url, ask)
    with Loop(*parts), pytest.raises(UserError, match="at work"), Loop(*parts):
        pass
    with Loop(*parts):
        pass


def test_one_way_to_settle(tmp_path: Path) -> None:
    where = ("--by", "chief", "--corpus", str(tmp_path))
    assert "how to settle" in str(_refused("adjudicate", *where))
    assert "how to settle" in str(_refused("adjudicate", "--prefer", "li", "--majority", *where))
    assert "no such file" in str(_refused("adjudicate", str(tmp_path / "none.jsonl"), *where))


def test_agree_needs_two(tmp_path: Path) -> None:
    error = _refused("agree", "--out", str(tmp_path / "out"), "--corpus", str(tmp_path))
    assert "two annotators" in str(error)


def test_data_folder_in_the_repository_is_refused(root: Path) -> None:
    with pytest.raises(UserError, match="must not lie in the repository"):
        server.serve(root / "doccano-data")
    assert not (root / "doccano-data").exists()


def test_environment_of_somebody_else_is_never_emptied(tmp_path: Path) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    (theirs / "work.txt").write_text("years of it")
    with pytest.raises(UserError, match="not an environment that we made"):
        server.serve(tmp_path / "data", venv=theirs, say=lambda line: None)
    assert (theirs / "work.txt").read_text() == "years of it"


def test_changed_password_of_our_own_server_names_the_file(desk: Desk, tmp_path: Path) -> None:
    own_accounts(tmp_path, 1)
    me = {"web": [os.getpid(), psutil.Process().create_time()]}
    (tmp_path / "server.json").write_text(json.dumps({"url": desk.fake.url, "processes": me}))
    with pytest.raises(UserError, match="no longer the one noted here") as caught:
        server.own_session(tmp_path)
    assert "credentials.json" in str(caught.value)


def test_address_needs_http(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCCANO_USERNAME", "admin")
    monkeypatch.setenv("DOCCANO_PASSWORD", PASSWORD)
    where = ("--url", "localhost:8000", "--corpus", str(desk.corpus))
    assert "no address of a server" in str(_refused("pull", *where))


def test_password_is_no_option() -> None:
    for command in ("serve", "push", "pull"):
        shown = CliRunner().invoke(cli, ["annotate", command, "--help"]).output
        assert "--password" not in shown
        assert "--user" not in shown


def test_full_disk_says_so(tmp_path: Path, small_files: Callable) -> None:
    spans = [(Span(0, 2, "ORG"),), ()]
    answers = [
        Answer("p-1", "p", "某局推进", drawn, who, "2026-03-02T08:30:00+00:00")
        for who, drawn in zip(("li", "wang"), spans, strict=True)
    ]
    write_answers(tmp_path, "workplan", answers)
    with small_files(100):
        agreed = _refused("agree", "--out", str(tmp_path / "out"), "--corpus", str(tmp_path))
        served = _refused("serve", "--data", str(tmp_path / "data"), "--venv", str(_venv(tmp_path)))
    assert "make room" in str(agreed)
    assert "make room" in str(served)
    assert not list((tmp_path / "out").iterdir())


def _venv(folder: Path) -> Path:
    """An environment in which Doccano seems to be installed."""
    venv = folder / "venv"
    venv.mkdir()
    (venv / "installed.txt").write_text("\n".join(server.REQUIREMENTS), encoding="utf-8")
    return venv


def test_nothing_to_stop(tmp_path: Path) -> None:
    assert server.stop(tmp_path, say=lambda line: None) is False
    (tmp_path / "server.json").write_text("{")
    assert server.stop(tmp_path, say=lambda line: None) is False


def test_stop_leaves_strangers_alone(tmp_path: Path) -> None:
    """A number that was given to another process since is not ours to end."""
    row = {"url": "http://127.0.0.1:9", "processes": {"web": [os.getpid(), 1.0]}}
    (tmp_path / "server.json").write_text(json.dumps(row))
    assert server.stop(tmp_path, say=lambda line: None) is False


def test_accounts_are_private_generated_once_and_extended(tmp_path: Path) -> None:
    first = own_accounts(tmp_path, 1)
    assert stat.S_IMODE((tmp_path / "credentials.json").stat().st_mode) == 0o600
    more = own_accounts(tmp_path, 3)
    assert more.annotators == ("annotator1", "annotator2", "annotator3")
    assert first.passwords.items() <= more.passwords.items()
    assert len(set(more.passwords.values())) == 4
    assert own_accounts(tmp_path, 1) == more == read_accounts(tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("project: workplan", "project: a/b"), "project"),
        (("name: 指标", "name: 单位"), "same name"),
        (('key: "4"', 'key: "3"'), "same key"),
        (('colour: "#6a1b9a"', "colour: red"), "METRIC"),
        (("batch_sentences: 200", "batch_sentences: 0"), "batch_sentences"),
        (("answers_needed: 1", "answer_needed: 1"), "unknown setting"),
    ],
)
def test_wrong_settings_are_named(
    root: Path, tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    text = (root / "configs" / "annotate.yaml").read_text(encoding="utf-8")
    assert change[0] in text
    (tmp_path / "annotate.yaml").write_text(text.replace(*change), encoding="utf-8")
    with pytest.raises(UserError, match=message):
        read_settings(tmp_path / "annotate.yaml")


@pytest.mark.parametrize(
    ("models", "compared"),
    [
        ([], ""),
        (["trained"], "--labeller tagger --labeller models/trained\n"),
        (
            ["trained", "trained.previous"],
            "--labeller tagger --labeller models/trained.previous --labeller models/trained\n",
        ),
    ],
)
def test_make_eval_shows_before_and_after(
    root: Path, tmp_path: Path, models: list[str], compared: str
) -> None:
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is not installed")
    (tmp_path / "pyproject.toml").touch()
    for name in models:
        (tmp_path / "models" / name).mkdir(parents=True)
    command = [make, "--dry-run", "--file", str(root / "Makefile"), "eval", "DEV=none"]
    recipe = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert recipe.stdout.count("workplan eval") == (2 if models else 1)
    assert compared in recipe.stdout
