"""Tables by hand against the program's, on cases counted by hand, and the tables themselves."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from workplan.errors import UserError
from workplan.evaluate import tables
from workplan.evaluate.amendment import align, compare
from workplan.evaluate.handmade import Row, plan_of, read_spans, read_table, table_paths
from workplan.read import read_plan
from workplan.types import Actor, Due, Kind, Span, Target, Task

TEXT = "市水务局年底前清淤河道6条，疏通率达到90%。县林业局10月底前植树300亩。"
YEAR_END = Due(None, "2024-12-31")
BUREAU = Actor("市水务局", "青河市水务局")
SIX = Target("河道", "eq", 6, "条", "6条")
RATE = Target("疏通率", "eq", 90, "%", "90%")
MU = Target(None, "eq", 300, "亩", "300亩")


def by_hand(verb: str, clause: str, kind: Kind = "task", **cells: object) -> Row:
    start = TEXT.index(clause)
    at = TEXT.index(verb, start) if verb else start
    end = start + len(clause)
    return Row(start, end, clause, verb, at, at + len(verb), kind, **cells)  # type: ignore[arg-type]


def by_program(verb: str, clause: str, kind: Kind = "task", **cells: object) -> Task:
    row = by_hand(verb, clause)
    return Task(
        id=clause,
        plan="",
        section=(),
        sentence="",
        start=row.start,
        end=row.end,
        action=verb,
        action_start=row.verb_start,
        action_end=row.verb_end,
        object="",
        phrase=clause,
        kind=kind,
        **cells,  # type: ignore[arg-type]
    )


DREDGE = by_hand("清淤", "市水务局年底前清淤河道6条", due=YEAR_END, orgs=(BUREAU,), targets=(SIX,))
FLOW = by_hand("", "疏通率达到90%", targets=(RATE,))
PLANT = by_hand(
    "植树",
    "县林业局10月底前植树300亩",
    due=Due(None, "2024-10-31"),
    orgs=(Actor("县林业局", None),),
    targets=(MU,),
)


def counted(rows: list[Row], tasks: list[Task]) -> dict[str, int]:
    counts, amendments = compare(rows, tasks, TEXT)
    assert len(amendments) == sum(counts[what] for what in {one.what for one in amendments})
    return {measure: count for measure, count in counts.counts.items() if count}


def test_a_table_that_is_right_needs_no_amendment() -> None:
    tasks = [
        by_program("清淤", DREDGE.text, due=YEAR_END, orgs=(BUREAU,), targets=(SIX,)),
        by_program("", FLOW.text, targets=(RATE,)),
        by_program("植树", PLANT.text, due=PLANT.due, orgs=PLANT.orgs, targets=(MU,)),
    ]
    counts, amendments = compare([DREDGE, FLOW, PLANT], tasks, TEXT)
    assert amendments == []
    assert (counts["tasks"], counts["figures"], counts["values given"]) == (3, 3, 3)
    # Two rows have a date; both organisations and roles stand, one has a full name by hand.
    assert (counts["dates right"], counts["orgs right"], counts["roles right"]) == (2, 2, 2)
    assert (counts["names right"], counts.org_f1, counts.wrong_dates) == (1, 1, 0)


def test_a_missing_and_a_hidden_task_are_lost() -> None:
    found = counted([DREDGE, PLANT], [by_program("植树", PLANT.text, kind="result", targets=(MU,))])
    assert found["tasks lost"] == 2
    assert found["tasks hidden"] == 1
    # What the table hides gives no figure either.
    assert found["figures lost"] == 2
    assert "values given" not in found


def test_bare_figures_beside_a_wrong_verb_are_merged_not_lost() -> None:
    task = by_program("清淤", DREDGE.text, due=YEAR_END, orgs=(BUREAU,), targets=(SIX, RATE))
    found = counted([DREDGE, FLOW], [task])
    assert found["tasks merged"] == 1
    assert "tasks lost" not in found
    assert found["figures moved"] == 1
    assert found["metrics right"] == 2


def test_a_task_where_the_hand_has_background_is_surplus() -> None:
    background = by_hand("植树", PLANT.text, kind="background")
    found = counted([background], [by_program("植树", PLANT.text, orgs=PLANT.orgs, targets=(MU,))])
    assert found == {"tasks surplus": 1, "orgs given": 1, "values given": 1, "values wrong": 1}


def test_a_doubtful_row_may_be_there_or_not() -> None:
    doubtful = by_hand("植树", PLANT.text, doubt="可列可不列")
    assert counted([doubtful], [by_program("植树", PLANT.text, targets=(MU,))]) == {}
    assert counted([doubtful], []) == {}


@pytest.mark.parametrize(
    ("due", "measure"),
    [
        (YEAR_END, "dates right"),
        (None, "dates empty"),
        (Due(reason="看不清"), "dates empty"),
        (Due(None, "2024-11-30"), "dates wrong"),
        (Due(rule="每年年底前"), "dates wrong"),
    ],
)
def test_a_date_is_right_wrong_or_empty(due: Due | None, measure: str) -> None:
    found = counted([DREDGE], [by_program("清淤", DREDGE.text, due=due, targets=(SIX,))])
    assert {name for name in found if name.startswith("dates")} == {measure}


def test_a_date_where_the_hand_has_none_is_wrong() -> None:
    found = counted([FLOW], [by_program("", FLOW.text, due=YEAR_END, targets=(RATE,))])
    assert found["dates wrong"] == 1


def test_the_date_of_a_target_is_what_its_row_shows() -> None:
    own = Target("河道", "eq", 6, "条", "6条", due=Due(None, "2024-06-30"))
    found = counted([DREDGE], [by_program("清淤", DREDGE.text, due=YEAR_END, targets=(own,))])
    assert found["dates wrong"] == 1


def test_organisations_names_and_roles() -> None:
    actors = (Actor("市水务局", "市水务局", "lead"), Actor("市", None, "object"))
    task = by_program("清淤", DREDGE.text, due=YEAR_END, orgs=actors)
    found = counted([DREDGE], [task])
    assert (found["orgs right"], found["orgs given"], found["orgs by hand"]) == (1, 2, 1)
    assert (found["orgs surplus"], found["roles wrong"], found["names wrong"]) == (1, 1, 1)
    # One right of one by hand and two given: F1 = 2/3.
    assert compare([DREDGE], [task], TEXT)[0].org_f1 == pytest.approx(2 / 3)


def test_figures_are_told_apart_by_their_digits() -> None:
    sixteen = Target("河道", "eq", 16, "条", "16条")
    found = counted([DREDGE], [by_program("清淤", DREDGE.text, due=YEAR_END, targets=(sixteen,))])
    assert (found["figures lost"], found["values wrong"]) == (1, 1)


def test_a_wrong_value_unit_comparator_and_metric_are_counted_apart() -> None:
    got = Target("清淤河道", "ge", 60, "条段", "6条")
    found = counted([DREDGE], [by_program("清淤", DREDGE.text, due=YEAR_END, targets=(got,))])
    wrong = ("values wrong", "units wrong", "comparators wrong", "metrics wrong")
    assert [found[name] for name in wrong] == [1, 1, 1, 1]
    masked = Target("河道", "eq", None, "条", "6条")
    found = counted([DREDGE], [by_program("清淤", DREDGE.text, due=YEAR_END, targets=(masked,))])
    assert found["values empty"] == 1
    assert "values wrong" not in found


def test_verbs_are_paired_by_their_place_not_by_order() -> None:
    tasks = [by_program("植树", PLANT.text), by_program("清淤", DREDGE.text)]
    pairs = align([DREDGE, FLOW, PLANT], tasks)
    assert [pair.task.action if pair.task else "" for pair in pairs] == ["清淤", "", "植树"]


def test_an_amendment_shows_its_clause_in_the_paragraph() -> None:
    _, amendments = compare([FLOW], [], TEXT)
    lost = next(one for one in amendments if one.what == "tasks lost")
    assert lost.context.startswith("市水务局年底前清淤河道6条，【疏通率达到90%】。县林业局")


class Planter:
    """Labels 植树 wherever it stands, and no more."""

    name = "planter"

    def label(self, views: list[str]) -> list[list[Span]]:
        return [
            [Span(view.index("植树"), view.index("植树") + 2, "ACTION")] if "植树" in view else []
            for view in views
        ]


@pytest.fixture
def annotations(tmp_path: Path) -> Path:
    """A plan of two paragraphs with its table and its spans."""
    text = "青河市水务局2024年工作计划\n县林业局植树300亩。"
    clause = "县林业局植树300亩"
    start = text.index(clause)
    row: dict[str, object] = {
        "start": start,
        "end": start + len(clause),
        "text": clause,
        "action": {"text": "植树", "start": start + 4, "end": start + 6},
        "kind": "task",
        "due": None,
        "orgs": [{"text": "县林业局", "canonical": None, "role": "responsible"}],
        "targets": [
            {"metric": None, "comparator": "eq", "value": 300, "unit": "亩", "quantity": "300亩"}
        ],
    }
    marks = [[0, 4, "ORG"], [4, 6, "ACTION"], [6, 10, "QUANTITY"]]
    title, paragraph = text.split("\n")
    lines: list[dict[str, object]] = [
        {"id": "p-0", "text": title, "spans": []},
        {"id": "p-1", "text": paragraph, "spans": marks},
    ]
    (tmp_path / "samples").mkdir()
    (tmp_path / "tables" / "spans").mkdir(parents=True)
    (tmp_path / "samples" / "p.txt").write_text(text, encoding="utf-8")
    _write(tmp_path / "tables" / "p.jsonl", [row])
    _write(tmp_path / "tables" / "spans" / "p.jsonl", lines)
    return tmp_path


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_text(text, encoding="utf-8")


def test_a_labeller_and_the_gold_spans_side_by_side(annotations: Path) -> None:
    planter = tables.evaluate_tables(Planter(), annotations)
    gold = tables.evaluate_tables(None, annotations)
    # The labeller knows the verb alone: its task lacks the organisation and the figure.
    assert [one.what for one in planter.amendments["p"]] == ["figures lost", "orgs missing"]
    assert gold.amendments["p"] == []
    lines = tables.comparison([planter, gold]).splitlines()
    assert lines[0].split() == ["1", "plans'", "tables", "by", "hand", "planter", "gold", "spans"]
    lost = next(line for line in lines if line.startswith("tasks lost"))
    assert lost.split()[2:] == ["0", "of", "1", "(0.0%)"] * 2
    assert "figures lost: 300亩 → —" in tables.listing(planter)


def test_without_hand_tables_nothing_is_compared(tmp_path: Path) -> None:
    assert tables.comparison([tables.evaluate_tables(Planter(), tmp_path)]) == ""


def test_a_table_that_does_not_fit_its_plan_names_the_line(annotations: Path) -> None:
    path = annotations / "tables" / "p.jsonl"
    with pytest.raises(UserError, match=r"p\.jsonl:1: .*县林业局植树300亩.*\n  → "):
        read_table(path, "县林业局另有一句")
    with pytest.raises(UserError, match=r"spans/p\.jsonl:2"):
        read_spans(path.parent / "spans" / "p.jsonl", "青河市水务局2024年工作计划\n另有一句")
    (annotations / "samples" / "p.html").write_text("", encoding="utf-8")
    with pytest.raises(UserError, match="2 plans of this name"):
        plan_of(path)


def test_the_shipped_tables_fit_their_plans(root: Path) -> None:
    paths = table_paths(root / "annotations")
    assert len(paths) == 2
    for path in paths:
        text = read_plan(plan_of(path)).text
        rows = read_table(path, text)
        spans = read_spans(path.parent / "spans" / path.name, text)
        verbs = [span for span in spans if span.label == "ACTION"]
        # Every verb of the spans heads a row, every row of a task without doubt has its verb.
        heads = {(row.verb_start, row.verb_end) for row in rows if row.verb}
        assert {(span.start, span.end) for span in verbs} - heads == set()
        sure = {(row.verb_start, row.verb_end) for row in rows if row.verb and not row.doubt}
        assert sure - {(span.start, span.end) for span in verbs} == set()
        figures = {text[span.start : span.end] for span in spans if span.label == "QUANTITY"}
        assert {target.quantity for row in rows for target in row.targets} <= figures
        assert all(actor.text in text for row in rows for actor in row.orgs)
