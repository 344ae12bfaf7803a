"""The settings of the annotation loop, as configs/annotate.yaml holds them."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import yaml

from workplan import resources
from workplan.errors import UserError
from workplan.types import LABELS

_NAME = re.compile(r"[\w.-]{1,60}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_KEY = re.compile(r"[0-9a-z]")


@dataclass(frozen=True, slots=True)
class LabelType:
    """One of the five labels as annotators see it."""

    label: str
    name: str
    colour: str
    key: str


@dataclass(frozen=True, slots=True)
class Settings:
    """Each field is explained in configs/annotate.yaml."""

    types: tuple[LabelType, ...]
    project: str = "workplan"
    answers_needed: int = 1
    batch_sentences: int = 200
    answer_seconds: float = 60
    job_seconds: float = 120

    def name_of(self, label: str) -> str:
        """What annotators call `label`."""
        return next(kind.name for kind in self.types if kind.label == label)

    def labels(self) -> dict[str, str]:
        """Annotators' names to labels."""
        return {kind.name: kind.label for kind in self.types}


def read_settings(path: Path | None = None) -> Settings:
    """Read `path`, or configs/annotate.yaml. Raises UserError that names a wrong setting."""
    path = path or resources.config("annotate.yaml")
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except FileNotFoundError as error:
        raise _wrong(path, "no such configuration (找不到配置文件)") from error
    except yaml.YAMLError as error:
        raise _wrong(path, f"not valid YAML: {error}") from error
    known = {field.name for field in fields(Settings)}
    for key, value in rows.items():
        if key not in known:
            raise _wrong(path, f"unknown setting {key!r}")
        number = key not in ("types", "project")
        if number and (isinstance(value, bool) or not isinstance(value, int | float) or value < 1):
            raise _wrong(path, f"{key} is {value!r}, not a number of at least 1")
    project = rows.get("project", "workplan")
    if not isinstance(project, str) or not _NAME.fullmatch(project):
        raise _wrong(path, f"project is {project!r}: use letters, digits, '-', '_' and '.'")
    return Settings(**{**rows, "types": _types(path, rows.get("types"))})


def _types(path: Path, rows: Any) -> tuple[LabelType, ...]:
    if not isinstance(rows, dict) or set(rows) != set(LABELS):
        raise _wrong(path, f"types must name {', '.join(LABELS)}, each once")
    types = []
    for label in LABELS:
        row = rows[label] if isinstance(rows[label], dict) else {}
        name, colour, key = (str(row.get(part, "")) for part in ("name", "colour", "key"))
        if not name.strip() or not _COLOUR.fullmatch(colour) or not _KEY.fullmatch(key):
            raise _wrong(path, f'{label} needs {{name: …, colour: "#rrggbb", key: "1"}}')
        types.append(LabelType(label, name, colour, key))
    for what, values in (("name", [t.name for t in types]), ("key", [t.key for t in types])):
        if len(set(values)) < len(values):
            raise _wrong(path, f"two types have the same {what}")
    return tuple(types)


def _wrong(path: Path, what: str) -> UserError:
    return UserError(what, where=str(path), remedy="see the comments in configs/annotate.yaml")
