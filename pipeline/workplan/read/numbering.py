"""The numbers that Word writes before paragraphs of a numbered list and does not store as text."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document

_CHINESE = "零一二三四五六七八九"
_CHINESE_FORMATS = frozenset(
    (
        "chineseCounting",
        "chineseCountingThousand",
        "ideographDigital",
        "japaneseCounting",
        "japaneseDigitalTenThousand",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "taiwaneseDigital",
    )
)
_DIGITS = 10
"""Digits from which on a number of a list is damage."""
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str
    legal: bool


class Numbering:
    """Counts through a document's lists in the order of its paragraphs."""

    def __init__(self, document: Document) -> None:
        from docx.oxml.ns import qn

        self._qn = qn
        self._levels: dict[str, dict[int, _Level]] = {}
        self._abstract: dict[str, str] = {}
        self._restarts: dict[str, dict[int, int]] = {}
        self._counters: dict[str, dict[int, int]] = defaultdict(dict)
        self._seen: set[tuple[str, int]] = set()
        self._styles: dict[str, Any] = {
            style.get(qn("w:styleId")): style
            for style in document.styles.element.iterchildren(qn("w:style"))
        }
        self._read_definitions(document)

    def number_of(self, paragraph: Any) -> str:
        """The number before this `w:p` (“一、”, “（3）”), "" for none; call it once a paragraph."""
        list_id, depth = self._membership(paragraph)
        levels = self._levels.get(self._abstract.get(list_id, ""), {})
        if depth not in levels:
            return ""
        counters = self._counters[self._abstract[list_id]]
        restart = self._restarts.get(list_id, {}).get(depth)
        if restart is not None and (list_id, depth) not in self._seen:
            counters[depth] = restart
        else:
            counters[depth] = counters.get(depth, levels[depth].start - 1) + 1
        self._seen.add((list_id, depth))
        for deeper in [level for level in counters if level > depth]:
            del counters[deeper]
        return _written(depth, levels, counters)

    def _read_definitions(self, document: Document) -> None:
        qn = self._qn
        root = _definitions(document)
        if root is None:
            return
        for abstract in root.iterchildren(qn("w:abstractNum")):
            self._levels[abstract.get(qn("w:abstractNumId"))] = {
                _whole(level.get(qn("w:ilvl")), 0): self._level(level)
                for level in abstract.iterchildren(qn("w:lvl"))
            }
        for number in root.iterchildren(qn("w:num")):
            list_id = number.get(qn("w:numId"))
            self._abstract[list_id] = self._value(number, "w:abstractNumId") or ""
            self._restarts[list_id] = {
                _whole(override.get(qn("w:ilvl")), 0): _whole(start, 1)
                for override in number.iterchildren(qn("w:lvlOverride"))
                if (start := self._value(override, "w:startOverride"))
            }

    def _level(self, level: Any) -> _Level:
        return _Level(
            start=_whole(self._value(level, "w:start"), 1),
            form=self._value(level, "w:numFmt") or "decimal",
            text=self._value(level, "w:lvlText") or "",
            legal=level.find(self._qn("w:isLgl")) is not None,
        )

    def _membership(self, paragraph: Any) -> tuple[str, int]:
        """The list and depth of a paragraph, its own or its style's; ("", 0) for none."""
        properties = paragraph.find(self._qn("w:pPr"))
        own = self._stated(properties)
        style = self._value(properties, "w:pStyle") if properties is not None else None
        list_id, depth = own
        for _ in range(10):  # styles may inherit from each other in a circle
            if list_id is not None or style not in self._styles:
                break
            element = self._styles[style]
            list_id, inherited = self._stated(element.find(self._qn("w:pPr")))
            depth = inherited if depth is None else depth
            style = self._value(element, "w:basedOn")
        return list_id or "", depth or 0

    def _stated(self, properties: Any) -> tuple[str | None, int | None]:
        found = properties.find(self._qn("w:numPr")) if properties is not None else None
        if found is None:
            return None, None
        depth = self._value(found, "w:ilvl")
        return self._value(found, "w:numId"), _whole(depth, 0) if depth else None

    def _value(self, element: Any, child: str) -> str | None:
        found = element.find(self._qn(child))
        return None if found is None else found.get(self._qn("w:val"))


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < _DIGITS else default


def _written(depth: int, levels: dict[int, _Level], counters: dict[int, int]) -> str:
    """The text of a level (“%1.%2”) with its numbers filled in; a bullet has none."""
    level = levels[depth]
    if level.form in ("bullet", "none"):
        return ""

    def fill(match: re.Match[str]) -> str:
        place = int(match[1]) - 1
        if place not in levels:
            return ""
        number = counters.get(place, levels[place].start)
        return numeral(number, "decimal" if level.legal else levels[place].form)

    return re.sub(r"%([1-9])", fill, level.text)


def numeral(number: int, form: str) -> str:
    """`number` as Word writes it in the format `form` (w:numFmt).

    >>> numeral(21, "chineseCounting"), numeral(3, "decimalEnclosedCircle")
    ('二十一', '③')
    """
    if form in _CHINESE_FORMATS:
        return _chinese(number)
    if form.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if form == "decimalEnclosedParen" and 1 <= number <= 20:
        return f"({number})"
    if form == "ideographTraditional" and 1 <= number <= 10:
        return "甲乙丙丁戊己庚辛壬癸"[number - 1]
    if form.endswith("Letter") and 1 <= number <= 26:
        letter = chr(ord("a") + number - 1)
        return letter.upper() if form == "upperLetter" else letter
    if form.endswith("Roman") and 1 <= number <= 39:
        written = ""
        for value, sign in _ROMAN:
            while number >= value:
                written, number = written + sign, number - value
        return written if form == "upperRoman" else written.lower()
    return str(number)


def _chinese(number: int) -> str:
    if not 0 <= number < 1000:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    written = _CHINESE[hundreds] + "百" if hundreds else ""
    if tens:
        written += ("" if tens == 1 and not hundreds else _CHINESE[tens]) + "十"
    elif hundreds and ones:
        written += "零"
    return written + (_CHINESE[ones] if ones or not number else "")


def _definitions(document: Document) -> Any:
    """The element that defines the lists, None where there is none or it is damaged; the first
    of several, of which python-docx would take none."""
    from docx.opc.constants import RELATIONSHIP_TYPE

    for relation in document.part.rels.values():
        if relation.reltype == RELATIONSHIP_TYPE.NUMBERING and not relation.is_external:
            return getattr(relation.target_part, "element", None)
    return None
