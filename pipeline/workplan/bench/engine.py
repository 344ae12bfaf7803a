"""How fast `workplan extract` reads many files, and whether its memory stays flat.

`python -m workplan.bench.engine` is the fresh process that extracts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from workplan.batch.shards import read_entries
from workplan.bench import markdown
from workplan.bench.labellers import TAIL, measure_once
from workplan.bench.machine import environment, hold
from workplan.bench.plans import write_plans
from workplan.errors import UserError

HUNDRED = 100
"""Memory is compared between the first and the last so many files."""
SAMPLED = 40
"""Files whose sentences are labelled without the engine, for comparison."""
ROUNDS = 3
"""How often these are labelled before the engine's runs, and after them, in fresh processes."""
_TICK = 0.25


@dataclass(frozen=True, slots=True)
class Sample:
    """One moment: files done by then, bytes that all processes together hold in memory (pages
    that they share are counted in each)."""

    files: int
    memory: int


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the engine, kept to as many cores as it had workers. Times are seconds from its
    run.json: `reading` to the last file's tasks, `merging` them into the outputs. `first` and
    `last` are the most bytes held while the first and the last hundred files were read (None:
    too few files to tell), `peak` the most at any time, writing included. `processor`: seconds of
    processor time of all its processes, which a busy machine hardly changes; 0: not known."""

    workers: int
    files: int
    characters: int
    reading: float
    merging: float
    seconds: float
    first: int | None
    last: int | None
    peak: int
    processor: float

    @property
    def rate(self) -> float:
        """Characters per second from start to end, loading and writing included."""
        return self.characters / self.seconds

    @property
    def core_hour(self) -> float:
        """Plans that one core does in an hour, by processor time; 0 where that is not known."""
        return 3600 * self.files / self.processor if self.processor else 0.0


@dataclass(frozen=True, slots=True)
class Engine:
    """The runs on the same files, and the characters per second of the labeller alone on one
    core, on sentences of these files."""

    runs: tuple[Run, ...]
    labeller: str
    alone: float

    def record(self) -> dict[str, Any]:
        """All figures as JSON values."""
        runs = [asdict(run) | {"rate": run.rate, "core_hour": run.core_hour} for run in self.runs]
        return {"labeller": self.labeller, "labelling_alone": self.alone, "runs": runs}


def measure_engine(
    labeller: str,
    views: Sequence[str],
    *,
    files: int,
    size: int,
    workers: Sequence[int] = (1, 2),
    say: Callable[[str], None] = lambda line: None,
) -> Engine:
    """Extract `files` plans of `size` bytes, with each number of workers in a fresh process.

    Raises UserError where the engine fails or leaves out a file.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        characters = write_plans(folder / "plans", views, files, size)
        rounds = _labelling_alone(labeller, folder / "plans")
        runs = []
        for count in workers:
            run = _run(folder / "plans", folder / f"out-{count}", labeller, count, characters)
            say(f"{files} files, {count} workers: {run.rate:,.0f} characters a second")
            runs.append(run)
        # Some rounds before and some behind: the machine may have become slower meanwhile.
        alone = median([*rounds, *_labelling_alone(labeller, folder / "plans")])
        say(f"{labeller} alone, one core: {alone:,.0f} characters a second")
    return Engine(tuple(runs), labeller, alone)


def table(engine: Engine) -> str:
    """The runs as a Markdown table, and what follows from them."""
    head = ["workers", "files", "files/s", "char/s", "reading, s", "writing, s"]
    head += [
        "processor, s",
        "plans/core-hour",
        f"first {HUNDRED}, MB",
        f"last {HUNDRED}, MB",
        "peak, MB",
    ]
    lines = [markdown.table(head, [_cells(run) for run in engine.runs])]
    one = engine.runs[0]
    if len(engine.runs) > 1:
        other = engine.runs[-1]
        gain = other.rate / one.rate
        lines.append(f"\n{other.workers} workers do {gain:.2f} times what {one.workers} does.")
    cost = 100 * (engine.alone / one.rate - 1)
    lines.append(
        f"\n{engine.labeller} alone on one core: {engine.alone:,.0f} char/s; a character costs the "
        f"engine with one worker {abs(cost):.0f} % {'more' if cost >= 0 else 'less'}."
    )
    return "\n".join(lines)


