"""Fixtures for all tests: where the repository and the shared real data lie."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

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


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A headless Chromium; skips where there is none, but not on the CI's machine."""
    names = ("chromium", "chromium-browser", "google-chrome")
    chromium = next(filter(None, map(shutil.which, names)), None)
    if chromium is None and not os.environ.get("CI"):
        pytest.skip("Chromium is not installed: apt-get install chromium fonts-noto-cjk")
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def barriers() -> Callable[[Page], list[str]]:
    """Gives the serious and critical accessibility faults that axe-core finds in a page."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()

    def find(page: Page) -> list[str]:
        found = axe.run(page).response["violations"]
        return [
            f"{fault['impact']} {fault['id']}: {node['html'][:200]}"
            for fault in found
            if fault["impact"] in ("serious", "critical")
            for node in fault["nodes"]
        ]

    return find


# Shared machines stall now and then: a slow draw or example is no failure, and speed has its
# own command.
settings.register_profile("workplan", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("workplan")
