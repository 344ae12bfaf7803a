"""From float weights to the int8 file: the same function, evened out, quantised once for all."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest

pytest.importorskip("torch", reason="exporting needs the extra `train`")
pytest.importorskip("transformers", reason="exporting needs the extra `train`")

import torch
from safetensors.numpy import load_file, save_file
from tiny import evening, make_encoder, sentences, tiny_settings, write_card
from transformers import AutoModelForTokenClassification

from workplan.evaluate.strict import strict_f1
from workplan.tag.tagger import Tagger
from workplan.tag.tagger.alphabet import Alphabet
from workplan.tag.tagger.labeller import batch_ids
from workplan.train import export as exporting
from workplan.train.export import export
from workplan.train.finetune import fine_tune, load_alphabet, load_network, predict
from workplan.train.graph import build, products, simplify
from workplan.train.smooth import LEAST, evening_factors, measure_peaks

TEXTS = [example.text for example in sentences("train", 60, 1)]
LOUD = 100.0
"""How much larger one channel of attention is made than it was trained to be."""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fine-tuned folder in which a channel of each attention is loud.

    Large models grow such channels by themselves. The layer behind is scaled back, so that the
    network finds what it found before.
    """
    base = tmp_path_factory.mktemp("trained")
    settings = tiny_settings(make_encoder(base / "encoder"))
    dev = sentences("dev", 60, 2)
    assert fine_tune(settings, sentences("train", 96, 1), dev, base / "float", quiet=True) > 0.95
    state = load_file(base / "float" / "model.safetensors")
    for layer in range(2):
        at = f"bert.encoder.layer.{layer}."
        for kind in ("weight", "bias"):
            state[f"{at}attention.self.value.{kind}"][7] *= LOUD
        state[at + "attention.output.dense.weight"][:, 7] /= LOUD
    save_file(state, base / "float" / "model.safetensors")
    return base / "float"


@pytest.fixture(scope="module")
def model(trained: Path) -> Path:
    folder = trained.parent / "tagger"
    export(trained, folder, TEXTS, keep_float=True)
    return folder


def _parts(folder: Path) -> tuple[dict[str, np.ndarray], dict[str, object], Alphabet]:
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    return load_file(folder / "model.safetensors"), config, Alphabet.load(folder)


def _logits(model: onnx.ModelProto, ids: np.ndarray) -> np.ndarray:
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    return session.run(None, {"input_ids": ids})[0]


def _ids(alphabet: Alphabet) -> tuple[np.ndarray, np.ndarray]:
    return batch_ids(alphabet, [TEXTS[0], TEXTS[1][:3], "处", TEXTS[2] * 3], 48)


@pytest.mark.parametrize("evened", [False, True])
def test_the_graph_computes_what_torch_does(trained: Path, evened: bool) -> None:
    state, config, alphabet = _parts(trained)
    ids, lengths = _ids(alphabet)
    graph = build(state, config, alphabet.pad, evening(trained, TEXTS) if evened else None)
    bert = AutoModelForTokenClassification.from_pretrained(trained, dtype=torch.float32)
    with torch.no_grad():
        mask = torch.from_numpy((ids != alphabet.pad).astype(np.int64))
        wanted = bert(input_ids=torch.from_numpy(ids), attention_mask=mask).logits.numpy()
    found = _logits(graph, ids)
    assert found.shape == wanted.shape
    for row, length in enumerate(lengths):
        real = slice(0, length + 2)
        np.testing.assert_allclose(found[row, real], wanted[row, real], atol=2e-3, rtol=1e-3)


def test_simplifying_leaves_keys_and_values_without_bias(trained: Path) -> None:
    state, config, _ = _parts(trained)
    weights = simplify(state, config, {})
    at = "bert.encoder.layer.1.attention."
    assert state[at + "self.value.bias"].any()
    assert not weights[at + "self.key.bias"].any()
    assert not weights[at + "self.value.bias"].any()
    moved = state[at + "output.dense.weight"] @ state[at + "self.value.bias"]
    np.testing.assert_allclose(
        weights[at + "output.dense.bias"], state[at + "output.dense.bias"] + moved, rtol=1e-5
    )


def test_factors_follow_the_papers_formula() -> None:
    """Channels of 16 and 1 against weights of 1 and 1: s is 16^0.7 and 1, over their geometric
    mean 16^0.35. A silent channel counts as LEAST."""
    names = products(1)
    state = {f"{name}.weight": np.ones((3, 2), np.float32) for n in names.values() for name in n}
    peaks = {source: np.array([16.0, 1.0]) for source in names} | {"active0": np.array([1.0, 0.0])}
    factors = evening_factors(state, peaks, 1)
    assert factors["middle0"] == pytest.approx([16**0.35, 16**-0.35])
    assert factors["active0"] == pytest.approx([LEAST**-0.35, LEAST**0.35])


