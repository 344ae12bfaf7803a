"""What travels along the road: Plan, Sentence, Span, Target and Task.

Every offset is a count of Unicode code points, end exclusive. A span counts in its sentence,
a sentence and a task count in their plan's clean text, and `Plan.origin` leads on to the source.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

LABELS = ("DEADLINE", "QUANTITY", "ORG", "METRIC", "ACTION")
"""The five labels, in the order in which they win a contested character."""

Comparator = Literal["eq", "ge", "gt", "le", "lt", "approx", "range"]
Kind = Literal["task", "result", "background", "heading"]
Value = int | float | tuple[int | float, int | float] | None


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A labelled stretch of one sentence: `text[start:end]` carries `label`."""

    start: int
    end: int
    label: str
    confidence: float = field(default=1.0, compare=False)


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a plan says about itself; None is "not said", never a guess.

    `title` is the plan's own, `notice` that of the notice which issues it, where there is one.
    `year` is the plan's year and `year_evidence` the words it was read from. `dates` maps a
    role ("成文日期", "发布日期", …) to an ISO date. `reasons` names what could not be read safely.
    """

    title: str | None = None
    issuer: str | None = None
    number: str | None = None
    year: int | None = None
    year_evidence: str | None = None
    dates: dict[str, str] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()
    notice: str | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Plan:
    """One file as read.

    `source` is the decoded text of a txt file, or what its reader extracted from html, docx or
    pdf. `text` is the clean text, paragraphs separated by newlines. `origin` has shape
    (len(text),) and dtype int32: `text[i]` stands at `source[origin[i]]`, strictly increasing
    (a newline that cleaning put in points at the character that it replaced). `view` is `text`
    in simplified script and half-width forms, one character for one; it is what labellers see.
    """

    path: str
    digest: str
    """SHA-256 of the file's bytes, in hexadecimal."""
    source: str
    text: str
    view: str
    origin: np.ndarray
    metadata: Metadata = Metadata()
    removed: tuple[tuple[int, int, str], ...] = ()
    """Source stretches that cleaning took out: start, end, why ("navigation", "spam", …)."""
    rows: frozenset[int] = frozenset()
    """Which lines of the clean text, counted from 0, are rows of a table, headers put before."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """`plan.text[start:end]`, with its headings from the outermost in.

    `paragraph` counts the clean text's lines from 0. A "row" is one row of a table, prefixed by
    the table's headers.
    """

    start: int
    end: int
    text: str
    view: str
    section: tuple[str, ...]
    paragraph: int
    kind: Literal["sentence", "heading", "row"] = "sentence"


@dataclass(frozen=True, slots=True)
class Due:
    """ISO dates, either end open. `rule` holds what has no fixed dates ("每年2月底前")."""

    start: str | None = None
    end: str | None = None
    rule: str | None = None
    reason: str | None = None
    """Why a date that is written could not be read; shown to the clerk."""


@dataclass(frozen=True, slots=True)
class Target:
    """One figure with an aim. Raw texts are as in the sentence; `value` has 万/亿 multiplied out.

    `kind` tells a level (达到85%) from a change (提高3个百分点). `spans` locates metric, quantity
    and deadline in the sentence; `reasons` says why a cell is empty or doubtful.
    """

    metric: str | None
    comparator: Comparator
    value: Value
    unit: str
    quantity: str
    deadline: str | None = None
    due: Due | None = None
    orgs: tuple[str, ...] = ()
    kind: Literal["level", "change"] = "level"
    baseline: Value = None
    per: str | None = None
    spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Actor:
    """An organisation as a task names it.

    `role` is lead (牵头), joint (配合, 会同), responsible (负责, 责任单位) or object (the task is
    done to it). `canonical` is the full name where the plan or its issuer settles it.
    """

    text: str
    canonical: str | None = None
    role: Literal["lead", "joint", "responsible", "object"] = "responsible"
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """One clause that heads an ACTION. `start` and `end` count in the plan's clean text;
    `action_start` and `action_end` too."""

    id: str
    plan: str
    section: tuple[str, ...]
    sentence: str
    start: int
    end: int
    action: str
    action_start: int
    action_end: int
    object: str
    """The words that the action governs, as in the text; "" where the verb stands alone."""
    phrase: str
    """Action and object as a clerk would write them in the table's 任务 column."""
    kind: Kind
    orgs: tuple[Actor, ...] = ()
    targets: tuple[Target, ...] = ()
    deadline: str | None = None
    due: Due | None = None
    confidence: float = 1.0
    needs_review: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False, slots=True)
class Extraction:
    """A plan read to the end of the road: its sentences, their spans and its tasks."""

    plan: Plan
    sentences: Sequence[Sentence]
    spans: Sequence[Sequence[Span]]
    tasks: Sequence[Task]
    labeller: str = ""
    extra: dict[str, Any] = field(default_factory=dict)
