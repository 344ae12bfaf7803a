"""What a clause is in the table: a task, a finished result, or background that asks for nothing.

A heading over tasks is a "heading"; task.py settles that, since it needs what stands under it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from workplan.types import Due, Kind, Sentence

FEWEST_REPORTS = 3
"""How often earlier sections must tell of finished work to count as a report."""

_GUIDING_SECTION = re.compile(
    r"指导思想|总体要求|基本原则|形势|背景|重[要大]意义|(?:存在|主要|面临).{0,5}(?:问题|困难|挑战|短板)"
    r"|(?:困难|不足)和问题|前言|依据"
)
_EARLIER_SECTION = re.compile(
    r"(20\d\d)年度?[^，。到至]{0,4}(?:工作(?!要点|方案|思路|部署)|成[绩效就]|情况)"
)
_AIM_SECTION = re.compile(r"目标|任务|重点|举措|措施|安排|打算|计划")
_PAST_SECTION = re.compile(
    r"回顾|工作总结|情况总结|主要成效|取得的?成[效绩就]|完成情况|进展情况|开展情况|基本情况|工作成效"
    r"|(?:上|去)年(?:度)?工作|落实情况"
)
_GUIDING = re.compile(
    r"""
    (?:指导思想|总体要求|总体思路|总体考虑|工作思路|基本思路|总的要求|主要思路)[^，。；：:]{0,6}[:：是]
  | 以(?:习近平|[^，。；]{0,20}(?:思想|理论))[^。；]{0,40}为(?:指导|统领|引领)
  | 高举[^，。]{0,20}旗帜
    """,
    re.VERBOSE,
)
"""Opens a guiding paragraph: all of it is background."""
_GUIDES = re.compile("思想|要求|思路|考虑|习近平|理论|旗帜")
"""Without one of these no paragraph guides; to look for them is quick."""
_PREAMBLE = re.compile(r"(?:贯彻|学习)[^。；]{0,12}党的[^。；]{2,60}(?:精神|会议)")
"""Makes background of a paragraph before the first heading."""
_FORMAL = re.compile(
    r"""
    (?:请|望)[^，。]{0,12}(?:贯彻|遵照|认真|抓好)[^，。]{0,8}(?:落实|执行)
  | 现(?:将|就|予以|把)?[^。]{0,40}(?:印发|通知如下|下发|转发|公布|安排如下)
  | (?:特|现)?(?:制定|拟定|编制|提出)(?:本|如下)(?:方案|要点|计划|意见|安排|通知)
    """,
    re.VERBOSE,
)
"""What a covering letter says of the plan itself."""
_FORWARD_SECTION = re.compile("(?:思路|打算|设想)$|下一步|下一阶段|明年")
_REPORTS = re.compile("已[经完建实启投]|截至|目前|累计|[成立展成]了")
_STATEMENT = re.compile(r"\s*(?:今年|明年|20[\dxX〇○]{2}年|这)?是")
_MARK = re.compile("[，,；;。：:]")
_DONE = re.compile("已(?:经|同比|全部|基本|累计|初步|先后|成功|如期|提前|超额|顺利)*$")
_PAST_TIME = re.compile(
    r"去年|过去|(?<![比较])上年|截至|迄今|目前|(?:[一二三四五两]年|今年|近年|以来)来?[，,]|以来|[一二三四五]年来|此前"
)
_DATES = re.compile("年|过去|截至|迄今|目前|以来|此前")
"""Without one of these no time is named; to look for them is quick."""
_NEXT = re.compile("下一步|下一阶段|下半年|明年|今后|接下来")
_AHEAD = re.compile(
    r"下一步|今后|接下来|力争|计划|拟|争取|确保|要求|到20\d\d年|年底前|月底前|明年|将(?!.{1,12}(?:纳入|列入))"
    r"|要$|须$"
)
_YEAR = re.compile(r"(?<![较比])(20\d\d)年")
_OPENING_YEAR = re.compile(
    r"(?:^|[，,；;。])\s*(20\d\d)年(?:度|底|末)?(?![底末前起至到—-]|[以之]前)"
)
_TURN = re.compile(
    r"下一步|下一阶段|今后|接下来|今年|明年|力争|争取|确保|拟|将(?!.{1,12}(?:纳入|列入))"
    r"|[到至]20\d\d年|(?<![主重必需])要(?![求点])"
)
"""Where a report of an earlier year turns to what is to come; its plans and demands do not."""


class Surroundings(NamedTuple):
    """The words around a clause's verb, in simplified script.

    `opening` is how its paragraph begins, `before` the sentence up to the clause, `clause` what
    stands in the clause before the verb, `after` what follows the verb.
    """

    opening: str
    before: str
    clause: str
    verb: str
    after: str


def kind_of(
    words: Surroundings, section: tuple[str, ...], *, year: int | None, past: bool, aims: bool
) -> Kind:
    """The kind of a clause that heads an ACTION.

    `section` are the headings, outermost first, and `past` says that they report (see
    `past_sections`); `year` is the plan's; `aims`: the clause has a target or a date to come,
    which a table needs even where guiding words surround it.
    """
    past = past or _is_past(section, year)
    if past and not _NEXT.search(words.before + words.clause):
        return "result"
    if not aims and _is_background(words, section):
        return "background"
    if aims and _is_of_earlier_year(words, section, year):
        return "result"
    return "result" if _is_done(words, year) else "task"


def looks_ahead(due: Due | None, year: int | None) -> bool:
    """Whether a clause is to be done by a day that is not past when the plan's year begins: an
    aim, then, though it has no figure (到2025年底，管道全部更新)."""
    if due is None or due.start is not None or due.end is None:
        return False
    return year is None or int(due.end[:4]) >= year


def _is_background(words: Surroundings, section: tuple[str, ...]) -> bool:
    if _is_guiding(section):
        return True
    clause = words.clause + words.verb + words.after
    paragraph = words.opening + words.before + clause
    guided = _GUIDES.search(paragraph) and _GUIDING.search(paragraph)
    if guided or (not section and _PREAMBLE.search(paragraph)):
        return True
    if "是" in words.clause and _STATEMENT.match(_MARK.split(words.clause)[-1]):
        return True
    return _FORMAL.search(clause) is not None


def past_sections(sentences: Sequence[Sentence]) -> frozenset[str]:
    """The outermost sections that report finished work without saying so in their headings.

    They are those before a section of plans to come (四、工作思路) in a paper that tells what
    has been done (已, 截至, 目前) in them.
    """
    names = dict.fromkeys(s.section[0] for s in sentences if s.section)
    ahead = next((name for name in names if _FORWARD_SECTION.search(name)), None)
    earlier = list(names)[: list(names).index(ahead)] if ahead else []
    told = "".join(s.view for s in sentences if s.section and s.section[0] in earlier)
    if len(_REPORTS.findall(told)) < FEWEST_REPORTS:
        return frozenset()
    return frozenset(name for name in earlier if not _NEXT.search(name))


def _is_of_earlier_year(words: Surroundings, section: Sequence[str], year: int | None) -> bool:
    """Whether the sentence, or the paragraph before all headings, opens with an earlier year and
    has not turned to the plan's own since: 2022年，落实上级要求，新改建…."""
    told = (words.before if section else words.opening) + words.clause
    opening = list(_OPENING_YEAR.finditer(told)) if "年" in told else []
    if year is None or not opening or int(opening[-1][1]) >= year:
        return False
    since = told[opening[-1].end() :]
    later = any(int(found[1]) >= year for found in _YEAR.finditer(since))
    return not later and not _TURN.search(since)


