"""DEADLINE: times by, from or within which a task is to be met."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from workplan.tag.rules.function import Stretch, votes_against, votes_for
from workplan.tag.rules.reading import Reading

_N = r"(?:\d+|[一二三四五六七八九十两几]+|[xX]{1,2})"
_YEAR = r"(?:(?:19|20)\d\d ?年|今年|明年|后年|本年|当年|次年|x{2,4}年)"
_MONTH = rf"(?:(?:{_N}|元|正|腊|本|次|当) ?月份?)"
_DAY = rf"(?: ?{_N} ?[日号]|[上中下]旬|底|末|初|第[一二三四]周)"
_QUARTER = r"(?:第?[一二三四1-4x]季度|[上下]半年|[春夏秋冬]季(?:学期)?|新?学年|暑假|寒假)"
_EVENT = (
    r"(?:春节|元旦|清明节?|五一|六一|七一|端午节?|国庆节?|中秋节?|植树节|开学|秋季开学|春季开学|入冬|入夏|入梅|入汛|主?汛期?(?:来临)?|旱季|雨季"
    r"|迎峰度夏|高考|中考|采暖季|供暖|大会召开|党代会|“?(?:五一|七一|十一|国庆|元旦|春节)”?(?:期间)?)"
)
_PLAN_PERIOD = r"(?:“[一二三四五十]+·?五”|(?<![一-龥])十[一二三四五]五)"
# A full calendar time: 2021年6月30日, 今年三季度, 9月下旬, 2025年.
_CALENDAR = rf"(?>{_YEAR}?(?:{_MONTH}{_DAY}?|{_QUARTER})末?|{_YEAR}(?:年?[底末初]|年内)?|年[底末中初]|月底|季度?末)"

_BY = re.compile(
    rf"(?:每(?:年|季度?|周)?)?(?:{_CALENDAR}?{_EVENT}|{_CALENDAR}|月)末?(?:月?\d{{1,2}}日)? ?"
    rf"(?:之前|以前|前后|前)(?!三|[两几一五十]|[\d ]+[个项名月位])"
)


@votes_for("DEADLINE")
def before_a_date(reading: Reading) -> Iterator[Stretch]:
    """A date or event with 前.

    Example: [6月30日前]建成，[春节前]分配入住，[2025年底前]全部完成。
    Counter-example: 目前进展顺利，前三季度增长明显。
    """
    yield from _untitled(_BY, reading)


_END = re.compile(
    rf"(?:{_YEAR}年?[底末]|{_YEAR}?{_MONTH}[底末]|{_YEAR}?{_QUARTER}末|{_PLAN_PERIOD}末|每?季度?末|{_YEAR}年内|年[底末]|月底)"
    rf"(?! ?前|以前|之前|年初|月?\d)"
)


@votes_for("DEADLINE")
def end_of_a_period(reading: Reading) -> Iterator[Stretch]:
    """The end of a year, month or plan period.

    Example: 到[2025年底]全面建成，[年底]兑现奖惩。
    Counter-example: 岁末年初走访慰问。
    """
    for start, end in _untitled(_END, reading):
        if not _PAST_MARK.search(reading.text, max(0, start - 3), start):
            yield start, end


_PAST_MARK = re.compile(r"(?:截至|截止|比|较|自|由|去|上)$")
_FROM = re.compile(
    rf"(?:{_CALENDAR}|{_MONTH}{_N}日|即日|印发之日|[发颁公]布之日|{_QUARTER}(?:学期)?)起(?!步|点|来)"
)


@votes_for("DEADLINE")
def from_a_date(reading: Reading) -> Iterator[Stretch]:
    """A date from which a rule holds.

    Example: 自[2022年1月1日起]施行，[秋季学期起]开设课程。
    Counter-example: 项目建设起步良好。
    """
    yield from _untitled(_FROM, reading)


_WITHIN = re.compile(
    rf"(?:(?:未来|今后)?(?:{_N}(?:[—-]|到|至))?{_N} ?(?:个)?(?:年|月|周|日|天|小时|分钟|工作日)(?:左右)?(?:之内|以内|内|时间)|年内|当天|当日|期限内|规定时间内"
    rf"|(?:未来|今后){_N}年|(?:[一-龥]{{2}}之日起){_N}个?(?:工作日|日|月|年)内|灾后{_N}[日天]内)(?!涝|部|需|容|涵|陆|生|在|外)"
)


@votes_for("DEADLINE")
def within_a_span(reading: Reading) -> Iterator[Stretch]:
    """A span of time within which something is to be done.

    Example: 力争[三年内]建成，隐患[10个工作日内]整改。
    Counter-example: 控制在8天左右。
    """
    for start, end in _untitled(_WITHIN, reading):
        if not re.search(r"(?:控制|压缩|缩短|降)[至到在]$", reading.text[:start]):
            yield start, end


_PERIOD = re.compile(rf"{_PLAN_PERIOD}(?:期间|时期|期内|中后期|前期|后期|末)|规划期内|建设期间?")


@votes_for("DEADLINE")
def plan_period(reading: Reading) -> Iterator[Stretch]:
    """A five-year plan's period used adverbially.

    Example: [“十四五”期间]新建医院3所。
    Counter-example: “十四五”规划编制工作启动。
    """
    for start, end in _untitled(_PERIOD, reading):
        if not _ATTRIBUTE.match(reading.text, end) and not _tense(reading, start).past:
            yield start, end


_ATTRIBUTE = re.compile(
    r"的|是|[一-龥]{0,10}(?:工作要点|工作计划|工作安排|工作打算|总体要求|推进计划|实施计划|重点任务)(?:$|如下|。)|规划|以来|度(?!汛)|至今|行动|会议|版|级|\)|）|》"
)
_RANGE = re.compile(
    rf"(?:{_YEAR}{_MONTH}(?:{_N}日)?|{_YEAR}|{_MONTH}|(?:19|20)\d\d|(?<!\d)\d{{1,2}})(?:{_N}日)?(?:[-—－–―~～至到]{{1,2}})"
    rf"(?:{_YEAR}?{_MONTH}|{_YEAR})(?:{_N}日)?(?:[底间末前])?"
)


@votes_for("DEADLINE")
def range_of_dates(reading: Reading) -> Iterator[Stretch]:
    """From one year, month or day to another.

    Example: [2023—2025年]分三批改造，[3月至5月]开展整治。
    Counter-example: 落实《行动计划（2023—2025年）》。
    """
    for start, end in _untitled(_RANGE, reading):
        if not _ATTRIBUTE.match(reading.text, end) and not _tense(reading, start).past:
            yield start, end


_MONTH_ALONE = re.compile(
    rf"(?<![前每\d—\-–~至])(?>{_YEAR}?(?:{_MONTH}{_DAY}?|{_QUARTER}末?))(?! ?[前至到—\-–~起底末中]|日|以|之|取暖|运动|奥|来|开学)"
)


@votes_for("DEADLINE")
def month_or_quarter(reading: Reading) -> Iterator[Stretch]:
    """A month, quarter or half-year in which a task falls.

    Example: [三季度]完成竣工验收，[10月]举办运动会。
    Counter-example: 一季度同比增长5%，今年前三个月完成较好。
    """
    for start, end in _untitled(_MONTH_ALONE, reading):
        before = reading.text[max(0, start - 2) : start]
        if _ATTRIBUTE.match(reading.text, end) or re.search(
            r"前|截至|（|\(|比|较|去年|于|：", before
        ):
            continue
        if not _tense(reading, start).past:
            yield start, end


_TO_YEAR = re.compile(rf"(?<=到)(?:{_YEAR}|{_PLAN_PERIOD}末)(?:年?底|末)?")


@votes_for("DEADLINE")
def to_a_year(reading: Reading) -> Iterator[Stretch]:
    """A year behind 到.

    Example: 到[2025年]，覆盖率达到90%。
    Counter-example: 由2020年的70%提高到2021年的80%。
    """
    for match in _TO_YEAR.finditer(reading.text):
        if not _ATTRIBUTE.match(reading.text, match.end()) and not re.search(
            r"(?:提高|增加|下降|上升|年)到$", reading.text[: match.start()]
        ):
            yield match.span()


_YEAR_ALONE = re.compile(
    rf"{_YEAR}(?![底末初起度上前后至到—\-–\d年内元]|[一二三四第]+季|[一二三四五六七八九十]+月|[上下]半年|[\d ]+月|中(?!央|国|小)|来|新学年|汛)"
)


@votes_for("DEADLINE")
def year_with_a_task(reading: Reading) -> Iterator[Stretch]:
    """A year in a clause that speaks of the future.

    Example: [今年]计划新建公园12座，[2017年]要全部通车。
    Counter-example: 2016年新建了公园12座，今年以来进展顺利。
    """
    for start, end in _bare_years(reading):
        tense = _tense(reading, start)
        if tense.future and not tense.past:
            yield start, end


@votes_for("DEADLINE")
def year_without_tense(reading: Reading) -> Iterator[Stretch]:
    """A year at the start of a clause that speaks of neither past nor future.

    Example: [2017年]新建市民公园12座。
    Counter-example: 2016年全市已新建公园12座，2017年是关键一年。
    """
    for start, end in _bare_years(reading):
        tense = _tense(reading, start)
        if not tense.future and not tense.past and _opens_clause(reading, start):
            yield start, end


@votes_for("DEADLINE")
def whole_year(reading: Reading) -> Iterator[Stretch]:
    """全年 and 年度 before an aim.

    Example: [全年]将新增学位5000个。
    Counter-example: 全年实现利润20亿元，增长5%。
    """
    for match in re.finditer(r"全年(?!龄|级)", reading.text):
        tense = _tense(reading, match.start())
        if tense.future and not tense.past:
            yield match.span()


@votes_against("DEADLINE")
def past_date(reading: Reading) -> Iterator[Stretch]:
    """Dates of what has happened.

    Example: 截至[2020年底]已建成30座，较[2013年]提高5%，[去年]完成。
    Counter-example: 到2025年建成30座。
    """
    for match in _PAST_DATE.finditer(reading.text):
        yield match.span(match.lastindex or 0)
    for start, end in _bare_years(reading):
        if _tense(reading, start).past:
            yield start, end


_PAST_DATE = re.compile(
    rf"(?:截至|截止|较|比|由|自|从)({_CALENDAR})(?!起|开始)|(去年|上年|近年|近年来|前年)|({_CALENDAR})(?=以来|的[\d一-龥])"
)


@votes_against("DEADLINE")
def date_in_a_name(reading: Reading) -> Iterator[Stretch]:
    """Dates inside titles, names and document numbers.

    Example: 制定[2021年]工作要点，印发《[2021—2025年]规划》，〔[2021]〕3号。
    Counter-example: 2021年6月底前完成。
    """
    for match in _NAMED_DATE.finditer(reading.text):
        yield match.span()


_NAMED_DATE = re.compile(
    rf"(?:{_YEAR}|{_PLAN_PERIOD})(?=度?(?:工作|[一-龥]{{0,8}}(?:规划|计划|要点|方案|会议|全会|精神|大会|行动)))"
    r"|(?<=〔)\d{4}(?=〕)|(?:19|20)\d\d[—－-](?:19|20)\d\d年(?=[)）》])"
)


@dataclass(frozen=True, slots=True)
class _Tense:
    """Whether the words around a date speak of the past or of the future."""

    past: bool
    future: bool


_PAST = re.compile(
    r"已(?!建成|知|有(?:基础|条件))|[^不除为]了(?!解)|同比|截至|以来|获悉|数据显示|统计显示|回顾|发生|召开的|时任|曾|连续[一二三四五六七八九十两\d]+年"
    r"|迈出|取得(?:了|显著|明显|积极|新)|是.{0,12}(?:之年|一年|关键)|记者|总书记|指出|介绍|首次|再创|成绩"
)
_FUTURE = re.compile(
    r"将(?!.{0,10}(?:纳入|作为))|要(?!求|闻)|拟(?!定)|计划(?!》)|力争|预期|预计|争取|确保|目标|应(?!急|用|对|届|对)|须|请|再|底前|继续"
)


def _tense(reading: Reading, position: int) -> _Tense:
    """The tense of the clauses around `position`.

    A future word in its own clause or the next decides; a past word counts in the whole stretch
    between full stops.
    """
    text = reading.text
    left = max(text.rfind(mark, 0, position) for mark in "。；！？")
    right = _next(text, position, "。；！？")
    comma = _next(text, _next(text, position, "，,") + 1, "，,；。")
    near = text[max(left + 1, text.rfind("，", 0, position) + 1) : min(comma, right)]
    future = _FUTURE.search(near) is not None
    past = _PAST.search(near if future else text[left + 1 : right]) is not None
    return _Tense(past and not (future and not _PAST.search(near)), future)


def _next(text: str, position: int, marks: str) -> int:
    return min((i for i in (text.find(m, position) for m in marks) if i >= 0), default=len(text))


def _bare_years(reading: Reading) -> Iterator[Stretch]:
    for start, end in _untitled(_YEAR_ALONE, reading):
        before = reading.text[max(0, start - 2) : start]
        if _ATTRIBUTE.match(reading.text, end) or re.search(
            r"[较比由从自于据达过]$|截至|做好|完成", before
        ):
            continue
        yield start, end


def _opens_clause(reading: Reading, start: int) -> bool:
    return start == 0 or reading.text[start - 1] in "，。；：、,;:"


def _untitled(pattern: re.Pattern[str], reading: Reading) -> Iterator[Stretch]:
    for match in pattern.finditer(reading.text):
        if not reading.inside(reading.titled, *match.span()):
            yield match.span()
