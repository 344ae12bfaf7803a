"""What a page of a PDF draws, no more of it than a page can show.

A stream of a few megabytes can draw millions of characters, and a form that draws forms any number.
Each becomes kilobytes of Python objects, so they are counted before they are made.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import resolve1
from pdfplumber.page import PDFPageAggregatorWithMarkedContent

from workplan.read.fault import fault

if TYPE_CHECKING:
    from pdfplumber.page import Page

CHARACTERS = 100_000
"""Characters, and forms, of a page; a page full of small print has some 10,000."""
STRING = 200_000
"""Bytes of a string, which is at most a line: pdfminer's time grows with their square."""
PATHS = 20_000
"""Lines of a page; what has more is a drawing, and its lines are no table's."""


def draw(page: Page) -> Page:
    """Lay the page out; one of too many lines is given without any.

    Raises FileError (too-long) where it holds more characters than a page can, or a string that
    pdfminer would take minutes for.
    """
    _check_strings(page)
    device = _Counter(page.pdf.rsrcmgr, pageno=page.page_number, laparams=page.pdf.laparams)
    PDFPageInterpreter(page.pdf.rsrcmgr, device).process_page(page.page_obj)
    page._layout = device.get_result()  # where pdfplumber keeps what it lays out itself
    if device.paths > PATHS:
        return page.filter(lambda thing: thing["object_type"] == "char")
    return page


def _check_strings(page: Page) -> None:
    for stream in page.page_obj.contents:
        data = getattr(resolve1(stream), "get_data", bytes)()
        for piece in data.split(b")"):
            if len(piece.partition(b"(")[2]) > STRING:
                raise fault("too-long", detail=f"a line of over {STRING:,} bytes")


class _Counter(PDFPageAggregatorWithMarkedContent):
    """pdfplumber's device, with counts."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self.characters = self.paths = 0

    def render_char(self, *args: Any, **named: Any) -> Any:
        """One character."""
        self._count()
        return super().render_char(*args, **named)

    def begin_figure(self, *args: Any, **named: Any) -> None:
        """A form or a picture."""
        self._count()
        super().begin_figure(*args, **named)

    def paint_path(self, *args: Any, **named: Any) -> None:
        """One path."""
        self.paths += 1
        if self.paths <= PATHS:
            super().paint_path(*args, **named)

    def _count(self) -> None:
        self.characters += 1
        if self.characters > CHARACTERS:
            raise fault("too-long", detail=f"a page of over {CHARACTERS:,} characters")
