"""configs/batch.yaml is checked before anything is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from workplan.batch.settings import Settings, read_settings, usable_cores
from workplan.errors import UserError


def test_shipped_file_says_the_defaults(root: Path) -> None:
    assert read_settings(root / "configs" / "batch.yaml") == Settings()


def test_missing_keys_keep_their_defaults(tmp_path: Path) -> None:
    path = tmp_path / "batch.yaml"
    path.write_text("workers: 3\nformats: [csv]\nseconds_per_file: 1.5\n", encoding="utf-8")
    settings = read_settings(path)
    assert settings == Settings(workers=3, formats=("csv",), seconds_per_file=1.5)
    assert settings.processes() == 3


def test_no_number_of_workers_means_the_cores() -> None:
    assert Settings().processes() == usable_cores() >= 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("wokers: 3", "'wokers' must be one of"),
        ("workers: many", "workers must be a number from 0 up"),
        ("workers: true", "workers must be a number"),
        ("attempts: 0", "attempts must be a number from 1 up"),
        ("formats: docx", "formats must be a list"),
        ("formats: [docx]", "formats must be a list"),
        ("formats: [[xlsx]]", "formats must be a list"),
        ("- 3", "the file must be lines"),
        ("a: [", "cannot be read"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "batch.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=said) as error:
        read_settings(path)
    assert error.value.where == str(path)
    assert error.value.remedy


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be read"):
        read_settings(tmp_path / "none.yaml")
