"""Sentences as rows of Doccano's uploads and downloads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workplan.annotate.client import Doccano, Row
from workplan.annotate.journal import Sent
from workplan.annotate.offsets import to_units
from workplan.annotate.settings import Settings

KEY = "key"
"""The metadata field that holds a sentence's id."""


def as_row(sentence: Sent, settings: Settings) -> Row:
    """A sentence as Doccano imports it; metadata under names that annotators read."""
    sure = min((span.confidence for span in sentence.spans), default=None)
    return {
        "text": sentence.text,
        "label": drawn(sentence, settings),
        KEY: sentence.id,
        "计划": sentence.plan,
        "章节": " › ".join(sentence.section),
        "置信度": "无预标注" if sure is None else f"{sure:.2f}",
        "选取": sentence.chosen,
    }


def drawn(sentence: Sent, settings: Settings) -> list[list[Any]]:
    """The predicted spans of a sentence as Doccano holds them: start and end in UTF-16 units,
    name of the type."""
    units = to_units(sentence.text, sentence.spans)
    return [[start, end, settings.name_of(label)] for start, end, label in units]


def own_rows(doccano: Doccano, number: int) -> list[Row]:
    """All rows as the user of the session sees them."""
    files = doccano.download(number)
    return files.get(doccano.user) or files.get("all") or []


def by_key(rows: Sequence[Row]) -> dict[str, Row]:
    """Rows by the id of their sentence; rows of others are left out."""
    return {row[KEY]: row for row in rows if row.get(KEY)}
