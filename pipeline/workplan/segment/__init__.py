"""Segment: from a plan's clean text to its sentences, each with its path of headings."""

from __future__ import annotations

from collections.abc import Iterator

from workplan.segment.markers import read_marker
from workplan.segment.sections import Paragraph, find_places
from workplan.segment.sentences import cut_sentences
from workplan.types import Plan, Sentence

__all__ = ["cut_sentences", "segment"]


LONGEST_ROW = 5000
"""Characters; what is longer is no row but a text in a frame, and is cut like one."""


def segment(plan: Plan) -> list[Sentence]:
    """Cut a plan into sentences, headings and table rows, in the order of its text.

    Sentences never overlap, and every character of `plan.text` that is not white space is in
    one of them. The section holds numbered headings, and headings on a line of their own, never
    the plan's title; a heading's own section is that of its parents. A numbered statement that
    is too long for a heading lends its section its number alone, and stands in it.
    """
    lines = [line for line in _lines(plan) if line[2]]
    paragraphs = [
        Paragraph(
            pieces=tuple(plan.view[start:end] for start, end in pieces),
            opening=plan.text[slice(*pieces[0])],
            marker=None if row else read_marker(plan.view[slice(*pieces[0])]),
            row=row,
        )
        for _, row, pieces in lines
    ]
    sentences: list[Sentence] = []
    places = find_places(paragraphs, plan.metadata.title)
    for (number, row, pieces), place in zip(lines, places, strict=True):
        for index, (start, end) in enumerate(pieces):
            heading = place.heading and index == 0
            sentences.append(
                Sentence(
                    start=start,
                    end=end,
                    text=plan.text[start:end],
                    view=plan.view[start:end],
                    section=place.rest if index else place.section,
                    paragraph=number,
                    kind="row" if row else "heading" if heading else "sentence",
                )
            )
    return sentences


def _lines(plan: Plan) -> Iterator[tuple[int, bool, list[tuple[int, int]]]]:
    """Every line's number, whether it is a table row, and its sentences' offsets."""
    start = 0
    for number, line in enumerate(plan.text.split("\n")):
        view = plan.view[start : start + len(line)]
        row = number in plan.rows
        words = view.strip()
        if row and len(words) <= LONGEST_ROW:
            lead = len(view) - len(view.lstrip())
            pieces = [(lead, lead + len(words))] if words else []
        else:
            pieces = cut_sentences(view)
        yield number, row, [(start + first, start + last) for first, last in pieces]
        start += len(line) + 1
