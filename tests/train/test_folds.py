"""Folds by plan: who is held out when, what a stopped run keeps, what the table says."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("transformers", reason="training needs the extra `train`")

from tiny import make_encoder, sentences, tiny_settings

from workplan.errors import UserError
from workplan.evaluate.strict import Counts
from workplan.train import finetune
from workplan.train.corpus import Example, write_corpus
from workplan.train.folds import Fold, run_folds, split_plans, table
from workplan.train.settings import Settings
from workplan.types import LABELS


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A corpus of six plans in three files."""
    base = tmp_path_factory.mktemp("corpus")
    plans = [sentences(f"plan{n}", 24, n) for n in range(6)]
    write_corpus(base / "train.jsonl", [e for plan in plans[:4] for e in plan])
    write_corpus(base / "dev.jsonl", plans[4])
    write_corpus(base / "test.jsonl", plans[5])
    return tiny_settings(
        make_encoder(base / "encoder"),
        train=("train.jsonl", "rounds/*.jsonl"),
        dev=("dev.jsonl",),
        test=("test.jsonl",),
        base=str(base),
    )


def _silent(line: str) -> None:
    pass


def test_every_plan_of_the_pooled_corpus_is_held_out_once(
    settings: Settings, tmp_path: Path
) -> None:
    said: list[str] = []
    done = run_folds(settings, tmp_path / "folds", count=3, say=said.append)
    held = [plan for fold in done for plan in fold.plans]
    assert sorted(held) == [f"plan{n}" for n in range(6)]
    assert [fold.scores["micro"].gold for fold in done] == [2 * 24 * 3] * 3
    assert all(fold.scores["micro"].f1 > 0.9 for fold in done)
    assert len(said) == 3
    assert "fold 3/3: 2 plans, strict F1" in said[2]
    assert not list((tmp_path / "folds").rglob("*.safetensors"))


def test_no_fold_learns_from_the_plans_that_stop_or_score_it(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[set[str], set[str]]] = []

    def record(settings, train, dev, out, **_):
        seen.append(({e.plan for e in train}, {e.plan for e in dev}))
        raise _StopError

    monkeypatch.setattr(finetune, "fine_tune", record)
    with pytest.raises(_StopError):
        run_folds(settings, tmp_path / "folds", count=3, say=_silent)
    (train, dev), held = seen[0], set(split_plans(_pool(settings), 3, settings.seed)[0])
    assert not train & dev
    assert not (train | dev) & held
    assert train | dev | held == {f"plan{n}" for n in range(6)}


def test_a_stopped_run_goes_on_with_the_next_fold(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real: Callable[..., float] = finetune.fine_tune
    trained: list[str] = []

    def stop_in_the_second(settings, train, dev, out, **options):
        if out.name == "fold-02" and "fold-02" not in trained:
            trained.append(out.name)
            raise KeyboardInterrupt
        trained.append(out.name)
        return real(settings, train, dev, out, **(options | {"quiet": True}))

    monkeypatch.setattr(finetune, "fine_tune", stop_in_the_second)
    short = replace(settings, epochs=1)
    with pytest.raises(KeyboardInterrupt):
        run_folds(short, tmp_path / "folds", count=3, say=_silent)
    first = json.loads((tmp_path / "folds" / "fold-01" / "result.json").read_text("utf-8"))
    done = run_folds(short, tmp_path / "folds", count=3, say=_silent)
    assert trained == ["fold-01", "fold-02", "fold-02", "fold-03"]
    assert done[0].scores["micro"] == Counts(**first["scores"]["micro"])


def test_folds_of_other_settings_are_not_mixed(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finetune, "fine_tune", _raise_stop)
    with pytest.raises(_StopError):
        run_folds(settings, tmp_path / "folds", count=3, say=_silent)
    with pytest.raises(_StopError):
        run_folds(replace(settings, threads=2), tmp_path / "folds", count=3, say=_silent)
    for other in (replace(settings, epochs=2), replace(settings, dev=())):
        with pytest.raises(UserError, match="results of another corpus") as caught:
            run_folds(other, tmp_path / "folds", count=3, say=_silent)
        assert "--overwrite" in caught.value.remedy
    with pytest.raises(_StopError):
        run_folds(
            replace(settings, epochs=2), tmp_path / "folds", count=3, overwrite=True, say=_silent
        )


def test_a_folder_of_other_things_is_never_emptied(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(UserError, match="other files"):
        run_folds(settings, tmp_path, count=3, overwrite=True, say=_silent)
    assert (tmp_path / "letter.txt").exists()


@pytest.mark.parametrize("count", [2, 7])
def test_too_few_plans_for_the_folds_is_said(settings: Settings, tmp_path: Path, count) -> None:
    with pytest.raises(UserError, match=f"6 plans cannot make {count} folds"):
        run_folds(settings, tmp_path / "folds", count=count, say=_silent)


@given(
    sizes=st.lists(st.integers(1, 40), min_size=10, max_size=70),
    seed=st.integers(0, 5),
    count=st.integers(3, 10),
)
def test_folds_are_even_and_complete(sizes: list[int], seed: int, count: int) -> None:
    rows = ((f"p{n}", k) for n, size in enumerate(sizes) for k in range(size))
    examples = [Example(f"{plan}-{k}", "", (), plan=plan) for plan, k in rows]
    groups = split_plans(examples, count, seed)
    assert sorted(plan for group in groups for plan in group) == sorted(
        f"p{n}" for n in range(len(sizes))
    )
    totals = [sum(sizes[int(plan[1:])] for plan in group) for group in groups]
    assert max(totals) - min(totals) <= max(sizes)
    assert groups == split_plans(examples[::-1], count, seed)


def test_the_table_has_mean_and_spread_over_folds() -> None:
    """ORG: 0.8, 0.6 and 0.7, so mean 0.7 and standard deviation 0.1; pooled 21 of 30."""
    none = {label: Counts() for label in (*LABELS, "micro")}
    folds = [
        Fold(n, (), none | {"ORG": Counts(right, 10, 10), "micro": Counts(right, 10, 10)})
        for n, right in enumerate((8, 6, 7))
    ]
    rows = {line.split("|")[1].strip(): line for line in table(folds).splitlines()}
    cells = [cell.strip() for cell in rows["ORG"].split("|")[2:-1]]
    assert cells == ["0.700", "0.100", "0.600", "0.800", "0.700", "30"]
    assert rows["METRIC"].count("–") == 5


class _StopError(Exception):
    pass


def _raise_stop(*_: object, **__: object) -> float:
    raise _StopError


def _pool(settings: Settings) -> list[Example]:
    from workplan.train.corpus import read_corpora

    return read_corpora(p for s in ("train", "dev", "test") for p in settings.files(s))
