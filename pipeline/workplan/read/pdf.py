"""PDF files with a text layer as drafts: lines back to paragraphs, ruled tables to rows.

Page numbers and running heads are dropped; text that is turned, as watermarks are, is not read.
"""

from __future__ import annotations

import io
import logging
import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from workplan.errors import FileError
from workplan.read.draft import Draft, DraftWriter
from workplan.read.encoding import chinese_share
from workplan.read.fault import fault
from workplan.read.package import check_streams
from workplan.read.paragraph import Layout, TextLine, glue, unspaced
from workplan.read.ruled import BLANK, Ruled, joined, size_of, tables_of, within
from workplan.read.settings import settings
from workplan.read.table import header_of, lines_of

if TYPE_CHECKING:
    from pdfplumber.page import Page

_PAGE_NUMBER = re.compile(
    r"[-—–~·\s]*(?:第?\s*\d{1,4}\s*页?|\d{1,4}\s*/\s*\d{1,4}|第.{1,4}页.{0,8})[-—–~·\s]*"
)
_EDGE = 0.12
"""Share of a page's height, at its top and foot, in which heads and page numbers stand."""
_SCANNED = 15
"""Characters a page below which a file with pictures is a scan with a stamp on it."""

_AROUND = tuple((x, y) for x in (-1, 0, 1) for y in (-1, 0, 1))

Item = TextLine | Ruled


def read_pdf(data: bytes) -> Draft:
    """The draft of a PDF.

    Raises FileError: bomb, too-long, encrypted, damaged, no-text, garbled.
    """
    check_streams(data)
    pages = _pages(data)
    lines = [item for page in pages for item in page if isinstance(item, TextLine)]
    writer = _Writer(Layout.of(lines), _running_heads(pages))
    for page in pages:
        writer.page(page)
    return writer.draft()


