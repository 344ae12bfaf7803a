"""A web page's text: every block in reading order, with what shows whether it is the plan's."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workplan.read.table import Cell, card_lines, header_of, is_card, join_lines, lines_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_UNSEEN = frozenset(
    ("script", "style", "noscript", "template", "head", "iframe", "object", "embed", "svg", "math")
    + ("canvas", "audio", "video", "select", "button", "textarea", "input", "map", "link", "meta")
)
_BLOCKS = frozenset(
    ("html", "body", "div", "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt")
    + ("dd", "table", "thead", "tbody", "tfoot", "tr", "td", "th", "caption", "section", "article")
    + ("main", "header", "footer", "nav", "aside", "form", "fieldset", "blockquote", "pre", "hr")
    + ("center", "address", "figure", "figcaption", "details", "summary")
    + ("ucapcontent", "ucaptitle")  # the elements of a widespread government site builder
)
_ASIDE = frozenset(("nav", "footer", "aside"))
_ASIDE_NAME = re.compile(
    r"(?:^|[\s_-])(?:foot(?:er)?|copyright|nav(?:bar|igation)?|menu|bread-?crumbs?|crumbs?|share|bdshare"
    r"|sidebar|related|recommend|toolbar|pagination|pager|qrcode|sitemap)(?:$|[\s_-])",
    re.I,
)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|left\s*:\s*-\d{3,}|font-size\s*:\s*0(?![.\d])",
    re.I,
)
_SPACE = re.compile(r"[ \t\r\n\f]+")
_CHINESE = "\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef“”‘’…—"
_WRAP = re.compile(f"(?<=[{_CHINESE}])[ \t]*[\r\n\f][ \t\r\n\f]*(?=[{_CHINESE}])")
_WIDEST, _MOST_CELLS = 50, 100_000
"""Columns that one cell may span, and cells of a table that is taken for one."""
_NUMBERED = re.compile(r"[\s（(]*[0-9一二三四五六七八九十]+[\s、.．）)]")


@dataclass(slots=True)
class Block:
    """A paragraph or table row; `place` is the element that holds it.

    `linked` counts the characters of `text` that are links. `aside` says that the page's own
    markup sets the block apart ("navigation", "hidden").
    """

    text: str
    place: _Element
    row: bool = False
    linked: int = 0
    aside: str = ""


def blocks_of(root: _Element, labels: frozenset[str]) -> list[Block]:
    """The blocks of the page below `root`, in order; `labels` are those of information cards."""
    return _Walk(labels).run(root)


class _Walk:
    """Walks a page without recursion: real pages nest thousands of unclosed elements."""

    def __init__(self, labels: frozenset[str]) -> None:
        self.labels = labels
        self.blocks: list[Block] = []
        self._pieces: list[str] = []
        self._linked = 0
        self._links = 0
        self._kept_space = 0
        self._asides: list[tuple[_Element, str]] = []
        self._counters: list[int] = []

    def run(self, root: _Element) -> list[Block]:
        from lxml import etree

        walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
        for event, element in walk:
            if event == "start":
                if self._enter(element):
                    walk.skip_subtree()
            elif event == "end":
                self._leave(element, root)
            else:
                self._say(element.tail, element.getparent())
        self._flush(root)
        return self.blocks

    def _enter(self, element: _Element) -> bool:
        """Take in an element's start; True where its inside is done with."""
        tag = element.tag
        if tag in _UNSEEN or (tag not in _BLOCKS and _is_hidden(element)):
            return True  # hidden words inside a sentence are there to spoil copies of it
        if tag in _BLOCKS:
            self._flush(element.getparent() if element.getparent() is not None else element)
        if reason := _set_apart(element):
            self._asides.append((element, reason))
        if tag == "table" and (rows := _table_lines(element, self.labels)) is not None:
            self.blocks += [Block(text, element, row, aside=self._aside()) for text, row in rows]
            return True
        if tag == "br":
            self._flush(element.getparent())
        elif tag == "a":
            self._links += 1
        elif tag == "pre":
            self._kept_space += 1
        elif tag == "ol":
            self._counters.append(_whole(element.get("start"), 1))
        elif tag == "li":
            self._number(element)
        self._say(element.text, element)
        return False

    def _leave(self, element: _Element, root: _Element) -> None:
        tag = element.tag
        if tag in _BLOCKS:
            self._flush(element)
        if tag == "a":
            self._links -= 1
        elif tag == "pre":
            self._kept_space -= 1
        elif tag == "ol":
            self._counters.pop()
        if self._asides and self._asides[-1][0] is element:
            self._asides.pop()
        if element is not root:
            self._say(element.tail, element.getparent())

    def _number(self, item: _Element) -> None:
        """Write the number that a browser would show before an item of an ordered list."""
        parent = item.getparent()
        if parent is None or parent.tag != "ol" or not self._counters:
            return
        self._counters[-1] = number = _whole(item.get("value"), self._counters[-1])
        self._counters[-1] += 1
        if not _NUMBERED.match("".join(item.itertext())):
            self._pieces.append(f"{number}.")

    def _say(self, text: str | None, place: _Element) -> None:
        if not text:
            return
        if self._kept_space:
            first, *others = text.split("\n")
            self._pieces.append(first)
            for line in others:
                self._flush(place)
                self._pieces.append(line)
        else:
            self._pieces.append(text)
            self._linked += len(text.strip()) if self._links else 0

    def _flush(self, place: _Element) -> None:
        text = squeeze("".join(self._pieces))
        if text:
            self.blocks.append(
                Block(text, place, linked=min(self._linked, len(text)), aside=self._aside())
            )
        self._pieces, self._linked = [], 0

    def _aside(self) -> str:
        return self._asides[-1][1] if self._asides else ""


