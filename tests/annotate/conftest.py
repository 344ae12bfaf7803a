"""A fake server, an office on it, and a full disk for the annotation tests."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from desk import Desk
from fake_doccano import FakeDoccano, serving

from workplan.annotate.settings import read_settings


@pytest.fixture
def fake() -> Iterator[FakeDoccano]:
    """A fake server."""
    with serving() as server:
        yield server


@pytest.fixture
def desk(fake: FakeDoccano, tmp_path: Path) -> Desk:
    """An office with an empty corpus."""
    corpus = tmp_path / "annotations"
    corpus.mkdir()
    return Desk(fake, corpus, replace(read_settings(), batch_sentences=2))


@contextmanager
def _limited(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.fixture
def small_files() -> Callable[[int], AbstractContextManager[None]]:
    """A block in which no file may grow past so many bytes, as on a full disk."""
    return _limited
