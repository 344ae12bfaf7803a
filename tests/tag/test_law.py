"""The guideline's rules of single spans, held against the tagger's."""

from __future__ import annotations

from pathlib import Path

import pytest

from workplan.read import fold
from workplan.tag.tagger.law import obey
from workplan.train.corpus import read_corpora
from workplan.types import Span

CORPUS = Path(__file__).parents[2] / "annotations"


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
    text = f"使{metric}提高2%"
    figure = Span(len(text) - 2, len(text), "QUANTITY")
    spans = obey(text, [Span(1, 1 + len(metric), "METRIC", 0.9), figure])[:1]
    assert [text[s.start : s.end] for s in spans] == [kept]
    assert spans[0].confidence == 0.9


@pytest.mark.parametrize("figure", ["12个", "三成", "x家", "xx.x%", "翻番", "约２万人"])
def test_a_quantity_with_a_numeral_stays(figure: str) -> None:
    assert obey(figure, [Span(0, len(figure), "QUANTITY")])


@pytest.mark.parametrize("figure", ["超越", "基本标准以上", "若干"])
def test_a_quantity_without_a_numeral_goes(figure: str) -> None:
    assert not obey(figure, [Span(0, len(figure), "QUANTITY")])


@pytest.mark.parametrize(
    ("label", "text", "span", "kept"),
    [
        ("QUANTITY", "面向65周岁及以上老人", "65周岁及以上", None),
        ("QUANTITY", "面向16—24岁青年", "16—24岁", None),
        ("QUANTITY", "平均预期寿命达到81.2岁", "81.2岁", "81.2岁"),
        ("QUANTITY", "建成2个(柳河)", "2个(柳河)", "2个"),
        ("QUANTITY", "筹集房源3万套（间）", "3万套（间）", "3万套（间）"),
        ("ORG", "各部门要支持", "各部门", None),
        ("ORG", "各县（市）区卫健局要支持", "各县（市）区卫健局", "各县（市）区卫健局"),
        ("ORG", "（市卫健委牵头", "（市卫健委", "市卫健委"),
        ("ORG", "设站点（市卫健委）", "（市卫健委）", "市卫健委"),
        ("ORG", "“长者之家”（东院）等", "“长者之家”（东院）", "“长者之家”（东院）"),
        ("DEADLINE", "1月1日至6月底，对企业补贴", "1月1日至6月底，对企业", "1月1日至6月底"),
        ("DEADLINE", "目前已有两家", "目前", None),
        ("METRIC", "招聘（选调）技术人员2名", "（选调）技术人员", "技术人员"),
        ("METRIC", "确保（公办）床位使用率达2名", "床位使用率", "床位使用率"),
        ("METRIC", "引进博士（含副高）2名", "博士（含副高）", "博士（含副高）"),
        ("METRIC", "新增2家“暖心家园”示范点", "家园”示范点", "示范点"),
        ("METRIC", "新增2家“暖心家园”示范点", "暖心家园”示范点", "“暖心家园”示范点"),
        ("METRIC", "新增2家全国“暖心家园”", "全国“暖心家园", "全国“暖心家园”"),
        ("METRIC", "新建2家（柳河、新桥）", "柳河、新桥", None),
        ("METRIC", "培训2名骨干，知晓率达九成", "骨干，知晓率", "骨干 知晓率"),
        ("METRIC", "表扬2名，骨干，知晓率达九成", "骨干，知晓率", "知晓率"),
    ],
)
def test_edges_and_words_that_the_guideline_rules_out(
    label: str, text: str, span: str, kept: str | None
) -> None:
    start = text.index(span)
    figures = [Span(i, i + 2, "QUANTITY") for i in (text.find("2名"), text.find("2家")) if i >= 0]
    found = obey(text, sorted([*figures, Span(start, start + len(span), label)]))
    assert [text[s.start : s.end] for s in found if s not in figures] == (kept or "").split()


@pytest.mark.parametrize(
    ("sentence", "metric", "stays"),
    [
        ("提高家庭医生签约率", "家庭医生签约率", True),
        ("控制人均医疗费用增长", "人均医疗费用", True),
        ("扩大高校毕业生就业", "高校毕业生", False),
        ("高校毕业生新增300人就业", "高校毕业生", True),
    ],
)
def test_without_a_figure_only_indicators_are_metrics(
    sentence: str, metric: str, stays: bool
) -> None:
    start = sentence.index(metric)
    spans = [Span(start, start + len(metric), "METRIC")]
    if "300人" in sentence:
        spans.append(Span(sentence.index("300人"), sentence.index("300人") + 4, "QUANTITY"))
    assert any(span.label == "METRIC" for span in obey(sentence, spans)) is stays


def test_the_corpus_obeys_the_law() -> None:
    """Hand-made labels come through unchanged: the rules cost no right span."""
    for example in read_corpora([str(CORPUS / "test.jsonl"), str(CORPUS / "dev.jsonl")]):
        assert obey(fold(example.text), example.spans) == list(example.spans), example.id
