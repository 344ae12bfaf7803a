"""Confidence that means what it says: one temperature, fitted on held-out sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from workplan.evaluate.spans import calibration_error
from workplan.read import fold
from workplan.tag.tagger.decode import Lattice
from workplan.tag.tagger.labeller import Tagger
from workplan.train.corpus import Example

TEMPERATURES = (0.6, 0.7, 0.8, 0.9, 1.0, 1.1, 1.2, 1.35, 1.5, 1.75, 2.0, 2.5)


def calibrate(folder: Path, dev: Sequence[Example]) -> float:
    """Set the temperature in `folder`/lattice.json to the one of TEMPERATURES with the least
    expected calibration error on `dev`; returns that error. Changes no span."""
    lattice = Lattice.load(folder / "lattice.json")
    texts = [fold(example.text) for example in dev]
    errors = {}
    for temperature in TEMPERATURES:
        tagger = Tagger.unchecked(folder, replace(lattice, temperature=temperature))
        errors[temperature] = calibration_error(dev, tagger.label(texts))
    best = min(errors, key=lambda t: (errors[t], abs(t - 1.0)))
    replace(lattice, temperature=best).save(folder / "lattice.json")
    return errors[best]
