"""What is said once for several tasks: headings, lead-ins, “；” chains, responsibility remarks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice

from workplan.assemble.chain import breaks, is_horizon, opening_of
from workplan.assemble.draft import Draft
from workplan.assemble.layout import Layout
from workplan.types import Actor, Due, Sentence

_MARKS = re.compile(r"[\W_]")


@dataclass(slots=True)
class Part:
    """One sentence with its drafts and what it says for others.

    `remarks` are the actors of its responsibility remarks, one list a remark, and `limit` by
    when they say. `actors`, `deadline` and `due` are what a heading or a lead-in
    (年底前完成以下工作：) hands down. `layout` is the sentence without its remarks; a table's row
    has none.
    """

    sentence: Sentence
    drafts: list[Draft] = field(default_factory=list)
    remarks: list[list[Actor]] = field(default_factory=list)
    limit: tuple[str, Due | None] = ("", None)
    actors: list[Actor] = field(default_factory=list)
    deadline: str | None = None
    due: Due | None = None
    layout: Layout | None = None

    @property
    def path(self) -> tuple[str, ...]:
        """The section that this sentence, as a heading, opens."""
        return (*self.sentence.section, self.sentence.text.strip().rstrip("。：:；; "))

    @property
    def is_lead_in(self) -> bool:
        return self.sentence.view.rstrip().endswith(("：", ":"))


def share(parts: Sequence[Part]) -> None:
    """Hand down what is said once; a draft's own words always come first.

    The nearest source wins: the “；” chain, then the lead-in, then the innermost heading. A
    remark belongs to the drafts before it, as far back as the last remark in its paragraph; on a
    line of its own, to those of its section.
    """
    _share_remarks(parts)
    _share_chains(parts)
    _share_lead_ins(parts)
    _share_headings(parts)


def _give(draft: Draft, actors: Sequence[Actor], deadline: str | None, due: Due | None) -> None:
    if not any(actor.role in ("lead", "responsible") for actor in draft.actors):
        known = {actor.start for actor in draft.actors}
        draft.actors += [actor for actor in actors if actor.start not in known]
    if draft.deadline is None and deadline is not None:
        draft.deadline, draft.due = deadline, due


def _share_remarks(parts: Sequence[Part]) -> None:
    """Add the actors and the deadline of every remark to the drafts that it answers for."""
    waiting: list[Part] = []
    section: tuple[str, ...] | None = None
    for part in parts:
        if part.sentence.section != section:  # else all of them stay
            waiting = [p for p in waiting if _same_section(p.sentence, part.sentence)]
            section = part.sentence.section
        if part.drafts:
            waiting.append(part)
        if not part.remarks:
            continue
        here = [p for p in waiting if p.sentence.paragraph == part.sentence.paragraph]
        for draft in [draft for p in here or waiting for draft in p.drafts]:
            for actor in (actor for remark in part.remarks for actor in remark):
                if actor.start not in {known.start for known in draft.actors}:
                    draft.actors.append(actor)
            if draft.deadline is None and part.limit[0]:
                draft.deadline, draft.due = part.limit
        waiting = []


def _same_section(earlier: Sentence, later: Sentence) -> bool:
    """Whether a remark at `later` can answer for `earlier`: in its section, or its heading."""
    if earlier.kind == "heading":
        return later.section[: len(earlier.section)] == earlier.section
    return earlier.section[: len(later.section)] == later.section


def _share_chains(parts: Sequence[Part]) -> None:
    """A deadline that opens a sentence holds on over “；”, until the chain turns elsewhere."""
    head: Part | None = None
    horizon = False
    for before, part in zip([None, *parts], parts, strict=False):
        if before is None or not _goes_on(before.sentence, part.sentence):
            head = None
        if part.layout is None:
            continue
        opening = opening_of(part.layout)
        if opening is not None:
            head, horizon = part, is_horizon(part.layout, opening)
        elif head is not None and (part.layout.deadlines or breaks(part.layout, horizon=horizon)):
            head = None
        elif head is not None and head.drafts:
            first = head.drafts[0]
            for draft in part.drafts if first.due is None or not first.due.rule else []:
                _give(draft, (), first.deadline, first.due)


def _goes_on(before: Sentence, after: Sentence) -> bool:
    """Whether only a “；” parts the two."""
    chained = before.view.rstrip().endswith(("；", ";"))
    return chained and before.paragraph == after.paragraph


def _share_lead_ins(parts: Sequence[Part]) -> None:
    """A lead-in holds for what its colon announces: the rest of its section."""
    lead: Part | None = None
    for part in parts:
        if lead is not None and not _announced(lead.sentence, part.sentence):
            lead = None
        if lead is not None:
            for draft in part.drafts:
                _give(draft, lead.actors, lead.deadline, lead.due)
        if part.is_lead_in and part.sentence.kind == "sentence" and (part.actors or part.deadline):
            lead = part


def _announced(lead: Sentence, later: Sentence) -> bool:
    if later.kind == "heading" and len(later.section) <= len(lead.section):
        return later.paragraph == lead.paragraph
    return later.section[: len(lead.section)] == lead.section


def _share_headings(parts: Sequence[Part]) -> None:
    """A heading's organisations and deadline hold for all that stands under it."""
    said = {part.path: part for part in parts if part.sentence.kind == "heading"}
    said = {path: part for path, part in said.items() if part.actors or part.deadline}
    for part in parts if said else ():
        section = part.sentence.section
        for depth in range(len(section), 0, -1):
            heading = said.get(section[:depth])
            if heading is None:
                continue
            for draft in part.drafts:
                _give(draft, heading.actors, heading.deadline, heading.due)


def settle_headings(parts: Sequence[Part]) -> None:
    """A heading over tasks is a "heading", and so is a sentence that only repeats it.

    A heading with no task under it stays what it is: the list of such lines is the plan.
    """
    for number, part in enumerate(parts):
        if part.sentence.kind != "heading":
            continue
        under = _under(parts, number)
        said = {_core(draft.phrase) for draft in part.drafts}
        repeats = [draft for draft in under if _repeats(draft, said)]
        if not under:
            continue
        for draft in [*part.drafts, *(repeats if len(repeats) < len(under) else [])]:
            draft.kind = "heading"


def _repeats(draft: Draft, said: set[str]) -> bool:
    """Whether the draft says no more than its heading."""
    bare = bool(draft.verb) and not draft.targets and draft.kind == "task"
    return bare and _core(draft.phrase) in said


def _under(parts: Sequence[Part], number: int) -> list[Draft]:
    """The drafts in the section that heading `number` opens, without those of its headings."""
    path, found = parts[number].path, list[Draft]()
    for part in islice(parts, number + 1, None):
        if part.sentence.section[: len(path)] != path:
            break
        if part.sentence.kind != "heading":
            found += part.drafts
    return found


def _core(phrase: str) -> str:
    return _MARKS.sub("", phrase)
