"""What runs in a fresh process to measure one labeller: `python -m workplan.bench.probe`.

It labels the first sentence and says so on a line, then reads all sentences from standard input,
times them and writes the figures on a second line. Its parent takes the time of the start.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from workplan.errors import UserError

if TYPE_CHECKING:
    from workplan.tag.labeller import Labeller

READY = "ready"
WARM_UP = 40
"""Sentences labelled before the clock starts: first calls allocate and fill caches."""


def main() -> None:
    """Arguments: the labeller's name, the number of threads, the first sentence."""
    name, threads, first = sys.argv[1], int(sys.argv[2]), sys.argv[3]
    # Whatever a library prints goes to standard error; the parent reads figures alone.
    figures = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    from workplan.bench.machine import hold, peak_memory

    hold(threads)
    try:
        labeller = load(name, threads)
    except UserError as error:
        sys.exit(str(error))
    labeller.label([first])
    print(READY, file=figures, flush=True)
    texts = json.loads(sys.stdin.buffer.read())
    batch, single = time_labeller(labeller, texts)
    row = {"batch": batch, "single": single, "memory": peak_memory()}
    print(json.dumps(row), file=figures, flush=True)


def load(name: str, threads: int) -> Labeller:
    """The labeller called `name`, "lac" among them, kept to `threads` threads.

    Raises UserError where there is none.
    """
    if name == "lac":
        from workplan.evaluate.peers import LacLabeller

        _limit_onnxruntime(threads)
        return LacLabeller()
    from workplan.tag.labeller import get_labeller

    os.environ["WORKPLAN_THREADS"] = str(threads)
    return get_labeller(name)


def time_labeller(labeller: Labeller, texts: Sequence[str]) -> tuple[float, float]:
    """Characters per second, all texts given at once and one given at a time."""
    labeller.label(texts[:WARM_UP])
    characters = sum(map(len, texts))
    began = time.perf_counter()
    labeller.label(texts)
    between = time.perf_counter()
    for text in texts:
        labeller.label([text])
    ended = time.perf_counter()
    return characters / (between - began), characters / (ended - between)


def _limit_onnxruntime(threads: int) -> None:
    """Give every session so many threads: LAC's loader has no such option, and by itself
    onnxruntime counts the machine's cores, not those this process may use."""
    import onnxruntime

    plain = onnxruntime.InferenceSession

    def limited(path: Any, sess_options: Any = None, **options: Any) -> Any:
        chosen = sess_options or onnxruntime.SessionOptions()
        chosen.intra_op_num_threads = threads
        return plain(path, chosen, **options)

    onnxruntime.InferenceSession = limited


if __name__ == "__main__":
    main()
