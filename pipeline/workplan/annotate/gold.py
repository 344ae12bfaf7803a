"""From answers to gold: what annotators agree on becomes a round in annotations/rounds/.

A sentence stands in one round only, the last that changed it, so that whoever reads all rounds
reads each sentence once; its earlier versions stay in annotations/answers/.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workplan.annotate.answers import Answer, next_path, numbered, write_lines
from workplan.train.corpus import Example, as_row, read_corpus
from workplan.types import Span


@dataclass(frozen=True)
class Dispute:
    """A sentence to which annotators gave different answers."""

    answers: tuple[Answer, ...]

    @property
    def id(self) -> str:
        return self.answers[0].id

    @property
    def text(self) -> str:
        return self.answers[0].text


def by_sentence(answers: Iterable[Answer]) -> dict[str, list[Answer]]:
    """Answers grouped by sentence, each group sorted by annotator."""
    groups: dict[str, list[Answer]] = defaultdict(list)
    for answer in answers:
        groups[answer.id].append(answer)
    return {i: sorted(group, key=lambda a: a.who) for i, group in groups.items()}


def read_gold(corpus: Path, project: str) -> dict[str, Example]:
    """The gold sentences of a project's rounds by id. Of a sentence in two rounds, which only an
    interruption leaves, the later counts."""
    found: dict[str, Example] = {}
    for path in numbered(corpus / "rounds", project):
        found |= {example.id: example for example in read_corpus(path)}
    return found


def disputes(answers: Iterable[Answer], gold: dict[str, Example]) -> list[Dispute]:
    """Sentences whose answers differ and that nobody has settled since."""
    return [
        Dispute(tuple(group))
        for identifier, group in by_sentence(answers).items()
        if len({answer.spans for answer in group}) > 1 and not _settled(gold.get(identifier), group)
    ]


def agreed(answers: Iterable[Answer], gold: dict[str, Example], needed: int) -> list[Example]:
    """Gold sentences that the answers make or change: at least `needed`, and all alike."""
    made = []
    for identifier, group in by_sentence(answers).items():
        if len(group) < needed or len({answer.spans for answer in group}) > 1:
            continue
        known = gold.get(identifier)
        if known is None or known.spans != group[0].spans:
            made.append(gold_of(group, group[0].spans, known))
    return made


def gold_of(
    group: Sequence[Answer], spans: tuple[Span, ...], known: Example | None, *, by: str = ""
) -> Example:
    """A gold sentence from its answers; `by` names who settled what they left open."""
    first = group[0]
    extra: dict[str, Any] = {
        "section": list(first.section),
        "who": [answer.who for answer in group],
        "when": max(answer.when for answer in group),
        "version": int(known.extra.get("version", 1)) + 1 if known else 1,
        "answers": {answer.who: answer.version for answer in group},
    }
    if by:
        extra["adjudicated_by"] = by
    return Example(first.id, first.text, spans, plan=first.plan, extra=extra)


def write_round(corpus: Path, project: str, examples: Sequence[Example]) -> Path | None:
    """Write gold as the project's next round and take it out of earlier ones.

    The new round is whole before an earlier one changes; with no examples nothing is written,
    but what an interruption left double is mended. Raises UserError where that fails.
    """
    path = None
    if examples:
        path = next_path(corpus / "rounds", project)
        write_lines(path, (as_row(example) for example in examples))
    later: set[str] = set()
    for earlier in reversed(numbered(corpus / "rounds", project)):
        rows = read_corpus(earlier)
        kept = [example for example in rows if example.id not in later]
        if len(kept) < len(rows):
            write_lines(earlier, (as_row(example) for example in kept))
        later |= {example.id for example in rows}
    return path


def _settled(known: Example | None, group: Sequence[Answer]) -> bool:
    """Whether somebody settled exactly these answers."""
    if known is None or "adjudicated_by" not in known.extra:
        return False
    return known.extra.get("answers") == {answer.who: answer.version for answer in group}
