"""What a push and a pull did, told in a few lines."""

from __future__ import annotations

from collections.abc import Sequence

from workplan.annotate.pull import Pulled
from workplan.annotate.push import Pushed

NAMED = 10
"""Sentences that a report names of each kind."""


def pushed_report(pushed: Pushed) -> str:
    """What was sent, where to, and what was odd."""
    lines = [f"{pushed.sentences} sentences sent (已推送 {pushed.sentences} 句) → {pushed.project}"]
    if pushed.resumed:
        lines.append("they were chosen by an interrupted push; run again to send more (续传完成)")
    if pushed.doubled or pushed.mended:
        lines.append(
            f"mended: {pushed.doubled} copies removed, {pushed.mended} sentences' spans redrawn"
        )
    lines += _named("deleted in Doccano; --restore sends them anew", pushed.deleted)
    return "\n".join(lines)


def pulled_report(pulled: Pulled) -> str:
    """What came back, what changed against what was sent, what was left out and why."""
    lines = [
        f"answers: {pulled.new} new, {pulled.changed} changed, {pulled.unchanged} as before"
        f" (新 {pulled.new}，改 {pulled.changed}，未变 {pulled.unchanged})",
        f"gold: {pulled.gold} sentences new or changed, {pulled.disputed} disputed"
        f" (入库 {pulled.gold} 句，分歧 {pulled.disputed} 句)",
    ]
    lines += [
        f"  {label:9s} {pulled.kept[label]:5d} kept, {pulled.added[label]:5d} added,"
        f" {pulled.removed[label]:5d} removed"
        for label in sorted({*pulled.kept, *pulled.added, *pulled.removed})
    ]
    lines += [
        f"not ticked yet (未确认): {number} sentences of {who}"
        for who, number in sorted(pulled.unconfirmed.items())
    ]
    lines += _named("offsets repaired (已修正错位)", pulled.repaired)
    damaged = [f"{identifier} {who}: {why}" for identifier, who, why in pulled.damaged]
    lines += _named("damaged, left out (损坏，未取回)", damaged)
    lines += _named("deleted in Doccano (在 Doccano 中被删除)", pulled.deleted)
    if pulled.foreign:
        lines.append(f"{pulled.foreign} sentences were not sent by us, left out (非本库句子)")
    if pulled.disputed:
        lines.append("see the disputes with `workplan annotate agree --out DIR`")
    lines += [f"→ {path}" for path in (pulled.answers_file, pulled.round_file) if path]
    return "\n".join(lines)


def _named(title: str, names: Sequence[str]) -> list[str]:
    if not names:
        return []
    rest = len(names) - NAMED
    more = [f"  … {rest} more"] if rest > 0 else []
    return [f"{len(names)} {title}:", *(f"  {name}" for name in names[:NAMED]), *more]
