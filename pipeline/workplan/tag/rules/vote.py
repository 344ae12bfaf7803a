"""Combining the votes of all labelling functions into one labelling.

A hidden Markov model over the BIO states of characters weighs the functions by what they tend to
say in each state. It is skweak's model, trained by `workplan rules fit`, exported as JSON and
decoded here in numpy; a plain majority is the fallback.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from workplan.errors import UserError
from workplan.tag.labeller import resolve
from workplan.tag.rules.function import FUNCTIONS, Stretch, votes
from workplan.tag.rules.reading import Reading
from workplan.tag.rules.settings import switched_off
from workplan.types import LABELS, Span

STATES = ("O", *(f"{prefix}-{label}" for label in LABELS for prefix in "BI"))
"""Index 0 is outside; 1 + 2k begins and 2 + 2k continues the label LABELS[k]."""


@dataclass(frozen=True, eq=False)
class Model:
    """A trained vote; S states, probabilities.

    `initial` has shape (S,), `transition` (S, S) from row to column. `emission` maps a function
    to (S, 3): how likely it says nothing, begins or continues of a character in each state; or,
    where it votes against a label, to (S, 2): nothing, not. A function that is silent in a whole
    sentence is no witness there.
    """

    initial: np.ndarray
    transition: np.ndarray
    emission: dict[str, np.ndarray]

    @classmethod
    def load(cls, path: Path) -> Model:
        """Read the JSON that `save` wrote. Raises UserError where it does not fit the rules."""
        table = json.loads(path.read_text(encoding="utf-8"))
        emission = {name: np.array(rows) for name, rows in table["emission"].items()}
        if tuple(table["states"]) != STATES or not emission.keys() <= FUNCTIONS.keys():
            raise UserError(
                "the vote was trained for other rules (投票模型与规则不符)",
                where=str(path),
                remedy="train it again: workplan rules fit TEXT",
            )
        return cls(np.array(table["initial"]), np.array(table["transition"]), emission)

    def save(self, path: Path, note: str) -> None:
        """Write the model as JSON, a row a line; `note` says what it was trained on."""
        table = {
            "note": note,
            "states": STATES,
            "initial": _rounded(self.initial),
            "transition": _rounded(self.transition),
            "emission": {name: _rounded(rows) for name, rows in self.emission.items()},
        }
        text = json.dumps(table, ensure_ascii=False, indent=1)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_ROW.sub(_on_one_line, text) + "\n", encoding="utf-8")


class HiddenMarkovVote:
    """The likeliest sequence of states in which every span is a stretch that some function
    proposed; a span's confidence is the probability of its least certain character."""

    def __init__(self, model: Model) -> None:
        self._initial = _log(model.initial)
        self._transition = _log(model.transition)
        self._emission = {name: _log(rows) for name, rows in model.emission.items()}

    def combine(self, texts: Sequence[str]) -> list[list[Span]]:
        """The spans of each text, sorted, none overlapping another."""
        spans: list[list[Span]] = [[] for _ in texts]
        ballots = [Ballot.cast(text) for text in texts]
        order = [i for i, ballot in enumerate(ballots) if ballot.proposals]
        order.sort(key=lambda i: len(texts[i]))
        for at in range(0, len(order), _BATCH):
            rows = order[at : at + _BATCH]
            scores = [self._scores(ballots[i]) for i in rows]
            sure = _marginals(self._initial, self._transition, scores)
            for row, i in enumerate(rows):
                path = self._search(ballots[i], scores[row])
                spans[i] = [_span(*found, sure[row]) for found in path]
        return spans

    def _scores(self, ballot: Ballot) -> np.ndarray:
        """What speaks for each state at each character: log likelihoods of shape (length, S)."""
        scores = np.zeros((ballot.length, len(STATES)))
        for name, stretches in ballot.votes.items():
            said = self._emission.get(name)
            if said is None:
                continue
            scores += said[:, 0]
            for start, end in stretches:
                # a stretch of one character must not count for less than one of two
                scores[start] += (said[:, 1] - said[:, 0]) * (2 if end == start + 1 else 1)
                scores[start + 1 : end] += said[:, -1] - said[:, 0]
        return scores

    def _search(self, ballot: Ballot, scores: np.ndarray) -> list[tuple[int, int, str]]:
        """The best path: its spans as (start, end, label), from left to right."""
        best = _Lattice(ballot.length)
        moves, outside = self._transition, scores[:, 0].tolist()
        for at in range(ballot.length):
            for state, score in best.at(at):
                opening = self._initial if state is None else moves[state]
                best.offer(at + 1, 0, score + float(opening[0]) + outside[at], at, state)
            for end, label in ballot.proposals.get(at, ()):
                begin, on = 1 + 2 * label, 2 + 2 * label
                inner = float(scores[at, begin])
                if end > at + 1:
                    inner += float(scores[at + 1 : end, on].sum() + moves[begin, on])
                    inner += float(moves[on, on]) * (end - at - 2)
                last = on if end > at + 1 else begin
                for state, score in best.at(at):
                    opening = self._initial if state is None else moves[state]
                    best.offer(end, last, score + float(opening[begin]) + inner, at, state)
        return best.spans()


