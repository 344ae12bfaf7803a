"""What every labeller of the road is: something that turns sentences into spans."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

from workplan import resources
from workplan.errors import UserError
from workplan.types import LABELS, Span


class Labeller(Protocol):
    """Finds the spans of sentences. `name` is what `--labeller` calls it."""

    name: str

    def label(self, views: Sequence[str]) -> list[list[Span]]:
        """Label sentences given as views (simplified script, half-width forms).

        Returns one list a sentence: spans sorted by start, none overlapping another.
        """
        ...


def get_labeller(name: str | None = None) -> Labeller:
    """The labeller called `name`: "rules", "tagger", "full", "fast" or a trained model's
    folder.

    None is the shipped tagger, and the rules where there is none. Raises UserError for a name
    that no labeller has.
    """
    folder = find_model(name)
    if folder is None:
        from workplan.tag.rules import RulesLabeller

        return RulesLabeller()
    from workplan.tag.tagger.labeller import Tagger

    # Each of several worker processes is told its share of the cores.
    threads = int(os.environ.get("WORKPLAN_THREADS", "0"))
    return Tagger(folder, name=name or "tagger", threads=threads)


def find_model(name: str | None) -> Path | None:
    """The folder of the model that `name` stands for, as in get_labeller; None for the rules."""
    if name is None and not _is_model(resources.model("tagger")):
        return None
    name = name or "tagger"
    if name == "rules":
        return None
    folder = resources.model(name) if name in SHIPPED else Path(name)
    if not _is_model(folder):
        raise UserError(
            f"there is no labeller {name!r} (没有这个标注器)",
            where="--labeller",
            remedy="use rules, tagger, full, fast or a trained model's folder; rules always works",
        )
    return folder


SHIPPED = ("tagger", "full", "fast")
"""The models that may be shipped, each a folder of models/: the default, its teacher of more layers
and a student of fewer."""


def resolve(spans: Iterable[Span]) -> list[Span]:
    """Keep one span where several overlap: the more confident, then by the order of LABELS.

    At equal confidence and label the longer span wins. Returns spans sorted by start.
    """
    kept: list[Span] = []
    for span in sorted(spans, key=_precedence):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return sorted(kept)


def _precedence(span: Span) -> tuple[float, int, int, int]:
    return (-span.confidence, LABELS.index(span.label), span.start - span.end, span.start)


def _is_model(folder: Path) -> bool:
    return (folder / "card.json").is_file()
