"""What was tried on the tagger's network: the shipped model with one thing done otherwise.

Only the network is timed, on the same sentences, each way in turn and several times; decoding and
Python come on top and are the same for all.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from onnx import helper, numpy_helper

from workplan.bench import markdown
from workplan.tag.tagger.alphabet import Alphabet
from workplan.tag.tagger.decode import Lattice
from workplan.tag.tagger.labeller import BATCH_CHARACTERS, SIZES, SLOW_FUSIONS, batch_ids
from workplan.train.graph import build
from workplan.train.twin import read_config, read_weights

Batches = list[np.ndarray]
"""Input ids, shape (rows, size), int64."""


@dataclass(frozen=True, slots=True)
class Trial:
    """One way, and the network's characters per second in its best round."""

    name: str
    rate: float


@dataclass(frozen=True)
class _Way:
    name: str
    session: onnxruntime.InferenceSession
    batches: Batches
    workers: int
    """Threads that take a batch each."""


def run_trials(folder: Path, texts: Sequence[str], threads: int, rounds: int) -> list[Trial]:
    """Time the network of the model in `folder` as shipped, then each way that was tried."""
    texts = [text for text in texts if 0 < len(text) <= SIZES[-1] - 2]
    ways = _ways(folder, texts, threads)
    seconds: dict[str, float] = defaultdict(lambda: float("inf"))
    for _ in range(rounds):
        for way in ways:
            seconds[way.name] = min(seconds[way.name], _time(way))
    characters = sum(map(len, texts))
    return [Trial(name, characters / spent) for name, spent in seconds.items()]


def table(trials: Sequence[Trial]) -> str:
    """The ways as a Markdown table, with their rates in parts of the shipped one's."""
    shipped = trials[0].rate
    rows = [[one.name, f"{one.rate:,.0f}", f"{one.rate / shipped:.2f}"] for one in trials]
    return markdown.table(["network", "char/s", "of shipped"], rows)


