"""Where inputs and outputs lie: on this machine, or behind a URL that fsspec opens (s3://, hdfs://)."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from workplan.errors import FileError, UserError

Location = Path | str
"""A path of this machine, or a URL, which stays text: a Path would fold its slashes."""

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")  # two letters at least: C:// is a drive
_HIDDEN = (".", "~$")
_READERS = 16
"""Files that are summed at a time: over a network most of that is waiting."""
_SLICE = 1000


def location(text: str) -> Location:
    """What a user's word for a place means."""
    return text if is_url(text) else Path(text)


def is_url(place: Location) -> bool:
    """Whether a place is behind a URL."""
    return isinstance(place, str) and _URL.match(place) is not None


def file_system(url: str) -> tuple[Any, str]:
    """The fsspec file system behind `url`, and what the URL's path is called there.

    Raises UserError where fsspec, or the package that it needs for this protocol, is missing.
    """
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        raise UserError(
            "URLs need the package fsspec (缺少 fsspec)",
            where=url,
            remedy="pip install 'workplan[urls]' and the protocol's own package (s3fs for s3://)",
        ) from error
    try:
        system, path = url_to_fs(url)
    except ImportError as error:
        raise UserError(
            f"no package for this protocol: {_words(error)} (缺少该协议的软件包)",
            where=url,
            remedy="install it beside workplan, on every machine that reads (pip install s3fs …)",
        ) from error
    except Exception as error:  # each protocol has its own ways to refuse a URL
        raise UserError(
            f"the URL cannot be used: {_words(error)} (无法使用该地址)",
            where=url,
            remedy="check protocol, name and the access rights that its package asks for",
        ) from error
    return system, str(path).rstrip("/")


def find(paths: Sequence[Location]) -> tuple[list[str], list[str]]:
    """The files to read, each once and in order, and what folders hold besides, with the reason.

    Behind a URL the rules are those of workplan.read.find_files: of a folder, files with a known
    suffix, hidden ones left out. Raises UserError for a place that does not exist.
    """
    from workplan.read import find_files

    files: dict[str, str] = {}
    skipped: list[str] = []
    for place in paths:
        if isinstance(place, str) and is_url(place):
            for url in _below(place, skipped):
                files.setdefault(url, url)
        else:
            found, passed = find_files([place])
            skipped += [f"{one.path}: {one.why}" for one in passed]
            for path in found:
                files.setdefault(os.path.realpath(path), str(path))
    return list(files.values()), skipped


def is_inside(path: str, folder: Location) -> bool:
    """Whether a found file, or the one that a line begins with, lies in the resolved `folder`."""
    if isinstance(folder, str):
        return path.startswith(folder.rstrip("/") + "/")
    return not is_url(path) and folder in Path(path).resolve().parents


@contextmanager
def fetched(url: str) -> Iterator[Path]:
    """A copy of the file behind `url`, with its suffix, for as long as the context lasts.

    Raises FileError where it is not there, cannot be read, or is larger than what is read.
    """
    from workplan.read.fault import fault
    from workplan.read.settings import settings

    system, path = file_system(url)
    with TemporaryDirectory(prefix="workplan-") as folder:
        copy = Path(folder, "file" + os.path.splitext(path)[1])
        try:
            size, limit = system.size(path) or 0, settings().limits.file_bytes
            if size > limit:
                raise fault("too-large", size=size, limit=limit)
            system.get_file(path, str(copy))
        except FileNotFoundError as error:
            raise fault("missing") from error
        except FileError:
            raise
        except Exception as error:  # network, rights: each protocol raises its own
            raise fault("unreadable", detail=_words(error)) from error
        yield copy


def version(place: Location) -> object:
    """What changes when a file is written to; None where that cannot be told."""
    if isinstance(place, str) and is_url(place):
        system, path = file_system(place)
        try:
            system.invalidate_cache(os.path.dirname(path))
            return str(system.ukey(path))
        except Exception:  # whatever it is, reading will say so
            return None
    try:
        state = os.stat(place)
    except OSError:
        return None
    return state.st_size, state.st_mtime_ns


def digests(paths: Sequence[str]) -> Iterator[str | None]:
    """The SHA-256 of each file's bytes, several read at a time; None where one cannot be read."""
    with ThreadPoolExecutor(_READERS) as threads:
        for start in range(0, len(paths), _SLICE):
            yield from threads.map(digest, paths[start : start + _SLICE])


def digest(place: Location) -> str | None:
    """The SHA-256 of a file's bytes; None where it cannot be read."""
    total = hashlib.sha256()
    try:
        with _opened(place) as file:
            while block := file.read(1 << 20):
                total.update(block)
    except UserError:
        raise
    except Exception:
        return None
    return total.hexdigest()


def _opened(place: Location) -> Any:
    if isinstance(place, str) and is_url(place):
        system, path = file_system(place)
        return system.open(path, "rb")
    return open(place, "rb")


def _below(url: str, skipped: list[str]) -> Iterable[str]:
    """The file behind `url`, or the readable files of the folder there, in the order of a walk."""
    from workplan.read.settings import settings

    system, root = file_system(url)
    try:
        if system.isfile(root):
            return [url]
        found = [str(path) for path in system.find(root)]
    except Exception as error:
        raise UserError(
            f"the folder cannot be listed: {_words(error)} (无法列出目录)",
            where=url,
            remedy="check the address and your access rights (请核对地址与权限)",
        ) from error
    if not found and not system.exists(root):
        raise UserError(
            "no such file or folder (文件或文件夹不存在)",
            where=url,
            remedy="check the path (请核对路径)",
        )
    chosen = []
    for path in sorted(found, key=_walked):
        name = str(system.unstrip_protocol(path))
        inner = path[len(root) :].split("/")
        if inner[-1].startswith(_HIDDEN):
            skipped.append(f"{name}: a hidden or temporary file (隐藏或临时文件)")
        elif any(part.startswith(".") for part in inner):
            continue
        elif (suffix := os.path.splitext(path)[1].lower()) not in settings().suffixes:
            skipped.append(f"{name}: {suffix or 'no suffix'} is not read (不支持)")
        else:
            chosen.append(name)
    return chosen


def _walked(path: str) -> list[tuple[bool, str]]:
    """Sorts paths as a walk meets them: a folder's files, then its folders."""
    *folders, name = path.split("/")
    return [*((True, folder) for folder in folders), (False, name)]


def _words(error: Exception) -> str:
    return (str(error).strip() or repr(error)).splitlines()[0][:200]
