"""A faster tagger: some layers of the trained one, taught by it on unlabelled text, then gold."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from workplan.errors import UserError
from workplan.tag.labeller import Labeller
from workplan.train.bootstrap import bootstrap
from workplan.train.corpus import write_corpus
from workplan.train.run import Trained, train
from workplan.train.settings import Settings

LAYER = re.compile(r"(bert\.encoder\.layer\.)(\d+)(\..*)")


def distil(
    settings: Settings,
    texts: Iterable[str],
    labeller: Labeller,
    *,
    layers: int = 3,
    limit: int | None = None,
    resume: bool = False,
    say: Callable[[str], None] = print,
) -> Trained:
    """Train a student of `layers` layers; its folder is `settings.out`.

    `settings.encoder` is the fine-tuned folder that the layers come from (`workplan twin` makes
    one of the shipped tagger). `labeller` is the teacher: it labels at most `limit` of `texts`,
    and the student learns from that, weighted by the teacher's confidence, then from gold, as
    `workplan train --weak` does. Both are kept beside `settings.out` until the run is done; with
    `resume` an interrupted run goes on. Raises UserError as `shrink` and `train` do.
    """
    out = Path(settings.base) / settings.out
    start, taught = (out.with_name(out.name + ending) for ending in (".start", ".taught.jsonl"))
    if not (resume and (start / "lattice.json").is_file()):
        say(
            f"layers {shrink(Path(settings.base) / settings.encoder, start, layers)} of the teacher"
        )
    if not (resume and taught.is_file()):
        aside = taught.with_name(taught.name + ".part")
        write_corpus(aside, bootstrap(texts, labeller, limit=limit))
        aside.replace(taught)
    chosen = replace(settings, encoder=f"{settings.out}.start")
    done = train(chosen, weak=taught, resume=resume, say=say)
    shutil.rmtree(start)
    taught.unlink()
    return done


def shrink(teacher: Path, out: Path, layers: int) -> list[int]:
    """Write a copy of the fine-tuned folder `teacher` to `out` with `layers` of its layers.

    They are spread evenly, the first and the last among them; embeddings, head and transitions
    stay. Returns their numbers in the teacher. Raises UserError where `teacher` is no such folder
    or has not more layers.
    """
    from safetensors.numpy import load_file, save_file

    names = ("config.json", "model.safetensors", "vocab.txt", "lattice.json")
    missing = [name for name in names if not (teacher / name).is_file()]
    if missing:
        raise UserError(
            f"no fine-tuned model to take layers from: no {missing[0]} (缺少教师模型)",
            where=str(teacher),
            remedy="run `workplan twin`, or name a folder of `workplan train` under `encoder`",
        )
    config = json.loads((teacher / "config.json").read_text(encoding="utf-8"))
    chosen = spread(config["num_hidden_layers"], layers)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    state = load_file(teacher / "model.safetensors")
    save_file(_take(state, chosen), out / "model.safetensors", metadata={"format": "pt"})
    config |= {"num_hidden_layers": layers}
    (out / "config.json").write_text(json.dumps(config, indent=1) + "\n", encoding="utf-8")
    for name in ("vocab.txt", "lattice.json"):
        shutil.copy(teacher / name, out / name)
    return chosen


def spread(of: int, layers: int) -> list[int]:
    """`layers` numbers from 0 to `of` - 1 at even distances, the first and the last among them.

    Raises UserError where that is not fewer than `of`, or fewer than one.
    """
    if not 1 <= layers < of:
        raise UserError(
            f"a student of {layers} layers cannot be taken from {of} (层数不合适)",
            where="--layers",
            remedy=f"choose 1 to {of - 1}",
        )
    if layers == 1:
        return [of - 1]
    return [(of - 1) * number // (layers - 1) for number in range(layers)]


def _take(state: dict[str, np.ndarray], chosen: Sequence[int]) -> dict[str, np.ndarray]:
    """The parameters of `chosen` layers, numbered anew, and all that belong to no layer."""
    taken = {}
    for name, array in state.items():
        match = LAYER.fullmatch(name)
        if match is None:
            taken[name] = array
        elif int(match[2]) in chosen:
            taken[f"{match[1]}{chosen.index(int(match[2]))}{match[3]}"] = array
    return taken
