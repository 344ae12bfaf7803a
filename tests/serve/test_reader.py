"""Reading in a worker process: a bad file takes neither the server nor the next file with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import labellers
import pytest
from small_plans import write_plan

from workplan.batch.settings import Settings
from workplan.serve.reader import Reader
from workplan.tag import Labeller
from workplan.types import Extraction
from workplan.write.failure import Failure

SETTINGS = Settings(seconds_per_file=5, attempts=1)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Reader]]:
    """Starts a reader with one of the tests' labellers."""
    started: list[Reader] = []

    def make(load: Callable[[], Labeller] = labellers.quick, **settings: int) -> Reader:
        (tmp_path / "work").mkdir()
        started.append(Reader(tmp_path / "work", replace(SETTINGS, **settings), load))
        started[-1].start()
        return started[-1]

    yield make
    for reader in started:
        reader.stop()


def test_a_file_that_kills_or_hangs_fails_alone(
    start: Callable[..., Reader], tmp_path: Path
) -> None:
    reader = start()
    paths = [
        write_plan(tmp_path / f"{n}.txt", n, more) for n, more in enumerate(("", "杀", "睡", ""))
    ]
    begun: list[Path] = []
    futures = [reader.submit(path, lambda path=path: begun.append(path)) for path in paths]
    first, killed, hung, last = (future.result(timeout=300) for future in futures)
    assert isinstance(first, Extraction)
    assert isinstance(killed, Failure)
    assert isinstance(hung, Failure)
    assert isinstance(last, Extraction)
    assert (killed.code, hung.code) == ("crash", "time")
    assert begun == paths
    assert list((tmp_path / "work").iterdir()) == []


def test_a_labeller_that_cannot_be_loaded_is_told(
    start: Callable[..., Reader], tmp_path: Path
) -> None:
    reader = start(labellers.unloadable)
    for number in range(2):
        result = reader.submit(write_plan(tmp_path / f"{number}.txt", number)).result(timeout=300)
        assert isinstance(result, Failure)
        assert result.code == "set-up"
        assert "无法启动" in result.reason