def _cells(run: Run) -> list[str]:
    return [
        str(run.workers),
        str(run.files),
        f"{run.files / run.seconds:.2f}",
        f"{run.rate:,.0f}",
        f"{run.reading:.1f}",
        f"{run.merging:.1f}",
        f"{run.processor:.1f}",
        f"{run.core_hour:,.0f}",
        f"{run.first / 1e6:.0f}" if run.first else "–",
        f"{run.last / 1e6:.0f}" if run.last else "–",
        f"{run.peak / 1e6:.0f}",
    ]


def _labelling_alone(labeller: str, folder: Path) -> list[float]:
    """Characters of plan text per second, one core, only labelling, in each of some rounds."""
    from workplan.batch.chain import prepare

    drafts = [prepare(path) for path in sorted(folder.iterdir())[:SAMPLED]]
    views = [view for draft in drafts for view in draft.views if view]
    share = sum(len(draft.plan.source) for draft in drafts) / sum(map(len, views))
    return [measure_once(labeller, views, threads=1).batch * share for _ in range(ROUNDS)]


def main() -> None:
    """Extract as the command does, on so many cores. Arguments: plans, out, workers, labeller."""
    from workplan.batch.engine import extract
    from workplan.batch.job import Job
    from workplan.batch.settings import read_settings

    plans, out, workers, labeller = sys.argv[1:]
    hold(int(workers))
    settings = replace(read_settings(), workers=int(workers))
    try:
        extract(Job((Path(plans),), Path(out), labeller=labeller, settings=settings))
    except UserError as error:
        sys.exit(str(error))


def _run(plans: Path, out: Path, labeller: str, workers: int, characters: int) -> Run:
    """Extract in a fresh process, and watch it and its workers."""
    module = [sys.executable, "-m", "workplan.bench.engine"]
    command = [*module, str(plans), str(out), str(workers), labeller]
    before = _ended()
    with tempfile.TemporaryFile() as said:
        process = subprocess.Popen(
            command, env=environment(1), stdout=said, stderr=subprocess.STDOUT
        )
        samples = list(_watch(process, out / ".work" / "shards"))
        if process.wait() != 0:
            said.seek(0)
            words = said.read().decode("utf-8", "replace").strip()[-TAIL:]
            raise UserError(f"the engine fails (批处理运行失败):\n{words}", where=labeller)
    record = json.loads((out / "run.json").read_text(encoding="utf-8"))
    found = record["files"]["found"]
    first = [sample.memory for sample in samples if sample.files <= HUNDRED]
    last = [sample.memory for sample in samples if found - HUNDRED <= sample.files < found]
    far = found >= 2 * HUNDRED
    return Run(
        workers=workers,
        files=found,
        characters=characters,
        reading=record["timings"]["reading"],
        merging=record["timings"]["merging"],
        seconds=record["timings"]["seconds"],
        first=max(first, default=None) if far else None,
        last=max(last, default=None) if far else None,
        peak=max(sample.memory for sample in samples),
        processor=round(_ended() - before, 3),
    )


def _ended() -> float:
    """Processor time of all processes that this one has started and seen end, and of theirs."""
    times = os.times()
    return times.children_user + times.children_system


def _watch(process: subprocess.Popen[bytes], shards: Path) -> Iterator[Sample]:
    """Samples until the process ends."""
    main = psutil.Process(process.pid)
    known = done = 0
    while True:
        whole = len(list(shards.glob("*.shard"))) if shards.is_dir() else 0
        with suppress(OSError):
            if whole != known:
                known, done = whole, sum(1 for _ in read_entries(shards))
        with suppress(psutil.Error):
            held = main.memory_info().rss
            held += sum(_resident(child) for child in main.children(recursive=True))
            yield Sample(done, held)
        with suppress(subprocess.TimeoutExpired):
            process.wait(_TICK)
            return


def _resident(process: psutil.Process) -> int:
    with suppress(psutil.Error):
        return int(process.memory_info().rss)
    return 0


if __name__ == "__main__":
    main()
