"""Docs as data frames: a row a target, none lost, types that pandas can count with."""

from __future__ import annotations

import pytest

import workplan
from workplan.frames import COLUMNS, spans_frame, tasks_frame
from workplan.types import Due, Target

pytest.importorskip("pandas")


def made_doc(text: str = "县教育局新建公办园3所。"):  # type: ignore[no-untyped-def]  # a spaCy Doc
    return workplan.load("rules")(text)


def test_a_row_a_target_and_one_for_a_task_without() -> None:
    from dataclasses import replace

    doc = made_doc()
    task = doc._.tasks[0]
    count = Target("公办园", "eq", 3, "所", "3所", "年底前", Due(None, "2031-12-31"))
    rate = Target("普惠率", "ge", 85, "%", "85%以上")
    doc._.tasks = [
        replace(task, kind="task", targets=(count, rate), due=Due(rule="每月5日前")),
        replace(task, kind="task", targets=()),
        replace(task, kind="result", targets=(rate,)),
    ]
    frame = tasks_frame(doc)
    assert frame["metric"].tolist()[:2] == ["公办园", "普惠率"]
    assert len(frame) == 3
    assert frame["low"].tolist()[:2] == [3, 85]
    assert frame["high"].isna().tolist() == [False, True, True]
    assert frame["due_rule"].tolist()[1] == "每月5日前"
    assert str(frame["due_to"][0].date()) == "2031-12-31"
    assert len(tasks_frame(doc, kinds=("task", "result"))) == 4


def test_docs_are_numbered() -> None:
    docs = [made_doc(), made_doc("县财政局做好保障。")]
    assert set(spans_frame(docs)["doc"]) == {0, 1}


def test_no_doc_gives_an_empty_frame_with_its_columns() -> None:
    frame = tasks_frame([])
    assert frame.columns.tolist() == list(COLUMNS)
    assert frame["low"].sum() == 0
    assert frame.empty
