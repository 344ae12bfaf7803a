"""The guideline's rules of single spans, held against the tagger's."""

from __future__ import annotations

import pytest

from workplan.tag.tagger.law import obey
from workplan.types import Span


@pytest.mark.parametrize(
    ("metric", "kept"),
    [
        ("各县（市、区）规范管理率", "规范管理率"),
        ("各县(市)区规范管理率", "规范管理率"),
        ("全市公立医院", "公立医院"),
        ("我省就诊率", "就诊率"),
        ("全国文明城市", "全国文明城市"),
        ("市级河道", "市级河道"),
    ],
)
def test_words_that_only_say_where_are_no_part_of_a_metric(metric: str, kept: str) -> None:
    text = f"使{metric}达标"
    spans = obey(text, [Span(1, 1 + len(metric), "METRIC", 0.9)])
    assert [text[s.start : s.end] for s in spans] == [kept]
    assert spans[0].confidence == 0.9


@pytest.mark.parametrize("figure", ["12个", "三成", "x家", "xx.x%", "翻番", "约２万人"])
def test_a_quantity_with_a_numeral_stays(figure: str) -> None:
    assert obey(figure, [Span(0, len(figure), "QUANTITY")])


@pytest.mark.parametrize("figure", ["超越", "基本标准以上", "若干"])
def test_a_quantity_without_a_numeral_goes(figure: str) -> None:
    assert not obey(figure, [Span(0, len(figure), "QUANTITY")])
