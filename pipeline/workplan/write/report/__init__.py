"""report.html: the plans' text with coloured spans beside their tasks, in one file without network.

The page is put together from the templates beside this module. Plans are embedded as JSON that
no text can break out of, and a content policy lets nothing run but the page's own script.
"""

from __future__ import annotations

import base64
import hashlib
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any

from workplan.types import LABELS, Due, Extraction, Task
from workplan.write.bundle import Bundle, Part
from workplan.write.failure import Failure
from workplan.write.line import encode_line
from workplan.write.options import Options
from workplan.write.records import counts_of
from workplan.write.table import phrase_of, plan_title, review_reasons, shown_tasks

_HERE = Path(__file__).parent
STYLES = ("page.css", "panes.css", "media.css")
SCRIPTS = (
    "words.js",
    "rows.js",
    "overview.js",
    "timeline.js",
    "table.js",
    "source.js",
    "main.js",
)
"""What the page is put together from, in this order; the workbench's is made of the same parts."""
_LISTED_FAILURES = 200


class Report:
    """Writes report.html, and report-2.html and on where there are too many tasks for one page.

    Plans go to disk as they come; only a page's counts stay in memory.
    """

    def __init__(self, folder: Path, options: Options) -> None:
        self._folder, self._options = folder, options
        self._page = 0
        self._tasks = 0
        self._failures: list[Failure] = []
        self._failed = 0
        self._open_page()

    def add(self, bundle: Bundle) -> None:
        """Write one plan, on a new page where this one is full."""
        (shown, hidden), data = bundle.part("html", render_plan, self._options)
        if self._on_page and self._on_page + shown > self._options.report_tasks:
            self._close_page(more=True)
            self._open_page()
        self._write_data("plan", data)
        self._on_page += shown
        self._tasks += shown
        self._hidden += hidden

    def fail(self, failure: Failure) -> None:
        """Keep a failure for the end of its page."""
        self._failed += 1
        if len(self._failures) < _LISTED_FAILURES:
            self._failures.append(failure)

    def close(self) -> None:
        """End the last page."""
        self._close_page(more=False)

    def _open_page(self) -> None:
        self._page += 1
        self._on_page = self._hidden = 0
        self._first = self._tasks + 1
        self._file = (self._folder / _page_name(self._page)).open("wb")
        self._file.write(_shell()[0])

    def _close_page(self, *, more: bool) -> None:
        run = {
            "page": self._page,
            "previous": _page_name(self._page - 1) if self._page > 1 else None,
            "next": _page_name(self._page + 1) if more else None,
            "first": self._first,
            "hidden": self._hidden,
            "failed": self._failed,
            "failures": [failure.record() for failure in self._failures],
        }
        self._write_data("run", embedded(run))
        self._file.write(_shell()[1])
        self._file.close()
        self._failures, self._failed = [], 0

    def _write_data(self, kind: str, data: bytes | memoryview) -> None:
        name = 'id="run"' if kind == "run" else 'class="plan"'
        self._file.write(f'<script type="application/json" {name}>'.encode())
        self._file.write(data)
        self._file.write(b"</script>\n")


def render_plan(extraction: Extraction, options: Options) -> Part:
    """The plan's part: what the page's script reads of it; the head says how many of its tasks are
    shown and how many are not."""
    tasks = shown_tasks(extraction, options.show_all)
    hidden = len(extraction.tasks) - len(tasks)
    return Part([len(tasks), hidden], embedded(plan_data(extraction, tasks)))


def embedded(value: Any) -> bytes:
    """`value` as JSON that stays inside its script element whatever text it holds."""
    data = encode_line(value).rstrip()
    for sign in "<>&\u2028\u2029":
        data = data.replace(sign.encode(), f"\\u{ord(sign):04x}".encode())
    return data


def plan_data(extraction: Extraction, tasks: list[Task]) -> dict[str, Any]:
    """A plan as the page's script reads it; spans are flat triples start, length, label's place."""
    plan = extraction.plan
    places = sorted(
        (sentence.start + span.start, span.end - span.start, LABELS.index(span.label))
        for sentence, found in zip(extraction.sentences, extraction.spans, strict=True)
        for span in found
    )
    starts = [sentence.start for sentence in extraction.sentences]
    return {
        "title": plan_title(extraction),
        "path": plan.path,
        "issuer": plan.metadata.issuer,
        "number": plan.metadata.number,
        "year": plan.metadata.year,
        "reasons": list(plan.metadata.reasons),
        "text": plan.text,
        "spans": list(chain.from_iterable(places)),
        "headings": [(s.start, s.end) for s in extraction.sentences if s.kind == "heading"],
        "counts": counts_of(extraction),
        "tasks": [_task_data(task, _sentence_start(starts, task)) for task in tasks],
    }


def _task_data(task: Task, offset: int) -> dict[str, Any]:
    targets = [
        {
            "metric": target.metric,
            "comparator": target.comparator,
            "value": target.value,
            "unit": target.unit,
            "quantity": target.quantity,
            "kind": target.kind,
            "baseline": target.baseline,
            "per": target.per,
            "orgs": target.orgs,
            "reasons": review_reasons(task, target),
            "spans": {
                name: (start + offset, end + offset) for name, (start, end) in target.spans.items()
            },
            **_due_data(target.deadline, target.due),
        }
        for target in task.targets
    ]
    bodies = [
        {"text": actor.text, "role": actor.role, "canonical": actor.canonical}
        for actor in task.orgs
    ]
    return {
        "id": task.id,
        "kind": task.kind,
        "phrase": phrase_of(task),
        "sentence": task.sentence,
        "section": task.section,
        "start": task.start,
        "end": task.end,
        "action": (task.action_start, task.action_end),
        "bodies": bodies,
        "confidence": task.confidence,
        "reasons": review_reasons(task, None),
        "targets": targets,
        **_due_data(task.deadline, task.due),
    }


def _due_data(deadline: str | None, due: Due | None) -> dict[str, Any]:
    return {
        "deadline": deadline,
        "from": due and due.start,
        "to": due and due.end,
        "rule": due and due.rule,
    }


def _sentence_start(starts: Sequence[int], task: Task) -> int:
    """Where the task's sentence begins in the text: its targets' spans count from there."""
    place = bisect_right(starts, task.action_start)
    return starts[place - 1] if place else task.start


def _page_name(number: int) -> str:
    return "report.html" if number == 1 else f"report-{number}.html"


@cache
def _shell() -> tuple[bytes, bytes]:
    """The page before and after its data, with style, script and a policy that names both."""
    style = _joined(STYLES)
    script = '"use strict";\n{\n' + _joined(SCRIPTS) + "}\n"
    policy = (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "base-uri 'none'; form-action 'none'"
    )
    page = (_HERE / "page.html").read_text(encoding="utf-8")
    page = page.replace("{{policy}}", policy).replace("{{style}}", style)
    head, tail = page.replace("{{script}}", script).split("{{data}}")
    return head.encode(), tail.encode()


def _joined(names: tuple[str, ...]) -> str:
    return "\n".join((_HERE / name).read_text(encoding="utf-8") for name in names)


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
