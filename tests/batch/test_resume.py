"""Stopped or killed at any moment, a run goes on where it was and ends as if nothing had been."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from chaos import drive, play, undisturbed, wait_for_shards
from small_plans import outputs, write_plan

from workplan.batch.engine import Stopped
from workplan.batch.manifest import Manifest
from workplan.batch.shards import read_entries
from workplan.write.jsonl import read_lines

Plans = Callable[[int], Path]
Run = Callable[..., Manifest]


def crash(out: Path, process: subprocess.Popen[bytes], shards: int = 3) -> None:
    """Kill the main process when it has some shards."""
    wait_for_shards(out, process, shards)
    process.kill()
    process.wait()


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to another process")
def test_stop_keeps_what_is_done(plans: Plans, tmp_path: Path) -> None:
    source, out = plans(60), tmp_path / "out"
    process = drive(source, out)
    wait_for_shards(out, process)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert process.returncode == 1
    assert b"stopped at" in said
    assert b"Traceback" not in said
    # Nothing half-written: the folder holds the work alone.
    assert {path.name for path in out.iterdir()} == {".work"}
    done = sum(1 for _ in read_entries(out / ".work" / "shards"))
    assert 0 < done < 60


@pytest.mark.skipif(os.name == "nt", reason="Windows has no process groups of this kind")
def test_stop_at_the_start_is_clean(plans: Plans, tmp_path: Path) -> None:
    """Ctrl-C reaches every process of the terminal, also those that are only starting."""
    process = drive(plans(20), tmp_path / "out", start_new_session=True)
    while not (tmp_path / "out" / ".work" / "shards").exists():
        time.sleep(0.01)
    time.sleep(0.3)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=30)
    assert said.startswith(b"stopped at 0 of 20")
    assert b"Traceback" not in said


def test_interrupt_says_how_far_it_came(
    plans: Plans, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(*given: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("workplan.batch.engine.write_outputs", stop)
    source = plans(5)
    with pytest.raises(Stopped, match="5 of 5"):
        run(source)
    monkeypatch.undo()
    assert run(source).resumed == 5


@pytest.mark.parametrize("show_all", [False, True])
def test_second_start_does_only_what_is_left(
    plans: Plans, run: Run, tmp_path: Path, show_all: bool
) -> None:
    """What the first start has rendered serves the second, unless that one shows other tasks."""
    source, out, formats = plans(40), tmp_path / "out", ("html", "xlsx", "ics")
    write_plan(source / "0000.txt", more="去年已完成园区改造。")
    crash(out, drive(source, out))
    manifest = run(source, formats=formats, show_all=show_all)
    assert 12 <= manifest.resumed < 40
    assert manifest.counts["plans"] == 40
    assert manifest.counts["results"] == 1
    run(source, tmp_path / "whole", formats=formats, show_all=show_all)
    assert outputs(out) == outputs(tmp_path / "whole")


def test_changed_and_new_files_are_read_again(plans: Plans, run: Run, tmp_path: Path) -> None:
    source, out = plans(40), tmp_path / "out"
    crash(out, drive(source, out))
    done = [entry.path for entry in read_entries(out / ".work" / "shards")]
    write_plan(Path(done[0]), 77, more="开展补充调查。")
    write_plan(source / "new.txt", 78)
    Path(done[1]).unlink()
    manifest = run(source)
    assert manifest.resumed == len(done) - 2
    assert manifest.counts["plans"] == 40
    sentences = {task["sentence"] for task in read_lines(out / "tasks.jsonl")}
    assert "开展补充调查。" in sentences


def test_other_code_or_settings_start_over(
    plans: Plans, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, out = plans(20), tmp_path / "out"
    crash(out, drive(source, out))
    own = tmp_path / "own" / "lexicons"
    own.mkdir(parents=True)
    (own / "verbs.txt").write_text("筹办\n", encoding="utf-8")
    monkeypatch.setenv("WORKPLAN_CONFIGS", str(tmp_path / "own"))
    assert run(source).resumed == 0


def test_no_resume_starts_over(plans: Plans, run: Run, tmp_path: Path) -> None:
    source, out = plans(20), tmp_path / "out"
    crash(out, drive(source, out))
    assert run(source, resume=False).resumed == 0


def test_workers_end_with_their_main_process(plans: Plans, tmp_path: Path) -> None:
    source = plans(10)
    write_plan(source / "0000.txt", more="推进睡。")
    process = drive(source, tmp_path / "out")
    wait_for_shards(tmp_path / "out", process)
    workers = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.wait()
    _, alive = psutil.wait_procs(workers, timeout=10)
    assert workers
    assert not alive


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_chaos_loses_and_doubles_nothing(plans: Plans, tmp_path: Path) -> None:
    """kill -9 of workers and of the main process at random moments, then resume."""
    source = plans(2000)
    whole = undisturbed(source, tmp_path / "whole")
    chance = random.Random(20)
    rounds = [play(source, tmp_path / f"round-{number}", whole, chance) for number in range(3)]
    assert all(one.same for one in rounds), rounds
    assert sum(one.mains for one in rounds) > 0
    assert sum(one.workers for one in rounds) > 0