def squeeze(text: str) -> str:
    """`text` with blanks as a browser shows them: runs are one, line wraps in Chinese none."""
    return _SPACE.sub(" ", _WRAP.sub("", text)).strip(" \u3000\xa0")


def _set_apart(element: _Element) -> str:
    if _is_hidden(element):
        return "hidden"
    named = f"{element.get('class') or ''} {element.get('id') or ''}"
    if element.tag in _ASIDE or (element.tag in _BLOCKS and _ASIDE_NAME.search(named)):
        return "navigation"
    return ""


def _is_hidden(element: _Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style") or ""))


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 5 else default


def _table_lines(table: _Element, labels: frozenset[str]) -> list[tuple[str, bool]] | None:
    """The lines of a table that holds data; None for one that only lays out the page."""
    if next(table.iterdescendants("table"), None) is not None or _is_menu(table):
        return None
    grid = _grid(table, labels)
    if len(grid) < 1 or max(map(len, grid)) < 2:
        return None
    if is_card(grid, labels):
        return [(line, False) for line in card_lines(grid, labels)]
    header = header_of(grid)
    if not header[0] and (len(grid) < 2 or _is_layout(table)):
        return None
    return list(lines_of(grid, header))


def _is_menu(table: _Element) -> bool:
    """Whether links are most of what the table says."""
    everything = sum(len(text.strip()) for text in table.itertext())
    linked = sum(
        len(text.strip()) for link in table.iterdescendants("a") for text in link.itertext()
    )
    return linked * 2 > everything


def _is_layout(table: _Element) -> bool:
    """A table without a header lays out the page when a cell of it holds several paragraphs."""
    return any(
        sum(1 for _ in cell.iterdescendants("p", "div", "br", "li")) > 3
        for cell in table.iterdescendants("td", "th")
    )


def _grid(table: _Element, labels: frozenset[str]) -> list[list[Cell]]:
    """The table's cells by row and column, merged cells repeated, rows of equal length."""
    rows = [row for row in table.iterdescendants("tr") if len(row)]
    places: dict[tuple[int, int], Cell] = {}
    for number, row in enumerate(rows):
        column = 0
        for element in row.iterchildren("td", "th"):
            while (number, column) in places:
                column += 1
            cell = Cell(_cell_text(element, labels), (number, column))
            across = min(_whole(element.get("colspan"), 1), _WIDEST)
            down = min(_whole(element.get("rowspan"), 1), len(rows) - number)
            if len(places) + across * down > _MOST_CELLS:
                return []
            for below in range(max(down, 1)):
                for beside in range(max(across, 1)):
                    places[number + below, column + beside] = cell
            column += max(across, 1)
    width = max((column + 1 for _, column in places), default=0)
    return [
        [places.get((number, column)) or Cell("", (number, column)) for column in range(width)]
        for number in range(len(rows))
    ]


def _cell_text(element: _Element, labels: frozenset[str]) -> str:
    return join_lines(block.text for block in blocks_of(element, labels))
