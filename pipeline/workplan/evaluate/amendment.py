"""What a clerk would have to amend in the program's table of a plan, against one made by hand.

Only what the table shows counts: tasks of kind "task". Definitions:

- A hand row and a program's task are one where their verbs overlap; a row of bare figures where
  the figure stands in its clause. A row with a "doubt" may be there or not.
- lost: hand tasks that the table does not show. Of them "hidden" are read, but as heading, result
  or background. A lost row of bare figures that all stand in another task of its paragraph is
  "merged" instead: its figures are there, beside a wrong verb.
- surplus: tasks of the table that are no hand task.
- dates: the due dates that a row shows (a target's own, else the task's) are right, wrong or
  empty; a date where the hand has none is wrong.
- orgs: by their words in the text; names (full names) and roles of those that were found.
- figures: a hand figure and a target are one where their quantities are, in the paired task or
  else in its paragraph ("moved"). A value is wrong also where the hand has no such figure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from workplan.evaluate.handmade import Row
from workplan.types import Due, Target, Task, Value


@dataclass(frozen=True, slots=True)
class Amendment:
    """One thing to correct: `what` is the measure, `place` its offset in the clean text,
    `context` the paragraph's words around the clause, which stands in 【】."""

    what: str
    place: int
    context: str
    wanted: str
    got: str


@dataclass(frozen=True)
class TableCounts:
    """Counts by measure, "tasks lost" and the like; they add up over plans."""

    counts: Counter[str] = field(default_factory=Counter)

    def __add__(self, other: TableCounts) -> TableCounts:
        return TableCounts(self.counts + other.counts)

    def __getitem__(self, measure: str) -> int:
        return self.counts[measure]

    def share(self, measure: str, of: str) -> float:
        """One count by another; 0 where there is nothing to divide by."""
        return self.counts[measure] / self.counts[of] if self.counts[of] else 0.0

    @property
    def org_f1(self) -> float:
        """F1 of organisations by their words."""
        both = self["orgs by hand"] + self["orgs given"]
        return 2 * self["orgs right"] / both if both else 1.0

    @property
    def wrong_dates(self) -> float:
        """Wrong due dates per row that shows one."""
        given = self["dates right"] + self["dates wrong"]
        return self["dates wrong"] / given if given else 0.0


@dataclass(frozen=True, slots=True)
class Pair:
    """A hand row and the task that is the same; None where the other side has none."""

    row: Row | None = None
    task: Task | None = None

    @property
    def wanted(self) -> bool:
        """Whether a clerk must find the row in the table."""
        return self.row is not None and self.row.kind == "task" and not self.row.doubt

    @property
    def shown(self) -> bool:
        """Whether the table shows the task, and it is no matter of doubt."""
        doubtful = self.row is not None and self.row.doubt
        return self.task is not None and self.task.kind == "task" and not doubtful


def compare(
    rows: Sequence[Row], tasks: Sequence[Task], text: str
) -> tuple[TableCounts, list[Amendment]]:
    """Count what differs between a plan's hand table and its tasks; `text` is its clean text."""
    pairs = align(rows, tasks)
    figures = _figures(pairs, text)
    tally = _Tally(text)
    for pair in pairs:
        _compare_pair(tally, pair, [f for f in figures if f.row is not None and f.row is pair.row])
    for figure in figures:
        _compare_figure(tally, figure)
    return TableCounts(tally.counts), sorted(tally.amendments, key=lambda a: (a.place, a.what))


def align(rows: Sequence[Row], tasks: Sequence[Task]) -> list[Pair]:
    """Every row and every task once, paired where they are one.

    Verbs are paired first, then bare figures; at last a row of bare figures with a verb found in
    its clause, or the other way round.
    """
    left = list(tasks)
    chosen: dict[int, Task] = {}
    for fits in (_same_verb, _same_bare, _same_clause):
        for number, row in enumerate(rows):
            task = None if number in chosen else next((t for t in left if fits(row, t)), None)
            if task is not None:
                chosen[number] = task
                left.remove(task)
    pairs = [Pair(row, chosen.get(number)) for number, row in enumerate(rows)]
    return pairs + [Pair(task=task) for task in left]


@dataclass
class _Tally:
    """Counts and amendments while they are gathered."""

    text: str
    counts: Counter[str] = field(default_factory=Counter)
    amendments: list[Amendment] = field(default_factory=list)

    def note(self, what: str, at: Row | Task, wanted: str | None, got: str | None) -> None:
        before = self.text[self.text.rfind("\n", 0, at.start) + 1 : at.start][-24:]
        after = self.text[at.end :].split("\n", 1)[0][:24]
        context = f"{before}【{self.text[at.start : at.end]}】{after}"
        self.counts[what] += 1
        self.amendments.append(Amendment(what, at.start, context, wanted or "", got or ""))


@dataclass(slots=True)
class _Figure:
    """A hand figure with its row, a target with its task, or both where they are one."""

    row: Row | None = None
    wanted: Target | None = None
    task: Task | None = None
    got: Target | None = None
    moved: bool = False


def _compare_pair(tally: _Tally, pair: Pair, figures: Sequence[_Figure]) -> None:
    row, task = pair.row, pair.task
    if pair.shown and task is not None:
        tally.counts["orgs given"] += len(task.orgs)
        if not pair.wanted:
            tally.note("tasks surplus", task, row.kind if row else "", task.phrase)
    if row is None or not pair.wanted:
        return
    tally.counts["tasks"] += 1
    tally.counts["orgs by hand"] += len(row.orgs)
    if not pair.shown or task is None:
        merged = not row.verb and figures and all(figure.got for figure in figures)
        kind = task.kind if task else ""
        tally.note("tasks merged" if merged else "tasks lost", row, row.text, kind)
        tally.counts["tasks hidden"] += task is not None
        return
    _compare_dates(tally, row, task, [figure for figure in figures if not figure.moved])
    _compare_orgs(tally, row, task)