def _is_done(words: Surroundings, year: int | None) -> bool:
    """Whether the clause reports what was done: 已建成…, 去年新增…, 建成了…."""
    clause, before = words.clause, words.before
    if clause and _AHEAD.search(clause):
        return False
    dated = _DATES.search(before + clause) is not None
    if _DONE.search(clause) or (dated and _PAST_TIME.search(clause)):
        return True
    if words.after.startswith("了") and not _AHEAD.search(before[-20:]):
        return True
    if not dated:
        return False
    named = [int(found[1]) for found in _YEAR.finditer(clause)]
    if year is not None and named and max(named) < year:
        return True
    past = [found.end() for found in _PAST_TIME.finditer(before)]
    years = [(int(found[1]), found.end()) for found in _OPENING_YEAR.finditer(before)]
    if year is not None and years and years[-1][0] < year:
        past.append(years[-1][1])
    return bool(past) and not _AHEAD.search(before, max(past))


@lru_cache(maxsize=1024)  # sentences of one section share its headings
def _is_past(section: tuple[str, ...], year: int | None) -> bool:
    """Whether the headings say that their section reports."""
    return _in(section, _PAST_SECTION) or _is_earlier(section, year)


@lru_cache(maxsize=1024)
def _is_guiding(section: tuple[str, ...]) -> bool:
    """Whether the headings say that their section is background."""
    return _in(section, _GUIDING_SECTION)


def _is_earlier(section: tuple[str, ...], year: int | None) -> bool:
    """Whether a heading tells of an earlier year's work, and none under it of plans."""
    for heading in reversed(section):
        if _AIM_SECTION.search(heading) or _NEXT.search(heading):
            return False
        named = _EARLIER_SECTION.search(heading)
        if named is not None and year is not None:
            return int(named[1]) < year
    return False


def _in(section: tuple[str, ...], cue: re.Pattern[str]) -> bool:
    """Whether the innermost heading that tells past from plan matches the cue."""
    for heading in reversed(section):
        if cue.search(heading):
            return True
        if _AIM_SECTION.search(heading):
            return False
    return False
