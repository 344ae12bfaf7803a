"""Reads the numbering that opens a paragraph: 第一章, 一、, （一）, 1., （1）, 1）, ①, 一是."""

from __future__ import annotations

import re
from typing import NamedTuple

_NUMERAL = "[一二三四五六七八九十百零〇]{1,5}"

STYLES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("第一部分", rf"第\s*(?:{_NUMERAL}|\d{{1,2}})\s*(?:编|篇|部分)[\s、，：:]*(?!之)"),
        ("第一章", rf"第\s*(?:{_NUMERAL}|\d{{1,2}})\s*章[\s、，：:]*"),
        ("第一节", rf"第\s*(?:{_NUMERAL}|\d{{1,2}})\s*节[\s、，：:]*"),
        # “三、四级医院” lists grades.
        ("一、", rf"{_NUMERAL}\s*[、.．]\s*(?!{_NUMERAL}[级类档期季])"),
        ("（一）", rf"(?:[（(]\s*{_NUMERAL}\s*[）)]|[㈠-㈩])\s*[、.．]?\s*"),
        # “1.5万”, “2021.3.29” and “110、120联动” are figures.
        ("1.", r"(?:\d{1,3}\s*[.．、](?!\s*\d)|[⒈-⒛])\s*"),
        ("（1）", r"(?:[（(]\s*\d{1,3}\s*[）)]|[⑴-⒇])\s*[、.．]?\s*"),
        ("1）", r"\d{1,3}\s*[）)]\s*"),
        ("①", r"[①-⑳]\s*"),
        ("一是", rf"(?:{_NUMERAL}[是要]|第{_NUMERAL}[，,、])\s*"),
    )
)
"""Numbering styles of official papers from the outermost in, each with its pattern."""

_OPENING = re.compile(r"[第一二三四五六七八九十百零〇（(\d①-⒛㈠-㈩]")
"""How all of them begin."""

INLINE = len(STYLES) - 1
"""The rank of 一是…二是…, which numbers clauses: it opens no section beyond its paragraph."""


class Marker(NamedTuple):
    """A paragraph's numbering: `rank` is its style's place in STYLES, 0 the outermost.

    `length` counts the characters up to where the words begin.
    """

    rank: int
    length: int


def read_marker(view: str) -> Marker | None:
    """The numbering that `view`, a paragraph without leading space, opens with."""
    if not _OPENING.match(view):
        return None
    for rank, (_, pattern) in enumerate(STYLES):
        if found := pattern.match(view):
            return Marker(rank, found.end())
    return None
