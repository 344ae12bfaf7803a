"""Training the vote: skweak's hidden Markov model, on unlabelled text and, where given, on gold.

skweak learns without labels what each function tends to say (Baum-Welch over the functions'
agreement). Sentences with known labels count for more: their characters are added to what it
has learned as plain counts, the learned counts standing behind as a prior.
"""

from __future__ import annotations

import contextlib
import io
import math
import random
import warnings
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from workplan.tag.rules.function import FUNCTIONS
from workplan.tag.rules.vote import STATES, Ballot, HiddenMarkovVote, Model
from workplan.types import LABELS, Span

if TYPE_CHECKING:
    from spacy.tokens import Doc

Labelled = tuple[str, Sequence[Span]]
"""A sentence's view with its known spans."""


def fit(texts: Sequence[str], gold: Sequence[Labelled] = ()) -> Model:
    """Train on sentences without labels and with them; both as views. Needs skweak and spaCy.

    Takes about three seconds for a thousand sentences.
    """
    hmm = _new_hmm()
    learned = _as_docs(texts)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        with contextlib.redirect_stderr(io.StringIO()):
            hmm.fit(learned)
    for name in FUNCTIONS.keys() - hmm.emit_counts.keys():
        hmm.emit_counts[name] = _uninformed(hmm, name)
    if gold:
        _count_gold(hmm, gold)
    hmm._do_mstep_latent()
    hmm._do_mstep_emissions()
    model = _export(hmm)
    return replace(model, temperature=_temperature(model, gold)) if gold else model


def draw(sentences: Iterable[str], limit: int, seed: int = 0) -> list[str]:
    """At most `limit` sentences, drawn at random but the same ones every time."""
    drawn: list[str] = []
    chance = random.Random(seed)
    for number, sentence in enumerate(islice(sentences, limit * _REACH)):
        if number < limit:
            drawn.append(sentence)
        elif (place := chance.randrange(number + 1)) < limit:
            drawn[place] = sentence
    return drawn


_REACH = 20
"""How many sentences are looked at for each that is drawn."""
_GOLD_PRIOR = 0.02
"""What a character of unlabelled text counts beside one of gold."""


def _new_hmm() -> Any:
    from skweak.aggregation import HMM

    hmm = HMM("rules", list(LABELS))
    against = [f"{prefix}-NOT-{label}" for label in LABELS for prefix in "BI"]
    hmm.observed_labels += against
    hmm.add_label_group("O", set(against))
    return hmm


def _as_docs(texts: Iterable[str]) -> list[Doc]:
    """Texts as skweak wants them: spaCy documents, a token a character, a span group a function."""
    from spacy.tokens import Doc
    from spacy.tokens import Span as DocSpan
    from spacy.vocab import Vocab

    vocab = Vocab()
    docs = []
    for text in texts:
        doc = Doc(vocab, words=list(text), spaces=[False] * len(text))
        for name, stretches in Ballot.cast(text).votes.items():
            function = FUNCTIONS[name]
            label = f"NOT-{function.label}" if function.negative else function.label
            doc.spans[name] = [DocSpan(doc, start, end, label=label) for start, end in stretches]
        docs.append(doc)
    return docs


def _uninformed(hmm: Any, name: str) -> np.ndarray:
    """skweak's own prior counts for a function that never spoke."""
    blank = _new_hmm()
    blank._reset_counts([name])
    counts: np.ndarray = blank.emit_counts[name]
    return counts


def _count_gold(hmm: Any, gold: Sequence[Labelled]) -> None:
    """Shrink what was learned without labels and add the counts of known states."""
    columns = [hmm.out_labels.index(state) for state in STATES]
    hmm.start_counts *= _GOLD_PRIOR
    hmm.trans_counts *= _GOLD_PRIOR
    for counts in hmm.emit_counts.values():
        counts *= _GOLD_PRIOR
    for doc, (text, spans) in zip(_as_docs(text for text, _ in gold), gold, strict=True):
        seen = hmm.get_observation_df(doc)
        if not text or not len(seen.columns):
            continue
        known = np.zeros((len(text), len(hmm.out_labels)))
        known[np.arange(len(text)), [columns[state] for state in states_of(len(text), spans)]] = 1
        hmm.start_counts += known[0]
        hmm.trans_counts += known[:-1].T @ known[1:]
        for name, said in hmm.to_one_hots(seen).items():
            hmm.emit_counts[name] += known.T @ said


def states_of(length: int, spans: Sequence[Span]) -> np.ndarray:
    """The index in STATES of each character's state; shape (length,)."""
    states = np.zeros(length, dtype=np.int64)
    for span in spans:
        label = LABELS.index(span.label)
        states[span.start] = 1 + 2 * label
        states[span.start + 1 : span.end] = 2 + 2 * label
    return states


def _temperature(model: Model, gold: Sequence[Labelled]) -> float:
    """The temperature at which confidences say best which spans are right (log loss)."""
    sample = [(Ballot.cast(text), set(spans)) for text, spans in gold[:: len(gold) // 800 + 1]]
    losses = {}
    for temperature in _TEMPERATURES:
        vote = HiddenMarkovVote(replace(model, temperature=temperature))
        loss = 0.0
        for ballot, known in sample:
            for span in vote.decode(ballot):
                sure = min(max(span.confidence, 0.001), 0.999)
                loss -= math.log(sure if span in known else 1 - sure)
        losses[temperature] = loss
    return min(losses, key=lambda temperature: losses[temperature])


_TEMPERATURES = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)


def _export(hmm: Any) -> Model:
    rows = [hmm.out_labels.index(state) for state in STATES]
    emission = {}
    for name, function in FUNCTIONS.items():
        said = hmm.emit_probs[name] ** hmm.weights[name]
        marks = [f"{prefix}-{function.label}" for prefix in "BI"]
        if function.negative:
            marks = [f"{prefix}-NOT-{function.label}" for prefix in "BI"]
        columns = said[:, [hmm.observed_labels.index(mark) for mark in marks]]
        if function.negative:
            columns = columns.sum(axis=1, keepdims=True)
        emission[name] = np.concatenate([said[:, :1], columns], axis=1)[rows]
    return Model(hmm.hmm.startprob_[rows], hmm.hmm.transmat_[np.ix_(rows, rows)], emission)
