"""The tagger for users: an int8 ONNX file, statically quantised, with a card of checksums.

Static QDQ quantisation fixes every scale on calibration text, so that a sentence's scores depend
on nothing but the sentence.
"""

from __future__ import annotations

import json
import logging
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx

from workplan.tag.tagger.alphabet import Alphabet
from workplan.tag.tagger.labeller import SIZES, batch_ids, sha256
from workplan.train.graph import build, products
from workplan.train.smooth import evening_factors, measure_peaks

SHIPPED = ("model.onnx", "vocab.txt", "lattice.json")


def export(
    trained: Path, out: Path, calibration: Sequence[str], *, keep_float: bool = False
) -> None:
    """Turn a folder that `fine_tune` wrote into one that `Tagger` loads.

    `calibration`: some hundred training sentences that the int8 scales are fixed on. With
    `keep_float` the float32 graph is kept beside as model.fp32.onnx. Writes no card.
    """
    from safetensors.numpy import load_file

    config = json.loads((trained / "config.json").read_text(encoding="utf-8"))
    state = {
        name: array.astype(np.float32)
        for name, array in load_file(trained / "model.safetensors").items()
    }
    alphabet = Alphabet.load(trained)
    out.mkdir(parents=True, exist_ok=True)
    plain = build(state, config, alphabet.pad)
    batches = calibration_batches(alphabet, calibration)
    layers = int(config["num_hidden_layers"])
    peaks = measure_peaks(plain, list(products(layers)), batches, alphabet.pad)
    evened = build(state, config, alphabet.pad, evening_factors(state, peaks, layers))
    quantise(evened, out / "model.onnx", calibration_batches(alphabet, calibration))
    if keep_float:
        onnx.save(plain, out / "model.fp32.onnx")
    for name in ("vocab.txt", "lattice.json"):
        if trained.resolve() != out.resolve():
            shutil.copy(trained / name, out / name)


def quantise(model: onnx.ModelProto, out: Path, batches: Iterator[dict[str, np.ndarray]]) -> None:
    """Static QDQ int8: weights per channel, activations per tensor, attention left in float."""
    from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_static

    logging.getLogger().setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "model.onnx"
        onnx.save(model, plain)
        quantize_static(
            str(plain),
            str(out),
            _Reader(batches),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Gemm", "Gather"],
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
            extra_options={
                "OpTypesToExcludeOutputQuantization": ["Gemm"],
                "CalibMovingAverage": True,
            },
        )


def calibration_batches(
    alphabet: Alphabet, texts: Sequence[str]
) -> Iterator[dict[str, np.ndarray]]:
    """Inputs of the graph, 16 texts at a time, texts of about one length together."""
    ordered = sorted((text[: SIZES[-1] - 2] for text in texts if text), key=len)
    for first in range(0, len(ordered), 16):
        chosen = ordered[first : first + 16]
        yield {"input_ids": batch_ids(alphabet, chosen, max(map(len, chosen)) + 2)[0]}


def write_card(folder: Path, facts: dict[str, Any]) -> None:
    """card.json: `facts` and the SHA-256 of every shipped file, which `Tagger` checks."""
    sums = {name: sha256(folder / name) for name in SHIPPED}
    card = facts | {"sha256": sums}
    text = json.dumps(card, ensure_ascii=False, indent=1)
    (folder / "card.json").write_text(text + "\n", encoding="utf-8")


class _Reader:
    """Feeds calibration batches; onnxruntime asks for `get_next` until None."""

    def __init__(self, batches: Iterator[dict[str, np.ndarray]]) -> None:
        self._batches = batches

    def get_next(self) -> dict[str, np.ndarray] | None:
        return next(self._batches, None)
