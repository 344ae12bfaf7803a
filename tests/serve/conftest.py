"""Workbenches to work at."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bureau import Office

from workplan.serve.guard import Rules, rules_for
from workplan.serve.settings import Limits


@pytest.fixture
def open_office(tmp_path: Path) -> Iterator[Callable[..., Office]]:
    """Opens the workbench of a folder: again where it was closed."""
    opened: list[Office] = []

    def make(
        data: Path = tmp_path / "data", limits: Limits | None = None, guard: Rules | None = None
    ) -> Office:
        opened.append(
            Office(data, limits or Limits(), guard or rules_for("127.0.0.1", None, (), 10**8))
        )
        return opened[-1]

    yield make
    for office in opened:
        office.close()


@pytest.fixture
def office(open_office: Callable[..., Office]) -> Office:
    """An empty workbench."""
    return open_office()
