"""Drafts of tasks: what one sentence, by itself, says of each of its clauses."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from workplan.assemble.agent import agents_of, is_area
from workplan.assemble.clause import Clause, clauses_of, segment_of
from workplan.assemble.deadline import deadline_of
from workplan.assemble.indicator import (
    goes_on_from,
    is_list_of_aims,
    stands_alone,
    without_segment,
)
from workplan.assemble.kind import Surroundings, kind_of, looks_ahead
from workplan.assemble.layout import REACH, Layout, Range
from workplan.assemble.target import due_of, records_of
from workplan.normalise import Canonical, Role, canonical, role_of
from workplan.read import fold
from workplan.types import Actor, Due, Kind, Sentence, Target


class Origin(NamedTuple):
    """A stretch of the plan: its sentence, where in the plan it begins, its words as written,
    and what the reading of it depends on. `lead` is what its paragraph said before it, `past`
    says that its section reports finished work."""

    sentence: Sentence
    offset: int
    text: str
    year: int | None = None
    issuer: str | None = None
    lead: str = ""
    past: bool = False


@dataclass(slots=True)
class Draft:
    """A task as far as its own sentence goes; `start`, `end` and `action` count in the plan.

    `action` is empty for a record that no verb governs. `category` is what a table's row stands
    under.
    """

    sentence: Sentence
    start: int
    end: int
    action: Range
    verb: str
    object: str
    phrase: str
    kind: Kind
    actors: list[Actor] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    deadline: str | None = None
    due: Due | None = None
    confidence: float = 1.0
    category: str = ""


OPENING = 400
"""Characters at a paragraph's beginning that may say what kind of paragraph it is."""

_NUMBER = re.compile(
    r"(?:[\s、，,；;：:。]|(?:以及|并且|和|与|及|并|且)(?=.)|[（(][一二三四五六七八九十\d]{1,3}[)）]"
    r"|[一二三四五六七八九十]{1,3}、|\d{1,2}[.．、](?!\d))+"
)
_CLOSING = "、，,；;：:。 　\n"


def drafts_of(origin: Origin, layout: Layout) -> list[Draft]:
    """The drafts of a stretch, in order: one a clause, and one a record that no clause governs."""
    records = records_of(origin.text, layout, origin.year)
    clauses = clauses_of(layout)
    if not clauses:
        bare: list[Draft] = []
        for record in records:
            _add_recorded(bare, origin, layout, record)
        return bare
    alone: list[Draft] = []
    governed: list[list[Target]] = [[] for _ in clauses]
    if records:
        alone = _divide(origin, layout, records, clauses, governed)
    drafts = []
    for clause, targets in zip(clauses, governed, strict=True):
        draft = _draft(origin, layout, clause)
        draft.targets = targets
        _settle(draft, origin, layout, clause)
        drafts.append(draft)
    return sorted(drafts + alone, key=lambda draft: draft.action) if alone else drafts


def _divide(
    origin: Origin,
    layout: Layout,
    records: Sequence[Target],
    clauses: list[Clause],
    governed: Sequence[list[Target]],
) -> list[Draft]:
    """Put each record to those that its clause governs; the drafts of those that stand alone,
    whose stretches their clauses lose."""
    aims = is_list_of_aims(_opening(origin, layout, clauses[0].action[0]), origin.sentence.section)
    alone: list[Draft] = []
    starts = [clause.start for clause in clauses]
    for record in records:
        number = bisect_right(starts, record.spans["quantity"][0]) - 1
        clause = clauses[number]
        if stands_alone(layout, record.spans, clause, listed=aims):
            clauses[number] = without_segment(layout, clause, record.spans["quantity"])
            _add_recorded(alone, origin, layout, record)
        elif alone and goes_on_from(layout, record.spans, alone[-1].targets[-1].spans, clause):
            alone[-1].targets.append(record)
        else:
            governed[number].append(record)
    return alone


def actor_of(origin: Origin, place: Range, role: Role) -> Actor:
    """The organisation at `place` in the origin's text, under its full name where that is known."""
    words = origin.text[slice(*place)]
    full = body_named(words, origin.issuer)
    start, end = origin.offset + place[0], origin.offset + place[1]
    return Actor(words, full.name if full.id else None, role, start, end)


@lru_cache(maxsize=4096)
def body_named(words: str, issuer: str | None) -> Canonical:
    """The body that the words of a plan name, in a plan that `issuer` put out."""
    # Names are resolved in simplified script; a plan in traditional script keeps its own words.
    return canonical(fold(words), fold(issuer) if issuer else None)


def role_at(layout: Layout, org: Range) -> Role:
    """What the organisation at a place does, from the words around it."""
    first = max(0, org[0] - REACH)
    return role_of(layout.text[first : org[1] + REACH], org[0] - first, org[1] - first)


def confidence_of(layout: Layout, places: Sequence[Range]) -> float:
    """The least confidence among the spans that begin in the places."""
    least = 1.0
    starts, spans = layout.starts, layout.spans
    for start, end in places:
        at = bisect_left(starts, start)
        while at < len(starts) and starts[at] < end:
            least = min(least, spans[at].confidence)
            at += 1
    return least


