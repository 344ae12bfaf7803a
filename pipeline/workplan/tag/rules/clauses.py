"""Clauses: the words between commas and stronger marks, with names closed into one noun each."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from workplan import resources
from workplan.tag.rules.bodies import sure_bodies
from workplan.tag.rules.reading import Reading
from workplan.tag.rules.words import Word


def read_clauses(reading: Reading) -> Iterator[list[Word]]:
    """The clauses of a sentence, each a list of words without blanks and closing marks.

    Bodies, 《titles》 and short “names” come as one noun each.
    """
    clause: list[Word] = []
    for word in _close_names(reading):
        if word.text in _BOUNDARY:
            if clause:
                yield clause
            clause = []
        elif not word.text.isspace():
            clause.append(word)
    if clause:
        yield clause


@cache
def lexicon(name: str) -> frozenset[str]:
    """The entries of configs/lexicons/<name>.txt as a set."""
    return frozenset(resources.read_lexicon(name))


_BOUNDARY = frozenset("，。；：！？,;:!?…—\n（）()【】[]")
_LONGEST_NAME = 16


def _close_names(reading: Reading) -> Iterator[Word]:
    names = sorted(
        [(start, end, "nz") for start, end in reading.titled]
        + [(s, e, "nz") for s, e in reading.quoted if e - s <= _LONGEST_NAME]
        + [(start, end, "ORG") for start, end in sure_bodies(reading)]
    )
    closed = 0
    for word in reading.words:
        while names and (names[0][0] < closed or names[0][1] <= word.start):
            names.pop(0)
        if word.start < closed:
            continue
        if names and names[0][0] <= word.start:
            start, closed, tag = names.pop(0)
            yield Word(start, closed, reading.text[start:closed], tag)
        else:
            yield word
