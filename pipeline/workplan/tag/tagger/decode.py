"""Constrained decoding: the best allowed path (Viterbi) and the probability of each span in it.

The model is a linear-chain CRF over per-character scores (Lafferty et al., 2001). A span's
probability is its exact marginal: of all allowed paths, the share that hold just this span.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workplan.tag.tagger.scheme import FORBIDDEN, Scheme
from workplan.types import Span


@dataclass(frozen=True)
class Lattice:
    """Scores of the chain: `transitions` (tags, tags), `starts` and `ends` (tags,), float32.

    `temperature` divides all scores before probabilities are taken, so that they are calibrated
    (Guo et al., 2017); it leaves the best path as it is.
    """

    scheme: Scheme
    transitions: np.ndarray
    starts: np.ndarray
    ends: np.ndarray
    temperature: float = 1.0

    @classmethod
    def plain(cls, scheme: Scheme) -> Lattice:
        """Allowed transitions at 0, the others forbidden."""
        return cls(scheme, scheme.transitions(), scheme.starts(), scheme.ends())

    def save(self, path: Path) -> None:
        """Write as JSON; forbidden transitions as null."""
        rows = {
            "labels": list(self.scheme.labels),
            "tags": list(self.scheme.tags),
            "temperature": round(float(self.temperature), 4),
            "transitions": [_written(row) for row in self.transitions],
            "starts": _written(self.starts),
            "ends": _written(self.ends),
        }
        path.write_text(json.dumps(rows, indent=None) + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Lattice:
        """Read what `save` wrote."""
        rows = json.loads(path.read_text(encoding="utf-8"))
        transitions = np.stack([_read(row) for row in rows["transitions"]])
        return cls(
            Scheme(rows["labels"]),
            transitions,
            _read(rows["starts"]),
            _read(rows["ends"]),
            rows["temperature"],
        )


def decode(lattice: Lattice, scores: np.ndarray, lengths: np.ndarray) -> list[list[Span]]:
    """Spans with confidences for a batch.

    `scores`: shape (batch, time, tags), float32, per character, no special tokens.
    `lengths`: shape (batch,), the number of real characters of each row, at least 1.
    """
    paths = viterbi(lattice, scores, lengths)
    forward, backward, total = _marginals(lattice, scores, lengths)
    scaled = scores / lattice.temperature
    transitions = lattice.transitions / lattice.temperature
    found: list[list[Span]] = []
    for row, length in enumerate(lengths):
        path = paths[row, :length]
        spans = []
        for span in lattice.scheme.decode(path.tolist()):
            inner = range(span.start + 1, span.end)
            log = float(forward[row, span.start, path[span.start]])
            log += float(sum(scaled[row, i, path[i]] for i in inner))
            log += float(sum(transitions[path[i - 1], path[i]] for i in inner))
            log += float(backward[row, span.end - 1, path[span.end - 1]] - total[row])
            spans.append(Span(span.start, span.end, span.label, min(1.0, float(np.exp(log)))))
        found.append(spans)
    return found


def viterbi(lattice: Lattice, scores: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The best path of each row, shape (batch, time), int64; 0 past a row's length."""
    batch, time, tags = scores.shape
    best = scores[:, 0] + lattice.starts
    back = np.zeros((batch, time, tags), dtype=np.int8 if tags < 128 else np.int32)
    final = np.where((lengths == 1)[:, None], best + lattice.ends, 0.0)
    for step in range(1, time):
        reached = best[:, :, None] + lattice.transitions
        back[:, step] = reached.argmax(1)
        best = reached.max(1) + scores[:, step]
        final = np.where((lengths == step + 1)[:, None], best + lattice.ends, final)
    paths = np.zeros((batch, time), dtype=np.int64)
    for row, length in enumerate(lengths):
        tag = int(final[row].argmax())
        for step in range(length - 1, -1, -1):
            paths[row, step] = tag
            tag = int(back[row, step, tag])
    return paths


def _marginals(
    lattice: Lattice, scores: np.ndarray, lengths: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Forward and backward log sums, shape (batch, time, tags), and log Z, shape (batch,).

    `forward` counts a step's own score, `backward` does not.
    """
    scores = scores / lattice.temperature
    moves = np.exp(lattice.transitions / lattice.temperature)
    batch, time, _ = scores.shape
    forward, backward = np.empty_like(scores), np.zeros_like(scores)
    ends = np.where(lattice.ends <= FORBIDDEN, FORBIDDEN, lattice.ends / lattice.temperature)
    forward[:, 0] = scores[:, 0] + lattice.starts / lattice.temperature
    for step in range(1, time):
        forward[:, step] = _log_product(forward[:, step - 1], moves) + scores[:, step]
    for step in range(time - 1, -1, -1):
        last = (lengths == step + 1)[:, None]
        if step + 1 < time:
            following = backward[:, step + 1] + scores[:, step + 1]
            backward[:, step] = np.where(last, ends, _log_product(following, moves.T))
        else:
            backward[:, step] = np.where(last, ends, 0.0)
    rows = np.arange(batch)
    closing = forward[rows, lengths - 1] + ends
    peak = closing.max(1, keepdims=True)
    total = np.log(np.exp(closing - peak).sum(1)) + peak[:, 0]
    return forward, backward, total


def _log_product(logs: np.ndarray, factors: np.ndarray) -> np.ndarray:
    """log(exp(logs) @ factors), shapes (batch, tags) and (tags, tags), without overflow.

    Summed by hand: a matrix product's last bits would depend on the size of the batch.
    """
    peak = logs.max(1, keepdims=True)
    sums = (np.exp(logs - peak)[:, :, None] * factors).sum(1)
    product: np.ndarray = np.log(np.maximum(sums, 1e-38)) + peak
    return product


def _written(row: np.ndarray) -> list[float | None]:
    return [None if value <= FORBIDDEN else round(float(value), 4) for value in row]


def _read(row: list[float | None]) -> np.ndarray:
    return np.array([FORBIDDEN if value is None else value for value in row], dtype=np.float32)
