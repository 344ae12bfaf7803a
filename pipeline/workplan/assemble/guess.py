"""The noun that a figure measures or counts where the labeller has marked none.

Only the figure's own clause is looked at, and only for a phrase whose end gives it away: an
indicator's (…率达到95%) or a noun that plans count (20项…项目). On sentences whose metrics were
taken away 99 of 100 such phrases were the metric or a part of it, 93 its exact words; the record
tells the clerk that its metric was read without a label.
"""

from __future__ import annotations

import re

from workplan.assemble.edges import ATTAINED, INDICATOR, counted_nouns
from workplan.assemble.layout import Layout, Range
from workplan.assemble.sort_of_figure import COUNTED

_LEADING = re.compile(
    r"(?:(?:[1-9]\d*|[一二三四五六七八九十]+)[.、．]|全[国省市县区州镇]|[我本][省市县区州镇]"
    r"|各(?:地|(?:省|市|州|县|区|镇|乡|街道)(?:（[^）]{1,6}）)?[市州区县]?)"
    r"|使|并|其中|但|且|力争|确保|争取|实现|推动|[要将的])+"
)
_SET_APART = r"“[^“”，。；]{1,12}”|（[^（），。；]{1,12}）"
_INDICATOR = re.compile(
    rf"(?P<noun>(?:[^，。；：、,;:（）“”\sA-Z]|{_SET_APART}){{2,28}}?{INDICATOR})(?:A|{ATTAINED})*$"
)
_COVERED = re.compile(
    r"(?:^|[A，。；：,;:在])(?P<noun>[^，。；：、,;:（）“”\sA-Z的了在对将把与为是等达成到和及]{2,12})$"
)
_WORD = rf"(?:[^，。；：、,;:（）“”\sA-Z\d的了在于对将把与为是等达成到和及]|{_SET_APART})"
_AFTER = re.compile(rf"(?P<noun>{_WORD}{{2,14}})(?=[，。；：、,;:“\sA-Z和及]|$)")
_BEFORE = re.compile(rf"(?:[A，。；：,;:\s]|Q、|^)(?P<noun>{_WORD}{{2,14}})(?:共|约|各)?$")
_TIMES = re.compile("[次回遍](?:以[上下内]|左右)?$")
_EVENT = ("活动", "演练", "会议", "演出", "比赛", "赛事", "讲座", "展览", "体检", "培训班", "门诊")
_VERBAL = re.compile("(?:建设|创建|试点|改造|培训|工作|评审|开展|实施)$")


def guessed(layout: Layout, index: int) -> Range | None:
    """Where the unlabelled noun of quantity `index` stands, or None."""
    here = layout.quantities[index]
    if layout.kind(here) in COUNTED:
        return _counted(layout, here)
    return _measured(layout, here) if layout.kind(here) in ("ratio", "points") else None


def _measured(layout: Layout, quantity: Range) -> Range | None:
    """An indicator before its figure ({A|提升}病历电子化率至{Q|95%}), or what it covers
    ({A|实现}行政村{Q|100%}覆盖)."""
    found = _INDICATOR.search(layout.before(quantity[0]))
    if found is None and re.match("全?覆盖", layout.after(quantity[1])):
        found = _COVERED.search(layout.before(quantity[0]))
    if found is None:
        return None
    leading = _LEADING.match(found["noun"])
    skipped = leading.end() if leading and leading.end() < len(found["noun"]) - 1 else 0
    letters = len(layout.before(quantity[0]))
    start = layout.offset(quantity[0], found.start("noun") + skipped - letters)
    return _bare(layout, (start, layout.offset(quantity[0], found.end("noun") - letters)))


def _counted(layout: Layout, quantity: Range) -> Range | None:
    """A noun that touches its count: {Q|20项}医疗服务项目, {A|新增}托位{Q|500个}."""
    nouns = _EVENT if _TIMES.search(layout.words(quantity)) else counted_nouns()
    after = _AFTER.match(layout.after(quantity[1]))
    if after is not None:
        noun = after["noun"]
        noun = _VERBAL.sub("", noun) if len(noun) > 4 else noun
        if noun.endswith(nouns):
            return quantity[1], layout.offset(quantity[1], len(noun))
    letters = layout.before(quantity[0])
    before = _BEFORE.search(letters)
    if before is None or not before["noun"].endswith(nouns):
        return None
    leading = _LEADING.match(before["noun"])
    start = before.start("noun") + (leading.end() if leading else 0)
    first = layout.offset(quantity[0], start - len(letters))
    place = _bare(layout, (first, layout.offset(quantity[0], before.end("noun") - len(letters))))
    return place if place[1] - place[0] > 1 else None


def _bare(layout: Layout, place: Range) -> Range:
    """The place without the blanks at its ends, which no outline shows."""
    words = layout.words(place)
    return place[0] + len(words) - len(words.lstrip()), place[0] + len(words.rstrip())
