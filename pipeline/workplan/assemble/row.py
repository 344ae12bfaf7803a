"""Rows of a plan's own 任务分解表: each cell is read by its header."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from workplan.assemble.draft import Draft, Origin, actor_of, drafts_of
from workplan.assemble.layout import Layout
from workplan.assemble.responsible import names_of, role_of_label
from workplan.assemble.target import NO_METRIC
from workplan.normalise import read_date
from workplan.types import Actor, Due, Span, Target


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `start` to `end` in the row's text is its content, without the header."""

    header: str
    start: int
    end: int

    @property
    def kind(self) -> str:
        """What the header announces: task, aim, orgs, person, deadline, category, number, other."""
        return next((kind for kind, cue in _KINDS if cue.search(self.header)), "other")


_KINDS = (
    ("category", re.compile("类别|类型|领域|板块|分类|专项$|条线")),
    ("number", re.compile("^(?:序号|编号|No|备注)$")),
    ("person", re.compile("领导|责任人|联系人|负责人|电话")),
    ("orgs", re.compile("单位|部门|处室|科室|股室|牵头|配合|责任|主体|机构")),
    ("deadline", re.compile("时限|时间|期限|日期|进度|节点")),
    ("aim", re.compile("目标|指标|要求|标准|数量")),
    ("task", re.compile("任务|工作|内容|事项|项目|举措|措施|名称")),
)
_READ = ("task", "aim", "other", "number")
FROM_TASK = "指标取自任务列，请核对"
_HEADER = re.compile(r"(?:^|；)\s*(?P<header>[^；：。，、]{1,20})：")


def cells_of(text: str) -> list[Cell]:
    """The cells of a row that reads “工作任务：…；责任单位：…；完成时限：…”.

    Only a header of a known kind begins a cell within the row: a task may hold a colon itself.
    """
    starts = [(0, 0, "")]
    for mark in _HEADER.finditer(text):
        header = mark["header"].strip()
        if mark.start() == 0:
            starts = [(0, mark.end(), header)]
        elif Cell(header, 0, 0).kind != "other":
            starts.append((mark.start(), mark.end(), header))
    ends = [start for start, _, _ in starts[1:]] + [len(text)]
    return [Cell(header, begin, end) for (_, begin, header), end in zip(starts, ends, strict=True)]


def drafts_of_row(origin: Origin, view: str, spans: list[Span]) -> list[Draft]:
    """The drafts of a row; all of them share its responsible units and its deadline.

    Figures in a column of aims (年度目标：38个) belong to the row's task. Spans in a header and
    in a column of categories are no words of a task and are left out. A row without a verb is
    one draft by itself: nothing of the table is lost.
    """
    cells = cells_of(view)
    drafts: list[Draft] = []
    for cell in cells:
        found = _cell_drafts(origin, view, spans, cell) if cell.kind in _READ else []
        drafts = _joined(drafts, found, cell) if cell.kind == "aim" else drafts + found
    if not any(draft.verb for draft in drafts):
        drafts = _whole(origin, cells, drafts) or drafts
    actors = [actor for cell in cells for actor in _actors(origin, view, cell)]
    deadline, due = _deadline(origin, view, cells)
    category = next((origin.text[c.start : c.end] for c in cells if c.kind == "category"), "")
    for draft in drafts:
        draft.category = category.strip("。；; ")
        draft.actors = draft.actors + [a for a in actors if a.start not in _starts(draft)]
        if deadline is not None and draft.deadline is None:
            draft.deadline, draft.due = deadline, due
    return drafts


def _joined(tasks: list[Draft], aims: list[Draft], cell: Cell) -> list[Draft]:
    """The row's drafts with those of its aims, whose bare figures go to the task before them."""
    task = next((draft for draft in reversed(tasks) if draft.verb), None)
    if task is None:
        return tasks + aims
    bare = [draft for draft in aims if not draft.verb]
    for draft in bare:
        task.targets += [_counting(record, task, cell) for record in draft.targets]
        task.confidence = min(task.confidence, draft.confidence)
    return tasks + [draft for draft in aims if draft.verb]


def _counting(record: Target, task: Draft, cell: Cell) -> Target:
    """A figure that opens its cell counts what the task is done to, as the table lays it out."""
    opens = record.spans["quantity"][0] == cell.start
    if record.metric is not None or not opens or not task.object:
        return record
    missing = NO_METRIC.format(record.quantity)
    reasons = (FROM_TASK if reason == missing else reason for reason in record.reasons)
    return replace(record, metric=task.object, reasons=tuple(reasons))


def _cell_drafts(origin: Origin, view: str, spans: list[Span], cell: Cell) -> list[Draft]:
    """The cell's drafts, their records' spans counted in the row."""
    inside = [
        Span(span.start - cell.start, span.end - cell.start, span.label, span.confidence)
        for span in spans
        if cell.start <= span.start and span.end <= cell.end
    ]
    words = origin.text[cell.start : cell.end]
    part = origin._replace(offset=origin.offset + cell.start, text=words, lead="")
    drafts = drafts_of(part, Layout.of(view[cell.start : cell.end], inside))
    for draft in drafts:
        draft.targets = [
            replace(
                record,
                spans={
                    name: (start + cell.start, end + cell.start)
                    for name, (start, end) in record.spans.items()
                },
            )
            for record in draft.targets
        ]
    return drafts


def _actors(origin: Origin, view: str, cell: Cell) -> list[Actor]:
    if cell.kind != "orgs":
        return []
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
    named = [
        c
        for c in cells
        if c.kind in ("task", "aim") and origin.text[c.start : c.end].strip("。；; ")
    ]
    if not named:
        return []
    cell = max(named, key=lambda c: (c.kind == "task", c.end - c.start))
    words = origin.text[cell.start : cell.end].strip("。；; ")
    start = origin.offset + origin.text.find(words, cell.start)
    draft = Draft(origin.sentence, start, start + len(words), (start, start), "", "", words, "task")
    draft.targets = [record for other in bare for record in other.targets]
    draft.confidence = min((other.confidence for other in bare), default=1.0)
    return [draft]


def _starts(draft: Draft) -> set[int | None]:
    return {actor.start for actor in draft.actors}
