"""What programs ask for: labels of sentences, the tasks of one file."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from workplan.errors import UserError
from workplan.serve.forms import LabelCall
from workplan.serve.reader import Result
from workplan.serve.settings import Limits
from workplan.write.failure import Failure
from workplan.write.records import plan_record, task_record

if TYPE_CHECKING:
    from workplan.tag.labeller import Labeller


class Labels:
    """Labels sentences with one labeller, loaded at the first call; one call at a time."""

    def __init__(self, load: Callable[[], Labeller]) -> None:
        self._load = load
        self._labeller: Labeller | None = None
        self._lock = threading.Lock()

    def of(self, call: LabelCall, limits: Limits) -> list[dict[str, Any]]:
        """Each sentence with spans, targets and dates. Raises UserError for too many of them."""
        from workplan.cli.label import label_rows

        characters = sum(len(sentence.text) for sentence in call.sentences)
        if (
            len(call.sentences) > limits.sentences_per_call
            or characters > limits.characters_per_call
        ):
            raise UserError(
                f"{len(call.sentences)} sentences of {characters:,} characters at once, more than"
                f" {limits.sentences_per_call} and {limits.characters_per_call:,} (内容过多)",
                remedy="send them in several calls, or raise the limits in configs/serve.yaml",
            )
        rows: Iterator[dict[str, Any]] = (
            sentence.model_dump(exclude_unset=True) for sentence in call.sentences
        )
        with self._lock:
            self._labeller = self._labeller or self._load()
            return list(label_rows(rows, self._labeller.label, call.year))


def extracted(result: Result) -> dict[str, Any]:
    """A file's plan and tasks as records. Raises UserError where it could not be read."""
    if isinstance(result, Failure):
        raise UserError(result.reason, where=result.path, remedy=result.advice)
    return {
        "plan": plan_record(result),
        "tasks": [task_record(task, result.plan) for task in result.tasks],
    }
