"""QUANTITY: numbers with their units and comparators."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workplan.tag.rules.function import Stretch, votes_against, votes_for
from workplan.tag.rules.lexicons import one_of
from workplan.tag.rules.reading import Reading

# The parts of a quantity, from left to right: 不少于 每人每年 3.5万 元 以上.
COMPARATOR = (
    r"(?:不(?:得|能|可)?(?:低于|少于|高于|多于|超过|大于|小于|足|到|超)|未满|至少|最少|最多|最高"
    r"|超过了?|超出|高于|低于|大于|小于|多于|少于|大约|将近|接近|超|逾|近|约|上|过|[≥≤><])"
)
PER = (
    r"(?:(?:(?:月|年|日)?人均|每(?:百|千|万|十)?(?:人口?|户|份|盒|亩|张|床|名|位|件|例|次|所|家|村|社区|校"
    r"|公里|平方米|立方米|吨|个?月|年|天|日|周|季度?|学期|学年|学时|台|辆|车|班|生均?)){1,2}"
    r"(?:不低于|不少于|不超过|至少|约|近)?)"
)
DIGITS = r"(?<![\dA-Za-z.．])\d+(?:[.,．]\d+)*"
MAGNITUDE = r"[多余几来]?[百千万亿]*[多余来]?"
NUMBER = rf"(?:{DIGITS}{MAGNITUDE})"
HANZI = r"(?:[一二三四五六七八九十两][一二三四五六七八九十百千万亿零两]*[多余]?)"
MASK = r"(?:(?<![A-Za-z\d])[xX×＊*○]{1,6}(?:[.．][xX×*○]+)?(?![A-Za-z\d]))"
THROUGH = r"(?:[-－—–―─~～]{1,2}|至|到)"
BOUND = r"(?:及?以[上下内外]|之间|之内|左右|上下|多|余)?"
UNIT = one_of("classifiers", "units")
COUNTER = one_of("classifiers")
DURATION = one_of("durations")
# What makes a counted stretch something else: 三级, 100多年来, 2人民币 is fine.
_NOT_UNIT = (
    r"(?!年|月|百分点|工作日|小时|季度|学期|日|号|级|岁|版|届|时代|钟|目|(?<=部)[门委]|(?<=人)民币"
    r"|(?<=城)市|(?<=节)约|(?<=家)庭|(?<=件)套)"
)


def _amounts(number: str, unit: str) -> str:
    """One amount or a range: 3-5个, 6个月至12个月, 5万元以上10万元以下."""
    many = r"[多余]?"
    one = rf"{number}(?:{unit}){many}"
    return (
        rf"(?:{COMPARATOR}?{PER}?{COMPARATOR}?"
        rf"(?:{number}(?:{unit})?{THROUGH}{one}|{one}及?以上{one}及?以下|{one}){BOUND})"
    )


_PERCENT = re.compile(
    _amounts(
        NUMBER, "[%％‰]|个百分点|百分点|个多百分点|个基点|(?<![%％])成(?!果|效|立|为|功|员|本)"
    )
)


@votes_for("QUANTITY")
def percentage(reading: Reading) -> Iterator[Stretch]:
    """A figure in per cent, per mille or percentage points.

    Example: 规范管理率提升至[85%以上]。
    Example: 增长[6.5%—7%]，占比提高[1.2个百分点]。
    Counter-example: 由第三方机构实施百分制考核。
    """
    yield from _matches(_PERCENT, reading)


_COUNTED = re.compile(_amounts(NUMBER, COUNTER) + _NOT_UNIT)


@votes_for("QUANTITY")
def counted(reading: Reading) -> Iterator[Stretch]:
    """Arabic figures before a classifier.

    Example: 新建标准化站点[不少于12个]，培训骨干[近2万人次]。
    Counter-example: 第12次全体会议审议规划，落实“14项行动”。
    """
    yield from _matches(_COUNTED, reading)


_MEASURED = re.compile(_amounts(NUMBER, one_of("units")) + r"(?!级|钟)")


@votes_for("QUANTITY")
def measured(reading: Reading) -> Iterator[Stretch]:
    """Arabic figures before a unit of money, length, area, mass or energy.

    Example: 补助标准提高到[每人每年79元]，完成投资[17.5亿元]。
    Counter-example: 推进5G网络建设。
    """
    yield from _matches(_MEASURED, reading)


_PLAIN = re.compile(
    rf"{COMPARATOR}?{DIGITS}[多余几]?[百千万亿]+[多余]?(?:{THROUGH}{DIGITS}[百千万亿]+)?{BOUND}"
)


@votes_for("QUANTITY")
def magnitude_without_unit(reading: Reading) -> Iterator[Stretch]:
    """A large number whose unit is left out.

    Example: 服务老年人[约6000万以上]。
    Counter-example: 培训500人。
    """
    for match in _PLAIN.finditer(reading.text):
        if not _UNIT_AHEAD.match(reading.text, match.end()) and not _named(reading, match):
            yield match.span()


_UNIT_AHEAD = re.compile(UNIT + r"|年|月|日|[%％]|级")

_HANZI_COUNTED = re.compile(
    rf"(?:{COMPARATOR}|{PER})?(?<![第前每一二三四五六七八九十百千两\d])"
    rf"(?:[二三四五六七八九两十][一二三四五六七八九十百千万亿]*|百|上百|上千|千|数十|数百)[多余]?"
    rf"(?:{COUNTER}){BOUND}{_NOT_UNIT}"
)


@votes_for("QUANTITY")
def chinese_counted(reading: Reading) -> Iterator[Stretch]:
    """Chinese numerals from two up before a classifier.

    Example: 遴选[三家]医院参加试点，抓好[五个]环节。
    Counter-example: 完善两级管理，贯彻党的二十大精神。
    """
    for match in _HANZI_COUNTED.finditer(reading.text):
        if not _CONGRESS.match(reading.text, match.start() - 2) and not _named(reading, match):
            yield match.span()


_CONGRESS = re.compile(r"党的|[十届]|中共|、")
_HANZI_GREAT = re.compile(
    r"(?<![第一二三四五六七八九十届的])(?:[二三四五六七八九两十][一二三四五六七八九十]*|\d+)大"
    r"(?!会|学|力|局|型|数据|量|陆|洲|报告|精神|以来|召开|小|众|洋|坝|桥|厦|师|赛|湾|街|道)"
)


@votes_for("QUANTITY")
def great_counted(reading: Reading) -> Iterator[Stretch]:
    """A number before 大, which counts pillars, fields, actions.

    Example: 聚焦[四大]重点产业。
    Counter-example: 学习贯彻党的二十大精神。
    """
    yield from _matches(_HANZI_GREAT, reading)


_BARE = re.compile(
    rf"(?:{DIGITS}|(?<![第十百])[二两三四五六七八九十]+)"
    rf"(?=部[门委]|省市|省份|市县|省(?:\(|（)|大洲|(?<=[等市委部局会厅院办])单位)"
)


@votes_for("QUANTITY")
def without_classifier(reading: Reading) -> Iterator[Stretch]:
    """A number that stands before departments or provinces without a classifier.

    Example: 市教育局等[八]部门联合印发方案。
    Counter-example: 八个部门联合印发方案。
    """
    yield from _matches(_BARE, reading)


_HANZI_ONE = re.compile(
    rf"{COMPARATOR}?(?<![第统十百千万\d之进])一(?:家|所|名|人|支|座|处|辆|张|倍|半|台|套|间|户|亿|个百分点|万)"
    rf"{BOUND}(?![一把次体])"
)


@votes_for("QUANTITY")
def chinese_one(reading: Reading) -> Iterator[Stretch]:
    """One, before a classifier that still counts (一个 and 一批 seldom do).

    Example: 每县至少建成[一所]标准化托育机构。
    Counter-example: 推进一体化建设，打造一批示范项目。
    """
    yield from _matches(_HANZI_ONE, reading)


_MASKED = re.compile(
    _amounts(rf"{MASK}[百千万亿]*[多余]?", UNIT + "|[%％‰]|个百分点")
    + rf"|{COMPARATOR}?{MASK}[百千万亿]+{BOUND}"
)


@votes_for("QUANTITY")
def masked(reading: Reading) -> Iterator[Stretch]:
    """A figure that the publisher masked with x.

    Example: 新增护理院[xx家]，结案率达到[xx.xx%]，培训[xx万人次]。
    Counter-example: 推广使用XML接口。
    """
    yield from _matches(_MASKED, reading)


_RATIO = re.compile(
    rf"{COMPARATOR}?(?:{DIGITS}[万亿]?(?:张|人|名|例)?[/／]\d+[百千万]?(?:人口?)?|{DIGITS}[:：]{DIGITS}"
    rf"|[一二三四五六七八九十百千万]+分之[一二三四五六七八九十百]+){BOUND}"
)


@votes_for("QUANTITY")
def ratio(reading: Reading) -> Iterator[Stretch]:
    """A figure over another: per 100,000, one to two, a third.

    Example: 发病率控制在[250/10万以下]，城乡收入比缩小为[2.6:1以内]，占比超过[三分之一]。
    Counter-example: 落实全爱卫发文件要求。
    """
    for match in _RATIO.finditer(reading.text):
        if not _CLOCK.match(reading.text, match.start()):
            yield _without_verb(match, reading.text)


_CLOCK = re.compile(r"\d{1,2}[:：]\d\d(?!\d|[:：])(?=[至到—-]|以?[前后])")
_PORTION = re.compile(
    rf"{COMPARATOR}?(?:[一二三四五六七八九两]成(?![果效立为功员本品长])|一半|翻(?:一|两|二)?番|半数|过半"
    rf"|[一两二三四五六七八九十百]+倍){BOUND}"
)


@votes_for("QUANTITY")
def portion(reading: Reading) -> Iterator[Stretch]:
    """A share or multiple in words.

    Example: 覆盖[七成以上]乡镇，产值[翻一番]。
    Counter-example: 深化改革成果运用。
    """
    yield from _matches(_PORTION, reading)


_SPAN_OF_TIME = re.compile(
    _amounts(rf"(?:{NUMBER}|{MASK})", rf"{DURATION}")
    + r"(?![之以]?内|[之以]?前|底|末|初|度|期间|间|来|行动|计划|规划|级|起|钟|诞辰|华诞|纪念|的?[历奋努])"
)


@votes_for("QUANTITY")
def duration(reading: Reading) -> Iterator[Stretch]:
    """How long something takes or lasts.

    Example: 平均住院日缩短至[8天以内]，办理时限压缩到[3个工作日]。
    Counter-example: 2021年7月1日起施行，力争3年内建成。
    """
    for start, end in _matches(_SPAN_OF_TIME, reading):
        before = reading.text[max(0, start - 2) : start]
        if not _DATE.search(reading.text[start:end]) and not _PERIOD.search(before):
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
        if reading.inside(reading.quoted, *match.span()) or reading.inside(
            reading.titled, *match.span()
        ):
            yield match.span()


_ANY_NUMBER = re.compile(rf"\d+(?:\.\d+)?|{HANZI}(?={COUNTER})")
_ORDINAL = re.compile(
    r"第(?:\d+|[一二三四五六七八九十百]+)[个次届批条款项期轮类章节号季名位]?"
    r"|(?:党的|[一二三四五六七八九十])(?:[一二三四五六七八九十]+[大届])|[三四五六七]中全会"
)


@votes_against("QUANTITY")
def ordinal(reading: Reading) -> Iterator[Stretch]:
    """Ordinals and the numbers of congresses and sessions.

    Example: 做好[第二批]试点，学习[党的二十大]精神。
    Counter-example: 新增两批设备。
    """
    yield from (match.span() for match in _ORDINAL.finditer(reading.text))


_GRADE = re.compile(
    r"(?:\d+|[一二三四五六七八九十两])(?:[-—~至到](?:\d+|[一二三四五六]))?(?:级|甲|星级?|岁|周岁|线城市|期工程)"
    r"(?:及?以[上下])?"
)


@votes_against("QUANTITY")
def grade_or_age(reading: Reading) -> Iterator[Stretch]:
    """Grades, levels and ages.

    Example: [二级以上]医院为[65岁及以上]老年人体检。
    Counter-example: 新增3家医院。
    """
    yield from (match.span() for match in _GRADE.finditer(reading.text))


_MODEL = re.compile(
    r"[A-Za-z]+[-‑]?\d+(?:\.\d+)?|(?<![\d.])[456]G|〔\d{4}〕\d*号?|\d+号|^\(?\d+[.)．、]|[（(]\d+[)）]"
    r"|\d{1,2}月份?|(?:19|20)\d\d年|\d{1,2}日"
)


@votes_against("QUANTITY")
def label_or_date(reading: Reading) -> Iterator[Stretch]:
    """Numbers that name: models, document numbers, list numbers, dates.

    Example: [3.]推进[5G]应用，落实卫发[〔2021〕8号]文件，[2021年]完成。
    Counter-example: 新增3家。
    """
    yield from (match.span() for match in _MODEL.finditer(reading.text))


def _matches(pattern: re.Pattern[str], reading: Reading) -> Iterator[Stretch]:
    for match in pattern.finditer(reading.text):
        if not _named(reading, match):
            yield _without_verb(match, reading.text)


def _named(reading: Reading, match: re.Match[str]) -> bool:
    """Whether the number stands inside a title, a quotation, or after 第."""
    start, end = match.span()
    if start and reading.text[start - 1] == "第":
        return True
    return reading.inside(reading.titled, start, end) or reading.inside(reading.quoted, start, end)


def _without_verb(match: re.Match[str], text: str) -> Stretch:
    """Give back 上 and 过 where they end a verb or noun (提高上, 通过, 网上) before the figure."""
    start, end = match.span()
    if text[start] in "上过" and start and "\u4e00" <= text[start - 1] <= "\u9fff":
        start += 1
    return start, end
