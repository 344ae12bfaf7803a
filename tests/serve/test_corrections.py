"""Corrections: what they change, what they leave, how they are undone and found again."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any

import pytest
from bureau import Office
from hypothesis import given
from hypothesis import strategies as st

from workplan.serve.folder import DATABASE
from workplan.serve.journal import Event, in_effect

DOWNWARD = {"value": [2, 1], "comparator": "range"}
BACKWARD = {"from": "2032-01-01", "to": "2031-01-01"}
SENTENCE = 2
"""县教育局年底前新建公办幼儿园3所，普惠率达到85%以上。"""


def rows(view: dict[str, Any]) -> list[tuple[str, str | None, Any]]:
    """Task, metric and value of every row."""
    return [
        (task["phrase"], target["metric"], target["value"])
        for task in view["tasks"]
        for target in task["targets"] or [{"metric": None, "value": None}]
    ]


def spans_of(view: dict[str, Any], number: int) -> list[tuple[str, int]]:
    """The words and labels (by number) of a sentence's spans."""
    start, end = view["sentences"][number]
    flat = view["spans"]
    triples = zip(flat[::3], flat[1::3], flat[2::3], strict=True)
    return [(view["text"][s : s + n], label) for s, n, label in triples if start <= s < end]


def test_a_corrected_span_makes_the_tasks_anew(office: Office) -> None:
    plan = office.upload()
    before = office.show(plan)
    assert rows(before) == [
        ("新建公办幼儿园3所", "公办幼儿园", 3),
        ("新建公办幼儿园3所", "普惠率", 85),
        ("做好经费保障", None, None),
    ]
    spans = [[0, 4, "ORG"], [4, 7, "DEADLINE"], [7, 9, "ACTION"], [9, 14, "METRIC"],
             [14, 16, "QUANTITY"]]  # fmt: skip
    office.change(plan, kind="spans", sentence=SENTENCE, spans=spans)
    after = office.show(plan)
    assert rows(after)[1:] == [("做好经费保障", None, None)]
    assert [word for word, _ in spans_of(after, SENTENCE)] == [
        "县教育局", "年底前", "新建", "公办幼儿园", "3所",
    ]  # fmt: skip
    assert after["marked"][str(SENTENCE)]["who"] == "王"
    office.change(plan, kind="undo", number=after["history"][0]["number"])
    assert rows(office.show(plan)) == rows(before)


def test_cells_survive_a_change_of_spans(office: Office) -> None:
    plan = office.upload()
    task = office.show(plan)["tasks"][0]["id"]
    cells = {"value": 90, "comparator": "ge", "quantity": "90%以上"}
    office.change(plan, kind="cells", task=task, target=1, target_cells=cells)
    office.change(plan, kind="cells", task=task, cells={"phrase": "办好幼儿园"})
    # The figure of the first target is no span any more: the second one becomes the first.
    spans = [[0, 4, "ORG"], [7, 9, "ACTION"], [17, 20, "METRIC"], [22, 27, "QUANTITY"]]
    office.change(plan, kind="spans", sentence=SENTENCE, spans=spans)
    view = office.show(plan)
    assert rows(view)[0] == ("办好幼儿园", "普惠率", 90)
    assert view["tasks"][0]["targets"][0]["quantity"] == "90%以上"
    assert view["tasks"][0]["edits"] == ["comparator", "phrase", "quantity", "value"]


def test_a_cell_whose_figure_is_gone_waits(office: Office) -> None:
    plan = office.upload()
    task = office.show(plan)["tasks"][0]["id"]
    cells = {"value": 90, "comparator": "ge"}
    office.change(plan, kind="cells", task=task, target=1, target_cells=cells)
    office.change(plan, kind="spans", sentence=SENTENCE, spans=[[7, 9, "ACTION"]])
    view = office.show(plan)
    assert all(value is None for _, _, value in rows(view))
    assert [one["idle"] for one in view["history"]] == [False, True]
    office.change(plan, kind="undo", number=view["history"][0]["number"])
    assert ("新建公办幼儿园3所", "普惠率", 90) in rows(office.show(plan))


