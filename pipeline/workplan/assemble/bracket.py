"""Brackets and quotation marks that close, and what stands inside them."""

from __future__ import annotations

import re

Range = tuple[int, int]

_CLOSED_BY = dict(zip("（(《“「【〔[", "）)》”」】〕]", strict=True))


class Brackets:
    """Some kinds of brackets, named by the characters that open them."""

    def __init__(self, opening: str) -> None:
        self._closed_by = {char: _CLOSED_BY[char] for char in opening}
        every = "".join(self._closed_by) + "".join(self._closed_by.values())
        self._edge = re.compile(f"[{re.escape(every)}]")

    def outermost(self, text: str) -> list[Range]:
        """Where the outermost ones of `text` stand that close, in order."""
        found: list[Range] = []
        opened: list[int] = []
        for edge in self._edge.finditer(text):
            at, char = edge.start(), edge.group()
            if char in self._closed_by:
                opened.append(at)
            elif opened and char == self._closed_by[text[opened[-1]]]:
                start = opened.pop()
                if not opened:
                    found.append((start, at + 1))
        return found


ASIDES = Brackets("（(【[〔")
"""What holds a remark aside from the sentence."""
ENCLOSED = Brackets("（(《“「【〔[")
"""What holds words together, a name or a quotation too."""
