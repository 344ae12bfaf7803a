"""The label-efficiency curve and the table of encoders: what is trained, kept and written."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("transformers", reason="training needs the extra `train`")

from tiny import make_encoder, sentences, tiny_settings

from workplan.cli import cli
from workplan.errors import UserError
from workplan.evaluate.strict import Counts
from workplan.train import finetune
from workplan.train.corpus import Example, write_corpus
from workplan.train.curve import Point, Splits, run_curve, table, weak_labels
from workplan.train.encoders import Encoded, run_encoders
from workplan.train.encoders import table as encoders_table
from workplan.train.settings import Settings
from workplan.train.trials import PATIENCE, steps_of
from workplan.types import LABELS, Span

SPLITS = Splits(
    sentences("train", 24, 1), sentences("dev", 6, 2), sentences("test", 6, 3),
    [replace(one, weight=0.5) for one in sentences("weak", 12, 4)],
)  # fmt: skip


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    encoder = make_encoder(tmp_path_factory.mktemp("encoder") / "small")
    return tiny_settings(encoder, epochs=2)


class _Training:
    """In place of fine-tuning: remembers what it was asked, trains the real thing no further."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, stop_at: int | None = None) -> None:
        self.real: Callable[..., float] = finetune.fine_tune
        self.asked: list[tuple[str, Settings, list[Example]]] = []
        self.stop_at = stop_at
        monkeypatch.setattr(finetune, "fine_tune", self)

    def __call__(self, settings, train, dev, out, **options):
        self.asked.append((out.name, settings, list(train)))
        if len(self.asked) == self.stop_at:
            raise KeyboardInterrupt
        return self.real(replace(settings, epochs=1), train[:8], dev[:2], out, **options)


def _silent(line: str) -> None:
    pass