class MajorityVote:
    """Each function has one vote; a stretch stands with more votes for it than against it."""

    def combine(self, texts: Sequence[str]) -> list[list[Span]]:
        """The spans of each text, sorted, none overlapping another."""
        return [resolve(self._standing(Ballot.cast(text))) for text in texts]

    def _standing(self, ballot: Ballot) -> Iterator[Span]:
        tally: dict[tuple[int, int, str], int] = {}
        against: list[tuple[int, int, str]] = []
        for name, stretches in ballot.votes.items():
            function = FUNCTIONS[name]
            for start, end in stretches:
                key = (start, end, function.label)
                if function.negative:
                    against.append(key)
                else:
                    tally[key] = tally.get(key, 0) + 1
        for (start, end, label), count in tally.items():
            opposed = sum(1 for s, e, name in against if name == label and s < end and e > start)
            if count > opposed:
                yield Span(start, end, label, round(count / (count + opposed + 1), 3))


@dataclass(frozen=True, eq=False)
class Ballot:
    """What all functions say of one sentence of `length` characters.

    `votes` holds the stretches of every function that found any; `proposals` the positive ones
    by their start, as (end, index of label). No stretch passes a mark that ends a clause.
    """

    length: int
    votes: dict[str, list[Stretch]]
    proposals: dict[int, set[tuple[int, int]]]

    @classmethod
    def cast(cls, text: str) -> Ballot:
        """Run all functions on a sentence."""
        reading = Reading(text)
        cast: dict[str, list[Stretch]] = {}
        proposals: dict[int, set[tuple[int, int]]] = {}
        for name, function in FUNCTIONS.items():
            if name in switched_off():
                continue
            stretches = [s for s in votes(reading, function) if not _ENDS_CLAUSE.search(text, *s)]
            if not stretches:
                continue
            cast[name] = stretches
            if not function.negative:
                for start, end in stretches:
                    proposals.setdefault(start, set()).add((end, LABELS.index(function.label)))
        return cls(len(text), cast, proposals)


_ENDS_CLAUSE = re.compile(r"[，。；！？\n]")


class _Lattice:
    """The best way to each place: by position, then by the state of the character before it."""

    def __init__(self, length: int) -> None:
        self._ways: list[dict[int | None, tuple[float, int, int | None]]]
        self._ways = [{} for _ in range(length + 1)]
        self._ways[0][None] = (0.0, 0, None)

    def at(self, position: int) -> list[tuple[int | None, float]]:
        return [(state, way[0]) for state, way in self._ways[position].items()]

    def offer(self, to: int, state: int, score: float, came: int, before: int | None) -> None:
        known = self._ways[to].get(state)
        if known is None or score > known[0]:
            self._ways[to][state] = (score, came, before)

    def spans(self) -> list[tuple[int, int, str]]:
        at = len(self._ways) - 1
        state = max(self._ways[at], key=lambda s: self._ways[at][s][0])
        spans = []
        while at > 0:
            _, came, before = self._ways[at][state]
            if state:
                spans.append((came, at, LABELS[(state - 1) // 2]))
            at, state = came, before
        return spans[::-1]


def _span(start: int, end: int, label: str, sure: np.ndarray) -> Span:
    begin = 1 + 2 * LABELS.index(label)
    certainty = min(sure[start, begin], *sure[start + 1 : end, begin + 1], 1.0)
    return Span(start, end, label, round(float(certainty), 3))


def _marginals(
    initial: np.ndarray, transition: np.ndarray, scores: Sequence[np.ndarray]
) -> np.ndarray:
    """The probability of each state at each character of N sentences, shape (N, longest, S)."""
    longest = max(len(rows) for rows in scores)
    lengths = np.array([len(rows) for rows in scores])
    odds = np.ones((len(scores), longest, len(STATES)))
    for row, values in enumerate(scores):
        odds[row, : len(values)] = np.exp(values - values.max(axis=1, keepdims=True))
    moves = np.exp(transition)
    forward = np.zeros_like(odds)
    forward[:, 0] = _normal(np.exp(initial) * odds[:, 0])
    for at in range(1, longest):
        forward[:, at] = _normal((forward[:, at - 1] @ moves) * odds[:, at])
    backward = np.ones_like(odds[:, 0])
    both = np.zeros_like(odds)
    for at in range(longest - 1, -1, -1):
        backward[lengths - 1 == at] = 1.0
        both[:, at] = _normal(forward[:, at] * backward)
        backward = _normal((backward * odds[:, at]) @ moves.T)
    return both


def _normal(values: np.ndarray) -> np.ndarray:
    normal: np.ndarray = values / np.maximum(values.sum(axis=-1, keepdims=True), 1e-300)
    return normal


def _log(probabilities: np.ndarray) -> np.ndarray:
    logs: np.ndarray = np.log(np.maximum(probabilities, 1e-30))
    return logs


def _rounded(probabilities: np.ndarray) -> list[float] | list[list[float]]:
    """Five significant digits are plenty, and keep the file small."""
    digits = np.vectorize(lambda p: float(f"{p:.5g}"), otypes=[float])
    rounded: list[float] | list[list[float]] = digits(probabilities).tolist()
    return rounded


_ROW = re.compile(r"\[[-\d.,\se]+\]")
_BATCH = 128


def _on_one_line(match: re.Match[str]) -> str:
    return re.sub(r"\s+", " ", match[0]).replace("[ ", "[").replace(" ]", "]")
