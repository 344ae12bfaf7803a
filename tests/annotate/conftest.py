"""A fake server, an office on it, and a full disk for the annotation tests."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from desk import Desk
from fake_doccano import FakeDoccano, serving
from office import Office

from workplan.annotate import server
from workplan.annotate.client import Doccano
from workplan.annotate.settings import read_settings
from workplan.errors import UserError


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


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An office with a server of its own, which is stopped at the end."""
    folder = tmp_path_factory.mktemp("doccano")
    shared_venv = os.environ.get("WORKPLAN_DOCCANO_VENV")
    office = Office(folder / "data", folder / "annotations", Path(shared_venv or folder / "venv"))
    office.corpus.mkdir()
    # Stops the server at the end of its input: even where this process is killed.
    code = "import sys; from pathlib import Path; from workplan.annotate.server import stop; "
    code += "sys.stdin.read(); stop(Path(sys.argv[1]), say=str)"
    guard = subprocess.Popen(
        [sys.executable, "-c", code, str(office.data)],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    try:
        office.serve()
    except UserError as error:
        if os.environ.get("CI"):
            raise
        pytest.skip(f"a real Doccano cannot be installed or started here: {error}")
    yield office
    processes = server.find_server(office.data)
    server.stop(office.data, say=lambda line: None)
    guard.communicate()
    assert processes is not None
    assert not any(psutil.pid_exists(pid) for pid, _ in processes.processes.values())
    with pytest.raises(UserError):
        Doccano(processes.url, "admin", "", seconds=2)


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
