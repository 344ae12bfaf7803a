"""Which figures make records, of which metric, by when and by whom."""

from __future__ import annotations

import pytest

from workplan.assemble import targets_of


def linked(marks, line: str) -> list[tuple[str, str | None, str | None]]:
    """Quantity, metric and deadline of every record of a marked sentence."""
    marked = marks(line)
    found = targets_of(marked.text, marked.spans, 2024)
    return [(target.quantity, target.metric, target.deadline) for target in found]


CASES = [
    # the indicator before, through a verb
    ("{M|入园率}{A|提高}到{Q|92%以上}。", [("92%以上", "入园率", None)]),
    # the noun counted after, and before
    ("{A|新建}{Q|6所}{M|幼儿园}。", [("6所", "幼儿园", None)]),
    ("{A|新增}{M|托位}{Q|约320个}。", [("约320个", "托位", None)]),
    ("{A|培育}{Q|一家}在规模、管理等方面领先的{M|龙头企业}。", [("一家", "龙头企业", None)]),
    # a list of pairs keeps its pairs
    (
        "{A|建设}{M|阅览室}{Q|3间}、{M|操场}{Q|2个}，{A|购置}{M|图书}{Q|5万册}。",
        [("3间", "阅览室", None), ("2个", "操场", None), ("5万册", "图书", None)],
    ),
    # the head is inherited
    (
        "{M|签约率}达到{Q|40%以上}，重点人群达{Q|70%}。",
        [("40%以上", "签约率", None), ("70%", "签约率", None)],
    ),
    # parallel figures of one metric
    (
        "{M|达标率}在省、市、县分别达到{Q|90%}、{Q|85%}、{Q|80%}。",
        [("90%", "达标率", None), ("85%", "达标率", None), ("80%", "达标率", None)],
    ),
    # one for one, and all together
    (
        "{M|巩固率}和{M|升学率}分别达到{Q|98%}和{Q|95%}。",
        [("98%", "巩固率", None), ("95%", "升学率", None)],
    ),
    (
        "{M|巩固率}和{M|升学率}均达到{Q|98%}。",
        [("98%", "巩固率和升学率", None)],
    ),
    (
        "{A|完成}{M|投资}{Q|8亿元}，{M|销售}{Q|3万平方米}，分别{A|增长}{Q|3%}和{Q|2%}。",
        [
            ("8亿元", "投资", None),
            ("3万平方米", "销售", None),
            ("3%", "投资", None),
            ("2%", "销售", None),
        ],
    ),
    # a verb with an object of its own takes no metric from the clause before
    (
        "{A|检查}{M|企业}{Q|30家}，{A|立案}{Q|4件}。",
        [("30家", "企业", None), ("4件", None, None)],
    ),
    # a figure in the same unit does
    (
        "{A|开工}{M|安置房}{Q|900套}，{A|建成}{Q|500套}。",
        [("900套", "安置房", None), ("500套", "安置房", None)],
    ),
    # no metric in the sentence: none is made up
    ("{A|投资}{Q|5亿元}{A|建设}校舍。", [("5亿元", None, None)]),
    # two touching figures count one noun
    ("{A|推出}{Q|15项}{Q|50条}{M|举措}。", [("15项", "举措", None), ("50条", "举措", None)]),
    # and so do two that share it
    (
        "{A|建设}{Q|3个}{M|重点学科}、{Q|2个}省级与{Q|4个}市级{M|工作室}。",
        [("3个", "重点学科", None), ("2个", "工作室", None), ("4个", "工作室", None)],
    ),
    # the deadline holds over “，”, until the next
    (
        "{D|6月底前}，{A|新建}{M|幼儿园}{Q|6所}，{M|入园率}达到{Q|92%}，{D|年底前}达到{Q|95%}。",
        [
            ("6所", "幼儿园", "6月底前"),
            ("92%", "入园率", "6月底前"),
            ("95%", "入园率", "年底前"),
        ],
    ),
    # two deadlines, two figures
    (
        "到{D|2025年}和{D|2030年}，{M|患病率}分别低于{Q|10%}和{Q|8%}。",
        [("10%", "患病率", "2025年"), ("8%", "患病率", "2030年")],
    ),
    # what is done already is not bound by it
    (
        "{D|今年}计划{A|建设}{M|绿道}{Q|40公里}，目前已{A|开工}{Q|30公里}。",
        [("40公里", "绿道", "今年"), ("30公里", "绿道", None)],
    ),
    # nor what follows a clause with a subject of its own
    (
        "{A|改善}条件，新校区{D|三季度}{A|启用}，{A|新增}{M|学位}{Q|900个}。",
        [("900个", "学位", None)],
    ),
    # a rhythm binds its own clause only
    (
        "{D|每月5日前}{A|更新}台账，{A|抽查}{M|台账}{Q|20份}。",
        [("20份", "台账", None)],
    ),
    # a deadline behind says when the same thing is ready
    ("{A|新建}{M|幼儿园}{Q|6所}，{D|9月底前}投入使用。", [("6所", "幼儿园", "9月底前")]),
    ("{A|关停}{M|摊点}{Q|6个}，{D|9月底前}{A|完成}资格审核。", [("6个", "摊点", None)]),
    ("已{A|建成}{M|绿道}{Q|90公里}，{D|9月底前}全线{A|贯通}。", [("90公里", "绿道", None)]),
]


