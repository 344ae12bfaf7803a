"""The target records of one sentence: which figure of what, by when, and by whom."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from workplan.assemble.agent import agents_of
from workplan.assemble.aim import start_of, without_aim
from workplan.assemble.deadline import deadline_of
from workplan.assemble.layout import Layout, Range, last_before
from workplan.assemble.metric import metric_of
from workplan.assemble.responsible import notes_of
from workplan.normalise import Quantity, read_date, read_quantity
from workplan.read import fold
from workplan.types import Due, Span, Target

_CHINESE = re.compile("[\u4e00-\u9fff]")
NO_METRIC = "未找到“{}”对应的指标"
GUESSED = "“{}”按上下文读作指标，请核对"


def targets_of(text: str, spans: Sequence[Span], year: int | None) -> list[Target]:
    """The records of the sentence `text`, in the order of their quantities.

    Raw texts are cut from `text`; reading goes by its simplified view, which has the same
    length. `year` is the plan's; None: relative dates stay unread.
    """
    layout = Layout.of(fold(text), spans)
    notes = notes_of(layout)
    told = [actor for note in notes for actor in note.actors if actor[2] != "joint"]
    remarked = tuple(text[start:end] for start, end, _ in told)
    layout = layout.without([(note.start, note.end) for note in notes])
    records = records_of(text, layout, year)
    return [record if record.orgs else replace(record, orgs=remarked) for record in records]


def records_of(text: str, layout: Layout, year: int | None) -> list[Target]:
    """The same of a sentence whose layout is at hand, its responsibility remarks left out."""
    return [
        _target(text, layout, index, year)
        for index in range(len(layout.quantities))
        if without_aim(layout, index) is None
    ]


def due_of(layout: Layout, deadline: Range | None, year: int | None) -> Due | None:
    """What the deadline at a place in the sentence means; None where there is none."""
    return None if deadline is None else _due(layout, deadline, year)


@lru_cache(maxsize=256)  # a task and its targets often share one
def _due(layout: Layout, deadline: Range, year: int | None) -> Due:
    before, after = layout.around(deadline)
    return read_date(layout.words(deadline), year=year, before=before, after=after)


def _target(text: str, layout: Layout, index: int, year: int | None) -> Target:
    place = layout.quantities[index]
    figure, start = _figure(layout, place), start_of(layout, index)
    metric, deadline = metric_of(layout, index), deadline_of(layout, place)
    due = due_of(layout, deadline, year)
    places = {"quantity": place, "metric": metric, "deadline": deadline}
    return Target(
        metric=_cut(text, metric),
        comparator=figure.comparator,
        value=figure.value,
        unit=_unit(text, layout, place, figure),
        quantity=text[place[0] : place[1]],
        deadline=_cut(text, deadline),
        due=due,
        orgs=tuple([text[start:end] for start, end in agents_of(layout, place)]),
        kind=figure.kind,
        baseline=None if start is None else _figure(layout, start).value,
        per=figure.per,
        spans={name: where for name, where in places.items() if where is not None},
        reasons=_reasons(layout, place, figure, metric, due),
    )


def _figure(layout: Layout, place: Range) -> Quantity:
    """The quantity in its sentence. A metric that touches it ends in no comparator (彩超一台)."""
    before, after = layout.around(place)
    metric = last_before(layout.metrics, place[0])
    touching = metric is not None and metric[1] == place[0]
    return read_quantity(
        layout.words(place), before=before + "·" if touching else before, after=after
    )


def _cut(text: str, place: Range | None) -> str | None:
    return None if place is None else text[place[0] : place[1]]


def _unit(text: str, layout: Layout, place: Range, figure: Quantity) -> str:
    """The unit in the text's own script (億元's 元, 個 for 个); signs as they were read.

    A 次 that ends it is part of it: 5万剂次 are not 5万剂.
    """
    words = layout.words(place)
    at = words.find(figure.unit)
    if at < 0 or not _CHINESE.search(figure.unit):
        return figure.unit
    end = at + len(figure.unit)
    end += words.startswith("次", end)
    return text[place[0] + at : place[0] + end]


def _reasons(
    layout: Layout, place: Range, figure: Quantity, metric: Range | None, due: Due | None
) -> tuple[str, ...]:
    """Why a cell of the record is empty or doubtful, for the clerk."""
    doubts = [figure.reason] if figure.reason else []
    if metric is None:
        doubts.append(NO_METRIC.format(layout.words(place)))
    elif not _is_labelled(layout, metric):
        doubts.append(GUESSED.format(layout.words(metric)))
    if due is not None and due.reason:
        doubts.append(due.reason)
    return tuple(doubts)


def _is_labelled(layout: Layout, metric: Range) -> bool:
    """Whether a METRIC span begins in the place."""
    last = last_before(layout.metrics, metric[1])
    return last is not None and metric[0] <= last[0]
