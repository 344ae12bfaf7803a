"""Agreement, disputes and their settling: figures checked by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from workplan.annotate.adjudicate import adjudicate, decided, majority, prefer
from workplan.annotate.agreement import measure, table
from workplan.annotate.answers import Answer, read_answers, write_answers
from workplan.annotate.disputes_page import as_row, disputes_page
from workplan.annotate.gold import agreed, disputes, read_gold, write_round
from workplan.annotate.settings import read_settings
from workplan.errors import UserError
from workplan.types import Span

ORG, VERB = Span(0, 2, "ORG"), Span(2, 4, "ACTION")


def _answer(who: str, *spans: Span, identifier: str = "p-1", text: str = "某局推进") -> Answer:
    return Answer(identifier, "p", text, tuple(spans), who, "2026-03-02T08:30:00+00:00")


def test_strict_f1_of_a_pair() -> None:
    # li drew two spans, wang one of them: 1 right, 2 and 1 in all, F1 = 2*1/(2+1).
    (pair,) = measure([_answer("li", ORG, VERB), _answer("wang", ORG)]).pairs
    assert pair.counts["all"].f1 == pytest.approx(2 / 3)
    assert pair.counts["ORG"].f1 == 1.0
    assert pair.counts["ACTION"].f1 == 0.0
    assert (pair.sentences, pair.identical) == (1, 0)


def test_alpha_over_characters() -> None:
    # Four characters, two annotators: O O A A against O O A O (o, o, a and once a/o).
    # Coincidences: oo 4, aa 2, ao 1 each way; n = 8, n_o = 5, n_a = 3.
    # Disagreement seen 2/8, expected 2*5*3/(8*7); alpha = 1 - 7*2/30 = 0.5333.
    found = measure([_answer("li", VERB), _answer("wang", Span(2, 3, "ACTION"))])
    assert found.alpha == pytest.approx(1 - 7 * 2 / 30)
    assert found.alpha_by_label["ACTION"] == pytest.approx(found.alpha)
    assert found.alpha_by_label["ORG"] is None


def test_only_common_sentences_count() -> None:
    answers = [
        _answer("li", ORG, VERB),
        _answer("wang", ORG, VERB),
        _answer("li", identifier="p-2", text="某县建设"),
    ]
    found = measure(answers)
    assert found.sentences == 1
    assert found.alpha == pytest.approx(1.0)
    assert "li and wang: 1 of 1 sentences alike" in table(found)


def test_three_annotators_of_whom_one_missed_a_sentence() -> None:
    answers = [
        *(_answer(who, ORG) for who in ("li", "wang", "zhao")),
        *(_answer(who, VERB, identifier="p-2", text="某处建设") for who in ("li", "wang")),
    ]
    found = measure(answers)
    assert found.alpha == pytest.approx(1.0)
    assert [(p.first, p.second, p.sentences) for p in found.pairs] == [
        ("li", "wang", 2),
        ("li", "zhao", 1),
        ("wang", "zhao", 1),
    ]


def test_nobody_overlaps() -> None:
    found = measure([_answer("li", ORG)])
    assert (found.sentences, found.pairs, found.alpha) == (0, (), None)


def test_agreed_answers_are_gold_and_disputed_ones_wait() -> None:
    alike = [_answer("li", ORG), _answer("wang", ORG)]
    differ = [_answer(w, s, identifier="p-2") for w, s in (("li", ORG), ("wang", VERB))]
    alone = [_answer("li", VERB, identifier="p-3")]
    assert [e.id for e in agreed([*alike, *differ, *alone], {}, needed=1)] == ["p-1", "p-3"]
    assert [e.id for e in agreed([*alike, *differ, *alone], {}, needed=2)] == ["p-1"]
    assert [d.id for d in disputes([*alike, *differ, *alone], {})] == ["p-2"]


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus with one dispute of two and one of three annotators."""
    write_answers(
        tmp_path,
        "workplan",
        [
            _answer("li", ORG, VERB),
            _answer("wang", ORG),
            _answer("li", ORG, VERB, identifier="p-2"),
            _answer("wang", ORG, identifier="p-2"),
            _answer("zhao", ORG, VERB, identifier="p-2"),
        ],
    )
    return tmp_path


