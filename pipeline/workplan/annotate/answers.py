"""What annotators answered, version by version: the append-only files of annotations/answers/."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workplan.annotate.whole import write_whole
from workplan.errors import UserError
from workplan.train.corpus import parse_line
from workplan.types import Span


@dataclass(frozen=True)
class Answer:
    """One annotator's spans for one sentence, ticked as done.

    `version` counts this annotator's answers to the sentence from 1. `shared`: the annotators of
    its project work on one set of spans, so that a later answer replaces anyone's.
    """

    id: str
    plan: str
    text: str
    spans: tuple[Span, ...]
    who: str
    when: str
    version: int = 1
    shared: bool = False
    section: tuple[str, ...] = ()
    comments: tuple[str, ...] = ()

    @property
    def slot(self) -> tuple[str, str]:
        """Which answers replace each other."""
        return (self.id, "" if self.shared else self.who)


def read_answers(corpus: Path, project: str) -> dict[tuple[str, str], Answer]:
    """The latest answer of each annotator to each sentence, by `Answer.slot`.

    Raises UserError with file and line for a broken one.
    """
    latest: dict[tuple[str, str], Answer] = {}
    for path in numbered(corpus / "answers", project):
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1):
            if line.strip():
                answer = _answer(line, f"{path}:{number}")
                latest[answer.slot] = answer
    return latest


def write_answers(corpus: Path, project: str, answers: Sequence[Answer]) -> Path | None:
    """Write the next file of answers; None, and no file, where there are none."""
    if not answers:
        return None
    path = next_path(corpus / "answers", project)
    write_lines(path, (_row(answer) for answer in answers))
    return path


def numbered(folder: Path, project: str) -> list[Path]:
    """The files `<project>-<number>.jsonl` of a folder, in the order of their numbers."""
    pattern = re.compile(rf"{re.escape(project)}-(\d+)\.jsonl")
    found = [(int(m[1]), p) for p in folder.glob("*.jsonl") if (m := pattern.fullmatch(p.name))]
    return [path for _, path in sorted(found)]


def next_path(folder: Path, project: str) -> Path:
    """The name of the next such file."""
    last = numbered(folder, project)
    number = int(last[-1].stem.rpartition("-")[2]) + 1 if last else 1
    return folder / f"{project}-{number:03d}.jsonl"


def write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    """Write JSON lines: the file is whole or not there. Raises UserError as `write_whole` does."""
    write_whole(path, (json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


def _row(answer: Answer) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": answer.id,
        "plan": answer.plan,
        "text": answer.text,
        "spans": [[span.start, span.end, span.label] for span in answer.spans],
        "section": list(answer.section),
        "who": answer.who,
        "when": answer.when,
        "version": answer.version,
    }
    if answer.shared:
        row["shared"] = True
    if answer.comments:
        row["comments"] = list(answer.comments)
    return row


def _answer(line: str, where: str) -> Answer:
    example = parse_line(line, where=where)
    extra = example.extra
    try:
        return Answer(
            id=example.id,
            plan=example.plan,
            text=example.text,
            spans=example.spans,
            who=str(extra["who"]),
            when=str(extra["when"]),
            version=int(extra["version"]),
            shared=bool(extra.get("shared", False)),
            section=tuple(extra.get("section", ())),
            comments=tuple(extra.get("comments", ())),
        )
    except KeyError as error:
        raise UserError(
            f"an answer needs {error}", where=where, remedy="restore the file from version control"
        ) from error