def test_a_filled_cell_needs_no_review(office: Office) -> None:
    plan = office.upload(
        "2031年某局工作要点\n一、任务\n办公室12月底前完成率达到x%。\n推进建设2x家。\n"
    )
    reasons = [(i, task) for i, task in enumerate(office.show(plan)["tasks"]) if task["targets"]]
    assert reasons
    place, task = reasons[-1]
    assert task["targets"][0]["value"] is None
    assert task["targets"][0]["reasons"]
    cells = {"value": 25, "comparator": "eq", "unit": "家", "quantity": "25家", "metric": "场所"}
    office.change(plan, kind="cells", task=task["id"], target=0, target_cells=cells)
    target = office.show(plan)["tasks"][place]["targets"][0]
    assert (target["value"], target["unit"], target["metric"]) == (25, "家", "场所")
    assert not [reason for reason in target["reasons"] if reason.startswith(("目标值", "指标"))]


def test_due_and_bodies_of_a_row(office: Office) -> None:
    """Another row of the task keeps its own; the task follows where none has the old ones."""
    plan = office.upload("2031年某县工作要点\n一、任务\n县教育局年底前新建幼儿园3所。\n")
    task = office.show(plan)["tasks"][0]
    bodies = [{"text": "县教育局", "role": "lead"}, {"text": "县财政局", "role": "joint"}]
    cells = {"due": {"from": None, "to": "2031-06-30"}, "deadline": "6月底前", "orgs": bodies}
    office.change(plan, kind="cells", task=task["id"], target=0, target_cells=cells)
    after = office.show(plan)["tasks"][0]
    assert (after["to"], after["targets"][0]["to"]) == ("2031-06-30", "2031-06-30")
    assert [(body["text"], body["role"]) for body in after["bodies"]] == [
        ("县教育局", "lead"), ("县财政局", "joint"),
    ]  # fmt: skip
    assert not [reason for reason in after["reasons"] if reason.startswith("责任单位")]


def test_of_two_rows_one_changes_its_day(office: Office) -> None:
    plan = office.upload()
    task = office.show(plan)["tasks"][0]
    cells = {"due": {"to": "2031-06-30"}, "deadline": "6月底前"}
    office.change(plan, kind="cells", task=task["id"], target=1, target_cells=cells)
    after = office.show(plan)["tasks"][0]
    assert [target["to"] for target in after["targets"]] == ["2031-12-31", "2031-06-30"]
    assert after["to"] == "2031-12-31"


def test_a_review_closes_a_task_until_its_sentence_changes(office: Office) -> None:
    plan = office.upload()
    task = office.show(plan)["tasks"][0]
    assert task["reasons"] == ["责任单位：县教育局，“县”指哪个地方，发文单位没有写明"]
    office.change(plan, kind="review", task=task["id"])
    checked = office.show(plan)
    assert checked["tasks"][0]["reasons"] == []
    assert checked["tasks"][0]["review"]["who"] == "王"
    assert checked["counts"]["reviews"] == checked["counts"]["tasks"] - 1
    office.change(plan, kind="spans", sentence=SENTENCE, spans=[[0, 4, "ORG"], [7, 9, "ACTION"]])
    again = office.show(plan)["tasks"][0]
    assert again["review"] == {}
    assert again["reasons"] == task["reasons"]


def test_the_year_reads_dates_anew(office: Office) -> None:
    plan = office.upload("某县教育工作要点\n一、任务\n县教育局年底前新建幼儿园3所。\n")
    assert office.show(plan)["tasks"][0]["to"] is None
    office.change(plan, kind="plan", year=2031)
    assert office.show(plan)["tasks"][0]["to"] == "2031-12-31"
    assert office.show(plan)["year"] == 2031