def test_peaks_leave_padding_out(trained: Path) -> None:
    """The same text, alone and beside a longer one that pads it."""
    state, config, alphabet = _parts(trained)
    graph, names = build(state, config, alphabet.pad), ["middle0", "active1"]
    alone = [{"input_ids": batch_ids(alphabet, [text], len(text) + 2)[0]} for text in TEXTS[:2]]
    padded = [{"input_ids": batch_ids(alphabet, TEXTS[:2], 40)[0]}]
    one = measure_peaks(graph, names, alone, alphabet.pad)
    two = measure_peaks(graph, names, padded, alphabet.pad)
    for name in names:
        np.testing.assert_allclose(one[name], two[name], rtol=1e-4, atol=1e-5)


def test_evened_channels_lose_less_in_int8() -> None:
    """A product whose input has one channel 100 times as loud as the others, rounded to 256 steps
    for the input and 255 for each column of the weight."""
    draw = np.random.default_rng(0)
    taken = draw.normal(size=(200, 32)).astype(np.float32)
    taken[:, 3] *= 100
    weight = draw.normal(size=(24, 32)).astype(np.float32)
    weight[:, 3] /= 100
    (source, *_), state = products(1), {}
    for names in products(1).values():
        state |= {f"{name}.weight": weight for name in names}
    peaks = dict.fromkeys(products(1), np.abs(taken).max(axis=0))
    factors = evening_factors(state, peaks, 1)[source]

    def error(taken: np.ndarray, rows: np.ndarray) -> float:
        step = (taken.max() - taken.min()) / 255
        steps = np.abs(rows).max(axis=1, keepdims=True) / 127
        rounded = np.rint(taken / step) * step @ (np.rint(rows / steps) * steps).T
        return float(np.abs(rounded - taken @ rows.T).mean())

    assert error(taken / factors, weight * factors) < error(taken, weight) / 5


def test_int8_spans_are_the_float_models(trained: Path, model: Path) -> None:
    fresh = [example.text for example in sentences("other", 120, 7)]
    exact = predict(load_network(str(trained), 0.0), load_alphabet(str(trained)), fresh)
    assert strict_f1(Tagger.unchecked(model).label(fresh), exact) >= 0.99


def test_the_file_is_static_qdq(model: Path) -> None:
    graph = onnx.load(model / "model.onnx").graph
    kinds = [node.op_type for node in graph.node]
    assert "DynamicQuantizeLinear" not in kinds
    floats = {t.name for t in graph.initializer if t.data_type == onnx.TensorProto.FLOAT}
    made = {node.output[0]: node for node in graph.node}
    gemms = [node for node in graph.node if node.op_type == "Gemm"]
    assert len(gemms) == 2 * 6 + 1
    for node in gemms:
        assert all(made[name].op_type == "DequantizeLinear" for name in node.input)
        scales = {made[name].input[1] for name in node.input}
        assert scales <= floats


def test_only_what_products_take_is_rounded(model: Path) -> None:
    """A norm's output goes on to the next sum in float32: an int8 copy serves the product."""
    graph = onnx.load(model / "model.onnx").graph
    made = {node.output[0]: node.op_type for node in graph.node}
    sums = [node for node in graph.node if node.op_type == "Add" and "sum" in node.output[0]]
    assert len(sums) == 4
    assert {made[name] for node in sums for name in node.input} == {"Gemm", "LayerNormalization"}


def test_logits_are_the_same_bits_in_any_batch_and_order(model: Path) -> None:
    alphabet = Alphabet.load(model)
    texts = [example.text for example in sentences("other", 30, 5)]
    ids, _ = batch_ids(alphabet, texts, 32)
    whole = _logits(onnx.load(model / "model.onnx"), ids)
    backwards = _logits(onnx.load(model / "model.onnx"), ids[::-1])[::-1]
    alone = np.concatenate([_logits(onnx.load(model / "model.onnx"), row[None]) for row in ids])
    np.testing.assert_array_equal(whole, backwards)
    np.testing.assert_array_equal(whole, alone)


def test_spans_do_not_depend_on_the_number_of_threads(model: Path) -> None:
    texts = ["".join(TEXTS[:number]) for number in range(1, 40)]
    shutil.copytree(model, model.parent / "carded")
    write_card(model.parent / "carded")
    found = [Tagger(model.parent / "carded", threads=n).label(texts) for n in (1, 3)]
    assert found[0] == found[1]
    assert [[s.confidence for s in spans] for spans in found[0]] == [
        [s.confidence for s in spans] for spans in found[1]
    ]


def test_the_float_graph_is_kept_on_demand(model: Path) -> None:
    assert (model / "model.fp32.onnx").is_file()
    assert set(exporting.SHIPPED) <= {path.name for path in model.iterdir()}
