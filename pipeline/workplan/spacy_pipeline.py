"""The road as a spaCy pipeline: `workplan.load()` is a Language whose docs hold labels and tasks.

Three components come after the tokenizer: `workplan_sections` cuts the text into sentences,
`workplan_labels` sets `doc.ents`, `workplan_tasks` fills `doc._.tasks`. Text is taken as it
comes: read a file with `workplan.read.read_plan(path)` first and pass on its `text`.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc
from spacy.tokens import Span as SpacySpan
from spacy.util import minibatch

from workplan.types import Metadata, Plan, Sentence, Span, Task

if TYPE_CHECKING:
    from workplan.tag.labeller import Labeller

COLORS = {
    "ACTION": "#cfc6ff",
    "ORG": "#7aecec",
    "METRIC": "#feca74",
    "QUANTITY": "#e4e7d2",
    "DEADLINE": "#bfe1d9",
}
"""displaCy's colours for the labels, the same as in report.html."""

_METADATA = "workplan_metadata"
_SECTIONS = "workplan_sections"
_CONFIDENCES = "workplan_confidences"
_TASKS = "workplan_tasks"
"""Keys of `doc.user_data`; their values are plain data, so that a Doc can be serialised."""


def load(labeller: str | None = None) -> Language:
    """The whole pipeline; `labeller` is a name as in `--labeller`, None the default one.

    >>> doc = load("rules")("县教育局2024年底前新建幼儿园3所。")
    >>> [(ent.text, ent.label_) for ent in doc.ents if ent.label_ == "QUANTITY"]
    [('3所', 'QUANTITY')]
    """
    tokenizer = {"@tokenizers": "workplan.Tokenizer.v1"}
    nlp = spacy.blank("zh", config={"nlp": {"tokenizer": tokenizer}}, meta={"name": "workplan"})
    nlp.add_pipe("workplan_sections")
    nlp.add_pipe("workplan_labels", config={"labeller": labeller})
    nlp.add_pipe("workplan_tasks")
    return nlp


@Language.factory("workplan_sections", assigns=["token.is_sent_start", "doc.sents"])
def create_sections(nlp: Language, name: str) -> SectionComponent:
    return SectionComponent()


@Language.factory(
    "workplan_labels", default_config={"labeller": None}, assigns=["doc.ents", "token.ent_type"]
)
def create_labels(nlp: Language, name: str, labeller: str | None) -> LabelComponent:
    return LabelComponent(labeller)


@Language.factory("workplan_tasks", requires=["doc.ents"], assigns=["doc._.tasks"])
def create_tasks(nlp: Language, name: str) -> TaskComponent:
    return TaskComponent()


class SectionComponent:
    """Sets sentence boundaries, each sentence's path of headings, and the plan's year.

    A year that the user has set on the Doc stays.
    """

    def __call__(self, doc: Doc) -> Doc:
        from workplan.segment import segment
        from workplan.write.records import metadata_record

        metadata = _read_metadata(doc)
        doc.user_data[_METADATA] = metadata_record(metadata)
        if doc._.year is None:
            doc._.year = metadata.year
        sentences = segment(_plan_of(doc))
        split_tokens(doc, [sentence.start for sentence in sentences])
        # The first sentence takes the white space before it.
        starts = {0, *(sentence.start for sentence in sentences[1:])}
        for token in doc:
            token.is_sent_start = token.idx in starts
        doc.user_data[_SECTIONS] = [
            [sentence.start, list(sentence.section)] for sentence in sentences
        ]
        return doc


class LabelComponent:
    """Sets `doc.ents` to the labeller's spans, sentence by sentence; every span survives.

    `labeller` may be replaced by any object that follows workplan.tag.labeller.Labeller.
    """

    def __init__(self, labeller: str | None = None) -> None:
        self._name = labeller
        self._labeller: Labeller | None = None

    @property
    def labeller(self) -> Labeller:
        """What finds the spans; loaded when it is first asked for."""
        if self._labeller is None:
            from workplan.tag.labeller import get_labeller

            self._labeller = get_labeller(self._name)
        return self._labeller

    @labeller.setter
    def labeller(self, labeller: Labeller) -> None:
        self._labeller = labeller

    def __call__(self, doc: Doc) -> Doc:
        self._label([doc])
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 64) -> Iterator[Doc]:
        """Label many docs, the sentences of a batch in one call of the labeller."""
        for docs in minibatch(stream, size=min(batch_size, 64)):
            self._label(docs)
            yield from docs

    def __getstate__(self) -> dict[str, Any]:
        # A worker process loads its own labeller: sessions of the runtime cannot be sent.
        return {"_name": self._name, "_labeller": None}

    def _label(self, docs: Sequence[Doc]) -> None:
        from workplan.read import fold

        places: list[tuple[Doc, int]] = []
        views: list[str] = []
        for doc in docs:
            view = fold(doc.text)
            for start, end in _sentence_offsets(doc):
                places.append((doc, start))
                views.append(view[start:end])
        found: dict[int, list[Span]] = {id(doc): [] for doc in docs}
        for (doc, offset), spans in zip(places, self.labeller.label(views), strict=True):
            found[id(doc)] += [
                Span(span.start + offset, span.end + offset, span.label, span.confidence)
                for span in spans
            ]
        for doc in docs:
            set_spans(doc, found[id(doc)])