def _compare_dates(tally: _Tally, row: Row, task: Task, figures: Sequence[_Figure]) -> None:
    wanted = {_dates(f.wanted.due or row.due) for f in figures if f.wanted} or {_dates(row.due)}
    given = {_dates(f.got.due or task.due) for f in figures if f.got} or {_dates(task.due)}
    if given == wanted:
        tally.counts["dates right"] += wanted != {""}
    elif given == {""}:
        tally.note("dates empty", row, _joined(wanted), "")
    else:
        tally.note("dates wrong", row, _joined(wanted), _joined(given))


def _compare_orgs(tally: _Tally, row: Row, task: Task) -> None:
    left = list(task.orgs)
    for wanted in row.orgs:
        got = next((actor for actor in left if actor.text == wanted.text), None)
        if got is None:
            tally.note("orgs missing", row, f"{wanted.text} ({wanted.role})", "")
            continue
        left.remove(got)
        tally.counts["orgs right"] += 1
        if got.role == wanted.role:
            tally.counts["roles right"] += 1
        else:
            tally.note("roles wrong", row, f"{wanted.text} ({wanted.role})", got.role)
        if wanted.canonical is None:
            continue
        if got.canonical == wanted.canonical:
            tally.counts["names right"] += 1
        else:
            state = "names wrong" if got.canonical else "names empty"
            tally.note(state, row, wanted.canonical, got.canonical)
    for actor in left:
        tally.note("orgs surplus", row, "", f"{actor.text} ({actor.role})")


def _figures(pairs: Sequence[Pair], text: str) -> list[_Figure]:
    """The figures of all rows and shown tasks, paired where they are one."""
    free = [
        _Figure(task=pair.task, got=target)
        for pair in pairs
        if pair.shown and pair.task is not None
        for target in pair.task.targets
    ]
    found: list[_Figure] = []
    for pair in pairs:
        if pair.row is None or not pair.wanted:
            continue
        for target in pair.row.targets:
            near = (f for f in free if f.task is pair.task and _same_quantity(target, f.got))
            figure = next(near, None) or _Figure()
            if figure.got is not None:
                free.remove(figure)
            figure.row, figure.wanted = pair.row, target
            found.append(figure)
    for figure in found:
        moved = _elsewhere(figure, free, text) if figure.got is None else None
        if moved is not None:
            free.remove(moved)
            figure.task, figure.got, figure.moved = moved.task, moved.got, True
    return found + free


def _elsewhere(figure: _Figure, free: Sequence[_Figure], text: str) -> _Figure | None:
    """The same quantity in another task of the row's paragraph, the nearest."""
    row, wanted = figure.row, figure.wanted
    if row is None or wanted is None:
        return None
    start, end = text.rfind("\n", 0, row.start), text.find("\n", row.end)
    same = [
        (abs(other.task.action_start - row.verb_start), number)
        for number, other in enumerate(free)
        if other.task is not None and _same_quantity(wanted, other.got)
        if start < other.task.start and (other.task.start < end or end < 0)
    ]
    return free[min(same)[1]] if same else None


def _compare_figure(tally: _Tally, figure: _Figure) -> None:
    row, wanted, task, got = figure.row, figure.wanted, figure.task, figure.got
    tally.counts["values given"] += got is not None and got.value is not None
    if row is None or wanted is None:
        if task is not None and got is not None and got.value is not None:
            tally.note("values wrong", task, "", got.quantity)
        return
    tally.counts["figures"] += 1
    if task is None or got is None:
        tally.note("figures lost", row, wanted.quantity, "")
        return
    if figure.moved:
        tally.note("figures moved", row, wanted.quantity, task.phrase)
    if got.value is None and wanted.value is not None:
        tally.note("values empty", row, _number(wanted.value), got.quantity)
    elif _number(got.value) != _number(wanted.value):
        tally.note("values wrong", row, _number(wanted.value), _number(got.value))
    tally.counts["figures compared"] += 1
    for cell in ("metric", "comparator", "unit"):
        if getattr(got, cell) == getattr(wanted, cell):
            tally.counts[f"{cell}s right"] += 1
        else:
            tally.note(f"{cell}s wrong", row, getattr(wanted, cell), getattr(got, cell))


def _same_verb(row: Row, task: Task) -> bool:
    return task.action_start < row.verb_end and row.verb_start < task.action_end


def _same_bare(row: Row, task: Task) -> bool:
    return not row.verb and not task.action and row.start <= task.action_start < row.end


def _same_clause(row: Row, task: Task) -> bool:
    return not (row.verb and task.action) and row.start <= task.action_start < row.end


def _same_quantity(wanted: Target, got: Target | None) -> bool:
    """约1500间 and 1500间 are one; 2家 and 12家 are not."""
    if got is None:
        return False
    one, other = wanted.quantity, got.quantity
    digits = re.findall(r"[\d.]+", one) == re.findall(r"[\d.]+", other)
    return one == other or (digits and (one in other or other in one))


def _dates(due: Due | None) -> str:
    """A due date as one comparable word; a rule without dates is "rule", whatever its words."""
    if due is None or not (due.start or due.end or due.rule):
        return ""
    return f"{due.start or ''}..{due.end or ''}" if due.start or due.end else "rule"


def _joined(dates: set[str]) -> str:
    return " and ".join(sorted(one or "none" for one in dates))


def _number(value: Value) -> str:
    if isinstance(value, tuple):
        return "–".join(_number(part) for part in value)
    return "" if value is None else f"{value:.10g}"
