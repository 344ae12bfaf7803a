"""What docs/workbench.md tells clerks to type and to press is there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from bureau import Office

from workplan.cli.serve import serve


@pytest.fixture
def page(root: Path) -> str:
    """The page's text."""
    return (root / "docs" / "workbench.md").read_text(encoding="utf-8")


def test_commands_have_their_options(page: str) -> None:
    lines = re.findall(r"^workplan serve.*$", page, re.MULTILINE)
    assert len(lines) >= 4
    for line in lines:
        words = shlex.split(line)[2:]
        command: click.Command = serve
        if words and words[0] in serve.commands:
            command = serve.commands[words.pop(0)]
        known = {option for parameter in command.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known
    told = set(re.findall(r"`(--[a-z-]+)", page))
    assert told <= {option for parameter in serve.params for option in parameter.opts}


def test_addresses_exist(page: str, office: Office) -> None:
    paths = office.client.get("/openapi.json").json()["paths"]
    for address in re.findall(r"curl http://127\.0\.0\.1:8765(/\w+)", page):
        assert address in paths


def test_extras_and_pictures_exist(page: str, root: Path) -> None:
    extras = {name for names in re.findall(r"\[([a-z,]+)\]\"", page) for name in names.split(",")}
    project = (root / "pyproject.toml").read_text(encoding="utf-8")
    assert extras == {"formats", "serve"}
    for extra in extras:
        assert re.search(rf"^{extra} = \[", project, re.MULTILINE)
    assert (root / "docs" / "workbench.png").stat().st_size < 400_000
