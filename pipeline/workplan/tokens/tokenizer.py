"""Cuts text into words: spaCy's Chinese tokenizer over our own pkuseg model."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from spacy.lang.zh import ChineseTokenizer, Segmenter
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example
from spacy.util import get_words_and_spaces
from spacy.vocab import Vocab

from workplan.errors import UserError
from workplan.read import fold
from workplan.resources import model


class PlanTokenizer(ChineseTokenizer):
    """Tokens of any Chinese text; traditional script and full-width forms are cut by their view.

    The Doc keeps the text's own characters: its tokens, with their white space, give back the
    text as it came.
    """

    pkuseg_seg: Any
    """The model; None until `from_disk` or `from_bytes` has read one."""

    def __init__(self, vocab: Vocab) -> None:
        super().__init__(vocab, segmenter=Segmenter.pkuseg)

    def initialize(
        self,
        get_examples: Callable[[], Iterable[Example]] | None = None,
        *,
        nlp: Language | None = None,
        pkuseg_model: str | None = None,
        pkuseg_user_dict: str | None = "default",
    ) -> None:
        """Keep the model, so that `nlp.initialize()` can train components of a user's own.

        spaCy's default configuration names a model here that would have to be downloaded.
        """

    def __call__(self, text: str) -> Doc:
        words = list(_own_words(text, self.pkuseg_seg.cut(fold(text))))
        words, spaces = get_words_and_spaces(words, text)
        return Doc(self.vocab, words=words, spaces=spaces)


def load_tokenizer(path: Path | None = None, vocab: Vocab | None = None) -> PlanTokenizer:
    """The tokenizer with the model in the folder `path`, or with the shipped one.

    Raises UserError where no model is in the folder.
    """
    folder = path or model("segmenter")
    if not (folder / "pkuseg_model" / "weights.npz").is_file():
        raise UserError(
            "there is no segmenter model (缺少分词模型)",
            where=str(folder),
            remedy="workplan train-segmenter TEXT… --out FOLDER makes one",
        )
    tokenizer = PlanTokenizer(Vocab() if vocab is None else vocab)
    tokenizer.from_disk(folder)
    return tokenizer


def create_tokenizer() -> Callable[[Language], PlanTokenizer]:
    """spaCy's factory `workplan.Tokenizer.v1`: a pipeline's tokenizer with the shipped model."""

    def tokenizer_factory(nlp: Language) -> PlanTokenizer:
        return load_tokenizer(vocab=nlp.vocab)

    return tokenizer_factory


def _own_words(text: str, words: Sequence[str]) -> Iterator[str]:
    """The stretches of `text` where the words of its view stand."""
    start = 0
    for word in words:
        while text[start].isspace():
            start += 1
        yield text[start : start + len(word)]
        start += len(word)
