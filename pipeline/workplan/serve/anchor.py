"""Where a hand-made change belongs, so that it is found again after spans are corrected.

Correcting a sentence's spans makes its tasks anew: ids, clauses and the order of figures may
change. A change therefore remembers the characters that it is about. Where no task can be told
for certain, none is taken: a value under the wrong task is worse than one that waits.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Any

from workplan.types import Extraction, Task

Place = tuple[int, int]
"""A task's place among the tasks, a target's among the task's targets."""


def sentence_of(extraction: Extraction, task: Task) -> int:
    """The number of the sentence that a task stands in."""
    return _sentence_at(extraction, task.action_start)


def task_anchor(task: Task) -> dict[str, Any]:
    """What finds the task again; offsets count in the plan's clean text."""
    return {"id": task.id, "action": [task.action_start, task.action_end]}


def target_anchor(extraction: Extraction, task: Task, index: int) -> dict[str, Any]:
    """What finds the task's target again: its figure's place in the plan's clean text."""
    offset = extraction.sentences[sentence_of(extraction, task)].start
    quantity = task.targets[index].spans.get("quantity")
    return {
        "index": index,
        "quantity": [offset + place for place in quantity] if quantity else None,
    }


def find_task(tasks: Sequence[Task], anchor: dict[str, Any]) -> int | None:
    """The task's place: by its id, else by its action's characters; None where none is left."""
    for place, task in enumerate(tasks):
        if task.id == anchor["id"]:
            return place
    start, end = anchor["action"]
    found = [
        place
        for place, task in enumerate(tasks)
        if (task.action_start < end and start < task.action_end)
        or (start == end and (task.action_start, task.action_end) == (start, end))
    ]
    return found[0] if len(found) == 1 else None


def find_target(
    extraction: Extraction, tasks: Sequence[Task], task: dict[str, Any], target: dict[str, Any]
) -> Place | None:
    """The target's place: by its figure's characters, in its own task or another that has it now.

    A target without a figure's place is found by its number, while its task is the same.
    """
    if target["quantity"] is None:
        home = find_task(tasks, task)
        same = home is not None and tasks[home].id == task["id"]
        if home is None or not same or target["index"] >= len(tasks[home].targets):
            return None
        return home, target["index"]
    start, end = target["quantity"]
    sentence = extraction.sentences[_sentence_at(extraction, start)]
    found = [
        (place, index)
        for place, one in enumerate(tasks)
        if sentence.start <= one.action_start < sentence.end
        for index, figure in enumerate(one.targets)
        if (there := figure.spans.get("quantity"))
        and sentence.start + there[0] < end
        and start < sentence.start + there[1]
    ]
    return found[0] if len(found) == 1 else None


def _sentence_at(extraction: Extraction, offset: int) -> int:
    """The number of the last sentence that begins at or before a place in the text."""
    starts = bisect_right(extraction.sentences, offset, key=lambda sentence: sentence.start)
    return max(0, starts - 1)
