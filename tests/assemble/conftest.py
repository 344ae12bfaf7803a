"""Sentences and plans with their spans marked in the text: {A|新建}{M|幼儿园}{Q|6所}."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest

from workplan.assemble import assemble
from workplan.read import fold
from workplan.types import Metadata, Plan, Sentence, Span, Task

LETTERS = {"O": "ORG", "M": "METRIC", "Q": "QUANTITY", "D": "DEADLINE", "A": "ACTION"}


@dataclass(frozen=True)
class Marked:
    """A text with its spans; `meant` is the index of the quantity marked {Q!|…}."""

    text: str
    spans: list[Span]
    meant: int | None = None


def read_marks(marked: str) -> Marked:
    """The text without its marks, and the spans that they stood for."""
    text, spans, meant, at = "", [], None, 0
    for found in re.finditer(r"\{([OMQDA])(!?)\|([^}]*)\}", marked):
        text += marked[at : found.start()]
        if found[2]:
            meant = sum(span.label == "QUANTITY" for span in spans)
        spans.append(Span(len(text), len(text) + len(found[3]), LETTERS[found[1]], 0.9))
        text += found[3]
        at = found.end()
    return Marked(text + marked[at:], spans, meant)


def plan_of(lines: str, *, year: int | None, issuer: str | None) -> tuple[Plan, list, list]:
    """A plan of marked lines: # and ## head sections, | starts a table row, a blank line ends a
    paragraph."""
    text, sentences, spans = "", [], []
    section: list[str] = []
    paragraph = 0
    for line in lines.strip().split("\n"):
        words = line.strip()
        depth = len(words) - len(words.lstrip("#"))
        paragraph += not words or bool(depth)
        if not words:
            continue
        marked = read_marks(words.lstrip("#|").strip())
        kind = "heading" if depth else "row" if words[0] == "|" else "sentence"
        path = tuple(section[: depth - 1]) if depth else tuple(section)
        start = len(text)
        text += marked.text + "\n"
        end = start + len(marked.text)
        view = fold(marked.text)
        sentences.append(Sentence(start, end, marked.text, view, path, paragraph, kind))
        spans.append(marked.spans)
        if depth:
            section = [*path, marked.text.rstrip("。：")]
            paragraph += 1
    origin = np.arange(len(text), dtype=np.int32)
    metadata = Metadata(year=year, issuer=issuer)
    return Plan("p.txt", "0" * 64, text, text, fold(text), origin, metadata), sentences, spans


@pytest.fixture(scope="session")
def marks() -> Callable[[str], Marked]:
    return read_marks


@pytest.fixture(scope="session")
def make_plan() -> Callable[..., tuple[Plan, list[Sentence], list[list[Span]]]]:
    def make(lines: str, year: int | None = 2024, issuer: str | None = "青河县教育局"):
        return plan_of(lines, year=year, issuer=issuer)

    return make


@pytest.fixture(scope="session")
def tasks_of() -> Callable[..., list[Task]]:
    """The tasks of a plan written as marked lines."""

    def tasks(lines: str, year: int | None = 2024, issuer: str | None = "青河县教育局"):
        return assemble(*plan_of(lines, year=year, issuer=issuer))

    return tasks
