"""What an encoder brings: the same fine-tuning from each, in one table."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from workplan.evaluate.strict import Counts
from workplan.train.corpus import Example
from workplan.train.settings import Settings
from workplan.train.trials import PATIENCE, Trials, key_of, weights_of, with_spread
from workplan.types import LABELS


@dataclass(frozen=True)
class Encoded:
    """Strict counts by label, and under "micro", on the test sentences, from one encoder."""

    encoder: str
    layers: int
    width: int
    parameters: int
    seed: int
    scores: dict[str, Counts]


def run_encoders(
    settings: Settings,
    encoders: Sequence[str],
    splits: tuple[Sequence[Example], Sequence[Example], Sequence[Example]],
    out: Path,
    *,
    seeds: Sequence[int] = (13,),
    overwrite: bool = False,
    say: Callable[[str], None] = print,
) -> list[Encoded]:
    """Fine-tune from each of `encoders` (folders or hub models) on the same sentences.

    `splits`: train, dev, which chooses the epoch, and test, on which the float32 model is scored.
    Every training leaves its result in `out`: a second call goes on where the first was stopped,
    and adds encoders that are new. Raises UserError for an encoder that cannot be loaded, before
    anything is trained, and as `Trials` does.
    """
    settings = replace(settings, patience=PATIENCE)
    train, dev, test = splits
    shapes = {name: _shape(replace(settings, encoder=name)) for name in encoders}
    key = key_of(replace(settings, seed=0, encoder=""), [*train, *dev, *test])
    trials = Trials(out, key, overwrite=overwrite)
    planned = [(name, seed) for name in encoders for seed in seeds]
    done = []
    with trials.progress(
        {_name(settings, *one): (replace(settings, seed=one[1]), len(train)) for one in planned}
    ):
        for name, seed in planned:
            chosen = replace(settings, encoder=name, seed=seed)
            scores = trials.score(_name(settings, name, seed), chosen, train, dev, test)
            done.append(Encoded(name, *shapes[name], seed, scores))
            say(f"{name}, seed {seed}: strict F1 {scores['micro'].f1:.3f}")
    return done


def table(done: Sequence[Encoded]) -> str:
    """A Markdown table: a row an encoder, strict F1 by label, means over seeds with spread."""
    head = ["encoder", "layers × width", "parameters", *LABELS, "micro"]
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    for name in dict.fromkeys(one.encoder for one in done):
        runs = [one for one in done if one.encoder == name]
        cells = [name, f"{runs[0].layers} × {runs[0].width}", f"{runs[0].parameters / 1e6:.1f} M"]
        for label in (*LABELS, "micro"):
            cells.append(with_spread([one.scores[label].f1 for one in runs]))
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def write(done: Sequence[Encoded], out: Path) -> None:
    """Write encoders.json and encoders.md to `out`."""
    rows = [asdict(one) for one in done]
    (out / "encoders.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    (out / "encoders.md").write_text(table(done) + "\n", encoding="utf-8")


def _shape(settings: Settings) -> tuple[int, int, int]:
    """Layers, width and number of parameters of the settings' encoder, its vocabulary checked."""
    from workplan.train.finetune import encoder_source, load_alphabet, load_network

    source = encoder_source(settings)
    load_alphabet(source)
    bert = load_network(source, 0.0).bert
    config = bert.config
    return config.num_hidden_layers, config.hidden_size, bert.num_parameters()


def _name(settings: Settings, encoder: str, seed: int) -> str:
    """A trial's folder: the encoder's name, what tells it from another of that name, the seed."""
    from workplan.train.finetune import encoder_source

    weights = weights_of(Path(encoder_source(replace(settings, encoder=encoder))))
    return f"{Path(encoder).name}-{weights[:8]}-{seed}"
