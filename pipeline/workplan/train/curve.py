"""Label efficiency: strict F1 by number of gold sentences, with and without the bootstrap."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from workplan.evaluate.strict import strict_f1
from workplan.train.corpus import Example
from workplan.train.finetune import fine_tune, load_alphabet, load_network, predict
from workplan.train.settings import Settings

SIZES = (0, 50, 200, 800)
FEWEST_STEPS = 150
"""Small sets are seen more often: at least so many steps, or the encoder learns nothing."""


@dataclass(frozen=True)
class Point:
    """Strict micro F1 on the test sentences after `sentences` gold ones."""

    sentences: int
    bootstrap: bool
    f1: float


def curve(
    settings: Settings,
    weak: Sequence[Example],
    train: Sequence[Example],
    dev: Sequence[Example],
    test: Sequence[Example],
    sizes: Sequence[int] = SIZES,
) -> list[Point]:
    """Train at each of `sizes` and on all sentences, from the encoder and from weak labels.

    Subsets grow: each holds the one before. Dev stops the runs, test is what is reported.
    """
    order = list(train)
    random.Random(settings.seed).shuffle(order)
    points = []
    with tempfile.TemporaryDirectory() as folder:
        taught = Path(folder) / "weak"
        fine_tune(replace(settings, epochs=1.0), weak, dev, taught, quiet=True)
        starts = ((False, settings), (True, replace(settings, encoder=str(taught))))
        for bootstrapped, start in starts:
            for size in [*(s for s in sizes if s < len(order)), len(order)]:
                out = Path(folder) / f"{bootstrapped}-{size}"
                if size:
                    rate = FEWEST_STEPS * start.batch_sentences / size
                    chosen = replace(start, epochs=max(start.epochs, rate), patience=99)
                    fine_tune(chosen, order[:size], dev, out, quiet=True)
                elif bootstrapped:
                    out = taught
                else:
                    points.append(Point(0, False, 0.0))
                    continue
                network = load_network(str(out), 0.0)
                found = predict(network, load_alphabet(str(out)), [e.text for e in test])
                f1 = strict_f1([e.spans for e in test], found)
                points.append(Point(size, bootstrapped, f1))
    return points


def table(points: Sequence[Point]) -> str:
    """The curve as text: a row a size, a column with and without bootstrap."""
    rows = [f"{'gold sentences':>14s} {'gold alone':>11s} {'bootstrap':>10s}"]
    for size in sorted({point.sentences for point in points}):
        values = {p.bootstrap: p.f1 for p in points if p.sentences == size}
        rows.append(f"{size:14d} {values.get(False, 0):11.3f} {values.get(True, 0):10.3f}")
    return "\n".join(rows)
