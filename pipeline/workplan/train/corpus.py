"""The annotated corpus: its one JSONL format, read with every line checked.

A line is one sentence::

    {"id": "edu-county-2023-qinghe-007", "plan": "edu-county-2023-qinghe", "text": "…",
     "spans": [[0, 2, "ACTION"], …], "targets": [{"metric": …}, …], "section": ["一、…"],
     "heading": false}

`spans` are sorted, flat and within the text; offsets are code points, end exclusive. `weight`
(0 to 1, default 1) and `confidences` (one a span) belong to weak labels; other keys are kept.
Plans, never sentences, are split into train, dev and test.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workplan.errors import UserError
from workplan.types import LABELS, Span

if TYPE_CHECKING:
    from datasets import Dataset

SPLITS = ("train", "dev", "test")


@dataclass(frozen=True, slots=True)
class Example:
    """One annotated sentence. `weight` scales its loss; 1 for what a person labelled."""

    id: str
    text: str
    spans: tuple[Span, ...]
    targets: tuple[dict[str, Any], ...] = ()
    plan: str = ""
    weight: float = 1.0
    extra: dict[str, Any] = field(default_factory=dict)


def read_corpus(path: Path | str) -> list[Example]:
    """All sentences of one JSONL file.

    Raises UserError with file, line and remedy for the first line that breaks the format, a
    repeated id included.
    """
    seen: set[str] = set()
    examples = []
    for number, line in _lines(Path(path)):
        example = parse_line(line, where=f"{path}:{number}")
        if example.id in seen:
            raise UserError(
                f"the id {example.id!r} stands on two lines",
                where=f"{path}:{number}",
                remedy="give every sentence an id of its own",
            )
        seen.add(example.id)
        examples.append(example)
    return examples


def read_corpora(paths: Iterable[Path | str]) -> list[Example]:
    """The sentences of several files, in order."""
    return [example for path in paths for example in read_corpus(path)]


def parse_line(line: str, *, where: str) -> Example:
    """Check and read one line. Raises UserError that names `where` and a remedy."""
    try:
        row = json.loads(line)
    except json.JSONDecodeError as error:
        raise UserError(
            f"not a JSON object: {error.msg} at column {error.colno}",
            where=where,
            remedy="mend the line or delete it; one sentence is one line",
        ) from error
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or "id" not in row:
        raise UserError(
            'a line needs "id" and "text"', where=where, remedy='{"id": "…", "text": "…"}'
        )
    text = row["text"]
    confidences = row.get("confidences") or [1.0] * len(row.get("spans") or ())
    spans = [
        _span(raw, text, confidence, where)
        for raw, confidence in zip(row.get("spans") or (), confidences, strict=False)
    ]
    spans.sort()
    for left, right in zip(spans, spans[1:], strict=False):
        if right.start < left.end:
            raise UserError(
                f"spans overlap: {text[left.start : left.end]!r} [{left.start}, {left.end}] and "
                f"{text[right.start : right.end]!r} [{right.start}, {right.end}]",
                where=where,
                remedy="keep one of them; DEADLINE, QUANTITY, ORG, METRIC, ACTION win in this "
                "order",
            )
    known = {"id", "text", "spans", "targets", "plan", "weight", "confidences"}
    return Example(
        id=str(row["id"]),
        text=text,
        spans=tuple(spans),
        targets=tuple(row.get("targets") or ()),
        plan=str(row.get("plan") or str(row["id"]).rsplit("-", 1)[0]),
        weight=float(row.get("weight", 1.0)),
        extra={key: value for key, value in row.items() if key not in known},
    )


def write_corpus(path: Path, examples: Iterable[Example]) -> None:
    """Write sentences in the corpus format; `read_corpus` gives them back equal."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for example in examples:
            file.write(json.dumps(as_row(example), ensure_ascii=False) + "\n")


def as_row(example: Example) -> dict[str, Any]:
    """The JSON object of one line."""
    row: dict[str, Any] = {
        "id": example.id,
        "plan": example.plan,
        "text": example.text,
        "spans": [[span.start, span.end, span.label] for span in example.spans],
        "targets": list(example.targets),
    }
    if example.weight != 1.0:
        row["weight"] = example.weight
    if any(span.confidence != 1.0 for span in example.spans):
        row["confidences"] = [round(span.confidence, 4) for span in example.spans]
    return row | example.extra


def as_dataset(examples: Sequence[Example]) -> Dataset:
    """The sentences as a `datasets.Dataset` with columns id, plan, text, spans and weight."""
    from datasets import Dataset

    return Dataset.from_list(
        [
            {
                "id": example.id,
                "plan": example.plan,
                "text": example.text,
                "spans": [
                    {"start": s.start, "end": s.end, "label": s.label, "confidence": s.confidence}
                    for s in example.spans
                ],
                "weight": example.weight,
            }
            for example in examples
        ]
    )


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        with path.open(encoding="utf-8", newline="\n") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, line
    except FileNotFoundError as error:
        raise UserError(
            "no such corpus file (找不到语料文件)",
            where=str(path),
            remedy="see annotations/README.md for the files and their format",
        ) from error
    except UnicodeDecodeError as error:
        raise UserError(
            "the corpus is not UTF-8", where=str(path), remedy="save the file as UTF-8"
        ) from error


def _span(raw: Any, text: str, confidence: float, where: str) -> Span:
    try:
        start, end, label = raw
        start, end = int(start), int(end)
    except (TypeError, ValueError) as error:
        raise UserError(
            f"a span is [start, end, label], not {raw!r}", where=where, remedy="mend the span"
        ) from error
    if label not in LABELS:
        raise UserError(
            f"unknown label {label!r}",
            where=where,
            remedy=f"configs/labels.yaml has {', '.join(LABELS)}",
        )
    if not 0 <= start < end <= len(text):
        raise UserError(
            f"the span [{start}, {end}] lies off the text of {len(text)} characters",
            where=where,
            remedy="offsets count code points from 0, end exclusive",
        )
    return Span(start, end, label, float(confidence))
