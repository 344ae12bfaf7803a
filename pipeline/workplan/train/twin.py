"""The shipped int8 model as a transformers folder: `make twin` reads the weights back out.

The twin holds each weight as the int8 model has it (integer times scale, the smoothing taken out
again), and computes between them in float32, where the int8 model rounds each product's input to
256 steps. Their spans agree but for a few on the edge between two readings; `build_twin` counts
and refuses more.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from workplan.errors import UserError
from workplan.evaluate.strict import strict_f1
from workplan.read import fold
from workplan.tag.tagger.alphabet import SPECIAL, Alphabet
from workplan.tag.tagger.decode import Lattice
from workplan.tag.tagger.labeller import Tagger
from workplan.train.corpus import Example
from workplan.train.graph import products, reciprocal
from workplan.types import Span

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

LEAST_AGREEMENT = 0.99
"""Strict F1 of the twin's spans against the int8 model's, below which there is a mistake."""


@dataclass(frozen=True)
class Twin:
    """Where the twin lies, and the strict F1 between its spans and the int8 model's."""

    folder: Path
    agreement: float


def build_twin(model: Path, out: Path, sentences: Sequence[Example]) -> Twin:
    """Write config.json, model.safetensors, tokenizer.json, vocab.txt and lattice.json to `out`.

    `model` is a folder that `Tagger` loads. `sentences` are labelled by both, their own spans
    do not matter. Raises UserError where `out` exists, where the model's files are not those of
    its card, or where the two agree on less than LEAST_AGREEMENT; `out` is complete or absent.
    """
    if out.exists():
        raise UserError(
            "the folder exists already (目录已存在)",
            where=str(out),
            remedy="delete it, or choose another --out",
        )
    int8 = Tagger(model)
    work = out.with_name(out.name + ".part")
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    _write(model, work)
    texts = [fold(example.text) for example in sentences]
    agreement = strict_f1(int8.label(texts), spans_of(work, texts))
    if agreement < LEAST_AGREEMENT:
        raise UserError(
            f"the twin and the int8 model agree on {100 * agreement:.1f} % of spans, not on "
            f"{100 * LEAST_AGREEMENT:.0f} % (两个模型的结果不一致)",
            where=str(work),
            remedy="compare the two there; a model whose activations lose much in int8 wants "
            "more calibration sentences",
        )
    work.rename(out)
    return Twin(out, agreement)


def spans_of(twin: Path, texts: Sequence[str]) -> list[list[Span]]:
    """Spans of each text by the folder's float32 model, decoded with its lattice."""
    from workplan.train.finetune import load_alphabet, load_network, predict

    return predict(load_network(str(twin), 0.0), load_alphabet(str(twin)), texts)


def read_weights(graph: onnx.GraphProto) -> dict[str, np.ndarray]:
    """A BertForTokenClassification's parameters, float32, by their names in transformers.

    Token types are left out: the graph has added them to the positions. The biases of keys and
    values are 0, those of values stand in the layer behind (see `workplan.train.graph.simplify`).
    Raises UserError for a graph that `workplan.train.graph` has not built.
    """
    stored = _Stored(graph)
    embeddings = "bert.embeddings."
    state = {
        embeddings + "word_embeddings.weight": stored.value("words"),
        embeddings + "position_embeddings.weight": stored.value("positions"),
        "classifier.weight": stored.value("classifier.weight").T,
        "classifier.bias": stored.value("classifier.bias"),
    }
    norms = [embeddings + "LayerNorm"]
    count = _layers(graph)
    for source, layers in products(count).items():
        evened = reciprocal(source)
        shares = stored.value(evened)[:, None] if stored.has(evened) else 1.0
        for name in layers:
            weight = (stored.value(name + ".weight") * shares).T
            none = np.zeros(len(weight))
            state[name + ".weight"] = weight
            state[name + ".bias"] = stored.value(name + ".bias", none)
    for number in range(count):
        at = f"bert.encoder.layer.{number}."
        norms += [at + "attention.output.LayerNorm", at + "output.LayerNorm"]
    for norm in norms:
        for kind in ("weight", "bias"):
            state[f"{norm}.{kind}"] = stored.value(f"{norm}.{kind}")
    return {name: np.array(array, np.float32, order="C") for name, array in state.items()}


def read_config(
    graph: onnx.GraphProto, state: Mapping[str, np.ndarray], tags: Sequence[str], pad: int
) -> dict[str, Any]:
    """What BertConfig takes, read off the graph's operators and the weights' shapes."""
    words = state["bert.embeddings.word_embeddings.weight"]
    attention = next(node for node in graph.node if node.op_type == "Attention")
    norm = next(node for node in graph.node if node.op_type == "LayerNormalization")
    return {
        "vocab_size": words.shape[0],
        "hidden_size": words.shape[1],
        "num_hidden_layers": _layers(graph),
        "num_attention_heads": _attribute(attention, "q_num_heads"),
        "intermediate_size": len(state["bert.encoder.layer.0.intermediate.dense.bias"]),
        "max_position_embeddings": len(state["bert.embeddings.position_embeddings.weight"]),
        "layer_norm_eps": _attribute(norm, "epsilon"),
        "hidden_act": "gelu",
        "type_vocab_size": 1,
        "pad_token_id": pad,
        "id2label": dict(enumerate(tags)),
        "label2id": {tag: number for number, tag in enumerate(tags)},
    }


