"""A pipeline whose labels are known beforehand."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from spacy.language import Language

import workplan
from workplan.types import Span


class PatternLabeller:
    """Finds what its patterns match; counts how often it was called."""

    name = "patterns"
    patterns = {
        "QUANTITY": r"\d+(?:\.\d+)?[%所个]",
        "ORG": r"[甲乙]县(?:教育局)?",
        "ACTION": r"新建|改造|提高",
        "METRIC": r"幼儿园|覆盖率",
    }

    def __init__(self) -> None:
        self.calls: list[Sequence[str]] = []

    def label(self, views: Sequence[str]) -> list[list[Span]]:
        self.calls.append(views)
        return [
            sorted(
                Span(found.start(), found.end(), label, 0.75)
                for label, pattern in self.patterns.items()
                for found in re.finditer(pattern, view)
            )
            for view in views
        ]


@pytest.fixture(scope="session")
def shipped() -> Language:
    """The pipeline as it comes; tests that label take `nlp` instead."""
    return workplan.load("rules")


@pytest.fixture
def nlp(shipped: Language) -> Language:
    """The shipped pipeline with a PatternLabeller in place of the rules."""
    shipped.get_pipe("workplan_labels").labeller = PatternLabeller()  # type: ignore[attr-defined]
    return shipped
