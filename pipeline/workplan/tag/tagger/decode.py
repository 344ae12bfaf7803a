"""Constrained decoding: the best allowed path (Viterbi) and the probability of each span in it.

The model is a linear-chain CRF over per-character scores (Lafferty et al., 2001). A span's
probability is its exact marginal: of all allowed paths, the share that hold just this span (where
no two scores of a character are more than WIDEST apart; those of trained models are not).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from workplan.tag.tagger.scheme import FORBIDDEN, Scheme
from workplan.types import Span

TINY = 1e-38
"""The least probability: logarithms stay finite."""
WIDEST = 60.0
"""Scores farther below the best of their character count as this far: no state's sum becomes 0."""


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

    @cached_property
    def best(self) -> Steps:
        """Steps that add scores and take the best."""
        return Steps.of(self)

    @cached_property
    def sums(self) -> Steps:
        """Steps that multiply probabilities and add them up."""
        return Steps.of(self, self.temperature)

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


@dataclass(frozen=True)
class Steps:
    """The allowed transitions as two dense blocks, a third of what the full matrix holds.

    Inside the steps tags stand in the `order` E, O, S, B, I (each of all labels): the first
    eleven close what came before, the eleven from O on open anew, and any of those may follow any
    of these; what is begun goes on, B or I of a label to its I or E. `outer` has shape (closing,
    opening, 1), `turned` (opening, closing, 1), `inner` (B and I, I and E, labels, 1), `moves`
    (tags, tags). States have shape (tags, batch): sums over tags then run along the batch, in
    the same order whatever its size.
    """

    order: np.ndarray
    outer: np.ndarray
    turned: np.ndarray
    inner: np.ndarray
    moves: np.ndarray
    starts: np.ndarray
    ends: np.ndarray

    @classmethod
    def of(cls, lattice: Lattice, temperature: float | None = None) -> Steps:
        """Log scores, or with a temperature probabilities up to a factor."""
        tags = lattice.scheme.tags
        order = np.array([n for part in "EOSBI" for n, tag in enumerate(tags) if tag[0] == part])
        rows = lattice.transitions[np.ix_(order, order)], lattice.starts[order], lattice.ends[order]
        if temperature is not None:
            rows = tuple(np.exp(row / temperature) for row in rows)
        moves, starts, ends = rows
        k = len(lattice.scheme.labels)
        begun = moves[2 * k + 1 :].reshape(2, k, len(tags))
        own = np.arange(k)
        inner = np.stack([begun[:, own, 3 * k + 1 + own], begun[:, own, own]], 1)
        outer = np.ascontiguousarray(moves[: 2 * k + 1, k : 3 * k + 1])
        # A copy: what is summed must lie in the order of its axes, or one row is added otherwise.
        turned = np.ascontiguousarray(outer.T)
        outer, turned, inner, starts, ends = (
            block[..., None] for block in (outer, turned, inner, starts, ends)
        )
        return cls(order, outer, turned, inner, moves, starts, ends)

    @property
    def labels(self) -> int:
        """How many labels there are."""
        return int(self.inner.shape[2])

    def highest(self, state: np.ndarray) -> np.ndarray:
        """For each tag the best score over all tags before it, shapes (tags, batch)."""
        k, reached = self.labels, np.empty_like(state)
        np.maximum.reduce(state[: 2 * k + 1, None] + self.outer, 0, out=reached[k : 3 * k + 1])
        begun = state[2 * k + 1 :].reshape(2, 1, k, -1) + self.inner
        np.maximum(begun[0, 0], begun[1, 0], out=reached[3 * k + 1 :])
        np.maximum(begun[0, 1], begun[1, 1], out=reached[:k])
        return reached

    def forward(self, state: np.ndarray) -> np.ndarray:
        """For each tag the sum over all tags before it, shapes (tags, batch)."""
        k, reached = self.labels, np.empty_like(state)
        np.add.reduce(state[: 2 * k + 1, None] * self.outer, 0, out=reached[k : 3 * k + 1])
        begun = state[2 * k + 1 :].reshape(2, 1, k, -1) * self.inner
        np.add(begun[0, 0], begun[1, 0], out=reached[3 * k + 1 :])
        np.add(begun[0, 1], begun[1, 1], out=reached[:k])
        return reached

    def backward(self, state: np.ndarray) -> np.ndarray:
        """For each tag the sum over all tags behind it, shapes (tags, batch)."""
        k, reached = self.labels, np.empty_like(state)
        np.add.reduce(state[k : 3 * k + 1, None] * self.turned, 0, out=reached[: 2 * k + 1])
        going, ending = state[None, 3 * k + 1 :], state[None, :k]
        begun = reached[2 * k + 1 :].reshape(2, k, -1)
        np.add(going * self.inner[:, 0], ending * self.inner[:, 1], out=begun)
        return reached


