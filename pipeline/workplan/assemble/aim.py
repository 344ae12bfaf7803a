"""Which quantities state an aim or a result, and so make a record; the rest only describe.

Each rule names one reason for a quantity to make none. Its docstring gives an example and a
counter-example, with brackets around the quantity meant; tests/assemble runs both. What the
rules were measured against stands in README.md beside this file.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from workplan.assemble.layout import COUNTED, Layout, Range
from workplan.normalise import baseline_of, read_quantity

Rule = Callable[[Layout, int], bool]

_BOUND = re.compile("以[上下内]|[超大小高低]于|超过|不[超满足少低高]|未?满")

_CASES = re.compile("M|[大中小]?城市|县|乡镇|村|企业|单位|家庭|项目|农村|地区|机构|医院|学校|小区")
_THERE_IS = re.compile("[共现仅尚下]有|辖|(?:全[县镇乡村区院校]|境内|[沿山河])有")
_FUNDS = re.compile("[款金费资补贴奖债额值]$|投入|收入|支出|资金|贷款")

SUMMED = ("部门", "部委", "方面", "领域", "场景", "环节", "省区", "专项附加扣除")
"""Nouns that a number after 等 only sums up, however many the list leaves out."""

SCOPE_FACTOR = 12
"""A count of more than so many times the items named before 等 goes beyond them: it is the
scope of the work (A、B等232个项目), not the sum of the list."""


def without_aim(layout: Layout, index: int) -> str | None:
    """The name of the first rule by which quantity `index` makes no record; None: it makes one."""
    return next((rule.__name__.strip("_") for rule in RULES if rule(layout, index)), None)


def formula(layout: Layout, index: int) -> bool:
    """A factor of a formula: 床位使用率=占用床日数/开放床日数×[100%]. Not: 覆盖率达[100%]."""
    return bool(re.search(r"[×x*＝=/÷]$", layout.before(layout.quantities[index][0])))


def baseline(layout: Layout, index: int) -> bool:
    """The level that a change starts from: 由[320元]提高到356元. Not: 由320元提高到[356元]."""
    places = layout.quantities
    here = places[index]
    if any(baseline_of(layout.text, later, places) == here for later in places[index + 1 :]):
        return True
    return bool(
        re.search("以[^，；]{0,25}$", _clause_before(layout, here))
        and re.match("为(?:基数|基准|基础)", layout.after(here[1]))
    )


def list_sum(layout: Layout, index: int) -> bool:
    """A count that sums up the list before it: 甲县、乙县等[2个]县. Not: 甲县等[30个]县."""
    here = layout.quantities[index]
    clause = _clause_before(layout, here)
    named = re.search(r"等(?:全国|全省|全市|全县|[东中西]部)?$", clause)
    if layout.kind(here) not in COUNTED:
        return False
    listed = re.split("[、和与及]", clause)
    items = len(listed)
    value, noun = _whole(layout, here), _noun(layout, here)
    if not named:
        apart = re.search("[MQA]$|O.", listed[-1])
        return items > 1 and items == value and not apart
    if noun.endswith(SUMMED):
        return True
    if value is not None and value > SCOPE_FACTOR * items:
        return False
    if clause[: named.start()].endswith("O"):
        return True
    if items < 2:
        return False
    acted_on = "A" in clause or re.match("[^，；。]*A", layout.after(here[1]))
    return not acted_on or (value is not None and value <= items)


def announced(layout: Layout, index: int) -> bool:
    """A count of what is listed next: 采取[三项]措施：一是…. Not: 实施[三项]工程，…."""
    here = layout.quantities[index]
    metric = layout.counted(here)
    rest = layout.after(metric[1] if metric else here[1])
    return layout.kind(here) in COUNTED and bool(re.match("：|:|（[^）]*）：", rest))


def aspects(layout: Layout, index: int) -> bool:
    """A count of aspects: 围绕[4个]方面推出15条举措. Not: 建设[4个]中心."""
    here = layout.quantities[index]
    return _noun(layout, here) in ("方面", "大方面") and layout.kind(here) in COUNTED


def condition(layout: Layout, index: int) -> bool:
    """What a case must fulfil: 常住人口[5万人以上]的县. Not: 覆盖[80%以上]的县."""
    here = layout.quantities[index]
    rest = layout.after(here[1])
    if re.match("[^，。；A]{0,20}的[，；：]", rest):
        return True
    if not _BOUND.search(layout.words(here)) or re.match("的?(?:目标|任务|要求|水平|规模)", rest):
        return False
    metric = layout.measured(here)
    if metric is None or layout.outline(metric[1], here[0]).strip("在达到为"):
        return _sized(layout, index)
    if re.match("的|且", rest):
        return True
    return layout.kind(here) != "ratio" and bool(_CASES.match(rest) or _sized(layout, index))


def _sized(layout: Layout, index: int) -> bool:
    """Whether the figure gives the size of what another one counts, or of a case: 淘汰
    [35蒸吨以下]锅炉52台, [5亿元以上]的项目由…; not 处[10万元以下]的罚款."""
    here, rest = layout.quantities[index], layout.after(layout.quantities[index][1])
    kind, noun = layout.kind(here), layout.counted(here)
    if kind not in ("money", "measure", "time", "people", "count"):
        return False
    if noun is None:
        named = re.search("[^，。；：、（A-Z的在达到为]$", layout.before(here[0]))
        follows = re.match("的?[^，。；：、）（A-Z的和与及]", rest)
        return kind == "measure" and bool(named and follows)
    if index + 1 < len(layout.quantities):
        following = layout.quantities[index + 1]
        if (
            noun[1] <= following[0]
            and layout.outline(noun[1], following[0]).strip("达到为共") == ""
        ):
            return layout.kind(following) in COUNTED
    if kind == "money":
        return not re.search(_FUNDS, layout.words(noun))
    return kind == "measure" and not layout.before(here[0]).endswith("A")


def duration(layout: Layout, index: int) -> bool:
    """How long or how often something went on: 连续[5年]增长. Not: 办理时限压缩[5天]."""
    here = layout.quantities[index]
    words, rest = layout.words(here), layout.after(here[1])
    if layout.before(here[0]).endswith("连续"):
        return True
    if layout.kind(here) != "time":
        return False
    cue = "(?:提前|历[经时]|步行|经过|近|仅|满|未满)$"
    if re.search(cue, layout.before(here[0])) or re.match("未?满|24小时$", words):
        return True
    if layout.measured(here) is None and _BOUND.search(words):
        return bool(re.match("M|的?[^，。；：、）A-Z在内]", rest))
    return rest.startswith("范围")


def existing(layout: Layout, index: int) -> bool:
    """What there is, without anything done: 全镇共有[9个]村. Not: 建成[9个]公园."""
    if layout.actions:
        return False
    return bool(_THERE_IS.search(layout.before(layout.quantities[index][0])))


def inner(layout: Layout, index: int) -> bool:
    """A count inside another phrase: [102项]工程涉及的5000个项目. Not: [17个]省的43个县."""
    here = layout.quantities[index]
    rest = layout.after(here[1])
    if _sorted_out(layout, index):
        return True
    return layout.kind(here) in COUNTED and bool(
        re.match("M?(?:涉及的|中，|之一|的大国|外，)", rest)
    )


def referred(layout: Layout, index: int) -> bool:
    """A count of what was said before: 这[两项]工程. Not: 建设[两项]工程."""
    here = layout.quantities[index]
    return bool(re.search("(?:[这该]|上述|下列|以下|前述|其[他余])$", layout.before(here[0])))


def share_base(layout: Layout, index: int) -> bool:
    """What a share is taken of: 总投资[5亿元]的2/3. Not: 总投资[5亿元]的项目."""
    places = layout.quantities
    if index + 1 == len(places) or layout.outline(places[index][1], places[index + 1][0]) != "的":
        return False
    return layout.kind(places[index + 1]) in ("ratio", "times", "bare")


def _sorted_out(layout: Layout, index: int) -> bool:
    """三大类35个事项: the first counts classes; 17万个20户以上的村: the second is a condition."""
    here, places = layout.quantities[index], layout.quantities
    if re.search("大?类$", layout.words(here)) and layout.after(here[1]).startswith("Q"):
        return True
    return (
        index > 0
        and places[index - 1][1] == here[0]
        and bool(re.search("以[上下]$", layout.words(here)))
    )


def scope(layout: Layout, index: int) -> bool:
    """Whose indicator is measured: [21个]试验区实际使用外资增长3%. Not: [21个]试验区挂牌."""
    here = layout.quantities[index]
    noun = layout.counted(here)
    if noun is None or layout.kind(here) not in COUNTED:
        return False
    return layout.outline(noun[1], len(layout.text)).startswith("M")


RULES: tuple[Rule, ...] = (
    formula,
    baseline,
    announced,
    aspects,
    list_sum,
    condition,
    duration,
    existing,
    inner,
    referred,
    share_base,
    scope,
)


def _clause_before(layout: Layout, place: Range) -> str:
    """The outline from the last mark to the place."""
    return re.split("[，；。：]", layout.before(place[0]))[-1]


def _noun(layout: Layout, quantity: Range) -> str:
    metric = layout.counted(quantity)
    return layout.words(metric) if metric else ""


def _whole(layout: Layout, quantity: Range) -> float | None:
    value = read_quantity(layout.words(quantity)).value
    return value if isinstance(value, int | float) else None
