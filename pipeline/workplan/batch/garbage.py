"""How often Python looks for garbage in cycles while many plans pass through a process."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_THRESHOLDS = (50_000, 20, 100)
"""A plan is thousands of objects and leaves few cycles: Python's own 700 makes it look all the
time, through models and lexicons too."""


@contextmanager
def seldom_collected() -> Iterator[None]:
    """Look for cycles seldom, and never among what is there now."""
    before = gc.get_threshold()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_THRESHOLDS)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
