"""A picture of a training run: loss and strict F1 on dev by epoch."""

from __future__ import annotations

import json
from pathlib import Path


def plot(log: Path, out: Path) -> None:
    """Draw `log` (log.json as `fine_tune` writes it) to the PNG `out`."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    rows = json.loads(log.read_text(encoding="utf-8"))
    figure, left = pyplot.subplots(figsize=(7, 4), layout="constrained")
    right = left.twinx()
    for axis, key, colour, label in (
        (left, "loss", "tab:gray", "training loss a character"),
        (right, "eval_f1", "tab:blue", "strict F1 on dev"),
    ):
        points = [(row["epoch"], float(row[key])) for row in rows if key in row]
        axis.plot(*zip(*points, strict=True), color=colour, marker=".")
        axis.set_ylabel(label, color=colour)
    left.set_xlabel("epoch")
    figure.savefig(out, dpi=120)
    pyplot.close(figure)
