"""Which files of a folder are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from workplan.errors import UserError
from workplan.read import find_files


def touch(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x")


def test_a_folder_and_its_subfolders(tmp_path: Path) -> None:
    touch(tmp_path, "b.txt", "a.DOCX", "sub/c.html", "photo.jpg", "~$a.docx", ".hidden/d.txt")
    files, skipped = find_files([tmp_path])
    assert [path.relative_to(tmp_path).as_posix() for path in files] == [
        "a.DOCX",
        "b.txt",
        "sub/c.html",
    ]
    assert {path.name for path, _ in skipped} == {"photo.jpg", "~$a.docx"}


def test_a_named_file_is_read_whatever_its_name(tmp_path: Path) -> None:
    touch(tmp_path, "plan.bak")
    assert find_files([tmp_path / "plan.bak"]) == ([tmp_path / "plan.bak"], [])


def test_no_file_comes_twice(tmp_path: Path) -> None:
    touch(tmp_path, "a.txt")
    (tmp_path / "link.txt").symlink_to(tmp_path / "a.txt")
    files, _ = find_files([tmp_path / "a.txt", tmp_path, str(tmp_path)])
    assert files == [tmp_path / "a.txt"]


def test_links_in_a_circle_end(tmp_path: Path) -> None:
    touch(tmp_path, "sub/a.txt")
    (tmp_path / "sub" / "up").symlink_to(tmp_path, target_is_directory=True)
    (tmp_path / "self.txt").symlink_to(tmp_path / "self.txt")
    files, _ = find_files([tmp_path])
    assert tmp_path / "sub" / "a.txt" in files
    assert len(files) == 2  # the link to itself is for reading to refuse


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="不存在"):
        find_files([tmp_path / "none"])
