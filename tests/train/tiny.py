"""Sentences that a BERT of two thin layers learns in seconds, and that BERT."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from workplan.tag.tagger.alphabet import SPECIAL
from workplan.train.corpus import Example
from workplan.train.settings import Settings
from workplan.types import Span

VERBS = ("推广", "改造", "培训", "巡查")
SHIPPED = ("model.onnx", "vocab.txt", "lattice.json")
THINGS = ("老旧小区", "乡村医生", "灌溉渠道", "公交站台")


def sentences(plan: str, count: int, seed: int) -> list[Example]:
    """Sentences like “改造老旧小区，新增12处。” with their spans."""
    numbers = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        verb, thing = VERBS[numbers.integers(4)], THINGS[numbers.integers(4)]
        figure = f"{numbers.integers(2, 99)}处"
        spans = (
            Span(0, 2, "ACTION"),
            Span(7, 9, "ACTION"),
            Span(9, 9 + len(figure), "QUANTITY"),
        )
        text = f"{verb}{thing}，新增{figure}。"
        rows.append(Example(f"{plan}-{number:03d}", text, spans, plan=plan))
    return rows


def make_encoder(folder: Path) -> Path:
    """A BERT of width 48 with random weights; its vocabulary lacks 改 and has the comma as ","."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(1)
    folder.mkdir(parents=True, exist_ok=True)
    pieces = [*SPECIAL, *sorted(set("".join((*VERBS, *THINGS)) + "新增处。,x0123456789") - {"改"})]
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


def tiny_settings(encoder: Path, **changes: object) -> Settings:
    """Settings that teach it in a few epochs."""
    options: dict[str, object] = {
        "encoder": str(encoder),
        "epochs": 8,
        "batch_sentences": 16,
        "learning_rate": 4e-3,
        "head_learning_rate": 1e-2,
        "precision": "float32",
        "threads": 1,
    }
    return Settings(**(options | changes))  # type: ignore[arg-type]


def write_card(folder: Path) -> None:
    """A card.json with the checksums that `Tagger` wants."""
    sums = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in SHIPPED}
    (folder / "card.json").write_text(json.dumps({"sha256": sums}), encoding="utf-8")


def evening(trained: Path, texts: Sequence[str]) -> dict[str, np.ndarray]:
    """The factors that exporting the folder with these calibration texts evens channels out by."""
    from safetensors.numpy import load_file

    from workplan.tag.tagger.alphabet import Alphabet
    from workplan.train.export import calibration_batches
    from workplan.train.graph import build, products
    from workplan.train.smooth import evening_factors, measure_peaks

    config = json.loads((trained / "config.json").read_text(encoding="utf-8"))
    state = load_file(trained / "model.safetensors")
    alphabet, layers = Alphabet.load(trained), config["num_hidden_layers"]
    plain = build(state, config, alphabet.pad)
    batches = calibration_batches(alphabet, texts)
    return evening_factors(
        state, measure_peaks(plain, list(products(layers)), batches, alphabet.pad), layers
    )
