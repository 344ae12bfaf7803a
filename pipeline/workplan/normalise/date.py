"""When a DEADLINE span falls due: an interval of days, open at either end, or a rule."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from workplan.normalise.numerals import fold_width
from workplan.normalise.period import Period, Problem, read_period
from workplan.types import Due


def read_date(text: str, *, year: int | None, before: str = "", after: str = "") -> Due:
    """Read the date `text` against the plan's `year` (None: no year is assumed).

    `before` and `after` are the sentence's words around it (到, 自 … 起). Days are ISO dates, both
    ends included. What recurs or hangs on an event has a `rule` and no days; what cannot be read
    has a `reason`. Never raises.

    >>> read_date("6月底前", year=2021)
    Due(start=None, end='2021-06-30', rule=None, reason=None)
    >>> read_date("2025年", year=2021, before="到")
    Due(start=None, end='2025-12-31', rule=None, reason=None)
    >>> read_date("2月30日", year=2021).reason
    '“2月30日”：2月没有30日'
    """
    if len(text) > _LONGEST:
        return Due(reason="文字过长，不是一个日期")
    phrase = _Phrase.of(text, before[-20:], after[:8])
    if not phrase.core:
        return _unreadable(text, "没有日期")
    if _SPLIT_DIGITS.search(fold_width(text)):
        return _unreadable(text, "数字中间断开，请核对原文")
    if recurring := _recurring(text, before):
        return Due(rule=recurring)
    if phrase.rule_like:
        return Due(rule=text)
    year = _year_before(before, year)
    period = _years_named(phrase.core, year) or _range(phrase.core, year)
    period = period or read_period(phrase.core, year)
    if isinstance(period, Problem):
        return _unreadable(text, period.reason)
    if period is None:
        return _no_days(text, phrase.core)
    return _bounded(text, period, phrase)


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A date's text taken apart: 到 · 2025年 · 底 · 前."""

    core: str
    opening: str
    """"to" (到, 截至), "from" (自, 从) or ""."""
    edge: str
    """底, 末 or 初: which end of the period is meant."""
    place: str
    """前, 起, 内 …: how the days lie to it."""

    @staticmethod
    def of(text: str, before: str, after: str) -> _Phrase:
        core = re.sub(r"[“”\"'‘’\s]", "", fold_width(text)).strip("，。；、：,;:")
        core = _STATED_YEAR.sub(r"\1年", core).replace("岁末", "年末")
        core = re.sub(r"起(?=至|到)", "", core)
        opening = ""
        if match := _OPENING.match(core):
            opening, core = _direction(match.group()), core[match.end() :]
        elif match := _OPENING_BEFORE.search(fold_width(before)):
            opening = _direction(match.group())
        if after and not _PLACED.search(core) and (match := _PLACE_AFTER.match(fold_width(after))):
            core += match.group()
        core = _TIME_OF_DAY.sub("", core)
        edge = place = ""
        if (match := _PLACE.search(core)) and match.start():
            place, core = match.group("place"), core[: match.start()]
        if match := _EDGE.search(core):
            edge, core = match.group("edge"), core[: match.start()]
        return _Phrase(core.replace("年年", "年"), opening, edge, place)

    @property
    def rule_like(self) -> bool:
        """Counted from an event or from an unsaid day: 三年内, 印发之日起30日内."""
        if _FROM_EVENT.search(self.core + self.place):
            return True
        # 30日内 is a stretch, but 15日前 a day whose month is missing.
        inside = self.place.endswith(("内", "后"))
        stretch = bool(_DURATION.fullmatch(self.core)) and not self.edge
        return stretch and (inside or not self.core.endswith("日"))


