"""The worst errors in context, as one HTML page: gold above, prediction below."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from workplan.evaluate.spans import worst
from workplan.evaluate.tasks import differences
from workplan.train.corpus import Example
from workplan.types import Span

COLOURS = {
    "ORG": "#7aecec",
    "METRIC": "#bfeeb7",
    "QUANTITY": "#e4e7d2",
    "DEADLINE": "#bfe1d9",
    "ACTION": "#feca74",
}
HEAD = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>评测错误</title>
<style>body{font:16px/1.9 sans-serif;max-width:70em;margin:2em auto;padding:0 1em}
mark{padding:.1em .2em;border-radius:.3em}mark small{font-size:.6em;margin-left:.3em}
mark.wrong{outline:2px solid #c00}section{border-top:1px solid #ccc;padding:.6em 0}
b{display:inline-block;width:4em;color:#666;font-weight:normal}</style>"""


def write_errors(
    examples: Sequence[Example], found: Sequence[Sequence[Span]], out: Path, limit: int = 30
) -> None:
    """Write the `limit` worst sentences, and every sentence whose records differ when read from
    the gold spans (errors of linking alone)."""
    parts = [HEAD, f"<h1>最严重的 {limit} 处标注错误</h1>"]
    for _, example, spans in worst(examples, found, limit):
        parts.append(_section(example, example.spans, spans))
    parts.append("<h1>由正确标注得出的错误指标记录</h1>")
    for example in examples:
        missing, surplus = differences(example, example.spans)
        if missing or surplus:
            parts.append(f"<section><i>{escape(example.id)}</i><br>{escape(example.text)}")
            parts += [f"<br><b>漏</b>{escape(str(dict(row)))}" for row in missing]
            parts += [f"<br><b>误</b>{escape(str(dict(row)))}" for row in surplus]
            parts.append("</section>")
    out.write_text("\n".join(parts) + "</html>\n", encoding="utf-8")


def _section(example: Example, gold: Sequence[Span], spans: Sequence[Span]) -> str:
    return (
        f"<section><i>{escape(example.id)}</i>"
        f"<br><b>正确</b>{_marked(example.text, gold, set(spans))}"
        f"<br><b>模型</b>{_marked(example.text, spans, set(gold))}</section>"
    )


def _marked(text: str, spans: Sequence[Span], other: set[Span]) -> str:
    parts, last = [], 0
    for span in spans:
        wrong = "" if span in other else ' class="wrong"'
        parts.append(escape(text[last : span.start]))
        parts.append(
            f'<mark style="background:{COLOURS[span.label]}"{wrong}>'
            f"{escape(text[span.start : span.end])}<small>{span.label}</small></mark>"
        )
        last = span.end
    return "".join([*parts, escape(text[last:])])
