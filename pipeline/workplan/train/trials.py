"""Trainings of which only the scores are wanted, in a folder that remembers what was done."""

from __future__ import annotations

import hashlib
import json
import math
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import mean, stdev
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from workplan.errors import UserError
from workplan.evaluate.spans import by_label
from workplan.evaluate.strict import Counts
from workplan.train.corpus import Example, as_row
from workplan.train.settings import Settings

if TYPE_CHECKING:
    from transformers import TrainerCallback

RESULT = "result.json"
WITHOUT_EFFECT = ("out", "threads", "train", "dev", "test")
"""Settings that no score depends on: the sentences themselves are part of the key."""
PATIENCE = 99
"""Epochs without a better score that a training may take: stopping early would cut off the tail
of the learning rate's schedule, in which most is gained."""


class Trials:
    """Trainings in a folder `out`, each with a name; a second run goes on where one stopped.

    `key` is a checksum of all that scores depend on. Raises UserError where `out` holds trials of
    another key and `overwrite` is not said, or other files.
    """

    def __init__(self, out: Path, key: str, *, overwrite: bool = False) -> None:
        self.out = out
        _take(out, key, overwrite)
        self._bar: tqdm[Any] | None = None

    def folder(self, name: str) -> Path:
        """Where the trial `name` works."""
        return self.out / name

    def score(
        self,
        name: str,
        settings: Settings,
        train: Sequence[Example],
        dev: Sequence[Example],
        test: Sequence[Example],
        *,
        keep: bool = False,
    ) -> dict[str, Counts]:
        """Strict counts by label, and under "micro", of the float32 model on `test`.

        Read from the folder where the trial was finished before; an interrupted training goes on
        from its last epoch. The weights are deleted unless `keep` is said.
        """
        from workplan.train.finetune import fine_tune, load_alphabet, load_network, predict

        folder = self.folder(name)
        done = self._read(folder)
        if done is not None and not (keep and not (folder / "model.safetensors").is_file()):
            return done
        watch = [self._watch(settings, len(train))] if self._bar is not None else []
        fine_tune(settings, train, dev, folder, resume=True, quiet=bool(watch), callbacks=watch)
        network = load_network(str(folder), 0.0)
        found = predict(network, load_alphabet(str(folder)), [e.text for e in test])
        scores = by_label(test, found)
        _write(folder, scores)
        if not keep:
            self.drop(name)
        return scores

    def done(self, name: str) -> bool:
        """Whether the trial `name` has its result."""
        return (self.folder(name) / RESULT).is_file()

    def drop(self, name: str) -> None:
        """Delete the weights of the trial `name`; its scores stay."""
        for path in self.folder(name).glob("*.safetensors"):
            path.unlink()

    def progress(self, planned: Mapping[str, tuple[Settings, int]]) -> tqdm[Any]:
        """A bar over the steps of trials: by name their settings and numbers of sentences.

        Steps of finished trials count as done. Use it as a context around `score`.
        """
        steps = {name: steps_of(*one) for name, one in planned.items()}
        done = sum(n for name, n in steps.items() if self.done(name))
        hidden = bool(os.environ.get("WORKPLAN_NO_PROGRESS"))
        self._bar = tqdm(total=sum(steps.values()), initial=done, unit="step", disable=hidden)
        return self._bar

    def _watch(self, settings: Settings, sentences: int) -> TrainerCallback:
        from transformers import TrainerCallback

        bar, before = self._bar, self._bar.n if self._bar is not None else 0
        total = steps_of(settings, sentences)

        class Watch(TrainerCallback):  # type: ignore[misc, unused-ignore]
            def on_step_end(self, args: Any, state: Any, control: Any, **_: Any) -> None:
                if bar is not None:
                    bar.update(before + min(state.global_step, total) - bar.n)

        return Watch()

    def _read(self, folder: Path) -> dict[str, Counts] | None:
        path = folder / RESULT
        if not path.is_file():
            return None
        rows = json.loads(path.read_text(encoding="utf-8"))["scores"]
        return {label: Counts(**counts) for label, counts in rows.items()}


def key_of(settings: Settings, examples: Iterable[Example], *parts: Any) -> str:
    """A checksum of settings, the encoder's weights, sentences with their labels, and `parts`."""
    chosen = {k: v for k, v in settings.as_dict().items() if k not in WITHOUT_EFFECT}
    rows = [as_row(example) for example in examples]
    text = json.dumps([chosen, *parts, rows], ensure_ascii=False, sort_keys=True)
    total = hashlib.sha256(text.encode())
    total.update(weights_of(Path(settings.base) / settings.encoder).encode())
    return total.hexdigest()


def weights_of(folder: Path) -> str:
    """The SHA-256 of a folder's weights; of a model on a hub, that of nothing."""
    total = hashlib.sha256()
    for path in sorted(folder.glob("*.safetensors")):
        total.update(path.read_bytes())
    return total.hexdigest()


def steps_of(settings: Settings, sentences: int) -> int:
    """Steps of a training, as the Trainer counts them."""
    return math.ceil(math.ceil(sentences / settings.batch_sentences) * settings.epochs)


def with_spread(values: Sequence[float]) -> str:
    """A mean as “0.912”, with the standard deviation of several runs as “0.912 ± 0.004”."""
    if not values:
        return "–"
    spread = f" ± {stdev(values):.3f}" if len(values) > 1 else ""
    return f"{mean(values):.3f}{spread}"


def _write(folder: Path, scores: Mapping[str, Counts]) -> None:
    row = {"scores": {label: asdict(counts) for label, counts in scores.items()}}
    aside = folder / (RESULT + ".part")
    aside.write_text(json.dumps(row, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    aside.replace(folder / RESULT)


def _take(out: Path, key: str, overwrite: bool) -> None:
    """Make `out` the folder of the trials `key`; others there give way with `overwrite`."""
    path = out / "key.txt"
    if path.is_file() and path.read_text(encoding="utf-8").strip() != key:
        if not overwrite:
            raise UserError(
                "the folder holds results of another corpus, encoder or configuration "
                "(目录中有其他训练的结果)",
                where=str(out),
                remedy="choose another --out, or say --overwrite",
            )
        shutil.rmtree(out)
    elif not path.is_file() and out.exists() and any(out.iterdir()):
        raise UserError(
            "the folder holds other files (目录中有其他文件)",
            where=str(out),
            remedy="choose another --out",
        )
    out.mkdir(parents=True, exist_ok=True)
    path.write_text(key + "\n", encoding="utf-8")
