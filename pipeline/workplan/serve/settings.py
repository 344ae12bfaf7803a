"""The workbench's limits: configs/serve.yaml, checked."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path

from workplan import resources
from workplan.errors import UserError

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """The file's keys; configs/serve.yaml says what each does."""

    files_per_upload: int = 50
    megabytes_per_file: int = 64
    megabytes_per_upload: int = 200
    files_kept: int = 5000
    files_waiting: int = 500
    sentences_per_call: int = 1000
    characters_per_call: int = 200_000


def read_limits(path: Path | None = None) -> Limits:
    """The limits in `path`, else in configs/serve.yaml.

    Raises UserError for a file that is no YAML mapping, an unknown key or a value that is no
    positive whole number.
    """
    import yaml

    path = path or resources.config("serve.yaml")
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise _wrong(path, f"the settings cannot be read: {error}") from error
    if not isinstance(given, dict):
        raise _wrong(path, "the file must hold lines of `key: value`")
    known = {field.name for field in fields(Limits)}
    for key, value in given.items():
        if key not in known:
            raise _wrong(path, f"{key!r} must be one of {', '.join(sorted(known))}")
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise _wrong(path, f"{key} must be a whole number from 1 up")
    return Limits(**given)


def _wrong(path: Path, what: str) -> UserError:
    return UserError(
        f"{what} (配置有误)", where=str(path), remedy="compare it with configs/serve.yaml"
    )
