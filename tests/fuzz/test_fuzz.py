"""Damaged inputs end in a plan or in a refusal with a code; `make fuzz` tries many more."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzzing import SECONDS, Worker, run
from misbehaving import misbehave
from mutations import case
from parts import Part, add_part, parts_of, read_parts, summary
from promises import outcome

from workplan.read import read_plan
from workplan.read.drawing import PATHS

FOUND = Path(__file__).resolve().parents[1] / "data" / "fuzz"


def test_a_hundred_inputs_break_nothing() -> None:
    results = list(run(range(-150, 0), workers=1, every=50))
    assert sorted(result.number for result in results) == list(range(-150, 0))
    assert not [result for result in results if result.is_fault]
    # Most are damaged, but not so much that only the first checks are tried.
    assert sum(result.outcome == "plan" for result in results) > 45
    assert len({result.outcome for result in results}) > 3


def test_an_input_is_the_same_whenever_it_is_made() -> None:
    made = [case(number).data for number in range(30)]
    assert made == [case(number).data for number in range(30)]
    assert len(set(made)) == 30


@pytest.mark.parametrize(
    ("name", "became"),
    [
        ("packed-part-is-noise.docx", "damaged"),
        ("list-starts-at-5000-digits.docx", "plan"),
        ("lists-of-another-type.docx", "plan"),
        ("lists-defined-twice.docx", "plan"),
        ("no-body.docx", "damaged"),
        ("styles-of-another-type.docx", "damaged"),
        ("style-of-no-type.docx", "plan"),
        ("long-menu.html", "plan"),
        ("endless-line.pdf", "too-long"),
        ("piled-up-lines.pdf", "too-long"),
    ],
)
def test_what_once_broke_a_reader_is_read(name: str, became: str) -> None:
    assert outcome(FOUND / name) == became


def test_a_title_below_a_long_menu_is_found() -> None:
    assert read_plan(FOUND / "long-menu.html").metadata.title == "云溪县2023年民政工作要点"


def test_a_page_of_too_many_lines_keeps_its_text(tmp_path: Path) -> None:
    """A map: its lines are no table, and would take minutes to be looked at as one."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    canvas = Canvas(str(tmp_path / "map.pdf"), pagesize=(595, 842))
    canvas.setFont("STSong-Light", 14)
    for number, line in enumerate(("2023年民政工作要点", "新建养老点12个，年底前完成。")):
        canvas.drawString(90, 760 - 22 * number, line)
    canvas.lines([(90, 100, 100 + number % 300, 400) for number in range(PATHS + 1)])
    canvas.showPage()
    canvas.save()
    assert outcome(tmp_path / "map.pdf") == "plan"
    assert "新建养老点12个，年底前完成。" in read_plan(tmp_path / "map.pdf").text


def test_a_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    done = Part("new", 0, 500, 60.0, {"plan": 499, "empty": 1}, [], (80.0, 7), (1.5, 8))
    add_part(tmp_path / "parts.jsonl", done)
    add_part(tmp_path / "parts.jsonl", Part("old", 500, 500))
    assert list(parts_of(0, 1200)) == [(0, 500), (500, 500), (1000, 200)]
    assert list(parts_of(700, 600)) == [(700, 300), (1000, 300)]
    (found,) = read_parts(tmp_path / "parts.jsonl", "new")
    assert found.outcomes == done.outcomes
    later = Part("new", 1000, 500, 60.0, {"plan": 500}, [1003], (90.0, 1003), (1.0, 1004))
    said = summary([later, found])
    assert said.startswith("1,000 inputs (0 to 499, 1,000 to 1,499)")
    assert "plan 999, empty 1" in said
    assert "faults: 1 (inputs [1003])" in said
    assert "90 MB (input 1003)" in said
    assert "1.5 s of processor time (input 8)" in said


def test_faults_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzzing.serve", misbehave)
    monkeypatch.setattr("fuzzing.SECONDS", 1.0)
    worker = Worker(0)
    assert SECONDS == 30
    assert [worker.run(number).outcome for number in (1, 2, 3)] == ["crash", "hang", "plan"]
    worker.end()
