"""What reading promises for any bytes: a plan whose parts agree, or an error with a code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from workplan.batch.chain import Draft, finish, label_by_length, prepare
from workplan.batch.shards import pack
from workplan.errors import FileError
from workplan.read.fault import CODES
from workplan.tag.labeller import Labeller
from workplan.types import Plan, Span

LABELLED = 100_000
"""Characters of an input that are labelled, at most; reading and assembling take all of it."""


def outcome(path: Path, labeller: Labeller | None = None) -> str:
    """ "plan", or the code of the FileError that reading `path` raises.

    With a labeller the plan goes down the whole road, LABELLED characters of it labelled. Raises
    AssertionError where a promise is broken; every other error is a crash.
    """
    try:
        draft = prepare(path)
    except FileError as error:
        check_refusal(error, path)
        return error.code
    check_plan(draft.plan)
    check_sentences(draft)
    spans: list[list[Span]] = [[] for _ in draft.sentences]
    if labeller:
        views = list(_head(draft.views))
        spans[: len(views)] = label_by_length(views, labeller)
    pack(str(path), finish(draft, spans, "fuzz"))
    return "plan"


def _head(views: Sequence[str]) -> Iterator[str]:
    """The first sentences: labelling takes time in step with the text, up to two million signs."""
    total = 0
    for view in views:
        total += len(view)
        if total > LABELLED:
            return
        yield view


def check_refusal(error: FileError, path: Path) -> None:
    """The error says where it is and what to do."""
    assert error.code in CODES, error.code
    assert error.where == str(path)
    assert error.remedy


def check_plan(plan: Plan) -> None:
    """Offsets lead to the same characters in the source; the view fits the text."""
    assert plan.text.strip()
    assert len(plan.view) == len(plan.text) == len(plan.origin)
    assert plan.origin.dtype == np.int32
    assert (np.diff(plan.origin) > 0).all()
    assert plan.origin[0] >= 0
    assert plan.origin[-1] < len(plan.source)
    kept = "".join([plan.source[place] for place in plan.origin])
    assert all(ours in (theirs, "\n") for ours, theirs in zip(plan.text, kept, strict=True))
    assert all(0 <= start < end <= len(plan.source) for start, end, _ in plan.removed)
    assert all(0 <= row <= plan.text.count("\n") for row in plan.rows)


def check_sentences(draft: Draft) -> None:
    """Sentences stand in order, do not overlap, and no character is in none."""
    text, at = draft.plan.text, 0
    for sentence in draft.sentences:
        assert sentence.text == text[sentence.start : sentence.end] != ""
        assert len(sentence.view) == len(sentence.text)
        assert not text[at : sentence.start].strip()
        assert sentence.start >= at
        at = sentence.end
    assert not text[at:].strip()
