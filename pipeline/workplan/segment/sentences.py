"""Cuts a paragraph into sentences at 。！？； and around brackets that name who is responsible."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

LONGEST_ASIDE = 200
"""Characters in a bracket or quotation that stays whole whatever marks stand inside it."""

LONGEST_SENTENCE = 2000
"""Characters; what goes on longer without a full stop is a list or damage. It is cut, so that no
later step has to take in a whole book at once."""

_CLOSED_BY = dict(zip("（(“‘「『《【〔[", "）)”’」』》】〕]", strict=True))
_OPENED_BY = {closer: opener for opener, closer in _CLOSED_BY.items()}
_EDGES = re.compile("[" + re.escape("".join(_CLOSED_BY) + "".join(_OPENED_BY)) + "]")
_QUOTES = "“‘「『"
_NAMES = "《〔"
"""A mark in a book's or a document's name never ends a sentence (《谁来种地？》)."""

_END = re.compile(
    r"""
    [。！？；!?;]
    (?: (?<=[。！？；])                             # the four marks that end a sentence
      | (?<![A-Za-z0-9][!?;])                       # half-width ones, but not in an address
      | (?![A-Za-z0-9])
    )
    """,
    re.VERBOSE,
)
_AFTER_END = re.compile(r"[。！？；!?;…”’」』）)》】\]]*")
"""What belongs to the sentence just ended: doubled marks, closing quotes and brackets."""

_RESPONSIBLE = re.compile(r"责任|牵头|负责|配合|分工|主办|协办|承办|落实单位|实施单位|指导$")
"""Marks a bracket as one that says who does the work: （责任单位：…） 【市交通局牵头】."""


class _Aside(NamedTuple):
    """A bracket or quotation: `view[start]` opens it, `view[end - 1]` closes it."""

    start: int
    end: int


def cut_sentences(view: str) -> list[tuple[int, int]]:
    """The sentences of one paragraph as (start, end), without the white space around them.

    >>> view = "做好防疫。（责任单位：局办）开展“先试；后推”工作；抓好落实。"
    >>> [view[start:end] for start, end in cut_sentences(view)]
    ['做好防疫。', '（责任单位：局办）', '开展“先试；后推”工作；', '抓好落实。']
    """
    pieces = []
    start = 0
    for end in _close_enough(view, [*_ends(view), len(view)]):
        piece = view[start:end]
        if words := piece.strip():
            lead = len(piece) - len(piece.lstrip())
            pieces.append((start + lead, start + lead + len(words)))
        start = end
    return pieces


def _ends(view: str) -> Iterator[int]:
    """Where sentences end, in ascending order."""
    last = 0
    position = 0
    asides = [*_asides(view), _Aside(len(view), len(view))]
    for aside in asides:
        # Marks between the last aside and this one: each ends a sentence.
        while found := _END.search(view, position, aside.start):
            position = last = _past(view, found.end())
            yield last
        position = max(position, aside.end)
        if aside.start < last or aside.start == len(view):
            continue
        opens = aside.start - last < 40 and not view[last : aside.start].strip()
        if _ends_sentence(view, aside) or (opens and _is_responsible(view, aside)):
            position = last = _past(view, aside.end)
            yield last


def _close_enough(view: str, ends: Iterable[int]) -> Iterator[int]:
    """`ends`, and between those too far apart the last comma, list mark or blank that is not."""
    last = 0
    for end in ends:
        while end - last > LONGEST_SENTENCE:
            reach = last + LONGEST_SENTENCE
            last = (
                1 + max(view.rfind(mark, (last + reach) // 2, reach) for mark in "，、,; ") or reach
            )
            yield last
        last = end
        yield end


def _past(view: str, end: int) -> int:
    found = _AFTER_END.match(view, end)
    return found.end() if found else end


def _ends_sentence(view: str, aside: _Aside) -> bool:
    """Whether a quotation or a bracket closes on the mark that ends its sentence.

    “谁来种地？”的难题 goes on; 他说：“抓好落实！” and （见附件。） do not.
    """
    inner = view[aside.start + 1 : aside.end - 1].rstrip("”’」』）)】] ")
    if view[aside.start] in _NAMES or not inner or not _END.fullmatch(inner[-1]):
        return False
    if inner[-1] == "。":
        return True
    return view[aside.start] in _QUOTES and view[max(0, aside.start - 1)] in "：:"


def _is_responsible(view: str, aside: _Aside) -> bool:
    if view[aside.start] not in "（(【[":
        return False
    return _RESPONSIBLE.search(view[aside.start + 1 : aside.end - 1]) is not None


def _asides(view: str) -> Iterator[_Aside]:
    """The outermost brackets and quotations that close within LONGEST_ASIDE characters."""
    opened: list[int] = []
    found: list[_Aside] = []
    for edge in _EDGES.finditer(view):
        place, character = edge.start(), edge[0]
        while opened and place - opened[0] >= LONGEST_ASIDE:
            del opened[0]
        if character in _CLOSED_BY:
            if character in _QUOTES and opened and view[opened[-1]] == character:
                opened.pop()  # “ after “: the first was never closed
            opened.append(place)
            continue
        opener = _OPENED_BY[character]
        if not any(view[start] == opener for start in opened):
            continue
        while view[start := opened.pop()] != opener:
            pass
        while found and found[-1].start > start:
            found.pop()
        found.append(_Aside(start, place + 1))
    yield from found
