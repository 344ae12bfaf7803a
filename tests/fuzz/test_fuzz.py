"""Damaged inputs end in a plan or in a refusal with a code; `make fuzz` tries many more."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzzing import SECONDS, Worker, run
from misbehaving import misbehave
from mutations import case
from promises import outcome

from workplan.read import read_plan

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
        ("no-body.docx", "damaged"),
        ("styles-of-another-type.docx", "damaged"),
        ("style-of-no-type.docx", "plan"),
        ("long-menu.html", "plan"),
    ],
)
def test_what_once_broke_a_reader_is_read(name: str, became: str) -> None:
    assert outcome(FOUND / name) == became


def test_a_title_below_a_long_menu_is_found() -> None:
    assert read_plan(FOUND / "long-menu.html").metadata.title == "云溪县2023年民政工作要点"


def test_faults_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fuzzing.serve", misbehave)
    monkeypatch.setattr("fuzzing.SECONDS", 1.0)
    worker = Worker(0)
    assert SECONDS == 30
    assert [worker.run(number).outcome for number in (1, 2, 3)] == ["crash", "hang", "plan"]
    worker.end()
