"""Whatever spans a labeller gives: nothing raises, nothing vanishes, nothing stands twice."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from workplan.assemble import assemble, targets_of
from workplan.assemble.aim import without_aim
from workplan.assemble.layout import Layout
from workplan.read import fold
from workplan.types import LABELS, Metadata, Plan, Sentence, Span

Labelled = tuple[Plan, list[Sentence], list[list[Span]]]

PLAIN = "新建校舍六所年底前达到由的和、，；。“”《》分别均已将对为等Q AM9%x,.万亿"
REMARKS = PLAIN + "：（）【】牵头责任单位"


@st.composite
def sentences(draw: st.DrawFn, alphabet: str) -> tuple[str, list[Span]]:
    text = draw(st.text(st.sampled_from(alphabet), min_size=1, max_size=60))
    edges = draw(st.lists(st.integers(0, len(text)), max_size=16, unique=True).map(sorted))
    pairs = list(zip(edges, edges[1:], strict=False))[::2]
    return text, [Span(a, b, draw(st.sampled_from(LABELS))) for a, b in pairs]


@st.composite
def plans(draw: st.DrawFn, alphabet: str, kinds: tuple[str, ...]) -> Labelled:
    text, cut, spans = "", [], []
    section: tuple[str, ...] = ()
    for number in range(draw(st.integers(0, 5))):
        words, found = draw(sentences(alphabet))
        kind = draw(st.sampled_from(kinds))
        start, end = len(text), len(text) + len(words)
        cut.append(Sentence(start, end, words, fold(words), section, number // 2, kind))
        spans.append(found)
        text += words + "\n"
        section = (words.strip(),) if kind == "heading" else section
    meta = Metadata(year=draw(st.sampled_from([None, 2024])), issuer="青河县教育局")
    origin = np.arange(len(text), dtype=np.int32)
    return Plan("p.txt", "0" * 64, text, text, fold(text), origin, meta), cut, spans


@given(sentences(REMARKS))
def test_targets_never_raise_and_cut_their_own_text(case: tuple[str, list[Span]]) -> None:
    text, spans = case
    targets = targets_of(text, spans, 2024)
    places = [target.spans["quantity"] for target in targets]
    assert len(set(places)) == len(places)
    for target in targets:
        start, end = target.spans["quantity"]
        assert text[start:end] == target.quantity
        assert Span(start, end, "QUANTITY") in spans


@given(plans(PLAIN, ("sentence", "heading")))
def test_every_action_and_every_record_is_in_exactly_one_task(case: Labelled) -> None:
    plan, cut, spans = case
    tasks = assemble(plan, cut, spans)
    heads = Counter((task.action_start, task.action_end) for task in tasks if task.action)
    actions = Counter(
        (sentence.start + span.start, sentence.start + span.end)
        for sentence, found in zip(cut, spans, strict=True)
        for span in found
        if span.label == "ACTION"
    )
    assert heads == actions
    layouts = [Layout.of(s.view, found) for s, found in zip(cut, spans, strict=True)]
    records = sum(
        without_aim(layout, index) is None
        for layout in layouts
        for index in range(len(layout.quantities))
    )
    assert sum(len(task.targets) for task in tasks) == records


@given(plans(REMARKS, ("sentence", "heading", "row")))
def test_offsets_give_the_text_back_and_ids_are_unique(case: Labelled) -> None:
    plan, cut, spans = case
    tasks = assemble(plan, cut, spans)
    assert len({task.id for task in tasks}) == len(tasks)
    for task in tasks:
        assert 0 <= task.start <= task.action_start <= task.action_end <= task.end <= len(plan.text)
        assert plan.text[task.action_start : task.action_end] == task.action
        for actor in task.orgs:
            if actor.start is not None:
                assert plan.text[actor.start : actor.end] == actor.text
