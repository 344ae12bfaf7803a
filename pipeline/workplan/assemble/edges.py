"""METRIC spans whose edges a labeller has set wrong beyond doubt, mended before records are made.

Each rule looks at one metric and the spans beside it and returns where the metric stands rightly,
an empty place for one that is none, or None where it has nothing to say. In its docstring a line
with + is an example, the metric meant marked {M!|…} and what it becomes behind → (— for nothing),
and one with - a counter-example; the tests run them. None of the rules changes a metric of the
corpus' or of the gold annotations.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

from workplan.assemble.sort_of_figure import COUNTED, sort_of_figure
from workplan.resources import read_lexicon
from workplan.types import Span

Range = tuple[int, int]
Rule = Callable[[str, Sequence[Span], int], Range | None]

INDICATOR = "(?:率|比例|占比|比重|增幅|增速|涨幅|降幅|系数|指数|浓度|强度|密度|比值)"
"""How names of indicators end."""

ATTAINED = (
    "(?:达到?|为|在|至|到|保持|稳定|控制|力争|确保|要|不|已|分别|均|都|超过|突破|以|年均|同比"
    "|比上年|较上年|上升|提[高升]|下降)*"
)
"""Words between an indicator and its figure."""

_LABEL = re.compile(
    "(?:牵头|责任|配合|主办|协办|承办|参与|落实|实施|完成)(?:单位|部门|处室|科室|股室|领导|人|时限)"
)
_RUN = re.compile(r"[^，。；：、（）()“”,;:\s\dA-Za-z的了在于与和及对将把并]{2,20}")
_VERBAL = re.compile("(?:建设|创建|试点|改造|培训|工作|评审)$")
_COORDINATION = re.compile(
    r"(?:、[^，。；：、（）()\d]{2,9})*(?:和|以及|及|与)[^，。；：、（）()\d]{2,9}?"
    r"(?=成为|达到|达标|达|建成|开展|能够|实现|[要均都须])"
)

_SERVING = re.compile(
    r"[^，。；：、（）()\d的]{2,10}的[^，。；：、（）()\d的]{2,8}?(?=成为|达到|达标|达|建成|开展|[要均都须]|$)"
)

_BRACKET = re.compile(r"[（(][^（）()]*[）)]")
_COMPARES = re.compile("占(?!地|道|用|补)|[低高]于|少于|多于")
_MEASURED = re.compile(f"{INDICATOR}$|份额$")
_JOINT = re.compile("[、，和及与]")
_INDICATOR = re.compile(INDICATOR)
_INDICATOR_TAIL = re.compile(f"(的?[^，。；：、,;:（）A-Z]{{0,10}}?{INDICATOR}){ATTAINED}$")
_SERVED = re.compile("[为向](?!民)[^的]{2,6}")


def mended(text: str, spans: Sequence[Span]) -> list[Span]:
    """The sorted spans with every metric where it belongs; metrics that are none are gone."""
    found: list[Span] = []
    for index, span in enumerate(spans):
        if span.label == "METRIC":
            place = _place(text, spans, index)
            if place is not None:
                span = replace(span, start=place[0], end=place[1])
        if span.start < span.end:
            found.append(span)
    return found


def _place(text: str, spans: Sequence[Span], index: int) -> Range | None:
    """What the first rule that has something to say of a metric says."""
    for rule in _rules_for(text[spans[index].start]):
        place = rule(text, spans, index)
        if place is not None:
            return place
    return None


def label(text: str, spans: Sequence[Span], index: int) -> Range | None:
    """The label of a remark.

    + {M!|责任单位}：{O|县教育局} → —
    - {A|核定}{M!|责任单位}{Q|3家}
    """
    span = spans[index]
    named = _LABEL.fullmatch(text, span.start, span.end)
    return _nothing(span) if named and re.match(r"\s*[：:]", text[span.end :]) else None


def bracket(text: str, spans: Sequence[Span], index: int) -> Range | None:
    """A bracket without the noun that it explains.

    + {A|创建}示范点{Q|2家}{M!|（城东、城西）} → —
    - {A|创建}{M!|示范点（城东）}{Q|2家}
    """
    span = spans[index]
    alone = _BRACKET.fullmatch(text, span.start, span.end)
    return _nothing(span) if alone else None


def comparison(text: str, spans: Sequence[Span], index: int) -> Range | None:
    """What a share is taken of or compared with, behind the indicator itself.

    + {M|交流教师}{Q|120人}，{M!|占应交流人数}{Q|10%} → —
    + {M|失业率}{Q|3%}，{M!|低于控制目标}{Q|1个百分点} → —
    - {M!|占地面积}{Q|20亩}
    - {M!|占总人口比例}{Q|10%}
    """
    span = spans[index]
    words = text[span.start : span.end]
    compares = _COMPARES.match(words)
    return _nothing(span) if compares and not _MEASURED.search(words) else None


def modifier(text: str, spans: Sequence[Span], index: int) -> Range | None:
    """A word that only qualifies the noun behind it: the metric runs on to that noun's end.

    + {A|开工}{Q|3家}{M!|标准化}社区卫生服务中心（城东） → 标准化社区卫生服务中心
    + {A|获评}{Q|2家}{M!|国家级}“书香示范点”。 → 国家级“书香示范点”
    + {A|推进}{Q|3个}{M!|国家}与{Q|2个}{M|省级工作室}建设 → —
    - {A|建设}{Q|3个}{M!|标准化食堂}
    """
    span = spans[index]
    if text[span.start : span.end] not in _modifiers():
        return None
    stop = spans[index + 1].start if index + 1 < len(spans) else len(text)
    rest = text[span.end : stop]
    if not _touches_count(text, spans, index - 1, span.start) or re.match("[与和、及]", rest):
        return _nothing(span)
    quoted = re.match("“[^”]{2,20}”", rest)
    if quoted:
        return span.start, span.end + quoted.end()
    run = _RUN.match(rest)
    noun = _VERBAL.sub("", run[0]) if run else ""
    return (span.start, span.end + len(noun)) if noun.endswith(counted_nouns()) else None


def verb(text: str, spans: Sequence[Span], index: int) -> Range | None:
    """The verb of the task at the head of what it acquires.

    + {A|选拔}{M!|培养青年教师}{Q|10名} → 青年教师
    + ，{M!|新增托位}{Q|500个} → 托位
    - {M!|新增贷款}{Q|5亿元}
    - 全市{M!|新建住宅}{Q|20幢}
    """
    span = spans[index]
    following = spans[index + 1] if index + 1 < len(spans) else None
    if following is None or following.label != "QUANTITY" or following.start != span.end:
        return None
    opens = span.start == 0 or text[span.start - 1] in "，。；：、,;: "
    opens = opens or (index > 0 and _ends_verb(spans[index - 1], span.start))
    if not opens or sort_of_figure(text[following.start : following.end]) not in COUNTED:
        return None
    head = _verbs().match(text, span.start, span.end)
    if head is None or 0 < span.end - head.end() < 2:
        return None
    return head.end(), span.end


def joint(text: str, spans: Sequence[Span], index: int) -> Range | None:
    """A mark or a conjunction at the head of a metric: it stands within one that a count precedes.

    + {A|启动}{Q|20个}“互联网+”{M!|、人工智能示范中心}建设 → “互联网+”、人工智能示范中心
    + {A|修建}道路{M!|、桥梁}{Q|20座} → 桥梁
    - {A|修建}{M!|道路、桥梁}{Q|20座}
    """
    span = spans[index]
    head = _JOINT.match(text, span.start, span.end)
    if head is None or (head[0] not in "、，" and text[span.start + 1 : span.end] in ("谐", "平")):
        return None
    before = spans[index - 1] if index else None
    if before is not None and _touches_count(text, spans, index - 1, before.end):
        between = text[before.end : span.start]
        if re.fullmatch("“[^”]{1,20}”", between):
            return before.end, span.end
    return (head.end(), span.end) if head[0] in "、，" else None


def tail(text: str, spans: Sequence[Span], index: int) -> Range | None:
    """The indicator word that ends the metric's name before its figure.

    + {M!|综合医院}康复科设置比例达到{Q|40%} → 综合医院康复科设置比例
    + {M!|学生}体质合格率{A|提升}至{Q|95%} → 学生体质合格率
    - {M!|合格率}达到{Q|40%}
    """
    span = spans[index]
    words = text[span.start : span.end]
    stop = spans[index + 1] if index + 1 < len(spans) else None
    if stop is None or stop.label not in ("QUANTITY", "ACTION") or _INDICATOR.search(words[-2:]):
        return None
    rest = text[span.end : stop.start]
    end = _INDICATOR_TAIL.match(rest)
    if end is None:
        return None
    figure = next((s for s in spans[index + 1 :] if s.label == "QUANTITY"), None)
    if figure is None or re.search("[，。；：]", text[span.end : figure.start]):
        return None
    relative = sort_of_figure(text[figure.start : figure.end]) == "ratio"
    return (span.start, span.end + end.end(1)) if relative else None


def members(text: str, spans: Sequence[Span], index: int) -> Range | None:
    """The further members of what a share is taken of.

    + {Q|40%以上}的{M!|综合医院}、护理院和基层医疗机构成为示范点 → 综合医院、护理院和基层医疗机构
    - {Q|40%以上}的{M!|综合医院}和{O|市中医院}成为示范点
    - {Q|40%以上}的{M!|综合医院}、护理院，和谐发展
    """
    span = spans[index]
    before = spans[index - 1] if index else None
    if before is None or text[before.end : span.start] != "的":
        return None
    if sort_of_figure(text[before.start : before.end]) != "ratio":
        return None
    stop = spans[index + 1].start if index + 1 < len(spans) else len(text)
    more = _COORDINATION.match(text, span.end, stop)
    return (span.start, more.end()) if more else None


def served(text: str, spans: Sequence[Span], index: int) -> Range | None:
    """Whom bodies serve, at the head of a share's metric: it runs on to those bodies.

    + {Q|40%以上}{M!|为老年人}服务的机构{A|挂牌} → 为老年人服务的机构
    + {M!|为老年人}{A|提供}服务{Q|2次} → —
    - {Q|40%以上}{M!|为老年人服务的机构}{A|挂牌}
    - {M!|对外贸易额}{A|增长}{Q|5%}
    """
    span = spans[index]
    if _SERVED.fullmatch(text[span.start : span.end]) is None:
        return None
    stop = spans[index + 1].start if index + 1 < len(spans) else len(text)
    bodies = _SERVING.match(text, span.end, stop)
    return (span.start, bodies.end()) if bodies else _nothing(span)


RULES: tuple[Rule, ...] = (
    label,
    bracket,
    comparison,
    modifier,
    verb,
    joint,
    tail,
    members,
    served,
)


_OPENINGS: dict[Rule, str] = {
    label: "牵责配主协承参落实完",
    bracket: "（(",
    comparison: "占低高少多",
    joint: "、，和及与",
    served: "为向",
}
"""How a metric begins that a rule can mend, for those rules that look at its beginning."""


@cache
def _rules_for(opening: str) -> tuple[Rule, ...]:
    """The rules that can mend a metric which begins with the character."""
    return tuple(rule for rule in RULES if opening in _OPENINGS.get(rule, opening))


def _nothing(span: Span) -> Range:
    return span.start, span.start


def _ends_verb(before: Span, at: int) -> bool:
    return before.label == "ACTION" and before.end == at


def _touches_count(text: str, spans: Sequence[Span], index: int, at: int) -> bool:
    """Whether span `index` is a count that ends at `at`."""
    if index < 0 or spans[index].label != "QUANTITY" or spans[index].end != at:
        return False
    return sort_of_figure(text[spans[index].start : at]) in COUNTED


@cache
def counted_nouns() -> tuple[str, ...]:
    """How the nouns end that plans count: 项目, 幼儿园."""
    return read_lexicon("counted_nouns")


@cache
def _modifiers() -> frozenset[str]:
    return frozenset(read_lexicon("bare_modifiers"))


@cache
def _verbs() -> re.Pattern[str]:
    words = sorted(read_lexicon("acquiring_verbs"), key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, words))})(?!就业)")
