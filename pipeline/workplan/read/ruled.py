"""Ruled tables on printed pages: found by their lines, and put together again over page ends."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from workplan.read.front import names_a_body
from workplan.read.paragraph import glue, is_full, unspaced
from workplan.read.table import Cell, Grid, header_of, join_lines

if TYPE_CHECKING:
    from pdfplumber.page import Page
    from pdfplumber.table import Table

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in points from the page's top left corner."""
BLANK = 0.5
"""A gap of this share of a character's width is a blank."""
_NEAR = 3.0
"""Points by which edges of one line may differ."""


@dataclass(frozen=True, slots=True)
class Ruled:
    """A table on a page. `open_below`: its last row has no lower line and may go on overleaf."""

    grid: Grid
    box: Box
    open_below: bool = False


def tables_of(page: Page) -> list[Ruled]:
    """The tables of `page` that part at least two rows and two columns."""
    ends = _open_ends(page)
    chars = page.chars
    found = page.find_tables({"explicit_horizontal_lines": ends} if ends else {})
    return [
        Ruled(_grid(chars, table), table.bbox, any(abs(table.bbox[3] - y) < _NEAR for y in ends))
        for table in found
        if len(table.rows) > 1
        and max(sum(cell is not None for cell in row.cells) for row in table.rows) > 1
    ]


def within(thing: dict[str, Any], box: Box) -> bool:
    """Whether the middle of a character or line lies in `box`."""
    across, down = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return box[0] <= across <= box[2] and box[1] <= down <= box[3]


def size_of(chars: Sequence[dict[str, Any]]) -> float:
    """The type size of most of `chars`, in points."""
    return Counter(round(char["size"], 1) for char in chars).most_common(1)[0][0]


def joined(table: Ruled, after: Ruled) -> Ruled | None:
    """`table` and `after`, which starts the next page, as one; None where they are two."""
    first, second = table.grid, list(after.grid)
    if not first or not second or len(first[0]) != len(second[0]):
        return None
    depth, names = header_of(first)
    own_depth, own_names = header_of(second)
    if own_depth:
        if own_names != names:
            return None
        second = second[own_depth:]
    elif not depth:
        return None
    rows = [list(row) for row in first]
    if table.open_below and second and _goes_on(rows[-1], second[0]):
        rows[-1] = [_both(above, below) for above, below in zip(rows[-1], second[0], strict=True)]
        second = second[1:]
    rows += _filled(rows[-1], second, len(rows))
    return replace(after, grid=rows)


def _open_ends(page: Page) -> list[float]:
    """Where several vertical lines end without a horizontal one, at the foot or top of a page."""
    # A line drawn as a thin box has short edges of its own at its ends.
    level = [e["top"] for e in page.edges if e["orientation"] == "h" and e["width"] > 2 * _NEAR]
    ends = Counter(
        round(edge[side])
        for edge in page.edges
        if edge["orientation"] == "v"
        for side in ("top", "bottom")
    )
    return [
        float(end)
        for end, count in ends.items()
        if count >= 3 and not any(abs(end - line) < _NEAR for line in level)
    ]


def _grid(chars: Sequence[dict[str, Any]], table: Table) -> list[list[Cell]]:
    """The table's cells by row and column, merged cells repeated."""
    from pdfplumber.utils import chars_to_textmap

    inside = [char for char in chars if within(char, table.bbox)]
    lines: dict[Box, list[dict[str, Any]]] = {}
    widest: dict[tuple[int, int], float] = defaultdict(float)
    for box in table.cells:
        own = [char for char in inside if within(char, box)]
        lines[box] = (
            chars_to_textmap(own, x_tolerance_ratio=BLANK).extract_text_lines() if own else []
        )
        for line in lines[box]:
            widest[_column(box)] = max(widest[_column(box)], line["x1"] - line["x0"])
    cells = [
        (box, Cell(_text(lines[box], box, widest[_column(box)]), (number, 0)))
        for number, box in enumerate(table.cells)
    ]
    columns = _slots([edge for box, _ in cells for edge in (box[0], box[2])])
    rows = _slots([edge for box, _ in cells for edge in (box[1], box[3])])
    nowhere = Cell("", (-1, 0))
    return [
        [
            next(
                (c for box, c in cells if box[0] <= x <= box[2] and box[1] <= y <= box[3]), nowhere
            )
            for x in columns
        ]
        for y in rows
    ]


def _slots(edges: Sequence[float]) -> list[float]:
    """The middles between neighbouring edges; edges that are near each other are one."""
    distinct: list[float] = []
    for edge in sorted(edges):
        if not distinct or edge - distinct[-1] > _NEAR:
            distinct.append(edge)
    return [(left + right) / 2 for left, right in zip(distinct, distinct[1:], strict=False)]


def _column(box: Box) -> tuple[int, int]:
    return round(box[0]), round(box[2])


def _text(lines: Sequence[dict[str, Any]], box: Box, widest: float) -> str:
    """A cell's lines as one: those that fill its width run on, others are paragraphs.

    `widest` is the width of the column's widest line, in points.
    """
    paragraphs: list[str] = []
    before = 0.0
    for line in lines:
        text, size = unspaced(line["text"]), size_of(line["chars"])
        # Where no line of the column fills it, none was wrapped.
        room = widest if widest > box[2] - box[0] - 4 * size else box[2] - box[0] - 1.3 * size
        runs_on = paragraphs and is_full(before, room, text, size)
        if runs_on and not names_a_body(paragraphs[-1]):
            paragraphs[-1] = glue(paragraphs[-1], text)
        else:
            paragraphs.append(text)
        before = line["x1"] - line["x0"]
    return join_lines(paragraphs)


def _goes_on(row: Sequence[Cell], below: Sequence[Cell]) -> bool:
    """Whether `below` only holds what found no room in `row`: some of its cells are empty."""
    return any(cell.text and not rest.text for cell, rest in zip(row, below, strict=True))


def _both(above: Cell, below: Cell) -> Cell:
    # Overleaf a sentence goes on without a blank, a list of authorities with one.
    apart = names_a_body(above.text) and bool(below.text)
    whole = join_lines([above.text, below.text]) if apart else glue(above.text, below.text)
    return replace(above, text=whole)


def _filled(last: Sequence[Cell], rows: Grid, offset: int) -> list[list[Cell]]:
    """`rows` with the merged cells that start on the page before repeated in them.

    Cells are numbered on from `offset`, so that none is taken for one of the page before.
    """
    heirs = {
        cell.origin: above
        for cell, above in zip(rows[0] if rows else (), last, strict=False)
        if not cell.text and above.text and cell is rows[0][0]
    }
    return [
        [
            heirs.get(cell.origin, replace(cell, origin=(cell.origin[0] + 1000 * offset, 1)))
            for cell in row
        ]
        for row in rows
    ]
