"""Which figures are rows of their own although their sentence has verbs.

A figure with its metric in a stretch without a verb (…，投诉处理满意率达到90%，…) states what the
verb before it is to bring about, as a rule: 培训教师300名，合格率达到95% is one row. It is a row
of its own before the sentence's first verb, behind a verb that it cannot measure (修订《办法》),
behind another indicator (入园率提高到90%，…), and in a list of aims (主要目标是：…).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from workplan.assemble.clause import Clause, segment_of
from workplan.assemble.layout import Layout, Range, last_before
from workplan.assemble.sort_of_figure import COUNTED

_AIMS = re.compile("目标(?:任务)?(?:[是为：:]|如下)[^。；;]*$")
_AIM_HEADING = re.compile("目标")
_DATED = re.compile("[到至于在自从]?D[前底末起]?(?:[，：]|之前|以前)?")
_QUALIFIES = re.compile(
    "(?:通过|按照?|围绕|依托|结合|根据|针对|为[^M]|以|在|从|于|依据|借助|利用|由|对)"
)
_BUDGET = re.compile("(?:总|计划|概算)?(?:投资额?|概算|造价)|(?:总|规划|建筑)+面积")
"""What describes the work that the verb after it names (总投资2亿元，新建…)."""
_EXISTING = re.compile("[共现仅尚中]有|现仅|在管|(?:常住|户籍)人口|其中")
_REST = re.compile("M?(?:[、和与及][^，。；A]{0,12}QM?)*(?:以[上下内]|左右|（[^）]*）)*")
_DRAWN_UP = re.compile("修[订改编]|制[定订]|出台|印发|编[制写]|起草|拟[定订]|发布|颁布|公布")
_PAPER = re.compile("》|(?:办法|细则|规划|方案|条例|规定|计划|意见|预案|清单|标准|规程)$")


def is_list_of_aims(opening: str, section: Sequence[str]) -> bool:
    """Whether a paragraph that begins so, or its innermost heading, announces aims."""
    return bool(_AIMS.search(opening) or (section and _AIM_HEADING.search(section[-1])))


def stands_alone(
    layout: Layout, spans: Mapping[str, Range], clause: Clause, *, listed: bool
) -> bool:
    """Whether the record at `spans` (quantity, metric) is a row of its own and not the clause's.

    `clause` is the one that it stands in; `listed` says that the sentence lists aims.
    """
    quantity, metric = spans["quantity"], spans.get("metric")
    segment = segment_of(layout, quantity)
    if metric is None or metric[0] < segment[0] or layout.words(metric).startswith("占"):
        return False  # it measures on what the stretch before named
    verb = last_before(layout.actions, segment[1])
    if verb is not None and verb[0] >= segment[0]:
        return False
    if not _is_statement(layout, quantity, segment):
        return False
    if quantity[0] < clause.action[0]:
        return not _BUDGET.fullmatch(layout.words(metric))
    return listed or _is_paper(layout, clause) or _is_indicator(layout, clause)


def goes_on_from(
    layout: Layout, spans: Mapping[str, Range], earlier: Mapping[str, Range], clause: Clause
) -> bool:
    """Whether a record without a metric of its own measures on what the row before it does."""
    shared = spans.get("metric") is not None and spans.get("metric") == earlier.get("metric")
    start, end = earlier["quantity"][1], spans["quantity"][0]
    between = any(start <= action[0] < end for action in layout.actions)
    inside = clause.segment == segment_of(layout, spans["quantity"])
    return shared and not between and not inside


def without_segment(layout: Layout, clause: Clause, quantity: Range) -> Clause:
    """The clause without the stretch of a figure that stands alone, before or behind its verb."""
    start, end = segment_of(layout, quantity)
    if end <= clause.action[0]:
        return clause._replace(start=max(clause.start, end))
    return clause._replace(end=min(clause.end, start))


def _is_statement(layout: Layout, quantity: Range, segment: Range) -> bool:
    """Whether the stretch says no more than how high the indicator is to be."""
    words = layout.outline(*segment)
    dated = _DATED.match(words)
    words = words[dated.end() :] if dated else words
    if _QUALIFIES.match(words) or _EXISTING.search(layout.text[segment[0] : quantity[1]]):
        return False
    rest = layout.outline(quantity[1], segment[1]).rstrip("，。；：、")
    return _REST.fullmatch(rest) is not None


def _is_paper(layout: Layout, clause: Clause) -> bool:
    """Whether the verb only draws up a paper, which no figure measures."""
    stretch = (clause.action[1], clause.segment[1])
    words = layout.words(stretch).rstrip("，。；：、 ")
    drawn = _DRAWN_UP.match(layout.words(clause.action)) and _PAPER.search(words)
    return bool(drawn) and "Q" not in layout.outline(*stretch)


def _is_indicator(layout: Layout, clause: Clause) -> bool:
    """Whether the clause itself only says how high an indicator is to be: 达标率保持100%."""
    start, end = clause.segment
    if "A" in layout.outline(start, clause.action[0]):
        return False
    inside = [place for place in layout.quantities if start <= place[0] < end]
    measured = "M" in layout.outline(start, clause.action[0])
    return measured and any(layout.kind(place) not in COUNTED for place in inside)
