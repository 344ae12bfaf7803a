"""Agreement between annotators: strict span F1 of each pair, Krippendorff's alpha of all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from workplan.annotate.answers import Answer
from workplan.annotate.gold import by_sentence
from workplan.evaluate.strict import Counts, count
from workplan.types import LABELS


@dataclass(frozen=True)
class Pair:
    """Two annotators over the sentences that both answered, by label and in all ("all").

    F1 is the same whichever of the two is taken for gold.
    """

    first: str
    second: str
    sentences: int
    identical: int
    counts: dict[str, Counts]


@dataclass(frozen=True)
class Agreement:
    """`alpha`: nominal, a unit a character, a value its label or none; by label: that label
    against all else. None where it is undefined: nobody overlaps, or only one value occurs."""

    sentences: int
    pairs: tuple[Pair, ...]
    alpha: float | None
    alpha_by_label: dict[str, float | None]


def measure(answers: Iterable[Answer]) -> Agreement:
    """Agreement over the sentences that at least two annotators answered."""
    groups = [group for group in by_sentence(answers).values() if len(group) > 1]
    names = sorted({answer.who for group in groups for answer in group})
    pairs = [_pair(a, b, groups) for a, b in combinations(names, 2)]
    rows = reliability(groups, names)
    by_label = {
        label: _alpha(np.where(np.isnan(rows), np.nan, rows == value))
        for value, label in enumerate(LABELS, 1)
    }
    return Agreement(len(groups), tuple(p for p in pairs if p.sentences), _alpha(rows), by_label)


def reliability(groups: Sequence[Sequence[Answer]], names: Sequence[str]) -> np.ndarray:
    """Shape (annotators, characters of all sentences), float64: 0 for no label, 1 to 5 in the
    order of LABELS, nan where an annotator did not answer."""
    rows = np.full((len(names), sum(len(group[0].text) for group in groups)), np.nan)
    start = 0
    for group in groups:
        end = start + len(group[0].text)
        for answer in group:
            row = rows[names.index(answer.who), start:end]
            row[:] = 0
            for span in answer.spans:
                row[span.start : span.end] = LABELS.index(span.label) + 1
        start = end
    return rows


def table(agreement: Agreement) -> str:
    """The figures as text: a row a label, a column a pair, the last column alpha."""
    pairs = agreement.pairs
    names = [f"{pair.first}–{pair.second}" for pair in pairs]
    widths = [max(9, len(name)) for name in names]
    head = [f"{'strict F1':10s}", *(f"{n:>{w}s}" for n, w in zip(names, widths, strict=True))]
    lines = ["  ".join([*head, f"{'alpha':>7s}"])]
    for label in (*LABELS, "all"):
        cells = [
            f"{pair.counts[label].f1:{width}.3f}"
            if _any(pair.counts[label])
            else f"{'–':>{width}s}"
            for pair, width in zip(pairs, widths, strict=True)
        ]
        alpha = agreement.alpha if label == "all" else agreement.alpha_by_label[label]
        lines.append("  ".join([f"{label:10s}", *cells, f"{_shown(alpha):>7s}"]))
    for pair in pairs:
        lines.append(
            f"{pair.first} and {pair.second}: {pair.identical} of {pair.sentences} sentences alike"
        )
    return "\n".join(lines)


def _pair(first: str, second: str, groups: Sequence[Sequence[Answer]]) -> Pair:
    counts = {label: Counts() for label in (*LABELS, "all")}
    sentences = identical = 0
    for group in groups:
        by_name = {answer.who: answer.spans for answer in group}
        if first not in by_name or second not in by_name:
            continue
        sentences += 1
        identical += by_name[first] == by_name[second]
        for label, found in count(by_name[first], by_name[second]).items():
            counts[label] += found
            counts["all"] += found
    return Pair(first, second, sentences, identical, counts)


def _alpha(rows: np.ndarray) -> float | None:
    import krippendorff

    try:
        alpha = krippendorff.alpha(reliability_data=rows, level_of_measurement="nominal")
    except ValueError:  # one value alone, or nobody to compare with
        return None
    return float(alpha)


def _any(counts: Counts) -> bool:
    return bool(counts.gold or counts.predicted)


def _shown(alpha: float | None) -> str:
    return "–" if alpha is None else f"{alpha:.3f}"