def _draft(origin: Origin, layout: Layout, clause: Clause) -> Draft:
    start, end = _trimmed(origin.text, clause.start, clause.end)
    deadline = deadline_of(layout, clause.action)
    orgs = _orgs(layout, clause)
    used = [clause.action] + [org for org, _ in orgs]
    if deadline is not None:
        used.append(deadline)
    text, (first, last) = origin.text, clause.action
    return Draft(
        sentence=origin.sentence,
        start=origin.offset + min(start, first),
        end=origin.offset + max(end, last),
        action=(origin.offset + first, origin.offset + last),
        verb=text[first:last],
        object=text[clause.object[0] : clause.object[1]],
        phrase=clause.words(text),
        kind="task",
        actors=[actor_of(origin, org, role) for org, role in orgs],
        deadline=None if deadline is None else text[deadline[0] : deadline[1]],
        due=due_of(layout, deadline, origin.year),
        confidence=confidence_of(layout, used),
    )


def _orgs(layout: Layout, clause: Clause) -> list[tuple[Range, Role]]:
    """The organisations of a clause with their roles: its agents, and those it names."""
    if not layout.orgs:
        return []
    agents = agents_of(layout, clause.action)
    first = bisect_left(layout.orgs, (clause.start, 0))
    inside = layout.orgs[first : bisect_left(layout.orgs, (clause.end, 0))]
    roles: list[tuple[Range, Role]] = []
    for org in sorted({*agents, *inside}):
        role = role_at(layout, org)
        if org in agents:
            roles.append((org, "responsible" if role == "object" else role))
        else:
            acts = role in ("lead", "joint") and not is_area(layout.words(org))
            roles.append((org, role if acts else "object"))
    return roles


def _settle(draft: Draft, origin: Origin, layout: Layout, clause: Clause) -> None:
    """What depends on the clause's targets: its kind, its phrase, its confidence."""
    start, end = clause.action
    stop = max(end, clause.segment[1])
    words = Surroundings(
        _opening(origin, layout, clause.start),
        layout.words_before(clause.start),
        layout.text[clause.start : start],
        layout.text[start:end],
        layout.text[end:stop],
    )
    aims = bool(draft.targets) or looks_ahead(draft.due, origin.year)
    draft.kind = _kind(origin, words, aims=aims)
    if not draft.targets:
        return
    if layout.outline(*clause.object).startswith(("Q", "到Q", "至Q")):
        _name_object(draft, clause)
    places = [place for target in draft.targets for place in target.spans.values()]
    draft.confidence = min(draft.confidence, confidence_of(layout, places))


def _name_object(draft: Draft, clause: Clause) -> None:
    """Put before a phrase whose object is a bare figure what that figure measures."""
    for target in draft.targets:
        place = target.spans["quantity"][0]
        if clause.object[0] <= place < clause.object[1] and target.metric:
            named = not draft.phrase.startswith(draft.verb) or target.metric in draft.phrase
            draft.phrase = draft.phrase if named else target.metric + draft.phrase
            return


def _add_recorded(drafts: list[Draft], origin: Origin, layout: Layout, record: Target) -> None:
    """Add a draft for the record, or the record to the last draft, where both are figures of one
    list: 市、县、乡分别达到95%、90%、85% is one row."""
    draft = _recorded(origin, layout, record)
    last = drafts[-1] if drafts else None
    if last is None or not _in_one_list(layout, last.targets[-1], record):
        drafts.append(draft)
        return
    last.targets.append(record)
    last.phrase, last.end = draft.phrase, draft.end
    last.confidence = min(last.confidence, draft.confidence)


def _in_one_list(layout: Layout, earlier: Target, later: Target) -> bool:
    run = layout.runs[later.spans["quantity"]]
    same = earlier.spans.get("metric") == later.spans.get("metric")
    return same and later.metric is not None and earlier.spans["quantity"] in run


def _recorded(origin: Origin, layout: Layout, record: Target) -> Draft:
    """A record that no verb governs: its metric and its figure stand as the task."""
    quantity, metric = record.spans["quantity"], record.spans.get("metric")
    segment = segment_of(layout, quantity)
    start, end = quantity
    words = origin.text[slice(*_trimmed(origin.text, *segment))]
    if metric is not None and metric[0] >= segment[0] and metric[1] <= segment[1]:
        start, end = min(metric[0], quantity[0]), max(metric[1], quantity[1])
        words = origin.text[start:end]
    before = layout.words_before(segment[0])
    clause = layout.text[segment[0] : start]
    surroundings = Surroundings(
        _opening(origin, layout, segment[0]), before, clause, "", layout.text[end : segment[1]]
    )
    at = origin.offset + quantity[0]
    return Draft(
        sentence=origin.sentence,
        start=origin.offset + start,
        end=origin.offset + end,
        action=(at, at),
        verb="",
        object="",
        phrase=words,
        kind=_kind(origin, surroundings, aims=True),
        actors=[actor_of(origin, org, "responsible") for org in agents_of(layout, quantity)],
        targets=[record],
        deadline=record.deadline,
        due=record.due,
        confidence=confidence_of(layout, list(record.spans.values())),
    )


def _opening(origin: Origin, layout: Layout, at: int) -> str:
    """How the paragraph begins, up to a place in its sentence."""
    return (origin.lead + layout.text[: min(at, OPENING)])[:OPENING]


def _kind(origin: Origin, words: Surroundings, *, aims: bool) -> Kind:
    section = origin.sentence.section
    return kind_of(words, section, year=origin.year, past=origin.past, aims=aims)


def _trimmed(text: str, start: int, end: int) -> Range:
    """The stretch without marks at its ends, and without a number or 和, 并 at its start."""
    opening = _NUMBER.match(text, start, end)
    start = opening.end() if opening else start
    while end > start and text[end - 1] in _CLOSING:
        end -= 1
    return start, end
