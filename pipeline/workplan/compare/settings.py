"""What configs/compare.yaml says, compiled once."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import yaml

from workplan import resources
from workplan.errors import UserError


@dataclass(frozen=True, slots=True)
class Settings:
    """`synonyms` maps a word to the one it is read as, `units` a unit to its kind and factor."""

    threshold: float
    context: float
    synonyms: dict[str, str]
    words: re.Pattern[str]
    idle: re.Pattern[str]
    opposed: tuple[tuple[str, ...], ...]
    narrowing: tuple[str, ...]
    examples: re.Pattern[str]
    services: tuple[str, ...]
    units: dict[str, tuple[str, float]]


@cache
def settings() -> Settings:
    """The settings; raises UserError where the file is damaged."""
    path = resources.config("compare.yaml")
    try:
        raw = yaml.safe_load(path.read_text(encoding="utf-8"))
        synonyms = {word: group[0] for group in raw["synonyms"] for word in group}
        return Settings(
            threshold=float(raw["threshold"]),
            context=float(raw["context"]),
            synonyms=synonyms,
            words=_any_of(synonyms),
            idle=_any_of(raw["idle"]),
            opposed=tuple(tuple(group) for group in raw["opposed"]),
            narrowing=tuple(raw["narrowing"]),
            # 老年人等 in 老年人等重点人群: who stands before one of these is an example of it.
            examples=re.compile(f"^.{{2,}}等(?=(?:{_any_of(raw['narrowing']).pattern}))"),
            services=tuple(raw["services"]),
            units={
                str(unit): (kind, float(factor))
                for kind, group in raw["units"].items()
                for unit, factor in group.items()
            },
        )
    except (yaml.YAMLError, KeyError, TypeError, ValueError, IndexError) as error:
        raise UserError(
            f"the settings of compare cannot be read: {error} (配置文件有误)",
            where=str(path),
            remedy="restore the file from the package, then change one line at a time",
        ) from error


def _any_of(words: object) -> re.Pattern[str]:
    assert isinstance(words, dict | list)
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))
