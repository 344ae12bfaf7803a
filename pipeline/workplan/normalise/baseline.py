"""Which figure another one starts from: the 320元 of 由320元提高到356元."""

from __future__ import annotations

import re
from collections.abc import Sequence


def baseline_of(
    text: str, quantity: tuple[int, int], quantities: Sequence[tuple[int, int]]
) -> tuple[int, int] | None:
    """Which of a sentence's QUANTITY spans is the level that `quantity` starts from.

    由[320元]提高到[356元]: the first is the baseline of the second. None where there is none.
    A span that is the baseline of another states no target.
    """
    earlier = [span for span in quantities if span[1] <= quantity[0]]
    if not earlier:
        return None
    start, end = max(earlier)
    return (start, end) if _leads(text, start, end, quantity[0]) else None


# From what: 由, 从 and at most a short name of the time or place it stood at.
_FROM = re.compile(r"(?:由|从|自)[^，。；、：]{0,16}$")
# A verb of change and 到 between the two; a comma may part them (从[8%]，降到[6.5%]).
_TO = re.compile(
    r"""
    [^。；0-9]{0,8}?                        # 全自费，
    (?: (?:提高|提升|提|增加|增长|增|上升|升|上调|上涨|涨|扩大|拓展|延长|跃升|攀升|恢复|增至
        |扩容|扩建|扩|拓宽|加宽|延伸|下降|降低|降|减少|减|下调|缩小|缩短|压缩|压减|缩|压|放宽
        |调整|调|变|回落)
        [^，。；]{0,4}? (?:到|至|为|成)
      | ，到 )
    [^。；，]{0,14} $                       # 2016年的
    """,
    re.VERBOSE,
)


def _leads(text: str, start: int, end: int, target: int) -> bool:
    return bool(_FROM.search(text[max(0, start - 20) : start]) and _TO.match(text[end:target]))
