"""Finds the headings of a plan and the section that each paragraph stands in."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from workplan.segment.markers import INLINE, STYLES, Marker, read_marker
from workplan.segment.sentences import LONGEST_ASIDE

LONGEST_HEADING = 80
"""Characters in a heading on a line of its own that ends without a full stop."""
LONGEST_STOPPED_HEADING = 30
"""Characters in a heading with a full stop, on its own or opening a paragraph
(12.提升卫生应急综合能力。); longer ones are numbered statements."""
LONGEST_PLAIN_HEADING = 16
"""Characters in a heading without a number (保障措施)."""
SHORTEST_BODY = 20
"""Characters that must follow a heading: “出台方案。6月底前完成。” has none."""

_PLAIN = len(STYLES)
"""The rank of headings without a number: inside all others."""
_APPENDIX = -1
"""The rank of 附件1: outside all others."""
_STOPS = "。！？；!?;"
_RESPONSIBLE_LINE = re.compile(
    r"[（(【\[]?\s*(?:责任|牵头|配合|负责|承办|主办|协办|完成时限|完成时间|落实)"
    r"(?:单位|部门|科室|处室|股室|领导|人)?\s*[：:]|[（(【\[].*(?:负责|牵头|配合|分工|指导)[^，。]*[）)】\]]$"
)
_QUOTED = re.compile(r"“[^”]*”|《[^》]*》|\d{4}\s*年度?(?!底|内|末|前)")
_FIGURE = re.compile(r"(?<![A-Za-z0-9+])(?:\d+(?![\dA-Za-z+]|\s*周年)|[xX]+(?![A-Za-z+\-]))")
_TITLE = re.compile(
    r"(?:要点|计划|方案|通知|意见|报告|规划|安排|办法|细则|分工|分解表|清单|决定|公告|通报|函)"
    r"\s*(?:[（(].{1,12}[）)])?$"
)
_TITLE_SIGN = re.compile(r"\d{4}|20[xX]{2}|关于|印发|《|〔")
_APPENDIX_LINE = re.compile(r"附\s*[件表]?\s*\d{0,2}\s*[：:．.\s]|附\s*件\s*\d{0,2}$")


class Paragraph(NamedTuple):
    """One line of the clean text: `pieces` are its sentences as the view has them, `opening` the
    first of them as written."""

    pieces: tuple[str, ...]
    opening: str
    marker: Marker | None = None
    row: bool = False

    @property
    def words(self) -> str:
        """The first sentence without its number."""
        return self.pieces[0][self.marker.length if self.marker else 0 :]

    @property
    def stopped(self) -> bool:
        """Whether a mark ends one of its sentences, as it does in running text."""
        return any(piece[-1] in _STOPS for piece in self.pieces)


class Place(NamedTuple):
    """Where a paragraph stands: the section of its first sentence, and of those after it."""

    section: tuple[str, ...]
    rest: tuple[str, ...]
    heading: bool = False
    """The first sentence is a heading."""


def find_places(paragraphs: Sequence[Paragraph], title: str | None = None) -> list[Place]:
    """The place of every paragraph, in order; `title` is the plan's own, where known."""
    outline = _Outline()
    places: list[Place] = []
    begun = False
    for index, paragraph in enumerate(paragraphs):
        if paragraph.row:
            places.append(Place(outline.path, outline.path))
        elif paragraph.marker is None:
            places.append(_place_plain(paragraphs, index, outline, title, begun))
            begun = begun or paragraph.stopped
        else:
            places.append(_place_numbered(paragraphs, index, outline))
            begun = True
    return places


class _Outline:
    """The sections that are open at a point of the text, the outermost first."""

    def __init__(self) -> None:
        self._open: list[tuple[int, str]] = []
        self._entered: set[tuple[tuple[str, ...], int]] = set()

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(entry for _, entry in self._open)

    def leave(self, rank: int) -> None:
        """Leave every section of this rank or further in."""
        while self._open and self._open[-1][0] >= rank:
            self._open.pop()

    def enter(self, rank: int, entry: str) -> None:
        self._entered.add((self.path, rank))
        self._open.append((rank, entry))

    def has_sections(self, rank: int) -> bool:
        """Whether the innermost open section has had sections of this rank."""
        return (self.path, rank) in self._entered


def _place_numbered(paragraphs: Sequence[Paragraph], index: int, outline: _Outline) -> Place:
    paragraph, marker = paragraphs[index], paragraphs[index].marker
    assert marker is not None
    outline.leave(marker.rank)
    path = outline.path
    alone = len(paragraph.pieces) == 1
    number = paragraph.opening[: marker.length].strip()
    if _counts_clauses(paragraph):
        return Place(path, path)
    if alone and not _has_content(paragraphs, index):
        # A single statement among sections is one of them; among its like, an item of a list.
        section = (*path, number) if outline.has_sections(marker.rank) else path
        return Place(section, section)
    short = _is_short(paragraph, alone)
    if marker.rank == INLINE and (not short or re.search("[，,]", paragraph.words)):
        return Place(path, path)
    opening = paragraph.pieces[0]
    entry = paragraph.opening[: len(opening.rstrip("。：:；; "))].strip() if short else number
    if alone or marker.rank != INLINE:
        outline.enter(marker.rank, entry)
    heading = short and (alone and opening[-1] not in _STOPS or not _states_task(paragraph.words))
    section = (*path, entry)
    return Place(path if heading else section, section, heading)


