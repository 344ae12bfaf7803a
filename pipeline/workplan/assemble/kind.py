"""What a clause is in the table: a task, a finished result, or background that asks for nothing.

A heading over tasks is a "heading"; task.py settles that, since it needs what stands under it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from workplan.types import Kind

_GUIDING_SECTION = re.compile(
    r"指导思想|总体要求|基本原则|形势|背景|重[要大]意义|存在.{0,5}问题|(?:主要|困难和|不足和)问题"
    r"|困难|短板|面临|前言|依据"
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
_FORMAL = re.compile(
    r"""
    (?:请|望)[^，。]{0,12}(?:贯彻|遵照|认真|抓好)[^，。]{0,8}(?:落实|执行)
  | 现(?:将|就|予以|把)?[^。]{0,40}(?:印发|通知如下|下发|转发|公布|安排如下)
  | (?:特|现)?(?:制定|拟定|编制|提出)(?:本|如下)(?:方案|要点|计划|意见|安排|通知)
    """,
    re.VERBOSE,
)
"""What a covering letter says of the plan itself."""
_STATEMENT = re.compile(r"\s*(?:今年|明年|20[\dxX〇○]{2}年)?[^，。；]{0,2}是")
_DONE = re.compile(
    r"""
    已(?:经|全部|基本|累计|初步|先后|成功|如期|提前|超额|顺利)*$
  | 同比$
    """,
    re.VERBOSE,
)
_PAST_TIME = re.compile(
    r"去年|过去|(?<![比较])上年|截至|迄今|目前|(?:[一二三四五两]年|今年|近年|以来)来?[，,]|以来|[一二三四五]年来|此前"
)
_NEXT = re.compile("下一步|下一阶段|下半年|明年|今后|接下来")
_AHEAD = re.compile(
    r"下一步|今后|接下来|力争|计划|拟|争取|确保|要求|到20\d\d年|年底前|月底前|明年|将(?!.{1,12}(?:纳入|列入))"
    r"|[要须]$"
)
_YEAR = re.compile(r"(20\d\d)年")


def kind_of(
    lead: str,
    before: str,
    clause: str,
    rest: str,
    verb: int,
    section: Sequence[str],
    *,
    year: int | None,
    aims: bool,
) -> Kind:
    """The kind of a clause that heads an ACTION.

    `lead` is the paragraph up to the sentence, `before` the sentence up to the clause, `clause`
    what stands in it before its verb, `rest` the verb, which has `verb` characters, and what
    follows; `section` are the headings, outermost first, `year` the plan's; `aims` says that a
    target of it has a deadline.
    """
    after = rest[verb:]
    if _in(section, _PAST_SECTION) and not _NEXT.search(before + clause):
        return "result"
    if _in(section, _GUIDING_SECTION):
        return "background"
    stretch = re.split("[，,；;。：:]", clause)[-1]
    guiding = _GUIDING.search(lead + before + clause + rest)
    if guiding or _FORMAL.search(before + clause + rest) or _STATEMENT.match(stretch):
        return "task" if aims else "background"
    if is_done(before, clause, after, year):
        return "result"
    return "task"


def is_done(before: str, clause: str, after: str, year: int | None) -> bool:
    """Whether the clause reports what was done: 已建成…, 去年新增…, 建成了…."""
    if _AHEAD.search(clause):
        return False
    if _DONE.search(clause) or _PAST_TIME.search(clause):
        return True
    if re.match("了", after) and not _AHEAD.search(before[-20:]):
        return True
    named = [int(found[1]) for found in _YEAR.finditer(clause)]
    if year is not None and named and max(named) < year:
        return True
    past = list(_PAST_TIME.finditer(before))
    return bool(past) and not _AHEAD.search(before, past[-1].end())


def _in(section: Sequence[str], cue: re.Pattern[str]) -> bool:
    """Whether the innermost heading that tells past from plan matches the cue."""
    for heading in reversed(section):
        if cue.search(heading):
            return True
        if _AIM_SECTION.search(heading):
            return False
    return False
