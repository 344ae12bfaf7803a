"""What the labelling functions read: one sentence, its words, its quotations, its brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from workplan.tag.rules.words import Word, read_words

if TYPE_CHECKING:
    from workplan.tag.rules.names import Name
    from workplan.tag.rules.parts import Verb


@dataclass
class Reading:
    """One sentence as labelling functions see it; each view of it is computed once."""

    text: str
    found: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """What functions, and all functions of a label, have found so far, by name."""
    names: list[Name] | None = None
    """What names.read_names has read, once it has."""
    verbs: list[Verb] | None = None
    """What parts.read_verbs has read, once it has."""

    @cached_property
    def words(self) -> list[Word]:
        """The words of the sentence with their parts of speech; they cover it without gaps."""
        return read_words(self.text) if self.text else []

    @cached_property
    def edges(self) -> frozenset[int]:
        """The offsets at which words begin or end."""
        return frozenset(word.start for word in self.words) | {len(self.text)}

    @cached_property
    def titled(self) -> list[tuple[int, int]]:
        """Stretches inside 《…》, marks included: names of documents."""
        return [match.span() for match in _TITLE.finditer(self.text)]

    @cached_property
    def quoted(self) -> list[tuple[int, int]]:
        """Stretches inside “…”, marks included: slogans, names, terms."""
        return [match.span() for match in _QUOTE.finditer(self.text)]

    def inside(self, stretches: list[tuple[int, int]], start: int, end: int) -> bool:
        """Whether one of `stretches` holds all of [start, end)."""
        return any(left <= start and end <= right for left, right in stretches)


_TITLE = re.compile(r"《[^》]*(?:》|$)")
_QUOTE = re.compile(r"“[^”]*(?:”|$)")
