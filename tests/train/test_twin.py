"""The twin: a transformers folder made from nothing but the shipped int8 model."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the twin needs the extra `train`")
pytest.importorskip("transformers", reason="the twin needs the extra `train`")

import torch
from safetensors.numpy import load_file
from tiny import SHIPPED, evening, make_encoder, sentences, tiny_settings, write_card
from transformers import AutoModelForTokenClassification, AutoTokenizer

from workplan.errors import UserError
from workplan.evaluate.strict import strict_f1
from workplan.tag.tagger import Tagger
from workplan.tag.tagger.alphabet import Alphabet
from workplan.train import twin as twins
from workplan.train.export import export
from workplan.train.finetune import fine_tune
from workplan.train.graph import products, simplify
from workplan.train.twin import Twin, build_twin, spans_of

DEV = sentences("dev", 60, 2)
TRAIN = [example.text for example in sentences("train", 60, 1)]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The float model as fine-tuning leaves it."""
    base = tmp_path_factory.mktemp("trained")
    settings = tiny_settings(make_encoder(base / "encoder"))
    assert fine_tune(settings, sentences("train", 96, 1), DEV, base / "float", quiet=True) > 0.95
    return base / "float"


@pytest.fixture(scope="module")
def model(trained: Path) -> Path:
    """What is shipped: int8 graph, vocabulary, lattice and card, and nothing else."""
    folder = trained.parent / "tagger"
    export(trained, folder, TRAIN)
    write_card(folder)
    assert {path.name for path in folder.iterdir()} == {*SHIPPED, "card.json"}
    return folder


@pytest.fixture(scope="module")
def twin(model: Path) -> Twin:
    return build_twin(model, model.parent / "twin", DEV)


def test_the_twin_labels_as_the_int8_model_does(twin: Twin, model: Path) -> None:
    assert twin.agreement >= 0.99
    fresh = [example.text for example in sentences("other", 80, 7)]
    assert strict_f1(Tagger(model).label(fresh), spans_of(twin.folder, fresh)) >= 0.99


def test_every_weight_is_the_trained_one_within_half_a_step(twin: Twin, trained: Path) -> None:
    """A step of the int8 weight as it was quantised: evened out, and with it taken back."""
    config = json.loads((trained / "config.json").read_text(encoding="utf-8"))
    factors = evening(trained, TRAIN)
    before = simplify(load_file(trained / "model.safetensors"), config, factors)
    after = load_file(twin.folder / "model.safetensors")
    assert before.keys() == after.keys()
    for source, names in products(2).items():
        taken = np.ones(1) if source.startswith("attended") else factors[source]
        for name in names:
            step = np.abs(before[name + ".weight"] * taken).max(axis=1, keepdims=True) / 127 / taken
            error = np.abs(before[name + ".weight"] - after[name + ".weight"])
            assert np.all(error <= 0.51 * step + 1e-6), name
            np.testing.assert_allclose(before[name + ".bias"], after[name + ".bias"], atol=1e-4)


def test_what_stays_float_is_the_trained_one(twin: Twin, trained: Path) -> None:
    before = load_file(trained / "model.safetensors")
    after = load_file(twin.folder / "model.safetensors")
    embeddings = "bert.embeddings."
    types, places = (embeddings + f"{k}_embeddings.weight" for k in ("token_type", "position"))
    np.testing.assert_array_equal(before[places] + before[types][0], after[places])
    norms = [name for name in before if "LayerNorm" in name]
    assert len(norms) == 2 * (1 + 2 * 2)
    for name in norms:
        np.testing.assert_array_equal(before[name], after[name])
    words = embeddings + "word_embeddings.weight"
    step = (max(before[words].max(), 0) - min(before[words].min(), 0)) / 255
    assert np.all(np.abs(before[words] - after[words]) <= 0.51 * step)


def test_transformers_loads_model_and_tokenizer_by_name(twin: Twin) -> None:
    model = AutoModelForTokenClassification.from_pretrained(twin.folder)
    tokenizer = AutoTokenizer.from_pretrained(twin.folder)
    text = "推广公交站台，新增12处。"
    inputs = tokenizer(text, return_tensors="pt")
    with torch.no_grad():
        tags = model(**inputs).logits[0, 1:-1].argmax(-1)
    names = [model.config.id2label[int(tag)] for tag in tags]
    assert len(names) == len(text)
    assert names[:3] == ["B-ACTION", "E-ACTION", "O"]
    assert names[9:12] == ["B-QUANTITY", "I-QUANTITY", "E-QUANTITY"]


@pytest.mark.parametrize("text", ["推广，新增３处", "改 造\u2028x", "X乡😀𠮷", "，" * 40])
def test_the_tokenizer_gives_the_ids_of_the_alphabet(twin: Twin, text: str) -> None:
    alphabet = Alphabet.load(twin.folder)
    ids = AutoTokenizer.from_pretrained(twin.folder)(text)["input_ids"]
    assert ids == [alphabet.cls, *alphabet.encode(text), alphabet.sep]


def test_it_says_which_model_it_is_the_twin_of(twin: Twin, model: Path) -> None:
    card = json.loads((model / "card.json").read_text(encoding="utf-8"))
    source = json.loads((twin.folder / "source.json").read_text(encoding="utf-8"))
    assert source == {"twin_of": card["sha256"]["model.onnx"]}


def test_a_folder_that_exists_is_left_alone(model: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep", encoding="utf-8")
    with pytest.raises(UserError, match="exists already"):
        build_twin(model, tmp_path, DEV)
    assert (tmp_path / "mine.txt").read_text(encoding="utf-8") == "keep"


def test_a_twin_that_labels_otherwise_is_not_put_in_place(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weights = twins.read_weights

    def wrong(graph):
        state = weights(graph)
        return state | {"classifier.weight": np.roll(state["classifier.weight"], 1, axis=0)}

    monkeypatch.setattr(twins, "read_weights", wrong)
    with pytest.raises(UserError, match="agree on"):
        build_twin(model, tmp_path / "twin", DEV)
    assert not (tmp_path / "twin").exists()


def test_a_graph_of_another_make_is_refused(model: Path, tmp_path: Path) -> None:
    import onnx

    folder = tmp_path / "foreign"
    shutil.copytree(model, folder)
    graph = onnx.load(folder / "model.onnx")
    for node in graph.graph.node:
        for position, name in enumerate(node.input):
            if name == "positions":
                node.input[position] = "p"
    for tensor in graph.graph.initializer:
        if tensor.name == "positions":
            tensor.name = "p"
    onnx.save(graph, folder / "model.onnx")
    write_card(folder)
    with pytest.raises(UserError, match="holds no 'positions'"):
        build_twin(folder, tmp_path / "twin", DEV)
