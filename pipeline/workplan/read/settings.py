"""What configs/read.yaml says about reading, with its patterns compiled."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from workplan import resources
from workplan.errors import UserError


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused, in bytes, characters, pages or seconds; see configs/read.yaml."""

    file_bytes: int
    text_bytes: int
    characters: int
    paragraph: int
    pages: int
    unpacked_bytes: int
    ratio: int
    convert_seconds: int


@dataclass(frozen=True, slots=True)
class Watermark:
    """Words around a web address that make it a watermark."""

    before: str
    after: str
    alone: re.Pattern[str]
    official: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Settings:
    """`lines`, `ends` and `stretches` map a reason of Plan.removed to one pattern; `labels` maps a
    label of the information card to its role ("issuer", "number", "发布日期", …)."""

    limits: Limits
    suffixes: frozenset[str]
    labels: dict[str, str]
    lines: dict[str, re.Pattern[str]]
    ends: dict[str, re.Pattern[str]]
    stretches: dict[str, re.Pattern[str]]
    watermark: Watermark
    against_spam: re.Pattern[str]
    spam: re.Pattern[str]
    spam_company: re.Pattern[str]


@cache
def settings() -> Settings:
    """The settings in force. Raises UserError where the file is not as it should be."""
    path = resources.config("read.yaml")
    try:
        return _parse(_load(path.read_text(encoding="utf-8")))
    except (KeyError, TypeError, AttributeError, ValueError, re.error) as error:
        raise UserError(
            f"a setting is missing or malformed: {error} (设置有误)",
            where=str(path),
            remedy="compare the file with the one that came with workplan",
        ) from error


def _load(text: str) -> Any:
    import yaml

    try:
        return yaml.load(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from error


def _parse(raw: dict[str, Any]) -> Settings:
    mark = raw["watermark"]
    return Settings(
        limits=Limits(**raw["limits"]),
        suffixes=frozenset(raw["suffixes"]),
        labels={label: role for role, labels in raw["labels"].items() for label in labels},
        lines={reason: _any_of(patterns) for reason, patterns in raw["lines"].items()},
        ends={reason: _any_of(patterns) for reason, patterns in raw["ends"].items()},
        stretches={reason: _any_of(patterns) for reason, patterns in raw["stretches"].items()},
        watermark=Watermark(
            mark["before"], mark["after"], re.compile(mark["alone"]), re.compile(mark["official"])
        ),
        against_spam=re.compile(raw["against_spam"]),
        spam=_words("spam"),
        spam_company=_words("spam-company"),
    )


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def _words(lexicon: str) -> re.Pattern[str]:
    words = sorted(resources.read_lexicon(lexicon), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))
