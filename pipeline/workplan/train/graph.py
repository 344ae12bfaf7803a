"""A fine-tuned BERT as an ONNX graph, written node by node from its weights.

The graph takes `input_ids` (batch, time) alone, int64: the attention mask is where they are not
[PAD]. It gives `logits` (batch, time, tags), float32. Between attentions a batch is one matrix of
(positions, width), so that every product is a Gemm, whose int8 kernel adds the bias by itself.
Attention is ONNX's own operator: half the time of onnxruntime's MultiHeadAttention on a CPU, bit
by bit the same output.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from onnx import ModelProto, NodeProto, TensorProto, helper, numpy_helper

OPSET = 23
MASKED = -1e4
"""Added to the scores of padding: its share after softmax is exactly 0 in float32."""

Weights = Mapping[str, np.ndarray]


@dataclass
class _Builder:
    """Nodes and constants so far. `evening`: what each channel of a tensor is divided by before
    the product that takes it (see workplan.train.smooth)."""

    evening: Weights
    nodes: list[NodeProto] = field(default_factory=list)
    constants: list[TensorProto] = field(default_factory=list)

    def constant(self, name: str, value: np.ndarray) -> str:
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        name = f"{output}/{kind}"
        self.nodes.append(helper.make_node(kind, inputs, [output], name=name, **attributes))
        return output

    def even(self, source: str) -> str:
        """`source` with its channels evened out, itself where there is nothing to even."""
        if source not in self.evening:
            return source
        self.constant(reciprocal(source), 1 / self.evening[source])
        return self.node("Mul", [source, reciprocal(source)], f"{source}_even")

    def linear(self, weights: Weights, name: str, source: str, taken: str, output: str) -> str:
        """`taken` times the layer's weight plus its bias; `taken` is `source` or evened from it."""
        weight = weights[name + ".weight"].T
        if taken != source:
            weight = weight * self.evening[source][:, None]
        inputs = [taken, self.constant(name + ".weight", weight)]
        if np.any(weights[name + ".bias"]):
            inputs.append(self.constant(name + ".bias", weights[name + ".bias"]))
        return self.node("Gemm", inputs, output, alpha=1.0, beta=1.0)


def build(
    state: Weights, config: Mapping[str, Any], pad: int, evening: Weights | None = None
) -> ModelProto:
    """The graph of a BertForTokenClassification.

    `state` maps its parameter names to float32 arrays, `config` is its config.json, `pad` the id
    of [PAD]. `evening` maps tensors that products take to positive factors, shape (channels,):
    the tensor is divided by them and the weight multiplied, which leaves the function as it is.
    """
    weights = simplify(state, config, evening or {})
    graph = _Builder(evening or {})
    epsilon = float(config["layer_norm_eps"])
    _shapes(graph, weights["classifier.weight"].shape)
    hidden = _embeddings(graph, weights, epsilon)
    _mask(graph, pad)
    for layer in range(int(config["num_hidden_layers"])):
        hidden = _layer(graph, weights, config, layer, hidden)
    graph.linear(weights, "classifier", hidden, graph.even(hidden), "scores")
    graph.node("Reshape", ["scores", "shape_tags"], "logits")
    tags = len(weights["classifier.bias"])
    model = helper.make_model(
        helper.make_graph(
            graph.nodes,
            "tagger",
            [helper.make_tensor_value_info("input_ids", TensorProto.INT64, ["batch", "time"])],
            [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["batch", "time", tags])],
            graph.constants,
        ),
        opset_imports=[helper.make_opsetid("", OPSET)],
        producer_name="workplan",
    )
    model.ir_version = 10
    return model


def simplify(state: Weights, config: Mapping[str, Any], evening: Weights) -> dict[str, np.ndarray]:
    """The same function with fewer parameters at work.

    A key's bias adds the same to all scores of a query, which softmax takes out again: it becomes
    0. Shares of attention sum to 1, so a value's bias passes through: it moves to the bias of the
    layer that follows. What attention gives is evened out in the value's weight, at no cost.
    """
    weights = dict(state)
    for number in range(int(config["num_hidden_layers"])):
        at = f"bert.encoder.layer.{number}.attention."
        value, out = at + "self.value", at + "output.dense"
        factors = evening.get(f"attended{number}", np.ones(1, np.float32))
        passed = state[out + ".weight"] @ state[value + ".bias"]
        weights[out + ".bias"] = (state[out + ".bias"] + passed).astype(np.float32)
        weights[out + ".weight"] = state[out + ".weight"] * factors
        weights[value + ".weight"] = state[value + ".weight"] / factors[:, None]
        for part in ("key", "value"):
            name = f"{at}self.{part}.bias"
            weights[name] = np.zeros_like(state[name])
    return weights


def products(layers: int) -> dict[str, list[str]]:
    """The tensors that products with weights take, and the names of those weights' layers: of a
    network of so many `layers`, its head left out."""
    taken = {}
    for number in range(layers):
        at = f"bert.encoder.layer.{number}."
        taken[f"hidden{number}"] = [f"{at}attention.self.{p}" for p in ("query", "key", "value")]
        taken[f"attended{number}"] = [at + "attention.output.dense"]
        taken[f"middle{number}"] = [at + "intermediate.dense"]
        taken[f"active{number}"] = [at + "output.dense"]
    return taken


