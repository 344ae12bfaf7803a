"""What docs/ shows is true: its examples run, and its commands exist."""

from __future__ import annotations

import doctest
import importlib
import re
import shlex
from pathlib import Path

import click
import pytest

from workplan.cli import COMMANDS

_BLOCK = re.compile(r"^```(?P<kind>\w+)\n(?P<text>.*?)^```", re.MULTILINE | re.DOTALL)
_MAKE = re.compile(r"\bmake ([a-z-]+)")


def blocks(page: Path, *kinds: str) -> list[str]:
    """The texts of the page's fenced blocks of these kinds."""
    found = _BLOCK.finditer(page.read_text(encoding="utf-8"))
    return [match["text"] for match in found if match["kind"] in kinds]


@pytest.mark.parametrize("name", ["analysts.md", "developers.md"])
def test_examples_print_what_the_page_says(
    root: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("pandas")
    monkeypatch.chdir(root)
    page = root / "docs" / name
    text = "\n".join(blocks(page, "python"))
    test = doctest.DocTestParser().get_doctest(text, {}, name, str(page), 0)
    assert test.examples
    said: list[str] = []
    result = doctest.DocTestRunner(verbose=False).run(test, out=said.append)
    assert not result.failed, "".join(said)


@pytest.mark.parametrize("name", ["clerks.md", "analysts.md", "deployment.md", "developers.md"])
def test_commands_exist_with_their_options(root: Path, name: str) -> None:
    lines = "".join(blocks(root / "docs" / name, "sh", "bat")).splitlines()
    calls = [shlex.split(line, comments=True) for line in lines if line.startswith("workplan ")]
    assert calls
    for _, command, *words in calls:
        module, attribute = COMMANDS[command].split(":")
        found: click.Command = getattr(importlib.import_module(module), attribute)
        known = {option for parameter in found.params for option in parameter.opts}
        assert {word for word in words if word.startswith("--")} <= known


@pytest.mark.parametrize("name", ["clerks.md", "analysts.md", "developers.md"])
def test_make_targets_exist(root: Path, name: str) -> None:
    page, makefile = (
        (root / path).read_text(encoding="utf-8") for path in (f"docs/{name}", "Makefile")
    )
    for target in _MAKE.findall("".join(re.findall(r"`[^`]+`|^make .*$", page, re.MULTILINE))):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_links_lead_somewhere(root: Path) -> None:
    for page in (*(root / "docs").glob("*.md"), root / "README.md", root / "models/README.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"
