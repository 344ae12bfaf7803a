"""The clauses of a sentence: each ACTION heads one, governs an object, and reads as a phrase.

Clauses divide the sentence without a gap: what stands between two verbs goes to the one that it
qualifies, a figure always to the verb before it, a bare deadline or subject to the one after.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import groupby, pairwise
from typing import NamedTuple

from workplan.assemble.bracket import ENCLOSED
from workplan.assemble.layout import Layout, Range, last_before, pivot_verbs
from workplan.resources import read_lexicon


class Clause(NamedTuple):
    """One ACTION with its surroundings, in offsets of the sentence.

    `segment` is the stretch between marks that the verb stands in. `object` is empty (start ==
    end) where the verb stands alone; for a verb that makes another body act (推动甲县建设…) it runs
    on over that body's own clause. `phrase` are the pieces of text that a clerk would write, in
    order: verb and object without adverbs, or the whole of 规范管理率提升至85%.
    """

    start: int
    end: int
    action: Range
    segment: Range
    object: Range
    phrase: tuple[Range, ...]

    def words(self, text: str) -> str:
        """The phrase in the characters of `text`, the sentence as written."""
        return "".join([text[start:end] for start, end in self.phrase])


LONGEST_TAIL = 40
"""Characters before a verb that can belong to it."""

_MARK = re.compile(
    r"""
    [，。；：！？…\n;:!?,\ 　]
    (?: (?<![,\ 　])                        # a mark
      | (?<=,) (?: (?<!\d,) | (?!\d{3}) )  # a comma that parts no thousands
      | (?<=[\ 　]) [\ 　]+                 # a gap
    )
    """,
    re.VERBOSE,
)
_JOINED = re.compile(r"(?:[、，]|[、，]?(?:和|与|及|以及|并|并且|且|或))[^，。；\d]{0,3}")
_TAIL = re.compile(r"(?:[、，]|和|与|及|以及|并|且|来|以|进而|年均|同比|[于在到至]?D[前底]?)$")
_SUBJECT_TAIL = re.compile(r"(?:[、，]|和|与|及|以及|并|且|来|以|进而|[于在到至]?D[前底]?)$")
_DATED = re.compile("[到至于在自，]?D(?:[前起底]|，)?")
_ATTAINED = re.compile(r"了?[到至在为成]")
_FRONTED = re.compile(r"(?:将|把|(?:(?<=[OD，要应须需还均])|^)(?:对(?!象)|为|向|就))(?=.{2,})")
_ADVERBIAL = re.compile(
    r"(?:通过|按照?|围绕|依托|结合|根据|针对|为|在|以|到|自|从|于|依据|借助|利用|采取|坚持|着眼|聚焦|由|对)"
)
_NUMBERING = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}[、是]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、](?!\d)"
    r"|第[一二三四五六七八九十]{1,3}[，、]|[①-⑳])\s*"
)


def clauses_of(layout: Layout) -> list[Clause]:
    """The clauses of the sentence in order; none where it has no ACTION."""
    if not layout.actions:
        return []
    segments = [segment_of(layout, action) for action in layout.actions]
    starts = _starts(layout, segments)
    ends = [*starts[1:], len(layout.text)]
    clauses = []
    for action, segment, start, end, governed in zip(
        layout.actions, segments, starts, ends, _objects(layout, segments), strict=True
    ):
        pushed = _pushed(layout, action, segment) if governed[0] == governed[1] else None
        phrase = _phrase(layout, max(pushed or start, segment[0]), action, governed)
        clauses.append(Clause(start, end, action, segment, governed, phrase))
    return clauses


def segment_of(layout: Layout, place: Range) -> Range:
    """The stretch between marks that a place begins in."""
    edges = _edges(layout)
    last = bisect_right(edges, place[0], 1, len(edges) - 1)
    return edges[last - 1], edges[last]


def subject_of(layout: Layout, action: Range) -> Range | None:
    """Who or what does the verb, where that stands before it in its own stretch.

    Adverbs, dates, places (在东城片区…) and objects set before the verb (将…, 把…) are no subject.
    """
    start, end = _subject(layout, (segment_of(layout, action)[0], action[0]))
    fronted = _fronted(layout, (start, end)) is not None
    apart = fronted or _ADVERBIAL.match(layout.outline(start, end))
    return None if start >= end or apart else (start, end)


@lru_cache(maxsize=64)
def _edges(layout: Layout) -> list[int]:
    """Where the stretches between marks meet, the text's ends included; marks inside brackets,
    quotes and numbers do not count."""
    text = layout.text
    inside = ENCLOSED.outermost(text)
    marks = [mark.span() for mark in _MARK.finditer(text)]
    if inside:
        marks = [m for m in marks if not any(first <= m[0] < last for first, last in inside)]
    cuts = [end for _, end in marks]
    if cuts[-1:] != [len(text)]:
        cuts.append(len(text))
    return [0, *cuts]


@cache
def _adverbs() -> re.Pattern[str]:
    words = sorted(read_lexicon("phrase_adverbs"), key=len, reverse=True)
    return re.compile(f"(?:{'|'.join(map(re.escape, words))}|[，、\\s])+")


def _starts(layout: Layout, segments: Sequence[Range]) -> list[int]:
    """Where each action's clause begins, the actions standing in `segments`."""
    starts: list[int] = [0]
    for (previous, other), (action, own) in pairwise(zip(layout.actions, segments, strict=True)):
        if own == other:
            starts.append(_trim_tail(layout, (previous[1], action[0]))[1])
            continue
        start = own[0]
        while start > other[1]:
            segment = segment_of(layout, (start - 1, start))
            if not _leads_on(layout, segment):
                break
            start = segment[0]
        starts.append(max(start, previous[1]))
    return starts


