"""A plan of three tasks, marked up by hand, for the tests of the writers."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, Literal

import numpy as np
import pytest

from workplan.types import Actor, Due, Extraction, Metadata, Plan, Sentence, Span, Target, Task

TITLE = "2031年云皮县教育工作要点"
HEAD = "一、扩充学位"
FIRST = "县教育局年底前新建公办园3所，普惠率达到85%以上。"
SECOND = "县财政局配合做好经费保障。"
LAST = "去年建成食堂12个。"
TEXT = f"{TITLE}\n{HEAD}\n{FIRST}{SECOND}\n{LAST}"
MARKS = {
    HEAD: "扩充/ACTION",
    FIRST: "县教育局/ORG 年底前/DEADLINE 新建/ACTION 公办园/METRIC 3所/QUANTITY"
    " 普惠率/METRIC 85%以上/QUANTITY",
    SECOND: "县财政局/ORG 做好/ACTION",
    LAST: "建成/ACTION 食堂/METRIC 12个/QUANTITY",
}


def make(path: str = "plans/教育.txt", title: str | None = TITLE) -> Extraction:
    """The plan as if it had been read from `path`."""
    sentences = [_sentence(words) for words in MARKS]
    plan = Plan(
        path=path,
        digest=hashlib.sha256(path.encode()).hexdigest(),
        source=TEXT.replace("\n", "\r\n\r\n"),
        text=TEXT,
        view=TEXT,
        origin=_origin(),
        metadata=Metadata(
            title, "云皮县教育局", "云教〔2031〕7号", 2031, TITLE[:8], {"成文日期": "2031-02-03"}
        ),
        removed=((0, 0, "navigation"),),
    )
    spans = [_spans(sentence) for sentence in sentences]
    return Extraction(plan, sentences, spans, _tasks(path), "by hand")


def _tasks(path: str) -> list[Task]:
    bureau = Actor("县教育局", "云皮县教育局", "responsible", 0, 4)
    due = Due(None, "2031-12-31")
    shared: Any = {"deadline": "年底前", "due": due, "orgs": ("县教育局",)}
    doubt = ("覆盖范围不明",)
    count = Target("公办园", "eq", 3, "所", "3所", **shared, spans=_places("公办园", "3所"))
    rate = Target(
        "普惠率",
        "ge",
        85,
        "%",
        "85%以上",
        **shared,
        spans=_places("普惠率", "85%以上"),
        reasons=doubt,
    )
    canteens = Target("食堂", "eq", 12, "个", "12个")
    return [
        _task(
            "a1", path, FIRST, "新建", "公办园3所", orgs=(bureau,), targets=(count, rate),
            deadline="年底前", due=due, confidence=0.871, needs_review=("目标值：覆盖范围不明",),
        ),
        _task(
            "a2", path, SECOND, "做好", "经费保障", confidence=0.95,
            orgs=(Actor("县财政局", None, "joint", 0, 4), Actor("县教育局", None, "lead")),
        ),
        _task("a3", path, LAST, "建成", "食堂12个", kind="result", targets=(canteens,)),
    ]  # fmt: skip


def _task(
    name: str, path: str, sentence: str, action: str, thing: str, kind: Any = "task", **more: Any
) -> Task:
    start = TEXT.index(sentence)
    verb = TEXT.index(action, start)
    return Task(
        name,
        path,
        (HEAD,),
        sentence,
        start,
        start + len(sentence),
        action,
        verb,
        verb + len(action),
        thing,
        action + thing,
        kind,
        **more,
    )


def _sentence(words: str) -> Sentence:
    start = TEXT.index(words)
    kind: Literal["heading", "sentence"] = "heading" if words == HEAD else "sentence"
    section = () if words == HEAD else (HEAD,)
    paragraph = TEXT[:start].count("\n")
    return Sentence(start, start + len(words), words, words, section, paragraph, kind)


def _spans(sentence: Sentence) -> list[Span]:
    marks = (mark.split("/") for mark in MARKS[sentence.text].split())
    starts = ((sentence.text.index(words), words, label) for words, label in marks)
    return [Span(start, start + len(words), label, 0.9) for start, words, label in starts]


def _places(metric: str, quantity: str) -> dict[str, tuple[int, int]]:
    found = {"metric": metric, "quantity": quantity}
    return {
        name: (FIRST.index(words), FIRST.index(words) + len(words)) for name, words in found.items()
    }


def _origin() -> np.ndarray:
    """Each newline of TEXT stands for four characters of the source, its first being meant."""
    places, at = [], 0
    for sign in TEXT:
        places.append(at)
        at += 4 if sign == "\n" else 1
    return np.array(places, dtype=np.int32)


@pytest.fixture(scope="session")
def extraction() -> Extraction:
    """The plan under its own name."""
    return make()


@pytest.fixture(scope="session")
def make_extraction() -> Callable[..., Extraction]:
    """Makes the plan under another path or title."""
    return make
