"""Thousands of damaged inputs through every reader, in processes with limits: `make fuzz`.

A run that is stopped goes on where it was when it is started again with the same --out.
Exit code 1 where an input crashes a reader, breaks a promise, or takes too long or too much
memory; such inputs are kept in the folder of --out.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import sys
import tempfile
import threading
import time
import traceback
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from multiprocessing.connection import Connection
from pathlib import Path

import psutil
from mutations import case
from parts import Part, add_part, parts_of, read_parts, summary
from promises import outcome

from workplan.batch.job import Job, fingerprint

SECONDS = 30.0
"""Processor time that one input may take; extraction allows 300 s of any (configs/batch.yaml)."""
_PATIENCE = 20
"""How many times as long by the clock, for a machine that is shared and for one that sleeps."""
MEGABYTES = 1500
_ADDRESSES = 6 << 30
"""Bytes of addresses a process may use, so that a fault cannot take the machine down."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of an input: "plan", a FileError's code, or a fault (crash, hang, memory).

    `seconds` are of the processor; `megabytes` is the most that its process ever held.
    """

    number: int
    outcome: str
    detail: str = ""
    seconds: float = 0.0
    megabytes: float = 0.0

    @property
    def is_fault(self) -> bool:
        """Whether this should not be."""
        return self.outcome in ("crash", "hang") or self.megabytes > MEGABYTES


def run(numbers: Iterable[int], workers: int, *, every: int = 0) -> Iterator[Result]:
    """The results of all inputs, as they come; each `every`-th is labelled by the rules, too."""
    waiting, lock = iter(numbers), threading.Lock()
    results: list[Result] = []
    news = threading.Condition()

    def serve() -> None:
        worker = Worker(every)
        while True:
            with lock:
                number = next(waiting, None)
            if number is None:
                worker.end()
                return
            result = worker.run(number)
            with news:
                results.append(result)
                news.notify()

    with ThreadPoolExecutor(workers) as threads:
        serving = [threads.submit(serve) for _ in range(workers)]
        while True:
            over = all(future.done() for future in serving)
            with news:
                if not results and not over:
                    news.wait(timeout=0.5)
                fresh, results[:] = list(results), []
            yield from fresh
            if over and not fresh:
                break
        for future in serving:
            future.result()


class Worker:
    """A process that reads inputs, and is started anew after a fault."""

    def __init__(self, every: int) -> None:
        self._every = every
        self._start()

    def run(self, number: int) -> Result:
        """Have one input read; one that ends the process or hangs is a fault."""
        self._pipe.send(number)
        try:
            if not self._answers():
                self._again()
                return Result(number, "hang", f"over {SECONDS:g} s", SECONDS)
            result: Result = self._pipe.recv()
        except EOFError:
            self._process.join()
            code = self._process.exitcode
            self._again()
            return Result(number, "crash", f"the process ended with code {code}")
        if result.is_fault:
            self._again()
        return result

    def _answers(self) -> bool:
        """Wait for the process; False where it takes too long."""
        began, used = time.monotonic(), self._used()
        while not self._pipe.poll(0.5):
            waited = time.monotonic() - began
            if self._used() - used > SECONDS or waited > _PATIENCE * SECONDS:
                return False
        return True

    def _used(self) -> float:
        """Seconds of processor time that the process has had; 0 where it is gone."""
        try:
            times = psutil.Process(self._process.pid).cpu_times()
        except psutil.Error:
            return 0.0
        return float(times.user + times.system)

    def end(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs, self._every), daemon=True)
        self._process.start()
        theirs.close()
        self._pipe.recv()  # loaded

    def _again(self) -> None:
        self.end()
        self._start()


def serve(pipe: Connection, every: int) -> None:
    """Read the inputs whose numbers come through `pipe`."""
    import resource

    from workplan.batch.chain import load_road
    from workplan.tag.rules import RulesLabeller

    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESSES, _ADDRESSES))
    os.environ["PATH"] = ""  # LibreOffice is not ours to test
    load_road()
    # The plain vote: what spans the weighted one would choose is no matter here.
    labeller = RulesLabeller("majority") if every else None
    case(0)
    with tempfile.TemporaryDirectory(prefix="workplan-fuzz-") as folder:
        pipe.send(None)
        while True:
            try:
                number = pipe.recv()
            except EOFError:
                return
            made = case(number)
            path = Path(folder, "input" + made.suffix)
            path.write_bytes(made.data)
            began = time.process_time()
            detail = ""
            try:
                became = outcome(path, labeller if every and number % every == 0 else None)
            except Exception:
                became, detail = "crash", traceback.format_exc()
            pipe.send(
                Result(
                    number,
                    became,
                    detail,
                    time.process_time() - began,
                    resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
                )
            )


def keep(result: Result, folder: Path) -> None:
    """Keep the input of a fault, and what is known of it."""
    folder.mkdir(parents=True, exist_ok=True)
    made = case(result.number)
    (folder / f"{result.number}{made.suffix}").write_bytes(made.data)
    with (folder / "faults.jsonl").open("a", encoding="utf-8") as file:
        record = asdict(result) | {"story": made.story, "bytes": len(made.data)}
        file.write(json.dumps(record, ensure_ascii=False) + "\n")


def main() -> int:
    """Run the inputs that the command line asks for and say what came of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--only", type=int, nargs="+", help="these inputs, by their numbers")
    parser.add_argument("--workers", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--label-every", type=int, default=10, help="0: reading alone")
    parser.add_argument("--out", type=Path, default=Path("out/fuzz"))
    given = parser.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    code = fingerprint(Job((), given.out, labeller="rules"))["code"]
    if given.only:
        parts = [play(Part(code, given.only[0], len(given.only)), given.only, given)]
    else:
        parts = list(play_all(code, given))
    print(summary(parts))
    return 1 if any(part.faults for part in parts) else 0


def play_all(code: str, given: argparse.Namespace) -> Iterator[Part]:
    """All parts of the inputs asked for; those that are done are not done again."""
    record = given.out / "parts.jsonl"
    done = {(part.first, part.inputs): part for part in read_parts(record, code)}
    for first, count in parts_of(given.first, given.inputs):
        if (first, count) not in done:
            part = play(Part(code, first, count), range(first, first + count), given)
            add_part(record, part)
            print(f"{first + count - given.first:,} of {given.inputs:,}, {len(part.faults)} faults")
            sys.stdout.flush()
            done[first, count] = part
        yield done[first, count]


def play(part: Part, numbers: Iterable[int], given: argparse.Namespace) -> Part:
    """Run the inputs of a part; the faulty ones are kept."""
    began = time.monotonic()
    outcomes: Counter[str] = Counter()
    for result in run(numbers, given.workers, every=given.label_every):
        outcomes[result.outcome] += 1
        part.slowest = max(part.slowest, (round(result.seconds, 1), result.number))
        part.largest = max(part.largest, (round(result.megabytes, 1), result.number))
        if result.is_fault:
            part.faults.append(result.number)
            keep(result, given.out)
            print(f"{result.number}: {result.outcome} {result.detail[-300:]}", flush=True)
    part.outcomes = dict(outcomes)
    part.seconds = round(time.monotonic() - began, 1)
    return part


if __name__ == "__main__":
    sys.exit(main())
