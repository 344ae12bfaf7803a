"""Label efficiency: strict F1 by number of gold sentences, with and without the bootstrap."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import mean, pstdev

from workplan.evaluate.strict import Counts, strict_f1
from workplan.read import fold
from workplan.tag.labeller import Labeller
from workplan.train.bootstrap import bootstrap
from workplan.train.corpus import Example
from workplan.train.settings import Settings
from workplan.train.trials import PATIENCE, Trials, key_of, with_spread

SIZES = (0, 50, 200, 800)
FEWEST_STEPS = 150
"""Small sets are seen more often: at least so many steps, or the encoder learns nothing."""


@dataclass(frozen=True)
class Splits:
    """Gold sentences to learn from, to stop by and to score on, and weakly labelled ones."""

    train: Sequence[Example]
    dev: Sequence[Example]
    test: Sequence[Example]
    weak: Sequence[Example]


@dataclass(frozen=True)
class Point:
    """Strict F1 on the test sentences, micro and by label, after `sentences` gold ones."""

    sentences: int
    bootstrap: bool
    seed: int
    f1: float
    labels: dict[str, float]


def run_curve(
    settings: Settings,
    splits: Splits,
    out: Path,
    *,
    sizes: Sequence[int] = SIZES,
    seeds: Sequence[int] = (13,),
    overwrite: bool = False,
    say: Callable[[str], None] = print,
) -> list[Point]:
    """Train at each of `sizes` and on all sentences, from the encoder and from weak labels.

    Subsets grow: of one seed, each holds the one before. Dev chooses the epoch, test is what is
    reported. Without gold and bootstrap nothing is learnt: there is no such point. Every training
    leaves its result in `out`, so that a second call goes on where the first was stopped, in the
    middle of a training too. Raises UserError as `Trials` does.
    """
    settings = replace(settings, patience=PATIENCE)
    rows = [*splits.train, *splits.dev, *splits.test, *splits.weak]
    trials = Trials(out, key_of(replace(settings, seed=0), rows), overwrite=overwrite)
    numbers = sorted({size for size in sizes if size < len(splits.train)} | {len(splits.train)})
    points = []
    planned = [(seed, taught, n) for seed in seeds for taught in (False, True) for n in numbers]
    planned = [one for one in planned if one[1] or one[2]]
    with trials.progress(
        {_name(*one): _plan(settings, splits, *one)[:2] for one in planned}
        | {_name(seed, True, 0): (_weakly(settings, seed), len(splits.weak)) for seed in seeds}
    ):
        for seed, taught, number in planned:
            counts = _score(trials, settings, splits, seed, taught, number)
            point = _point(counts, seed, taught, number)
            points.append(point)
            say(f"{number} gold sentences{', bootstrap' * taught}: strict F1 {point.f1:.3f}")
    for seed in seeds:
        trials.drop(_name(seed, True, 0))
    return points


def weak_labels(examples: Sequence[Example], labeller: Labeller) -> list[Example]:
    """The sentences of `examples` as the bootstrap labels them, their own spans unseen."""
    return list(bootstrap((example.text for example in examples), labeller))


def rules_f1(test: Sequence[Example], labeller: Labeller) -> float:
    """Strict micro F1 of the labeller that the weak labels come from."""
    found = labeller.label([fold(example.text) for example in test])
    return strict_f1([example.spans for example in test], found)


def table(points: Sequence[Point]) -> str:
    """The curve as a Markdown table: a row a size, means over seeds with their spread."""
    lines = ["| gold sentences | gold alone | rules' weak labels first |", "|---:|---|---|"]
    for size in sorted({point.sentences for point in points}):
        cells = [
            with_spread([p.f1 for p in points if p.sentences == size and p.bootstrap is taught])
            for taught in (False, True)
        ]
        lines.append(f"| {size:,} | {cells[0]} | {cells[1]} |")
    return "\n".join(lines)


def write(points: Sequence[Point], rules: float, out: Path) -> None:
    """Write curve.json, curve.md and curve.png to `out`. `rules`: the teachers' own strict F1."""
    record = {"rules": rules, "points": [asdict(point) for point in points]}
    (out / "curve.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    text = f"{table(points)}\n\nThe rules themselves: {rules:.3f}.\n"
    (out / "curve.md").write_text(text, encoding="utf-8")
    _draw(points, rules, out / "curve.png")


def _name(seed: int, taught: bool, number: int) -> str:
    """The trial's folder; the one of 0 gold sentences is what weak labels alone teach."""
    return f"{seed}-{'weak' if taught else 'gold'}-{number}"


def _plan(
    settings: Settings, splits: Splits, seed: int, taught: bool, number: int
) -> tuple[Settings, int, list[Example]]:
    """A trial's settings, its number of sentences an epoch, and these sentences.

    Few sentences are repeated within an epoch, so that dev is not read after every few steps.
    """
    if not number:
        return _weakly(settings, seed), len(splits.weak), list(splits.weak)
    order = list(splits.train)
    random.Random(seed).shuffle(order)
    once = number * settings.epochs / settings.batch_sentences
    rows = order[:number] * max(1, round(FEWEST_STEPS / once))
    return replace(settings, seed=seed), len(rows), rows


def _weakly(settings: Settings, seed: int) -> Settings:
    """As `workplan train --weak` learns from weak labels."""
    return replace(settings, seed=seed, epochs=min(1.0, settings.epochs), exchanged=0.0)


def _score(
    trials: Trials, settings: Settings, splits: Splits, seed: int, taught: bool, number: int
) -> dict[str, Counts]:
    chosen, _, rows = _plan(settings, splits, seed, taught, number)
    name = _name(seed, taught, number)
    if not taught:
        return trials.score(name, chosen, rows, splits.dev, splits.test)
    start, weakly = _name(seed, True, 0), _weakly(settings, seed)
    if not (number and trials.done(name)):
        keep = bool(number) or not trials.done(start)
        first = trials.score(start, weakly, splits.weak, splits.dev, splits.test, keep=keep)
        if not number:
            return first
    chosen = replace(chosen, encoder=str(trials.folder(start).resolve()))
    return trials.score(name, chosen, rows, splits.dev, splits.test)


def _point(counts: dict[str, Counts], seed: int, taught: bool, number: int) -> Point:
    labels = {label: round(one.f1, 4) for label, one in counts.items() if label != "micro"}
    return Point(number, taught, seed, round(counts["micro"].f1, 4), labels)


def _draw(points: Sequence[Point], rules: float, out: Path) -> None:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    figure, axis = pyplot.subplots(figsize=(7, 4), layout="constrained")
    for taught, label, colour in (
        (False, "gold alone", "tab:gray"),
        (True, "rules' weak labels first", "tab:blue"),
    ):
        sizes = sorted({p.sentences for p in points if p.bootstrap is taught})
        scores = [
            [p.f1 for p in points if p.bootstrap is taught and p.sentences == n] for n in sizes
        ]
        axis.errorbar(
            sizes,
            [mean(values) for values in scores],
            [pstdev(values) for values in scores],
            color=colour,
            marker="o",
            capsize=3,
            label=label,
        )
    axis.axhline(rules, color="tab:orange", linestyle=":", label="the rules themselves")
    axis.set_xscale("symlog", linthresh=50)
    ticks = sorted({point.sentences for point in points})
    axis.set_xticks(ticks, [f"{tick:,}" for tick in ticks])
    axis.set_xlim(left=-5)
    axis.minorticks_off()
    axis.set_xlabel("gold sentences")
    axis.set_ylabel("strict F1 on test plans")
    axis.set_ylim(top=1)
    axis.legend(loc="lower right")
    figure.savefig(out, dpi=120)
    pyplot.close(figure)
