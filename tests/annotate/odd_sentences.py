"""Sentences with known spans, many of them with characters that break offsets elsewhere."""

from __future__ import annotations

from itertools import product

from workplan.train.corpus import Example
from workplan.types import Span

BODIES = ("县水利局", "各乡镇人民政府", "区教育局", "市民政局", "𠮷川县农业农村局")
ACTS = ("新建", "改造", "完成", "培育")
THINGS = (("灌溉泵站", "３座"), ("“四好农村路”", "12.5公里"), ("养老床位", "不少于200张"))
TIMES = ("年内", "６月底前", "2026年底前")
MARKS = ("", "😀", "\u2028", "👩‍👧", "（试点）", "𠮷", "\u3000", "①", "é")
"""What stands between the body and the rest: a mark that shifts, joins or ends lines elsewhere."""


def odd_sentences(count: int) -> list[Example]:
    """`count` different sentences with their gold spans, as of plans of twenty sentences."""
    examples = []
    for number, (time, (thing, quantity), act, body) in enumerate(
        product(TIMES, THINGS, ACTS, BODIES)
    ):
        # 180 combinations; the mark changes with the number, so that more are different too.
        examples.append(
            _sentence(number, body, MARKS[number % len(MARKS)], time, act, thing, quantity)
        )
    for number in range(len(examples), count):
        examples.append(
            _sentence(number, BODIES[number % 5], f"第{number}条，", "年内", "巡查", "山塘", "8处")
        )
    return examples[:count]


def _sentence(
    number: int, body: str, mark: str, time: str, act: str, thing: str, quantity: str
) -> Example:
    text, spans = "", []
    for words, label in (
        (body, "ORG"), (mark, ""), (time, "DEADLINE"), (act, "ACTION"), (thing, "METRIC"),
        (quantity, "QUANTITY"), ("。", ""),
    ):  # fmt: skip
        if label:
            spans.append(Span(len(text), len(text) + len(words), label))
        text += words
    return Example(
        f"odd-{number // 20}-{number:03d}", text, tuple(spans), plan=f"odd-{number // 20}"
    )
