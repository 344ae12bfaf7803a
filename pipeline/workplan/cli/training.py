"""What the commands that train have in common: their dependency, settings and sentences."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workplan import resources
from workplan.errors import UserError

if TYPE_CHECKING:
    from workplan.train.corpus import Example
    from workplan.train.settings import Settings


def need_torch(what: str) -> None:
    """Raise UserError where `what` (training, the twin) lacks its packages."""
    try:
        import torch  # noqa: F401  (only to say early what is missing)
    except ImportError as error:
        raise UserError(
            f"{what} needs torch and transformers (需要额外的依赖)",
            remedy="pip install 'workplan[train]'",
        ) from error


def load_settings(config: Path | None, name: str = "train.yaml", **changes: Any) -> Settings:
    """Settings from `config`, or the configuration `name`; `changes` that are not None win."""
    from workplan.train.settings import Settings

    chosen = {key: value for key, value in changes.items() if value is not None}
    return Settings.load(config or resources.config(name), **chosen)


def read_splits(
    settings: Settings, sentences: int | None
) -> tuple[list[Example], list[Example], list[Example]]:
    """Train, dev and test sentences; at most `sentences` of train, drawn by the seed.

    Raises UserError for a broken corpus and for a plan in two splits.
    """
    import random

    from workplan.train.corpus import read_corpora
    from workplan.train.run import check_splits

    names = ("train", "dev", "test")
    splits = {name: read_corpora(settings.files(name)) for name in names}
    check_splits(splits)
    train = splits["train"]
    if sentences is not None and sentences < len(train):
        train = random.Random(settings.seed).sample(train, sentences)
    return train, splits["dev"], splits["test"]


def numbers(text: str, option: str, least: int = 0) -> Sequence[int]:
    """A list of whole numbers written with commas. Raises UserError that names `option`."""
    try:
        found = [int(part) for part in text.split(",")]
    except ValueError:
        found = [least - 1]
    if min(found) < least:
        raise UserError(
            f"{text!r} is no list of whole numbers from {least} (不是整数列表)",
            where=option,
            remedy=f"write {option} 1,2,3",
        )
    return list(dict.fromkeys(found))
