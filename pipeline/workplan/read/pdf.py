"""PDF files with a text layer as drafts: lines back to paragraphs, ruled tables to rows.

Page numbers and running heads are dropped; text that is turned, as watermarks are, is not read.
"""

from __future__ import annotations

import io
import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from workplan.errors import FileError
from workplan.read.draft import Draft, DraftWriter
from workplan.read.encoding import chinese_share
from workplan.read.fault import fault
from workplan.read.package import check_streams
from workplan.read.paragraph import Layout, TextLine, glue
from workplan.read.settings import settings
from workplan.read.table import Cell, header_of, join_lines, lines_of

if TYPE_CHECKING:
    from pdfplumber.page import Page
    from pdfplumber.table import Table

_PAGE_NUMBER = re.compile(
    r"[-—–~·\s]*(?:第?\s*\d{1,4}\s*页?|\d{1,4}\s*/\s*\d{1,4}|第.{1,4}页.{0,8})[-—–~·\s]*"
)
_GAP = re.compile(r"(?<=[⺀-鿿，。、；：])\s+(?=[⺀-鿿，。、；：])")
_EDGE = 0.12
"""Share of a page's height, at its top and foot, in which heads and page numbers stand."""
_SCANNED = 15
"""Characters a page below which a file with pictures is a scan with a stamp on it."""

Item = TextLine | Sequence[Sequence[Cell]]


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
                yield from (cell.text for row in item for cell in row)


def _check_text(text: str, pages: int, *, pictures: bool) -> None:
    marks = len("".join(text.split()))
    if not marks or (pictures and marks < _SCANNED * pages):
        raise fault("no-text")
    codes = text.count("(cid:")
    if codes * 10 > marks or (not text.isascii() and chinese_share(text) < 0.2):
        raise fault("garbled")


def _items(page: Page) -> list[Item]:
    page = _readable(page)
    tables = [table for table in page.find_tables() if _is_table(table)]
    boxes = [table.bbox for table in tables]
    loose = page.filter(lambda thing: not any(_within(thing, box) for box in boxes))
    placed: list[tuple[float, Item]] = [
        (
            line["top"],
            TextLine(
                text=_unspaced(line["text"]),
                x0=line["x0"],
                x1=line["x1"],
                top=line["top"],
                size=_size(line["chars"]),
                page=page.page_number,
                edge=line["top"] < _EDGE * page.height
                or line["bottom"] > (1 - _EDGE) * page.height,
            ),
        )
        for line in loose.extract_text_lines(x_tolerance_ratio=0.5)
        if line["text"].strip()
    ]
    placed += [(table.bbox[1], _grid(page, table)) for table in tables]
    return [item for _, item in sorted(placed, key=lambda pair: pair[0])]


def _readable(page: Page) -> Page:
    """The page without turned text, unless all of it is, and without text printed twice (bold)."""
    chars = page.chars
    upright = sum(char["upright"] for char in chars)
    if 0 < len(chars) - upright < upright:
        page = page.filter(lambda thing: thing.get("upright", True))
    spots = {(char["text"], round(char["x0"]), round(char["top"])) for char in chars}
    return page.dedupe_chars() if len(spots) < 0.95 * len(chars) else page


def _is_table(table: Table) -> bool:
    """Ruled lines make a table where they part at least two rows and two columns."""
    return len(table.rows) > 1 and max(sum(c is not None for c in r.cells) for r in table.rows) > 1


def _within(thing: dict[str, Any], box: Sequence[float]) -> bool:
    across, down = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]


def _grid(page: Page, table: Table) -> list[list[Cell]]:
    """The table's cells by row and column, merged cells repeated."""
    from pdfplumber.utils import chars_to_textmap

    texts: dict[tuple[float, ...], Cell] = {}
    for number, box in enumerate(table.cells):
        chars = [char for char in page.chars if _within(char, box)]
        lines = chars_to_textmap(chars, x_tolerance_ratio=0.5).extract_text_lines() if chars else []
        texts[box] = Cell(_cell_text(lines, box), (number, 0))
    columns = _slots([edge for box in table.cells for edge in (box[0], box[2])])
    rows = _slots([edge for box in table.cells for edge in (box[1], box[3])])
    empty = Cell("", (-1, 0))
    return [
        [
            next(
                (cell for b, cell in texts.items() if b[0] <= x <= b[2] and b[1] <= y <= b[3]),
                empty,
            )
            for x in columns
        ]
        for y in rows
    ]


def _slots(edges: Sequence[float]) -> list[float]:
    """The middles between neighbouring edges; edges closer than 3 points are one."""
    distinct: list[float] = []
    for edge in sorted(edges):
        if not distinct or edge - distinct[-1] > 3:
            distinct.append(edge)
    return [(left + right) / 2 for left, right in zip(distinct, distinct[1:], strict=False)]


def _cell_text(lines: Sequence[dict[str, Any]], box: Sequence[float]) -> str:
    """A cell's lines as one: those that fill its width run on, others are paragraphs."""
    paragraphs: list[str] = []
    runs_on = False
    for line in lines:
        text = _unspaced(line["text"])
        if runs_on:
            paragraphs[-1] = glue(paragraphs[-1], text)
        else:
            paragraphs.append(text)
        runs_on = line["x1"] - line["x0"] > box[2] - box[0] - 2.4 * _size(line["chars"])
    return join_lines(paragraphs)


def _size(chars: Sequence[dict[str, Any]]) -> float:
    return Counter(round(char["size"], 1) for char in chars).most_common(1)[0][0]


def _unspaced(text: str) -> str:
    """`text` without the gaps that justified setting leaves between Chinese characters."""
    return _GAP.sub("", text.strip())


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
        self._header: tuple[int, list[str]] = (0, [])
        self._after_table = False

    def page(self, items: Sequence[Item]) -> None:
        """Write one page."""
        for item in items:
            if not isinstance(item, TextLine):
                self._table(item)
            elif item.edge and (_PAGE_NUMBER.fullmatch(item.text) or _shape(item) in self._heads):
                self._furniture(item.text)
            else:
                self._line(item)
                self._after_table = False

    def draft(self) -> Draft:
        """The draft of all pages written."""
        self._close()
        return self._writer.done()

    def _line(self, line: TextLine) -> None:
        if self._open and self._before and self._layout.goes_on(self._before, line):
            joined = glue(self._open, line.text)
            self._writer.add(joined[len(self._open) :], end="")
            self._open = joined
        else:
            self._close()
            self._writer.add(line.text, end="")
            self._open = line.text
        self._before = line

    def _furniture(self, text: str) -> None:
        # Inside a paragraph the line ends around it go too, so that the paragraph closes up.
        if self._open:
            self._writer.add(f"\n{text}\n", dropped="page", end="")
        else:
            self._writer.add(text, dropped="page")

    def _table(self, grid: Sequence[Sequence[Cell]]) -> None:
        self._close()
        header = header_of(grid)
        if self._after_table and not header[0] and grid and len(grid[0]) == len(self._header[1]):
            header = (0, self._header[1])
        for text, row in lines_of(grid, header):
            self._writer.add(text, row=row)
        self._header, self._after_table = header, True

    def _close(self) -> None:
        if self._open:
            self._writer.add("", end="\n")
        self._open = ""
