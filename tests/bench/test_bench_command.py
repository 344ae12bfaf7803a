"""The command: its JSON, its tables, the page that it keeps."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from workplan.bench.page import BEGIN, END, put_figures
from workplan.cli.bench import bench
from workplan.errors import UserError


def _quick(tagger: Path) -> list[str]:
    return f"--labeller {tagger} --characters 200 --rounds 1 --threads 1 --files 0 --trials".split()


def test_the_command_writes_json_page_and_tables(tagger: Path, tmp_path: Path) -> None:
    target, page = tmp_path / "new" / "bench.json", tmp_path / "page.md"
    page.write_text(f"# Speed\n\n{BEGIN}\nlast year\n{END}\n\nEnd.\n", encoding="utf-8")
    options = [*_quick(tagger), "--json", str(target), "--page", str(page)]
    done = CliRunner().invoke(bench, options)
    assert done.exit_code == 0, done.output
    figures = json.loads(target.read_text(encoding="utf-8"))
    assert figures["threads"] == 1
    assert figures["machine"]["cores"] >= 1
    assert figures["labellers"][0]["labeller"] == str(tagger)
    assert figures["floors"][0]["share"] > 0
    assert figures["engine"] is None
    assert figures["trials"][0]["name"] == "as shipped, 1 threads"
    assert "workplan --help" in done.output
    assert "cores and threads: 1; medians" in done.output
    written = page.read_text(encoding="utf-8")
    assert "last year" not in written
    assert written.startswith(f"# Speed\n\n{BEGIN}\n")
    assert written.endswith(f"{END}\n\nEnd.\n")
    assert "cold start" in written


def test_figures_take_the_place_of_figures(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"a\n{BEGIN}\n{END}\nb\n", encoding="utf-8")
    put_figures(page, "one")
    put_figures(page, "two")
    assert page.read_text(encoding="utf-8") == f"a\n{BEGIN}\ntwo\n{END}\nb\n"


def test_a_page_without_marks_is_refused_before_measuring(tagger: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# Speed\n", encoding="utf-8")
    done = CliRunner().invoke(bench, [*_quick(tagger), "--page", str(page)])
    assert isinstance(done.exception, UserError)
    assert "no marks" in str(done.exception)
    assert page.read_text(encoding="utf-8") == "# Speed\n"


def test_more_threads_than_cores_is_refused(tagger: Path) -> None:
    done = CliRunner().invoke(bench, ["--labeller", str(tagger), "--threads", "999"])
    assert isinstance(done.exception, UserError)
    assert "--threads" in done.exception.where


def test_the_shipped_page_has_its_marks(root: Path) -> None:
    text = (root / "docs" / "performance.md").read_text(encoding="utf-8")
    assert 0 < text.index(BEGIN) < text.index(END)


@pytest.mark.parametrize("number", ["0", "-3"])
@pytest.mark.parametrize("option", ["--characters", "--rounds", "--threads", "--size"])
def test_numbers_that_measure_nothing_are_refused(option: str, number: str) -> None:
    assert CliRunner().invoke(bench, [option, number]).exit_code == 2
