"""Which METRIC a quantity counts or measures.

In this order: the indicator before it in its clause (达标率达到[95%]), member by member where a
list of figures answers a list of indicators; the noun that it counts ([4家]机构); what the
clause before named, whose head it inherits (签约率达40%，重点人群达[70%]). None is an answer:
投资[5亿元] counts nothing that has a name.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import lru_cache

from workplan.assemble.aim import without_aim
from workplan.assemble.guess import guessed
from workplan.assemble.layout import Layout, Range, last_before
from workplan.assemble.sort_of_figure import COUNTED, RELATIVE
from workplan.normalise import read_quantity

SPENDING = ("投资", "投入", "拿出", "发债", "惠及", "减贫", "返岗", "引导", "搬迁", "覆盖")
"""Words whose own object the figure is: what an earlier clause measured is not what it counts."""

CANDIDATES = 8
"""How many metrics back a figure may inherit its own."""

_IN_SUM = re.compile("[、，]?(?:共计|合计|总计|共|总长|全长)")
"""A second figure of the same thing: 改造项目5个、共计[128公里]."""

_APART = re.compile("[，；。、Q]")
_CHANGE = re.compile("[增减降升涨扩]|完成|建成|达")
_TOGETHER = re.compile("均|都|分别|各|共")


@lru_cache(maxsize=1024)
def metric_of(layout: Layout, index: int) -> Range | None:
    """Where the metric of quantity `index` stands, or None.

    A range over several METRIC spans means all of them (草原盖度和湿地保护率均达[50%]).
    """
    here = layout.quantities[index]
    noun = layout.counted(here)
    if index and noun is None:
        gap = layout.outline(layout.quantities[index - 1][1], here[0])
        if _IN_SUM.fullmatch(gap):
            return metric_of(layout, index - 1)
    indicator = _indicator(layout, index)
    if indicator and not _taken(layout, index, indicator) and not _nearer(layout, here, noun):
        return _member(layout, index, indicator)
    if noun and not _belongs_on(layout, here, noun):
        return noun
    return guessed(layout, index) or _inherited(layout, index)


def _head(layout: Layout, index: int) -> Range:
    """The first quantity of the list that quantity `index` stands in."""
    return layout.runs[layout.quantities[index]][0]


def _indicator(layout: Layout, index: int) -> Range | None:
    """The last metric before the quantity's list, where only the clause's own words part them."""
    start = _head(layout, index)[0]
    metric = last_before(layout.metrics, start)
    if metric is None:
        return None
    gap = layout.outline(metric[1], start)
    return None if _APART.search(gap) else metric


def _taken(layout: Layout, index: int, metric: Range) -> bool:
    """Whether an earlier figure counts this metric: 覆盖[17个][省份]的[43个]… ."""
    at = index - 1
    while at >= 0 and (layout.quantities[at][1] > metric[0] or without_aim(layout, at)):
        at -= 1
    if at < 0 or layout.counted(layout.quantities[at]) != metric:
        return False
    touching = layout.outline(metric[1], _head(layout, index)[0]) == ""
    return not (touching and layout.kind(layout.quantities[index]) != "count")


def _nearer(layout: Layout, quantity: Range, noun: Range | None) -> bool:
    """Whether the noun after the figure stands nearer than the indicator before it, or that one
    is counted by a figure of its own: [5个][方面][56项][指标]."""
    if noun is None or layout.kind(quantity) not in COUNTED:
        return False
    indicator = layout.measured(quantity)
    if indicator is None:
        return False
    touches = layout.outline(quantity[1], noun[0]) in ("", "的")
    apart = layout.outline(indicator[1], quantity[0]) != ""
    return touches and (apart or layout.before(indicator[0]).endswith("Q"))


def _belongs_on(layout: Layout, quantity: Range, noun: Range) -> bool:
    """Whether the noun after the figure is the indicator of the next one instead."""
    apart = layout.outline(quantity[1], noun[0]) != ""
    return apart and layout.after(noun[1]).startswith("Q")


def _member(layout: Layout, index: int, metric: Range) -> Range:
    """The metric's own part of its list: one for one, or all together (均达, 分别达)."""
    group = layout.groups[metric]
    if len(group) == 1:
        return metric
    run = layout.runs[layout.quantities[index]]
    if len(run) == len(group):
        return group[run.index(layout.quantities[index])]
    gap = layout.outline(metric[1], run[0][0])
    return (group[0][0], group[-1][1]) if _TOGETHER.search(gap) else metric


def _inherited(layout: Layout, index: int) -> Range | None:
    """What an earlier clause measured, unless the figure's own verb takes an object of its own.

    A figure relative to its indicator may follow any (增长5%); the others inherit only from one in
    the same unit: 新建8座，建成[5座]; not 检查企业30家，立案[4件].
    """
    here, start = layout.quantities[index], _head(layout, index)[0]
    preceding = layout.metrics[: bisect_left(layout.metrics, (start, 0))][-CANDIDATES:]
    if not preceding:
        return None
    if index and layout.outline(layout.quantities[index - 1][1], here[0]) == "":
        return metric_of(layout, index - 1)
    clause = re.split("[，；。]", layout.outline(preceding[-1][1], start))[-1]
    words = re.split("[，；。,;]", layout.text[preceding[-1][1] : start])[-1]
    if re.search(f"(?:{'|'.join(SPENDING)})[了约近超达]?$", words):
        return None
    if layout.kind(here) in RELATIVE:
        run = layout.runs[here]
        if "分别" in clause and 1 < len(run) <= len(preceding):
            return preceding[-len(run) :][run.index(here)]
        return _member(layout, index, preceding[-1])
    if re.match("[^，。；：、A-Z]{1,6}[、和与及]Q", layout.after(here[1])):
        return None  # what it counts is named only in part: [3个]国家级和[2个][省级工作室]
    verb = layout.text[slice(*_verb_before(layout, start))]
    if re.search("(?:达到?|为|突破|超过)$", clause):
        return _member(layout, index, preceding[-1])
    alike = [m for m in preceding if _same_unit(layout, here, m, changed=_CHANGE.search(verb))]
    if alike and (alike[-1] == preceding[-1] or not clause.endswith("A")):
        return _member(layout, index, alike[-1])
    return None


def _verb_before(layout: Layout, at: int) -> Range:
    """The ACTION that touches `at` from before; empty where none does."""
    action = last_before(layout.actions, at)
    return action if action is not None and action[1] == at else (at, at)


def _same_unit(layout: Layout, quantity: Range, metric: Range, *, changed: object) -> bool:
    """Whether the metric can have this figure too: one of its own, if any, is in the same unit.

    Beside a change in per cent any level may stand (增长5%，新增[3万户]) where `changed`.
    """
    around = bisect_left(layout.quantities, metric)
    near = layout.quantities[max(0, around - 3) : around + 3]
    near = [place for place in near if place != quantity]
    own = [p for p in near if layout.measured(p) == metric or layout.counted(p) == metric]
    if changed:
        own = [place for place in own if layout.kind(place) not in RELATIVE]
    if not own:
        return not re.search("(?:率|占比|比例|比重)$", layout.words(metric))
    unit = read_quantity(layout.words(quantity)).unit
    return any(read_quantity(layout.words(place)).unit == unit for place in own)
