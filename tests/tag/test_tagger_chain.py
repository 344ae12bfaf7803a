"""The BIOES scheme and constrained decoding, against enumeration of all paths."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workplan.tag.tagger.decode import Lattice, decode, viterbi
from workplan.tag.tagger.scheme import FORBIDDEN, Scheme
from workplan.tag.tagger.windows import merge, windows
from workplan.types import LABELS, Span

SMALL = Scheme(("ORG", "ACTION"))


@st.composite
def sentences(draw: st.DrawFn) -> tuple[int, list[Span]]:
    """A length and flat spans within it."""
    length = draw(st.integers(1, 40))
    cuts = sorted(draw(st.sets(st.integers(0, length), max_size=12)))
    spans = [
        Span(start, end, draw(st.sampled_from(LABELS)))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    return length, spans


@given(sentences())
def test_tags_give_back_their_spans(case: tuple[int, list[Span]]) -> None:
    length, spans = case
    scheme = Scheme()
    assert _spans(scheme, scheme.encode(length, spans)) == spans


@given(sentences())
def test_tags_of_flat_spans_are_an_allowed_path(case: tuple[int, list[Span]]) -> None:
    length, spans = case
    scheme = Scheme()
    tags = scheme.encode(length, spans)
    moves = scheme.transitions()[tags[:-1], tags[1:]]
    assert scheme.starts()[tags[0]] == 0
    assert scheme.ends()[tags[-1]] == 0
    assert (moves == 0).all()


def _spans(scheme: Scheme, path: np.ndarray) -> list[Span]:
    rows, firsts, lasts = scheme.decode(path[None])
    assert not rows.any()
    labels = [scheme.tags[tag][2:] for tag in path[firsts]]
    return [
        Span(first, last + 1, label)
        for first, last, label in zip(firsts.tolist(), lasts.tolist(), labels, strict=True)
    ]


def _paths(lattice: Lattice, scores: np.ndarray) -> list[tuple[float, tuple[int, ...]]]:
    """Score of every allowed path, by enumeration."""
    found = []
    for path in product(range(scores.shape[1]), repeat=len(scores)):
        total = lattice.starts[path[0]] + lattice.ends[path[-1]]
        total += sum(scores[i, tag] for i, tag in enumerate(path))
        total += sum(lattice.transitions[a, b] for a, b in zip(path, path[1:], strict=False))
        if total > FORBIDDEN / 2:
            found.append((float(total), path))
    return found


@pytest.mark.parametrize("seed", range(5))
def test_viterbi_finds_the_best_of_all_paths(seed: int) -> None:
    numbers = np.random.default_rng(seed)
    scores = numbers.normal(0, 2, (4, len(SMALL))).astype(np.float32)
    moves = SMALL.transitions() + numbers.normal(0, 1, (len(SMALL), len(SMALL)))
    lattice = Lattice(SMALL, moves.astype(np.float32), SMALL.starts(), SMALL.ends())
    best = max(_paths(lattice, scores))[1]
    assert tuple(viterbi(lattice, scores[None], np.array([4]))[0]) == best


@pytest.mark.parametrize("temperature", [1.0, 1.7])
def test_confidence_is_the_share_of_paths_that_hold_the_span(temperature: float) -> None:
    scores = np.random.default_rng(3).normal(0, 1.5, (4, len(SMALL))).astype(np.float32)
    plain = Lattice.plain(SMALL)
    lattice = Lattice(SMALL, plain.transitions, plain.starts, plain.ends, temperature)
    weighted = [
        (np.exp(score / temperature), set(_spans(SMALL, np.array(path))))
        for score, path in _paths(lattice, scores)
    ]
    total = sum(weight for weight, _ in weighted)
    spans = decode(lattice, scores[None], np.array([4]))[0]
    assert spans
    for span in spans:
        share = sum(weight for weight, held in weighted if span in held) / total
        assert span.confidence == pytest.approx(share, abs=1e-4)


@settings(max_examples=50)
@given(st.lists(st.integers(1, 12), min_size=2, max_size=6), st.integers(0, 99))
def test_a_row_decodes_alike_alone_and_in_a_batch(lengths: list[int], seed: int) -> None:
    lattice = Lattice.plain(Scheme())
    scores = np.random.default_rng(seed).normal(0, 2, (len(lengths), max(lengths), 21))
    scores = scores.astype(np.float32)
    together = decode(lattice, scores, np.array(lengths))
    for row, length in enumerate(lengths):
        alone = decode(lattice, scores[row : row + 1], np.array([length]))[0]
        assert [(s, s.confidence) for s in alone] == [(s, s.confidence) for s in together[row]]
        assert all(0 <= s.start < s.end <= length for s in alone)


@pytest.mark.parametrize("size", [2.0, 12.0])
def test_confidences_of_long_rows_are_those_of_plain_logarithms(size: float) -> None:
    scheme = Scheme()
    scores = np.random.default_rng(5).normal(0, size, (90, 21)).astype(np.float32)
    moves = scheme.transitions() + np.random.default_rng(6).normal(0, 1, (21, 21))
    lattice = Lattice(scheme, moves.astype(np.float32), scheme.starts(), scheme.ends(), 1.5)
    before, after, total = _log_sums(lattice, scores.astype(np.float64))
    spans = decode(lattice, scores[None], np.array([90]))[0]
    assert len(spans) > 5
    for span in spans:
        tags = scheme.encode(90, [Span(span.start, span.end, span.label)])
        log = before[span.start, tags[span.start]] + after[span.end - 1, tags[span.end - 1]]
        for place in range(span.start + 1, span.end):
            log += lattice.transitions[tags[place - 1], tags[place]] / 1.5
            log += float(scores[place, tags[place]]) / 1.5
        assert span.confidence == pytest.approx(np.exp(log - total), abs=1e-4)


def _log_sums(lattice: Lattice, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Forward and backward sums of one row in float64 logarithms, and that of all paths."""
    moves = lattice.transitions.astype(np.float64) / lattice.temperature
    scores = scores / lattice.temperature
    before, after = np.zeros_like(scores), np.zeros_like(scores)
    before[0] = scores[0] + lattice.starts
    after[-1] = lattice.ends
    for place in range(1, len(scores)):
        before[place] = scores[place] + np.logaddexp.reduce(before[place - 1, :, None] + moves, 0)
    for place in range(len(scores) - 2, -1, -1):
        onward = scores[place + 1] + after[place + 1]
        after[place] = np.logaddexp.reduce(moves + onward[None], 1)
    return before, after, float(np.logaddexp.reduce(before[-1] + after[-1]))


