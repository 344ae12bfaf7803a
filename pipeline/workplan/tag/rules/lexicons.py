"""Lexicons: data files of words, as sets and as regular expressions."""

from __future__ import annotations

import re
from functools import cache

from workplan import resources


@cache
def lexicon(name: str) -> frozenset[str]:
    """The entries of configs/lexicons/<name>.txt as a set."""
    return frozenset(resources.read_lexicon(name))


def listed(text: str) -> frozenset[str]:
    """A short list that belongs to the code, written with blanks between its words."""
    return frozenset(text.split())


def one_of(*names: str) -> str:
    """A group that matches one entry of the lexicons, the longest first."""
    entries = {entry for name in names for entry in lexicon(name)}
    return "(?:" + "|".join(map(re.escape, sorted(entries, key=lambda e: (-len(e), e)))) + ")"
