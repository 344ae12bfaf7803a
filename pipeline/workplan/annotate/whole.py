"""Files that are whole or not there: written aside, then renamed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from workplan.errors import UserError


def write_whole(path: Path, parts: Iterable[str]) -> None:
    """Write a text in UTF-8, its folder made where it is missing.

    Raises UserError where the disk is full or the folder cannot be written; what stood at `path`
    is then still there.
    """
    aside = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(parts)
            file.flush()
            os.fsync(file.fileno())
        os.replace(aside, path)
    except OSError as error:
        with suppress(OSError):
            aside.unlink()
        raise UserError(
            f"cannot write: {error.strerror or error} (无法写入，磁盘可能已满)",
            where=str(path),
            remedy="make room, then run the same command again",
        ) from error
