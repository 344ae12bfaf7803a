"""Task tables and spans of whole plans made by hand: annotations/tables, with their plans.

NAME.jsonl is the table of samples/NAME.*, spans/NAME.jsonl its spans in the corpus' format, one
paragraph of the clean text a line. The README of annotations/ describes a line of a table.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workplan.errors import UserError
from workplan.train.corpus import read_corpus
from workplan.types import Actor, Due, Kind, Sentence, Span, Target


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a hand table. `start` and `end` are the clause in the plan's clean text.

    `verb` is empty for a row of bare figures, which stands at its first figure. A target without
    a due date of its own has the row's. `doubt` says why a clerk may leave the row out.
    """

    start: int
    end: int
    text: str
    verb: str
    verb_start: int
    verb_end: int
    kind: Kind
    due: Due | None = None
    orgs: tuple[Actor, ...] = ()
    targets: tuple[Target, ...] = ()
    doubt: str | None = None


def table_paths(annotations: Path) -> list[Path]:
    """The hand tables in annotations/, in the order of their names."""
    return sorted((annotations / "tables").glob("*.jsonl"))


def plan_of(table: Path) -> Path:
    """The sample plan that a hand table is of. Raises UserError unless there is just one."""
    found = sorted((table.parent.parent / "samples").glob(f"{table.stem}.*"))
    if len(found) != 1:
        raise UserError(
            f"there are {len(found)} plans of this name in samples/ (样例计划不唯一)",
            where=str(table),
            remedy="name the table like its plan",
        )
    return found[0]


def read_table(path: Path, text: str) -> list[Row]:
    """The rows of a hand table, checked against their plan's clean text.

    Raises UserError with file and line where the words are not at their offsets.
    """
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        row = _row(json.loads(line))
        verb = text[row.verb_start : row.verb_end]
        if text[row.start : row.end] != row.text or verb != row.verb:
            raise _moved(f"{path}:{number}", row.text)
        rows.append(row)
    return rows


def read_spans(path: Path, text: str) -> list[Span]:
    """The spans that a plan was given by hand, counted in its clean text.

    Raises UserError where a line is not the paragraph of that number.
    """
    spans: list[Span] = []
    offset = 0
    examples = read_corpus(path)
    for number, paragraph in enumerate(text.split("\n")):
        if number >= len(examples) or examples[number].text != paragraph:
            raise _moved(f"{path}:{number + 1}", paragraph[:30])
        for span in examples[number].spans:
            spans.append(Span(offset + span.start, offset + span.end, span.label))
        offset += len(paragraph) + 1
    return spans


def spans_of(sentence: Sentence, spans: Sequence[Span]) -> list[Span]:
    """A plan's spans that lie in one of its sentences, counted in the sentence."""
    return [
        Span(span.start - sentence.start, span.end - sentence.start, span.label)
        for span in spans
        if sentence.start <= span.start and span.end <= sentence.end
    ]


def _moved(where: str, words: str) -> UserError:
    return UserError(
        f"{words!r} does not stand here in the plan's clean text (与计划正文不符)",
        where=where,
        remedy="the reader or the plan has changed: give the line its new words and offsets",
    )


def _row(record: dict[str, Any]) -> Row:
    action = record["action"]
    return Row(
        start=record["start"],
        end=record["end"],
        text=record["text"],
        verb=action["text"],
        verb_start=action["start"],
        verb_end=action["end"],
        kind=record["kind"],
        due=_due(record["due"]),
        orgs=tuple(Actor(o["text"], o["canonical"], o["role"]) for o in record["orgs"]),
        targets=tuple(_target(target) for target in record["targets"]),
        doubt=record.get("doubt"),
    )


def _target(record: dict[str, Any]) -> Target:
    value = record["value"]
    return Target(
        metric=record["metric"],
        comparator=record["comparator"],
        value=(value[0], value[1]) if isinstance(value, list) else value,
        unit=record["unit"],
        quantity=record["quantity"],
        due=_due(record.get("due")),
    )


def _due(record: dict[str, Any] | None) -> Due | None:
    return None if record is None else Due(record["from"], record["to"], record.get("rule"))
