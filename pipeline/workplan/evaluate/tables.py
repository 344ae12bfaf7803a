"""Labellers on whole plans: their task tables against those made by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from workplan.batch.chain import Draft, finish, prepare
from workplan.evaluate.amendment import Amendment, TableCounts, compare
from workplan.evaluate.handmade import plan_of, read_spans, read_table, spans_of, table_paths
from workplan.tag.labeller import Labeller
from workplan.types import Span

GOLD = "gold spans"


@dataclass(frozen=True)
class TableEvaluation:
    """One labeller on all hand tables; `amendments` by plan, in the order of its text."""

    name: str
    counts: TableCounts
    amendments: Mapping[str, Sequence[Amendment]]


def evaluate_tables(labeller: Labeller | None, annotations: Path) -> TableEvaluation:
    """Read the plans of all hand tables with the labeller and compare their tasks.

    None takes the plans' spans as given by hand: what normalising and assembling lose alone.
    Raises UserError where a table or its spans do not fit the plan's clean text.
    """
    total = TableCounts()
    amendments = {}
    for path in table_paths(annotations):
        draft = prepare(plan_of(path))
        spans = _by_hand(path, draft) if labeller is None else labeller.label(draft.views)
        tasks = finish(draft, spans, "").tasks
        text = draft.plan.text
        counts, amendments[path.stem] = compare(read_table(path, text), tasks, text)
        total += counts
    return TableEvaluation(labeller.name if labeller else GOLD, total, amendments)


def comparison(evaluations: Sequence[TableEvaluation]) -> str:
    """One line a measure, one column a labeller; "" where there is no hand table."""
    if not evaluations or not evaluations[0].amendments:
        return ""
    columns = [_measures(evaluation.counts) for evaluation in evaluations]
    head = f"{len(evaluations[0].amendments)} plans' tables by hand"
    names = list(columns[0])
    width = max(len(name) for name in [head, *names]) + 2
    rows = [[head, *(evaluation.name for evaluation in evaluations)]]
    rows += [[name, *(column[name] for column in columns)] for name in names]
    return "\n".join(
        row[0].ljust(width) + "".join(cell.rjust(22) for cell in row[1:]) for row in rows
    )


def listing(evaluation: TableEvaluation) -> str:
    """Every amendment in its context: place, measure, wanted → got, the clause in 【】."""
    lines = []
    for plan, amendments in evaluation.amendments.items():
        lines.append(f"== {plan}, {evaluation.name}: {len(amendments)} amendments")
        for one in amendments:
            lines.append(f"{one.place:5d} {one.what}: {one.wanted or '—'} → {one.got or '—'}")
            lines.append(f"      {one.context}")
    return "\n".join(lines)


def _by_hand(table: Path, draft: Draft) -> list[list[Span]]:
    spans = read_spans(table.parent / "spans" / table.name, draft.plan.text)
    return [spans_of(sentence, spans) for sentence in draft.sentences]


def _measures(c: TableCounts) -> dict[str, str]:
    """The printed measures of one labeller."""
    compared = c["figures compared"]
    organisations = (
        f"{c.share('orgs right', 'orgs given'):.3f} / "
        f"{c.share('orgs right', 'orgs by hand'):.3f} / {c.org_f1:.3f}"
    )
    return {
        "tasks lost": f"{c['tasks lost']} of {c['tasks']} ({c.share('tasks lost', 'tasks'):.1%})",
        "  of them hidden by their kind": f"{c['tasks hidden']}",
        "bare figures under another task": f"{c['tasks merged']}",
        "tasks surplus": f"{c['tasks surplus']}",
        "dates right / wrong / empty": _slashed(c, "dates right", "dates wrong", "dates empty"),
        "  wrong per date given": f"{c.wrong_dates:.1%}",
        "organisations P / R / F1": organisations,
        "  full names right / wrong / empty": _slashed(
            c, "names right", "names wrong", "names empty"
        ),
        "  roles right": f"{c['roles right']} of {c['orgs right']}",
        "figures lost / under another task": _slashed(c, "figures lost", "figures moved")
        + f" of {c['figures']}",
        "  wrong per value given": f"{c['values wrong']} of {c['values given']} "
        f"({c.share('values wrong', 'values given'):.1%})",
        "  metrics right": f"{c['metrics right']} of {compared}",
        "  comparators right": f"{c['comparators right']} of {compared}",
        "  units right": f"{c['units right']} of {compared}",
    }


def _slashed(counts: TableCounts, *measures: str) -> str:
    return " / ".join(str(counts[measure]) for measure in measures)
