"""Selection: the right sentences, none of them twice, none of them held out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from workplan.annotate.candidates import Candidate, fresh, read_candidates
from workplan.annotate.journal import Sent
from workplan.annotate.selection import most_diverse, select
from workplan.errors import UserError
from workplan.train.corpus import Example, write_corpus
from workplan.types import Span

TEXTS = ("推进甲工程建设。", "推进乙工程建设。", "推进丙工程建设。", "全县粮食产量达到12万吨。")
POOL = [Candidate(f"p{i // 2}-{i}", f"p{i // 2}", text) for i, text in enumerate(TEXTS)]


class Stub:
    """A labeller that finds the first two characters of a text, as sure as it is told."""

    def __init__(self, name: str, confidences: dict[str, float]) -> None:
        self.name, self.confidences = name, confidences

    def label(self, views: Sequence[str]) -> list[list[Span]]:
        known = self.confidences
        return [[Span(0, 2, "ACTION", known[v])] if v in known else [] for v in views]


STUB = Stub("tagger", dict(zip(TEXTS, (0.9, 0.3, 0.99, 0.6), strict=True)))


def _ids(chosen: Sequence[Candidate]) -> list[str]:
    return [candidate.id for candidate in chosen]


def test_most_uncertain_first() -> None:
    chosen = select("uncertain", POOL, 2, STUB)
    assert _ids(chosen) == ["p0-1", "p1-3"]
    assert chosen[0].spans[0].confidence == 0.3


def test_disagreement_counts_spans_of_one_alone() -> None:
    other = Stub("rules", {TEXTS[0]: 1.0, TEXTS[1]: 1.0, TEXTS[3]: 1.0})
    assert _ids(select("disagreement", POOL, 1, STUB, other=other)) == ["p1-2"]
    with pytest.raises(UserError, match="two labellers"):
        select("disagreement", POOL, 1, STUB, other=STUB)


@pytest.mark.parametrize("seed", range(5))
def test_diverse_takes_what_is_unlike_the_rest(seed: int) -> None:
    assert 3 in most_diverse(TEXTS, 2, seed)
    assert sorted(most_diverse(TEXTS, 9, seed)) == [0, 1, 2, 3]
    assert most_diverse([TEXTS[0]] * 3, 2, seed) != []


def test_whole_plans_are_never_cut() -> None:
    assert _ids(select("plan", POOL, 1, STUB)) == ["p0-0", "p0-1"]
    assert len(select("plan", POOL, 3, STUB)) == 4


def test_random_is_the_same_for_a_seed_and_never_repeats() -> None:
    drawn = _ids(select("random", POOL, 3, STUB, seed=1))
    assert drawn == _ids(select("random", POOL, 3, STUB, seed=1))
    assert len(set(drawn)) == 3


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus with one sentence to train on, one pulled back and a held-out plan."""
    folder = tmp_path / "annotations"
    (folder / "rounds").mkdir(parents=True)
    write_corpus(folder / "train.jsonl", [Example("a-1", "推进甲工程建设。", (), plan="a")])
    write_corpus(folder / "rounds" / "x-001.jsonl", [Example("b-1", "巡查水库。", (), plan="b")])
    held = ["全县粮食产量稳定在12万吨以上。", "新建高标准农田3万亩，改造1万亩。", "抓好春耕。"]
    write_corpus(
        folder / "test.jsonl", [Example(f"h-{i}", t, (), plan="h") for i, t in enumerate(held)]
    )
    return folder


def test_nothing_known_is_sent_again(corpus: Path) -> None:
    pool = [
        Candidate("n-1", "n", "推进甲工程建设。"),
        Candidate("n-2", "n", "巡查水库。"),
        Candidate("n-3", "n", "抓好春耕。"),
        Candidate("n-4", "n", "改造农村公路。"),
        Candidate("n-5", "n", "建设２座泵站。"),
        Candidate("n-6", "n", "建设2座泵站。"),  # the same, in other digits
        Candidate("n-7", "n", "清理河道。"),
        Candidate("n-8", "n", "　"),
        Candidate("s-2", "s", "同一编号，另一句话。"),
    ]
    sent = [Sent("s-1", "s", "清理河道。", ()), Sent("s-2", "s", "疏浚沟渠。", ())]
    kept, passed = fresh(pool, corpus, sent)
    assert _ids(kept) == ["n-4", "n-5"]
    assert passed.known == 6
    assert passed.held_out_plans == []


def test_held_out_plan_is_refused_by_name_and_by_its_sentences(corpus: Path) -> None:
    pool = [
        Candidate("h-9", "h", "一句新话。"),
        Candidate("h@1a2b3c4d-1", "h@1a2b3c4d", "又一句新话。"),
        Candidate("copy-1", "copy", "全县粮食产量稳定在１２万吨以上。"),
        Candidate("copy-2", "copy", "这一句在留出计划中没有出现过的长句子。"),
        Candidate("new-1", "new", "这是另一份计划里的一个比较长的句子。"),
    ]
    kept, passed = fresh(pool, corpus, [])
    assert _ids(kept) == ["new-1"]
    assert passed.held_out_plans == ["copy", "h", "h@1a2b3c4d"]


def test_plans_whose_tables_are_scored_are_held_out(root: Path, samples: Path) -> None:
    found, _ = read_candidates([samples])
    _, passed = fresh(found, root / "annotations", [])
    names = {plan.partition("@")[0] for plan in passed.held_out_plans}
    assert names == {"lanchuan-transport-2023", "linxi-housing-2025"}


def test_plans_are_read_into_sentences_with_sections(samples: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.touch()
    plan = samples / "yunpi-education-2024.txt"
    found, failures = read_candidates([plan, empty])
    assert len(failures) == 1
    assert len({c.id for c in found}) == len(found) > 20
    assert any(c.section for c in found)
    assert all(c.plan.startswith("yunpi-education-2024@") for c in found)
