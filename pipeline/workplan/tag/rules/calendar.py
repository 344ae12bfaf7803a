"""Times as plans write them, and whether the words around one speak of past or future."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workplan.tag.rules.lexicons import one_of
from workplan.tag.rules.reading import Reading

# Parts of patterns for re.VERBOSE; "\ ?" allows the stray blank of web pages.
NUMBER = r"(?:\d+|[一二三四五六七八九十两几]+|[xX]{1,2})"
YEAR = r"(?:(?:19|20)\d\d\ ?年|(?:20)?[xX×]{2,4}年|今年|明年|后年|本年|当年|次年)"
MONTH = rf"(?:(?:{NUMBER}|[元正腊本次当])\ ?月份?)"
DAY = rf"(?:\ ?{NUMBER}\ ?[日号]|[上中下]旬|底|末|初|第[一二三四]周)"
QUARTER = r"(?:第?[一二三四1-4x]季度|[上下]半年|[春夏秋冬]季(?:学期)?|新?学年|暑假|寒假)"
OCCASION = rf"(?:“?{one_of('occasions')}”?(?:期间)?)"
PLAN_PERIOD = r"(?:“[一二三四五十]+·?五”|(?<![一-龥])十[一二三四五]五)"
CALENDAR = rf"""
    (?> {YEAR}?(?:{MONTH}{DAY}?|{QUARTER})末?
      | {YEAR}(?:年?[底末初]|年内)?
      | 年[底末中初] | 月底 | 季度?末
      | 20\d{{5,6}}日 | (?<!\d)\d{{2,3}}日(?=[起前]) )
"""
"""A calendar time in full: 2021年6月30日, 今年三季度, 9月下旬, 2025年; also as damaged on the web:
2021329日, 71日起."""


@dataclass(frozen=True, slots=True)
class Tense:
    """What the words around a date speak of; both or neither may hold."""

    past: bool
    future: bool


def tense_at(reading: Reading, position: int) -> Tense:
    """The tense of the clauses around `position`.

    A word of the future counts in its own clause and the next; one of the past in the whole
    stretch between full stops, unless a word of the future is near.
    """
    text = reading.text
    left = max(text.rfind(mark, 0, position) for mark in "。；！？") + 1
    right = _next(text, position, "。；！？")
    second_comma = _next(text, _next(text, position, "，,") + 1, "，,")
    near = text[max(left, text.rfind("，", 0, position) + 1) : min(second_comma, right)]
    future = _FUTURE.search(near) is not None
    return Tense(_PAST.search(near if future else text[left:right]) is not None, future)


_PAST = re.compile(
    r"""
      已(?!建成|知|有(?:基础|条件)) | [^不除为]了(?!解) | 曾 | 时任
    | 同比 | 截至 | 以来 | 回顾 | 成绩 | 首次 | 再创 | 迈出 | 发生 | 召开的
    | 获悉 | 数据显示 | 统计显示 | 记者 | 总书记 | 指出 | 介绍
    | 连续[一二三四五六七八九十两\d]+年
    | 取得(?:了|显著|明显|积极|新)
    | 是.{0,12}(?:之年|一年|关键)
    """,
    re.VERBOSE,
)
_FUTURE = re.compile(
    r"""
      将(?!.{0,10}(?:纳入|作为)) | 要(?![求闻]) | 拟(?!定) | 计划(?!》) | 应(?![急用对届])
    | 力争 | 预期 | 预计 | 争取 | 确保 | 目标 | 须 | 请 | 再 | 底前 | 继续
    """,
    re.VERBOSE,
)


def _next(text: str, position: int, marks: str) -> int:
    return min((at for at in (text.find(m, position) for m in marks) if at >= 0), default=len(text))
