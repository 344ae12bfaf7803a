"""kill -9 of workers and of the main process at random moments, then resume: `make chaos`.

The labeller is the tests' own, a few verbs found by a pattern: what is tried here is that nothing
is lost or doubled, which the quickest labeller tries hardest, since there is most to lose between
two kills. A millisecond for each sentence leaves the kills time to hit. A round is known by the
seed and its number, so that twenty can be played in parts: --first 5 --rounds 5.

Exit code 1 where the outputs of a round differ from those of a run that nothing disturbed.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil
from small_plans import outputs, write_plan

from workplan.batch.shards import read_entries

_DRIVE = Path(__file__).with_name("drive.py")
GROUP = 4
"""Files of a group, as drive.py has it."""


@dataclass(slots=True)
class Round:
    """What one round did: kills that hit, files that starts after a kill found done."""

    same: bool
    workers: int = 0
    mains: int = 0
    resumed: int = 0


def drive(
    source: Path,
    out: Path,
    pause: float = 0.01,
    start_new_session: bool = False,
    engine: Sequence[str] = (),
) -> subprocess.Popen[bytes]:
    """Start a run in a process of its own that takes `pause` seconds a sentence.

    `engine` is "ray", and the address of a cluster where there is one.
    """
    command = [sys.executable, str(_DRIVE), str(source), str(out), str(pause), *engine]
    return subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=start_new_session)


def wait_for_shards(out: Path, process: subprocess.Popen[bytes], count: int = 1) -> None:
    """Wait until the run has something to lose."""
    shards = out / ".work" / "shards"
    while process.poll() is None and len(list(shards.glob("*.shard"))) < count:
        time.sleep(0.01)


def play(source: Path, out: Path, whole: dict[str, bytes], chance: random.Random) -> Round:
    """Disturb three starts in the folder `out`, the last one to its end; compare with `whole`.

    Each start is left alone until it has done up to a third of all.
    """
    played = Round(same=False)
    third = max(2, len(list(source.iterdir())) // (3 * GROUP))
    for kill_main in (True, True, False):
        before = len(list((out / ".work" / "shards").glob("*.shard")))
        process = drive(source, out, pause=0.001)
        wait_for_shards(out, process, before + chance.randrange(1, third))
        for _ in range(2):
            time.sleep(chance.random() * 0.4)
            played.workers += _kill_a_worker(process, chance)
        if kill_main:
            played.mains += process.poll() is None
            process.kill()
        process.communicate()
        if kill_main:
            played.resumed += sum(1 for _ in read_entries(out / ".work" / "shards"))
    played.same = process.returncode == 0 and outputs(out) == whole
    return played


def undisturbed(source: Path, out: Path) -> dict[str, bytes]:
    """What a run puts out that nothing disturbs."""
    process = drive(source, out, pause=0.0)
    _, said = process.communicate()
    if process.returncode:
        raise RuntimeError(said.decode("utf-8", "replace"))
    return outputs(out)


def _kill_a_worker(process: subprocess.Popen[bytes], chance: random.Random) -> bool:
    """kill -9 one of the run's processes, if it has any left."""
    try:
        workers = psutil.Process(process.pid).children()
        if workers:
            chance.choice(workers).kill()
    except psutil.Error:
        return False
    return bool(workers)


def main() -> int:
    """Play the rounds that the command line asks for and say what came of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--first", type=int, default=0, help="number of the first round")
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=20)
    given = parser.parse_args()
    began = time.monotonic()
    rounds: list[Round] = []
    with tempfile.TemporaryDirectory(prefix="workplan-chaos-") as folder:
        source = Path(folder, "in")
        for number in range(given.files):
            write_plan(source / f"{number:04}.txt", number)
        whole = undisturbed(source, Path(folder, "whole"))
        for number in range(given.first, given.first + given.rounds):
            out = Path(folder, f"round-{number}")
            started = time.monotonic()
            rounds.append(play(source, out, whole, random.Random(f"{given.seed}-{number}")))
            seconds = time.monotonic() - started
            print(f"round {number}: {rounds[-1]}, {seconds:.0f} s", file=sys.stderr, flush=True)
            shutil.rmtree(out)
    same = sum(one.same for one in rounds)
    print(
        f"rounds {given.first} to {given.first + len(rounds) - 1} of seed {given.seed},"
        f" {given.files} files each, {time.monotonic() - began:.0f} s"
    )
    print(
        f"killed: {sum(one.mains for one in rounds)} times the main process,"
        f" {sum(one.workers for one in rounds)} times a worker;"
        f" {sum(one.resumed for one in rounds)} files were done when a start was killed"
    )
    print(f"outputs identical to the undisturbed run: {same} of {len(rounds)}")
    return 0 if same == len(rounds) else 1


if __name__ == "__main__":
    sys.exit(main())