@pytest.mark.parametrize("size", [1e1, 1e2, 1e3])
def test_scores_far_apart_have_probabilities(size: float) -> None:
    scores = np.random.default_rng(7).normal(0, size, (6, 30, 21)).astype(np.float32)
    lattice = Lattice.plain(Scheme())
    spans = [span for row in decode(lattice, scores, np.full(6, 30)) for span in row]
    assert spans
    assert all(0 <= span.confidence <= 1 for span in spans)


def test_a_lattice_is_read_back_as_written(tmp_path) -> None:
    plain = Lattice.plain(SMALL)
    lattice = Lattice(SMALL, plain.transitions, plain.starts, plain.ends, 1.35)
    lattice.save(tmp_path / "lattice.json")
    back = Lattice.load(tmp_path / "lattice.json")
    assert back.temperature == 1.35
    assert back.scheme.tags == SMALL.tags
    np.testing.assert_array_equal(back.transitions, lattice.transitions)


@given(st.text("市县推进，；a", max_size=700))
def test_windows_cover_a_text_and_fit(text: str) -> None:
    cuts = windows(text, 254, 64)
    assert cuts[0][0] == 0
    assert cuts[-1][1] == len(text)
    assert all(end - start <= 254 for start, end in cuts)
    assert all(left[1] > right[0] for left, right in zip(cuts, cuts[1:], strict=False))


@given(st.integers(260, 900), st.integers(0, 50))
def test_windows_that_agree_merge_to_what_they_agree_on(length: int, seed: int) -> None:
    numbers = np.random.default_rng(seed)
    starts = range(0, length - 12, 15)
    spans = [Span(s, s + int(numbers.integers(1, 10)), "ORG") for s in starts]
    parts = [
        (
            start,
            end,
            [
                Span(s.start - start, s.end - start, s.label)
                for s in spans
                if start <= s.start and s.end <= end
            ],
        )
        for start, end in windows("市" * length, 254, 64)
    ]
    assert merge(parts) == spans
