"""Files written for the engine, and a run of it watched."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.bench import engine
from workplan.bench.engine import Engine, Run, measure_engine, table
from workplan.bench.plans import plan_text, write_plans
from workplan.errors import UserError
from workplan.read import read_plan
from workplan.segment import segment


@given(number=st.integers(0, 3000), size=st.integers(200, 8000))
def test_a_plan_fills_its_size_and_never_passes_it(number: int, size: int) -> None:
    views = ["推进河道治理，完成12处。", "加强养老服务。"]
    text = plan_text(views, number, size)
    assert size - 200 < len(text.encode()) <= size
    assert text == plan_text(views, number, size)


def test_plans_differ_and_read_as_plans(tmp_path: Path, texts: list[str]) -> None:
    characters = write_plans(tmp_path, texts, 20, 3000)
    contents = [path.read_text(encoding="utf-8") for path in sorted(tmp_path.iterdir())]
    assert len(set(contents)) == 20
    assert sum(map(len, contents)) == characters
    plan = read_plan(tmp_path / "plan-00004.txt")
    assert plan.metadata.year == 2019
    assert plan.metadata.title == "2019年示范县第5号工作要点"
    assert any("一、重点工作" in sentence.section for sentence in segment(plan))


def test_a_run_is_watched_to_its_end(
    tagger: Path, texts: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("WORKPLAN_CONFIGS", str(tmp_path))
    (tmp_path / "batch.yaml").write_text("group_files: 1\nformats: []\n", encoding="utf-8")
    monkeypatch.setattr(engine, "_TICK", 0.01)
    monkeypatch.setattr(engine, "HUNDRED", 20)
    done = measure_engine(str(tagger), texts, files=40, size=1500, workers=(1,))
    (run,) = done.runs
    assert (run.workers, run.files) == (1, 40)
    assert run.first is not None
    assert run.last is not None
    assert 30e6 < run.last <= run.peak < 2e9
    assert 30e6 < run.first <= run.peak
    assert 0 < run.reading < run.seconds
    assert done.alone > 0


def test_an_engine_that_fails_is_an_error_with_its_last_words(texts: list[str]) -> None:
    with pytest.raises(UserError, match="fails") as caught:
        measure_engine("no-such", texts, files=2, size=300, workers=(1,))
    assert "no-such" in str(caught.value)


def test_the_table_says_what_workers_bring_and_the_engine_costs() -> None:
    """1,000 characters in 10 s and in 5 s: twice; alone 120 a second where the engine does 100.

    200 files in 9.6 s of the processor: 20.83 a second, 75,000 an hour.
    """
    first = Run(1, 200, 1000, 9, 1, 10, None, None, 410_000_000, 9.0)
    second = Run(2, 200, 1000, 4, 1, 5, 390_000_000, 400_000_000, 410_000_000, 9.6)
    text = table(Engine((first, second), "tagger", 120.0))
    assert "2 workers do 2.00 times what 1 does." in text
    assert "costs the engine with one worker 20 % more" in text
    cells = [cell.strip() for cell in text.splitlines()[3].split("|")[1:-1]]
    assert cells == ["2", "200", "40.00", "200", "4.0", "1.0", "9.6", "75,000", "390", "400", "410"]
