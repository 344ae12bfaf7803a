"""Weak supervision: named labelling functions for the five labels, and their vote."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from workplan.types import Span

LONGEST = 1000
"""Longer texts are labelled piece by piece: no sentence is as long, but a damaged file may be."""


class RulesLabeller:
    """The rules as a labeller. `vote` is "hmm" (trained weights) or "majority" (none)."""

    name = "rules"

    def __init__(self, vote: str = "hmm") -> None:
        from workplan import resources
        from workplan.tag.rules.vote import HiddenMarkovVote, MajorityVote, Model

        load_functions()
        self._vote: HiddenMarkovVote | MajorityVote = MajorityVote()
        if vote == "hmm":
            self._vote = HiddenMarkovVote(Model.load(resources.model("rules") / "vote.json"))

    def label(self, views: Sequence[str]) -> list[list[Span]]:
        """The spans of each sentence; views are in simplified script and half-width forms."""
        return [
            [
                replace(span, start=span.start + at, end=span.end + at)
                for at, piece in _pieces(view)
                for span in self._vote.combine([piece])[0]
            ]
            for view in views
        ]


def load_functions() -> None:
    """Import the modules in which the labelling functions are defined."""
    from workplan.tag.rules import (  # noqa: F401
        actors,
        bodies,
        dates,
        indicators,
        later_verbs,
        no_tasks,
        numbers,
        verbs,
    )


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """Where each piece of `text` begins, and the piece; cut behind marks where there are any."""
    start = 0
    while len(text) - start > LONGEST:
        end = max(text.rfind(mark, start, start + LONGEST) for mark in "。；！？，\n") + 1
        end = end if end > start else start + LONGEST
        yield start, text[start:end]
        start = end
    yield start, text[start:]