def test_preferred_annotator_settles(corpus: Path) -> None:
    done = adjudicate(corpus, "workplan", prefer("wang"), "chief")
    assert (done.settled, done.open) == (2, 0)
    gold = read_gold(corpus, "workplan")["p-1"]
    assert gold.spans == (ORG,)
    assert gold.extra["adjudicated_by"] == "chief"
    again = adjudicate(corpus, "workplan", prefer("li"), "chief")
    assert (again.settled, again.round_file) == (0, None), "what is settled is settled"


def test_majority_needs_three(corpus: Path) -> None:
    done = adjudicate(corpus, "workplan", majority, "chief")
    assert (done.settled, done.open) == (1, 1)
    assert read_gold(corpus, "workplan")["p-2"].spans == (ORG, VERB)


def test_new_answer_opens_a_settled_dispute(corpus: Path) -> None:
    adjudicate(corpus, "workplan", prefer("wang"), "chief")
    changed = replace(_answer("wang", Span(0, 4, "ORG")), version=2)
    write_answers(corpus, "workplan", [changed])
    found = disputes(read_answers(corpus, "workplan").values(), read_gold(corpus, "workplan"))
    assert [d.id for d in found] == ["p-1"]


def test_decisions_of_the_page_settle(corpus: Path, tmp_path: Path) -> None:
    found = disputes(read_answers(corpus, "workplan").values(), {})
    first, second = (as_row(dispute) for dispute in found)
    path = tmp_path / "decisions.jsonl"
    lines = [first | {"choice": "li"}, second | {"spans": [[0, 4, "ORG"]]}]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    adjudicate(corpus, "workplan", decided(path), "chief")
    gold = read_gold(corpus, "workplan")
    assert gold["p-1"].spans == (ORG, VERB)
    assert gold["p-2"].spans == (Span(0, 4, "ORG"),)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"choice": "nobody"}, "did not answer"),
        ({"spans": [[0, 9, "ORG"]]}, "off the text"),
        ({"choice": "li", "versions": {"li": 7, "wang": 1}}, "have changed"),
    ],
)
def test_decisions_that_do_not_fit_are_refused(
    corpus: Path, tmp_path: Path, change: dict, message: str
) -> None:
    dispute = disputes(read_answers(corpus, "workplan").values(), {})[0]
    path = tmp_path / "decisions.jsonl"
    path.write_text(json.dumps(as_row(dispute) | change) + "\n")
    with pytest.raises(UserError, match=message):
        adjudicate(corpus, "workplan", decided(path), "chief")
    assert not read_gold(corpus, "workplan")


def test_page_shows_both_versions_and_escapes_the_text() -> None:
    text = "</script>某局"
    answers = [_answer("li", Span(9, 11, "ORG"), text=text), _answer("wang", text=text)]
    page = disputes_page(disputes(answers, {}), measure(answers), read_settings())
    assert page.count("<section>") == 1
    assert 'value="li"' in page
    assert 'value="wang"' in page
    assert '<mark style="background:#1565c0" class="alone">某局<small>单位</small></mark>' in page
    assert "</script>某局" not in page


def test_gold_in_a_new_round_leaves_the_old_one(tmp_path: Path) -> None:
    first = agreed([_answer("li", ORG), _answer("li", VERB, identifier="p-2")], {}, 1)
    write_round(tmp_path, "workplan", first)
    changed = agreed([_answer("li", VERB)], read_gold(tmp_path, "workplan"), 1)
    write_round(tmp_path, "workplan", changed)
    rounds = sorted((tmp_path / "rounds").iterdir())
    ids = [[json.loads(line)["id"] for line in p.read_text().splitlines()] for p in rounds]
    assert ids == [["p-2"], ["p-1"]]
    assert changed[0].extra["version"] == 2
