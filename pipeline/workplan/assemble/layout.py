"""How the spans of one sentence stand to each other: what lies before, after and between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from workplan.resources import read_lexicon
from workplan.types import Span

Range = tuple[int, int]

LETTER = {"ORG": "O", "METRIC": "M", "QUANTITY": "Q", "DEADLINE": "D", "ACTION": "A"}
"""What a span is written as in an outline; the text's own capitals and blanks are left out."""

COUNTED = ("count", "people", "bare")
"""Kinds of figure that enumerate a noun (6家, 300人, 2万) instead of measuring an indicator."""

_JOINT = re.compile(r"\s*(?:和|、|与|及|以及)\s*")
_LEFT_OUT = re.compile(r"[A-Z\s]")
_MARKS = str.maketrans(",;:!?()", "，；：！？（）")
_KINDS = (
    ("points", re.compile(r"个?多?百分点")),
    ("ratio", re.compile(r"[%％‰成]|[百千万]分之|分之|一半")),
    ("times", re.compile(r"倍|番")),
    ("money", re.compile(r"元")),
    ("time", re.compile(r"(?:年|个?月|天|日|小时|分钟|周|学时|课时)(?:以[上下内]|左右|及以上)?$")),
    ("measure", re.compile(r"吨|公里|平方|亩|米|千瓦|公顷|克|升|斤|度|立方|标箱|[/／]10?万")),
    ("people", re.compile(r"(?:人|人次|户|名)(?:以[上下内]|左右|及以上)?$")),
    ("bare", re.compile(r"[0-9万亿多余]$")),
)


@cache
def pivot_verbs() -> frozenset[str]:
    """Verbs that make another body act (推动, 支持, 组织)."""
    return frozenset(read_lexicon("pivot_verbs"))


@dataclass(frozen=True)
class Layout:
    """A sentence in simplified script with its spans, sorted and without overlap."""

    text: str
    spans: tuple[Span, ...]

    @classmethod
    def of(cls, text: str, spans: Sequence[Span]) -> Layout:
        """The layout of `text`; spans outside of it are dropped."""
        return cls(text, tuple(sorted(s for s in spans if 0 <= s.start < s.end <= len(text))))

    def without(self, places: Sequence[Range]) -> Layout:
        """The same sentence with the places blanked out and their spans gone."""
        text = self.text
        for start, end in places:
            text = text[:start] + " " * (end - start) + text[end:]
        kept = [s for s in self.spans if not any(a < s.end and s.start < b for a, b in places)]
        return Layout.of(text, kept)

    def ranges(self, label: str) -> list[Range]:
        """Where the spans with `label` stand, in order."""
        return [(span.start, span.end) for span in self.spans if span.label == label]

    @cached_property
    def quantities(self) -> list[Range]:
        return self.ranges("QUANTITY")

    @cached_property
    def metrics(self) -> list[Range]:
        return self.ranges("METRIC")

    @cached_property
    def actions(self) -> list[Range]:
        return self.ranges("ACTION")

    @cached_property
    def deadlines(self) -> list[Range]:
        return self.ranges("DEADLINE")

    @cached_property
    def orgs(self) -> list[Range]:
        return self.ranges("ORG")

    def outline(self, start: int, end: int) -> str:
        """`text[start:end]` with each span in it as its letter: "由Q提高到" or "，同比A".

        Marks are full-width, as in the patterns that outlines are matched with.
        """
        pieces, at = [], start
        for span in self.spans:
            if span.start >= at and span.end <= end:
                pieces += [_LEFT_OUT.sub("", self.text[at : span.start]), LETTER[span.label]]
                at = span.end
        return "".join([*pieces, _LEFT_OUT.sub("", self.text[at:end])]).translate(_MARKS)

    def before(self, at: int) -> str:
        """The outline from the sentence's start."""
        return self.outline(0, at)

    def after(self, at: int) -> str:
        """The outline to the sentence's end."""
        return self.outline(at, len(self.text))

    def words(self, place: Range) -> str:
        return self.text[place[0] : place[1]]

    def kind(self, quantity: Range) -> str:
        """points, ratio, times, money, time, measure, people, bare or count (a classifier)."""
        words = self.words(quantity)
        return next((kind for kind, shape in _KINDS if shape.search(words)), "count")

    def listed(self, places: Sequence[Range]) -> list[list[Range]]:
        """The places, those in one list ([草原盖度]和[湿地保护率]) together."""
        lists: list[list[Range]] = []
        for place in places:
            if lists and _JOINT.fullmatch(self.text[lists[-1][-1][1] : place[0]]):
                lists[-1].append(place)
            else:
                lists.append([place])
        return lists

    def run(self, quantity: Range) -> list[Range]:
        """The list (90%、85%、80%) that a quantity stands in; alone, the quantity itself."""
        return next(run for run in self.listed(self.quantities) if quantity in run)

    def counted(self, quantity: Range) -> Range | None:
        """The metric that follows the quantity in its phrase: [10家]有条件、有基础的[医院].

        A second figure may touch the first: [15项][50条][举措], [300个][20户以上]的[村]."""
        following = next((m for m in self.metrics if m[0] >= quantity[1]), None)
        if following is None:
            return None
        gap = self.outline(quantity[1], following[0])
        if gap in ("Q", "Q的"):
            return following
        attributive = gap.endswith("的") and self.kind(quantity) in COUNTED
        longest, marks = (32, "[，。；：QA]") if attributive else (15, "[，。；：、QA]")
        return None if len(gap) > longest or re.search(marks, gap) else following

    def measured(self, quantity: Range) -> Range | None:
        """The metric that stands before the quantity in its clause: [达标率]达到[95%]."""
        preceding = next((m for m in reversed(self.metrics) if m[1] <= quantity[0]), None)
        if preceding is None:
            return None
        gap = self.outline(preceding[1], quantity[0])
        return None if re.search("[，。；：Q]", gap) else preceding
