"""A faster tagger: some layers of the trained one, taught to give the scores that it gives."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np

from workplan.errors import UserError
from workplan.train.corpus import Example
from workplan.train.finetune import load_network
from workplan.train.imitate import Imitator
from workplan.train.run import Trained, train
from workplan.train.settings import Settings

LAYER = re.compile(r"(bert\.encoder\.layer\.)(\d+)(\..*)")
REPEATS = 3
"""How often an epoch shows the corpus' sentences beside each of the unlabelled texts."""


def distil(
    settings: Settings,
    texts: Iterable[str],
    *,
    layers: int = 2,
    limit: int | None = None,
    resume: bool = False,
    say: Callable[[str], None] = print,
) -> Trained:
    """Train a student of `layers` layers; its folder is `settings.out`.

    `settings.encoder` is the teacher, a fine-tuned folder (`workplan twin` makes one of a shipped
    model), from which the student has its layers. It learns the teacher's scores on the
    training sentences and on at most `limit` of `texts`; annotated spans choose the epoch and
    score the result. What it starts from is kept beside `settings.out` until the run is done;
    with `resume` an interrupted run goes on. Raises UserError as `shrink` and `train` do.
    """
    teacher = Path(settings.base) / settings.encoder
    out = Path(settings.base) / settings.out
    start = out.with_name(out.name + ".start")
    if resume:
        _check_layers(start, layers)
    chosen = shrink(teacher, start, layers)
    say(f"layers {chosen} of the teacher")
    bare = [Example(f"text-{n:06d}", text, ()) for n, text in enumerate(islice(texts, limit))]
    taught = {"teacher": settings.encoder, "layers": chosen, "texts": len(bare)}
    done = train(
        replace(settings, encoder=f"{settings.out}.start"),
        resume=resume,
        say=say,
        mix=lambda rows: [*rows * REPEATS, *bare],
        prepare=lambda student: Imitator(student, load_network(str(teacher), 0.0), chosen),
        notes={"settings": settings.as_dict(), "taught": taught},
    )
    shutil.rmtree(start)
    return done


def _check_layers(start: Path, layers: int) -> None:
    config = start / "config.json"
    if not config.is_file():
        return
    begun = json.loads(config.read_text(encoding="utf-8"))["num_hidden_layers"]
    if begun != layers:
        raise UserError(
            f"the interrupted run is of {begun} layers, not of {layers} (层数与中断的训练不符)",
            where=str(start),
            remedy="give the same --layers, or begin anew without --resume",
        )


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
            remedy="run `workplan twin models/full --out runs/full`, or name a folder of "
            "`workplan train` under `encoder`",
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
