"""A tagger of random weights: what it finds is nonsense, how it is measured is not."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("onnx", reason="making a tiny model needs the extra `train`")

from workplan.tag.tagger.alphabet import SPECIAL
from workplan.tag.tagger.decode import Lattice
from workplan.tag.tagger.scheme import Scheme

TEXTS = ["推进河道治理，完成12处。", "加强养老服务。", "建立预警机制，覆盖90%的乡镇，年底前完成。"]
HIDDEN, LAYERS, WIDE, TAGS, LONGEST = 48, 2, 96, 21, 300


@pytest.fixture(scope="session")
def texts() -> list[str]:
    """Three sentences."""
    return TEXTS


@pytest.fixture(scope="session")
def tagger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model folder that `Tagger` loads: two layers of width 48, inner width 96, 21 tags."""
    from safetensors.numpy import save_file

    from workplan.train.export import export

    folder = tmp_path_factory.mktemp("model")
    pieces = [*SPECIAL, *sorted(set("".join(TEXTS)))]
    save_file(_weights(len(pieces)), folder / "model.safetensors")
    config = {"layer_norm_eps": 1e-12, "num_hidden_layers": LAYERS, "num_attention_heads": 4}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n", encoding="utf-8")
    Lattice.plain(Scheme()).save(folder / "lattice.json")
    export(folder, folder, TEXTS)
    names = ("model.onnx", "vocab.txt", "lattice.json")
    sums = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    (folder / "card.json").write_text(json.dumps({"sha256": sums}), encoding="utf-8")
    return folder


def _weights(words: int) -> dict[str, np.ndarray]:
    """Parameters by their names in transformers, shapes (out, in)."""
    draw = np.random.default_rng(3)
    shapes: dict[str, tuple[int, ...]] = {
        "bert.embeddings.word_embeddings.weight": (words, HIDDEN),
        "bert.embeddings.position_embeddings.weight": (LONGEST, HIDDEN),
        "bert.embeddings.token_type_embeddings.weight": (1, HIDDEN),
        "classifier.weight": (TAGS, HIDDEN),
        "classifier.bias": (TAGS,),
    }
    norms = ["bert.embeddings.LayerNorm"]
    for layer in range(LAYERS):
        at = f"bert.encoder.layer.{layer}."
        dense = {f"attention.self.{part}": (HIDDEN, HIDDEN) for part in ("query", "key", "value")}
        dense |= {"attention.output.dense": (HIDDEN, HIDDEN)}
        dense |= {"intermediate.dense": (WIDE, HIDDEN), "output.dense": (HIDDEN, WIDE)}
        for name, shape in dense.items():
            shapes[f"{at}{name}.weight"] = shape
            shapes[f"{at}{name}.bias"] = shape[:1]
        norms += [at + "attention.output.LayerNorm", at + "output.LayerNorm"]
    weights = {name: draw.normal(0, 0.2, shape) for name, shape in shapes.items()}
    weights |= {f"{norm}.weight": np.ones(HIDDEN) for norm in norms}
    weights |= {f"{norm}.bias": np.zeros(HIDDEN) for norm in norms}
    return {name: array.astype(np.float32) for name, array in weights.items()}
