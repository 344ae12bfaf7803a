"""What is written reads back equal, whatever text it holds."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.types import Actor, Due, Extraction, Metadata, Plan, Sentence, Span, Target, Task
from workplan.write.line import encode_line
from workplan.write.records import (
    alignment_runs,
    counts_of,
    extraction_record,
    plan_record,
    read_alignment,
    read_extraction,
    read_metadata,
    read_task,
    source_name,
    source_stretch,
    task_record,
)

# Every code point, lone surrogates of undecodable file names included.
words = st.text(st.characters(), max_size=12)
maybe = st.none() | words
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
values = st.none() | numbers | st.tuples(numbers, numbers)
texts = st.lists(words, max_size=3).map(tuple)
dues = st.none() | st.builds(Due, maybe, maybe, maybe, maybe)
places = st.tuples(st.integers(0, 99), st.integers(0, 99))
targets = st.builds(
    Target,
    metric=maybe,
    comparator=st.sampled_from(["eq", "ge", "gt", "le", "lt", "approx", "range"]),
    value=values,
    unit=words,
    quantity=words,
    deadline=maybe,
    due=dues,
    orgs=texts,
    kind=st.sampled_from(["level", "change"]),
    baseline=values,
    per=maybe,
    spans=st.dictionaries(st.sampled_from(["metric", "quantity", "deadline"]), places),
    reasons=texts,
)
actors = st.builds(
    Actor,
    text=words,
    canonical=maybe,
    role=st.sampled_from(["lead", "joint", "responsible", "object"]),
    start=st.none() | st.integers(0, 99),
    end=st.none() | st.integers(0, 99),
)
tasks = st.builds(
    Task,
    id=words,
    plan=words,
    section=texts,
    sentence=words,
    start=st.integers(0, 99),
    end=st.integers(0, 99),
    action=words,
    action_start=st.integers(0, 99),
    action_end=st.integers(0, 99),
    object=words,
    phrase=words,
    kind=st.sampled_from(["task", "result", "background", "heading"]),
    orgs=st.lists(actors, max_size=2).map(tuple),
    targets=st.lists(targets, max_size=2).map(tuple),
    deadline=maybe,
    due=dues,
    confidence=st.floats(0, 1),
    needs_review=texts,
)


@st.composite
def extractions(draw: st.DrawFn) -> Extraction:
    """A plan whose clean text drops some of its source, with a sentence over all of it."""
    source = draw(words)
    kept = [place for place in range(len(source)) if draw(st.booleans())]
    text = "".join(source[place] for place in kept)
    plan = Plan(
        path=draw(words),
        digest=draw(st.text("0123456789abcdef", min_size=64, max_size=64)),
        source=source,
        text=text,
        view=draw(st.just(text) | st.just("一" * len(text))),
        origin=np.array(kept, dtype=np.int32),
        metadata=draw(
            st.builds(
                Metadata,
                maybe,
                maybe,
                maybe,
                st.none() | st.integers(),
                maybe,
                st.dictionaries(words, words, max_size=2),
                texts,
            )
        ),
        removed=draw(st.lists(st.tuples(st.just(0), st.just(1), words), max_size=2).map(tuple)),
        rows=draw(st.frozensets(st.integers(0, 9), max_size=2)),
    )
    sentence = Sentence(0, len(text), draw(st.just(text) | words), plan.view, ("一",), 0, "row")
    spans = [[Span(0, 1, "ORG", 0.25)]]
    return Extraction(plan, [sentence], spans, draw(st.lists(tasks, max_size=2)), draw(words))


def through_json(record: Any) -> Any:
    """The record as a program finds it in the file."""
    line = encode_line(record)
    assert line.count(b"\n") == 1
    return json.loads(line)


@given(tasks)
def test_task_reads_back_equal(task: Task) -> None:
    assert read_task(through_json(task_record(task))) == task


@given(extractions())
def test_extraction_reads_back_equal(extraction: Extraction) -> None:
    back = read_extraction(through_json(extraction_record(extraction)))
    before, after = extraction.plan, back.plan
    for name in ("path", "digest", "source", "text", "view", "metadata", "removed", "rows"):
        assert getattr(after, name) == getattr(before, name)
    assert after.origin.tolist() == before.origin.tolist()
    assert after.origin.dtype == np.int32
    assert list(back.sentences) == list(extraction.sentences)
    assert back.spans == extraction.spans
    assert back.spans[0][0].confidence == 0.25
    assert list(back.tasks) == list(extraction.tasks)
    assert back.labeller == extraction.labeller


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_is_never_left_out_in_silence(
    extraction: Extraction, number: float
) -> None:
    task = extraction.tasks[0]
    target = replace(task.targets[0], value=(1, number))
    for broken in (replace(task, confidence=number), replace(task, targets=(target,))):
        with pytest.raises(ValueError, match="no number"):
            task_record(broken)
    with pytest.raises(ValueError, match="no number"):
        extraction_record(replace(extraction, spans=[[Span(0, 1, "ORG", number)]]))


@given(st.lists(st.integers(0, 50), unique=True).map(sorted))
def test_alignment_reads_back_equal(places: list[int]) -> None:
    origin = np.array(places, dtype=np.int32)
    assert read_alignment(alignment_runs(origin)).tolist() == places


def test_alignment_is_in_runs() -> None:
    assert alignment_runs(np.array([3, 4, 5, 9, 10])) == [[0, 3, 3], [3, 9, 2]]


def test_task_has_the_keys_of_the_contract(extraction: Extraction) -> None:
    record = task_record(extraction.tasks[0], extraction.plan)
    assert list(record)[:12] == [
        "id",
        "plan",
        "section",
        "sentence",
        "start",
        "end",
        "action",
        "object",
        "orgs",
        "targets",
        "confidence",
        "needs_review",
    ]
    assert record["action"] == {"text": "新建", "start": 29, "end": 31}
    assert record["targets"][1] | {"spans": {}} == {
        "metric": "普惠率",
        "comparator": "ge",
        "value": 85,
        "unit": "%",
        "quantity": "85%以上",
        "deadline": "年底前",
        "due": {"from": None, "to": "2031-12-31"},
        "orgs": ["县教育局"],
        "kind": "level",
        "baseline": None,
        "per": None,
        "spans": {},
        "needs_review": ["覆盖范围不明"],
    }


def test_task_leads_to_its_words_in_the_source(extraction: Extraction) -> None:
    plan = extraction.plan
    for task in extraction.tasks:
        record = task_record(task, plan)
        assert plan.source[record["source_start"] : record["source_end"]] == task.sentence


def test_empty_stretch_stands_in_the_source(extraction: Extraction) -> None:
    assert source_stretch(extraction.plan, 22, 22) == (28, 28)
    end = len(extraction.plan.text)
    assert source_stretch(extraction.plan, end, end) == (len(extraction.plan.source),) * 2


def test_bodies_that_a_task_is_done_to_are_no_actors() -> None:
    orgs = (Actor("市教育局"), Actor("民办学校协会", role="object"))
    task = Task("1", "p", (), "", 0, 0, "", 0, 0, "", "", "task", orgs)
    record = task_record(task)
    assert record["orgs"] == ["市教育局"]
    assert [actor["text"] for actor in record["roles"]] == ["市教育局", "民办学校协会"]


def test_plan_says_what_was_found(extraction: Extraction) -> None:
    record = plan_record(extraction)
    assert read_metadata(record) == extraction.plan.metadata
    assert record["counts"] == {
        "characters": 72,
        "sentences": 4,
        "tasks": 2,
        "results": 1,
        "background": 0,
        "headings": 0,
        "targets": 2,
        "reviews": 1,
    }
    assert record["counts"] == counts_of(extraction)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("a/计划.txt", "sources/{}.txt"),
        ("计划.HTML", "sources/{}.html.txt"),
        ("计划", "sources/{}.txt"),
        ("x./../../etc", "sources/{}.txt"),
        ("计划.工作", "sources/{}.txt"),
        ("a.averylongsuffix", "sources/{}.averylo.txt"),
    ],
)
def test_source_keeps_to_its_folder(make_extraction: Any, path: str, name: str) -> None:
    plan = make_extraction(path).plan
    assert source_name(plan) == name.format(plan.digest[:16])
