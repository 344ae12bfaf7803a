"""What a user may choose about the outputs, the same for every writer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Options:
    """`show_all` lists results, background and headings in tables and report too.

    `plan_sheets` caps the printable sheets, since no one leafs through thousands; `report_tasks`
    is how many tasks a page of the report holds before the next page begins.
    """

    show_all: bool = False
    plan_sheets: int = 100
    report_tasks: int = 20_000


DEFAULTS = Options()
