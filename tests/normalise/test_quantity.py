"""Quantities: the table of readings, the gold's, baselines, and how fast they are read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from expressions import bracketed, rows

from workplan.normalise import baseline_of, read_quantity
from workplan.types import Value


def _value(written: str) -> Value:
    if written == "-":
        return None
    if "~" in written:
        low, high = written.split("~")
        return float(low), float(high)
    return float(written)


@pytest.mark.parametrize("row", rows("quantities.tsv"), ids=lambda row: row[0])
def test_reading(row: list[str]) -> None:
    sentence, comparator, value, unit, kind, per = row
    before, text, after = bracketed(sentence)
    quantity = read_quantity(text, before=before, after=after)
    assert quantity.value == _value(value)
    assert (quantity.comparator, quantity.unit) == (comparator, unit)
    assert (quantity.kind, quantity.per or "-") == (kind, per)
    assert (quantity.reason is None) == (value != "-")


def test_whole_numbers_are_ints() -> None:
    assert isinstance(read_quantity("3.5万人").value, int)
    assert isinstance(read_quantity("8.5%").value, float)


def test_reasons_name_the_words() -> None:
    assert "x家" in (read_quantity("x家").reason or "")
    assert "遮盖" in (read_quantity("xx.xx%").reason or "")
    assert "断开" in (read_quantity("8 5%").reason or "")
    assert "序数" in (read_quantity("第一期").reason or "")


BASELINES = [
    ("补助标准由[320元]提高到[356元]", True),
    ("规范管理率从[70%]提升至[85%以上]", True),
    ("床位由2020年的[3.1万张]增加到2025年的[4万张]", True),
    ("平均住院日从[9.2天]，降到[8天以内]", True),
    ("办理时限由原来的[每件20天]压缩为[5天]", True),
    ("消防通道由[3米]扩至[4米]", True),
    ("河道由[30米]拓宽到[50米]", True),
    ("审批时限由[10天]压至[5天]", True),
    ("培训[200人]，考核通过率提高到[95%]", False),
    ("从三个方面入手，新建[3所]，改造到[5所]", False),
    ("新建[3所]、改造[5所]", False),
]


@pytest.mark.parametrize(("sentence", "is_baseline"), BASELINES)
def test_baseline(sentence: str, is_baseline: bool) -> None:
    text, spans = "", []
    for piece in sentence.split("["):
        inside, _, outside = piece.partition("]") if "]" in piece else ("", "", piece)
        if inside:
            spans.append((len(text), len(text) + len(inside)))
        text += inside + outside
    assert baseline_of(text, spans[1], spans) == (spans[0] if is_baseline else None)
    assert baseline_of(text, spans[0], spans) is None


def test_agrees_with_gold(shared: Path) -> None:
    """Value, comparator and unit of every target in the gold's training part."""
    right = total = 0
    for line in (shared / "gold" / "train.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        text = record["text"]
        spans = [tuple(span[:2]) for span in record["spans"] if span[2] == "QUANTITY"]
        for target in record["targets"]:
            at = next((s for s in spans if text[s[0] : s[1]] == target["quantity"]), None)
            if at is None:
                continue
            spans.remove(at)
            quantity = read_quantity(target["quantity"], before=text[: at[0]], after=text[at[1] :])
            value = list(quantity.value) if isinstance(quantity.value, tuple) else quantity.value
            ours = (value, quantity.comparator, quantity.unit)
            right += ours == (target["value"], target["comparator"], target["unit"])
            total += 1
    assert total > 1500
    assert right / total >= 0.99


def test_a_line_break_does_not_hide_a_denial() -> None:
    assert read_quantity("超过15天", before="审批时限不得\n").comparator == "le"
