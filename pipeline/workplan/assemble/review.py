"""Why a task needs a clerk's eye: every doubtful cell says so in a few words."""

from __future__ import annotations

from workplan.assemble.damage import damage_in
from workplan.assemble.draft import Draft, body_named
from workplan.types import Due

LOW_CONFIDENCE = 0.5
"""Below this a task's least certain span is more likely wrong than right."""


def doubts_of(draft: Draft, issuer: str | None, told: set[str]) -> tuple[str, ...]:
    """The reasons, each once, in the order of the table's columns.

    An organisation that the plan leaves open is told of once a plan, at its first task: `told`
    holds those that have been, and grows.
    """
    doubts: list[str] = []
    if not draft.verb:
        doubts.append("原句没有任务动词，请补任务")
    if draft.actors:
        doubts += [f"责任单位：{reason}" for reason in _unknown(draft, issuer, told)]
    for target in draft.targets:
        late = _due(target.due)
        for reason in target.reasons:
            if reason != late:
                cell = "指标" if target.metric is None and "指标" in reason else "目标值"
                doubts.append(f"{cell}：{reason}")
        if late:
            doubts.append(f"完成时限：{late}")
    if late := _due(draft.due):
        doubts.append(f"完成时限：{late}")
    offset = draft.sentence.start
    words = draft.sentence.text[draft.start - offset : draft.end - offset]
    doubts += damage_in(words, "".join(doubts))
    if draft.confidence < LOW_CONFIDENCE:
        doubts.append(f"置信度低（{draft.confidence:.3f}），请对照原文")
    return tuple(dict.fromkeys(doubts)) if doubts else ()


def _unknown(draft: Draft, issuer: str | None, told: set[str]) -> list[str]:
    reasons = []
    for actor in draft.actors:
        body = body_named(actor.text, issuer)
        if body.reason and actor.role != "object" and actor.text not in told:
            told.add(actor.text)
            reasons.append(f"{actor.text}，{body.reason}")
    return reasons


def _due(due: Due | None) -> str | None:
    """Why a deadline has no days: unreadable, or a rule that only an event turns into a date."""
    if due is None:
        return None
    if due.reason:
        return due.reason
    if due.start is None and due.end is None:
        return f"“{due.rule}”没有固定日期" if due.rule else "未能读出日期"
    return None
