"""Tables to lines: each row one line, its cells prefixed by their headers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_HEADER_WORDS = re.compile(
    "序号|编号|任务|工作|内容|事项|项目|举措|措施|目标|指标|要求|单位|部门|责任|牵头|配合|领导|处室|科室"
    "|时限|时间|进度|期限|日期|节点|备注|类别|领域|名称|数量|单价|地点|人员|成果|标准|分值|说明|年度|数值"
)
_LONGEST_HEADER = 20
"""Characters; a longer cell is a sentence and no header."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell's text in one line; `origin` is the same for all grid places that a merge covers."""

    text: str
    origin: tuple[int, int]


Grid = Sequence[Sequence[Cell]]


def header_of(grid: Grid) -> tuple[int, list[str]]:
    """How many rows of `grid` come before its data, and the header of each column.

    Full-width rows above the header (a caption) are among them. No header: (0, []).
    """
    top = 0
    while top < len(grid) and _is_banner(grid[top]):
        top += 1
    if top >= len(grid) - 1 or not _is_header(grid[top]):
        return 0, []
    depth = 1
    # A second header row stands under a header cell that spans columns and shares the others.
    while top + depth < len(grid) - 1 and _continues_header(grid, top, top + depth):
        depth += 1
    names = [_name(column) for column in zip(*grid[top : top + depth], strict=True)]
    lowest = [cell.text for cell in grid[top + depth - 1]]
    # “落实要求 / 责任单位” is 责任单位, unless another column's lowest header says the same.
    return top + depth, [
        low if _HEADER_WORDS.search(low) and lowest.count(low) == 1 else name
        for low, name in zip(lowest, names, strict=True)
    ]


def lines_of(grid: Grid, header: tuple[int, list[str]]) -> Iterator[tuple[str, bool]]:
    """The lines of a table and whether each is a row: banners across the table are not.

    `header` is what header_of says of this table or of the one that it continues.
    """
    depth, names = header
    for number, row in enumerate(grid):
        if _is_banner(row):
            if row[0].text and not (number < depth and row[0].text in names):
                yield row[0].text, False
        elif number >= depth and (line := _line(row, names)):
            yield line, True


def join_lines(lines: Iterable[str]) -> str:
    """The paragraphs of one cell as one line: a blank stands where no mark closes a paragraph."""
    joined = ""
    for line in filter(None, lines):
        joined += (" " if joined and joined[-1] not in "。；，、：;,:" else "") + line
    return joined


def tabbed_rows(text: str) -> set[int]:
    """Where in a plain text the rows of tables start whose cells are parted by tabs.

    Three lines on end with two tabs or more, and as many each, are a table. Its headers are not
    repeated, since a text's source is the text itself.
    """
    rows: set[int] = set()
    run: list[int] = []
    tabs = 0
    if "\t" not in text:
        return rows
    for match in re.finditer(r"[^\r\n]+", text):
        line = match.group().strip()
        if not line:
            continue
        count = line.count("\t")
        if count != tabs or count < 2:
            run, tabs = [], count
        run.append(match.start())
        if tabs >= 2 and len(run) >= 3:
            rows.update(run)
    return rows


def is_card(grid: Grid, labels: frozenset[str]) -> bool:
    """Whether this is an information card (索引号 | … | 发文机关 | …), given what its cells say."""
    cells = {re.sub(r"[\s:：]", "", cell.text) for row in grid for cell in row}
    return len(cells & labels) >= 2


def card_lines(grid: Grid, labels: frozenset[str]) -> Iterator[str]:
    """The lines of an information card, each “label：value”."""
    for row in grid:
        cells = [cell for place, cell in enumerate(row) if cell not in row[:place]]
        line = ""
        for cell in cells:
            if re.sub(r"[\s:：]", "", cell.text) in labels:
                if line:
                    yield line
                line = cell.text.rstrip(":： ") + "："
            else:
                line += cell.text
        if line:
            yield line


def _name(column: Sequence[Cell]) -> str:
    return "".join(dict.fromkeys(cell.text for cell in column))


def _is_banner(row: Sequence[Cell]) -> bool:
    return len(row) > 1 and len({cell.origin for cell in row}) == 1


def _is_header(row: Sequence[Cell]) -> bool:
    texts = [cell.text for cell in row]
    filled = [text for text in texts if text]
    return (
        len(texts) > 1
        and len(filled) >= len(texts) - 1
        and len(set(filled)) > 1
        and all(len(text) <= _LONGEST_HEADER and not re.search("[。；!?]", text) for text in filled)
        and any(_HEADER_WORDS.search(text) for text in filled)
        and not any(text.isdigit() for text in filled)
    )


def _continues_header(grid: Grid, top: int, number: int) -> bool:
    above, row = grid[top], grid[number]
    merged_down = any(cell.origin == over.origin for cell, over in zip(row, above, strict=True))
    merged_across = len({cell.origin for cell in above}) < len(above)
    return merged_down and merged_across and all(len(c.text) <= _LONGEST_HEADER for c in row)


def _line(row: Sequence[Cell], names: list[str]) -> str:
    parts: list[str] = []
    seen: set[tuple[int, int]] = set()
    for column, cell in enumerate(row):
        # A cell that spans columns is said once, under the first of their headers.
        if cell.origin in seen or not cell.text:
            continue
        seen.add(cell.origin)
        name = names[column] if column < len(names) else ""
        text = cell.text.rstrip("。；; ")
        parts.append(f"{name}：{text}" if name else text)
    return "；".join(parts)
