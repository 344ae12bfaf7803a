"""The training road end to end, with a BERT so small that it takes seconds."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("transformers", reason="training needs the extra `train`")

from transformers import AutoModelForTokenClassification, BertConfig, BertModel, TrainerCallback

from workplan.errors import UserError
from workplan.tag.tagger import Tagger
from workplan.tag.tagger.alphabet import SPECIAL
from workplan.train import run
from workplan.train.corpus import Example, write_corpus
from workplan.train.finetune import fine_tune, load_alphabet, load_network, predict
from workplan.train.settings import Settings
from workplan.types import Span

VERBS = ("推进", "加强", "建立", "完善")
THINGS = ("河道治理", "师资培训", "预警机制", "垃圾分类", "路网改造", "养老服务")


def _sentences(plan: str, count: int, seed: int) -> list[Example]:
    """Sentences like “推进河道治理，完成12处。” with their spans."""
    numbers = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        verb, thing = VERBS[numbers.integers(4)], THINGS[numbers.integers(6)]
        figure = f"{numbers.integers(2, 99)}处"
        text = f"{verb}{thing}，完成{figure}。"
        start = len(verb + thing) + 1
        spans = (
            Span(0, len(verb), "ACTION"),
            Span(start, start + 2, "ACTION"),
            Span(start + 2, start + 2 + len(figure), "QUANTITY"),
        )
        rows.append(Example(f"{plan}-{number:03d}", text, spans, plan=plan))
    return rows


@pytest.fixture(scope="module")
def encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A two-layer BERT of width 48 with random weights."""
    folder = tmp_path_factory.mktemp("encoder")
    pieces = [*SPECIAL, *sorted(set("".join((*VERBS, *THINGS)) + "完成处，。,x0123456789"))]
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
    config = BertConfig(
        vocab_size=len(pieces),
        hidden_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=96,
        max_position_embeddings=300,
    )
    BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def settings(encoder: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings over a written corpus of three plans."""
    base = tmp_path_factory.mktemp("base")
    for seed, split in enumerate(("train", "dev", "test")):
        write_corpus(base / f"{split}.jsonl", _sentences(f"plan-{split}", 120 - 40 * seed, seed))
    return Settings(
        encoder=str(encoder),
        train=("train.jsonl", "rounds/*.jsonl"),
        dev=("dev.jsonl",),
        test=("test.jsonl",),
        out="models/trained",
        epochs=6,
        batch_sentences=8,
        learning_rate=2e-3,
        head_learning_rate=1e-2,
        precision="float32",
        base=str(base),
    )


@pytest.fixture(scope="module")
def trained(settings: Settings) -> run.Trained:
    """The model of one whole run."""
    return run.train(settings, say=lambda line: None)


def test_a_run_learns_and_ships_a_model_with_card(trained: run.Trained) -> None:
    assert trained.dev_f1 > 0.95
    assert trained.test["micro"].f1 > 0.95
    card = json.loads((trained.folder / "card.json").read_text(encoding="utf-8"))
    assert card["sentences"] == {"train": 120, "dev": 80, "test": 40}
    assert set(card["sha256"]) == {"model.onnx", "vocab.txt", "lattice.json"}
    assert (trained.folder / "curves.png").stat().st_size > 1000
    assert not trained.folder.with_name("trained.work").exists()


def test_the_shipped_model_labels_alike_in_any_batch_and_order(trained: run.Trained) -> None:
    tagger = Tagger(trained.folder)
    texts = [e.text for e in _sentences("p", 40, 9)] + ["", "完", "推进" * 300]
    together = tagger.label(texts)
    backwards = tagger.label(texts[::-1])[::-1]
    alone = [tagger.label([text])[0] for text in texts]
    for one, two, three in zip(together, backwards, alone, strict=True):
        assert one == two == three
        assert [s.confidence for s in one] == [s.confidence for s in two]
        assert [s.confidence for s in one] == [s.confidence for s in three]


def test_spans_lie_in_the_text_and_never_overlap(trained: run.Trained) -> None:
    tagger = Tagger(trained.folder)
    texts = ["推进垃圾分类完成9处" * 60, "，。，。", "𠮷😀 \u2028建立", "x" * 511]
    for text, spans in zip(texts, tagger.label(texts), strict=True):
        assert all(0 <= s.start < s.end <= len(text) for s in spans)
        assert all(0 <= s.confidence <= 1 for s in spans)
        ends = [s.end for s in spans]
        assert all(e <= s.start for e, s in zip(ends, spans[1:], strict=False))


def test_int8_agrees_with_float(trained: run.Trained) -> None:
    texts = [e.text for e in _sentences("p", 60, 4)]
    network = load_network(str(trained.folder), 0.0)
    exact = predict(network, load_alphabet(str(trained.folder)), texts)
    quantised = Tagger(trained.folder).label(texts)
    differing = sum(a != b for a, b in zip(exact, quantised, strict=True))
    assert differing <= 2


def test_the_folder_loads_with_transformers(trained: run.Trained) -> None:
    model = AutoModelForTokenClassification.from_pretrained(trained.folder)
    assert model.config.id2label[0] == "O"
    assert model.config.num_labels == 21


def test_a_second_run_keeps_the_first_model_beside(settings: Settings, trained) -> None:
    before = (trained.folder / "model.onnx").read_bytes()
    run.train(replace(settings, epochs=1), say=lambda line: None)
    previous = trained.folder.with_name("trained.previous")
    assert (previous / "model.onnx").read_bytes() == before


def test_a_changed_model_file_is_refused(trained: run.Trained, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    for path in trained.folder.glob("*.*"):
        (folder / path.name).write_bytes(path.read_bytes())
    lattice = folder / "lattice.json"
    lattice.write_text(lattice.read_text(encoding="utf-8") + " ", encoding="utf-8")
    with pytest.raises(UserError, match=r"lattice\.json is missing or not the file"):
        Tagger(folder)


class _Interrupt(TrainerCallback):
    """Stops a run as Ctrl-C would, at the end of its second epoch's saving."""

    def on_save(self, args, state, control, **_):
        if state.epoch >= 2:
            raise KeyboardInterrupt


def test_an_interrupted_run_resumes_where_it_was(settings: Settings, tmp_path: Path) -> None:
    train, dev = _sentences("a", 80, 1), _sentences("b", 30, 2)
    with pytest.raises(KeyboardInterrupt):
        fine_tune(settings, train, dev, tmp_path, callbacks=[_Interrupt()], quiet=True)
    assert list((tmp_path / "checkpoints").iterdir())
    fine_tune(replace(settings, epochs=4), train, dev, tmp_path, resume=True, quiet=True)
    log = json.loads((tmp_path / "log.json").read_text(encoding="utf-8"))
    scored = [row["epoch"] for row in log if "eval_f1" in row]
    assert scored == [1, 2, 3, 4]


def test_a_plan_in_two_splits_is_refused() -> None:
    splits = {"train": _sentences("same", 2, 1), "dev": [], "test": _sentences("same", 2, 1)}
    with pytest.raises(UserError, match="'same' stands in train and in test"):
        run.check_splits(splits)


@pytest.mark.parametrize("name", ["no/such/folder", "hfl/no-such-model-anywhere"])
def test_a_missing_encoder_is_named_with_a_remedy(settings, tmp_path, name) -> None:
    rows = _sentences("a", 4, 1)
    with pytest.raises(UserError, match="no encoder can be loaded") as caught:
        fine_tune(replace(settings, encoder=name), rows, rows, tmp_path)
    assert "configs/train.yaml" in caught.value.remedy


@pytest.mark.parametrize(
    ("name", "complaint"),
    [("model.safetensors", "damaged"), ("vocab.txt", "holds .* tokens")],
)
def test_a_damaged_encoder_is_named(settings, encoder, tmp_path, name, complaint) -> None:
    broken = tmp_path / "encoder"
    shutil.copytree(encoder, broken)
    whole = (broken / name).read_bytes()
    (broken / name).write_bytes(whole * 2 if name == "vocab.txt" else whole[: len(whole) // 2])
    rows = _sentences("a", 4, 1)
    with pytest.raises(UserError, match=complaint) as caught:
        fine_tune(replace(settings, encoder=str(broken)), rows, rows, tmp_path / "out")
    assert caught.value.where == str(broken)


@pytest.mark.parametrize(
    ("line", "complaint"),
    [
        ("epochz: 3", "unknown setting 'epochz'"),
        ("epochs: many", "epochs is 'many', not a number"),
        ("train: corpus.jsonl", "train is"),
        ("epochs: [", "not valid YAML"),
    ],
)
def test_a_broken_configuration_is_named(tmp_path: Path, line: str, complaint: str) -> None:
    path = tmp_path / "train.yaml"
    path.write_text(line + "\n", encoding="utf-8")
    with pytest.raises(UserError, match=complaint) as caught:
        Settings.load(path)
    assert str(path) in str(caught.value)


def test_the_shipped_configuration_is_read(root: Path) -> None:
    loaded = Settings.load(root / "configs" / "train.yaml")
    assert loaded.train[0] == "annotations/train.jsonl"
    assert Path(loaded.base) == root