def test_history_names_who_when_and_what_stood_before(office: Office) -> None:
    plan = office.upload()
    task = office.show(plan)["tasks"][1]["id"]
    office.change(plan, kind="cells", task=task, cells={"phrase": "保障经费"}, who="李")
    office.change(plan, kind="cells", task=task, cells={"phrase": "保障好经费"})
    office.change(plan, kind="undo", number=2)
    last, first = office.show(plan)["history"]
    assert (first["who"], first["body"]["before"]) == ("李", {"phrase": "做好经费保障"})
    assert (last["counts"], last["undo"]["number"], last["undo"]["who"]) == (False, 3, "王")
    assert office.show(plan)["tasks"][1]["phrase"] == "保障经费"
    office.change(plan, kind="undo", number=3)
    assert office.show(plan)["tasks"][1]["phrase"] == "保障好经费"


def test_two_people_at_the_same_place(office: Office) -> None:
    plan = office.upload()
    task = office.show(plan)["tasks"][0]["id"]
    office.change(plan, kind="cells", task=task, cells={"phrase": "甲"}, who="李")
    same = {"kind": "cells", "task": task, "cells": {"phrase": "乙"}}
    refused = office.change(plan, 409, seen=0, **same)
    assert "李" in refused["error"]["what"]
    office.change(plan, seen=0, kind="review", task=task)  # Another thing: no conflict.
    office.change(plan, **same)


@pytest.mark.parametrize(
    ("status", "change"),
    [
        (400, {"kind": "spans", "sentence": 99, "spans": []}),
        (400, {"kind": "spans", "sentence": 2, "spans": [[0, 99, "ORG"]]}),
        (400, {"kind": "spans", "sentence": 2, "spans": [[0, 4, "ORG"], [3, 5, "ACTION"]]}),
        (422, {"kind": "spans", "sentence": 2, "spans": [[0, 4, "WHO"]]}),
        (409, {"kind": "cells", "task": "nobody", "cells": {"phrase": "x"}}),
        (422, {"kind": "cells", "task": "t", "target_cells": {"value": 1}}),
        (422, {"kind": "cells", "task": "t", "target_cells": DOWNWARD}),
        (422, {"kind": "cells", "task": "t", "target_cells": {"value": 2, "comparator": "range"}}),
        (422, {"kind": "cells", "task": "t", "cells": {"due": {"from": "2031-02-30"}}}),
        (422, {"kind": "cells", "task": "t", "cells": {"due": BACKWARD}}),
        (422, {"kind": "plan", "year": 12}),
        (422, {"kind": "review", "task": "t", "who": " "}),
        (400, {"kind": "undo", "number": 7}),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(office: Office, status: int, change: dict[str, Any]) -> None:
    plan = office.upload()
    refused = office.change(plan, status, **change)
    assert refused["error"]["what"]
    assert office.show(plan)["history"] == []


def test_the_database_refuses_to_forget(office: Office) -> None:
    plan = office.upload()
    office.change(plan, kind="spans", sentence=SENTENCE, spans=[])
    with sqlite3.connect(office.data / DATABASE) as db:
        for statement in ("DELETE FROM event", "UPDATE event SET who = 'x'"):
            with pytest.raises(sqlite3.IntegrityError, match="never"):
                db.execute(statement)


def test_all_is_there_after_a_restart(open_office: Callable[..., Office]) -> None:
    first = open_office()
    plan = first.upload()
    task = first.show(plan)["tasks"][1]["id"]
    first.change(plan, kind="cells", task=task, cells={"phrase": "保障经费"})
    before = first.show(plan)
    first.close()
    assert open_office().show(plan) == before


@given(st.lists(st.integers(0, 9), max_size=12))
def test_undos_are_a_chain(choices: list[int]) -> None:
    """However often it is undone and redone: an event counts unless a counting undo names it."""
    events: list[Event] = []
    for number, choice in enumerate(choices, 1):
        target = choice % number
        kind: Any = "undo" if target else "review"
        events.append(Event(number, "p", kind, {"number": target}, "w", ""))
    counts: dict[int, bool] = {}
    for event in reversed(events):
        undos = [u for u in events if u.kind == "undo" and u.body["number"] == event.number]
        counts[event.number] = not any(counts[undo.number] for undo in undos)
    kept = [event.number for event in events if event.kind == "review" and counts[event.number]]
    assert [event.number for event in in_effect(events)] == kept
