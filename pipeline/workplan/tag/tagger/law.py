"""What the guideline says of single spans without exception, held against the tagger's spans.

The network learns these rules from examples and breaks them now and then; here they are kept.
Each holds for every span of the corpus' training plans, or names how seldom it does not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from workplan.types import Span

NUMERAL = re.compile(r"[0-9０-９〇零一二两三四五六七八九十百千万亿半几xX×✕*○]|翻番|翻倍|成倍")
"""A QUANTITY holds a numeral, written or masked."""

BEFORE_METRIC = re.compile(
    r"""
    (?: 确保 | 力争 | 争取 | （[^（）]+） | \([^()]+\)
      | 全[市省县区州镇] | [我本][市省县区州镇委局]
      | 各(?:县|市|州|区|地|镇|乡|街道)(?:[、（(][县市州区乡镇街道、]+[）)]?)*[县市州区]? )
    (?=.{2})
    """,
    re.VERBOSE,
)
"""What stands at the head of a METRIC and is no part of it: words that only say where (全市, 我省,
各县（市）区) or how surely, and what a bracket adds to the verb before (招聘（选调）教师)."""

AGE = re.compile(r"[0-9xX×]\s*周?岁")
LIFESPAN = re.compile(r"寿命|年龄")
"""Ages (65周岁及以上) are no QUANTITY, years of life are (平均预期寿命81.2岁, 平均年龄46岁)."""

NO_BODY = re.compile(
    r"各(?:相关|有关)?部门 | 各地(?:区|各部门)? | (?:相关|有关)部门 | 国家 | 中央 | 地方 | 政府"
    r"| 中央财政 | 省市县级 | 各级.* | [我全][省市县区]",
    re.VERBOSE,
)
"""Never ORG, however they are used."""

INDICATOR = re.compile(
    r"""(?: 率 | 比例 | 占?比 | 比重 | 比值 | 份额 | 指数 | 系数 | 寿命 | [增涨降]幅 | 增速
          | 强度 | 浓度 | 密度 | 深度 | 依存度 | 成本 | 标准 | 能耗 | 住院日 )$
      | [人户亩生次]均 | 均次 | ^(?: 单位 | 每 | [百千万亿]元 )""",
    re.VERBOSE,
)
"""Where a sentence holds no QUANTITY, only such words are METRIC."""

PAST = re.compile(r"目前|去年|上年|以来|同期|周年")
"""Words of times that lie behind or only name something; none of them bounds a task."""

STOP = re.compile(r"[，,；;。]")
BRACKETS = {"（": "）", "(": ")", "“": "”"}
COUNTED = re.compile(r"[（(](?:含|[间套台件辆户名对个项只处座条次所家组盏株头艘幅枚张栋]+)[）)]")
"""A bracket that belongs to a QUANTITY holds a second classifier: 204万套（间）, 20人（含）以下."""


def obey(text: str, spans: Sequence[Span]) -> list[Span]:
    """The spans of one sentence with edges and labels as the guideline has them, in order."""
    mended = [span for span in (_mend(text, span) for span in _parted(text, spans)) if span]
    counts = {span.end for span in mended if span.label == "QUANTITY"}
    mended = [span for span in mended if not _lists_members(text, span, counts)]
    if any(span.label == "QUANTITY" for span in mended):
        return mended
    return [
        span
        for span in mended
        if span.label != "METRIC" or INDICATOR.search(text[span.start : span.end])
    ]


def _parted(text: str, spans: Sequence[Span]) -> list[Span]:
    """Metrics that run over a comma cut there; what stands before it stays where its number
    stands before it, too: 9个|专项行动，知晓率|达90%."""
    parted: list[Span] = []
    for span in spans:
        stop = STOP.search(text, span.start, span.end)
        if span.label == "METRIC" and stop:
            before = parted[-1] if parted else None
            if before and before.label == "QUANTITY" and before.end == span.start < stop.start():
                parted.append(replace(span, end=stop.start()))
            *_, last = STOP.finditer(text, span.start, span.end)
            span = replace(span, start=last.end())
        if span.start < span.end:
            parted.append(span)
    return parted


def _lists_members(text: str, span: Span, counts: set[int]) -> bool:
    """A METRIC alone in brackets right behind a figure names what was counted: 2家（柳河）."""
    enclosed = text[span.start - 1 : span.start] in ("（", "(") and text[span.end : span.end + 1]
    return span.label == "METRIC" and enclosed in ("）", ")") and span.start - 1 in counts


def _mend(text: str, span: Span) -> Span | None:
    closed = _closed(text, span)
    if closed is None:
        return None
    span = closed
    words = text[span.start : span.end]
    if span.label == "QUANTITY":
        return _quantity(text, span)
    if span.label == "ORG" and NO_BODY.fullmatch(words):
        return None
    if span.label == "DEADLINE":
        if PAST.search(words):
            return None
        stop = STOP.search(words)
        return replace(span, end=span.start + stop.start()) if stop and stop.start() else span
    if span.label == "METRIC":
        head = BEFORE_METRIC.match(text, span.start, span.end)
        return replace(span, start=head.end()) if head and head.end() < span.end else span
    return span


def _quantity(text: str, span: Span) -> Span | None:
    words = text[span.start : span.end]
    bracket = re.search(r"[（(]", words)
    if bracket and not COUNTED.search(words):
        span = replace(span, end=span.start + bracket.start())
    if span.start == span.end or not NUMERAL.search(text, span.start, span.end):
        return None
    age = AGE.search(text, span.start, min(len(text), span.end + 2))
    return None if age and not LIFESPAN.search(text, 0, span.start) else span


def _closed(text: str, span: Span) -> Span | None:
    """The span with the partner of a bracket or quotation mark that stands right beside it, and
    without one at its head or tail whose partner is farther away; without a pair that encloses
    the whole of it."""
    start, end = span.start, span.end
    open_: list[int] = []
    for place in range(start, end):
        mark = text[place]
        if mark in BRACKETS:
            open_.append(place)
        elif mark in BRACKETS.values():
            if open_ and BRACKETS[text[open_[-1]]] == mark:
                open_.pop()
            elif start == span.start > 0 and BRACKETS.get(text[start - 1]) == mark:
                start -= 1
            else:
                start, open_ = place + 1, []
    if len(open_) == 1 and text[end : end + 1] == BRACKETS[text[open_[0]]]:
        end += 1
    elif open_:
        end = open_[0]
        if end == start:
            start, end = open_[0] + 1, span.end
    enclosed = end - start > 2 and BRACKETS.get(text[start]) == text[end - 1]
    if enclosed and span.label != "DEADLINE":  # “五一” keeps its marks
        inside = text[start + 1 : end - 1]
        if not any(mark in inside for mark in (text[start], text[end - 1])):
            start, end = start + 1, end - 1
    return replace(span, start=start, end=end) if start < end else None
