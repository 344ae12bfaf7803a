"""The data folder: who holds it, and where an upload's bytes lie. No user's name is a path here."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import unicodedata
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

from filelock import FileLock, Timeout

from workplan.errors import UserError
from workplan.read.settings import settings

DATABASE = "workbench.sqlite3"
_PIECE = 1 << 20
_LONGEST_NAME = 200
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
"""Control signs, and those that turn the direction of a name: fdp.exe must not show as exe.pdf."""


class Saved(NamedTuple):
    """An upload on disk: the plan's id (by its content) and its size in bytes."""

    id: str
    suffix: str
    size: int
    aside: Path


class DataFolder:
    """One server's hold on its folder, from `open` to `close`; a second server is refused."""

    def __init__(self, root: Path) -> None:
        self.root = root.expanduser().absolute()
        self.uploads = self.root / "uploads"
        self.work = self.root / "work"
        self.database = self.root / DATABASE
        self._lock = FileLock(self.root / "lock", timeout=0)

    def open(self) -> None:
        """Take the folder and clear what an earlier server left half-done.

        Raises UserError where it cannot be written or another server is at work in it.
        """
        try:
            # Plans may not be for everyone's eyes: the folder is its owner's.
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._lock.acquire()
            shutil.rmtree(self.work, ignore_errors=True)
            self.uploads.mkdir(exist_ok=True)
            self.work.mkdir(exist_ok=True)
        except Timeout as error:
            raise UserError(
                "another server is at work in this folder (数据目录正被另一个服务使用)",
                where=str(self.root),
                remedy="stop it first, or name another folder with --data",
            ) from error
        except OSError as error:
            raise UserError(
                f"the folder cannot be used: {error.strerror or error} (数据目录不可用)",
                where=str(self.root),
                remedy="name a folder of yours with --data",
            ) from error

    def close(self) -> None:
        """Let go of the folder."""
        shutil.rmtree(self.work, ignore_errors=True)
        self._lock.release()

    def save(self, source: BinaryIO, name: str, most: int) -> Saved:
        """Write an upload aside. Raises UserError for one of more than `most` bytes, OSError
        where the disk takes no more."""
        digest, size = hashlib.sha256(), 0
        handle, path = tempfile.mkstemp(dir=self.work)
        aside = Path(path)
        try:
            with os.fdopen(handle, "wb") as file:
                while piece := source.read(_PIECE):
                    size += len(piece)
                    if size > most:
                        raise UserError(
                            f"the file has more than {most:,} bytes (文件过大)",
                            where=name,
                            remedy="split it, or raise megabytes_per_file in configs/serve.yaml"
                            " (请拆分文件或调整上限)",
                        )
                    digest.update(piece)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        return Saved(digest.hexdigest()[:16], suffix_of(name), size, aside)

    def keep(self, saved: Saved) -> None:
        """Give an upload its place."""
        os.replace(saved.aside, self.upload(saved.id, saved.suffix))

    def upload(self, identifier: str, suffix: str) -> Path:
        """Where an upload lies; both parts are ours, never the user's."""
        return self.uploads / f"{identifier}{suffix}"


def shown_name(name: str | None) -> str:
    """A file's name as people see it: no folders, no signs that cannot be seen.

    >>> shown_name("../../etc\\\\计划.docx")
    '计划.docx'
    """
    plain = _UNSEEN.sub("", unicodedata.normalize("NFC", name or ""))
    plain = plain.encode("utf-8", "replace").decode().replace("\\", "/").rpartition("/")[2].strip()
    if len(plain) > _LONGEST_NAME:
        plain = plain[: _LONGEST_NAME - 12] + "…" + plain[-11:]
    return plain or "未命名"


def suffix_of(name: str) -> str:
    """The name's suffix where it is one that is read, else none: content decides then."""
    suffix = PurePosixPath(name).suffix.lower()
    return suffix if suffix in settings().suffixes else ""
