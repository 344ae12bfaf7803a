"""SmoothQuant: outliers of activations moved into the weights before both become int8.

An int8 activation has 256 steps for all its channels together, so a channel with a large range
takes the steps from all others. Dividing channel j by a factor s_j, and multiplying row j of the
weight that follows by it, leaves the product as it is and makes both easy to quantise; with
s_j = max|x_j|^a / max|w_j|^(1-a) the difficulty is shared (Xiao et al., 2023, SmoothQuant).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import onnx

from workplan.train.graph import products

SHARE = 0.7
"""The paper's alpha: 0 leaves all difficulty with the activations, 1 moves it to the weights."""
LEAST = 1e-3
"""Channels that hardly move count as this large: their factors must stay finite."""


def evening_factors(
    state: Mapping[str, np.ndarray], peaks: Mapping[str, np.ndarray], layers: int
) -> dict[str, np.ndarray]:
    """What each channel of a product's input is to be divided by, shape (channels,), float32.

    `state` maps parameter names to arrays of shape (out, in), of a network of so many `layers`.
    `peaks`: the greatest magnitude of each channel over calibration text, by tensor. Products
    that take one tensor share its factors. Their geometric mean is 1.
    """
    factors = {}
    for source, names in products(layers).items():
        rows = [np.abs(state[f"{name}.weight"]).max(axis=0) for name in names]
        weight = np.maximum(np.max(rows, axis=0), LEAST)
        activation = np.maximum(peaks[source], LEAST)
        logs = SHARE * np.log(activation) - (1 - SHARE) * np.log(weight)
        factors[source] = np.exp(logs - logs.mean()).astype(np.float32)
    return factors


def measure_peaks(
    model: onnx.ModelProto,
    names: Sequence[str],
    batches: Iterable[Mapping[str, np.ndarray]],
    pad: int,
) -> dict[str, np.ndarray]:
    """The greatest magnitude of each channel of the tensors `names`, each (positions, channels),
    over all positions of `batches` that hold no `pad`."""
    import onnxruntime

    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    watched.graph.output.extend(
        onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None) for name in names
    )
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        watched.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    peaks: dict[str, np.ndarray] = {}
    for batch in batches:
        real = (batch["input_ids"] != pad).reshape(-1)
        for name, values in zip(names, session.run(list(names), batch), strict=True):
            peak = np.abs(values[real]).max(axis=0)
            peaks[name] = np.maximum(peaks.get(name, peak), peak)
    return peaks
