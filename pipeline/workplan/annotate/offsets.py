"""Offsets in Doccano and back: its page counts UTF-16 units, the corpus counts code points.

A character beyond the basic plane (𠮷, 😀) is two units. Spans are sent in units, so that the page
shows them where they belong and a span that is drawn by hand counts like one that was sent.
"""

from __future__ import annotations

from collections.abc import Sequence

from workplan.errors import UserError
from workplan.types import Span

Units = tuple[int, int, str]
"""A span as Doccano holds it: start, end in UTF-16 units, label."""


class OffsetError(UserError):
    """Spans that came back and lie where no span can lie."""


def to_units(text: str, spans: Sequence[Span]) -> list[Units]:
    """Spans in code points as UTF-16 units, in the order given."""
    places = _places(text)
    return [(places[span.start], places[span.end], span.label) for span in spans]


def from_units(text: str, units: Sequence[Units], sent: Sequence[Span]) -> tuple[list[Span], bool]:
    """Spans that came back, in code points, and whether a shift had to be repaired.

    A text without astral characters leaves no choice. With some, a program that counts code
    points may have written the spans: they are read so where units make no sense of them or
    explain fewer of the spans `sent`, and all of them were sent. Raises OffsetError where neither
    reading is possible, and where code points explain more but not all.
    """
    if len(text) == _places(text)[-1]:
        return _flat(text, [Span(*unit) for unit in units]), False
    in_units, in_points = _by_units(text, units), _by_points(text, units)
    if in_units is None and in_points is None:
        raise OffsetError("spans lie off the text or cut a character (标注越界或切断字符)")
    if in_points is None or in_points == in_units:
        return in_units or [], False
    known = set(sent)
    if in_units is None:
        if set(in_points) <= known:
            return in_points, True
        raise OffsetError("spans are shifted past a rare character (生僻字后标注错位)")
    by_units, by_points = len(known & set(in_units)), len(known & set(in_points))
    if by_units < by_points and set(in_points) <= known:
        return in_points, True
    if by_units < by_points:
        raise OffsetError("spans may be shifted past a rare character (生僻字后标注可能错位)")
    return in_units, False


def _places(text: str) -> list[int]:
    """Shape (len(text) + 1,): the unit at which each code point starts, and the end."""
    places = [0]
    for character in text:
        places.append(places[-1] + (2 if ord(character) > 0xFFFF else 1))
    return places


def _by_units(text: str, units: Sequence[Units]) -> list[Span] | None:
    points = {unit: point for point, unit in enumerate(_places(text))}
    try:
        return _flat(text, [Span(points[start], points[end], label) for start, end, label in units])
    except (KeyError, OffsetError):
        return None


def _by_points(text: str, units: Sequence[Units]) -> list[Span] | None:
    try:
        return _flat(text, [Span(*unit) for unit in units])
    except OffsetError:
        return None


def _flat(text: str, spans: list[Span]) -> list[Span]:
    """Sorted spans. Raises OffsetError where one lies off the text or two overlap."""
    spans.sort()
    last = 0
    for span in spans:
        if not last <= span.start < span.end <= len(text):
            raise OffsetError(
                f"span [{span.start}, {span.end}] overlaps another or lies off the text"
                f" of {len(text)} characters (标注重叠或越界)"
            )
        last = span.end
    return spans
