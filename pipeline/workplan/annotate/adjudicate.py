"""Settle disputes: the version that somebody chose becomes gold."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from workplan.annotate.answers import read_answers
from workplan.annotate.gold import Dispute, disputes, gold_of, read_gold, write_round
from workplan.errors import UserError
from workplan.tag.labeller import resolve
from workplan.train.corpus import Example, parse_line
from workplan.types import Span

Judge = Callable[[Dispute], tuple[Span, ...] | None]
"""Gives the spans that hold, or None to leave a dispute open."""


@dataclass(frozen=True)
class Settled:
    """How many disputes were settled, how many stay open, and the round written."""

    settled: int
    open: int
    round_file: Path | None


def adjudicate(corpus: Path, project: str, judge: Judge, by: str) -> Settled:
    """Settle what `judge` decides, in the name of `by`, as a new round of gold."""
    answers = read_answers(corpus, project)
    gold = read_gold(corpus, project)
    made: list[Example] = []
    found = disputes(answers.values(), gold)
    for dispute in found:
        spans = judge(dispute)
        if spans is not None:
            made.append(gold_of(dispute.answers, spans, gold.get(dispute.id), by=by))
    path = write_round(corpus, project, made)
    return Settled(len(made), len(found) - len(made), path)


def prefer(name: str) -> Judge:
    """Take the answer of one annotator wherever there is one."""

    def judge(dispute: Dispute) -> tuple[Span, ...] | None:
        return next((answer.spans for answer in dispute.answers if answer.who == name), None)

    return judge


def majority(dispute: Dispute) -> tuple[Span, ...] | None:
    """The spans that more than half of at least three annotators drew; None for two, who have no
    majority. Spans of a majority never overlap: two would need a common annotator."""
    if len(dispute.answers) < 3:
        return None
    votes = Counter(span for answer in dispute.answers for span in answer.spans)
    return tuple(resolve(span for span, n in votes.items() if 2 * n > len(dispute.answers)))


def decided(path: Path) -> Judge:
    """Take what stands in decisions.jsonl: by `choice` the answer of the annotator named there,
    or the line's own `spans`; lines with neither stay open.

    Raises UserError for a line that names nobody who answered, has broken spans, or was made for
    answers that have changed since.
    """
    rows = dict(_read(path))

    def judge(dispute: Dispute) -> tuple[Span, ...] | None:
        if dispute.id not in rows:
            return None
        number, row = rows[dispute.id]
        where = f"{path}:{number}"
        if row.get("spans") is None and not row.get("choice"):
            return None
        versions = {answer.who: answer.version for answer in dispute.answers}
        if row.get("text") != dispute.text or row.get("versions", versions) != versions:
            raise UserError(
                "the answers have changed since this decision (标注已更新，裁定过期)",
                where=where,
                remedy="run `workplan annotate agree` and decide anew",
            )
        if row.get("spans") is not None:
            return parse_line(json.dumps({**row, "targets": []}), where=where).spans
        for answer in dispute.answers:
            if answer.who == row["choice"]:
                return answer.spans
        raise UserError(
            f"{row['choice']!r} did not answer this sentence (没有此标注人员)",
            where=where,
            remedy=f"choose one of {', '.join(versions)}",
        )

    return judge


def _read(path: Path) -> Sequence[tuple[str, tuple[int, dict[str, object]]]]:
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
        rows = [(n, json.loads(line)) for n, line in enumerate(lines, 1) if line.strip()]
        return [(str(row["id"]), (number, row)) for number, row in rows]
    except FileNotFoundError as error:
        raise UserError(
            "no such file of decisions (找不到裁定文件)",
            where=str(path),
            remedy="`workplan annotate agree` writes the page that saves it",
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise UserError(
            f"not a file of decisions: {error}", where=str(path), remedy="save it again"
        ) from error
