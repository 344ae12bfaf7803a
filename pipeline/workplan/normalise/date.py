"""When a DEADLINE span falls due: an interval of days, open at either end, or a rule."""

from __future__ import annotations

from workplan.types import Due


def read_date(text: str, *, year: int | None, before: str = "", after: str = "") -> Due:
    """Read the date `text` against the plan's `year` (None: no year is assumed).

    `before` and `after` are the sentence's words around it (到, 自 … 起). Days are ISO dates, both
    ends inclusive. What recurs or hangs on an event has a `rule` and no days; what cannot be read
    has a `reason`. Never raises.
    """
    return Due(reason=f"“{text}”无法识别为日期")
