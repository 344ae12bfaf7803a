"""Ten folds by plan: how far a score depends on which plans are held out.

Each plan is a test plan in exactly one fold. The fold after it stops the training, the others are
learnt from, so that no sentence is scored by a model that saw its plan.
"""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean, stdev

from workplan.errors import UserError
from workplan.evaluate.spans import by_label
from workplan.evaluate.strict import Counts
from workplan.train.corpus import Example, as_row, read_corpora
from workplan.train.settings import Settings
from workplan.types import LABELS

RESULT = "result.json"
WITHOUT_EFFECT = ("out", "threads", "train", "dev", "test")
"""Settings that no score depends on: the sentences themselves are part of the key."""


@dataclass(frozen=True)
class Fold:
    """Strict counts by label, and under "micro", on the plans that this fold held out."""

    number: int
    plans: tuple[str, ...]
    scores: Mapping[str, Counts]


def run_folds(
    settings: Settings,
    out: Path,
    *,
    count: int = 10,
    overwrite: bool = False,
    say: Callable[[str], None] = print,
) -> list[Fold]:
    """Train and score `count` times on the pooled corpus; each fold leaves its result in `out`.

    A second call goes on where the first was stopped, in the middle of a fold too. Raises
    UserError where `out` holds folds of another corpus, count or settings and `overwrite` is not
    said, and where there are fewer plans than folds.
    """
    splits = ("train", "dev", "test")
    examples = read_corpora(path for split in splits for path in settings.files(split))
    groups = split_plans(examples, count, settings.seed)
    _take(out, _key(settings, examples, count), overwrite)
    done = []
    for number in range(count):
        folder = out / f"fold-{number + 1:02d}"
        fold = _read(folder, number)
        if fold is None:
            fold = _run(settings, examples, groups, number, folder)
            _write(folder, fold)
        done.append(fold)
        micro = fold.scores["micro"]
        say(f"fold {number + 1}/{count}: {len(fold.plans)} plans, strict F1 {micro.f1:.3f}")
    return done


def split_plans(examples: Sequence[Example], count: int, seed: int) -> list[list[str]]:
    """The plans in `count` groups of about as many sentences; every plan is in one of them.

    The largest plans go first, each to the smallest group; plans of one size in random order.
    """
    sizes: dict[str, int] = defaultdict(int)
    for example in examples:
        sizes[example.plan] += 1
    if not 3 <= count <= len(sizes):
        raise UserError(
            f"{len(sizes)} plans cannot make {count} folds (折数不合适)",
            where="--folds",
            remedy="choose at least 3 and at most one for each plan",
        )
    plans = sorted(sizes)
    random.Random(seed).shuffle(plans)
    plans.sort(key=lambda plan: -sizes[plan])
    groups: list[list[str]] = [[] for _ in range(count)]
    totals = [0] * count
    for plan in plans:
        smallest = totals.index(min(totals))
        groups[smallest].append(plan)
        totals[smallest] += sizes[plan]
    return groups


def table(folds: Sequence[Fold]) -> str:
    """Strict F1 by label: mean, standard deviation, lowest and highest fold, and pooled.

    A fold without a gold span of a label does not count for it.
    """
    lines = [
        "| label    | mean  | spread | lowest | highest | pooled | gold spans |",
        "|----------|-------|--------|--------|---------|--------|------------|",
    ]
    for label in (*LABELS, "micro"):
        scores = [fold.scores[label] for fold in folds if fold.scores[label].gold]
        if not scores:
            lines.append(f"| {label:8s} | –     | –      | –      | –       | –      | {0:10d} |")
            continue
        values = [counts.f1 for counts in scores]
        total = sum((fold.scores[label] for fold in folds), Counts())
        spread = stdev(values) if len(values) > 1 else 0.0
        lines.append(
            f"| {label:8s} | {mean(values):.3f} | {spread:.3f}  | {min(values):.3f}  "
            f"| {max(values):.3f}   | {total.f1:.3f}  | {total.gold:10d} |"
        )
    return "\n".join(lines)


def _run(
    settings: Settings,
    examples: Sequence[Example],
    groups: Sequence[Sequence[str]],
    number: int,
    folder: Path,
) -> Fold:
    """Train one fold and score it in float32; only the result and the log stay."""
    from workplan.train.finetune import fine_tune, load_alphabet, load_network, predict

    held, stopping = set(groups[number]), set(groups[(number + 1) % len(groups)])
    train = [example for example in examples if example.plan not in held | stopping]
    dev = [example for example in examples if example.plan in stopping]
    test = [example for example in examples if example.plan in held]
    fine_tune(settings, train, dev, folder, resume=True)
    network = load_network(str(folder), 0.0)
    found = predict(network, load_alphabet(str(folder)), [e.text for e in test])
    for path in folder.glob("*.safetensors"):
        path.unlink()
    return Fold(number + 1, tuple(sorted(held)), by_label(test, found))


def _read(folder: Path, number: int) -> Fold | None:
    path = folder / RESULT
    if not path.is_file():
        return None
    row = json.loads(path.read_text(encoding="utf-8"))
    scores = {label: Counts(**counts) for label, counts in row["scores"].items()}
    return Fold(number + 1, tuple(row["plans"]), scores)


def _write(folder: Path, fold: Fold) -> None:
    scores = {label: asdict(counts) for label, counts in fold.scores.items()}
    row = {"plans": fold.plans, "scores": scores}
    aside = folder / (RESULT + ".part")
    aside.write_text(json.dumps(row, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    aside.replace(folder / RESULT)


def _key(settings: Settings, examples: Sequence[Example], count: int) -> str:
    """A checksum of all that the scores depend on."""
    chosen = {k: v for k, v in settings.as_dict().items() if k not in WITHOUT_EFFECT}
    rows = [as_row(example) for example in examples]
    text = json.dumps([chosen, count, rows], ensure_ascii=False, sort_keys=True)
    total = hashlib.sha256(text.encode())
    for path in sorted((Path(settings.base) / settings.encoder).glob("*.safetensors")):
        total.update(path.read_bytes())
    return total.hexdigest()


def _take(out: Path, key: str, overwrite: bool) -> None:
    """Make `out` the folder of the run `key`; other folds there give way with `overwrite`."""
    path = out / "key.txt"
    if path.is_file() and path.read_text(encoding="utf-8").strip() != key:
        if not overwrite:
            raise UserError(
                "the folder holds folds of another corpus, encoder or configuration "
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
