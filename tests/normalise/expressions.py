"""Reading the tables of tests/data/normalise: a sentence with its span in brackets, a row."""

from __future__ import annotations

from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "data" / "normalise"


def rows(name: str) -> list[list[str]]:
    """The rows of a table, comments left out."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def bracketed(sentence: str) -> tuple[str, str, str]:
    """What stands before the span, the span, and what stands behind it."""
    before, rest = sentence.split("[", 1)
    text, after = rest.split("]", 1)
    return before, text, after
