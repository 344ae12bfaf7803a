"""How alike two metrics are: 1 the same, 0 different, by words that can be read and explained."""

from __future__ import annotations

from collections import Counter

from workplan.compare.metric import SHORT, Metric, common
from workplan.compare.settings import settings
from workplan.compare.unit import is_count, same_kind


def likeness(this: Metric, other: Metric) -> float:
    """From 0 to 1; from `settings().threshold` on, both measure the same.

    The share of character pairs that the two have in common; a pair that stands only in the
    other's sentence counts in part. 0 where units, opposed words (城镇, 农村) or narrowing words
    (重点人群) tell them apart.

    >>> likeness(Metric("签约服务率", "%"), Metric("签约覆盖率", "%"))
    1.0
    >>> likeness(Metric("城镇登记失业率", "%"), Metric("城镇调查失业率", "%"))
    0.0
    """
    if not same_kind(this.unit, other.unit) or _opposed(this, other) or _narrowed(this, other):
        return 0.0
    return max(
        _overlap(this.core, other.core, this, other),
        _overlap(this.subject, other.subject, this, other),
    )


def _overlap(left: str, right: str, this: Metric, other: Metric) -> float:
    """Common parts over all; what is exchanged counts dearer than what is only added."""
    mine, theirs = _pairs(left), _pairs(right)
    common_parts = (mine & theirs).total()
    if not common_parts:
        return 0.0
    extra = sorted((_strange(mine - theirs, other.around), _strange(theirs - mine, this.around)))
    exchanged, added = extra[0], extra[1] - extra[0]
    score = common_parts / (common_parts + _EXCHANGED * exchanged + _ADDED * added)
    if this.topic and other.topic:
        near = _dice(_pairs(this.around), _pairs(other.around))
        if min(len(left), len(right)) <= SHORT:
            # Both wordings may be 比例: then the sentences decide.
            return score * min(1.0, 0.3 + 2 * near)
        if is_count(this.unit):
            # 50 clinics that are built are not the 50 clinics that are inspected.
            return score * min(1.0, 0.5 + 3 * near)
    return score


_EXCHANGED = 1.5
"""建档率 for 开放率 changes the metric."""
_ADDED = 0.25
"""公立医院药占比 for 药占比 mostly does not."""


def _strange(parts: Counter[str], around: str) -> float:
    """How many of `parts` are new to the other metric; those near it count in part."""
    share = 1 - settings().context
    return sum(count * (share if part in around else 1.0) for part, count in parts.items())


def _pairs(text: str) -> Counter[str]:
    return Counter(text[i : i + 2] for i in range(max(1, len(text) - 1))) if text else Counter()


def _dice(left: Counter[str], right: Counter[str]) -> float:
    total = left.total() + right.total()
    return 2 * (left & right).total() / total if total else 0.0


def _opposed(this: Metric, other: Metric) -> bool:
    """Whether both name one of a group, and not the same."""
    for group in settings().opposed:
        words = [common(word) for word in group]
        mine = {word for word in words if word in this.spoken}
        theirs = {word for word in words if word in other.spoken}
        if mine and theirs and not mine & theirs:
            return True
    return False


def _narrowed(this: Metric, other: Metric) -> bool:
    """Whether one is narrowed by a word that is nowhere near the other."""
    for word in settings().narrowing:
        here, there = word in common(this.full), word in common(other.full)
        if here != there and word not in (other.topic if here else this.topic):
            return True
    return False
