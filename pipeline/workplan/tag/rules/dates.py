"""DEADLINE: times by, from or within which a task is to be met."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workplan.tag.rules.calendar import (
    CALENDAR,
    DAY,
    MONTH,
    NUMBER,
    OCCASION,
    PLAN_PERIOD,
    QUARTER,
    YEAR,
    tense_at,
)
from workplan.tag.rules.function import Stretch, votes_against, votes_for
from workplan.tag.rules.lexicons import one_of
from workplan.tag.rules.reading import Reading

_BEFORE = re.compile(
    rf"""
    (?:每(?:年|季度?|周)?)?
    (?: {CALENDAR}?{OCCASION} | {CALENDAR} | 月 ) 末? (?:月?\d{{1,2}}日)? \ ?
    (?:之前|以前|前后|前) (?!三|[两几一五十]|[\d\ ]+[个项名月位])
    """,
    re.VERBOSE,
)


@votes_for("DEADLINE")
def before_a_date(reading: Reading) -> Iterator[Stretch]:
    """A date or occasion with 前.

    Example: [6月30日前]建成，[春节前]分配入住，[2025年底前]全部完成。
    Counter-example: 目前进展顺利，前三季度增长明显。
    """
    yield from _untitled(_BEFORE, reading)


_END = re.compile(
    rf"""
    (?: {YEAR}年?[底末] | {YEAR}?{MONTH}[底末] | {YEAR}?{QUARTER}末 | {PLAN_PERIOD}末
      | 每?季度?末 | {YEAR}年内 | 年[底末] | 月底 )
    (?!\ ?前|以前|之前|年初|月?\d)
    """,
    re.VERBOSE,
)


@votes_for("DEADLINE")
def end_of_a_period(reading: Reading) -> Iterator[Stretch]:
    """The end of a year, month or plan period.

    Example: 到[2025年底]全面建成，[年底]兑现奖惩。
    Counter-example: 岁末年初走访慰问。
    """
    for start, end in _untitled(_END, reading):
        if not _COMPARED.search(reading.text, max(0, start - 3), start):
            yield start, end


_COMPARED = re.compile(r"(?:截至|截止|比|较|自|由|去|上)$")
_FROM = re.compile(
    rf"""
    (?: {CALENDAR} | {MONTH}{NUMBER}日 | 即日 | 印发之日 | [发颁公]布之日 | {QUARTER}(?:学期)? )
    起 (?![步点来])
    """,
    re.VERBOSE,
)


@votes_for("DEADLINE")
def from_a_date(reading: Reading) -> Iterator[Stretch]:
    """A date from which a rule holds.

    Example: 自[2022年1月1日起]施行，[秋季学期起]开设课程。
    Counter-example: 项目建设起步良好。
    """
    yield from _untitled(_FROM, reading)


_WITHIN = re.compile(
    rf"""
    (?: (?:未来|今后)?(?:{NUMBER}(?:[—-]|到|至))?{NUMBER}\ ?个?
        (?:年|月|周|日|天|小时|分钟|工作日)(?:左右)?(?:之内|以内|内|时间)
      | (?:未来|今后){NUMBER}年
      | [一-龥]{{2}}之日起{NUMBER}个?(?:工作日|日|月|年)内
      | 灾后{NUMBER}[日天]内
      | 年内 | 当天 | 当日 | 期限内 | 规定时间内 )
    (?![涝部需容涵陆生在外])
    """,
    re.VERBOSE,
)


@votes_for("DEADLINE")
def within_a_span(reading: Reading) -> Iterator[Stretch]:
    """A span of time within which something is to be done.

    Example: 力争[三年内]建成，隐患[10个工作日内]整改。
    Counter-example: 平均住院日控制在8天以内。
    """
    for start, end in _untitled(_WITHIN, reading):
        if not _SHORTENED.search(reading.text, 0, start):
            yield start, end


_SHORTENED = re.compile(r"(?:控制|压缩|缩短|降)[至到在]$")
_PERIOD = re.compile(
    rf"{PLAN_PERIOD}(?:期间|时期|期内|中后期|前期|后期|末)|规划期内|建设期间?", re.VERBOSE
)


@votes_for("DEADLINE")
def plan_period(reading: Reading) -> Iterator[Stretch]:
    """A five-year plan's period used adverbially.

    Example: [“十四五”期间]新建医院3所。
    Counter-example: “十四五”规划编制工作启动。
    """
    for start, end in _adverbial(_PERIOD, reading):
        if not tense_at(reading, start).past:
            yield start, end


_RANGE = re.compile(
    rf"""
    (?: {YEAR}{MONTH}(?:{NUMBER}日)? | {YEAR} | {MONTH} | (?:19|20)\d\d | (?<!\d)\d{{1,2}} )
    (?:{NUMBER}日)? [-—－–―~～至到]{{1,2}}
    (?: {YEAR}?{MONTH} | {YEAR} ) (?:{NUMBER}日)? [底间末前]?
    """,
    re.VERBOSE,
)


@votes_for("DEADLINE")
def range_of_dates(reading: Reading) -> Iterator[Stretch]:
    """From one year, month or day to another.

    Example: [2023—2025年]分三批改造，[3月至5月]开展整治。
    Counter-example: 落实《行动计划（2023—2025年）》，1—5月完成投资3亿元。
    """
    for start, end in _adverbial(_RANGE, reading):
        if not _SO_FAR.match(reading.text, start) and not tense_at(reading, start).past:
            yield start, end


_SO_FAR = re.compile(r"1(?:月)?[-—－–~至到]")
_MONTH_ALONE = re.compile(
    rf"""
    (?<![前每\d—\-–~至]) (?> {YEAR}?(?:{MONTH}{DAY}?|{QUARTER}末?) )
    (?!\ ?[前至到—\-–~起底末中]|日|以|之|取暖|运动|奥|来|开学)
    """,
    re.VERBOSE,
)


@votes_for("DEADLINE")
def month_or_quarter(reading: Reading) -> Iterator[Stretch]:
    """A month, quarter or half-year in which a task falls.

    Example: [三季度]完成竣工验收，[10月]举办运动会。
    Counter-example: 一季度同比增长5%，今年前三个月完成较好。
    """
    for start, end in _adverbial(_MONTH_ALONE, reading):
        if _REPORTED.search(reading.text, max(0, start - 2), start):
            continue
        tense = tense_at(reading, start)
        dated = reading.text[start : start + 2] in ("19", "20")
        if not tense.past and (tense.future or not dated):
            yield start, end


_REPORTED = re.compile(r"前|截至|（|\(|比|较|去年|于|：|根据")
_TO_YEAR = re.compile(rf"(?<=到)(?:{YEAR}|{PLAN_PERIOD}末)(?:年?底|末)?", re.VERBOSE)


@votes_for("DEADLINE")
def to_a_year(reading: Reading) -> Iterator[Stretch]:
    """A year behind 到.

    Example: 到[2025年]，覆盖率达到90%。
    Counter-example: 由2020年的70%提高到2021年的80%。
    """
    for start, end in _adverbial(_TO_YEAR, reading):
        if not _ROSE_TO.search(reading.text, 0, start):
            yield start, end


_ROSE_TO = re.compile(r"(?:提高|增加|下降|上升|年)到$")
_YEAR_ALONE = re.compile(
    rf"""
    {YEAR}
    (?! [底末初起度上前后至到—\-–\d年内元来汛] | [一二三四第]+季 | [一二三四五六七八九十]+月
      | [上下]半年 | [\d\ ]+月 | 中(?![央国小]) | 新学年 )
    """,
    re.VERBOSE,
)


@votes_for("DEADLINE")
def year_with_a_task(reading: Reading) -> Iterator[Stretch]:
    """A year in a clause that speaks of the future.

    Example: [今年]计划新建公园12座，[2017年]要全部通车。
    Counter-example: 2016年新建了公园12座，今年以来进展顺利。
    """
    for start, end in _bare_years(reading):
        tense = tense_at(reading, start)
        if tense.future and not tense.past:
            yield start, end


@votes_for("DEADLINE")
def year_without_tense(reading: Reading) -> Iterator[Stretch]:
    """A year at the start of a clause that speaks of neither past nor future.

    Example: [2017年]新建市民公园12座。
    Counter-example: 2016年全市已新建公园12座，2017年是关键一年。
    """
    for start, end in _bare_years(reading):
        tense = tense_at(reading, start)
        opens = start == 0 or reading.text[start - 1] in "，。；：、,;:"
        if opens and not tense.future and not tense.past:
            yield start, end


@votes_for("DEADLINE")
def whole_year(reading: Reading) -> Iterator[Stretch]:
    """全年 before an aim.

    Example: [全年]将新增学位5000个。
    Counter-example: 全年实现利润20亿元，增长5%。
    """
    yield from _untitled(_WHOLE_YEAR, reading)


_WHOLE_YEAR = re.compile(
    r"(?<!完成)(?<!超过)全年(?=[一-龥]{0,8}(?:将|拟|计划|力争|预计|要|可完成))"
)


@votes_against("DEADLINE")
def past_date(reading: Reading) -> Iterator[Stretch]:
    """Dates of what has happened.

    Example: 截至[2020年底]已建成30座，较[2013年]提高5%，[去年]完成。
    Counter-example: 到2025年建成30座。
    """
    for match in _PAST_DATE.finditer(reading.text):
        yield match.span(match.lastindex or 0)
    for start, end in _bare_years(reading):
        if tense_at(reading, start).past:
            yield start, end


_PAST_DATE = re.compile(
    rf"""
      (?:截至|截止|较|比|由|自|从)({CALENDAR})(?!起|开始)
    | (去年|上年|近年来|近年|前年)
    | ({CALENDAR})(?=以来|的[\d一-龥])
    """,
    re.VERBOSE,
)


@votes_against("DEADLINE")
def date_in_a_name(reading: Reading) -> Iterator[Stretch]:
    """Dates inside titles, names and document numbers.

    Example: 制定[2021年]工作要点，编制[“十五五”]规划，〔[2021]〕3号。
    Counter-example: 2021年6月底前完成。
    """
    yield from (match.span() for match in _NAMED_DATE.finditer(reading.text))


_NAMED_DATE = re.compile(
    rf"""
      (?:{YEAR}|{PLAN_PERIOD})
      (?= 度?(?:工作|[一-龥]{{0,8}}(?:规划|计划|要点|方案|会议|全会|精神|大会|行动)) )
    | (?<=〔)\d{{4}}(?=〕)
    | (?:19|20)\d\d[—－-](?:19|20)\d\d年(?=[)）》])
    """,
    re.VERBOSE,
)
# What behind a time makes it a name or an attribute: 2021年工作要点, 2020年的成果.
_ATTRIBUTE = re.compile(
    rf"""
      的 | 是 | 规划 | 以来 | 度(?!汛) | 至今 | 行动 | 会议 | 版 | 级 | [)）》]
    | [一-龥]{{0,10}}{one_of("plan-names")}(?:$|如下|。)
    """,
    re.VERBOSE,
)
_BASE = re.compile(r"[较比由从自于据达过]$|截至|做好|完成")


def _bare_years(reading: Reading) -> Iterator[Stretch]:
    for start, end in _adverbial(_YEAR_ALONE, reading):
        if not _BASE.search(reading.text, max(0, start - 2), start):
            yield start, end


def _adverbial(pattern: re.Pattern[str], reading: Reading) -> Iterator[Stretch]:
    """Matches that are no attribute of what follows."""
    for start, end in _untitled(pattern, reading):
        if not _ATTRIBUTE.match(reading.text, end):
            yield start, end


def _untitled(pattern: re.Pattern[str], reading: Reading) -> Iterator[Stretch]:
    for match in pattern.finditer(reading.text):
        if not reading.inside(reading.titled, *match.span()):
            yield match.span()
