"""Deadlines that hold on over “；”: which ones open a chain, and where the chain breaks.

Only a deadline set apart at the head of a sentence (到2025年，…；…；…) is said of what follows
its “；”. One that belongs to a single verb (…，确保10月底前建成；…) or item (一是6月底前…；二是…)
ends with it: no date is better than another task's.
"""

from __future__ import annotations

import re

from workplan.assemble.clause import subject_of
from workplan.assemble.layout import Layout, Range

_ITEM = re.compile(
    r"\s*(?:[一二三四五六七八九十]{1,3}(?:是|要|、)|第[一二三四五六七八九十]|首先|其[次三四]|最后|同时"
    r"|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[.．、](?!\d)|[①-⑳])"
)
_APART = re.compile("[前底末起内]?，")
_HORIZON = re.compile("[到至]")


def opening_of(layout: Layout) -> Range | None:
    """The deadline that the sentence opens with, set apart from its first clause by a comma."""
    if not layout.deadlines or re.match(r"\s*[一二三四五六七八九十]{1,3}(?:是|要)", layout.text):
        return None
    first = layout.deadlines[0]
    numbering = _ITEM.match(layout.text)
    before = layout.outline(numbering.end() if numbering else 0, first[0])
    opens = re.fullmatch("[到至在于]?", before) and _APART.match(layout.after(first[1]))
    return first if opens else None


def is_horizon(layout: Layout, deadline: Range) -> bool:
    """Whether the deadline is one for a whole list of aims (到2025年，覆盖率达到…；就诊率达到…)."""
    before = layout.before(deadline[0])
    return bool(_HORIZON.match(layout.words(deadline)) or _HORIZON.search(before[-1:]))


def breaks(layout: Layout, *, horizon: bool) -> bool:
    """Whether the sentence is another matter than the one before its “；”: the next item of a
    list (二是…), or a clause with a subject of its own, which only a horizon holds for too."""
    if _ITEM.match(layout.text):
        return True
    if horizon:
        return bool(re.match("O", layout.outline(0, len(layout.text))))
    first = layout.actions[0] if layout.actions else None
    return first is None or subject_of(layout, first) is not None
