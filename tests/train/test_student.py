"""The student: which layers it takes, and that it ends as a tagger like any other."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from click.testing import CliRunner

pytest.importorskip("torch", reason="training needs the extra `train`")
pytest.importorskip("transformers", reason="training needs the extra `train`")

from safetensors.numpy import load_file
from tiny import make_encoder, sentences, tiny_settings

from workplan.cli import cli
from workplan.errors import UserError
from workplan.evaluate.strict import strict_f1
from workplan.tag import get_labeller
from workplan.train.corpus import write_corpus
from workplan.train.finetune import fine_tune, load_alphabet, load_network, predict
from workplan.train.imitate import Imitator
from workplan.train.settings import Settings
from workplan.train.student import distil, shrink, spread


@pytest.fixture(scope="module")
def teacher(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fine-tuned folder of two layers."""
    base = tmp_path_factory.mktemp("teacher")
    settings = tiny_settings(make_encoder(base / "encoder"))
    fine_tune(settings, sentences("train", 96, 1), sentences("dev", 20, 2), base / "float",
              quiet=True)  # fmt: skip
    return base / "float"


@pytest.mark.parametrize(
    ("of", "layers", "chosen"),
    [(6, 3, [0, 2, 5]), (6, 2, [0, 5]), (6, 1, [5]), (6, 4, [0, 1, 3, 5]), (12, 3, [0, 5, 11])],
)
def test_layers_are_spread_from_the_first_to_the_last(of, layers, chosen) -> None:
    assert spread(of, layers) == chosen


@pytest.mark.parametrize("layers", [0, 6, 7])
def test_a_student_has_fewer_layers_than_its_teacher(layers: int) -> None:
    with pytest.raises(UserError, match=f"{layers} layers cannot be taken from 6") as caught:
        spread(6, layers)
    assert caught.value.where == "--layers"


def test_the_students_layer_is_the_teachers_last(teacher: Path, tmp_path: Path) -> None:
    assert shrink(teacher, tmp_path / "start", 1) == [1]
    whole = load_file(teacher / "model.safetensors")
    part = load_file(tmp_path / "start" / "model.safetensors")
    layer = "bert.encoder.layer."
    assert {name for name in part if layer in name} == {
        name.replace("layer.1.", "layer.0.") for name in whole if f"{layer}1." in name
    }
    for name, array in part.items():
        np.testing.assert_array_equal(array, whole[name.replace("layer.0.", "layer.1.")])
    config = json.loads((tmp_path / "start" / "config.json").read_text(encoding="utf-8"))
    assert config["num_hidden_layers"] == 1


def test_a_folder_without_a_tagger_is_named(tmp_path: Path) -> None:
    encoder = make_encoder(tmp_path / "encoder")
    with pytest.raises(UserError, match=r"no lattice\.json") as caught:
        shrink(encoder, tmp_path / "start", 1)
    assert caught.value.where == str(encoder)
    assert "workplan twin models/full --out runs/full" in caught.value.remedy


def test_an_interrupted_student_keeps_its_layers(teacher: Path, tmp_path: Path) -> None:
    shrink(teacher, tmp_path / "fast.start", 1)
    settings = tiny_settings(teacher, out="fast", base=str(tmp_path))
    with pytest.raises(UserError, match="of 1 layers, not of 2") as caught:
        distil(settings, [], layers=2, resume=True)
    assert "without --resume" in caught.value.remedy


def test_a_student_learns_without_annotations(teacher: Path, tmp_path: Path) -> None:
    bare = [replace(example, spans=()) for example in sentences("text", 96, 4)]
    fine_tune(
        tiny_settings(make_encoder(tmp_path / "untaught")),
        bare,
        sentences("dev", 20, 2),
        tmp_path / "student",
        quiet=True,
        prepare=lambda network: Imitator(network, load_network(str(teacher), 0.0), [0, 1]),
    )
    texts = [example.text for example in sentences("test", 20, 5)]
    student, own = str(tmp_path / "student"), str(teacher)
    found = predict(load_network(student, 0.0), load_alphabet(student), texts)
    aim = predict(load_network(own, 0.0), load_alphabet(own), texts)
    assert strict_f1(aim, found) > 0.95


def test_distilling_ends_in_a_tagger(teacher: Path, tmp_path: Path) -> None:
    for seed, split in enumerate(("train", "dev", "test")):
        write_corpus(tmp_path / f"{split}.jsonl", sentences(f"plan-{split}", 48, seed))
    rows = tiny_settings(teacher, out="models/fast", epochs=6).as_dict()
    rows |= {split: [f"{split}.jsonl"] for split in ("train", "dev", "test")}
    config = tmp_path / "configs" / "fast.yaml"
    config.parent.mkdir()
    config.write_text(yaml.safe_dump(rows), encoding="utf-8")
    text = tmp_path / "papers.txt"
    text.write_text("".join(e.text + "\n" for e in sentences("p", 60, 9)), encoding="utf-8")
    arguments = ["distil", str(text), "--config", str(config)]
    done = CliRunner().invoke(cli, [*arguments, "--layers", "1"], catch_exceptions=False)
    assert done.exit_code == 0
    assert {path.name for path in (tmp_path / "models").iterdir()} == {"fast"}
    card = (tmp_path / "models" / "fast" / "README.md").read_text(encoding="utf-8")
    assert "Layers 1 of the tagger in `float`" in card
    fast = get_labeller(str(tmp_path / "models" / "fast"))
    found = fast.label(["推广公交站台，新增12处。"])[0]
    assert [(s.start, s.end, s.label) for s in found] == [
        (0, 2, "ACTION"), (7, 9, "ACTION"), (9, 12, "QUANTITY"),
    ]  # fmt: skip


def test_the_shipped_configuration_is_read(root: Path) -> None:
    loaded = Settings.load(root / "configs" / "fast.yaml")
    assert loaded.out == "models/fast"
    assert loaded.patience >= loaded.epochs
