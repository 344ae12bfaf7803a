"""Plans made by hand, so that cutting is tested apart from reading."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pytest

from workplan.types import Metadata, Plan


@pytest.fixture(scope="session")
def plan_of() -> Callable[..., Plan]:
    """Make a Plan of clean text; `title` and the line numbers of table `rows` may be given."""

    def make(text: str, *, title: str | None = None, rows: Iterable[int] = ()) -> Plan:
        return Plan(
            path="plan.txt",
            digest="0" * 64,
            source=text,
            text=text,
            view=text,
            origin=np.arange(len(text), dtype=np.int32),
            metadata=Metadata(title=title),
            rows=frozenset(rows),
        )

    return make
