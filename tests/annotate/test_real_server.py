"""The whole loop on a real Doccano: start, push, correct, pull, agree, settle, train, stop."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
import sys
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner
from odd_sentences import odd_sentences
from office import Office, configuration, write_sentences

from workplan.annotate import server
from workplan.annotate.annotator import Annotator
from workplan.annotate.answers import read_answers
from workplan.annotate.gold import read_gold
from workplan.annotate.offsets import to_units
from workplan.annotate.rows import KEY
from workplan.annotate.settings import read_settings
from workplan.cli import cli
from workplan.errors import UserError
from workplan.train.corpus import Example, write_corpus
from workplan.types import Span

pytestmark = [pytest.mark.doccano, pytest.mark.slow, pytest.mark.timeout(900)]

PEOPLE = (
    Annotator("annotator1", overlooks=0.02, slips=0.02),
    Annotator("annotator2", overlooks=0.1, slips=0.05, confuses=0.05),
)


@pytest.fixture(scope="module")
def gold(office: Office) -> dict[str, Example]:
    """200 sentences with known spans; half as many lie in a file to push."""
    examples = odd_sentences(200)
    write_sentences(office.corpus.parent / "plans.jsonl", examples)
    return {example.id: example for example in examples}


def test_the_server_is_private(office: Office) -> None:
    credentials = office.data / "credentials.json"
    assert stat.S_IMODE(credentials.stat().st_mode) == 0o600
    assert stat.S_IMODE(office.data.stat().st_mode) == 0o700
    secrets = json.loads(credentials.read_text())["passwords"].values()
    found = server.find_server(office.data)
    assert found is not None
    for pid, _ in found.processes.values():
        family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        arguments = " ".join(" ".join(process.cmdline()) for process in family)
        assert not any(secret in arguments for secret in secrets)
        for process in family:
            places = [c.laddr.ip for c in process.net_connections("inet") if c.status == "LISTEN"]
            assert set(places) <= {"127.0.0.1"}


def test_the_whole_loop(office: Office, gold: dict[str, Example]) -> None:
    plans = str(office.corpus.parent / "plans.jsonl")
    pushed = office.run(
        "push", plans, "--select", "random", "--count", "200", "--labeller", "rules"
    )
    assert "200 sentences sent" in pushed.output
    assert office.keys() == sorted(gold)

    for person in PEOPLE:
        _correct(office, person, gold, ticked=len(gold) if person is PEOPLE[0] else 150)
    pulled = office.run("pull")
    assert "350 new" in pulled.output
    assert "50 sentences of annotator2" in pulled.output
    for (identifier, who), answer in read_answers(office.corpus, "workplan").items():
        person = next(p for p in PEOPLE if p.name == who)
        example = gold[identifier]
        assert answer.text == example.text
        assert answer.spans == person.answer(example.text, example.spans), example.text
        assert answer.when.startswith("20")

    agreed = office.run("agree", "--out", str(office.corpus.parent / "agree"))
    assert "150 sentences with two answers" in agreed.output
    assert 0.7 < _alpha(agreed.output) < 1.0
    office.run("adjudicate", "--prefer", "annotator1", "--by", "chief")
    settled = read_gold(office.corpus, "workplan")
    assert len(settled) == 200
    for identifier, example in settled.items():
        truth = gold[identifier]
        assert example.spans == PEOPLE[0].answer(truth.text, truth.spans)
    assert "0 new, 0 changed, 350 as before" in office.run("pull").output


def test_training_after_a_pull_makes_a_better_model(
    office: Office, gold: dict[str, Example], tmp_path: Path
) -> None:
    """`workplan train` before and after the rounds, and `workplan eval` of both."""
    pytest.importorskip("torch")
    encoder = _tiny_encoder(tmp_path / "encoder", gold.values())
    (tmp_path / "annotations").mkdir()
    odd = odd_sentences(180)
    write_corpus(tmp_path / "annotations" / "dev.jsonl", [_moved(e, "dev") for e in odd[:30]])
    write_corpus(tmp_path / "annotations" / "test.jsonl", [_moved(e, "test") for e in odd[30:60]])
    write_corpus(tmp_path / "annotations" / "train.jsonl", [_moved(e, "few") for e in odd[60:65]])
    config = configuration(
        "train.yaml", tmp_path / "configs" / "train.yaml", encoder=str(encoder), epochs="10",
        learning_rate="3.0e-3", masked="0", exchanged="0", precision="float32", threads="1",
    )  # fmt: skip
    _run_cli("train", "--config", str(config))
    rounds = tmp_path / "annotations" / "rounds"
    shutil.copytree(office.corpus / "rounds", rounds)
    told = _run_cli("train", "--config", str(config))
    assert "train: 205 sentences" in told, "what was pulled is trained on"
    models = [tmp_path / "models" / name for name in ("trained.previous", "trained")]
    before, after = (
        json.loads((model / "card.json").read_text())["test_strict_f1_int8"]["micro"]
        for model in models
    )
    assert after > before + 0.1
    test = str(tmp_path / "annotations" / "test.jsonl")
    options = [part for model in models for part in ("--labeller", str(model))]
    shown = _run_cli("eval", test, "--brief", *options)
    assert all(str(model) in shown for model in models), shown


def _tiny_encoder(folder: Path, examples: Iterable[Example]) -> Path:
    import torch
    from transformers import BertConfig, BertModel

    characters = sorted({c for example in examples for c in example.text if not c.isspace()})
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]
    torch.manual_seed(1)
    small = BertConfig(
        vocab_size=len(pieces), hidden_size=64, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=128, max_position_embeddings=256,
    )  # fmt: skip
    BertModel(small).save_pretrained(folder)
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
    return folder


def _moved(example: Example, plan: str) -> Example:
    """A sentence of another plan: one character later."""
    spans = tuple(Span(s.start + 1, s.end + 1, s.label) for s in example.spans)
    return Example(f"{plan}-{example.id}", "由" + example.text, spans, plan=plan)


def _run_cli(*arguments: str) -> str:
    result = CliRunner().invoke(cli, list(arguments))
    assert result.exit_code == 0, f"{result.output}\n{result.exception}"
    return result.output


def test_a_push_without_worker_or_server_goes_on_after_both_are_back(office: Office) -> None:
    more = [replace(e, id=f"more-{e.id}", text=f"二、{e.text}") for e in odd_sentences(20)]
    plans = write_sentences(office.corpus.parent / "more.jsonl", more)
    push = ("push", plans, "--select", "plan", "--count", "20", "--labeller", "rules")
    office.kill("worker")
    refused = office.attempt(*push)
    assert isinstance(refused.exception, UserError)
    assert "worker is down" in str(refused.exception)
    office.kill("web")
    assert "does not run" in str(office.attempt(*push).exception)
    office.serve()
    assert "20 sentences sent" in office.run(*push).output
    keys = office.keys()
    assert len(keys) == len(set(keys)) == 220


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_crash_in_the_middle_of_a_push_loses_and_doubles_nothing(
    office: Office, name: str
) -> None:
    before = len(office.keys())
    words = "三、" if name == "web" else "四、"
    more = [replace(e, id=f"{name}-{e.id}", text=words + e.text) for e in odd_sentences(30)]
    plans = write_sentences(office.corpus.parent / f"{name}.jsonl", more)
    push = ("push", plans, "--select", "plan", "--count", "30", "--labeller", "rules")
    impatient = office.corpus.parent / "impatient.yaml"
    config = configuration("annotate.yaml", impatient, job_seconds="10")
    with _background(office, *push, "--config", str(config)) as run:
        _until(lambda: len(office.journal.sent) > before)  # chosen, now on their way
        office.kill(name)
        _ended_well(run)
    office.serve()
    again = office.attempt(*push)
    assert again.exit_code == 0 or "no sentence is left" in str(again.exception)
    keys = office.keys()
    assert len(keys) == len(set(keys)) == before + 30
    _everyone_has_the_spans(office)


def test_a_crash_in_the_middle_of_a_pull_loses_nothing(
    office: Office, gold: dict[str, Example]
) -> None:
    known = len(read_answers(office.corpus, "workplan"))
    session = server.own_session(office.data, "annotator2")
    number = office.journal.project["id"]
    rows = {row[KEY]: row["id"] for row in _rows(office, "annotator2")}
    waiting = [key for key in rows if (key, "annotator2") not in _answered(office)]
    for key in waiting:
        session.toggle_confirmed(number, rows[key])
    with _background(office, "pull") as run:
        time.sleep(3.0)
        office.kill("web")
        _ended_well(run)
    office.serve()
    office.run("pull")
    assert len(read_answers(office.corpus, "workplan")) == known + len(waiting)
    assert not list(office.corpus.rglob("*.part"))


def _correct(office: Office, person: Annotator, gold: dict[str, Example], ticked: int) -> None:
    """What a person does in the page: rub out, draw, tick."""
    session, journal = server.own_session(office.data, person.name), office.journal
    number, types = journal.project["id"], journal.project["types"]
    rows = sorted(_rows(office, person.name), key=lambda row: row["id"])
    for row in rows[:ticked]:
        example, sent = gold[row[KEY]], journal.sent[row[KEY]]
        wanted = {
            (start, end, types[label])
            for start, end, label in to_units(
                example.text, person.answer(example.text, example.spans)
            )
        }
        start_from = {(s, e, types[label]) for s, e, label in to_units(sent.text, sent.spans)}
        if wanted != start_from:
            for span in session.spans(number, row["id"]):
                place = (span["start_offset"], span["end_offset"], span["label"])
                if place not in wanted:
                    session.delete_span(number, row["id"], span["id"])
            for start, end, kind in sorted(wanted - start_from):
                session.add_span(number, row["id"], start, end, kind)
        session.toggle_confirmed(number, row["id"])


def _rows(office: Office, who: str) -> list[dict]:
    return server.own_session(office.data).download(office.journal.project["id"])[who]


def _answered(office: Office) -> set[tuple[str, str]]:
    return set(read_answers(office.corpus, "workplan"))


def _everyone_has_the_spans(office: Office) -> None:
    """Sentences that nobody touched carry the predicted spans for every annotator."""
    settings, journal, answered = read_settings(), office.journal, _answered(office)
    for who in ("annotator1", "annotator2"):
        for row in _rows(office, who):
            if (row[KEY], who) not in answered and row[KEY].startswith(("web-", "worker-")):
                sent = journal.sent[row[KEY]]
                units = to_units(sent.text, sent.spans)
                wanted = [[start, end, settings.name_of(label)] for start, end, label in units]
                assert sorted(row["label"]) == sorted(wanted), row["text"]


def _background(office: Office, command: str, *arguments: str) -> subprocess.Popen:
    options = ["--corpus", str(office.corpus), "--data", str(office.data)]
    code = "from workplan.cli import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "annotate", command, *arguments, *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def _ended_well(run: subprocess.Popen) -> None:
    """Done, where the crash came late, or stopped with what happened and what to do."""
    _, told = run.communicate(timeout=300)
    assert run.returncode in (0, 2), told
    assert "Traceback" not in told
    if run.returncode:
        assert "workplan: " in told
        assert "run the same command again" in told


def _until(condition, seconds: float = 180.0) -> None:  # type: ignore[no-untyped-def]
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "nothing happened"
        time.sleep(0.02)


def _alpha(output: str) -> float:
    return float(next(line for line in output.split("\n") if line.startswith("all ")).split()[-1])
