"""What sort of figure a quantity is by its unit: it decides what it can measure or count."""

from __future__ import annotations

import re
from functools import lru_cache

COUNTED = ("count", "people", "bare")
"""Sorts of figure that enumerate a noun (6家, 300人, 2万) instead of measuring an indicator."""

RELATIVE = ("ratio", "points", "times")
"""Sorts of figure that any indicator can have (增长5%)."""

_SORTS = (
    ("points", re.compile(r"个?多?百分点")),
    ("ratio", re.compile(r"[%％‰成]|[百千万]分之|分之|一半")),
    ("times", re.compile(r"倍|番")),
    ("money", re.compile(r"元")),
    ("time", re.compile(r"(?:年|个?月|天|日|小时|分钟|周|学时|课时)(?:以[上下内]|左右|及以上)?$")),
    ("measure", re.compile(r"吨|公里|平方|亩|米|千瓦|公顷|克|升|斤|度|立方|标箱|[/／]10?万")),
    ("people", re.compile(r"(?:人|人次|户|名)(?:以[上下内]|左右|及以上)?$")),
    ("bare", re.compile(r"[0-9万亿多余]$")),
)


@lru_cache(maxsize=4096)
def sort_of_figure(words: str) -> str:
    """points, ratio, times, money, time, measure, people, bare or count (a classifier)."""
    return next((sort for sort, shape in _SORTS if shape.search(words)), "count")
