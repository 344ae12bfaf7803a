"""The floor of the tagger's time: the arithmetic its network needs over the cores' int8 rate.

Nothing can be faster on the same cores that multiplies the same matrices. What is above it is
padding, attention in float32, norms and GELU, quantising between layers, decoding, and Python.
`python -m workplan.bench.floor` is the fresh process that measures the rate.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from workplan.bench import markdown
from workplan.bench.machine import environment, hold
from workplan.tag.tagger.labeller import OVERLAP, SIZES
from workplan.tag.tagger.windows import windows

if TYPE_CHECKING:
    import onnx

MARKS = 2
"""[CLS] and [SEP]: positions that a window needs beside its characters."""
SHAPES = ((4096, 384, 1536), (4096, 1536, 384), (2048, 1024, 1024), (2048, 2048, 2048))
"""Rows, inner and columns of the products that are tried; the fastest counts."""
SECONDS = 1.0
"""How long each shape is tried."""


@dataclass(frozen=True, slots=True)
class Network:
    """Operations (a multiplication and an addition are two) of one position through all layers
    that do not depend on the text's length, and the numbers that attention adds: in each layer,
    for each pair of positions, 4 times `width`."""

    linear: int
    layers: int
    width: int

    def operations(self, size: int) -> int:
        """Of a window of `size` positions, marks and padding included."""
        return size * self.linear + self.layers * 4 * self.width * size * size


@dataclass(frozen=True, slots=True)
class Floor:
    """`operations`: for one character of the texts, without padding. `padded`: the same with the
    padding that the tagger adds. `rate`: int8 operations per second that were measured.
    `reached`: characters per second of the tagger, measured."""

    labeller: str
    operations: float
    padded: float
    rate: float
    reached: float

    @property
    def floor(self) -> float:
        """Characters per second that the arithmetic alone would allow."""
        return self.rate / self.operations

    def record(self) -> dict[str, Any]:
        """All figures as JSON values."""
        return asdict(self) | {"floor": self.floor, "share": self.reached / self.floor}


def measure_floors(
    folders: Mapping[str, Path], reached: Mapping[str, float], texts: Sequence[str], threads: int
) -> list[Floor]:
    """The floor of each tagger whose model lies in a folder, by the labeller's name.

    `reached`: characters per second that it was measured at, on the same texts and threads.
    """
    if not folders:
        return []
    import onnx

    rate = measure_rate(threads)
    floors = []
    for name, folder in folders.items():
        network = read_network(onnx.load(folder / "model.onnx").graph)
        needed, padded = operations_per_character(network, texts)
        floors.append(Floor(name, needed, padded, rate, reached[name]))
    return floors


def table(floors: Sequence[Floor]) -> str:
    """The floors as a Markdown table."""
    head = ["labeller", "million operations/char", "with padding", "int8, G operations/s"]
    rows = [
        [
            one.labeller,
            f"{one.operations / 1e6:.2f}",
            f"{one.padded / 1e6:.2f}",
            f"{one.rate / 1e9:,.0f}",
            f"{one.floor:,.0f}",
            f"{one.reached:,.0f}",
            f"{100 * one.reached / one.floor:.0f} %",
        ]
        for one in floors
    ]
    return markdown.table([*head, "floor, char/s", "reached, char/s", "share"], rows)


def read_network(graph: onnx.GraphProto) -> Network:
    """Count a graph's products with weights, and its layers of attention, however both are said."""
    shapes = {tensor.name: tuple(tensor.dims) for tensor in graph.initializer}
    sources = {node.output[0]: node.input[0] for node in graph.node if node.input}
    products = [node.input[1] for node in graph.node if node.op_type in ("Gemm", "MatMul")]
    weights = [shapes[sources.get(name, name)] for name in products]
    attention = sum(node.op_type in ("Attention", "MultiHeadAttention") for node in graph.node)
    return Network(sum(2 * inner * columns for inner, columns in weights), attention, weights[0][0])


def operations_per_character(network: Network, texts: Sequence[str]) -> tuple[float, float]:
    """Means over `texts`: with the positions a text needs, and with those the tagger pads to."""
    needed = padded = characters = 0
    for text in texts:
        characters += len(text)
        for start, end in windows(text, SIZES[-1] - MARKS, OVERLAP):
            size = end - start + MARKS
            needed += network.operations(size)
            padded += network.operations(next(bucket for bucket in SIZES if bucket >= size))
    return needed / characters, padded / characters


def measure_rate(threads: int) -> float:
    """Int8 operations per second of so many cores, in a fresh process."""
    command = [sys.executable, "-m", "workplan.bench.floor", str(threads)]
    done = subprocess.run(command, env=environment(threads), stdout=subprocess.PIPE, check=True)
    return float(json.loads(done.stdout))


def _fastest(threads: int) -> float:
    return max(_rate(rows, inner, columns, threads) for rows, inner, columns in SHAPES)


def _rate(rows: int, inner: int, columns: int, threads: int) -> float:
    """Operations per second of uint8 (rows, inner) times a constant int8 (inner, columns)."""
    import onnxruntime

    draw = np.random.default_rng(0)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    model = _product(draw.integers(-128, 128, (inner, columns), np.int8))
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    feed = {"a": draw.integers(0, 256, (rows, inner), np.uint8)}
    session.run(None, feed)
    best, ends = float("inf"), time.perf_counter() + SECONDS
    while time.perf_counter() < ends:
        began = time.perf_counter()
        session.run(None, feed)
        best = min(best, time.perf_counter() - began)
    return 2 * rows * inner * columns / best


def _product(weight: np.ndarray) -> bytes:
    from onnx import TensorProto, helper, numpy_helper

    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["a", "b"], ["c"])],
        "product",
        [helper.make_tensor_value_info("a", TensorProto.UINT8, [None, weight.shape[0]])],
        [helper.make_tensor_value_info("c", TensorProto.INT32, [None, weight.shape[1]])],
        [numpy_helper.from_array(weight, "b")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)])
    model.ir_version = 9
    return bytes(model.SerializeToString())


if __name__ == "__main__":
    hold(int(sys.argv[1]))
    print(json.dumps(_fastest(int(sys.argv[1]))))
