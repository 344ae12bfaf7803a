"""The year a plan is for: from its title, else its first statement, else its date."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workplan.read.script import fold

_NUMERALS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
_YEAR = r"(?:(?:19|20)\d\d|二[〇○零][〇○零一二三四五六七八九]{2})"
_IN_TITLE = re.compile(rf"(?P<year>{_YEAR})\s*年度?")
_RANGE = re.compile(rf"{_YEAR}\s*年?\s*[—–\-~～至到]{{1,2}}\s*{_YEAR}\s*年?")
_STATED = re.compile(
    rf"(?P<words>(?P<year>{_YEAR})年(?:度)?(?:是[^，。；,]{{0,30}}|[^，。；,]{{0,20}}工作[^，。；,]{{0,12}}"
    r"(?:要求|思路|指导思想|安排|目标|重点|任务)))"
    rf"|(?:做好|抓好|推进|落实|明确|完成|部署)(?P<goal>{_YEAR})年(?:度)?[^，。；,]{{0,20}}(?:工作|任务|目标)"
)
_MASKED = re.compile(r"20\d?[xX×*_○]{1,2}年|[xX×*_○]{2,4}年")
_ANCHOR = re.compile(
    r"“?十(?P<plan>[一二三四五六七])五”?(?:时期|规划)?[^，。；“]{0,6}(?P<point>开局|起步|收官|第一年|最后一年)(?:之年)?"
    r"|建党(?P<party>\d{2,3}|一百)周年|中国共产党成立(?P<party2>\d{2,3}|一百)周年"
    r"|(?:新中国成立|建国)(?P<state>\d{2,3})周年"
)
_LATE = 11
"""From this month on a document may already be for the next year."""


@dataclass(frozen=True, slots=True)
class YearReading:
    """The year or None, the words it comes from, and what the clerk should know."""

    year: int | None
    evidence: str | None
    reasons: tuple[str, ...] = ()


def find_year(titles: Sequence[str], statement: str, dates: dict[str, str]) -> YearReading:
    """The plan's year from its titles, its first paragraph or its ISO dates by role."""
    reasons: list[str] = []
    found = []
    for title in titles:
        view = fold(title)
        if spanned := _RANGE.search(view):
            reasons.append(f"the title spans the years {spanned[0]} (标题跨年度)")
            break
        found += [
            (_whole(match["year"]), title[match.start() : match.end()])
            for match in _IN_TITLE.finditer(view)
        ]
    else:
        if found:  # a summary of one year and a plan for the next: the plan's is the later
            year, words = max(found, key=lambda pair: pair[0])
            return YearReading(year, words)
    return _from_statement(statement, reasons) or _from_dates(dates, reasons)


def _from_statement(statement: str, reasons: list[str]) -> YearReading | None:
    view = fold(statement)
    opening = view.split("。", 1)[0]
    match = _STATED.search(opening)
    if match and (match["goal"] or match.start() < 12):
        return YearReading(
            _whole(match["year"] or match["goal"]),
            statement[match.start() : match.end()],
            tuple(reasons),
        )
    masked = _MASKED.search(opening[:40])
    if masked is None and not re.match("今年是|本年度是", opening):
        return None
    anchors = [(year, statement[start:end]) for year, start, end in _anchors(view)]
    if len({year for year, _ in anchors}) != 1:
        if masked:
            reasons.append(f"the year is masked as {masked[0]} (年份被遮盖)")
        return None
    words = "；".join(dict.fromkeys(words for _, words in anchors))
    if masked:
        reasons.append(
            f"the year is masked as {masked[0]}, {anchors[0][0]} follows from: {words} (由文意推定)"
        )
    return YearReading(anchors[0][0], words, tuple(reasons))


def _anchors(view: str) -> Iterator[tuple[int, int, int]]:
    """Events that fix a year: the year, and where they are named in `view`."""
    for match in _ANCHOR.finditer(view):
        if match["plan"]:
            first = 2006 + 5 * "一二三四五六七".index(match["plan"])  # 十一五 began in 2006
            is_last = match["point"] in ("收官", "最后一年")
            yield first + 4 * is_last, match.start(), match.end()
        elif match["party"] or match["party2"]:
            yield 1921 + _count(match["party"] or match["party2"]), match.start(), match.end()
        else:
            yield 1949 + _count(match["state"]), match.start(), match.end()


def _from_dates(dates: dict[str, str], reasons: list[str]) -> YearReading:
    for role in ("成文日期", "公开日期", "发布日期"):
        if role not in dates:
            continue
        year, month, _ = dates[role].split("-")
        if int(month) >= _LATE:
            reasons.append(f"{role} {dates[role]} may be the year before (可能是次年计划)")
            break
        return YearReading(int(year), f"{role} {dates[role]}", tuple(reasons))
    reasons.append("the year is not stated (年份不明)")
    return YearReading(None, None, tuple(reasons))


def _whole(numeral: str) -> int:
    return int(numeral.translate(_NUMERALS))


def _count(numeral: str) -> int:
    return 100 if numeral == "一百" else int(numeral)
