"""report.html as bytes: nothing can break out of it, nothing is lost between its pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from workplan.types import LABELS, Extraction
from workplan.write.bundle import Bundle
from workplan.write.failure import Failure
from workplan.write.options import Options
from workplan.write.report import Report, embedded


class Scripts(HTMLParser):
    """The scripts of a page as a browser finds them: attributes and text."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[dict[str, str | None], str]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag == "script"
        if self._inside:
            self.found.append((dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        self._inside = False

    def handle_data(self, data: str) -> None:
        if self._inside:
            attributes, text = self.found[-1]
            self.found[-1] = (attributes, text + data)


def scripts(path: Path) -> list[tuple[dict[str, str | None], str]]:
    parser = Scripts()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser.found


def plans(path: Path) -> list[dict]:
    return [json.loads(text) for marks, text in scripts(path) if marks.get("class") == "plan"]


def run_data(path: Path) -> dict:
    (found,) = [json.loads(text) for marks, text in scripts(path) if marks.get("id") == "run"]
    return dict(found)


def write(folder: Path, *results: Extraction | Failure, **options: int) -> Path:
    report = Report(folder, Options(**options))
    for result in results:
        if isinstance(result, Failure):
            report.fail(result)
        else:
            report.add(Bundle.of(result))
    report.close()
    return folder / "report.html"


def test_page_holds_the_plan(extraction: Extraction, tmp_path: Path) -> None:
    (plan,) = plans(write(tmp_path, extraction))
    assert plan["title"] == "2031年云皮县教育工作要点"
    assert plan["text"] == extraction.plan.text
    assert [task["id"] for task in plan["tasks"]] == ["a1", "a2"]
    spans = zip(*[iter(plan["spans"])] * 3, strict=True)
    words = [
        (plan["text"][start : start + length], LABELS[label]) for start, length, label in spans
    ]
    assert words[:4] == [
        ("扩充", "ACTION"),
        ("县教育局", "ORG"),
        ("年底前", "DEADLINE"),
        ("新建", "ACTION"),
    ]
    metric = plan["tasks"][0]["targets"][1]["spans"]["metric"]
    assert plan["text"][slice(*metric)] == "普惠率"


@given(st.text(max_size=60))
def test_no_text_ends_its_script(text: str) -> None:
    data = embedded({"text": text})
    assert not set(b"<>&") & set(data)
    assert json.loads(data)["text"] == text


@given(
    hostile=st.sampled_from(
        ["</script><script>alert(1)</script>", "<!--<script>", "]]>", "{{data}}"]
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_hostile_plan_adds_no_script(extraction: Extraction, tmp_path: Path, hostile: str) -> None:
    plan = replace(
        extraction.plan, metadata=replace(extraction.plan.metadata, title=hostile), path=hostile
    )
    task = replace(extraction.tasks[0], sentence=hostile, phrase=hostile)
    failure = Failure(hostile, "x", hostile, hostile)
    path = write(tmp_path, replace(extraction, plan=plan, tasks=[task]), failure)
    assert [marks for marks, _ in scripts(path)] == [
        {"type": "application/json", "class": "plan"},
        {"type": "application/json", "id": "run"},
        {},
    ]
    assert plans(path)[0]["title"] == hostile
    assert run_data(path)["failures"][0]["path"] == hostile


def test_page_needs_no_network(extraction: Extraction, tmp_path: Path) -> None:
    text = write(tmp_path, extraction).read_text(encoding="utf-8")
    assert not re.search(r"https?://|\bsrc=|@import|url\(", text)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1]


def test_many_tasks_go_on_in_another_page(
    make_extraction: Callable[..., Extraction], tmp_path: Path
) -> None:
    many = [make_extraction(str(number)) for number in range(5)]
    write(tmp_path, *many, Failure("x", "empty", "空", "…"), report_tasks=5)
    pages = [tmp_path / name for name in ("report.html", "report-2.html", "report-3.html")]
    assert [len(plans(page)) for page in pages] == [2, 2, 1]
    runs = [run_data(page) for page in pages]
    assert [run["first"] for run in runs] == [1, 5, 9]
    assert [(run["previous"], run["next"]) for run in runs] == [
        (None, "report-2.html"),
        ("report.html", "report-3.html"),
        ("report-2.html", None),
    ]
    assert [run["hidden"] for run in runs] == [2, 2, 1]
    assert [run["failed"] for run in runs] == [0, 0, 1]
    assert not (tmp_path / "report-4.html").exists()


@pytest.mark.parametrize("show_all", [False, True])
def test_hidden_kinds(extraction: Extraction, tmp_path: Path, show_all: bool) -> None:
    path = write(tmp_path, extraction, show_all=show_all)
    assert len(plans(path)[0]["tasks"]) == (3 if show_all else 2)
    assert run_data(path)["hidden"] == (0 if show_all else 1)
