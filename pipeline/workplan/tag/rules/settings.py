"""What a user may tune of the rules: configs/labels.yaml."""

from __future__ import annotations

from functools import cache

from workplan import resources
from workplan.errors import UserError
from workplan.tag.rules.function import FUNCTIONS
from workplan.types import LABELS


@cache
def chinese_names() -> dict[str, str]:
    """Each label by the words a clerk knows it by."""
    names = _settings().get("labels")
    given = names if isinstance(names, dict) else {}
    return {label: str(given.get(label, label)) for label in LABELS}


@cache
def switched_off() -> frozenset[str]:
    """The labelling functions that take no part. Raises UserError for a name that none has."""
    names = frozenset(_settings().get("disabled") or ())
    for name in sorted(names - FUNCTIONS.keys()):
        raise UserError(
            f"disabled: there is no labelling function {name!r} (没有这个标注函数)",
            where=str(resources.config("labels.yaml")),
            remedy="`workplan rules report` lists them",
        )
    return names


def _settings() -> dict[str, dict[str, str] | list[str]]:
    import yaml

    path = resources.config("labels.yaml")
    try:
        settings = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UserError(
            f"the settings cannot be read: {error} (无法读取配置)",
            where=str(path),
            remedy="mend the file as YAML",
        ) from error
    if not isinstance(settings, dict):
        raise UserError("no settings in it (配置无效)", where=str(path), remedy="write key: value")
    return settings
