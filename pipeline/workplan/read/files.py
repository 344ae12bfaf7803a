"""Which files of the given paths are read, and which of a folder's are passed over."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from workplan.errors import UserError
from workplan.read.settings import settings

_TEMPORARY = (".", "~$", "Thumbs.db", "desktop.ini")


class Skipped(NamedTuple):
    """A file or folder that is not read, and why."""

    path: Path
    why: str


def find_files(paths: Iterable[Path | str]) -> tuple[list[Path], list[Skipped]]:
    """The files to read, each once and in a stable order, and what folders hold besides.

    A file that is named is always among them; of a folder, those whose suffix is in
    configs/read.yaml, its subfolders too, symbolic links followed once. Raises UserError where a
    path does not exist.
    """
    files: dict[Path, Path] = {}
    skipped: list[Skipped] = []
    for path in map(Path, paths):
        if not os.path.lexists(path):
            raise UserError(
                "no such file or folder (文件或文件夹不存在)",
                where=str(path),
                remedy="check the path (请核对路径)",
            )
        for found in _below(path, skipped) if path.is_dir() else [path]:
            files.setdefault(_identity(found), found)
    return list(files.values()), skipped


def _below(folder: Path, skipped: list[Skipped]) -> Iterator[Path]:
    """The readable files below `folder`, sorted; a folder is entered once, whatever links to it."""
    entered: set[tuple[int, int]] = set()

    def refuse(error: OSError) -> None:
        skipped.append(Skipped(Path(error.filename), f"cannot be opened: {error.strerror}"))

    for root, folders, names in os.walk(folder, followlinks=True, onerror=refuse):
        status = os.stat(root)
        if (status.st_dev, status.st_ino) in entered:
            folders.clear()
            continue
        entered.add((status.st_dev, status.st_ino))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(root, name)
            if name.startswith(_TEMPORARY):
                skipped.append(Skipped(path, "a hidden or temporary file (隐藏或临时文件)"))
            elif path.suffix.lower() not in settings().suffixes:
                skipped.append(Skipped(path, f"{path.suffix or 'no suffix'} is not read (不支持)"))
            else:
                yield path


def _identity(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a link that points at itself: reading will say so
        return path.absolute()
