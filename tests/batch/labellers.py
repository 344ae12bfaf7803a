"""A labeller for tests, quick and by a few verbs, that misbehaves where the text tells it to."""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Sequence

from workplan.types import Span

VERBS = re.compile("推进|加强|建立|完成|开展")


class Verbs:
    """Labels some verbs. 杀 in a text kills the process, 睡 hangs it, 吞 eats memory, 错 raises."""

    name = "verbs"

    def __init__(self, pause: float = 0.0) -> None:
        self._pause = pause

    def label(self, views: Sequence[str]) -> list[list[Span]]:
        time.sleep(self._pause * len(views))
        for view in views:
            misbehave(view)
        return [
            [Span(m.start(), m.end(), "ACTION", 0.5) for m in VERBS.finditer(view)]
            for view in views
        ]


def misbehave(view: str) -> None:
    if "杀" in view:
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))
    if "睡" in view:
        time.sleep(600)
    if "错" in view:
        raise ValueError("no such word")
    eaten = []
    while "吞" in view:
        eaten.append(bytearray(50_000_000))
        time.sleep(0.01)


def quick() -> Verbs:
    """What a worker calls for its labeller."""
    return Verbs()


def slow(pause: float = 0.01) -> Verbs:
    """A labeller that leaves time to interrupt it: `pause` seconds a sentence."""
    return Verbs(pause)


def unloadable() -> Verbs:
    """A labeller that takes its process down before it is there."""
    os._exit(3)
