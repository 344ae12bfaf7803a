"""The corpus in other tools' formats and back: BIO columns, spaCy DocBin, Doccano JSONL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from workplan.errors import UserError
from workplan.train.corpus import Example
from workplan.types import Span

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import DocBin

SPACE = "␣"
"""Stands for a white-space character in a BIO column, which cannot hold one."""


def to_bio(examples: Iterable[Example]) -> str:
    """One character and its tag a line ("推\\tB-ACTION"), a "# id = …" line before a sentence
    and an empty line after it."""
    blocks = []
    for example in examples:
        tags = ["O"] * len(example.text)
        for span in example.spans:
            tags[span.start : span.end] = [f"I-{span.label}"] * (span.end - span.start)
            tags[span.start] = f"B-{span.label}"
        lines = [
            f"{SPACE + format(ord(c), 'x') if c.isspace() or c == SPACE else c}\t{tag}"
            for c, tag in zip(example.text, tags, strict=True)
        ]
        blocks.append("\n".join([f"# id = {example.id}", *lines]) + "\n")
    return "\n".join(blocks)


def from_bio(text: str) -> list[Example]:
    """Sentences of what `to_bio` wrote. Raises UserError with the line of a broken row."""
    examples: list[Example] = []
    identifier = ""
    characters: list[str] = []
    tags: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        if line.startswith("# id = ") and not characters:
            identifier = line[len("# id = ") :]
        elif line:
            cell, tab, tag = line.rpartition("\t")
            if not tab or not cell:
                raise UserError(
                    "a BIO row is a character, a tab, a tag", where=f"line {number}", remedy="mend"
                )
            characters.append(chr(int(cell[1:], 16)) if cell[0] == SPACE and cell[1:] else cell)
            tags.append(tag)
        elif characters:
            plain = "".join(characters)
            examples.append(
                Example(identifier, plain, tuple(_spans(tags)), plan=identifier.rsplit("-", 1)[0])
            )
            identifier, characters, tags = "", [], []
    return examples


def to_docbin(examples: Iterable[Example], nlp: Language) -> DocBin:
    """spaCy's binary format; tokens are characters, so that no span is lost to a token's edge."""
    from spacy.tokens import Doc, DocBin
    from spacy.tokens import Span as DocSpan

    binary = DocBin(store_user_data=True)
    for example in examples:
        characters = list(example.text)
        doc = Doc(nlp.vocab, words=characters, spaces=[False] * len(characters))
        doc.ents = tuple(DocSpan(doc, s.start, s.end, label=s.label) for s in example.spans)
        doc.user_data["id"] = example.id
        binary.add(doc)
    return binary


def from_docbin(binary: DocBin, nlp: Language) -> list[Example]:
    """Sentences of a DocBin with any tokens; offsets are characters again."""
    examples: list[Example] = []
    for doc in binary.get_docs(nlp.vocab):
        spans = tuple(Span(e.start_char, e.end_char, e.label_) for e in doc.ents)
        identifier = str(doc.user_data.get("id", len(examples)))
        examples.append(Example(identifier, doc.text, spans, plan=identifier.rsplit("-", 1)[0]))
    return examples


def to_doccano(examples: Iterable[Example]) -> str:
    """Doccano's sequence-labelling JSONL, ASCII-escaped since its importer guesses encodings."""
    return "".join(
        json.dumps(
            {
                "text": example.text,
                "label": [[s.start, s.end, s.label] for s in example.spans],
                "key": example.id,
            }
        )
        + "\n"
        for example in examples
    )


def from_doccano(text: str) -> list[Example]:
    """Sentences of a Doccano download; split on "\\n" alone, since texts may hold U+2028."""
    examples: list[Example] = []
    for line in text.split("\n"):
        if line.strip():
            row = json.loads(line)
            spans = tuple(sorted(Span(start, end, label) for start, end, label in row["label"]))
            identifier = str(row.get("key", row.get("id", len(examples))))
            plan = identifier.rsplit("-", 1)[0]
            examples.append(Example(identifier, row["text"], spans, plan=plan))
    return examples


def save_docbin(examples: Iterable[Example], path: Path) -> None:
    """Write a .spacy file."""
    import spacy

    to_docbin(examples, spacy.blank("xx")).to_disk(path)


def _spans(tags: Sequence[str]) -> list[Span]:
    spans, start, label = [], 0, ""
    for position, tag in enumerate([*tags, "O"]):
        if label and tag != f"I-{label}":
            spans.append(Span(start, position, label))
            label = ""
        if tag.startswith("B-"):
            start, label = position, tag[2:]
    return spans
