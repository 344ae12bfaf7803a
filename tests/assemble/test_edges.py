"""The examples in the docstrings of the rules that mend metrics hold."""

from __future__ import annotations

import inspect
import re

import pytest

from workplan.assemble.edges import RULES, Rule, mended
from workplan.types import Span


def examples() -> list[tuple[Rule, str, str | None]]:
    """Rule, marked sentence with the metric meant, and what becomes of it; None: it stays."""
    found: list[tuple[Rule, str, str | None]] = []
    for rule in RULES:
        doc = inspect.getdoc(rule) or ""
        found += [(rule, *line) for line in re.findall(r"^\+ (.+) → (.+)$", doc, re.M)]
        found += [(rule, line, None) for line in re.findall(r"^- (.+)$", doc, re.M)]
    return found


def read(line: str, marks) -> tuple[str, list[Span], Span]:
    before = line[: line.index("{M!")]
    marked = marks(line.replace("{M!", "{M"))
    return marked.text, marked.spans, marked.spans[len(re.findall(r"\{[OMQDA]\|", before))]


@pytest.mark.parametrize(("rule", "line", "wanted"), examples())
def test_example(marks, rule: Rule, line: str, wanted: str | None) -> None:
    text, spans, meant = read(line, marks)
    place = rule(text, spans, spans.index(meant))
    words = None if place is None else text[slice(*place)] or "—"
    assert words == wanted


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_has_an_example_and_a_counter_example(rule: Rule) -> None:
    assert {wanted is None for named, _, wanted in examples() if named is rule} == {True, False}


@pytest.mark.parametrize(("rule", "line", "wanted"), examples())
def test_mended_spans_stay_apart_and_in_order(
    marks, rule: Rule, line: str, wanted: str | None
) -> None:
    text, spans, _ = read(line, marks)
    found = mended(text, spans)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))
    assert mended(text, found) == found
    others = [span for span in spans if span.label != "METRIC"]
    assert [span for span in found if span.label != "METRIC"] == others
