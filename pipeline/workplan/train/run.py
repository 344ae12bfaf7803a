"""`workplan train` from configuration to a model that extraction can use."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from workplan.errors import UserError
from workplan.evaluate.spans import by_label
from workplan.evaluate.strict import Counts
from workplan.read import fold
from workplan.tag.tagger.labeller import Tagger
from workplan.train.calibrate import calibrate
from workplan.train.card import write_readme
from workplan.train.corpus import Example, read_corpora
from workplan.train.export import export, write_card
from workplan.train.finetune import TaggerNetwork, fine_tune
from workplan.train.plot import plot
from workplan.train.settings import Settings
from workplan.types import Span

CALIBRATION_SENTENCES = 400


@dataclass(frozen=True)
class Trained:
    """What a run reached: strict F1 of the float model on dev, strict counts of the shipped int8
    model on test by label, the calibration error on dev."""

    folder: Path
    dev_f1: float
    test: dict[str, Counts]
    calibration_error: float


def train(
    settings: Settings,
    *,
    weak: Path | None = None,
    resume: bool = False,
    say: Callable[[str], None] = print,
    mix: Callable[[list[Example]], list[Example]] = list,
    prepare: Callable[[TaggerNetwork], TaggerNetwork] = lambda network: network,
    notes: Mapping[str, Any] | None = None,
) -> Trained:
    """Train, quantise, calibrate and score; the model's folder is `settings.out`.

    `weak` names weakly labelled sentences (`workplan bootstrap` writes them) to learn from first.
    `mix` makes an epoch's sentences from the training ones, `prepare` is `fine_tune`'s, `notes` go
    into the card beside the run's own facts. The run works in `<out>.work` and renames it when all
    is done; with `resume` an interrupted run goes on there. Raises UserError for a broken corpus, a
    plan that stands in two splits, or an encoder that cannot be loaded.
    """
    out = Path(settings.base) / settings.out
    work = out.with_name(out.name + ".work")
    splits = {name: read_corpora(settings.files(name)) for name in ("train", "dev", "test")}
    check_splits(splits)
    say(", ".join(f"{name}: {len(rows)} sentences" for name, rows in splits.items()))
    if not resume:
        shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True, exist_ok=True)
    encoder = settings
    if weak is not None:
        encoder = _learn_weak(settings, weak, splits["dev"], work / "weak", say)
    dev_f1 = fine_tune(
        encoder, mix(splits["train"]), splits["dev"], work, resume=resume, prepare=prepare
    )
    plot(work / "log.json", work / "curves.png")
    export(work, work, [fold(e.text) for e in splits["train"][:CALIBRATION_SENTENCES]])
    error = calibrate(work, splits["dev"])
    test = by_label(splits["test"], _label(work, splits["test"]))
    facts = _facts(settings, splits, weak, dev_f1, error, test) | dict(notes or {})
    write_card(work, facts)
    write_readme(work, facts)
    shutil.rmtree(work / "weak", ignore_errors=True)
    _put(work, out)
    return Trained(out, dev_f1, test, error)


def check_splits(splits: dict[str, list[Example]]) -> None:
    """Raises UserError where one plan stands in two splits: scores would be flattered."""
    owners: dict[str, str] = {}
    for name, rows in splits.items():
        for plan in {example.plan for example in rows}:
            if plan in owners:
                raise UserError(
                    f"the plan {plan!r} stands in {owners[plan]} and in {name}",
                    where="annotations",
                    remedy="keep all sentences of a plan in one split",
                )
            owners[plan] = name


def _learn_weak(
    settings: Settings,
    weak: Path,
    dev: Sequence[Example],
    folder: Path,
    say: Callable[[str], None],
) -> Settings:
    rows = read_corpora([weak])
    say(f"weak labels first: {len(rows)} sentences")
    if not (folder / "config.json").is_file():
        fine_tune(replace(settings, epochs=1.0, exchanged=0.0), rows, dev, folder)
    return replace(settings, encoder=str(folder.resolve()))


def _label(folder: Path, examples: Sequence[Example]) -> list[list[Span]]:
    return Tagger.unchecked(folder).label([fold(example.text) for example in examples])


def _facts(
    settings: Settings,
    splits: dict[str, list[Example]],
    weak: Path | None,
    dev_f1: float,
    error: float,
    test: dict[str, Counts],
) -> dict[str, object]:
    return {
        "settings": settings.as_dict(),
        "sentences": {name: len(rows) for name, rows in splits.items()},
        "weak": weak.name if weak else None,
        "dev_strict_f1_float32": round(dev_f1, 4),
        "dev_calibration_error": round(error, 4),
        "test_strict_f1_int8": {label: round(c.f1, 4) for label, c in test.items()},
    }


def _put(work: Path, out: Path) -> None:
    previous = out.with_name(out.name + ".previous")
    if out.exists():
        shutil.rmtree(previous, ignore_errors=True)
        out.rename(previous)
    work.rename(out)