class TaskComponent:
    """Fills `doc._.tasks` from the sentences and `doc.ents`, whoever set those."""

    def __call__(self, doc: Doc) -> Doc:
        from workplan.assemble import assemble
        from workplan.segment import segment

        plan = _plan_of(doc)
        sentences = segment(plan)
        doc._.tasks = assemble(plan, sentences, _spans_by_sentence(doc, sentences))
        return doc


def set_spans(doc: Doc, spans: Sequence[Span]) -> None:
    """Make `spans`, in characters of the Doc, its entities; tokens that they cut are split."""
    split_tokens(doc, [edge for span in spans for edge in (span.start, span.end)])
    ents = [doc.char_span(span.start, span.end, label=span.label) for span in spans]
    doc.set_ents([ent for ent in ents if ent is not None])
    doc.user_data[_CONFIDENCES] = [[span.start, span.confidence] for span in spans]


def split_tokens(doc: Doc, edges: Iterable[int]) -> None:
    """Split every token that one of the character offsets `edges` falls inside."""
    starts = [token.idx for token in doc]
    cuts: dict[int, set[int]] = {}
    for edge in edges:
        index = bisect_right(starts, edge) - 1
        if 0 <= index < len(doc) and starts[index] < edge < starts[index] + len(doc[index]):
            cuts.setdefault(index, set()).add(edge - starts[index])
    if not cuts:
        return
    has_sentences = doc.has_annotation("SENT_START")
    sentences = {token.idx for token in doc if token.is_sent_start}
    with doc.retokenize() as retokenizer:
        for index, inner in cuts.items():
            token = doc[index]
            places = [0, *sorted(inner), len(token)]
            parts = [token.text[start:end] for start, end in zip(places, places[1:], strict=False)]
            retokenizer.split(token, parts, heads=[(token, part) for part in range(len(parts))])
    if has_sentences:
        for token in doc:
            token.is_sent_start = token.idx in sentences


def _sentence_offsets(doc: Doc) -> Iterator[tuple[int, int]]:
    """Start and end of every sentence without the white space around it.

    Without sentence boundaries the whole text is one sentence.
    """
    stretches = doc.sents if doc.has_annotation("SENT_START") else [doc[:]]
    for stretch in stretches:
        text = stretch.text
        if words := text.strip():
            start = stretch.start_char + len(text) - len(text.lstrip())
            yield start, start + len(words)


def _spans_by_sentence(doc: Doc, sentences: Sequence[Sentence]) -> list[list[Span]]:
    """The entities of each sentence, counted in it; one that leaves its sentence is dropped."""
    confidences: dict[int, float] = dict(doc.user_data.get(_CONFIDENCES, []))
    spans: list[list[Span]] = [[] for _ in sentences]
    starts = [sentence.start for sentence in sentences]
    for ent in doc.ents:
        index = bisect_right(starts, ent.start_char) - 1
        if index < 0 or ent.end_char > sentences[index].end:
            continue
        start = starts[index]
        confidence = confidences.get(ent.start_char, 1.0)
        spans[index].append(
            Span(ent.start_char - start, ent.end_char - start, ent.label_, confidence)
        )
    return spans


def _plan_of(doc: Doc) -> Plan:
    """The Doc's own text as a plan: nothing is cleaned, so that offsets are the Doc's."""
    from workplan.read import fold
    from workplan.write.records import read_metadata

    record = doc.user_data.get(_METADATA)
    metadata = read_metadata(record) if record else Metadata()
    return Plan(
        path="<doc>",
        digest=hashlib.sha256(doc.text.encode("utf-8", "surrogatepass")).hexdigest(),
        source=doc.text,
        text=doc.text,
        view=fold(doc.text),
        origin=np.arange(len(doc.text), dtype=np.int32),
        metadata=replace(metadata, year=doc._.year),
    )


def _read_metadata(doc: Doc) -> Metadata:
    from workplan.read import plan_from_text

    return plan_from_text(doc.text).metadata if doc.text.strip() else Metadata()


def _get_tasks(doc: Doc) -> list[Task]:
    from workplan.write.records import read_task

    return [read_task(record) for record in doc.user_data.get(_TASKS, [])]


def _set_tasks(doc: Doc, tasks: Iterable[Task]) -> None:
    from workplan.write.records import task_record

    doc.user_data[_TASKS] = [task_record(task) for task in tasks]


def _get_section(span: SpacySpan) -> tuple[str, ...]:
    """The path of headings of the sentence in which `span` starts."""
    sections = span.doc.user_data.get(_SECTIONS, [])
    index = bisect_right([start for start, _ in sections], span.start_char) - 1
    return tuple(sections[max(index, 0)][1]) if sections else ()


Doc.set_extension("year", default=None, force=True)
Doc.set_extension("tasks", getter=_get_tasks, setter=_set_tasks, force=True)
SpacySpan.set_extension("section", getter=_get_section, force=True)
