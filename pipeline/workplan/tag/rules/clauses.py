"""Clauses: the words between commas and stronger marks, with names closed into one noun each."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workplan.tag.rules import dates, numbers  # noqa: F401  (their votes are read here)
from workplan.tag.rules.actors import sure_bodies
from workplan.tag.rules.function import found
from workplan.tag.rules.reading import Reading
from workplan.tag.rules.words import Word


def read_clauses(reading: Reading) -> Iterator[list[Word]]:
    """The clauses of a sentence, each a list of words without blanks and closing marks.

    Bodies, 《titles》, short “names”, quantities and dates come as one word each.
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


_EVERY = re.compile(
    r"每(?:半年|[一两三]?年|个?月|周|日|天|季度?|学期|学年|旬)(?:末|底)?(?![一-龥]?[\d均])"
)
_BOUNDARY = frozenset("，。；：！？,;:!?…—\n（）()【】[]")
_LONGEST_NAME = 16


def _close_names(reading: Reading) -> Iterator[Word]:
    names = sorted(
        [(start, end, "nz") for start, end in reading.titled]
        + [(s, e, "nz") for s, e in reading.quoted if e - s <= _LONGEST_NAME]
        + [(start, end, "ORG") for start, end in sure_bodies(reading)]
        + [(start, end, "m") for start, end in found(reading, "QUANTITY")]
        + [(start, end, "TIME") for start, end in found(reading, "DEADLINE")]
        + [(*match.span(), "TIME") for match in _EVERY.finditer(reading.text)]
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
