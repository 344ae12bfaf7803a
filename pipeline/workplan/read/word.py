"""Word documents as drafts: paragraphs, tables and text boxes in the order of the body.

Headers, footers, comments and deleted text are not read; numbers of lists are written out.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from workplan.read.draft import Draft, DraftWriter
from workplan.read.fault import fault
from workplan.read.numbering import Numbering
from workplan.read.package import UNREADABLE, check_package
from workplan.read.settings import settings
from workplan.read.table import Cell, card_lines, header_of, is_card, join_lines, lines_of

if TYPE_CHECKING:
    from docx.document import Document

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_PARAGRAPH, _TABLE, _ROW, _CELL = f"{_W}p", f"{_W}tbl", f"{_W}tr", f"{_W}tc"
_BOX = f"{_W}txbxContent"
_GONE = frozenset(
    (f"{_W}del", f"{_W}moveFrom", f"{_W}pPr", f"{_W}rPr", f"{_W}instrText", f"{_MC}Fallback")
)
"""Deleted text, properties, field codes, and the second copy of a drawing for old programs."""
_WRAPPERS = frozenset(f"{_W}{name}" for name in ("sdt", "sdtContent", "customXml", "ins", "moveTo"))
_SIGNS = {
    f"{_W}tab": " ",
    f"{_W}br": "\n",
    f"{_W}cr": "\n",
    f"{_W}noBreakHyphen": "-",
    f"{_W}ptab": " ",
}
_DAMAGE = (KeyError, AttributeError, IndexError, TypeError)
"""What python-docx raises where a part is missing or of another type."""
_CONTENTS = ("toc", "目录")


def read_docx(data: bytes) -> Draft:
    """The draft of a .docx. Raises FileError: bomb, encrypted, damaged, unsupported, no-text."""
    check_package(data)
    document = _opened(data)
    writer = DraftWriter()
    walk = _Walk(document)
    for element in _children(document.element.body, (_PARAGRAPH, _TABLE)):
        for text, row, dropped in walk.lines(element):
            writer.add(text, row=row, dropped=dropped)
    draft = writer.done()
    if not draft.source.strip():
        raise fault("no-text")
    return draft


def _opened(data: bytes) -> Document:
    import docx
    from docx.opc.exceptions import OpcError
    from lxml.etree import XMLSyntaxError

    try:
        document = docx.Document(io.BytesIO(data))
        iter(document.element.body), iter(document.styles)  # it finds out late what is missing
        return document
    except ValueError as error:
        raise fault("unsupported", detail="a Word template or file with macros") from error
    except (*UNREADABLE, *_DAMAGE, OpcError, XMLSyntaxError) as error:
        raise fault("damaged", detail=str(error)) from error


def _children(element: Any, wanted: tuple[str, ...]) -> Iterator[Any]:
    """The children with a wanted tag, those inside controls and revision marks among them."""
    for child in element:
        if child.tag in wanted:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _children(child, wanted)


Piece = tuple[str, bool, str]
"""A line, whether it is a table row, and why it is dropped ("" where it is not)."""


class _Walk:
    """Goes through the body once, counting list numbers on the way."""

    def __init__(self, document: Document) -> None:
        self._numbering = Numbering(document)
        self._labels = frozenset(settings().labels)
        self._style_names = {
            style.get(f"{_W}styleId"): _value(style.find(f"{_W}name")).lower()
            for style in document.styles.element.iterchildren(f"{_W}style")
        }

    def lines(self, element: Any) -> Iterator[Piece]:
        """The lines of one paragraph or table of the body."""
        if element.tag == _TABLE:
            yield from self._table(element)
        else:
            yield from self._paragraph(element)

    def _paragraph(self, element: Any) -> Iterator[Piece]:
        number = self._numbering.number_of(element)
        boxes: list[Any] = []
        text = "".join(_texts(element, boxes)).strip()
        if text and number:
            text = number + (" " if number[-1].isalnum() and text[0].isalnum() else "") + text
        dropped = "navigation" if self._style(element).startswith(_CONTENTS) else ""
        for line in filter(str.strip, text.split("\n")):
            yield line.strip(), False, dropped
        for box in boxes:
            for child in _children(box, (_PARAGRAPH, _TABLE)):
                yield from self.lines(child)

    def _style(self, element: Any) -> str:
        style = element.find(f"{_W}pPr/{_W}pStyle")
        return self._style_names.get(_value(style), "")

    def _table(self, element: Any) -> Iterator[Piece]:
        grid = self._grid(element)
        width = len(grid[0]) if grid else 0
        header = header_of(grid)
        if is_card(grid, self._labels):
            yield from ((line, False, "") for line in card_lines(grid, self._labels))
        elif width > 1 and (header[0] or len(grid) > 1):
            yield from ((line, row, "") for line, row in lines_of(grid, header))
        else:
            # One column or one row: the table only draws a frame around paragraphs.
            for cell in element.iter(_CELL):
                for child in _children(cell, (_PARAGRAPH,)):
                    yield from self._paragraph(child)

    def _grid(self, table: Any) -> list[list[Cell]]:
        """The table's cells by row and column, merged cells repeated, rows of equal length."""
        grid: list[list[Cell]] = []
        for number, row in enumerate(_children(table, (_ROW,))):
            line = [Cell("", (number, place)) for place in range(_span(row, "gridBefore", 0))]
            for element in _children(row, (_CELL,)):
                place = len(line)
                above = grid[-1][place] if grid and place < len(grid[-1]) else None
                if above is not None and _continues(element):
                    cell = above
                else:
                    cell = Cell(self._cell_text(element), (number, place))
                line += [cell] * _span(element, "gridSpan", 1)
            grid.append(line)
        width = max(map(len, grid), default=0)
        return [
            line + [Cell("", (number, place)) for place in range(len(line), width)]
            for number, line in enumerate(grid)
        ]

    def _cell_text(self, element: Any) -> str:
        return join_lines(
            text
            for child in _children(element, (_PARAGRAPH, _TABLE))
            for text, _, _ in self.lines(child)
        )


def _texts(element: Any, boxes: list[Any]) -> Iterator[str]:
    """The visible text below a paragraph in order; text boxes are collected in `boxes`."""
    for child in element:
        if child.tag in _GONE:
            continue
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        elif child.tag == _BOX:
            boxes.append(child)
        elif not (child.tag == f"{_W}r" and _is_hidden(child)):
            yield from _texts(child, boxes)


def _value(element: Any) -> str:
    return "" if element is None else element.get(f"{_W}val") or ""


def _is_hidden(run: Any) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(f"{_W}val") not in ("0", "false")


def _continues(cell: Any) -> bool:
    """Whether a cell belongs to the one above it."""
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(f"{_W}val") != "restart"


def _span(element: Any, name: str, default: int) -> int:
    found = element.find(f"*/{_W}{name}")
    value = found.get(f"{_W}val") if found is not None else None
    return min(int(value[:9]), 63) if value and value.isdecimal() else default
