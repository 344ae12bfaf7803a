"""Label-preserving changes of training sentences: figures masked, counts turned round,
organisations exchanged.

Drafts are published with their figures masked (新增x家), a count stands before its noun or behind
it (新增6个托位, 新增托位6个) as its author likes, and names of local bodies are endless; annotated
text has too little of each, and all are cheap to make. Mention replacement follows Dai and Adel
(2020), "An Analysis of Simple Data Augmentation for Named Entity Recognition".
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from workplan.train.corpus import Example
from workplan.types import Span

DIGIT = re.compile(r"[0-9]")
YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?=年)")

COUNT = re.compile(
    r"""(?: [约近超] | 超过 | 不少于 | 不低于 | 至少 )?
        [0-9x.两一二三四五六七八九十百千万亿\-—～至到]+ [多余来]? .{1,3}?
        (?: 以上 | 以下 | 左右 )?""",
    re.VERBOSE,
)
UNITS = frozenset("个家名人所座条处项件台套间辆支场期部栋幢户株艘眼口宗批门位本册篇款种类")
NOT_COUNTED = re.compile(
    r"""(?: 率 | 比例 | 占比 | 比重 | 强度 | 密度 | 额 | 数 | 时间 | 时长 | 期限 | 价 | 费 | 收入
          | 标准 | 水平 | 规模 | 面积 | 总?量 | 工资 | [增涨降]幅 | 浓度 | 度 | 指数 | 投资 | 收益
          | 能力 | 人次 | 产值 | 就业 | 调查 | 筛查 | 试点 | 改造 | 整治 | 体检 | 培训 | 检查 | 评估
          | 宣传 | 治理 | 建设 )$ | [、，]""",
    re.VERBOSE,
)
"""Metrics that only stand before their figure, and lists."""


def mask_figures(example: Example, random_: random.Random) -> Example:
    """Every Arabic digit in a QUANTITY or DEADLINE becomes x (or X, or ×), years 20xx; offsets
    stay."""
    mark = random_.choice("xxxX×")
    text = list(example.text)
    for span in example.spans:
        if span.label in ("QUANTITY", "DEADLINE"):
            piece = "".join(text[span.start : span.end])
            text[span.start : span.end] = DIGIT.sub(mark, piece)
    for year in YEAR.finditer("".join(text)):
        text[year.start() + 2 : year.end()] = [mark, mark]
    return Example(example.id, "".join(text), example.spans, weight=example.weight)


def turn(example: Example, random_: random.Random, rate: float = 0.5) -> Example:
    """Counts behind their nouns, each with probability `rate`, put before them."""
    spans, text = list(example.spans), example.text
    for place in range(1, len(spans) - 1):
        verb, metric, count = spans[place - 1 : place + 2]
        if _turns(text, verb, metric, count) and random_.random() < rate:
            first, second = text[count.start : count.end], text[metric.start : metric.end]
            text = text[: metric.start] + first + second + text[count.end :]
            middle = metric.start + len(first)
            spans[place] = Span(metric.start, middle, "QUANTITY", count.confidence)
            spans[place + 1] = Span(middle, count.end, "METRIC", metric.confidence)
    return Example(example.id, text, tuple(spans), weight=example.weight)


def _turns(text: str, verb: Span, metric: Span, count: Span) -> bool:
    """新建|托育机构|6家: the three touch, the noun is one that is counted, and nothing follows."""
    labels = (verb.label, metric.label, count.label)
    figure = text[count.start : count.end]
    return (
        labels == ("ACTION", "METRIC", "QUANTITY")
        and verb.end == metric.start
        and metric.end == count.start
        and not NOT_COUNTED.search(text[metric.start : metric.end])
        and COUNT.fullmatch(figure) is not None
        and any(unit in figure for unit in UNITS)
        and text[count.end : count.end + 1] in ("", *"，。；、,;：（(")
    )


def exchange(
    example: Example, label: str, names: Sequence[str], random_: random.Random, rate: float = 0.5
) -> Example:
    """Spans of `label` replaced, each with probability `rate`, by one of `names`."""
    text, spans, last = "", [], 0
    for span in example.spans:
        text += example.text[last : span.start]
        piece = example.text[span.start : span.end]
        if span.label == label and random_.random() < rate:
            piece = random_.choice(names)
        spans.append(Span(len(text), len(text) + len(piece), span.label, span.confidence))
        text += piece
        last = span.end
    return Example(example.id, text + example.text[last:], tuple(spans), weight=example.weight)


class Augmenter:
    """Draws a changed copy of a sentence; the same seed gives the same copies.

    `masked`, `turned` and `exchanged` are the shares of sentences (with such spans) that are
    changed.
    """

    def __init__(
        self,
        examples: Sequence[Example],
        *,
        masked: float = 0.1,
        turned: float = 0.3,
        exchanged: float = 0.3,
        seed: int = 0,
    ) -> None:
        self.masked, self.turned, self.exchanged = masked, turned, exchanged
        self._random = random.Random(seed)
        self._names = sorted(
            {
                example.text[span.start : span.end]
                for example in examples
                for span in example.spans
                if span.label == "ORG"
            }
        )

    def __call__(self, example: Example) -> Example:
        labels = {span.label for span in example.spans}
        if "ORG" in labels and self._names and self._random.random() < self.exchanged:
            example = exchange(example, "ORG", self._names, self._random)
        if "METRIC" in labels and self._random.random() < self.turned:
            example = turn(example, self._random, rate=0.8)
        if labels & {"QUANTITY", "DEADLINE"} and self._random.random() < self.masked:
            example = mask_figures(example, self._random)
        return example
