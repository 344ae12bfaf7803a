"""What people changed, event by event: nothing is overwritten, an undo is an event of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["spans", "cells", "review", "plan", "undo"]


@dataclass(frozen=True, slots=True)
class Event:
    """One change, numbered in the order of all changes. `at` is an ISO time in UTC.

    `body` says what was changed: `spans` a sentence's spans, `cells` cells of a task and of one of
    its targets, `review` whether a task was checked, `plan` the plan's year, title or issuer,
    `undo` the number of the event that counts no longer (undoing an undo brings it back).
    """

    number: int
    plan: str
    kind: Kind
    body: dict[str, Any]
    who: str
    at: str


def in_effect(events: Sequence[Event]) -> list[Event]:
    """The events that count, in order, undos left out.

    >>> undo = Event(2, "p", "undo", {"number": 1}, "王", "")
    >>> in_effect([Event(1, "p", "review", {}, "王", ""), undo])
    []
    """
    undone: set[int] = set()
    kept = []
    # From the newest back: whether an undo counts is known before the event that it undoes.
    for event in reversed(events):
        if event.number in undone:
            continue
        if event.kind == "undo":
            undone.add(event.body["number"])
        else:
            kept.append(event)
    return kept[::-1]
