"""Ten folds by plan: how far a score depends on which plans are held out.

Each plan is a test plan in exactly one fold. The fold after it stops the training, the others are
learnt from, so that no sentence is scored by a model that saw its plan.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, stdev

from workplan.errors import UserError
from workplan.evaluate.strict import Counts
from workplan.train.corpus import Example, read_corpora
from workplan.train.settings import Settings
from workplan.train.trials import Trials, key_of
from workplan.types import LABELS


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
    trials = Trials(out, key_of(settings, examples, count), overwrite=overwrite)
    done = []
    for number in range(count):
        fold = _score(trials, settings, examples, groups, number)
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


def _score(
    trials: Trials,
    settings: Settings,
    examples: Sequence[Example],
    groups: Sequence[Sequence[str]],
    number: int,
) -> Fold:
    """Train one fold and score it in float32; only the result and the log stay."""
    held, stopping = set(groups[number]), set(groups[(number + 1) % len(groups)])
    train = [example for example in examples if example.plan not in held | stopping]
    dev = [example for example in examples if example.plan in stopping]
    test = [example for example in examples if example.plan in held]
    scores = trials.score(f"fold-{number + 1:02d}", settings, train, dev, test)
    return Fold(number + 1, tuple(sorted(held)), scores)
