"""Which organisations of a sentence are to do what stands at a place in it.

An agent is the subject of a verb, alone or in a list; it holds for all that follows until
another subject comes. Organisations that are a source (记者从…获悉), an addressee (向…报送), a
possessor (…的网站), an object of the work, or a platform's name in quotation marks are none.
"""

from __future__ import annotations

import re
from functools import lru_cache

from workplan.assemble.layout import Layout, Range, last_before, pivot_verbs

_LISTED = re.compile(r"、|等?(?:和|与|及|以及|或)|等?(?:牵头|负责)?[，、]?(?:并?会同|联合|由)?")
_NOT_SUBJECT = re.compile(
    r"(?:(?:从|对|向|为|给|被|以|据|经|经商|报|配合|协助|属|距|的|在|于|会同|与|同|依托|联合|按照?|根据|依据)"
    r"|(?:依托|借助|按照|根据|依据)[^，。；：A]{1,20}[、和与及])$"
)
_POSSESSED = re.compile(
    r"(?:今天|日前|近日|（[^）]*）)*(?:等)?"
    r"(?:的|《|〔|[新扩改迁][建馆址]|整体|主体|[一二三]期|项目|工程|党?支部|书记|主要负责人|.区"
    r"|批准|同意|消息|统计|数据|最新|介绍|表示|通报|透露|有关负责人|出台的|发布，|公布)"
)
_REPORTED = re.compile(
    r"[^，；。]{0,12}(?:发布|A|公布)[^，；。]{0,6}(?:数据|消息|通报)|[^，；。]{0,4}A，[今去1]"
)
_JOINS = re.compile("(?:积极|密切|主动|共同|参与)*(?:配合|协助|参与|参加)[，,；;]")
_MARK = re.compile("[，；。：]")
_OTHER_WORK = re.compile("[，；。：].*A")
_AREA = re.compile("在?全(?:国|省|市|州|盟|旗|县|区|自治区|乡|镇|村|街道|域)")


def is_area(words: str) -> bool:
    """Whether the words name where the work is done and no body that could do it: 全市, 全县."""
    return _AREA.fullmatch(words) is not None


def agents_of(layout: Layout, place: Range) -> list[Range]:
    """Where the organisations stand that answer for `place`; empty where the issuer does.

    A body that a verb makes act (推动甲县建设…), or that only joins in (市财政局配合，), answers up
    to the next verb in another stretch.
    """
    if not layout.orgs:
        return []
    before = [subject for subject in _subjects(layout) if subject[0][0][0] <= place[0]]
    for group, passing in reversed(before[-4:]):
        if not passing:
            return group
        since = layout.outline(group[-1][1], max(group[-1][1], place[1]))
        if not _OTHER_WORK.search(since):
            return group
    return []


@lru_cache(maxsize=64)
def _subjects(layout: Layout) -> list[tuple[list[Range], bool]]:
    """The groups of organisations that are subjects, in order, and whether another verb ends what
    each answers for."""
    return [
        (group, _governed(layout, group) or _only_joins(layout, group))
        for group in _groups(layout)
        if _is_subject(layout, group)
    ]


def _groups(layout: Layout) -> list[list[Range]]:
    """The organisations, those in one list together."""
    groups: list[list[Range]] = []
    for org in layout.orgs:
        if is_area(layout.words(org)):
            continue
        if groups and _LISTED.fullmatch(layout.outline(groups[-1][-1][1], org[0])):
            groups[-1].append(org)
        else:
            groups.append([org])
    return groups


def _is_subject(layout: Layout, group: list[Range]) -> bool:
    before, after = layout.before(group[0][0]), layout.after(group[-1][1])
    if _NOT_SUBJECT.search(before) or _POSSESSED.match(after) or _REPORTED.match(after):
        return False
    name = layout.words(group[0])
    if before.endswith("“") and after.startswith("”") or name[0] == "《" or before.endswith("《"):
        return False
    if _governed(layout, group):
        verb = last_before(layout.actions, group[0][0])
        pivots = verb is not None and layout.words(verb) in pivot_verbs()
        return pivots and bool(re.match("[^，。；：]*A", after))
    return "A" in after


def _only_joins(layout: Layout, group: list[Range]) -> bool:
    """Whether the group helps another one, with no work of its own: 市财政局配合，."""
    rest = layout.text[group[-1][1] : group[-1][1] + 10]
    return _JOINS.match(rest) is not None


def _governed(layout: Layout, group: list[Range]) -> bool:
    """Whether a verb of the same stretch stands before the group."""
    verb = last_before(layout.actions, group[0][0])
    return verb is not None and not _MARK.search(layout.outline(verb[1], group[0][0]))
