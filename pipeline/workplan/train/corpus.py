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
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workplan.errors import UserError
from workplan.types import LABELS, Span

if TYPE_CHECKING:
    from datasets import Dataset

SPLITS = ("train", "dev", "test")
SURROGATE = re.compile("[\ud800-\udfff]")


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
    if not isinstance(row, dict) or not _is_text(row.get("text")) or row.get("id") is None:
        raise UserError(
            'a line needs "id" and "text"', where=where, remedy='{"id": "…", "text": "…"}'
        )
    text = row["text"]
    raw = _list(row, "spans", where)
    confidences = _list(row, "confidences", where) or [1.0] * len(raw)
    if len(confidences) != len(raw):
        raise UserError(
            f"{len(raw)} spans have {len(confidences)} confidences",
            where=where,
            remedy="give every span one, or none at all",
        )
    spans = [
        _span(one, text, _share(confidence, "confidences", where), where)
        for one, confidence in zip(raw, confidences, strict=True)
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
        targets=tuple(_list(row, "targets", where)),
        plan=str(row.get("plan") or str(row["id"]).rsplit("-", 1)[0]),
        weight=_share(row.get("weight", 1.0), "weight", where),
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
    """The lines that are not blank, with their numbers; a byte order mark is passed over."""
    number = 0
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                if text.strip():
                    yield number, text
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise UserError(
            "no such corpus file (找不到语料文件)",
            where=str(path),
            remedy="see annotations/README.md for the files and their format",
        ) from error
    except UnicodeDecodeError as error:
        raise UserError(
            "the corpus is not UTF-8", where=f"{path}:{number}", remedy="save the file as UTF-8"
        ) from error


def _is_text(value: Any) -> bool:
    """Whether it is a string of at least one character, none half of a surrogate pair."""
    return isinstance(value, str) and bool(value) and not SURROGATE.search(value)


def _list(row: dict[str, Any], key: str, where: str) -> list[Any]:
    """The list under `key`, empty where there is none."""
    value = row.get(key)
    if value is not None and not isinstance(value, list):
        raise UserError(f"{key!r} is {value!r}, no list", where=where, remedy=f'"{key}": […]')
    return value or []


def _share(value: Any, key: str, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        raise UserError(
            f"{key!r} holds {value!r}, no number from 0 to 1", where=where, remedy="mend it"
        )
    return float(value)


def _span(raw: Any, text: str, confidence: float, where: str) -> Span:
    try:
        start, end, label = raw
        if type(start) is not int or type(end) is not int:
            raise TypeError
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
    return Span(start, end, label, confidence)