def decode(lattice: Lattice, scores: np.ndarray, lengths: np.ndarray) -> list[list[Span]]:
    """Spans with confidences for a batch.

    `scores`: shape (batch, time, tags), float32, per character, no special tokens.
    `lengths`: shape (batch,), the number of real characters of each row, at least 1.
    """
    paths = viterbi(lattice, scores, lengths)
    labels = [tag[2:] for tag in lattice.scheme.tags]
    rows, firsts, lasts = lattice.scheme.decode(paths)
    sure = _marginals(lattice, scores, lengths, paths, (rows, firsts, lasts))
    found: list[list[Span]] = [[] for _ in lengths]
    tags = paths[rows, firsts]
    for row, first, last, tag, one in zip(
        rows.tolist(), firsts.tolist(), lasts.tolist(), tags.tolist(), sure.tolist(), strict=True
    ):
        found[row].append(Span(first, last + 1, labels[tag], one))
    return found


def viterbi(lattice: Lattice, scores: np.ndarray, lengths: np.ndarray) -> np.ndarray:
    """The best path of each row, shape (batch, time), int64; 0 past a row's length."""
    steps = lattice.best
    own = np.ascontiguousarray(scores.transpose(1, 2, 0)[:, steps.order])
    best = np.empty_like(own)
    best[0] = own[0] + steps.starts
    for step in range(1, len(own)):
        np.add(steps.highest(best[step - 1]), own[step], out=best[step])
    paths = np.zeros((len(own), len(lengths)), dtype=np.int64)
    behind = np.zeros(len(lengths), dtype=np.int64)
    for step in range(len(own) - 1, -1, -1):
        onward = np.where(lengths == step + 1, steps.ends, steps.moves[:, behind])
        behind = (best[step] + onward).argmax(0)
        paths[step] = behind
    paths = steps.order[paths.T]
    paths[np.arange(len(own)) >= lengths[:, None]] = 0
    return paths


def _marginals(
    lattice: Lattice,
    scores: np.ndarray,
    lengths: np.ndarray,
    paths: np.ndarray,
    spans: tuple[np.ndarray, np.ndarray, np.ndarray],
) -> np.ndarray:
    """The probability of each span, shape (spans,), float64, at most 1.

    `spans`: rows, first and last characters, shape (spans,) each. States are scaled to a greatest
    value of 1 at every step (Rabiner, 1989, V.A); the logarithms of the scales are kept beside.
    """
    steps = lattice.sums
    own = np.ascontiguousarray(scores.transpose(1, 2, 0)[:, steps.order]) / lattice.temperature
    peaks = own.max(1)
    own = np.maximum(own, peaks[:, None] - WIDEST)
    given = np.exp(own - peaks[:, None])
    peaks = peaks.astype(np.float64)
    before, before_logs = _forward(steps, given, peaks)
    after, after_logs = _backward(steps, given, peaks, lengths)
    every = np.arange(len(lengths))
    # cumsum adds one by one, sum in an order that depends on the shape.
    closing = (before[lengths - 1, :, every] * steps.ends.T).cumsum(1)[:, -1]
    total = np.log(closing) + before_logs[lengths - 1, every]
    rows, firsts, lasts = spans
    tags = np.argsort(steps.order)[paths.T]  # positions in the steps' order
    along = np.take_along_axis(own, tags[:, None], 1)[:, 0].astype(np.float64)
    along[1:] += np.log(np.maximum(steps.moves, TINY))[tags[:-1], tags[1:]]
    along = along.cumsum(0)
    logs = np.log(np.maximum(before[firsts, tags[firsts, rows], rows], TINY))
    logs = logs + before_logs[firsts, rows] + along[lasts, rows] - along[firsts, rows]
    logs += np.log(np.maximum(after[lasts, tags[lasts, rows], rows], TINY))
    logs += after_logs[lasts, rows] - total[rows]
    sure: np.ndarray = np.minimum(1.0, np.exp(logs))
    return sure


def _forward(steps: Steps, given: np.ndarray, peaks: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Sums over all that stands before and at each step, shape (time, tags, batch), and the
    logarithms of what they are to be multiplied by, shape (time, batch), float64."""
    states = np.empty_like(given)
    scales = np.empty(peaks.shape)
    states[0] = given[0] * steps.starts
    for step in range(len(given)):
        if step:
            np.multiply(steps.forward(states[step - 1]), given[step], out=states[step])
        scales[step] = scale = states[step].max(0)
        states[step] /= scale.astype(states.dtype)
    return states, (np.log(scales) + peaks).cumsum(0)


def _backward(
    steps: Steps, given: np.ndarray, peaks: np.ndarray, lengths: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Sums over all that stands behind each step, as `_forward` gives them; past a row's length
    they mean nothing."""
    states = np.ones_like(given)
    logs = np.zeros(peaks.shape)
    for step in range(len(given) - 1, -1, -1):
        last = lengths == step + 1
        if step + 1 < len(given):
            state = steps.backward(states[step + 1] * given[step + 1])
            scale = state.max(0)
            logs[step] = np.where(last, 0.0, logs[step + 1] + peaks[step + 1] + np.log(scale))
            states[step] = state / scale
        np.copyto(states[step], steps.ends, where=last)
    return states, logs


def _written(row: np.ndarray) -> list[float | None]:
    return [None if value <= FORBIDDEN else round(float(value), 4) for value in row]


def _read(row: list[float | None]) -> np.ndarray:
    return np.array([FORBIDDEN if value is None else value for value in row], dtype=np.float32)
