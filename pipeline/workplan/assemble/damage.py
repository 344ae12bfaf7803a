"""Marks of damage in a task's own words: figures masked with x, characters lost on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

MASKED = re.compile(r"(?<![A-Za-z0-9])[xX×]{1,4}(?:\.[xX×]{1,4})?(?=[一-鿿%‰])(?![光线射轴染])")
"""x家, xx.xx%, not X光 or X线: also where the labeller saw no quantity (建成x平台)."""

GARBLED = re.compile(r"[一-鿿]?(?:[~～]{2,}|[\ufffd□]+|\?{2,}|＊{2,}|\*{2,})[一-鿿]?")
"""乡~~市, 第□条: something stood there that the text has lost."""

_SIGNS = re.compile("[xX×~～\ufffd□?＊*]")
"""Without one of these there is no damage; to look for them is quick."""


def damage_in(words: str, quoted: str) -> Sequence[str]:
    """A reason for each mark of damage in `words`, unless `quoted` (the reasons that the task
    has already) names it."""
    if not _SIGNS.search(words):
        return ()
    return list(_damage(words, quoted))


def _damage(words: str, quoted: str) -> Iterator[str]:
    for pattern, what in ((MASKED, "有被遮盖的数字"), (GARBLED, "疑有残缺")):
        for match in pattern.finditer(words):
            piece = words[match.start() : match.end() + 2].strip("，。；、, ;")
            if pattern is GARBLED:
                piece = match.group()
            if match.group() not in quoted:
                yield f"原文{what}（{piece}），请查原文"
