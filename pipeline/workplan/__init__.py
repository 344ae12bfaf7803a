"""Workplan reads Chinese government work plans into task tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from spacy.language import Language

__version__ = "0.1.0"


def load(labeller: str | None = None) -> Language:
    """A spaCy pipeline that labels work plans and finds their tasks.

    `doc.ents` holds the labels, `doc._.tasks` the tasks, `doc._.year` the plan's year, `doc.sents`
    the sentences, and `span._.section` the headings above. `labeller` is "rules", "tagger",
    "full" or "fast"; None takes the shipped tagger, or the rules where there is none.
    """
    from workplan.spacy_pipeline import load as load_pipeline

    return load_pipeline(labeller)
