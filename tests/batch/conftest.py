"""Folders of small plans, and what a run makes of them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import labellers
import pytest
from small_plans import write_plan

from workplan.batch.engine import extract
from workplan.batch.job import Job
from workplan.batch.location import Location
from workplan.batch.manifest import Manifest
from workplan.batch.settings import Settings


@pytest.fixture
def plans(tmp_path: Path) -> Callable[[int], Path]:
    """Makes a folder of so many plans."""

    def make(count: int) -> Path:
        for number in range(count):
            write_plan(tmp_path / "in" / f"{number:04}.txt", number)
        return tmp_path / "in"

    return make


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Manifest]:
    """Runs a job with the tests' labeller (None: the shipped one); settings by name."""

    def start(
        source: Location,
        out: Location | None = None,
        load: Callable[[], labellers.Verbs] | None = labellers.quick,
        formats: tuple[str, ...] = (),
        show_all: bool = False,
        overwrite: bool = False,
        resume: bool = True,
        engine: str = "local",
        address: str | None = None,
        **settings: object,
    ) -> Manifest:
        defaults: dict[str, object] = {"workers": 2, "formats": ()}
        return extract(
            Job(
                (source,),
                out or tmp_path / "out",
                load=load,
                formats=formats,
                show_all=show_all,
                overwrite=overwrite,
                resume=resume,
                engine=engine,
                address=address,
                settings=Settings(**(defaults | settings)),  # type: ignore[arg-type]
            )
        )

    return start