_LONGEST = 60
_STATED_YEAR = re.compile(r"(?:今年|本年|明年)（(\d{4})年?）")
_SPLIT_DIGITS = re.compile(r"\d\s+\d")
_OPENING = re.compile(r"截至到?|截止到?|直?到|至(?!今)|自从?|从|力争到?|争取到?|确保|预计|于|在")
_OPENING_BEFORE = re.compile(
    r"(?:截至到?|截止到?|(?<![达得收感做看高增降减加报大长])到|(?<![甚乃直])至|(?<![来各亲独擅])自|从)$"
)
_PLACE = re.compile(
    r"(?P<place>(?:之|以)?前夕?|前后|左右|以?起|开始|以来|(?:之|以)?后|(?:之|以)?内|期间|时期|期内|期"
    r"|(?<!时)间|之间|为?止)$"
)
_PLACED = re.compile(rf"(?:{_PLACE.pattern[:-1]})$")
_EDGE = re.compile(r"(?P<edge>[底末初])$")
# Words of the next phrase that only look like a place: 今年起草, 2020年初步, 今年前三季度.
_PLACE_AFTER = re.compile(
    r"(?:年?[底末])?(?:之|以)?前(?![\d一二两三四五六七八九十几半期沿列景往])"
    r"|年?[底末](?=[，。；、]|$)|起(?=[，。；、]|$)|之前|以前"
)
_TIME_OF_DAY = re.compile(r"(?<=[日号])(?:上午|下午)?\d{1,2}(?:[时点](?:\d{1,2}分)?|[:：]\d\d)")
_COUNT = r"(?:\d{1,3}|[一二两三四五六七八九十半]{1,3})"
_FROM_EVENT = re.compile(
    r"之日(?:起|后)?|(?:印发|发布|下发|公布|施行|签订|批准|备案|竣工|验收|变更|终止|受理)(?:之?日|后|之后|以后)|即日"
)
_DURATION = re.compile(
    rf"(?:(?:今|本|明)年起)?的?(?:未来|今后|最近|近|再用|用|约|大约|每|经过)*{_COUNT}"
    rf"(?:(?:[—–~～-]|到|至|、){_COUNT})?(?:个(?:工作日|月|季度|学期|小时|星期)|年|天|周|工作日|小时|日(?!期))"
    r"(?:左右)?(?:的?时间)?(?:左右)?"
)
_RECURRING = re.compile(
    r"每(?:[一二两三半\d]*个?)(?:年度?|学年|学期|季度?|月|周|旬|日|天)|逐年|逐月|按[年季月周]|历年|^年年"
)
_RECURRING_BEFORE = re.compile(r"每(?:年度?|学年|学期|季度?|月|周)(?:的)?$")
_SEVERAL_YEARS = re.compile(r"(今明|今明后)([两二三])年")
_YEAR_BEFORE = re.compile(r"(?P<year>\d{4}年|今年|明年|去年|后年|前年)的?$")
_SEPARATOR = re.compile(r"[—–―~～-]+|至|到")
_UNITS = re.compile(r"年|月|季度|日|号")
_MASK = re.compile(r"[xX×*□]")
_SCHOOL = re.compile(r"学年|学期|[春秋]季|[寒暑]假|[寒暑]期")
_VAGUE_WORDS = ("世纪", "年代")
_NEAR_WORDS = ("今天", "明天", "昨天", "今日", "明日", "昨日", "日前", "近日", "当天", "当日")
_OPEN_WORDS = re.compile(
    r"[前后内间时期]|学年|学期|长期|常年|近期|任期|阶段|汛|假|季|节|春|夏|秋|冬|中期|远期|早日|年中"
)


def _direction(word: str) -> str:
    if word[0] in "自从":
        return "from"
    return "to" if word[0] in "截至直到" or word.endswith("到") else ""


def _recurring(text: str, before: str) -> str | None:
    """每年2月底前, and 每年[2月底前]."""
    if _RECURRING.search(text):
        return text
    match = _RECURRING_BEFORE.search(before)
    return match.group() + text if match else None


def _year_before(before: str, year: int | None) -> int | None:
    """The year that stands outside the span: 2022年[6月底前], 明年[3月]."""
    match = _YEAR_BEFORE.search(fold_width(before))
    stated = read_period(match.group("year"), year) if match else None
    return stated.first.year if isinstance(stated, Period) else year


def _years_named(core: str, year: int | None) -> Period | Problem | None:
    """今明两年."""
    match = _SEVERAL_YEARS.fullmatch(core)
    if match is None:
        return None
    if year is None:
        return Problem("计划年份不明，“今年”无法换算")
    last = year + len(match.group(1)) - 1
    return Period(date(year, 1, 1), date(last, 12, 31), "year")


