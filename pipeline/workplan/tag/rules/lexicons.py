"""Lexicons as regular expressions: the longest entry first."""

from __future__ import annotations

import re

from workplan import resources


def one_of(*names: str) -> str:
    """A group that matches one entry of the lexicons configs/lexicons/<name>.txt."""
    entries = {entry for name in names for entry in resources.read_lexicon(name)}
    return "(?:" + "|".join(map(re.escape, sorted(entries, key=lambda e: (-len(e), e)))) + ")"