@pytest.mark.parametrize(("line", "expected"), CASES)
def test_links(marks, line: str, expected: list[tuple[str, str | None, str | None]]) -> None:
    assert linked(marks, line) == expected


def test_baseline_goes_into_the_record_that_leaves_it(marks) -> None:
    marked = marks("{M|补助标准}由{Q|320元}{A|提高}到{Q|356元}。")
    (target,) = targets_of(marked.text, marked.spans, None)
    assert (target.value, target.baseline, target.unit) == (356, 320, "元")


def test_value_comparator_unit_and_due(marks) -> None:
    marked = marks("{D|2024年底前}{A|完成}{M|投资}{Q|不少于17.5亿元}。")
    (target,) = targets_of(marked.text, marked.spans, 2024)
    assert (target.comparator, target.value, target.unit) == ("ge", 1_750_000_000, "元")
    assert target.due is not None
    assert target.due.end == "2024-12-31"
    assert target.reasons == ()


def test_masked_figure_is_null_with_its_reason(marks) -> None:
    marked = marks("{A|新建}{M|幼儿园}{Q|x所}。")
    (target,) = targets_of(marked.text, marked.spans, None)
    assert target.value is None
    assert target.unit == "所"
    assert "x所" in target.reasons[0]


def test_missing_metric_is_named(marks) -> None:
    marked = marks("{A|投资}{Q|5亿元}。")
    (target,) = targets_of(marked.text, marked.spans, None)
    assert target.reasons == ("未找到“5亿元”对应的指标",)


def test_traditional_text_keeps_its_characters(marks) -> None:
    marked = marks("{D|年底前}{M|簽約率}{A|達到}{Q|４０％以上}，{A|新增}{M|托位}{Q|３００個}。")
    rate, places = targets_of(marked.text, marked.spans, 2024)
    assert (rate.metric, rate.quantity, rate.value, rate.unit) == ("簽約率", "４０％以上", 40, "%")
    assert (places.value, places.unit) == (300, "個")


def test_agents(marks) -> None:
    marked = marks(
        "{O|市教育局}、{O|市财政局}要{A|新建}{M|幼儿园}{Q|6所}，{A|向}{O|省教育厅}报送结果，"
        "{O|各县区}{A|改建}{M|食堂}{Q|9个}。"
    )
    first, second = targets_of(marked.text, marked.spans, None)
    assert first.orgs == ("市教育局", "市财政局")
    assert second.orgs == ("各县区",)


def test_spans_locate_the_parts(marks) -> None:
    marked = marks("{D|年底前}{M|入园率}{A|达到}{Q|92%}。")
    (target,) = targets_of(marked.text, marked.spans, 2024)
    cut = {name: marked.text[start:end] for name, (start, end) in target.spans.items()}
    assert cut == {"quantity": "92%", "metric": "入园率", "deadline": "年底前"}


def test_a_metric_is_no_comparator(marks) -> None:
    marked = marks("{A|添置}{M|彩超}{Q|一台}、{M|车辆}{Q|2辆}。")
    targets = targets_of(marked.text, marked.spans, None)
    assert [target.comparator for target in targets] == ["eq", "eq"]


def test_a_count_of_times_keeps_its_unit(marks) -> None:
    marked = marks("{A|接种}{M|流感疫苗}{Q|5万剂次以上}，{A|检查}{M|车辆}{Q|900辆次}。")
    targets = targets_of(marked.text, marked.spans, None)
    assert [target.unit for target in targets] == ["剂次", "辆次"]