def _range(core: str, year: int | None) -> Period | Problem | None:
    """2023—2025年, 3月1日至15日, 2021年6月—2022年3月, 一至三季度."""
    if isinstance(read_period(core, year or 2000), Period):
        return None
    problem: Problem | None = None
    for match in _SEPARATOR.finditer(core):
        left, right = core[: match.start()], core[match.end() :]
        if not left or not right:
            continue
        first = read_period(_completed_left(left, right), year)
        if isinstance(first, Problem):
            problem = problem or first
        if not isinstance(first, Period):
            continue
        last = read_period(_completed_right(right, first), first.first.year)
        if isinstance(last, Period):
            if last.last < first.first:
                return Problem("起止时间颠倒")
            return Period(first.first, last.last, "range")
        problem = problem or last
    return problem


def _completed_left(left: str, right: str) -> str:
    """2023 of 2023—2025年 borrows the unit that its right side shows for the same place."""
    if not re.search(r"[\d一二三四]$", left):
        return left
    match = re.match(r"第?(?:\d{1,4}|[一二三四五六七八九十]{1,3})(年|月|季度|日|号)", right)
    return left + match.group(1) if match else left


def _completed_right(right: str, first: Period) -> str:
    """15日 of 3月1日至15日 borrows the month, 25年 of 2023—25年 the century."""
    if first.grain == "day" and re.fullmatch(
        r"(?:\d{1,2}|[一二三四五六七八九十]{1,3})[日号]", right
    ):
        return f"{first.first.month}月{right}"
    if re.fullmatch(r"\d\d年?", right) and first.grain == "year":
        return f"{first.first.year // 100}{right}"
    return right


def _bounded(text: str, period: Period, phrase: _Phrase) -> Due:
    """The interval that the words around a period make of it."""
    first, last = period.first.isoformat(), period.last.isoformat()
    before, after = phrase.place.endswith(("前", "前夕")), phrase.place in _STARTS
    if phrase.edge == "初" or phrase.place in ("前后", "左右") or phrase.place in _LATER:
        return Due(rule=text)
    if period.grain == "range":
        return Due(rule=text) if before or after else Due(start=first, end=last)
    if phrase.edge:
        return Due(rule=text) if after or phrase.opening == "from" else Due(end=last)
    if before:
        return _due_before(text, period)
    if after or phrase.opening == "from":
        return Due(start=first)
    if period.grain == "festival" and phrase.place:
        return Due(rule=text)
    if phrase.place.endswith("止") or phrase.opening == "to":
        return Due(end=last)
    return Due(start=first, end=last)


_STARTS = ("起", "以起", "开始", "以来")
_LATER = ("后", "之后", "以后")


def _due_before(text: str, period: Period) -> Due:
    """7月1日前 includes the day, 国庆节前 does not; 6月前 may mean May's end or June's."""
    if period.grain == "day":
        return Due(end=period.last.isoformat())
    if period.grain == "festival":
        if period.first.timetuple().tm_yday == 1 and not period.dated:
            return _unreadable(text, "没有写明哪一年的元旦")
        return Due(end=(period.first - timedelta(days=1)).isoformat())
    return _unreadable(text, "可指该时段开始之前，也可指结束之前，请核实")


def _no_days(text: str, core: str) -> Due:
    """A rule where the words name an event or a stretch without dates; else a reason."""
    if any(word in core for word in _VAGUE_WORDS):
        return _unreadable(text, "没有确切日期")
    if any(word in core for word in _NEAR_WORDS):
        return _unreadable(text, "须知发文日期才能换算")
    if re.fullmatch(r"(?:本|当|上|下)?(?:个?月|季度?|周)", core):
        return _unreadable(text, "没有写明月份")
    if re.fullmatch(r"(?:本月)?(?:\d{1,2}|[一二三]?[十]?[一二三四五六七八九十])[日号]", core):
        return _unreadable(text, "缺少月份，日期残缺")
    if re.fullmatch(r"\d\d年.*", core):
        return _unreadable(text, "年份只有两位")
    if _SCHOOL.search(core) and not _MASK.search(core):
        return Due(rule=text)
    if re.search(r"[、和或]", core):
        return _unreadable(text, "含多个日期，请拆分")
    if _MASK.search(core) or re.search(r"\d", core):
        return _unreadable(text, "日期残缺或无法识别，请核对原文")
    if _OPEN_WORDS.search(text):
        return Due(rule=text)
    return _unreadable(text, "无法识别为日期，请核对原文")


def _unreadable(text: str, reason: str) -> Due:
    return Due(reason=f"“{text}”：{reason}")
