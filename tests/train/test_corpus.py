"""The corpus format: what is written reads back, what is broken is refused with its place."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.errors import UserError
from workplan.train import convert
from workplan.train.augment import Augmenter, exchange, mask_figures, turn
from workplan.train.corpus import Example, as_dataset, parse_line, read_corpus, write_corpus
from workplan.types import LABELS, Span

GOOD = {
    "id": "water-county-2022-001",
    "text": "县水利局年内新建泵站3座。",
    "spans": [
        [0, 4, "ORG"],
        [4, 6, "DEADLINE"],
        [6, 8, "ACTION"],
        [8, 10, "METRIC"],
        [10, 12, "QUANTITY"],
    ],
    "targets": [{"metric": "泵站", "comparator": "eq", "value": 3, "unit": "座"}],
    "section": ["一、防汛"],
}

TEXT = st.text(
    st.one_of(
        st.sampled_from("县局推进建设3％“”（），。；𠮷😀\u2028\u3000 \t␣"),
        st.characters(codec="utf-8"),
    ),
    min_size=1,
    max_size=40,
).filter(lambda text: "\n" not in text and "\r" not in text)


@st.composite
def examples(draw: st.DrawFn) -> Example:
    """A sentence of any characters with flat spans."""
    text = draw(TEXT)
    cuts = sorted(draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = tuple(
        Span(start, end, draw(st.sampled_from(LABELS)))
        for start, end in zip(cuts[::2], cuts[1::2], strict=False)
    )
    return Example("p-1", text, spans, plan="p")


def _write(path: Path, *rows: object) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@given(st.lists(examples(), max_size=3))
def test_a_corpus_reads_back_as_written(tmp_path_factory, rows: list[Example]) -> None:
    rows = [Example(f"p-{i}", r.text, r.spans, plan="p") for i, r in enumerate(rows)]
    path = tmp_path_factory.mktemp("corpus") / "corpus.jsonl"
    write_corpus(path, rows)
    assert read_corpus(path) == rows


def test_a_sentence_carries_its_records_and_section(tmp_path) -> None:
    example = read_corpus(_write(tmp_path / "c.jsonl", GOOD))[0]
    assert example.plan == "water-county-2022"
    assert example.targets[0]["value"] == 3
    assert example.extra["section"] == ["一、防汛"]
    assert as_dataset([example])[0]["spans"][0]["label"] == "ORG"


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"spans": [[0, 4, "ORG"], [3, 6, "DEADLINE"]]}, "overlap"),
        ({"spans": [[0, 4, "PLACE"]]}, "unknown label 'PLACE'"),
        ({"spans": [[8, 99, "METRIC"]]}, "off the text"),
        ({"spans": [[4, 4, "METRIC"]]}, "off the text"),
        ({"spans": [["a", "b"]]}, "a span is"),
        ({"spans": [[0, 1.5, "ORG"]]}, "a span is"),
        ({"spans": [[False, 2, "ORG"]]}, "a span is"),
        ({"spans": {"ORG": [0, 4]}}, "'spans' is .* no list"),
        ({"spans": 5}, "'spans' is 5, no list"),
        ({"targets": 7}, "'targets' is 7, no list"),
        ({"confidences": [0.5]}, "5 spans have 1 confidences"),
        ({"confidences": ["sure"] * 5}, "'confidences' holds 'sure'"),
        ({"weight": "x"}, "'weight' holds 'x'"),
        ({"weight": -3}, "'weight' holds -3"),
        ({"weight": float("nan")}, "'weight' holds nan"),
        ({"text": None}, "needs"),
        ({"text": "", "spans": []}, "needs"),
        ({"id": None}, "needs"),
    ],
)
def test_a_broken_sentence_is_named_with_file_line_and_remedy(tmp_path, change, complaint) -> None:
    path = _write(tmp_path / "c.jsonl", GOOD, GOOD | {"id": "water-county-2022-002"} | change)
    with pytest.raises(UserError, match=complaint) as caught:
        read_corpus(path)
    assert caught.value.where == f"{path}:2"
    assert caught.value.remedy


def test_a_line_that_is_no_json_is_named(tmp_path) -> None:
    path = _write(tmp_path / "c.jsonl", GOOD, '{"id": ')
    with pytest.raises(UserError, match="not a JSON object") as caught:
        read_corpus(path)
    assert caught.value.where == f"{path}:2"


def test_half_a_surrogate_pair_is_no_text() -> None:
    with pytest.raises(UserError, match="needs"):
        parse_line('{"id": "p-1", "text": "\\ud83d"}', where="c.jsonl:1")


def test_a_line_that_is_no_utf8_is_named(tmp_path) -> None:
    path = _write(tmp_path / "c.jsonl", GOOD)
    path.write_bytes(path.read_bytes() + "县水利局\n".encode("gb18030"))
    with pytest.raises(UserError, match="not UTF-8") as caught:
        read_corpus(path)
    assert caught.value.where == f"{path}:2"


def test_a_byte_order_mark_is_passed_over(tmp_path) -> None:
    path = _write(tmp_path / "c.jsonl", GOOD)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert [example.text for example in read_corpus(path)] == [GOOD["text"]]


@pytest.mark.parametrize("name", ["missing.jsonl", "."])
def test_a_path_that_is_no_file_is_named(tmp_path, name) -> None:
    with pytest.raises(UserError, match="no such corpus file") as caught:
        read_corpus(tmp_path / name)
    assert caught.value.where == str(tmp_path / name)


def test_an_id_may_not_stand_twice(tmp_path) -> None:
    with pytest.raises(UserError, match="two lines"):
        read_corpus(_write(tmp_path / "c.jsonl", GOOD, GOOD))


@given(examples())
def test_bio_columns_give_back_the_sentence(example: Example) -> None:
    assert convert.from_bio(convert.to_bio([example])) == [example]


@given(examples())
def test_doccano_lines_give_back_the_sentence(example: Example) -> None:
    written = convert.to_doccano([example])
    assert written.isascii()
    assert convert.from_doccano(written) == [example]


def test_docbin_gives_back_sentences() -> None:
    import spacy

    nlp = spacy.blank("xx")
    rows = [
        Example("p-1", "全县𠮷庄镇“十五五”末\u3000达到 98%", (Span(2, 5, "ORG"),), plan="p"),
        Example("p-2", "推进😀工作。", (Span(0, 2, "ACTION"), Span(3, 5, "METRIC")), plan="p"),
    ]
    assert convert.from_docbin(convert.to_docbin(rows, nlp), nlp) == rows


def read_marks(marked: str) -> Example:
    """{words/label's initial} marks a span."""
    labels = {label[0]: label for label in LABELS}
    text, spans = "", []
    for piece in re.split(r"(\{[^}]+\})", marked):
        if piece.startswith("{"):
            words, initial = piece[1:-1].split("/")
            spans.append(Span(len(text), len(text) + len(words), labels[initial]))
            piece = words
        text += piece
    return Example("p-1", text, tuple(spans))


def test_masking_keeps_offsets_and_hides_every_digit_of_a_figure() -> None:
    example = Example("p-1", "2023年新建泵站12座", (Span(7, 9, "METRIC"), Span(9, 12, "QUANTITY")))
    masked = mask_figures(example, random.Random(1))
    assert masked.spans == example.spans
    assert masked.text[:2] == "20"
    assert masked.text[4:9] == "年新建泵站"
    assert not any(c.isdigit() for c in masked.text[2:])


@pytest.mark.parametrize(
    ("marked", "turned"),
    [
        ("{新建/A}{托育机构/M}{6家/Q}（柳河）", "{新建/A}{6家/Q}{托育机构/M}（柳河）"),
        ("{设/A}{床位/M}{200张/Q}，{开设/A}{门诊/M}{约x个/Q}", None),
        ("{提高/A}{签约率/M}{3个百分点/Q}", "{提高/A}{签约率/M}{3个百分点/Q}"),
        ("{新建/A}{学校、医院/M}{9所/Q}", "{新建/A}{学校、医院/M}{9所/Q}"),
        ("{新建/A}{学校/M}{9所/Q}以备用", "{新建/A}{学校/M}{9所/Q}以备用"),
    ],
)
def test_counts_are_put_before_the_nouns_that_they_count(marked: str, turned: str | None) -> None:
    example = read_marks(marked)
    wanted = read_marks(turned or "{设/A}{床位/M}{200张/Q}，{开设/A}{约x个/Q}{门诊/M}")
    changed = turn(example, random.Random(0), rate=1.0)
    assert (changed.text, changed.spans) == (wanted.text, wanted.spans)


@given(examples(), st.integers(0, 9))
def test_turning_counts_round_keeps_labels_and_their_words(example: Example, seed: int) -> None:
    changed = turn(example, random.Random(seed), rate=0.5)
    words = [
        sorted((s.label, e.text[s.start : s.end]) for s in e.spans) for e in (example, changed)
    ]
    assert words[0] == words[1]
    assert len(changed.text) == len(example.text)


@given(examples(), st.integers(0, 9))
def test_exchanged_names_keep_every_other_span(example: Example, seed: int) -> None:
    changed = exchange(example, "ORG", ["东岭县农业农村局"], random.Random(seed), rate=1.0)
    before = [(s.label, example.text[s.start : s.end]) for s in example.spans]
    after = [(s.label, changed.text[s.start : s.end]) for s in changed.spans]
    wanted = [(label, "东岭县农业农村局" if label == "ORG" else text) for label, text in before]
    assert after == wanted


def test_the_same_seed_draws_the_same_changes() -> None:
    example = Example("p-1", "县水利局修3处", (Span(0, 4, "ORG"), Span(5, 7, "QUANTITY")))
    draws = [[Augmenter([example], seed=5)(example).text for _ in range(9)] for _ in range(2)]
    assert draws[0] == draws[1]
