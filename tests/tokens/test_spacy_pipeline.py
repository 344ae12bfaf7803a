"""`workplan.load()` works as spaCy users expect."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy import displacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from workplan.spacy_pipeline import COLORS, set_spans, split_tokens
from workplan.types import LABELS, Span

PLAN = """甲县教育局2024年工作要点

2024年全县教育工作的总体要求是：办好每一所学校。

一、扩大供给
1.新建学校。甲县新建幼儿园3所，年底前覆盖率提高到90%。
　　乙县改造幼儿园2所；严禁违规收费。
"""


def test_labels_become_entities_with_their_section(nlp: Language) -> None:
    doc = nlp(PLAN)
    assert doc.text == PLAN
    found = [(ent.text, ent.label_) for ent in doc.ents if ent.sent.text.startswith("甲县新建")]
    assert found == [
        ("甲县", "ORG"),
        ("新建", "ACTION"),
        ("幼儿园", "METRIC"),
        ("3所", "QUANTITY"),
        ("覆盖率", "METRIC"),
        ("提高", "ACTION"),
        ("90%", "QUANTITY"),
    ]
    assert doc.ents[-1].text == "2所"
    assert doc.ents[-1]._.section == ("一、扩大供给", "1.新建学校")


def test_sentences_are_those_of_the_plan(nlp: Language) -> None:
    assert [sent.text.strip() for sent in nlp(PLAN).sents] == [
        "甲县教育局2024年工作要点",
        "2024年全县教育工作的总体要求是：办好每一所学校。",
        "一、扩大供给",
        "1.新建学校。",
        "甲县新建幼儿园3所，年底前覆盖率提高到90%。",
        "乙县改造幼儿园2所；",
        "严禁违规收费。",
    ]


def test_the_year_is_read_from_the_text_or_set_by_the_user(nlp: Language) -> None:
    assert nlp(PLAN)._.year == 2024
    assert nlp("新建幼儿园3所。")._.year is None
    doc = nlp.make_doc(PLAN)
    doc._.year = 2023
    assert nlp(doc)._.year == 2023


def test_tasks_hang_on_the_doc(nlp: Language) -> None:
    doc = nlp(PLAN)
    task = next(task for task in doc._.tasks if task.action == "改造")
    assert doc.text[task.action_start : task.action_end] == "改造"
    assert task.section == ("一、扩大供给", "1.新建学校")
    assert [(target.metric, target.value, target.unit) for target in task.targets] == [
        ("幼儿园", 2, "所")
    ]
    assert task.confidence == 0.75


def test_tasks_are_made_from_entities_that_a_user_set(nlp: Language) -> None:
    with nlp.select_pipes(disable=["workplan_labels"]):
        doc = nlp.make_doc("全县改造食堂5个。")
        set_spans(doc, [Span(2, 4, "ACTION"), Span(4, 6, "METRIC"), Span(6, 8, "QUANTITY")])
        (task,) = nlp(doc)._.tasks
    assert (task.action, task.confidence) == ("改造", 1.0)
    assert task.targets[0].value == 5


def test_a_doc_survives_serialising(nlp: Language) -> None:
    doc = nlp(PLAN)
    again = Doc(nlp.vocab).from_bytes(doc.to_bytes())
    (packed,) = DocBin(docs=[doc], store_user_data=True).get_docs(nlp.vocab)
    for copy in (again, packed):
        assert copy._.tasks == doc._.tasks
        assert copy._.year == 2024
        assert [str(ent) for ent in copy.ents] == [str(ent) for ent in doc.ents]


def test_pipe_gives_what_single_calls_give_and_batches(nlp: Language) -> None:
    texts = [PLAN, "", "乙县新建幼儿园1所。", "   ", "年底前覆盖率提高到85%。"] * 3
    docs = list(nlp.pipe(texts, batch_size=8))
    labeller = nlp.get_pipe("workplan_labels").labeller  # type: ignore[attr-defined]
    assert len(labeller.calls) == 2
    assert [doc.text for doc in docs] == texts
    for doc, text in zip(docs, texts, strict=True):
        alone = nlp(text)
        assert [(e.start_char, e.label_) for e in doc.ents] == [
            (e.start_char, e.label_) for e in alone.ents
        ]
        assert doc._.tasks == alone._.tasks


def test_pipe_in_processes(nlp: Language) -> None:
    texts = ["甲县新建幼儿园3所。", "乙县改造幼儿园2所。"]
    with nlp.select_pipes(enable=["workplan_sections"]):
        docs = list(nlp.pipe(texts, n_process=2))
    assert [doc.text for doc in docs] == texts


@given(data=st.data())
def test_every_span_survives_whatever_the_tokens(shipped: Language, data: st.DataObject) -> None:
    text = data.draw(
        st.text(alphabet="县教育局新建公办幼儿园6所，覆盖率达90%以上。\n ", min_size=1, max_size=40)
    )
    solid = [place for place, character in enumerate(text) if not character.isspace()]
    edges = data.draw(st.sets(st.sampled_from(solid), max_size=8)) if solid else set()
    places = sorted(edges)
    spans = [
        Span(start, end + 1, data.draw(st.sampled_from(LABELS)))
        for start, end in zip(places[::2], places[1::2], strict=False)
    ]
    doc = shipped.make_doc(text)
    set_spans(doc, spans)
    assert doc.text == text
    assert [(e.start_char, e.end_char, e.label_) for e in doc.ents] == [
        (span.start, span.end, span.label) for span in spans
    ]


def test_splitting_tokens_keeps_sentences(nlp: Language) -> None:
    with nlp.select_pipes(enable=["workplan_sections"]):
        doc = nlp("改造幼儿园。教育局检查。")
    sentences = [sent.text for sent in doc.sents]
    split_tokens(doc, range(len(doc.text)))
    assert [token.text for token in doc] == list(doc.text)
    assert [sent.text for sent in doc.sents] == sentences


def test_a_saved_pipeline_loads_elsewhere(nlp: Language, tmp_path: Path) -> None:
    """Another process that never imports workplan finds its factories by their entry points."""
    nlp.to_disk(tmp_path / "pipeline")
    code = (
        "import spacy, sys; nlp = spacy.load(sys.argv[1]); print(*nlp.pipe_names);"
        "print(*[t.text for t in nlp.make_doc('改造公办幼儿园')], sep='|')"
    )
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", code, str(tmp_path / "pipeline")],
        capture_output=True,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stderr
    names, words = done.stdout.splitlines()
    assert names == "workplan_sections workplan_labels workplan_tasks"
    assert words == "|".join(token.text for token in nlp.make_doc("改造公办幼儿园"))


def test_components_of_a_user_can_be_trained_beside(nlp: Language) -> None:
    own = spacy.blank("zh", config={"nlp": {"tokenizer": nlp.config["nlp"]["tokenizer"]}})
    own.add_pipe("textcat_multilabel").add_label("教育")  # type: ignore[attr-defined]
    own.initialize()
    assert "教育" in own("新建幼儿园").cats


def test_displacy_colours_the_labels(nlp: Language) -> None:
    page = displacy.render(nlp("甲县新建幼儿园3所。"), style="ent", jupyter=False)
    for label in ("ORG", "ACTION", "METRIC", "QUANTITY"):
        assert COLORS[label] in page
    assert set(COLORS) == set(LABELS)


@pytest.mark.parametrize("text", ["", " ", "\n", "。", "新建"])
def test_next_to_nothing(nlp: Language, text: str) -> None:
    doc = nlp(text)
    assert doc.text == text
    assert isinstance(doc._.tasks, list)
