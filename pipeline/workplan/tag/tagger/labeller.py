"""The tagger at work: an ONNX character BERT with constrained decoding, without torch."""

from __future__ import annotations

import hashlib
import json
import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from workplan.errors import UserError
from workplan.tag.tagger.alphabet import Alphabet
from workplan.tag.tagger.decode import Lattice, decode
from workplan.tag.tagger.law import obey
from workplan.tag.tagger.windows import merge, windows
from workplan.types import Span

SIZES = (*range(8, 64, 2), *range(64, 128, 4), *range(128, 257, 8))
"""Padded lengths, [CLS] and [SEP] included. A text's padding depends on the text alone, so that
its scores are the same bits in any batch and order."""
OVERLAP = 64
SLOW_FUSIONS = ["SkipLayerNormFusion", "BiasGeluFusion"]
"""Fused operators whose CPU kernels are slower than their parts."""
BATCH_CHARACTERS = 512
"""Positions that a batch may hold: what a layer writes then stays in a core's cache."""
LOAD_CHARACTERS = 4096
"""Positions that are decoded together: a step of decoding costs much the same for few rows."""

Load = list[tuple[int, list[int]]]
"""Padded sizes, and the places of the texts that are padded to each."""


class Tagger:
    """A `Labeller` over a model folder: model.onnx, vocab.txt, lattice.json, card.json.

    `threads`: cores that one call may use, each for batches of its own; 0 means all that this
    process may run on. Raises UserError where a file is missing or differs from the checksum in
    card.json.
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
        # Batches are shared out among threads, not the rows of one: a layer's threads would wait
        # for each other, and decoding would wait for them all.
        options.intra_op_num_threads = 1
        self._threads = threads or _cores()
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
        texts = [views[number][start:end] for number, start, end in pieces]
        whole = [end - start == len(views[number]) for number, start, end in pieces]
        loads = _loads([len(text) for text in texts], self._threads)

        def run(load: Load) -> dict[int, list[Span]]:
            lists = self._run([(size, [texts[place] for place in places]) for size, places in load])
            places = [place for _, places in load for place in places]
            return {
                place: obey(texts[place], spans) if whole[place] else spans
                for place, spans in zip(places, lists, strict=True)
            }

        found: dict[int, list[Span]] = {}
        with ThreadPoolExecutor(self._threads) as pool:
            several = self._threads > 1 and len(loads) > 1
            for done in pool.map(run, loads) if several else map(run, loads):
                found |= done
        labelled: list[list[Span]] = [[] for _ in views]
        parts: dict[int, list[tuple[int, int, Sequence[Span]]]] = defaultdict(list)
        for place, (number, start, end) in enumerate(pieces):
            if whole[place]:
                labelled[number] = found[place]
            else:
                parts[number].append((start, end, found[place]))
        for number, windowed in parts.items():
            labelled[number] = obey(views[number], merge(windowed))
        return labelled

    def _run(self, batches: Sequence[tuple[int, list[str]]]) -> list[list[Span]]:
        """Spans of the texts of each batch, a padded size and its texts; decoded together."""
        rows, longest = sum(len(texts) for _, texts in batches), max(size for size, _ in batches)
        scores = np.zeros((rows, longest - 2, len(self._lattice.scheme)), dtype=np.float32)
        lengths, row = np.empty(rows, dtype=np.int64), 0
        for size, texts in batches:
            ids, own = batch_ids(self._alphabet, texts, size)
            output = self._session.run(None, {"input_ids": ids})[0]
            scores[row : row + len(texts), : size - 2] = output[:, 1:-1]
            lengths[row : row + len(texts)] = own
            row += len(texts)
        return decode(self._lattice, scores, lengths)


def _loads(lengths: Sequence[int], threads: int) -> list[Load]:
    """Batches of texts of such lengths, joined to what one thread does at a time."""
    fair = sum(lengths) // threads
    loads: list[Load] = []
    room = 0
    for size, places in _batches(lengths):
        if room < size * len(places):
            loads.append([])
            room = max(BATCH_CHARACTERS, min(LOAD_CHARACTERS, fair))
        loads[-1].append((size, places))
        room -= size * len(places)
    return loads


def _batches(lengths: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """The places of texts of such lengths, those of one padded size together, with that size."""
    groups: dict[int, list[int]] = defaultdict(list)
    for place, length in enumerate(lengths):
        groups[next(size for size in SIZES if size >= length + 2)].append(place)
    for size, places in sorted(groups.items(), reverse=True):
        rows = max(1, BATCH_CHARACTERS // size)
        for first in range(0, len(places), rows):
            yield size, places[first : first + rows]


def _cores() -> int:
    """The cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


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
