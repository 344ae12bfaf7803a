"""What stands after a plan's last sentence: signature, imprint and the foot of a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from workplan.read.dates import is_date_line
from workplan.read.front import is_body_like, labelled, names_a_body, signature_date
from workplan.read.sheet import Line

_FOOT_LINE = 40
"""Characters; a longer line below the plan is kept, whatever stands above it."""


def signatures(lines: Sequence[Line], start: int) -> Iterator[tuple[int, str]]:
    """The lines from `start` on that sign: authorities, then a date alone on its line."""
    for number in range(start, len(lines)):
        if signature_date(lines[number].view) is None:
            continue
        signed = number
        while signed > start and names_a_body(lines[signed - 1].key):
            signed -= 1
        if signed < number or not is_date_line(lines[number].view) or number == len(lines) - 1:
            yield from ((line, "signature") for line in range(signed, number + 1))


def foot(
    lines: Sequence[Line], start: int, noise: dict[int, str], ends: dict[int, str]
) -> Iterator[tuple[int, str]]:
    """The lines after the plan's last paragraph that belong to the page.

    `noise` are lines that go wherever they stand, `ends` those that go at an end. A short line
    that is neither goes only below one of them.
    """
    last = len(lines)
    while last > start and _may_be_foot(lines[last - 1], last - 1, noise, ends):
        last -= 1
    below = False
    for number in range(last, len(lines)):
        if number in noise:
            below = below or noise[number] not in ("signature", "page")
        elif number in ends:
            below = True
            yield number, ends[number]
        elif signature_date(lines[number].view) is not None:
            yield number, "signature"
        elif any(labelled(lines[number])):
            yield number, "card"
        elif below:
            yield number, "navigation"


def _may_be_foot(line: Line, number: int, noise: dict[int, str], ends: dict[int, str]) -> bool:
    if number in noise or number in ends:
        return True
    return len(line.key) <= _FOOT_LINE and not line.row and not is_body_like(line.key)