def _pages(data: bytes) -> list[list[Item]]:
    """The lines and tables of every page, from its top down."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect

    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    pages: list[list[Item]] = []
    pictures = False
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            if len(document.pages) > settings().limits.pages:
                raise fault("too-long", detail=f"{len(document.pages):,} pages")
            for page in document.pages:
                pages.append(_items(page))
                pictures = pictures or bool(page.images)
                page.close()
    except FileError:
        raise
    except Exception as error:  # pdfminer meets damage with errors of every kind
        cause = error.args[0] if error.args else error  # pdfplumber wraps what pdfminer raised
        if isinstance(error, PDFPasswordIncorrect) or isinstance(cause, PDFPasswordIncorrect):
            raise fault("encrypted") from error
        raise fault("damaged", detail=(str(error) or repr(error))[:200]) from error
    _check_text("".join(_words(pages)), len(pages), pictures=pictures)
    return pages


def _words(pages: Sequence[Sequence[Item]]) -> Iterator[str]:
    for page in pages:
        for item in page:
            if isinstance(item, TextLine):
                yield item.text
            else:
                yield from (cell.text for row in item.grid for cell in row)


def _check_text(text: str, pages: int, *, pictures: bool) -> None:
    marks = len("".join(text.split()))
    if not marks or (pictures and marks < _SCANNED * pages):
        raise fault("no-text")
    codes = text.count("(cid:")
    if codes * 10 > marks or (not text.isascii() and chinese_share(text) < 0.2):
        raise fault("garbled")


def _items(page: Page) -> list[Item]:
    from workplan.read.drawing import draw

    page = _readable(draw(page))
    tables = tables_of(page)
    loose = page
    if tables:
        loose = page.filter(lambda thing: not any(within(thing, table.box) for table in tables))
    placed: list[tuple[float, Item]] = [
        (
            line["top"],
            TextLine(
                text=unspaced(line["text"]),
                x0=line["x0"],
                x1=line["x1"],
                top=line["top"],
                size=size_of(line["chars"]),
                page=page.page_number,
                edge=line["top"] < _EDGE * page.height
                or line["bottom"] > (1 - _EDGE) * page.height,
            ),
        )
        for line in loose.extract_text_lines(x_tolerance_ratio=BLANK)
        if line["text"].strip()
    ]
    placed += [(table.box[1], table) for table in tables]
    return [item for _, item in sorted(placed, key=lambda pair: pair[0])]


def _readable(page: Page) -> Page:
    """The page without turned text, unless all of it is, and without text printed twice (bold)."""
    chars = page.chars
    turned = sum(map(_is_turned, chars))
    if 0 < turned < len(chars) / 2:
        page = page.filter(lambda thing: not _is_turned(thing))
    first = _printed_once(chars)
    if len(first) >= 0.95 * len(chars):
        return page
    return page.filter(lambda thing: thing["object_type"] != "char" or id(thing) in first)


def _printed_once(chars: Sequence[dict[str, Any]]) -> set[int]:
    """The ids of `chars` without those that stand, within a point, on another of the same text.

    In linear time, which pdfplumber's own dedupe_chars does not take where thousands of
    characters stand on one spot.
    """
    kept: dict[tuple[str, int, int], list[dict[str, Any]]] = defaultdict(list)
    first = set()
    for char in chars:
        text, across, down = char["text"], math.floor(char["x0"]), math.floor(char["top"])
        near = (kept.get((text, across + x, down + y), ()) for x, y in _AROUND)
        if not any(_on(char, other) for others in near for other in others):
            kept[text, across, down].append(char)
            first.add(id(char))
    return first


def _on(char: dict[str, Any], other: dict[str, Any]) -> bool:
    return abs(char["x0"] - other["x0"]) <= 1 and abs(char["top"] - other["top"]) <= 1


def _is_turned(thing: dict[str, Any]) -> bool:
    """Whether a character stands at an angle; lines and pictures never do."""
    if thing["object_type"] != "char":
        return False
    across, down = thing["matrix"][:2]
    return bool(abs(down) > 0.1 * abs(across))


def _running_heads(pages: Sequence[Sequence[Item]]) -> frozenset[str]:
    """Lines at the edges of several pages that are the same but for digits."""
    found = Counter(
        shape
        for page in pages
        for shape in {_shape(item) for item in page if isinstance(item, TextLine) and item.edge}
    )
    least = max(2, 0.4 * len(pages)) if len(pages) > 2 else 3
    return frozenset(shape for shape, count in found.items() if count >= least)


def _shape(line: TextLine) -> str:
    return re.sub(r"\d+", "#", "".join(line.text.split()))


class _Writer:
    """Puts lines together to paragraphs, over page ends too, and tables to rows."""

    def __init__(self, layout: Layout, heads: frozenset[str]) -> None:
        self._layout = layout
        self._heads = heads
        self._writer = DraftWriter()
        self._before: TextLine | None = None
        self._open = ""
        self._table: Ruled | None = None
        self._furniture: list[str] = []

    def page(self, items: Sequence[Item]) -> None:
        """Write one page."""
        for item in items:
            if isinstance(item, Ruled):
                self._add_table(item)
            elif item.edge and (_PAGE_NUMBER.fullmatch(item.text) or _shape(item) in self._heads):
                self._add_furniture(item.text)
            else:
                self._close_table()
                self._add_line(item)

    def draft(self) -> Draft:
        """The draft of all pages written."""
        self._close_table()
        self._close()
        return self._writer.done()

    def _add_line(self, line: TextLine) -> None:
        if self._open and self._before and self._layout.goes_on(self._before, line):
            whole = glue(self._open, line.text)
            self._writer.add(whole[len(self._open) :], end="")
            self._open = whole
        else:
            self._close()
            self._writer.add(line.text, end="")
            self._open = line.text
        self._before = line

    def _add_furniture(self, text: str) -> None:
        if self._table:
            self._furniture.append(text)  # the table may go on overleaf
        elif self._open:
            # Inside a paragraph the line ends around it go too, so that the paragraph closes up.
            self._writer.add(f"\n{text}\n", dropped="page", end="")
        else:
            self._writer.add(text, dropped="page")

    def _add_table(self, table: Ruled) -> None:
        self._close()
        whole = joined(self._table, table) if self._table else None
        if whole is None:
            self._close_table()
        self._table = whole or table

    def _close_table(self) -> None:
        if self._table:
            for text, row in lines_of(self._table.grid, header_of(self._table.grid)):
                self._writer.add(text, row=row)
            self._table = None
        for text in self._furniture:
            self._writer.add(text, dropped="page")
        self._furniture = []

    def _close(self) -> None:
        if self._open:
            self._writer.add("", end="\n")
        self._open = ""