def make_tokenizer(alphabet: Alphabet, longest: int) -> PreTrainedTokenizerFast:
    """A tokenizer of one token a character, with the ids that `alphabet` gives.

    The few characters that NFKC makes longer (㎡) become two tokens here, one in `alphabet`.
    """
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors
    from transformers import PreTrainedTokenizerFast

    ids = {piece: number for number, piece in enumerate(alphabet.pieces)}
    tokenizer = Tokenizer(models.WordLevel(ids, unk_token="[UNK]"))
    folding: list[normalizers.Normalizer] = [normalizers.NFKC()]
    if not any(piece != piece.lower() for piece in ids if piece not in SPECIAL):
        folding.append(normalizers.Lowercase())
    tokenizer.normalizer = normalizers.Sequence(folding)
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[\s\S]"), "isolated")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="[CLS] $A [SEP]",
        special_tokens=[("[CLS]", alphabet.cls), ("[SEP]", alphabet.sep)],
    )
    names = {f"{piece.strip('[]').lower()}_token": piece for piece in SPECIAL}
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=longest, **names)


class _Stored:
    """A graph's constants, float again where they were quantised."""

    def __init__(self, graph: onnx.GraphProto) -> None:
        self._tensors = {tensor.name: tensor for tensor in graph.initializer}
        self._dequantised = {
            node.input[0]: node for node in graph.node if node.op_type == "DequantizeLinear"
        }

    def has(self, name: str) -> bool:
        """Whether the graph has the constant `name`, plain or quantised."""
        return name in self._tensors or f"{name}_quantized" in self._tensors

    def value(self, name: str, otherwise: np.ndarray | None = None) -> np.ndarray:
        """The constant `name`: plain, or (integers - zero point) times scale, by tensor or axis;
        `otherwise` where that is given and the graph has no such constant."""
        if otherwise is not None and not self.has(name):
            return otherwise
        if name in self._tensors or not self.has(name):
            return self._plain(name)
        node = self._dequantised[f"{name}_quantized"]
        integers, scale, zero = (self._plain(part) for part in node.input)
        if scale.ndim == 1:
            shape = [1] * integers.ndim
            shape[_attribute(node, "axis", 1)] = len(scale)
            scale, zero = scale.reshape(shape), zero.reshape(shape)
        value: np.ndarray = (integers.astype(np.float64) - zero) * scale
        return value

    def _plain(self, name: str) -> np.ndarray:
        try:
            return numpy_helper.to_array(self._tensors[name])
        except KeyError as error:
            raise UserError(
                f"model.onnx holds no {name!r}: another program made it (不是本产品导出的模型)",
                remedy="name a folder that `workplan train` has written",
            ) from error


def _write(model: Path, out: Path) -> None:
    import torch
    from transformers import BertConfig, BertForTokenClassification

    graph = onnx.load(model / "model.onnx").graph
    alphabet = Alphabet.load(model)
    state = read_weights(graph)
    tags = Lattice.load(model / "lattice.json").scheme.tags
    config = BertConfig(**read_config(graph, state, tags, alphabet.pad))
    state["bert.embeddings.token_type_embeddings.weight"] = np.zeros(
        (config.type_vocab_size, config.hidden_size), np.float32
    )
    bert = BertForTokenClassification(config)
    bert.load_state_dict({name: torch.from_numpy(array) for name, array in state.items()})
    bert.save_pretrained(out)
    make_tokenizer(alphabet, config.max_position_embeddings).save_pretrained(out)
    for name in ("vocab.txt", "lattice.json"):
        shutil.copy(model / name, out / name)
    card = model / "card.json"
    source = {"twin_of": json.loads(card.read_text(encoding="utf-8"))["sha256"]["model.onnx"]}
    (out / "source.json").write_text(json.dumps(source) + "\n", encoding="utf-8")


def _layers(graph: onnx.GraphProto) -> int:
    count = sum(node.op_type == "Attention" for node in graph.node)
    if not count:
        raise UserError(
            "model.onnx holds no attention (不是本版本导出的模型)",
            remedy="name a folder that this version's `workplan train` has written",
        )
    return count


def _attribute(node: onnx.NodeProto, name: str, default: Any = None) -> Any:
    """The value of an operator's attribute, `default` where it is not given."""
    for attribute in node.attribute:
        if attribute.name == name:
            return helper.get_attribute_value(attribute)
    return default
