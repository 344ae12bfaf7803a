"""`workplan eval`: every labeller on the same annotated sentences, spans and target records."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from workplan.evaluate import spans as span_scores
from workplan.evaluate.tables import TableEvaluation
from workplan.evaluate.tasks import TargetScores, score_targets
from workplan.read import fold
from workplan.tag.labeller import Labeller
from workplan.train.corpus import Example
from workplan.types import LABELS, Span


@dataclass(frozen=True)
class Evaluation:
    """One labeller's spans on the examples, and all that was counted of them."""

    name: str
    found: Sequence[Sequence[Span]]
    strict: Mapping[str, span_scores.Counts]
    intervals: Mapping[str, span_scores.Interval]
    lenient: Mapping[str, Mapping[str, float]]
    by_plan: Mapping[str, span_scores.Counts]
    by_domain: Mapping[str, span_scores.Counts]
    calibration_error: float
    targets: TargetScores


def evaluate(labeller: Labeller, examples: Sequence[Example]) -> Evaluation:
    """Label the examples' texts and count."""
    return score(labeller.name, examples, labeller.label([fold(e.text) for e in examples]))


def score(name: str, examples: Sequence[Example], found: Sequence[Sequence[Span]]) -> Evaluation:
    """Count what `found` holds against the examples' own spans and records."""
    domain = lambda example: str(example.extra.get("domain", "?"))  # noqa: E731
    return Evaluation(
        name=name,
        found=found,
        strict=span_scores.by_label(examples, found),
        intervals=span_scores.intervals(examples, found),
        lenient=span_scores.lenient(examples, found),
        by_plan=span_scores.by_group(examples, found, lambda example: example.plan),
        by_domain=span_scores.by_group(examples, found, domain),
        calibration_error=span_scores.calibration_error(examples, found),
        targets=score_targets(examples, found),
    )


def gold_spans(examples: Sequence[Example]) -> Evaluation:
    """The records that the gold spans lead to: what normalising and linking lose alone."""
    return score("gold spans", examples, [list(example.spans) for example in examples])


def comparison(evaluations: Sequence[Evaluation]) -> str:
    """One table of all labellers: strict F1 by label, micro with its interval, partial and
    type-only micro F1, records."""
    head = [
        "",
        *LABELS,
        "micro",
        "95 %",
        "partial",
        "type",
        "records",
        "metric+value",
        "wrong",
        "surplus",
        "lost",
    ]
    rows = [head]
    for e in evaluations:
        interval = e.intervals["micro"]
        rows.append(
            [
                e.name,
                *(f"{e.strict[label].f1:.3f}" for label in (*LABELS, "micro")),
                f"{interval.low:.3f}–{interval.high:.3f}",
                *(f"{e.lenient['micro'][kind]:.3f}" for kind in ("partial", "ent_type")),
                f"{e.targets.full_f1:.3f}",
                f"{e.targets.core_f1:.3f}",
                f"{100 * e.targets.wrong_share:.1f} %",
                str(e.targets.surplus),
                f"{100 * e.targets.lost_share:.1f} %",
            ]
        )
    widths = [max(len(row[i]) for row in rows) for i in range(len(head))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def details(evaluation: Evaluation, examples: Sequence[Example]) -> str:
    """All tables of one labeller as text."""
    table: Callable[[Mapping[str, span_scores.Counts]], str] = span_scores.table_of
    parts = [f"== {evaluation.name}: strict", table(evaluation.strict), "", "== lenient F1"]
    kinds = span_scores.LENIENT
    parts.append(f"{'':12s}" + "".join(f"{kind:>10s}" for kind in kinds))
    for label, scores in evaluation.lenient.items():
        parts.append(f"{label:12s}" + "".join(f"{scores[kind]:10.3f}" for kind in kinds))
    parts += ["", "== by plan", table(dict(sorted(evaluation.by_plan.items())))]
    parts += ["", "== by domain", table(dict(sorted(evaluation.by_domain.items())))]
    parts += ["", "== gold label → outcome"]
    for label, outcomes in span_scores.confusion(examples, evaluation.found).items():
        parts.append(f"{label:10s} " + ", ".join(f"{k} {n}" for k, n in outcomes.most_common()))
    parts += ["", f"expected calibration error {evaluation.calibration_error:.3f}"]
    return "\n".join(parts)


def save(
    evaluations: Sequence[Evaluation], out: Path, by_hand: Sequence[TableEvaluation] = ()
) -> None:
    """Write all figures to evaluation.json, counts against hand tables under "tables"."""
    rows: list[dict[str, Any]] = []
    tables = {one.name: dict(sorted(one.counts.counts.items())) for one in by_hand}
    for e in evaluations:
        rows.append(
            {
                "labeller": e.name,
                "strict": {k: asdict(c) | {"f1": c.f1} for k, c in e.strict.items()},
                "intervals": {k: asdict(i) for k, i in e.intervals.items()},
                "lenient": {k: dict(v) for k, v in e.lenient.items()},
                "by_plan": {k: c.f1 for k, c in e.by_plan.items()},
                "by_domain": {k: c.f1 for k, c in e.by_domain.items()},
                "calibration_error": e.calibration_error,
                "tables": tables.get(e.name, {}),
                "targets": asdict(e.targets)
                | {"wrong_share": e.targets.wrong_share, "lost_share": e.targets.lost_share},
            }
        )
    text = json.dumps(rows, ensure_ascii=False, indent=1)
    (out / "evaluation.json").write_text(text + "\n", encoding="utf-8")
