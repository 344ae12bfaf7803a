"""A draft to a clean text: what is not the plan goes, and what it says of itself is kept apart."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from workplan.read.back import foot, signatures
from workplan.read.draft import Draft
from workplan.read.front import Front, survey
from workplan.read.metadata import Reading, metadata_of
from workplan.read.settings import settings
from workplan.read.sheet import Clean, Line, Sheet, Stretch
from workplan.read.spam import spam, watermarks
from workplan.read.wrap import wraps
from workplan.types import Metadata

_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f\x80-\x84\x86-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
    "\ufffe\uffff\ue000-\uf8ff]+"
)
"""Controls, zero-width marks and private-use glyphs, which stand for bullets of a font."""
_HEAD = 200
"""Lines from the start of the content on in which noise may part what stands before the plan."""
_LONGEST_NOISE = 400
"""Characters; a longer line is compared with no pattern for whole lines."""


def clean(draft: Draft) -> tuple[Clean, Metadata]:
    """The plan in `draft`, and what it says of itself."""
    sheet = Sheet.of(draft)
    sheet = sheet.without(
        (match.start(), match.end(), "invisible") for match in _INVISIBLE.finditer(sheet.text)
    )
    sheet = sheet.without(_stretches(sheet.view))
    sheet = sheet.without(wraps(sheet.text, sheet.lines))
    front = _survey(sheet)
    if front.joined:
        lines = sheet.lines
        sheet = sheet.without((lines[n - 1].end, lines[n].start, "") for n in front.joined)
        front = _survey(sheet)
    gone = _gone(sheet.lines, front)
    metadata = metadata_of(Reading(sheet.lines, gone, front, draft.stated, draft.notes))
    return sheet.clean(gone), metadata


def _stretches(view: str) -> Iterator[Stretch]:
    """What goes from inside the lines of `view`; overlaps are left to the cutting."""
    for why, pattern in settings().stretches.items():
        yield from ((match.start(), match.end(), why) for match in pattern.finditer(view))
    yield from watermarks(view)
    yield from spam(view)


def _survey(sheet: Sheet) -> Front:
    lines = sheet.lines
    main = next(
        (n for n, line in enumerate(lines) if sheet.index[line.start] >= sheet.draft.main),
        0,
    )
    head = lines[: main + _HEAD]
    noise = dict(_matching(head, "lines")) | dict(_matching(head, "ends"))
    return survey(lines, noise, main)


def _gone(lines: Sequence[Line], front: Front) -> dict[int, str]:
    """Why each line goes that goes."""
    gone = front.gone | dict(signatures(lines, front.body)) | dict(_matching(lines, "lines"))
    ends = dict(_matching(lines, "ends"))
    gone |= {number: why for number, why in ends.items() if number < (front.title or 0)}
    gone |= dict(foot(lines, front.body, gone, ends))
    return {number: why for number, why in gone.items() if number != front.title}


def _matching(lines: Sequence[Line], where: str) -> Iterator[tuple[int, str]]:
    """The lines that a pattern for whole lines covers, and its reason."""
    for number, line in enumerate(lines):
        if line.row or len(line.key) > _LONGEST_NOISE:
            continue
        why = _noise(line.key, where)
        if why is not None:
            yield number, why


@lru_cache(maxsize=1024)  # a plan's head is looked at several times
def _noise(key: str, where: str) -> str | None:
    """The reason of the first pattern that covers the line, None where it is none's."""
    patterns = settings().lines if where == "lines" else settings().ends
    return next((why for why, pattern in patterns.items() if pattern.fullmatch(key)), None)
