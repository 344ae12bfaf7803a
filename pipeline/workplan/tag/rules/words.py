"""The words of a sentence with their parts of speech: the best path through a lexicon.

Rules need to know a verb from a verbal noun. configs/lexicons/words.txt counts how often each
word carried each part of speech in tagged official text, models/rules/tags.json how often one
part of speech followed another; a Viterbi search finds the likeliest words and tags at once.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import cache

from workplan import resources


@dataclass(frozen=True, slots=True)
class Word:
    """`text[start:end]` with its part of speech (v verb, vn verbal noun, n noun, p preposition,
    d adverb, ad/vd adverbial adjective/verb, c conjunction, u particle, w punctuation, …)."""

    start: int
    end: int
    text: str
    tag: str


def read_words(text: str) -> list[Word]:
    """Cut `text` into words; together they cover it without gaps."""
    lexicon = _lexicon()
    following = lexicon.following
    # states[i][tag] = (score of the best path that ends at i in a word of this tag, the word's
    # start, the tag before it)
    states: list[dict[str, tuple[float, int, str]]] = [{} for _ in range(len(text) + 1)]
    states[0][_EDGE] = (0.0, 0, "")
    for start in range(len(text)):
        here = states[start]
        if not here:
            continue
        paths = [(following[tag], state[0]) for tag, state in here.items()]
        names = list(here)
        for end, readings in _candidates(text, start, lexicon):
            there = states[end]
            for tag, emission in readings:
                best, before = -math.inf, 0
                for index, (row, score) in enumerate(paths):
                    total = score + row[tag]
                    if total > best:
                        best, before = total, index
                best += emission
                known = there.get(tag)
                if known is None or best > known[0]:
                    there[tag] = (best, start, names[before])
    return _walk_back(text, states)


def is_known(word: Word) -> bool:
    """Whether the lexicon has the word, and it is longer than a character that fell out of one."""
    return len(word.text) > 1 and word.text in _lexicon().readings


_EDGE = "edge"
# Figures, Latin words and punctuation are told by their form, not by the lexicon.
_FORM = re.compile(
    r"""
      (?P<m> \d+ (?: [.,．]\d+ )* [%％‰]? )
    | (?P<nz> [A-Za-z]+ )
    | (?P<w> [^\w\s] | \s+ )
    """,
    re.VERBOSE,
)
_FORM_READINGS = {kind: ((kind, -6.0),) for kind in ("m", "nz", "w")}
# A verb of configs/lexicons/verbs.txt that was never counted as one: its log share as a verb.
_VERB_SHARE = math.log(0.15)
_UNKNOWN = (("n", -16.0), ("nz", -14.0))

Readings = tuple[tuple[str, float], ...]


@dataclass(frozen=True)
class _Lexicon:
    """`readings[word]`: its tags with log P(word | tag); `lengths[character]`: how long words
    are that start with it; `following[a][b]`: log P(tag b | tag a before it)."""

    readings: dict[str, Readings]
    lengths: dict[str, tuple[int, ...]]
    following: dict[str, dict[str, float]]


@cache
def _lexicon() -> _Lexicon:
    table = json.loads((resources.model("rules") / "tags.json").read_text(encoding="utf-8"))
    totals: dict[str, int] = table["totals"]
    following = {
        before: _log_shares({tag: counts.get(tag, 0) + 1 for tag in totals})
        for before, counts in table["following"].items()
    }
    readings = {}
    lengths: dict[str, set[int]] = {}
    for line in resources.read_lexicon("words"):
        word, *fields = line.split()
        counts = (field.split(":") for field in fields)
        readings[word] = tuple((tag, math.log(int(n) / totals[tag])) for tag, n in counts)
        lengths.setdefault(word[0], set()).add(len(word))
    for verb in resources.read_lexicon("verbs"):
        known = dict(readings.get(verb, ()))
        if "v" not in known:
            log_count = max(
                (score + math.log(totals[tag]) for tag, score in known.items()), default=3
            )
            known["v"] = log_count + _VERB_SHARE - math.log(totals["v"])
            readings[verb] = tuple(known.items())
            lengths.setdefault(verb[0], set()).add(len(verb))
    return _Lexicon(readings, {c: tuple(sorted(n)) for c, n in lengths.items()}, following)


def _log_shares(counts: dict[str, int]) -> dict[str, float]:
    total = sum(counts.values())
    return {tag: math.log(count / total) for tag, count in counts.items()}


def _candidates(text: str, start: int, lexicon: _Lexicon) -> list[tuple[int, Readings]]:
    """The words that may start at `start`, as (end, readings)."""
    character = text[start]
    found = []
    for length in lexicon.lengths.get(character, ()):
        readings = lexicon.readings.get(text[start : start + length])
        if readings is not None and start + length <= len(text):
            found.append((start + length, readings))
    if not found or found[0][0] > start + 1:
        form = _FORM.match(text, start)
        if form is not None and form.lastgroup is not None:
            found.append((form.end(), _FORM_READINGS[form.lastgroup]))
        else:
            found.append((start + 1, _UNKNOWN))
    return found


def _walk_back(text: str, states: list[dict[str, tuple[float, int, str]]]) -> list[Word]:
    words: list[Word] = []
    end = len(text)
    tag = max(states[end], key=lambda name: states[end][name][0])
    while end > 0:
        _, start, before = states[end][tag]
        words.append(Word(start, end, text[start:end], tag))
        end, tag = start, before
    return words[::-1]
