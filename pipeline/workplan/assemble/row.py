"""Rows of a plan's own 任务分解表: each cell is read by its header."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from workplan.assemble.draft import Draft, Origin, actor_of, drafts_of
from workplan.assemble.layout import Layout
from workplan.assemble.responsible import names_of, role_of_label
from workplan.normalise import read_date
from workplan.types import Actor, Due, Span


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `start` to `end` in the row's text is its content, without the header."""

    header: str
    start: int
    end: int

    @property
    def kind(self) -> str:
        """What the header announces: task, orgs, person, deadline, number or other."""
        return next((kind for kind, cue in _KINDS if cue.search(self.header)), "other")


_KINDS = (
    ("number", re.compile("^(?:序号|编号|No|备注)$")),
    ("person", re.compile("领导|责任人|联系人|负责人|电话")),
    ("orgs", re.compile("单位|部门|处室|科室|股室|牵头|配合|责任|主体|机构")),
    ("deadline", re.compile("时限|时间|期限|日期|进度|节点")),
    ("task", re.compile("任务|工作|内容|事项|项目|举措|措施|目标|指标|要求|名称")),
)
_HEADER = re.compile(r"(?:^|；)\s*(?P<header>[^；：。，、]{1,20})：")
_MOST_HEADER = re.compile(
    "序号|编号|单位|部门|时限|时间|任务|工作|内容|事项|目标|措施|举措|责任|备注|领导"
)


def cells_of(text: str) -> list[Cell]:
    """The cells of a row that reads “工作任务：…；责任单位：…；完成时限：…”."""
    marks = [m for m in _HEADER.finditer(text) if m.start() == 0 or _MOST_HEADER.search(m[0])]
    if not marks or marks[0].start() > 0:
        marks_at = [(0, 0, "")] + [(m.start(), m.end(), m["header"]) for m in marks]
    else:
        marks_at = [(m.start(), m.end(), m["header"]) for m in marks]
    ends = [start for start, _, _ in marks_at[1:]] + [len(text)]
    return [
        Cell(header.strip(), begin, end)
        for (_, begin, header), end in zip(marks_at, ends, strict=True)
    ]


def drafts_of_row(origin: Origin, view: str, spans: list[Span]) -> list[Draft]:
    """The drafts of a row; all of them share its responsible units and its deadline.

    Spans in a header are no part of the plan's own words and are left out. A row whose task
    cell has no verb is one draft by itself: nothing of the table is lost.
    """
    cells = cells_of(view)
    drafts: list[Draft] = []
    for cell in cells:
        if cell.kind in ("task", "other", "number"):
            drafts += _cell_drafts(origin, view, spans, cell)
    actors = [
        actor for cell in cells if cell.kind == "orgs" for actor in _actors(origin, view, cell)
    ]
    deadline, due = _deadline(origin, view, cells)
    if not any(draft.verb for draft in drafts):
        drafts = _whole(origin, cells, drafts) or drafts
    for draft in drafts:
        draft.actors = draft.actors + [a for a in actors if a.start not in _starts(draft)]
        if deadline is not None and draft.deadline is None:
            draft.deadline, draft.due = deadline, due
    return drafts


def _cell_drafts(origin: Origin, view: str, spans: list[Span], cell: Cell) -> list[Draft]:
    inside = [
        Span(span.start - cell.start, span.end - cell.start, span.label, span.confidence)
        for span in spans
        if cell.start <= span.start and span.end <= cell.end
    ]
    words = origin.text[cell.start : cell.end]
    part = replace(origin, offset=origin.offset + cell.start, text=words, lead="")
    return drafts_of(part, Layout.of(view[cell.start : cell.end], inside))


def _actors(origin: Origin, view: str, cell: Cell) -> list[Actor]:
    layout = Layout.of(view, [])
    role = role_of_label(cell.header)
    return [actor_of(origin, name, role) for name in names_of(layout, (cell.start, cell.end))]


def _deadline(origin: Origin, view: str, cells: list[Cell]) -> tuple[str | None, Due | None]:
    for cell in cells:
        words = view[cell.start : cell.end].strip("。；; ")
        if cell.kind == "deadline" and words:
            start = cell.start + view[cell.start : cell.end].find(words)
            written = origin.text[start : start + len(words)]
            return written, read_date(words, year=origin.year)
    return None, None


def _whole(origin: Origin, cells: list[Cell], bare: list[Draft]) -> list[Draft]:
    """The task cell as one draft with the row's records, for a row without a verb."""
    named = [c for c in cells if c.kind == "task" and origin.text[c.start : c.end].strip("。；; ")]
    if not named:
        return []
    cell = max(named, key=lambda c: c.end - c.start)
    words = origin.text[cell.start : cell.end].strip("。；; ")
    start = origin.offset + origin.text.find(words, cell.start)
    draft = Draft(origin.sentence, start, start + len(words), (start, start), "", "", words, "task")
    draft.targets = [record for other in bare for record in other.targets]
    draft.confidence = min((other.confidence for other in bare), default=1.0)
    return [draft]


def _starts(draft: Draft) -> set[int | None]:
    return {actor.start for actor in draft.actors}
