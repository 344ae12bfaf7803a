"""Weak supervision: named labelling functions for the five labels, and their vote."""

from __future__ import annotations

from collections.abc import Sequence

from workplan.types import Span


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
        return self._vote.combine(views)


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
