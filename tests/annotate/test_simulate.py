"""The simulated curve: its annotators, its arithmetic, its record, and one short run of it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from odd_sentences import odd_sentences
from office import configuration

from workplan.annotate.annotator import Annotator
from workplan.annotate.curve import Point, Record, curve, needed, plot, table
from workplan.annotate.simulate import facts, simulate
from workplan.errors import UserError
from workplan.train.corpus import Example
from workplan.train.settings import Settings
from workplan.types import Span

RATES = st.floats(0, 1)


@given(RATES, RATES, RATES)
def test_annotators_draw_flat_spans_within_the_text(a: float, b: float, c: float) -> None:
    person = Annotator("li", a, b, c)
    for example in odd_sentences(20):
        spans = person.answer(example.text, example.spans)
        assert spans == person.answer(example.text, example.spans)
        ends = [0, *(end for span in spans for end in (span.start, span.end))]
        assert ends == sorted(ends)
        assert ends[-1] <= len(example.text)


def test_a_faultless_annotator_gives_gold() -> None:
    for example in odd_sentences(5):
        assert Annotator("li").answer(example.text, example.spans) == example.spans


def test_sentences_needed_are_read_between_points() -> None:
    line = [(50, 0.4), (100, 0.6), (200, 0.7)]
    assert needed(line, 0.4) == 50
    assert needed(line, 0.5) == pytest.approx(75)
    assert needed(line, 0.65) == pytest.approx(150)
    assert needed(line, 0.71) is None


POINTS = (
    Point("random", 1, 50, 1000, 0.4), Point("random", 2, 50, 1000, 0.6),
    Point("random", 1, 100, 2000, 0.7), Point("random", 2, 100, 2000, 0.7),
    Point("uncertain", 1, 50, 1000, 0.4), Point("uncertain", 2, 50, 1000, 0.6),
    Point("uncertain", 1, 100, 4000, 0.9), Point("uncertain", 2, 100, 4000, 0.9),
)  # fmt: skip


def test_curve_is_the_mean_over_seeds_at_sizes_that_all_reached() -> None:
    assert curve(POINTS[:4]) == [(50, pytest.approx(0.5)), (100, pytest.approx(0.7))]
    assert curve(POINTS[:3]) == [(50, pytest.approx(0.5))]


def test_table_tells_sentences_and_characters_at_equal_f1() -> None:
    shown = table(POINTS).split("\n")
    assert shown[0].split() == ["sentences", "random", "uncertain"]
    assert shown[2].split() == ["100", "0.700", "0.900"]
    # uncertain rises from 0.5 at 50 to 0.9 at 100, so 0.7 lies at 75 sentences, a quarter fewer,
    # and at 2,500 characters, a quarter more than 2,000. Seed 1 alone: 0.7 lies at 0.3/0.5 of the
    # way, 80 sentences; seed 2: at 0.1/0.3, 66.7.
    assert shown[5] == (
        "  at  100 (F1 0.700) with   75 sentences (-25 %),   2500 characters (+25 %);"
        " sentences by seed: -20 %, -33 %"
    )


def test_way_that_never_gets_there_is_told_so() -> None:
    worse = [replace(p, f1=0.1) if p.way == "uncertain" else p for p in POINTS]
    assert table(worse).split("\n")[5] == "  at  100 (F1 0.700): never"


def test_picture_is_drawn(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    plot(POINTS, tmp_path / "runs" / "curve.png")
    assert (tmp_path / "runs" / "curve.png").read_bytes().startswith(b"\x89PNG")


def test_record_keeps_each_point_and_goes_on_after_a_torn_line(tmp_path: Path) -> None:
    path = tmp_path / "runs" / "curve.jsonl"
    record = Record(path, {"pool": "here"})
    first = replace(POINTS[0], following=("句-1",))
    record.add(first)
    path.write_bytes(path.read_bytes() + '{"way": "随'.encode()[:-1])
    again = Record(path, {"pool": "here"})
    assert list(again.points.values()) == [first]
    again.add(first)
    again.add(POINTS[1])
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line).get("seed") for line in lines] == [None, 1, 2]
    with pytest.raises(UserError, match="another run, by pool"):
        Record(path, {"pool": "elsewhere"})
    path.write_text("3\n[]\n")
    with pytest.raises(UserError, match="not a record"):
        Record(path, {"pool": "here"})


class _Knows:
    """In place of a trained model: right on the sentences it was taught, blind to the rest."""

    name = "knows"

    def __init__(self, taught: Sequence[Example]) -> None:
        self.known = {example.text: list(example.spans) for example in taught}

    def label(self, views: Sequence[str]) -> list[list[Span]]:
        unsure = [Span(0, 1, "ORG", 0.1)]
        return [self.known.get(v, unsure if "泵站" in v else []) for v in views]


class _School:
    """Teaches `_Knows` and counts how often."""

    lessons = 0

    def __call__(self, examples: Sequence[Example], seed: int) -> _Knows:
        self.lessons += 1
        return _Knows(examples)


POOL = odd_sentences(60)
RUN = {"ways": ["random", "uncertain"], "sizes": [10, 30, 90], "seeds": [1]}


def test_the_loop_chooses_by_the_model_and_never_twice() -> None:
    school = _School()
    points = list(simulate(school, POOL, POOL, annotator=Annotator("li"), **RUN))
    assert [(p.way, p.sentences) for p in points] == [
        ("random", 10), ("random", 30), ("random", 60),
        ("uncertain", 10), ("uncertain", 30), ("uncertain", 60),
    ]  # fmt: skip
    # All sixty are known in the end only if none was asked for twice.
    assert points[2].f1 == points[5].f1 == 1.0
    assert points[5].characters == sum(len(example.text) for example in POOL)
    assert school.lessons == 5, "the first model is common to the ways"
    texts = {example.id: example.text for example in POOL}
    assert all("泵站" in texts[i] for i in points[3].following[:10])


@pytest.mark.parametrize("done", range(7))
def test_a_run_that_was_stopped_goes_on_with_the_same_points(done: int) -> None:
    li = Annotator("li", overlooks=0.3)
    whole = list(simulate(_School(), POOL, POOL, annotator=li, **RUN))
    known = {(p.way, p.seed, p.sentences): p for p in whole[:done]}
    school = _School()
    assert list(simulate(school, POOL, POOL, annotator=li, known=known, **RUN)) == whole
    assert school.lessons == min(5, 6 - done)


def test_runs_of_other_gold_or_annotators_are_told_apart() -> None:
    changed = [replace(POOL[0], spans=()), *POOL[1:]]
    found = [
        facts(Settings(), pool, POOL, [10], Annotator("li", errors))
        for pool, errors in ((POOL, 0.0), (changed, 0.0), (POOL, 0.1))
    ]
    assert found[0] != found[1]
    assert found[0] != found[2]
    assert found[0] == facts(Settings(), POOL, POOL, [10], Annotator("wang"))
    assert str(found[0]["pool"]).startswith("60 sentences of 3 plans, ")


def test_a_learner_learns_and_is_the_same_for_a_seed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    torch = pytest.importorskip("torch")
    from transformers import BertConfig, BertModel

    from workplan.annotate import learner as learning
    from workplan.annotate.learner import Ground, Learner
    from workplan.annotate.simulate import score

    monkeypatch.setattr(learning, "STEPS", 60)
    gold = odd_sentences(60)
    characters = sorted({c for example in gold for c in example.text if not c.isspace()})
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]
    torch.manual_seed(1)
    small = BertConfig(
        vocab_size=len(pieces), hidden_size=32, num_hidden_layers=2, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=256,
    )  # fmt: skip
    BertModel(small).save_pretrained(tmp_path)
    (tmp_path / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
    settings = replace(
        Settings.load(configuration("train.yaml")), encoder=str(tmp_path), precision="float32",
        learning_rate=3e-3, head_learning_rate=1e-2, threads=1,
    )  # fmt: skip
    ground = Ground(settings)
    learner = Learner(ground, gold[:40], seed=1)
    assert score(learner, gold[40:]) > 0.5
    texts = [*(example.text for example in gold[40:]), "", "县" * 400]
    assert learner.label(texts) == Learner(ground, gold[:40], seed=1).label(texts)
