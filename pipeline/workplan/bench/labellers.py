"""How fast each labeller is, how soon it starts and how much memory it takes."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from workplan import resources
from workplan.bench import markdown
from workplan.bench.machine import environment
from workplan.bench.probe import READY
from workplan.errors import UserError
from workplan.evaluate.peers import lac_installed
from workplan.tag.labeller import SHIPPED

TAIL = 600
"""Characters of a failed process' last words that its error repeats."""


@dataclass(frozen=True, slots=True)
class Round:
    """One fresh process: characters per second in a batch and one sentence at a time, seconds
    from its start to the first labelled sentence, bytes held at most."""

    batch: float
    single: float
    cold: float
    memory: int


@dataclass(frozen=True, slots=True)
class Speed:
    """A labeller's rounds; its figures are their medians."""

    name: str
    rounds: tuple[Round, ...]

    @property
    def middle(self) -> Round:
        """The median of each figure."""
        return Round(
            batch=median(one.batch for one in self.rounds),
            single=median(one.single for one in self.rounds),
            cold=median(one.cold for one in self.rounds),
            memory=int(median(one.memory for one in self.rounds)),
        )

    def record(self) -> dict[str, Any]:
        """The medians and every round as JSON values."""
        return {
            "labeller": self.name,
            **asdict(self.middle),
            "rounds": [asdict(one) for one in self.rounds],
        }


def available() -> list[str]:
    """The labellers that can be measured here: rules, then shipped models, then LAC."""
    names = ["rules"]
    names += [name for name in SHIPPED if (resources.model(name) / "card.json").is_file()]
    return [*names, "lac"] if lac_installed() else names


def measure(
    names: Sequence[str],
    texts: Sequence[str],
    *,
    threads: int,
    rounds: int,
    say: Callable[[str], None] = lambda line: None,
) -> list[Speed]:
    """Measure each labeller on the same texts, one process after the other, round by round.

    A machine that slows down meanwhile then slows all alike. Raises UserError for a labeller
    that cannot be loaded or fails.
    """
    found: dict[str, list[Round]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names:
            one = measure_once(name, texts, threads)
            found[name].append(one)
            say(f"round {number + 1}/{rounds} {name}: {one.batch:,.0f} characters a second")
    return [Speed(name, tuple(rows)) for name, rows in found.items()]


def measure_once(name: str, texts: Sequence[str], threads: int) -> Round:
    """Measure one labeller in one fresh process."""
    command = [sys.executable, "-m", "workplan.bench.probe", name, str(threads), texts[0]]
    with tempfile.TemporaryFile() as complaints:
        began = time.perf_counter()
        process = subprocess.Popen(
            command,
            env=environment(threads),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=complaints,
        )
        with process:
            assert process.stdin
            assert process.stdout
            ready = process.stdout.readline().decode().strip()
            cold = time.perf_counter() - began
            line = b""
            if ready == READY:
                with suppress(BrokenPipeError):
                    process.stdin.write(json.dumps(list(texts)).encode())
                    process.stdin.close()
                line = process.stdout.readline()
        if not line:
            complaints.seek(0)
            last = complaints.read().decode("utf-8", "replace").strip()[-TAIL:]
            raise UserError(
                f"the labeller {name!r} fails (标注器运行失败):\n{last}",
                remedy="see that it labels: workplan label --labeller " + name,
            )
    return Round(cold=cold, **json.loads(line))


def time_help(threads: int, rounds: int) -> float:
    """Median seconds that `workplan --help` takes."""
    command = [sys.executable, "-c", "from workplan.cli import main; main()", "--help"]
    seconds = []
    for _ in range(rounds):
        began = time.perf_counter()
        subprocess.run(command, env=environment(threads), stdout=subprocess.PIPE, check=True)
        seconds.append(time.perf_counter() - began)
    return median(seconds)


def table(speeds: Sequence[Speed]) -> str:
    """The medians as a Markdown table; rates also in times LAC's where it was measured."""
    peer = next((speed.middle for speed in speeds if speed.name == "lac"), None)
    head = ["labeller", "batch, char/s", "of LAC", "single, char/s", "of LAC", "cold start, s"]
    rows = []
    for speed in speeds:
        one = speed.middle
        batch = f"{one.batch / peer.batch:.2f}" if peer else "–"
        single = f"{one.single / peer.single:.2f}" if peer else "–"
        figures = [f"{one.batch:,.0f}", batch, f"{one.single:,.0f}", single, f"{one.cold:.2f}"]
        rows.append([speed.name, *figures, f"{one.memory / 1e6:.0f}"])
    return markdown.table([*head, "peak, MB"], rows)