def reciprocal(source: str) -> str:
    """The name of the constant that evens out the channels of `source`."""
    return f"{source}_reciprocal"


def _shapes(graph: _Builder, head: tuple[int, ...]) -> None:
    """The shapes that tensors are brought to; `head` is (tags, width)."""
    tags, width = head
    graph.constant("flat", np.array([-1, width], np.int64))
    graph.constant("width", np.array([width], np.int64))
    graph.constant("tags", np.array([tags], np.int64))
    graph.constant("one", np.array([1], np.int64))
    graph.node("Shape", ["input_ids"], "shape")
    graph.node("Shape", ["input_ids"], "rows", end=1)
    graph.node("Shape", ["input_ids"], "time", start=1)
    graph.node("Concat", ["shape", "width"], "shape_width", axis=0)
    graph.node("Concat", ["shape", "tags"], "shape_tags", axis=0)
    graph.node("Concat", ["rows", "one", "time", "time"], "shape_mask", axis=0)


def _embeddings(graph: _Builder, weights: Weights, epsilon: float) -> str:
    prefix = "bert.embeddings."
    types = weights[prefix + "token_type_embeddings.weight"]
    positions = weights[prefix + "position_embeddings.weight"] + types[0]
    graph.constant("words", weights[prefix + "word_embeddings.weight"])
    graph.constant("positions", positions)
    graph.constant("zero", np.array([0], np.int64))
    graph.node("Slice", ["positions", "zero", "time", "zero"], "place")
    graph.node("Gather", ["words", "input_ids"], "word")
    graph.node("Add", ["word", "place"], "embedded")
    graph.node("Reshape", ["embedded", "flat"], "embedded_flat")
    return _norm(graph, weights, prefix + "LayerNorm", "embedded_flat", "hidden0", epsilon)


def _mask(graph: _Builder, pad: int) -> None:
    graph.constant("pad", np.array(pad, np.int64))
    graph.constant("masked", np.array(MASKED, np.float32))
    graph.constant("unmasked", np.array(0, np.float32))
    graph.constant("mask_axes", np.array([1, 2], np.int64))
    graph.node("Equal", ["input_ids", "pad"], "is_pad")
    graph.node("Where", ["is_pad", "masked", "unmasked"], "mask_row")
    graph.node("Unsqueeze", ["mask_row", "mask_axes"], "mask_rows")
    # The operator wants a row of the mask for every query, though all rows are alike.
    graph.node("Expand", ["mask_rows", "shape_mask"], "mask")


def _layer(
    graph: _Builder, weights: Weights, config: Mapping[str, Any], number: int, hidden: str
) -> str:
    at = f"bert.encoder.layer.{number}."
    epsilon = float(config["layer_norm_eps"])
    attended = _attention(graph, weights, config, number, hidden)
    graph.linear(weights, at + "attention.output.dense", attended, attended, f"mixed{number}")
    graph.node("Add", [f"mixed{number}", hidden], f"mixed_sum{number}")
    middle = _norm(
        graph,
        weights,
        at + "attention.output.LayerNorm",
        f"mixed_sum{number}",
        f"middle{number}",
        epsilon,
    )
    taken = graph.even(middle)
    graph.linear(weights, at + "intermediate.dense", middle, taken, f"wide{number}")
    active = graph.node("Gelu", [f"wide{number}"], f"active{number}")
    graph.linear(weights, at + "output.dense", active, graph.even(active), f"narrow{number}")
    graph.node("Add", [f"narrow{number}", middle], f"narrow_sum{number}")
    return _norm(
        graph,
        weights,
        at + "output.LayerNorm",
        f"narrow_sum{number}",
        f"hidden{number + 1}",
        epsilon,
    )


def _attention(
    graph: _Builder, weights: Weights, config: Mapping[str, Any], number: int, hidden: str
) -> str:
    heads = int(config["num_attention_heads"])
    taken = graph.even(hidden)
    parts = []
    for part in ("query", "key", "value"):
        name = f"bert.encoder.layer.{number}.attention.self.{part}"
        graph.linear(weights, name, hidden, taken, f"{part}{number}")
        parts.append(graph.node("Reshape", [f"{part}{number}", "shape_width"], f"{part}s{number}"))
    graph.node(
        "Attention",
        [*parts, "mask"],
        f"attended_rows{number}",
        q_num_heads=heads,
        kv_num_heads=heads,
    )
    return graph.node("Reshape", [f"attended_rows{number}", "flat"], f"attended{number}")


def _norm(
    graph: _Builder, weights: Weights, name: str, source: str, output: str, epsilon: float
) -> str:
    scale = graph.constant(name + ".weight", weights[name + ".weight"])
    bias = graph.constant(name + ".bias", weights[name + ".bias"])
    return graph.node("LayerNormalization", [source, scale, bias], output, epsilon=epsilon)
