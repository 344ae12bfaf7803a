"""How a batch runs: configs/batch.yaml, checked."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from workplan import resources
from workplan.errors import UserError
from workplan.write.outputs import FORMATS


@dataclass(frozen=True, slots=True)
class Settings:
    """The file's keys; configs/batch.yaml says what each does."""

    workers: int = 0
    group_files: int = 32
    group_kilobytes: int = 256
    seconds_per_file: float = 300
    megabytes_per_worker: int = 1500
    attempts: int = 3
    ray_megabytes: int = 500
    formats: tuple[str, ...] = ("xlsx", "html")
    plan_sheets: int = 100
    report_tasks: int = 20_000

    def processes(self) -> int:
        """How many workers to start: as told, else one for each core this process may use."""
        return self.workers or usable_cores()


def read_settings(path: Path | None = None) -> Settings:
    """The settings in `path`, else in configs/batch.yaml.

    Raises UserError for a file that is no YAML mapping, a key that does not exist or a value of
    the wrong kind.
    """
    import yaml

    path = path or resources.config("batch.yaml")
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UserError(
            f"the settings cannot be read: {error} (无法读取配置)",
            where=str(path),
            remedy="compare it with configs/batch.yaml",
        ) from error
    if not isinstance(given, dict):
        raise _bad(path, "the file", "lines of `key: value`")
    return settings_of(given, path)


def settings_of(given: Mapping[str, Any], path: Path) -> Settings:
    """The settings that `given` says, checked; `path` is the file that it comes from."""
    known = {field.name for field in fields(Settings)}
    for key, value in given.items():
        if key not in known:
            raise _bad(path, f"{key!r}", f"one of {', '.join(sorted(known))}")
        _check(path, key, value)
    lists = {key: tuple(value) for key, value in given.items() if isinstance(value, list)}
    return Settings(**{**given, **lists})


def usable_cores() -> int:
    """The cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _check(path: Path, key: str, value: Any) -> None:
    if key == "formats":
        if not isinstance(value, list) or any(name not in FORMATS for name in value):
            raise _bad(path, key, f"a list from {', '.join(FORMATS)}")
        return
    least = {"workers": 0, "plan_sheets": 0, "ray_megabytes": 100}.get(key, 1)
    number = int | float if key == "seconds_per_file" else int
    if isinstance(value, bool) or not isinstance(value, number) or value < least:
        raise _bad(path, key, f"a number from {least} up")


def _bad(path: Path, what: str, wanted: str) -> UserError:
    return UserError(
        f"{what} must be {wanted} (配置有误)",
        where=str(path),
        remedy="compare it with configs/batch.yaml",
    )
