"""QUANTITY: numbers with their units and comparators."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workplan.tag.rules.amounts import (
    BOUND,
    CHINESE,
    COMPARATOR,
    COUNTER,
    DIGITS,
    DURATION,
    MASK,
    MASKED_NUMBER,
    MEASURE,
    NUMBER,
    PER,
    SHARE,
    THROUGH,
    UNIT,
    amount,
)
from workplan.tag.rules.function import Stretch, votes_against, votes_for
from workplan.tag.rules.reading import Reading

_PERCENTAGE = re.compile(amount(NUMBER, SHARE), re.VERBOSE)


@votes_for("QUANTITY")
def percentage(reading: Reading) -> Iterator[Stretch]:
    """A figure in per cent, per mille or percentage points.

    Example: 规范管理率提升至[85%以上]。
    Example: 增长[6.5%—7%]，占比提高[1.2个百分点]。
    Counter-example: 由第三方机构实施百分制考核。
    """
    yield from _matches(_PERCENTAGE, reading)


# What behind a classifier makes it part of another word: 3个月, 8部门, 2人民币.
_UNIT_GOES_ON = r"""(?! 年 | 月 | 日 | 号 | 级 | 岁 | 版 | 届 | 钟 | 目 | 时代 | 百分点 | 工作日
    | 小时 | 季度 | 学期 | (?<=部)[门委] | (?<=人)民币 | (?<=城)市 | (?<=节)约 | (?<=家)庭
    | (?<=件)套 )"""
_COUNTED = re.compile(
    amount(NUMBER, rf"{COUNTER}|期(?!工程|间|末|内|满|限)") + _UNIT_GOES_ON, re.VERBOSE
)


@votes_for("QUANTITY")
def counted(reading: Reading) -> Iterator[Stretch]:
    """Arabic figures before a classifier.

    Example: 新建标准化站点[不少于12个]，培训骨干[近2万人次]。
    Counter-example: 第12次全体会议审议规划，落实“14项行动”。
    """
    yield from _matches(_COUNTED, reading)


_MEASURED = re.compile(amount(NUMBER, MEASURE) + r"(?![级钟])", re.VERBOSE)


@votes_for("QUANTITY")
def measured(reading: Reading) -> Iterator[Stretch]:
    """Arabic figures before a unit of money, length, area, mass or energy.

    Example: 补助标准提高到[每人每年79元]，完成投资[17.5亿元]。
    Counter-example: 推进5G网络建设。
    """
    yield from _matches(_MEASURED, reading)


_LARGE = re.compile(
    rf"""
    {COMPARATOR}?
    (?> {DIGITS}[多余几]?[百千万亿]+[多余]? (?:{THROUGH}{DIGITS}[百千万亿]+)? {BOUND} )
    (?! {UNIT} | [年月日级%％] )
    """,
    re.VERBOSE,
)


@votes_for("QUANTITY")
def magnitude_without_unit(reading: Reading) -> Iterator[Stretch]:
    """A large number whose unit is left out.

    Example: 服务老年人[约6000万以上]。
    Counter-example: 培训500人。
    """
    yield from _matches(_LARGE, reading)


_CHINESE_COUNTED = re.compile(
    rf"""
    (?:{COMPARATOR}|{PER})? (?<![第前每一二三四五六七八九十百千两\d])
    (?: [二三四五六七八九两十][一二三四五六七八九十百千万亿]* | 百 | 千 | 上[百千] | 数[十百千] )
    [多余]? {COUNTER} {BOUND} {_UNIT_GOES_ON}
    """,
    re.VERBOSE,
)


@votes_for("QUANTITY")
def chinese_counted(reading: Reading) -> Iterator[Stretch]:
    """Chinese numerals from two up before a classifier.

    Example: 遴选[三家]医院参加试点，抓好[五个]环节。
    Counter-example: 完善两级管理，贯彻党的二十大精神。
    """
    for start, end in _matches(_CHINESE_COUNTED, reading):
        if not _CONGRESS.search(reading.text, max(0, start - 2), start):
            yield start, end


_CONGRESS = re.compile(r"党的$|[十届、]$|中共$")
_GREAT = re.compile(
    r"""
    (?<![第一二三四五六七八九十届的])
    (?: [二三四五六七八九两十][一二三四五六七八九十]* | \d+ ) 大
    (?! [会学力局型量陆洲小众洋坝桥厦师赛湾街道] | 数据 | 报告 | 精神 | 以来 | 召开 )
    """,
    re.VERBOSE,
)


@votes_for("QUANTITY")
def great_counted(reading: Reading) -> Iterator[Stretch]:
    """A number before 大, which counts pillars, fields, actions.

    Example: 聚焦[四大]重点产业。
    Counter-example: 学习贯彻党的二十大精神。
    """
    yield from _matches(_GREAT, reading)


_BARE = re.compile(
    rf"""
    (?: {DIGITS} | (?<![第十百])[二两三四五六七八九十]+ )
    (?= 部[门委] | 省市 | 省份 | 市县 | 省[（(] | 大洲 | (?<=[等市委部局会厅院办])单位 )
    """,
    re.VERBOSE,
)


@votes_for("QUANTITY")
def without_classifier(reading: Reading) -> Iterator[Stretch]:
    """A number that stands before departments or provinces without a classifier.

    Example: 市教育局等[八]部门联合印发方案。
    Counter-example: 八个部门联合印发方案。
    """
    yield from _matches(_BARE, reading)


_ONE = re.compile(
    rf"""
    {COMPARATOR}? (?<![第统十百千万\d之进]) 一
    (?: [家所名人支座处辆张倍半台套间户亿万] | 个百分点 )
    {BOUND} (?![一把次体])
    """,
    re.VERBOSE,
)


@votes_for("QUANTITY")
def chinese_one(reading: Reading) -> Iterator[Stretch]:
    """One, before a classifier that still counts (一个 and 一批 seldom do).

    Example: 每县至少建成[一所]标准化托育机构。
    Counter-example: 推进一体化建设，打造一批示范项目。
    """
    yield from _matches(_ONE, reading)


@votes_for("QUANTITY")
def so_often(reading: Reading) -> Iterator[Stretch]:
    """How often in a period something is done.

    Example: 每半年开展[一次]应急演练，每月召开[两次]例会。
    Counter-example: 发放一次性补贴，每年一次性结清。
    """
    yield from (match.span(1) for match in _OFTEN.finditer(reading.text))


_OFTEN = re.compile(r"每[^，。；]{1,12}?([一两三][次场](?!性))")
_MASKED = re.compile(
    rf"{amount(MASKED_NUMBER, f'{UNIT}|{SHARE}')} | {COMPARATOR}?{MASK}[百千万亿]+{BOUND}",
    re.VERBOSE,
)


@votes_for("QUANTITY")
def masked(reading: Reading) -> Iterator[Stretch]:
    """A figure that the publisher masked with x.

    Example: 新增护理院[xx家]，结案率达到[xx.xx%]，培训[xx万人次]。
    Counter-example: 推广使用XML接口。
    """
    yield from _matches(_MASKED, reading)


@votes_for("QUANTITY")
def decimal_without_unit(reading: Reading) -> Iterator[Stretch]:
    """A decimal with a comparator and no unit: an index or ratio.

    Example: 收入比缩小到[2.2以内]，能效指数[不高于1.25]。
    Counter-example: 培训2.2万人以内，升级到3.0版。
    """
    yield from _matches(_DECIMAL, reading)


_DECIMAL = re.compile(
    rf"""
    (?> {COMPARATOR}\d+\.\d+ | (?<![\d.])\d+\.\d+(?:以[上下内]|左右) )
    (?! {UNIT} | [百千万亿%％‰\d.:：/] )
    """,
    re.VERBOSE,
)
_RATIO = re.compile(
    rf"""
    {COMPARATOR}?
    (?: {DIGITS}[万亿]?[张人名例]?[/／]\d+[百千万]?(?:人口?)?
      | {DIGITS}[:：]{DIGITS}(?!(?:以?[前后]|[至到—-]))
      | [一二三四五六七八九十百千万]+分之[一二三四五六七八九十百]+ )
    {BOUND}
    """,
    re.VERBOSE,
)


@votes_for("QUANTITY")
def ratio(reading: Reading) -> Iterator[Stretch]:
    """A figure over another: per 100,000, one to two, a third.

    Example: 发病率控制在[250/10万以下]，城乡收入比缩小为[2.6:1以内]，占比[超过三分之一]。
    Counter-example: 落实全爱卫发文件要求。
    """
    yield from _matches(_RATIO, reading)


_PORTION = re.compile(
    rf"""
    {COMPARATOR}?
    (?: [一二三四五六七八九两]成(?![果效立为功员本品长]) | 一半 | 半数 | 过半 | 翻[一两二]?番
      | [一两二三四五六七八九十百]+倍 )
    {BOUND}
    """,
    re.VERBOSE,
)


@votes_for("QUANTITY")
def portion(reading: Reading) -> Iterator[Stretch]:
    """A share or multiple in words.

    Example: 覆盖[七成以上]乡镇，产值[翻一番]。
    Counter-example: 深化改革成果运用。
    """
    yield from _matches(_PORTION, reading)


_LASTING = re.compile(
    rf"""
    {amount(f"(?:{NUMBER}|{MASKED_NUMBER})", DURATION)}
    (?! [之以]?[内前] | [底末初度间来级起钟] | 期间 | 行动 | 计划 | 规划
      | 诞辰 | 华诞 | 纪念 | 的?[历奋努] )
    """,
    re.VERBOSE,
)


@votes_for("QUANTITY")
def duration(reading: Reading) -> Iterator[Stretch]:
    """How long something takes or lasts.

    Example: 平均住院日缩短至[8天以内]，办理时限压缩到[3个工作日]。
    Counter-example: 2021年7月1日起施行，力争3年内建成。
    """
    for start, end in _matches(_LASTING, reading):
        dated = _DATE.search(reading.text, start, end)
        if not dated and not _PERIOD.search(reading.text, max(0, start - 2), start):
            yield start, end


_DATE = re.compile(r"(?:[1１][9９]|[2２][0０])\d\d年|(?<!个)月|\d日$|周年|\d{1,2}时$")
_PERIOD = re.compile(r"今?前|每|[今往此]后|未来|近|过去|经过|历时|再用|用")


@votes_against("QUANTITY")
def number_in_a_name(reading: Reading) -> Iterator[Stretch]:
    """Numbers inside quoted or titled names.

    Example: 完善“[1]+[5]”工作机制，落实《[14]项行动方案》。
    Counter-example: 新增12个站点。
    """
    for match in _ANY_NUMBER.finditer(reading.text):
        if _is_named(reading, *match.span()):
            yield match.span()


_ANY_NUMBER = re.compile(rf"\d+(?:\.\d+)? | {CHINESE}(?={COUNTER})", re.VERBOSE)


@votes_against("QUANTITY")
def ordinal(reading: Reading) -> Iterator[Stretch]:
    """Ordinals and the numbers of congresses and sessions.

    Example: 做好[第二批]试点，学习[党的二十大]精神。
    Counter-example: 新增两批设备。
    """
    yield from (match.span() for match in _ORDINAL.finditer(reading.text))


_ORDINAL = re.compile(
    r"""
      第(?:\d+|[一二三四五六七八九十百]+)[个次届批条款项期轮类章节号季名位]?
    | (?:党的|[一二三四五六七八九十])[一二三四五六七八九十]+[大届]
    | [三四五六七]中全会
    """,
    re.VERBOSE,
)


@votes_against("QUANTITY")
def grade_or_age(reading: Reading) -> Iterator[Stretch]:
    """Grades, levels and ages.

    Example: [二级以上]医院为[65岁及以上]老年人体检。
    Counter-example: 新增3家医院。
    """
    yield from (match.span() for match in _GRADE.finditer(reading.text))


_GRADE = re.compile(
    r"""
    (?:\d+|[一二三四五六七八九十两]) (?:[-—~至到](?:\d+|[一二三四五六]))?
    (?:级|甲|星级?|岁|周岁|线城市|期工程) (?:及?以[上下])?
    """,
    re.VERBOSE,
)


@votes_against("QUANTITY")
def label_or_date(reading: Reading) -> Iterator[Stretch]:
    """Numbers that name: models, document numbers, list numbers, dates.

    Example: [3.]推进[5G]应用，落实卫发[〔2021〕8号]文件，[2021年]完成。
    Counter-example: 新增3家。
    """
    yield from (match.span() for match in _NAMING.finditer(reading.text))


_NAMING = re.compile(
    r"""
      [A-Za-z]+[-‑]?\d+(?:\.\d+)? | (?<![\d.])[456]G | 〔\d{4}〕\d*号? | \d+号
    | ^\(?\d+[.)．、] | [（(]\d+[)）]
    | \d{1,2}月份? | (?:19|20)\d\d年 | \d{1,2}日
    """,
    re.VERBOSE,
)


def _matches(pattern: re.Pattern[str], reading: Reading) -> Iterator[Stretch]:
    for match in pattern.finditer(reading.text):
        start, end = match.span()
        if _is_named(reading, start, end) or reading.text[start - 1 : start] == "第":
            continue
        # 上 and 过 may end a word before the figure: 提高上, 通过, 网上
        if reading.text[start] in "上过" and _HANZI.match(reading.text[start - 1 : start]):
            start += 1
        yield start, end


def _is_named(reading: Reading, start: int, end: int) -> bool:
    """Whether [start, end) stands inside a title or a quotation."""
    return reading.inside(reading.titled, start, end) or reading.inside(reading.quoted, start, end)


_HANZI = re.compile(r"[一-龥]")