def test_each_size_is_trained_with_and_without_weak_labels(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = _Training(monkeypatch)
    points = run_curve(settings, SPLITS, tmp_path / "c", sizes=(0, 8, 99), seeds=(5,), say=_silent)
    assert [(p.sentences, p.bootstrap) for p in points] == [
        (8, False), (24, False), (0, True), (8, True), (24, True),
    ]  # fmt: skip
    asked = {name: (chosen, rows) for name, chosen, rows in training.asked}
    start = str((tmp_path / "c" / "5-weak-0").resolve())
    assert asked["5-weak-0"][0].encoder == asked["5-gold-8"][0].encoder == settings.encoder
    assert asked["5-weak-8"][0].encoder == asked["5-weak-24"][0].encoder == start
    assert {one.plan for one in asked["5-weak-0"][1]} == {"weak"}
    few = [{e.id for e in asked[name][1]} for name in ("5-gold-8", "5-weak-8", "5-gold-24")]
    assert few[0] == few[1] < few[2] == {e.id for e in SPLITS.train}
    assert len(few[0]) == 8
    assert all(chosen.patience == PATIENCE for _, chosen, _ in training.asked)
    assert not list((tmp_path / "c").rglob("*.safetensors"))


def test_few_sentences_are_seen_often_enough(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """150 steps of 16 are 2,400 sentences: 8 are seen 300 times, in each of 2 epochs 150 times."""
    training = _Training(monkeypatch)
    run_curve(settings, SPLITS, tmp_path / "c", sizes=(8,), seeds=(5,), say=_silent)
    asked = {name: (chosen, rows) for name, chosen, rows in training.asked}
    chosen, rows = asked["5-gold-8"]
    assert len(rows) == 8 * 150
    assert steps_of(chosen, len(rows)) == 150


def test_a_stopped_curve_goes_on_and_does_nothing_twice(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = _Training(monkeypatch, stop_at=4)
    arguments = {"sizes": (0, 8), "seeds": (5,), "say": _silent}
    with pytest.raises(KeyboardInterrupt):
        run_curve(settings, SPLITS, tmp_path / "c", **arguments)
    assert [name for name, *_ in first.asked] == ["5-gold-8", "5-gold-24", "5-weak-0", "5-weak-8"]
    monkeypatch.undo()
    second = _Training(monkeypatch)
    points = run_curve(settings, SPLITS, tmp_path / "c", **arguments)
    assert [name for name, *_ in second.asked] == ["5-weak-8", "5-weak-24"]
    again = _Training(monkeypatch)
    assert run_curve(settings, SPLITS, tmp_path / "c", **arguments) == points
    assert not again.asked


def test_a_further_seed_joins_a_finished_curve(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = _Training(monkeypatch)
    run_curve(settings, SPLITS, tmp_path / "c", sizes=(), seeds=(5,), say=_silent)
    before = len(training.asked)
    points = run_curve(settings, SPLITS, tmp_path / "c", sizes=(), seeds=(5, 6), say=_silent)
    assert {name.split("-")[0] for name, *_ in training.asked[before:]} == {"6"}
    assert {point.seed for point in points} == {5, 6}


def test_results_of_other_settings_are_not_mixed(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _Training(monkeypatch)
    run_curve(settings, SPLITS, tmp_path / "c", sizes=(), seeds=(5,), say=_silent)
    with pytest.raises(UserError, match="results of another corpus"):
        run_curve(replace(settings, epochs=1), SPLITS, tmp_path / "c", say=_silent)


def test_the_table_gives_means_and_spread_over_seeds() -> None:
    """0.8 and 0.9: mean 0.85, standard deviation 0.0707."""
    points = [
        Point(0, True, 1, 0.5, {}), Point(50, False, 1, 0.8, {}), Point(50, False, 2, 0.9, {}),
    ]  # fmt: skip
    lines = table(points).splitlines()
    assert lines[2:] == ["| 0 | – | 0.500 |", "| 50 | 0.850 ± 0.071 | – |"]


def test_weak_labels_never_see_the_gold_spans() -> None:
    class Nothing:
        name = "nothing"

        def label(self, views):
            return [[Span(0, 1, "ORG", 0.5)] for _ in views]

    rows = weak_labels(SPLITS.train[:3], Nothing())
    assert [row.text for row in rows] == [example.text for example in SPLITS.train[:3]]
    assert all(row.spans == (Span(0, 1, "ORG"),) and row.weight == 0.25 for row in rows)


def test_encoders_are_fine_tuned_alike_and_new_ones_join(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_encoder(tmp_path / "other")
    first = _Training(monkeypatch)
    splits = (SPLITS.train, SPLITS.dev, SPLITS.test)
    run_encoders(settings, [settings.encoder], splits, tmp_path / "e", seeds=(5,), say=_silent)
    done = run_encoders(
        settings, [settings.encoder, str(other)], splits, tmp_path / "e", seeds=(5,), say=_silent
    )
    assert [chosen.encoder for _, chosen, _ in first.asked] == [settings.encoder, str(other)]
    one, two = (replace(chosen, encoder="") for _, chosen, _ in first.asked)
    assert one == two
    assert [(row.layers, row.width) for row in done] == [(2, 48), (2, 48)]


def test_a_missing_encoder_is_named_before_any_training(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = _Training(monkeypatch)
    splits = (SPLITS.train, SPLITS.dev, SPLITS.test)
    with pytest.raises(UserError, match="no encoder can be loaded"):
        run_encoders(settings, [settings.encoder, "no/such"], splits, tmp_path / "e", say=_silent)
    assert not training.asked


def test_the_table_of_encoders_has_a_row_each() -> None:
    """Of 10 found and 10 wanted 8 are right: 0.8; and 9 with another seed: mean 0.85."""

    def counts(right: int) -> dict[str, Counts]:
        return dict.fromkeys((*LABELS, "micro"), Counts(right, 10, 10))

    done = [
        Encoded("a/small", 2, 48, 1_240_000, 1, counts(8)),
        Encoded("a/small", 2, 48, 1_240_000, 2, counts(9)),
        Encoded("b", 6, 384, 13_000_000, 1, counts(7)),
    ]
    rows = [line.split(" | ") for line in encoders_table(done).splitlines()[2:]]
    assert [row[0] for row in rows] == ["| a/small", "| b"]
    assert rows[0][1:4] == ["2 × 48", "1.2 M", "0.850 ± 0.071"]
    assert rows[1][1:4] == ["6 × 384", "13.0 M", "0.700"]


@pytest.fixture(scope="module")
def config(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A configuration of the tiny encoder and corpus."""
    base = tmp_path_factory.mktemp("base")
    for split in ("train", "dev", "test"):
        write_corpus(base / f"{split}.jsonl", getattr(SPLITS, split))
    rows = settings.as_dict() | {s: [f"{s}.jsonl"] for s in ("train", "dev", "test")}
    (base / "configs").mkdir()
    path = base / "configs" / "train.yaml"
    path.write_text(yaml.safe_dump(rows | {"epochs": 1}), encoding="utf-8")
    return path


def test_the_curve_command_writes_table_plot_and_figures(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _Training(monkeypatch)
    out = tmp_path / "curve"
    arguments = ["curve", "--config", str(config), "--sizes", "0", "--sentences", "12"]
    done = CliRunner().invoke(cli, [*arguments, "--out", str(out)], catch_exceptions=False)
    assert done.exit_code == 0
    record = json.loads((out / "curve.json").read_text(encoding="utf-8"))
    assert [(p["sentences"], p["bootstrap"]) for p in record["points"]] == [
        (12, False), (0, True), (12, True),
    ]  # fmt: skip
    assert record["rules"] == 1  # sentences that simple
    assert set(record["points"][0]["labels"]) == set(LABELS)
    assert (out / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert (out / "curve.md").read_text(encoding="utf-8").startswith("| gold sentences |")


def test_the_encoders_command_writes_its_table(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "encoders"
    arguments = ["encoders", "--config", str(config), "--sentences", "8", "--out", str(out)]
    done = CliRunner().invoke(cli, arguments, catch_exceptions=False)
    assert done.exit_code == 0
    assert "2 × 48" in (out / "encoders.md").read_text(encoding="utf-8")
    assert len(json.loads((out / "encoders.json").read_text(encoding="utf-8"))) == 1


@pytest.mark.parametrize("sizes", ["many", "5,-1", ""])
def test_sizes_that_are_no_numbers_are_refused(config: Path, sizes: str) -> None:
    done = CliRunner().invoke(cli, ["curve", "--config", str(config), "--sizes", sizes])
    assert isinstance(done.exception, UserError)
    assert "--sizes" in str(done.exception)
