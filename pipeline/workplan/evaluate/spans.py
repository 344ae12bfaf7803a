"""Span scores of a labeller on annotated sentences, by label, plan and domain, with intervals.

Definitions of right (MUC and SemEval-2013 task 9, as nervaluate counts them): strict needs start,
end and label; exact needs start and end; partial gives half a point for an overlap of any label;
type needs the label and an overlap.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from workplan.evaluate.strict import Counts, count
from workplan.train.corpus import Example
from workplan.types import LABELS, Span

Predictions = Sequence[Sequence[Span]]
LENIENT = ("strict", "exact", "partial", "ent_type")
"""nervaluate's ways of counting."""


@dataclass(frozen=True)
class Interval:
    """A score with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


def by_label(examples: Sequence[Example], found: Predictions) -> dict[str, Counts]:
    """Strict counts of each label, and of all under "micro"."""
    totals = {label: Counts() for label in (*LABELS, "micro")}
    for example, spans in zip(examples, found, strict=True):
        for label, counts in count(example.spans, spans).items():
            totals[label] += counts
            totals["micro"] += counts
    return totals


def by_group(
    examples: Sequence[Example], found: Predictions, group: Callable[[Example], str]
) -> dict[str, Counts]:
    """Strict micro counts of each group of sentences (a plan, a domain)."""
    totals: dict[str, Counts] = defaultdict(Counts)
    for example, spans in zip(examples, found, strict=True):
        for counts in count(example.spans, spans).values():
            totals[group(example)] += counts
    return dict(totals)


def lenient(examples: Sequence[Example], found: Predictions) -> dict[str, dict[str, float]]:
    """F1 by label under "strict", "exact", "partial" and "ent_type", computed by nervaluate.

    As in `Counts`, 1 where there is nothing to find and nothing was found.
    """
    from nervaluate import Evaluator

    gold = [[_entity(span) for span in example.spans] for example in examples]
    predicted = [[_entity(span) for span in spans] for spans in found]
    result = Evaluator(gold, predicted, tags=list(LABELS), loader="dict").evaluate()
    by_name = {label: result["entities"].get(label, {}) for label in LABELS}
    by_name["micro"] = result["overall"]
    return {
        name: {kind: _f1(kinds.get(kind)) for kind in LENIENT} for name, kinds in by_name.items()
    }


def intervals(
    examples: Sequence[Example], found: Predictions, *, draws: int = 1000, seed: int = 0
) -> dict[str, Interval]:
    """Strict F1 by label and micro, with a percentile bootstrap over plans (Efron, 1979).

    Plans are drawn, not sentences: sentences of one plan are alike, and an interval that
    ignored it would be too narrow.
    """
    plans: dict[str, dict[str, Counts]] = defaultdict(lambda: defaultdict(Counts))
    for example, spans in zip(examples, found, strict=True):
        for label, counts in count(example.spans, spans).items():
            plans[example.plan][label] += counts
            plans[example.plan]["micro"] += counts
    names = sorted(plans)
    picks = np.random.default_rng(seed).integers(0, len(names), (draws, len(names)))
    scores = {}
    for label in (*LABELS, "micro"):
        table = np.array(
            [[getattr(plans[n][label], k) for k in ("right", "gold", "predicted")] for n in names]
        )
        drawn = table[picks].sum(1)
        values = 2 * drawn[:, 0] / np.maximum(drawn[:, 1] + drawn[:, 2], 1)
        low, high = np.percentile(values, [2.5, 97.5])
        total = Counts(*(int(n) for n in table.sum(0)))
        scores[label] = Interval(total.f1, float(low), float(high))
    return scores


def confusion(examples: Sequence[Example], found: Predictions) -> dict[str, Counter[str]]:
    """What became of each gold label: the predicted label at the same place, "edges" where the
    label is right and an edge is not, "missed"; and under "none" what was made up."""
    table: dict[str, Counter[str]] = {label: Counter() for label in (*LABELS, "none")}
    for example, spans in zip(examples, found, strict=True):
        for wanted in example.spans:
            table[wanted.label][_outcome(wanted, spans)] += 1
        for span in spans:
            if not any(_overlap(span, wanted) for wanted in example.spans):
                table["none"][span.label] += 1
    return table


def calibration_error(examples: Sequence[Example], found: Predictions, bins: int = 10) -> float:
    """Expected calibration error of span confidences (Naeini et al., 2015): the mean distance
    between confidence and share of right spans, over `bins` bins of equal width."""
    pairs = [
        (span.confidence, span in set(example.spans))
        for example, spans in zip(examples, found, strict=True)
        for span in spans
    ]
    if not pairs:
        return 0.0
    confidence = np.array([pair[0] for pair in pairs])
    right = np.array([pair[1] for pair in pairs], dtype=float)
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        abs(confidence[place == b].mean() - right[place == b].mean()) * (place == b).mean()
        for b in range(bins)
        if (place == b).any()
    ]
    return float(sum(gaps))


def worst(
    examples: Sequence[Example], found: Predictions, limit: int = 30
) -> list[tuple[float, Example, Sequence[Span]]]:
    """The sentences with the most wrong spans, weighted by the confidence they were given in."""
    ranked = []
    for example, spans in zip(examples, found, strict=True):
        wrong = sum(span.confidence for span in spans if span not in set(example.spans))
        missed = len(set(example.spans) - set(spans))
        if wrong or missed:
            ranked.append((wrong + missed, example, spans))
    ranked.sort(key=lambda row: (-row[0], row[1].id))
    return ranked[:limit]


def table_of(counts: Mapping[str, Counts]) -> str:
    """Counts as aligned text: a row a label, precision, recall, F1 and numbers."""
    head = f"{'':28s} {'P':>6s} {'R':>6s} {'F1':>6s} {'gold':>6s} {'found':>6s}"
    rows = [
        f"{name:28s} {c.precision:6.3f} {c.recall:6.3f} {c.f1:6.3f} {c.gold:6d} {c.predicted:6d}"
        for name, c in counts.items()
    ]
    return "\n".join([head, *rows])


def _f1(result: Any) -> float:
    """nervaluate's F1, which is 0 where nothing was to find; it has no result for such a label."""
    return 1.0 if result is None or not (result.possible or result.actual) else float(result.f1)


def _entity(span: Span) -> dict[str, int | str]:
    """A span for nervaluate, whose ends are inclusive: else spans that touch would overlap."""
    return {"label": span.label, "start": span.start, "end": span.end - 1}


def _overlap(left: Span, right: Span) -> bool:
    return left.start < right.end and right.start < left.end


def _outcome(wanted: Span, spans: Sequence[Span]) -> str:
    over = [span for span in spans if _overlap(span, wanted)]
    if wanted in over:
        return wanted.label
    if any(span.label == wanted.label for span in over):
        return "edges"
    return over[0].label if over else "missed"
