"""The road's last reading step: from labelled sentences to the plan's tasks."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from workplan.assemble.agent import agents_of, is_area
from workplan.assemble.draft import OPENING, Draft, Origin, actor_of, drafts_of, role_at
from workplan.assemble.kind import past_sections
from workplan.assemble.layout import Layout
from workplan.assemble.responsible import Note, notes_of
from workplan.assemble.review import doubts_of
from workplan.assemble.row import drafts_of_row
from workplan.assemble.share import Part, settle_headings, share
from workplan.assemble.target import due_of
from workplan.normalise import read_date
from workplan.types import Actor, Plan, Sentence, Span, Task


def assemble(
    plan: Plan, sentences: Sequence[Sentence], spans: Sequence[Sequence[Span]]
) -> list[Task]:
    """The tasks of a plan, in the order of its text.

    `spans[i]` are the spans of `sentences[i]`. Every ACTION heads exactly one task and every
    target record belongs to exactly one; a record in a sentence without an ACTION makes a task
    of its own, whose action is empty and whose phrase is metric and figure. Spans in a table's
    header or in a responsibility remark (【市交通局牵头】) are no words of a task.
    """
    parts: list[Part] = []
    reports = past_sections(sentences)
    opening = next((sentence.section[:1] for sentence in sentences if sentence.section), ())
    lead = ""
    for number, (sentence, found) in enumerate(zip(sentences, spans, strict=True)):
        if number and sentences[number - 1].paragraph != sentence.paragraph:
            lead = ""
        meta = plan.metadata
        under = sentence.section[:1] or opening  # words before all headings introduce the first
        past = not reports.isdisjoint(under) or _reports_on(parts, sentence)
        origin = Origin(sentence, sentence.start, sentence.text, meta.year, meta.issuer, lead, past)
        parts.append(_part(origin, found))
        lead = (lead + sentence.view)[:OPENING]
    share(parts)
    settle_headings(parts)
    told: set[str] = set()
    return [_task(plan, draft, told) for part in parts for draft in part.drafts]


def _reports_on(parts: Sequence[Part], sentence: Sentence) -> bool:
    """Whether the sentence goes on, after a “；”, with what the one before reports."""
    before = parts[-1] if parts else None
    return (
        before is not None
        and before.sentence.paragraph == sentence.paragraph
        and before.sentence.view.rstrip()[-1:] in ("；", ";")
        and bool(before.drafts)
        and before.drafts[-1].kind == "result"
    )


def _part(origin: Origin, spans: Sequence[Span]) -> Part:
    sentence = origin.sentence
    if sentence.kind == "row":
        return Part(sentence, drafts_of_row(origin, sentence.view, list(spans)))
    told = Layout.of(sentence.view, spans)
    notes = notes_of(told)
    layout = told.without([(note.start, note.end) for note in notes])
    part = Part(sentence, drafts_of(origin, layout), layout=layout)
    if notes:
        _add_remarks(part, origin, told, notes)
    if sentence.kind == "heading" or part.is_lead_in:
        _hand_down(part, origin, layout)
    return part


def _add_remarks(part: Part, origin: Origin, told: Layout, notes: Sequence[Note]) -> None:
    """What the notes in the sentence, as it was told, say for others."""
    part.remarks = [
        [actor_of(origin, (start, end), role) for start, end, role in note.actors] for note in notes
    ]
    dated = next((note.deadline for note in notes if note.deadline), None)
    if dated is not None:
        part.limit = origin.text[slice(*dated)], due_of(told, dated, origin.year)


_DATED_HEADING = re.compile(r"(20\d\d年)(?:度|底|末)?[^，。]{0,6}(?:目标|任务|重点)")


def _hand_down(part: Part, origin: Origin, layout: Layout) -> None:
    """What a heading or a lead-in says for those after it: its actors and its deadline."""
    part.actors = [actor for remark in part.remarks for actor in remark]
    if not part.actors:
        part.actors = _named(origin, layout)
    deadline = layout.deadlines[0] if layout.deadlines else None
    if deadline is not None:
        part.deadline = origin.text[slice(*deadline)]
        part.due = due_of(layout, deadline, origin.year)
        return
    dated = _DATED_HEADING.search(layout.text)
    if dated is not None and part.sentence.kind == "heading":
        part.deadline = origin.text[slice(*dated.span(1))]
        part.due = read_date(dated[1], year=origin.year)


def _named(origin: Origin, layout: Layout) -> list[Actor]:
    """The organisations that a heading without a verb, or a lead-in as its agent, names."""
    if layout.actions:
        orgs = agents_of(layout, layout.actions[-1]) if origin.sentence.kind != "heading" else []
    else:
        orgs = [org for org in layout.orgs if not is_area(layout.words(org))]
    return [actor_of(origin, org, role_at(layout, org)) for org in orgs]


def _task(plan: Plan, draft: Draft, told: set[str]) -> Task:
    sentence = draft.sentence
    key = f"{plan.digest}:{draft.start}:{draft.end}"
    return Task(
        id=hashlib.sha256(key.encode()).hexdigest()[:16],
        plan=plan.path,
        section=(*sentence.section, draft.category) if draft.category else sentence.section,
        sentence=sentence.text,
        start=draft.start,
        end=draft.end,
        action=draft.verb,
        action_start=draft.action[0],
        action_end=draft.action[1],
        object=draft.object,
        phrase=draft.phrase,
        kind=draft.kind,
        orgs=tuple(draft.actors),
        targets=tuple(draft.targets),
        deadline=draft.deadline,
        due=draft.due,
        confidence=round(draft.confidence, 3),
        needs_review=doubts_of(draft, plan.metadata.issuer, told),
    )