def _leads_on(layout: Layout, segment: Range) -> bool:
    """Whether a segment without a verb qualifies what follows (2021年底前，; 按照…要求，)."""
    outline = layout.outline(*segment)
    if re.search("[MQ]", outline):
        return False
    bare = re.fullmatch(r"(?:[到至于在自由]?[DO]|[、，和与及等])+(?:前|起|底)?[，：]?", outline)
    return bool(bare) or bool(_ADVERBIAL.match(outline))


def _trim_tail(layout: Layout, place: Range, tail: re.Pattern[str] = _TAIL) -> Range:
    """The place without what already belongs to the next verb: adverbs, 并, 于6月底前."""
    start, end = place
    while end > start:
        near = max(start, end - LONGEST_TAIL)
        found = tail.search(layout.outline(near, end))
        if found:
            cut = max(start, layout.offset(end, -len(found[0])))
        else:
            cut = end - _adverb_at_end(layout.text[near:end])
        if cut == end:
            break
        end = cut
    return start, end


def _adverb_at_end(words: str) -> int:
    """The length of the longest adverb that ends the words; 0 where none does."""
    for length, adverbs in _tail_words():
        if words[-length:] in adverbs:
            return length
    return 0


@cache
def _tail_words() -> tuple[tuple[int, frozenset[str]], ...]:
    """The adverbs by their lengths, the longest first."""
    words = sorted(read_lexicon("phrase_adverbs"), key=len, reverse=True)
    return tuple((length, frozenset(group)) for length, group in groupby(words, key=len))


def _objects(layout: Layout, segments: Sequence[Range]) -> list[Range]:
    """What each verb, standing in its segment, governs; verbs that are joined share the object of
    the last."""
    objects: list[Range] = []
    after: Range | None = None
    for action, segment in zip(reversed(layout.actions), reversed(segments), strict=True):
        stop = _stripped(layout.text, (action[1], segment[1]))
        governed = stop
        if after and after[0] < stop[1] and layout.words(action) not in pivot_verbs():
            gap = _trim_tail(layout, (action[1], after[0]))
            joined = gap[0] == gap[1] or _JOINED.fullmatch(layout.outline(*gap))
            governed = objects[-1] if joined else _stripped(layout.text, gap)
        objects.append(governed)
        after = action
    return objects[::-1]


def _stripped(text: str, place: Range) -> Range:
    """The place without marks and blanks at its end and 了 at its start."""
    start, end = place
    while end > start and (text[end - 1] in "，。；：！？…,;:!? 　\n" or text[end - 1].isspace()):
        end -= 1
    while start < end and text[start] in "了 　":
        start += 1
    return start, end


def _pushed(layout: Layout, action: Range, segment: Range) -> int | None:
    """Where the subject of a verb without an object begins, behind a verb of the same segment that
    pushes it on: 推动数据向社会[开放]."""
    before = last_before(layout.actions, action[0])
    if before is None or layout.words(before) not in pivot_verbs():
        return None
    return before[1] if segment_of(layout, before) == segment else None


def _phrase(layout: Layout, start: int, action: Range, governed: Range) -> tuple[Range, ...]:
    """Verb and object as a clerk would write them, with the subject where that is the point.

    `start` is where the words that may be its subject begin.
    """
    subject = _subject(layout, (start, action[0]))
    fronted = _fronted(layout, subject)
    if fronted is not None:
        return (fronted, subject[1]), action, governed
    outline = layout.outline(*governed)
    measured = outline.startswith("Q") and "M" in layout.outline(*subject)
    if not outline or measured or _ATTAINED.match(outline):
        return subject, action, governed
    return action, governed


def _fronted(layout: Layout, place: Range) -> int | None:
    """Where 将…, 把…, 对… begins: an object that stands before its verb."""
    outline = layout.outline(*place)
    found = _FRONTED.search(outline) if outline else None
    return None if found is None else max(place[0], layout.offset(place[0], found.start()))


def _subject(layout: Layout, place: Range) -> Range:
    """What stands before the verb in its clause, without numbering, dates and adverbs."""
    start, end = place
    if start >= end:
        return place
    numbering = _NUMBERING.match(layout.text, start, end)
    start = numbering.end() if numbering else start
    dated = _DATED.match(layout.outline(start, end))
    if dated:
        start = layout.offset(start, dated.end())
    end = _trim_tail(layout, (start, end), _SUBJECT_TAIL)[1]
    leading = _adverbs().match(layout.text, start, end)
    if leading and not _FRONTED.match(layout.text, leading.end() - 1, end):
        start = leading.end()
    return start, end
