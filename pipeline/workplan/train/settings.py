"""The settings of a training run, as configs/train.yaml holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any, Literal

import yaml

from workplan.errors import UserError


@dataclass(frozen=True)
class Settings:
    """Each field is explained in configs/train.yaml. Paths are relative to the folder `base`."""

    encoder: str = "models/encoder"
    train: tuple[str, ...] = ()
    dev: tuple[str, ...] = ()
    test: tuple[str, ...] = ()
    out: str = "models/trained"
    seed: int = 13
    epochs: float = 10
    batch_sentences: int = 24
    learning_rate: float = 3e-4
    head_learning_rate: float = 2e-3
    warmup: float = 0.1
    weight_decay: float = 0.01
    dropout: float = 0.1
    patience: int = 6
    masked: float = 0.1
    turned: float = 0.3
    exchanged: float = 0.3
    precision: Literal["auto", "float32", "bfloat16"] = "auto"
    threads: int = 0
    base: str = "."

    @classmethod
    def load(cls, path: Path, **changes: Any) -> Settings:
        """Read a YAML file; `changes` win over it.

        Raises UserError for a missing file, broken YAML, an unknown key or a value of the wrong
        kind.
        """
        try:
            rows = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
        except FileNotFoundError as error:
            raise UserError(
                "no such configuration (找不到配置文件)",
                where=str(path),
                remedy="configs/train.yaml is the one to start from",
            ) from error
        except yaml.YAMLError as error:
            raise UserError(
                f"not valid YAML: {error}", where=str(path), remedy="mend the line it names"
            ) from error
        known = {field.name: field.type for field in fields(cls)}
        for key, value in rows.items():
            if key not in known:
                raise UserError(
                    f"unknown setting {key!r}",
                    where=str(path),
                    remedy=f"known are {', '.join(known)}",
                )
            _check_kind(key, value, str(known[key]), str(path))
        rows = {k: tuple(v) if isinstance(v, list) else v for k, v in rows.items()}
        rows.setdefault("base", str(path.resolve().parent.parent))
        return replace(cls(**rows), **changes)

    def files(self, split: str) -> list[Path]:
        """The files of "train", "dev" or "test", globs expanded.

        Raises UserError where a file named without a wildcard is missing.
        """
        found: list[Path] = []
        for pattern in getattr(self, split):
            if any(mark in pattern for mark in "*?["):
                found.extend(sorted(Path(self.base).glob(pattern)))
                continue
            path = Path(self.base) / pattern  # an absolute pattern wins over the base
            if not path.is_file():
                raise UserError(
                    f"the {split} file is missing (找不到语料文件)",
                    where=str(path),
                    remedy="name existing files under `train`, `dev` and `test`",
                )
            found.append(path)
        return found

    def with_train(self, extra: Sequence[str]) -> Settings:
        """The same settings with further training files."""
        return replace(self, train=(*self.train, *(str(Path(p).resolve()) for p in extra)))

    def as_dict(self) -> dict[str, Any]:
        """All settings but the base folder, for the model's card."""
        return {key: value for key, value in asdict(self).items() if key != "base"}


def _check_kind(key: str, value: Any, kind: str, where: str) -> None:
    numeric = kind in ("int", "float")
    wrong = (
        (numeric and (isinstance(value, bool) or not isinstance(value, int | float)))
        or (kind == "str" and not isinstance(value, str))
        or (kind.startswith("tuple") and not _is_strings(value))
    )
    if wrong:
        raise UserError(
            f"{key} is {value!r}, not a {'number' if numeric else kind}",
            where=where,
            remedy="see the comments in configs/train.yaml (3.0e-4, not 3e-4, is a YAML number)",
        )


def _is_strings(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
