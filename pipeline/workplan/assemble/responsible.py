"""Who answers for a paragraph: （责任单位：市教育局、市财政局）, 【市交通局牵头，市公安局配合】."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workplan.assemble.agent import is_area
from workplan.assemble.bracket import ASIDES
from workplan.assemble.layout import Layout, Range
from workplan.normalise import Role, split_orgs


@dataclass(frozen=True, slots=True)
class Note:
    """A remark that names who answers, `start` to `end` in its sentence, brackets included.

    `actors` are (start, end, role) in the same offsets, in the order of the text; `deadline` is
    where it says by when (完成时限：6月底前).
    """

    start: int
    end: int
    actors: tuple[tuple[int, int, Role], ...]
    deadline: Range | None = None


_POST = "(?:单位|部门|处室|科室|股室|机构|主体|方)"
_CUE = re.compile(
    r"牵头|责任(?:单位|部门|处室|科室|股室|主体|人|领导)|配合单位|负责|主办|协办|承办|按职责"
)
_LINE = re.compile(
    rf"\s*(?:(?:牵头|责任|配合|主办|协办|承办){_POST}?|(?:参与|落实|实施|完成){_POST})\s*[：:]"
)
_TOKEN = re.compile(
    rf"""
    (?P<aside>  [^：:；;，,、。]{{0,4}} (?:领导|责任人|联系人|负责人|时限|时间|期限|电话) [：:] )
  | (?P<label>  [^：:；;，,、。（）]{{2,10}} [：:] )
  | (?P<prefix> 会同 | 协同 | 联合 )
  | (?P<verb>   (?:具体|共同|分别|主要|积极|协同)?
                (?:牵头|主办|负责|承办|配合|协办|参与|参加|落实|实施|指导)
                (?:负责|落实|实施|{_POST})? )
  | (?P<end>    [；;。\n] )
    """,
    re.VERBOSE,
)
_LIMIT = re.compile(r"(?:时限|时间|期限)\s*[：:]\s*([^；;。，,、）)】\]]+)")
_ROLES: tuple[tuple[str, Role], ...] = (
    ("牵头|主办|第一责任|主要责任", "lead"),
    ("配合|协办|协同|参与|参加|协助|会同|联合|指导", "joint"),
)
_FILLING = re.compile(
    r"^(?:由|以及|和|与|[、，,\s])+|(?:等|按(?:照)?(?:各自)?职责(?:分工)?|分别|各自|[、，,\s])+$"
)


def notes_of(layout: Layout) -> list[Note]:
    """The remarks of a sentence; one that is nothing but a remark may lack its brackets.

    A bracket with figures in it is part of the plan's own words, whoever it names.
    """
    notes = []
    for start, end in ASIDES.outermost(layout.text):
        body, outline = (start + 1, end - 1), layout.outline(start, end)
        cue = _CUE.search(layout.text, *body) or _only_orgs(layout, (start, end))
        if cue and not re.search("[QM]", outline):
            notes.append(_note(layout, (start, end), body))
    if not notes and _LINE.match(layout.text):
        whole = (0, len(layout.text))
        notes.append(_note(layout, whole, whole))
    return [note for note in notes if note.actors]


def _note(layout: Layout, place: Range, body: Range) -> Note:
    limit = _LIMIT.search(layout.text, *body)
    deadline = limit.span(1) if limit else None
    if deadline is None:
        inside = (d for d in layout.deadlines if body[0] <= d[0] and d[1] <= body[1])
        deadline = next(inside, None)
    return Note(*place, tuple(_actors(layout, body)), deadline)


def _only_orgs(layout: Layout, aside: Range) -> bool:
    """Whether the bracket is a sentence of its own and names nothing but organisations."""
    around = layout.text[: aside[0]] + layout.text[aside[1] :]
    inner = layout.outline(aside[0] + 1, aside[1] - 1)
    return not around.strip("。；;，, 　") and bool(
        re.fullmatch("O(?:[、，,；;和及与]|O|等)*", inner)
    )


def _actors(layout: Layout, body: Range) -> list[tuple[int, int, Role]]:
    """The organisations of the remark, each with the role of the label or verb beside it.

    A label (责任单位：) holds up to the next one; a verb (甲局、乙局牵头) for the names before it
    since the last verb or stop; 会同 for the name after it. People and dates are left out.
    """
    actors: list[tuple[int, int, Role]] = []
    waiting: list[Range] = []
    label: Role = "responsible"
    joins = aside = False
    for kind, place in _tokens(layout.text, body):
        words = layout.text[place[0] : place[1]]
        if kind == "names":
            names = [] if aside else names_of(layout, place)
            actors += [(*name, "joint") for name in names if joins]
            waiting += [name for name in names if not joins]
            joins = False
            continue
        if kind == "prefix" or (kind == "verb" and not waiting and role_of_label(words) == "joint"):
            joins = True
            continue
        role = role_of_label(words) if kind == "verb" else label
        actors += [(*name, role) for name in waiting]
        waiting = []
        if kind in ("label", "aside"):
            label, aside = role_of_label(words), kind == "aside"
    actors += [(*name, label) for name in waiting]
    return sorted(actors)


def _tokens(text: str, body: Range) -> list[tuple[str, Range]]:
    """The labels, verbs, stops and, between them, the names of a remark."""
    tokens: list[tuple[str, Range]] = []
    at = body[0]
    for found in _TOKEN.finditer(text, *body):
        if found.start() > at:
            tokens.append(("names", (at, found.start())))
        tokens.append((str(found.lastgroup), found.span()))
        at = found.end()
    if at < body[1]:
        tokens.append(("names", (at, body[1])))
    return tokens


def role_of_label(words: str) -> Role:
    """The role that a label (牵头单位) or a verb (配合) gives."""
    return next((role for cue, role in _ROLES if re.search(cue, words)), "responsible")


def names_of(layout: Layout, place: Range) -> list[Range]:
    """The organisations in a stretch of names: those labelled, and what the labeller missed; an
    area (全市) is none."""
    labelled = [org for org in layout.orgs if org[0] >= place[0] and org[1] <= place[1]]
    words = layout.text[place[0] : place[1]]
    names = list(labelled)
    for first, last in (piece for org in split_orgs(words) for piece in _pieces(words, *org)):
        filling = _FILLING.match(words, first, last)
        first = filling.end() if filling else first
        while first < last and (tail := _FILLING.search(words[first:last])):
            last = first + tail.start()
        start, end = place[0] + first, place[0] + last
        if end - start >= 2 and all(end <= org[0] or start >= org[1] for org in labelled):
            names.append((start, end))
    return sorted(name for name in names if not is_area(layout.words(name)))


def _pieces(words: str, first: int, last: int) -> list[Range]:
    """What 、 parts outside of brackets: 更新科、各县（市、区） are two."""
    cuts, depth = [first], 0
    for at in range(first, last):
        depth += (words[at] in "（(") - (words[at] in "）)")
        if depth <= 0 and words[at] in "、，,；;":
            cuts.append(at + 1)
    return list(zip(cuts, [*(cut - 1 for cut in cuts[1:]), last], strict=True))
