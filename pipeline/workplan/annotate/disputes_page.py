"""Sentences on which annotators differ, side by side in one HTML page to settle them in."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape

from workplan.annotate.agreement import Agreement, table
from workplan.annotate.answers import Answer
from workplan.annotate.gold import Dispute
from workplan.annotate.settings import Settings
from workplan.types import Span

_HEAD = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>标注分歧</title><style>
body{font:16px/1.9 sans-serif;max-width:96em;margin:2em auto;padding:0 1em}
section{border-top:1px solid #ccc;padding:.6em 0}
section.settled{background:#f1f8f1}
section>div{display:grid;grid-template-columns:repeat(auto-fit,minmax(26em,1fr));gap:.4em 1.2em}
label.answer{padding:.3em .6em;border:1px solid #ddd;border-radius:.4em;cursor:pointer}
label.answer:hover{background:#f5f5f5}
label.answer:has(:checked){border-color:#2e7d32;background:#f1f8f1}
label.answer span{display:block}
mark{color:#fff;padding:.1em .25em;margin:0 .15em;border-radius:.3em}
mark small{font-size:.65em;margin-left:.3em}
mark.alone{outline:3px solid #000;outline-offset:1px}
i{color:#666;font-size:.8em}pre{background:#f6f6f6;padding:.8em;overflow:auto}
header{position:sticky;top:0;background:#fff;padding:.4em 0;border-bottom:1px solid #ccc}
button{font:inherit;padding:.2em 1em}</style>"""

_SCRIPT = """<script>
const data = JSON.parse(document.getElementById("data").textContent);
const chosen = {};
document.addEventListener("change", event => {
  if (event.target.type !== "radio") return;
  chosen[event.target.name] = event.target.value;
  event.target.closest("section").classList.add("settled");
  document.getElementById("count").textContent = Object.keys(chosen).length;
});
document.getElementById("save").addEventListener("click", () => {
  const lines = data.map(row => JSON.stringify({...row, choice: chosen[row.id] || ""}) + "\\n");
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob(lines, {type: "application/x-ndjson"}));
  link.download = "decisions.jsonl";
  link.click();
});
</script>"""


def disputes_page(disputes: Sequence[Dispute], agreement: Agreement, settings: Settings) -> str:
    """The page: figures, then each dispute with its answers side by side.

    A span that not all drew is outlined. The button saves decisions.jsonl, which `workplan
    annotate adjudicate` reads.
    """
    rows = json.dumps([as_row(dispute) for dispute in disputes], ensure_ascii=False)
    rows = rows.replace("<", "\\u003c")  # no text may end the script element early
    parts = [
        _HEAD,
        f"<header><b>标注分歧 {len(disputes)} 句</b>，已选 <span id=count>0</span> 句 ",
        "<button id=save>保存裁定 decisions.jsonl</button></header>",
        f"<pre>{escape(table(agreement))}</pre>",
        "<p>黑框：不是每个人都这样标的块。每句选一种标法，选完点“保存裁定”。</p>",
        *(_section(dispute, settings) for dispute in disputes),
        f'<script type="application/json" id="data">{rows}</script>',
        _SCRIPT,
        "</html>\n",
    ]
    return "\n".join(parts)


def as_row(dispute: Dispute) -> dict[str, object]:
    """A dispute as a line of decisions.jsonl: `choice` is to name an annotator, or `spans` to be
    given in its place."""
    return {
        "id": dispute.id,
        "text": dispute.text,
        "answers": {
            answer.who: [[s.start, s.end, s.label] for s in answer.spans]
            for answer in dispute.answers
        },
        "versions": {answer.who: answer.version for answer in dispute.answers},
        "choice": "",
    }


def _section(dispute: Dispute, settings: Settings) -> str:
    common = set.intersection(*(set(answer.spans) for answer in dispute.answers))
    lines = [_line(dispute, answer, common, settings) for answer in dispute.answers]
    return f"<section><i>{escape(dispute.id)}</i><div>{''.join(lines)}</div></section>"


def _line(dispute: Dispute, answer: Answer, common: set[Span], settings: Settings) -> str:
    remarks = "".join(f"<br><i>{escape(comment)}</i>" for comment in answer.comments)
    return (
        f'<label class="answer"><input type="radio" name="{escape(dispute.id)}" '
        f'value="{escape(answer.who)}"> <b>{escape(answer.who)}</b>'
        f"<span>{_marked(answer.text, answer.spans, common, settings)}{remarks}</span></label>"
    )


def _marked(text: str, spans: Sequence[Span], common: set[Span], settings: Settings) -> str:
    kinds = {kind.label: kind for kind in settings.types}
    parts, last = [], 0
    for span in spans:
        kind = kinds[span.label]
        alone = "" if span in common else ' class="alone"'
        parts.append(escape(text[last : span.start]))
        parts.append(
            f'<mark style="background:{kind.colour}"{alone}>{escape(text[span.start : span.end])}'
            f"<small>{escape(kind.name)}</small></mark>"
        )
        last = span.end
    return "".join([*parts, escape(text[last:])])
