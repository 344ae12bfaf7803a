"""Which DEADLINE binds a place in its sentence: a figure, or the verb of a task.

A deadline holds for all that follows it, over “，” and “；”, until the next one or until the
sentence turns to what is done already (目前已完成…) or to someone else (而…则); a rhythm or a
time for an answer (每月5日前, 3个工作日内) holds for its own clause only, and so does one that
follows another clause behind a subject of its own (…，新校区三季度启用，…). Where none stands
before the place, one after it binds it only when it says when the same thing is to be ready
(新建6所，9月底前投入使用) and has no figure of its own, or when that thing begins or ends by
it behind the verb that pushes it on (推动改线工程上半年开工).
"""

from __future__ import annotations

import re
from bisect import bisect_left

from workplan.assemble.layout import Layout, Range, pivot_verbs

_TURN = re.compile(r"目前|截至|已(?!经?出台的)|，而[^，]*则|此前")
_RHYTHM = re.compile(
    r"每|当[天日]|即时|[\d一二三四五六七八九十两]+\s*(?:个工作日|日|天|小时|分钟)[之以]?内"
)
_MARK = re.compile("[，；：。]")
_NO_SUBJECT = re.compile("[O、和与及]|[到至于在自从将要]|力争|争取|确保|并|同时|计划|预计|其中")
_LABELLED = re.compile("[AMQ]")
_DONE = re.compile(r"目前|截至|已[经A]?|了[MQ]?$")
_NAMED = re.compile(r"(?:时间|时限|期限|日期)[为是：:]?$")
_READY = re.compile(
    r"(?:前|底前|起)?(?:全部|均|要|须|力争|确保|基本|可|将|能)*"
    r"(?:完成|完工|建成|竣工|投入|投用|投产|启用|使用|到位|开园|交付|兑付|A)"
)
_COMPLETED = re.compile(
    r"(?:完成|完工|建成|竣工|使用|投用|投产|启用|到位|开园|交付|兑付)"
    r"(?:建设|施工|改造|任务|运营|到户|发放|并)?[^，。；]?$"
)
_SAME = re.compile(
    r"[^，；。]*[，,](?:[^，；。OM“]{0,8}[在于到至]|确保|力争|计划|预计|全部|均|并)?"
)

_PUSHED = re.compile("[^，。；：A]+?(?:[在于到至]|力争|确保|争取|计划)?")
_BEGINS = re.compile(
    "(?:前|底前|起|全部|全面|均|正式)*"
    "(?:A|开工|动工|开建|建成|完工|竣工|投用|投运|投产|启用|运营|通车|开园|开学|上线|交付)[^，。；的]{0,4}"
    "(?:[，。；]|$)"
)
"""When the work that a verb pushes on is to begin or end: 推动改线工程[上半年]开工."""


def deadline_of(layout: Layout, place: Range) -> Range | None:
    """The deadline that binds `place`, or None."""
    if not layout.deadlines:
        return None
    index = bisect_left(layout.deadlines, (place[0] + 1, 0))
    if index:
        deadline = layout.deadlines[index - 1]
        between = layout.outline(deadline[1], max(deadline[1], place[0]))
        if _TURN.search(between):
            return None
        narrow = _RHYTHM.match(layout.words(deadline)) or _has_subject(layout, deadline)
        if narrow and re.search("[，；。]", between[1:]):
            return None
        return _member(layout, place, deadline)
    later = layout.deadlines[0]
    if _NAMED.search(layout.before(later[0])):
        return later
    return later if _is_completion(layout, place, later) else None


def _has_subject(layout: Layout, deadline: Range) -> bool:
    """Whether another clause stands before the deadline's, which names what it is about."""
    before = layout.before(deadline[0])
    clause = _MARK.split(before)[-1]
    return bool(_NO_SUBJECT.sub("", clause) and _LABELLED.search(before))


def _member(layout: Layout, place: Range, deadline: Range) -> Range:
    """The deadline's own part of its list: 到2022年和2030年，分别不低于43%和46%."""
    run, years = layout.runs.get(place), layout.years[deadline]
    if run is None:
        return deadline
    return years[run.index(place)] if len(years) == len(run) else deadline


def _is_completion(layout: Layout, place: Range, deadline: Range) -> bool:
    """Whether the deadline says when what stands at `place` is to be ready: no other subject,
    figure or verb with an object of its own stands between or after."""
    gap, rest = layout.outline(place[1], deadline[0]), layout.after(deadline[1])
    if _DONE.search(layout.before(place[0])):
        return False
    pushes = layout.words(place) in pivot_verbs()
    if pushes and _PUSHED.fullmatch(gap) and _BEGINS.match(rest):
        return True
    if re.match("(?:全部|均)A", rest):
        return gap.count("，") < 3 and not re.search("[；。O]", gap)
    if not _SAME.fullmatch(gap):
        return False
    own = re.match("[^，。；]*Q", rest)
    if own is not None or _READY.match(rest) is None:
        return False
    words = re.match(r"[^，。；]*", layout.text[deadline[1] :])
    return words is not None and bool(_COMPLETED.search(words[0]))
