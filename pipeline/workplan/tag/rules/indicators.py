"""METRIC: what a quantity counts or measures."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workplan.tag.rules import actors, dates, numbers  # noqa: F401  (their votes are read here)
from workplan.tag.rules.function import Stretch, found, votes_against, votes_for
from workplan.tag.rules.lexicons import one_of
from workplan.tag.rules.phrases import noun_after, noun_before, rate_before
from workplan.tag.rules.reading import Reading

_INDICATOR = re.compile(one_of("indicators"))


@votes_for("METRIC")
def known_indicator(reading: Reading) -> Iterator[Stretch]:
    """An indicator by its usual name.

    Example: [森林覆盖率]达到21%，[城镇新增就业]1000万人。
    Counter-example: 扩大森林面积。
    """
    for match in _INDICATOR.finditer(reading.text):
        if match.end() in reading.edges and not _goes_on(reading, match.end()):
            yield rate_before(reading, match.end(), match.start())


def _goes_on(reading: Reading, end: int) -> bool:
    """Whether a noun behind `end` makes a longer name of what stands before."""
    word = next((word for word in reading.words if word.start == end), None)
    return word is not None and word.tag in ("n", "nz") and word.text not in ("年底", "全年")


_ENDING = re.compile(one_of("indicator-endings"))


@votes_for("METRIC")
def rate_or_ratio(reading: Reading) -> Iterator[Stretch]:
    """A noun phrase that ends in 率, 比例, 占比, 指数 and the like, with or without a figure.

    Example: 提高[门诊预约率]，降低[百元医疗收入药占比]。
    Counter-example: 提高办事效率，率先突破。
    """
    edges = reading.edges
    for match in _ENDING.finditer(reading.text):
        if match.end() in edges and not _NO_RATE.search(reading.text, 0, match.end()):
            start, end = rate_before(reading, match.end(), match.start())
            if end - start > 1:
                yield start, end


_NO_RATE = re.compile(
    r"(?:效率|频率|汇率|利率|税率|费率|力度|功率|概率|表率|速率|一定比例|强度(?<!投入强度)|按比例)$"
)


@votes_for("METRIC")
def per_head_figure(reading: Reading) -> Iterator[Stretch]:
    """A noun phrase with 人均 or 均 in front of it.

    Example: [人均基本公共卫生服务经费]不低于79元，[门诊次均费用]下降。
    Counter-example: 人均79元。
    """
    for match in _PER_HEAD.finditer(reading.text):
        _, end = noun_after(reading, match.end())
        if end > match.end():
            yield rate_before(reading, end, match.start())


_PER_HEAD = re.compile(r"(?:人均|次均|户均|亩均|床均|生均|均次)(?!\d)")


@votes_for("METRIC")
def noun_before_its_value(reading: Reading) -> Iterator[Stretch]:
    """The noun phrase in front of 达到, 提高到, 增长 and a quantity.

    Example: [规范管理率]提升至85%，[工业产值]同比增长8%。
    Counter-example: 新增4家医院。
    """
    for start, _ in found(reading, "QUANTITY"):
        bridge = _BRIDGE.search(reading.text, max(0, start - 30), start)
        if bridge is not None and bridge.start() < start:
            yield noun_before(reading, bridge.start())


_CHANGE = (
    r"(?:增长|增加|减少|下降|提高|提升|上升|降低|缩短|缩小|扩大|控制|稳定|保持|压减|压缩|上涨|回升|回落|下调|上调|维持|降|升|增|减|完成|达成|实现|突破|达到|达|为|占|是|在|由|从"
    r"|安排|新增|优于|位列|涨|跌|调整|超出|接近|翻)"
)
_BRIDGE = re.compile(
    rf"(?:(?:分别|均|都|已|首次|连续|常年|已经|将|要|应|力争|争取|确保|预计|预期|拟|同比|环比|实际|名义|年均|月均|平均|每年|累计|总体|稳定|基本|大幅|再|共|逐步|首次|全部|全年"
    rf"|年底|有望|可|不得|较|比|与)(?:去年|上年|上年同期|去年同期|同期|20\d\d年(?:同期|底)?|“[一二三十]+五”末)?)*"
    rf"(?:(?:由|从)(?:(?:19|20)\d\d年(?:初|底|末)?的?|目前的|原来的)?|(?:{_CHANGE}(?:到|至|了|在|为)?){{1,2}})$"
)


@votes_for("METRIC")
def noun_touching_its_count(reading: Reading) -> Iterator[Stretch]:
    """The noun phrase right in front of a quantity.

    Example: 新建[健康社区]50个，新增[机动车泊位]不少于3000个。
    Counter-example: 完成50个健康社区建设。
    """
    for start, end in found(reading, "QUANTITY"):
        before = start
        while before and reading.text[before - 1] in "共约达 为":
            before -= 1
        if not _COUNTS_ON.match(reading.text, end) or _MONEY.search(reading.text[start:end]):
            first, last = noun_before(reading, before)
            if last - first > 1:
                yield first, last


_COUNTS_ON = re.compile(r"的?[一-龥]")
_MONEY = re.compile(r"元(?:以[上下内])?$|[%％]")


@votes_for("METRIC")
def noun_behind_its_count(reading: Reading) -> Iterator[Stretch]:
    """The noun phrase right behind a counted quantity.

    Example: 新增4家[婴幼儿照护服务机构]，遴选10名[骨干医师]。
    Counter-example: 新增婴幼儿照护服务机构4家。
    """
    starts = {start for start, _ in found(reading, "QUANTITY")}
    for start, end in found(reading, "QUANTITY"):
        if not _SHARE.search(reading.text[start:end]) and end not in starts:
            yield noun_after(reading, end)


_SHARE = re.compile(r"[%％‰成倍](?:以[上下内]|左右)?$|百分点|元(?:以[上下内]|左右)?$")


@votes_for("METRIC")
def noun_of_a_share(reading: Reading) -> Iterator[Stretch]:
    """The noun phrase behind a share and 的.

    Example: 覆盖80%以上的[行政村]，安排2亿元[专项资金]。
    Counter-example: 覆盖率达到80%以上。
    """
    for start, end in found(reading, "QUANTITY"):
        if _SHARE.search(reading.text[start:end]):
            yield noun_after(reading, end)


@votes_for("METRIC")
def shared_quantities(reading: Reading) -> Iterator[Stretch]:
    """Nouns joined in front of 分别.

    Example: [入学率]和[巩固率]分别达到99%和95%。
    Counter-example: 分别召开会议。
    """
    for match in _RESPECTIVELY.finditer(reading.text):
        end = match.start()
        for _ in range(4):
            start, stop = noun_before(reading, end)
            if start == stop:
                break
            yield start, stop
            if start == 0 or reading.text[start - 1] not in "、和与及":
                break
            end = start - 1


_RESPECTIVELY = re.compile(r"分别(?=[^，。；]{0,12}\d)")


@votes_against("METRIC")
def general_quality(reading: Reading) -> Iterator[Stretch]:
    """Words for quality in general.

    Example: 提升[服务水平]、[保障能力]和[群众满意度]。
    Counter-example: 提高签约率。
    """
    yield from (match.span() for match in _QUALITY.finditer(reading.text))


_QUALITY = re.compile(
    r"[一-龥]{2}(?:水平|能力|质量|力度|效率|体系|机制|制度|意识|满意度|覆盖面|获得感)(?![一-龥]{0,6}[\d达提控])"
)


@votes_against("METRIC")
def figure_of_speech(reading: Reading) -> Iterator[Stretch]:
    """Nouns after a number in quoted names.

    Example: 健全“1+3+[N]”[体系]，落实“三项[制度]”。
    Counter-example: 新建3所学校。
    """
    yield from (match.span(1) for match in _QUOTED_NOUN.finditer(reading.text))
    yield from (match.span(1) for match in _BEHIND_QUOTE.finditer(reading.text))


_QUOTED_NOUN = re.compile(
    r"“[^”\d]{0,4}[\d一二三四五六七八九十两]+(?:个|项|大|\+\d\+)?([一-龥A-Z]+)”"
)
_BEHIND_QUOTE = re.compile(r"“[\d+＋NXnx]+”([一-龥]{2})")
