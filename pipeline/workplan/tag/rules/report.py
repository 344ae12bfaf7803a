"""How each labelling function does: coverage, overlaps, conflicts and, on gold, precision."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from workplan.tag.rules.function import FUNCTIONS, LabellingFunction, Stretch
from workplan.tag.rules.settings import chinese_names
from workplan.tag.rules.vote import Ballot
from workplan.types import LABELS, Span


@dataclass
class Tally:
    """One function's counts over some sentences. "Stretches" are what it found, in all."""

    name: str
    label: str
    negative: bool
    sentences: int = 0
    """Sentences in which it found anything."""
    stretches: int = 0
    agreed: int = 0
    """Stretches that another function for the same label found exactly so."""
    conflicts: int = 0
    """Stretches that overlap one of another label, or one that is voted against."""
    right: int = 0
    """On gold: stretches that are spans of the label; of a negative function, that touch none."""


def tally(
    sentences: Iterable[tuple[str, Sequence[Span] | None]],
) -> tuple[list[Tally], dict[str, int], int]:
    """Count over sentences (view, gold spans or None).

    Returns a Tally a function, the number of gold spans by label, and of sentences.
    """
    tallies = {n: Tally(n, f.label, f.negative) for n, f in FUNCTIONS.items()}
    gold = dict.fromkeys(LABELS, 0)
    number = 0
    for text, spans in sentences:
        number += 1
        for span in spans or ():
            gold[span.label] += 1
        ballot = Ballot.cast(text)
        for name, stretches in ballot.votes.items():
            _count(tallies[name], stretches, ballot, spans or ())
    return list(tallies.values()), gold, number


def rows(tallies: Sequence[Tally], gold: dict[str, int], sentences: int) -> list[dict[str, object]]:
    """The report as records: shares between 0 and 1, None where there is nothing to share."""
    known = sum(gold.values()) > 0
    return [
        {
            "function": t.name,
            "label": t.label,
            "votes": "against" if t.negative else "for",
            "coverage": _share(t.sentences, sentences),
            "stretches": t.stretches,
            "overlap": _share(t.agreed, t.stretches),
            "conflict": _share(t.conflicts, t.stretches),
            "precision": _share(t.right, t.stretches) if known else None,
            "recall": _share(t.right, gold[t.label]) if known and not t.negative else None,
        }
        for t in tallies
    ]


def table(records: Sequence[dict[str, object]], gold: dict[str, int], sentences: int) -> str:
    """The records as text for a terminal, the functions of a label together."""
    head = f"{'function':32}{'votes':>8}{'coverage':>10}{'stretches':>11}{'overlap':>9}"
    head += f"{'conflict':>10}{'precision':>11}{'recall':>8}"
    lines = [f"{sentences} sentences", "", head]
    for label in LABELS:
        spans = f", {gold[label]} gold spans" if gold[label] else ""
        lines.append(f"\n{label} {chinese_names()[label]}{spans}")
        for record in records:
            if record["label"] == label:
                lines.append(_line(record))
    return "\n".join(lines)


def _line(record: dict[str, object]) -> str:
    return (
        f"  {record['function']!s:30}{record['votes']!s:>8}{_percent(record['coverage']):>10}"
        f"{record['stretches']!s:>11}{_percent(record['overlap']):>9}"
        f"{_percent(record['conflict']):>10}{_percent(record['precision']):>11}"
        f"{_percent(record['recall']):>8}"
    )


def _percent(share: object) -> str:
    return f"{share:.1%}" if isinstance(share, float) else "–"


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _count(own: Tally, stretches: Sequence[Stretch], ballot: Ballot, gold: Sequence[Span]) -> None:
    own.sentences += 1
    own.stretches += len(stretches)
    others = [(FUNCTIONS[n], found) for n, found in ballot.votes.items() if n != own.name]
    truth = {(span.start, span.end) for span in gold if span.label == own.label}
    for stretch in stretches:
        same = [f for f in others if f[0].label == own.label and f[0].negative == own.negative]
        own.agreed += any(stretch in found for _, found in same)
        own.conflicts += any(_contradicts(f, found, own, stretch) for f, found in others)
        if own.negative:
            own.right += not any(_overlap(stretch, span) for span in truth)
        else:
            own.right += stretch in truth


def _contradicts(
    other: LabellingFunction, found: Sequence[Stretch], own: Tally, stretch: Stretch
) -> bool:
    if other.label == own.label:
        opposed = other.negative != own.negative
    else:
        opposed = not other.negative and not own.negative
    return opposed and any(_overlap(stretch, against) for against in found)


def _overlap(left: Stretch, right: Stretch) -> bool:
    return left[0] < right[1] and right[0] < left[1]
