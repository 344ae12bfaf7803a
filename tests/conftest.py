"""Fixtures for all tests: where the repository and the shared real data lie."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# Read when huggingface_hub is imported: a test must not wait for a hub that cannot be reached.
os.environ.setdefault("HF_HUB_OFFLINE", "1")

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return ROOT


@pytest.fixture(scope="session")
def data() -> Path:
    """Files that tests read, written by us."""
    return ROOT / "tests" / "data"


@pytest.fixture(scope="session")
def samples() -> Path:
    """The sample plans that the README uses."""
    return ROOT / "annotations" / "samples"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real plans and gold beside the repository; skips where it is missing."""
    folder = ROOT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("the real plans are not here: no ../shared beside the repository")
    return folder


# Shared machines stall now and then: a slow draw or example is no failure, and speed has its
# own command.
settings.register_profile("workplan", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("workplan")