def _place_plain(
    paragraphs: Sequence[Paragraph],
    index: int,
    outline: _Outline,
    title: str | None,
    begun: bool,
) -> Place:
    paragraph = paragraphs[index]
    text = paragraph.pieces[0]
    if _is_line(paragraph) and _APPENDIX_LINE.match(text):
        outline.leave(_APPENDIX)
        outline.enter(_APPENDIX, paragraph.opening)
        return Place((), outline.path, heading=True)
    if _is_title(paragraph, title):
        if not _follows_appendix_line(paragraphs, index):
            outline.leave(_APPENDIX)
        return Place(outline.path, outline.path, heading=True)
    if not begun:
        return Place((), (), heading=_is_line(paragraph) and not _states_figure(text))
    if _is_plain_heading(paragraphs, index):
        outline.leave(_PLAIN)
        path = outline.path
        outline.enter(_PLAIN, paragraph.opening)
        return Place(path, outline.path, heading=True)
    return Place(outline.path, outline.path)


def _has_content(paragraphs: Sequence[Paragraph], index: int) -> bool:
    """Whether a numbered line has text under it, so that it heads a section.

    A line followed by its next sibling is an item of a list, and so is the last of such items,
    whatever follows it.
    """
    rank = _rank(paragraphs[index])
    follows = _neighbour(paragraphs, index, 1)
    if follows is None:
        return False
    if follows.row:
        return True
    if follows.marker is not None:
        return follows.marker.rank > rank
    before = _neighbour(paragraphs, index, -1)
    if before is not None and _rank(before) == rank and len(before.pieces) == 1:
        return False
    return follows.stopped or len(follows.pieces[-1]) >= SHORTEST_BODY


def _neighbour(paragraphs: Sequence[Paragraph], index: int, step: int) -> Paragraph | None:
    """The next paragraph in a direction that does more than name who is responsible."""
    index += step
    while 0 <= index < len(paragraphs):
        paragraph = paragraphs[index]
        if paragraph.row or not all(map(_names_responsible, paragraph.pieces)):
            return paragraph
        index += step
    return None


def _names_responsible(piece: str) -> bool:
    return len(piece) <= LONGEST_ASIDE and _RESPONSIBLE_LINE.match(piece) is not None


def _rank(paragraph: Paragraph) -> int:
    return -1 if paragraph.marker is None else paragraph.marker.rank


def _is_short(paragraph: Paragraph, alone: bool) -> bool:
    """Whether a numbered paragraph's first sentence reads as a heading, not as a statement."""
    words = paragraph.words.rstrip()
    if not words or words[-1] in "；;":
        return False
    if alone and not paragraph.stopped:
        return len(words) <= LONGEST_HEADING
    body = [piece for piece in paragraph.pieces[1:] if not _names_responsible(piece)]
    return len(words) <= LONGEST_STOPPED_HEADING and (alone or sum(map(len, body)) >= SHORTEST_BODY)


def _counts_clauses(paragraph: Paragraph) -> bool:
    """Whether 一是…二是… number the clauses of this one paragraph: no section of their own."""
    if _rank(paragraph) != INLINE:
        return False
    markers = map(read_marker, paragraph.pieces[1:])
    return any(marker is not None and marker.rank == INLINE for marker in markers)


def _states_task(words: str) -> bool:
    """Whether a heading's words say more than a heading: a figure, or a paper to be written.

    They open their section all the same, but count as its first sentence, so that no task is
    lost.
    """
    return _states_figure(words) or "《" in words


def _states_figure(words: str) -> bool:
    """Whether a figure stands in it that is neither a year nor part of a name in quotes."""
    return _FIGURE.search(_QUOTED.sub("", words)) is not None


def _is_line(paragraph: Paragraph) -> bool:
    """A single short line without a mark at its end."""
    return (
        len(paragraph.pieces) == 1
        and not paragraph.stopped
        and len(paragraph.pieces[0]) <= LONGEST_HEADING
        and paragraph.pieces[0][-1] not in "：:，,、"
    )


def _is_title(paragraph: Paragraph, title: str | None) -> bool:
    if not _is_line(paragraph):
        return False
    text = paragraph.pieces[0]
    return paragraph.opening == title or bool(_TITLE.search(text) and _TITLE_SIGN.search(text))


def _follows_appendix_line(paragraphs: Sequence[Paragraph], index: int) -> bool:
    return index > 0 and bool(_APPENDIX_LINE.match(paragraphs[index - 1].pieces[0]))


def _is_plain_heading(paragraphs: Sequence[Paragraph], index: int) -> bool:
    """A few words on a line of their own with a body under them (保障措施)."""
    paragraph = paragraphs[index]
    text = paragraph.pieces[0]
    follows = _neighbour(paragraphs, index, 1)
    return (
        _is_line(paragraph)
        and len(text) <= LONGEST_PLAIN_HEADING
        and not re.search(r"[，,。：:；;\d（(]", text)
        and follows is not None
        and follows.marker is None
        and not follows.row
        and follows.stopped
        and sum(map(len, follows.pieces)) >= SHORTEST_BODY
    )
