"""Combining the votes of all labelling functions into one labelling.

A hidden Markov model over the BIO states of characters weighs the functions by what they tend to
say in each state. It is skweak's model, trained by `workplan rules fit`, exported as JSON and
decoded here in numpy; a plain majority is the fallback.
"""

from __future__ import annotations

import json
import math
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
    sentence is no witness there. `temperature` divides scores where confidences are computed:
    functions that agree are not independent, and without it every span would look certain.
    """

    initial: np.ndarray
    transition: np.ndarray
    emission: dict[str, np.ndarray]
    temperature: float = 1.0

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
        initial, transition = np.array(table["initial"]), np.array(table["transition"])
        return cls(initial, transition, emission, float(table["temperature"]))

    def save(self, path: Path, note: str) -> None:
        """Write the model as JSON, a row a line; `note` says what it was trained on."""
        table = {
            "note": note,
            "states": STATES,
            "temperature": self.temperature,
            "initial": _rounded(self.initial),
            "transition": _rounded(self.transition),
            "emission": {name: _rounded(rows) for name, rows in self.emission.items()},
        }
        text = json.dumps(table, ensure_ascii=False, indent=1)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_ROW.sub(_on_one_line, text) + "\n", encoding="utf-8")


class HiddenMarkovVote:
    """The likeliest sequence of states in which every span is a stretch that some function
    proposed; a span's confidence is its probability among all such sequences."""

    def __init__(self, model: Model) -> None:
        self._initial = _log(model.initial).tolist()
        self._transition = _log(model.transition).tolist()
        self._emission = {name: _log(rows) for name, rows in model.emission.items()}
        self._temperature = model.temperature

    def combine(self, texts: Sequence[str]) -> list[list[Span]]:
        """The spans of each text, sorted, none overlapping another."""
        return [self.decode(Ballot.cast(text)) for text in texts]

    def decode(self, ballot: Ballot) -> list[Span]:
        """The spans of one sentence, given what the functions say of it."""
        if not ballot.proposals:
            return []
        scores = self._scores(ballot)
        lattice = Lattice(ballot.length, self._temperature)
        outside = scores[:, 0].tolist()
        for at in range(ballot.length):
            for state in lattice.states(at):
                opening = self._initial if state is None else self._transition[state]
                lattice.add(at, state, at + 1, 0, opening[0] + outside[at])
                for end, label in ballot.proposals.get(at, ()):
                    begin, on, inner = self._stretch(scores, at, end, label)
                    last = on if end > at + 1 else begin
                    lattice.add(at, state, end, last, opening[begin] + inner)
        return [
            Span(start, end, LABELS[(state - 1) // 2], max(round(sure, 3), 0.001))
            for start, end, state, sure in lattice.best()
            if state
        ]

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

    def _stretch(
        self, scores: np.ndarray, start: int, end: int, label: int
    ) -> tuple[int, int, float]:
        """A label's two states and the score of its span, the move into it left out."""
        begin, on = 1 + 2 * label, 2 + 2 * label
        inner = float(scores[start, begin])
        if end > start + 1:
            inner += float(scores[start + 1 : end, on].sum()) + self._transition[begin][on]
            inner += self._transition[on][on] * (end - start - 2)
        return begin, on, inner


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


class Lattice:
    """Ways through a sentence of `length` characters, from state to state.

    Edges are added from left to right; scores are natural logs. The state before the first
    character is None. Probabilities are those of scores divided by `temperature`.
    """

    def __init__(self, length: int, temperature: float = 1.0) -> None:
        self._temperature = temperature
        self._edges: list[tuple[int, int | None, int, int, float]] = []
        self._sums: list[dict[int | None, float]] = [{} for _ in range(length + 1)]
        self._best: list[dict[int | None, tuple[float, int]]] = [{} for _ in range(length + 1)]
        self._sums[0][None], self._best[0][None] = 0.0, (0.0, -1)

    def states(self, position: int) -> list[int | None]:
        """The states in which some way reaches `position`."""
        return list(self._sums[position])

    def add(self, start: int, before: int | None, end: int, state: int, score: float) -> None:
        """Lead on from `before` at `start` to `state` at `end`."""
        total = self._sums[start][before] + score / self._temperature
        self._sums[end][state] = _log_add(self._sums[end].get(state, -math.inf), total)
        best = self._best[start][before][0] + score
        if best > self._best[end].get(state, (-math.inf, 0))[0]:
            self._best[end][state] = (best, len(self._edges))
        self._edges.append((start, before, end, state, score))

    def best(self) -> list[tuple[int, int, int, float]]:
        """The best way's edges as (start, end, state, probability), from left to right."""
        ahead = self._ahead()
        at = len(self._best) - 1
        state = max(self._best[at], key=lambda s: self._best[at][s][0])
        way = []
        while at > 0:
            start, before, end, state_there, score = self._edges[self._best[at][state][1]]
            log = self._sums[start][before] + score / self._temperature
            log += ahead[end][state_there] - ahead[0][None]
            way.append((start, end, state_there, math.exp(min(log, 0.0))))
            at, state = start, before
        return way[::-1]

    def _ahead(self) -> list[dict[int | None, float]]:
        """The log of the weight of all ways from each state to the sentence's end."""
        ahead: list[dict[int | None, float]] = [{} for _ in self._sums]
        ahead[-1] = dict.fromkeys(self._sums[-1], 0.0)
        for start, before, end, state, score in reversed(self._edges):
            total = score / self._temperature + ahead[end][state]
            ahead[start][before] = _log_add(ahead[start].get(before, -math.inf), total)
        return ahead


def _log_add(left: float, right: float) -> float:
    """log(exp(left) + exp(right))"""
    if left < right:
        left, right = right, left
    return left + math.log1p(math.exp(right - left)) if right > -math.inf else left


def _log(probabilities: np.ndarray) -> np.ndarray:
    logs: np.ndarray = np.log(np.maximum(probabilities, 1e-30))
    return logs


def _rounded(probabilities: np.ndarray) -> list[float] | list[list[float]]:
    """Five significant digits are plenty, and keep the file small."""
    digits = np.vectorize(lambda p: float(f"{p:.5g}"), otypes=[float])
    rounded: list[float] | list[list[float]] = digits(probabilities).tolist()
    return rounded


_ROW = re.compile(r"\[[-\d.,\se]+\]")


def _on_one_line(match: re.Match[str]) -> str:
    return re.sub(r"\s+", " ", match[0]).replace("[ ", "[").replace(" ]", "]")