def unfuse_attention(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same model with its attention in plain operators: products, a mask, a softmax."""
    changed = onnx.ModelProto()
    changed.CopyFrom(model)
    graph = changed.graph
    nodes: list[onnx.NodeProto] = []
    for node in graph.node:
        plain = _plain_attention(graph, node) if node.op_type == "Attention" else [node]
        nodes += plain
    del graph.node[:]
    graph.node.extend(nodes)
    return changed


def _ways(folder: Path, texts: Sequence[str], threads: int) -> list[_Way]:
    alphabet = Alphabet.load(folder)
    model = onnx.load(folder / "model.onnx")
    shipped = _session(model)
    usual = _batches(alphabet, texts, SIZES, BATCH_CHARACTERS)
    ways = [_Way(f"as shipped, {threads} threads", shipped, usual, threads)]
    unsorted = _batches(alphabet, texts, SIZES[-1:], BATCH_CHARACTERS)
    ways.append(_Way(f"no length buckets, all padded to {SIZES[-1]}", shipped, unsorted, threads))
    for positions in (BATCH_CHARACTERS // 8, BATCH_CHARACTERS * 8):
        batches = _batches(alphabet, texts, SIZES, positions)
        ways.append(_Way(f"batches of {positions:,} positions", shipped, batches, threads))
    others = {
        "float32 weights and products": _session(_float(folder, model)),
        "attention in plain operators": _session(unfuse_attention(model)),
        "onnxruntime's fused norms and GELU": _session(model, fused=True),
    }
    ways += [_Way(name, session, usual, threads) for name, session in others.items()]
    if threads > 1:
        still = {"session.intra_op.allow_spinning": "0"}
        ways.append(_Way("1 thread", shipped, usual, 1))
        for name, entries in (("all threads on each batch", {}), ("the same, none spins", still)):
            ways.append(_Way(name, _session(model, threads, entries), usual, 1))
    return ways


def _batches(
    alphabet: Alphabet, texts: Sequence[str], sizes: Sequence[int], positions: int
) -> Batches:
    """As the tagger makes them: texts of one padded size together, about `positions` at a time."""
    groups: dict[int, list[str]] = defaultdict(list)
    for text in texts:
        groups[next(size for size in sizes if size >= len(text) + 2)].append(text)
    batches = []
    for size, members in sorted(groups.items()):
        rows = max(1, positions // size)
        for first in range(0, len(members), rows):
            batches.append(batch_ids(alphabet, members[first : first + rows], size)[0])
    return batches


def _session(
    model: onnx.ModelProto,
    threads: int = 1,
    entries: Mapping[str, str] | None = None,
    *,
    fused: bool = False,
) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    for key, value in (entries or {}).items():
        options.add_session_config_entry(key, value)
    return onnxruntime.InferenceSession(
        model.SerializeToString(),
        options,
        providers=["CPUExecutionProvider"],
        disabled_optimizers=[] if fused else SLOW_FUSIONS,
    )


def _time(way: _Way) -> float:
    """Seconds for all batches."""
    way.session.run(None, {"input_ids": way.batches[0]})
    began = time.perf_counter()
    with ThreadPoolExecutor(way.workers) as pool:
        list(pool.map(lambda batch: way.session.run(None, {"input_ids": batch}), way.batches))
    return time.perf_counter() - began


def _float(folder: Path, model: onnx.ModelProto) -> onnx.ModelProto:
    """The graph before quantising, with the weights that the int8 model has."""
    alphabet = Alphabet.load(folder)
    state = read_weights(model.graph)
    tags = Lattice.load(folder / "lattice.json").scheme.tags
    config = read_config(model.graph, state, tags, alphabet.pad)
    types = np.zeros((1, config["hidden_size"]), np.float32)
    state["bert.embeddings.token_type_embeddings.weight"] = types
    return build(state, config, alphabet.pad)


def _plain_attention(graph: onnx.GraphProto, node: onnx.NodeProto) -> list[onnx.NodeProto]:
    """Query, key, value (batch, time, width), mask (batch, 1, time, time) to be added: what the
    operator does, step by step."""
    at = node.output[0] + "_"
    _add_constants(graph, node, at)
    steps: list[tuple[str, list[str], str, dict[str, Any]]] = []
    for number, source in enumerate(node.input[:3]):
        order = [0, 2, 3, 1] if number == 1 else [0, 2, 1, 3]
        steps += [
            ("Reshape", [source, at + "split"], f"r{number}", {}),
            ("Transpose", [f"{at}r{number}"], f"t{number}", {"perm": order}),
        ]
    steps += [
        ("MatMul", [at + "t0", at + "t1"], "raw", {}),
        ("Mul", [at + "raw", at + "scale"], "scores", {}),
        ("Add", [at + "scores", node.input[3]], "masked", {}),
        ("Softmax", [at + "masked"], "shares", {"axis": -1}),
        ("MatMul", [at + "shares", at + "t2"], "mixed", {}),
        ("Transpose", [at + "mixed"], "back", {"perm": [0, 2, 1, 3]}),
    ]
    nodes = [helper.make_node(k, i, [at + o], name=at + o, **a) for k, i, o, a in steps]
    return [*nodes, helper.make_node("Reshape", [at + "back", at + "join"], [node.output[0]])]


def _add_constants(graph: onnx.GraphProto, node: onnx.NodeProto, at: str) -> None:
    heads = next(a.i for a in node.attribute if a.name == "q_num_heads")
    norm = next(one for one in graph.node if one.op_type == "LayerNormalization")
    width = next(t.dims[0] for t in graph.initializer if t.name == norm.input[1])
    constants: dict[str, np.ndarray] = {
        "split": np.array([0, 0, heads, width // heads], np.int64),
        "join": np.array([0, 0, width], np.int64),
        "scale": np.array((width // heads) ** -0.5, np.float32),
    }
    graph.initializer.extend(numpy_helper.from_array(v, at + k) for k, v in constants.items())
