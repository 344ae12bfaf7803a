"""The tagger at work: an ONNX character BERT with constrained decoding, without torch."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from workplan.errors import UserError
from workplan.tag.tagger.alphabet import Alphabet
from workplan.tag.tagger.decode import Lattice, decode
from workplan.tag.tagger.law import obey
from workplan.tag.tagger.windows import merge, windows
from workplan.types import Span

SIZES = (16, 24, 32, 48, 64, 80, 96, 128, 160, 192, 256)
"""Padded lengths, [CLS] and [SEP] included. A text's padding depends on the text alone, so that
its scores are the same bits in any batch and order."""
OVERLAP = 64
SLOW_FUSIONS = ["SkipLayerNormFusion", "BiasGeluFusion"]
"""Fused operators whose CPU kernels are slower than their parts."""
BATCH_CHARACTERS = 4096


class Tagger:
    """A `Labeller` over a model folder: model.onnx, vocab.txt, lattice.json, card.json.

    `threads`: cores that one call may use; 0 leaves it to the machine. Raises UserError where a
    file is missing or differs from the checksum in card.json.
    """

    def __init__(self, folder: Path, *, name: str = "tagger", threads: int = 0) -> None:
        check_files(folder)
        self._load(folder, Lattice.load(folder / "lattice.json"), name, threads)

    @classmethod
    def unchecked(cls, folder: Path, lattice: Lattice | None = None) -> Tagger:
        """A tagger of a model still in the making, which has no card yet; `lattice` in place of
        the folder's own."""
        tagger = cls.__new__(cls)
        tagger._load(folder, lattice or Lattice.load(folder / "lattice.json"), "tagger", 0)
        return tagger

    def _load(self, folder: Path, lattice: Lattice, name: str, threads: int) -> None:
        import onnxruntime

        self.name = name
        self.folder = folder
        self._alphabet = Alphabet.load(folder)
        self._lattice = lattice
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=SLOW_FUSIONS,
        )

    @property
    def version(self) -> str:
        """The first 12 digits of the model's SHA-256: outputs are comparable where it is equal."""
        return sha256(self.folder / "model.onnx")[:12]

    def label(self, views: Sequence[str]) -> list[list[Span]]:
        """Spans of each text, sorted, without overlap, with calibrated confidences."""
        pieces = [
            (number, start, end)
            for number, text in enumerate(views)
            if text
            for start, end in windows(text, SIZES[-1] - 2, OVERLAP)
        ]
        groups: dict[int, list[int]] = defaultdict(list)
        for place, (_, start, end) in enumerate(pieces):
            groups[next(size for size in SIZES if size >= end - start + 2)].append(place)
        found: list[list[Span]] = [[] for _ in pieces]
        for size, places in sorted(groups.items()):
            rows = max(1, BATCH_CHARACTERS // size)
            for first in range(0, len(places), rows):
                chosen = places[first : first + rows]
                texts = [views[pieces[p][0]][pieces[p][1] : pieces[p][2]] for p in chosen]
                for place, spans in zip(chosen, self._run(texts, size), strict=True):
                    found[place] = spans
        parts: dict[int, list[tuple[int, int, Sequence[Span]]]] = defaultdict(list)
        for (number, start, end), spans in zip(pieces, found, strict=True):
            parts[number].append((start, end, spans))
        return [
            obey(text, merge(parts[number])) if number in parts else []
            for number, text in enumerate(views)
        ]

    def _run(self, texts: Sequence[str], size: int) -> list[list[Span]]:
        ids, lengths = batch_ids(self._alphabet, texts, size)
        scores = self._session.run(None, {"input_ids": ids})[0]
        return decode(self._lattice, scores[:, 1:-1].astype(np.float32), lengths)


def batch_ids(alphabet: Alphabet, texts: Sequence[str], size: int) -> tuple[np.ndarray, np.ndarray]:
    """Input ids, shape (len(texts), size), int64, padded, and each text's length, int64."""
    ids = np.full((len(texts), size), alphabet.pad, dtype=np.int64)
    ids[:, 0] = alphabet.cls
    lengths = np.array([len(text) for text in texts], dtype=np.int64)
    for row, text in enumerate(texts):
        ids[row, 1 : len(text) + 1] = alphabet.encode(text)
        ids[row, len(text) + 1] = alphabet.sep
    return ids, lengths


def check_files(folder: Path) -> None:
    """Compare a model folder's files with the SHA-256 sums in its card.json.

    Raises UserError for a missing or changed file: a model that was tampered with, or a broken
    download, must never label anything.
    """
    card = folder / "card.json"
    if not card.is_file():
        raise UserError(
            "no model here (没有模型)",
            where=str(folder),
            remedy="run `make train`, or label with --labeller rules",
        )
    for name, expected in json.loads(card.read_text(encoding="utf-8"))["sha256"].items():
        path = folder / name
        if not path.is_file() or sha256(path) != expected:
            raise UserError(
                f"{name} is missing or not the file that the card names (模型文件缺失或被改动)",
                where=str(folder),
                remedy="restore the folder from the release, or run `make train`",
            )


def sha256(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
