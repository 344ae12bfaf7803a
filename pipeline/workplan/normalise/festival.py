"""On which day a festival falls: by the solar or lunar calendar, or by a solar term."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Any

import yaml

from workplan import resources


@cache
def names() -> tuple[str, ...]:
    """Every festival of configs/holidays.yaml, the longest name first."""
    return tuple(sorted({name for group in _settings().values() for name in group}, key=_longest))


@cache
def day_of(name: str, year: int) -> date | None:
    """The day of the festival `name` in the solar `year`; None beyond 1901 to 2099."""
    if not 1901 <= year <= 2099:
        return None
    settings = _settings()
    if name in settings["solar"]:
        month, day = map(int, settings["solar"][name].split("-"))
        return date(year, month, day)
    # Imported here: most plans name no festival.
    from borax.calendars.lunardate import (  # type: ignore[import-untyped]
        LunarDate,
        TermUtils,
    )

    if name in settings["terms"]:
        term: date = TermUtils.nth_term_day(year, term_name=settings["terms"][name])
        return term
    month, day = map(int, settings["lunar"][name].split("-", 1))
    if day < 0:
        first: date = LunarDate(year, month, 1).to_solar_date()
        return first + timedelta(days=day)
    solar: date = LunarDate(year, month, day).to_solar_date()
    return solar


def lunar_day(year: int, month: int, day: int) -> date | None:
    """The solar day of a lunar one (农历八月十五); None where the calendar has no such day."""
    from borax.calendars.lunardate import InvalidLunarDateError, LunarDate

    try:
        solar: date = LunarDate(year, month, day).to_solar_date()
    except InvalidLunarDateError:
        return None
    return solar


@cache
def _settings() -> dict[str, dict[str, Any]]:
    text = resources.config("holidays.yaml").read_text(encoding="utf-8")
    settings: dict[str, dict[str, Any]] = yaml.safe_load(text)
    return settings


def _longest(name: str) -> tuple[int, str]:
    return -len(name), name
