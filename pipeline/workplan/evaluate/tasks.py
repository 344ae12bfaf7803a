"""Scores of target records: how many figures are right, wrong, left empty or lost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from workplan.assemble import targets_of
from workplan.train.corpus import Example
from workplan.types import Span, Target

FULL = ("metric", "comparator", "value", "unit", "deadline")
CORE = ("metric", "comparator", "value")


@dataclass(frozen=True)
class TargetScores:
    """F1 of whole records and of metric, comparator and value alone; how values fared.

    `values` counts the numbers given; `wrong_values` those of them that differ from the gold
    record of the same quantity; `surplus` the records whose quantity has no gold record (a figure
    read rightly that states no target); `lost` the gold records whose quantity has none here.
    """

    full_f1: float
    core_f1: float
    gold: int
    predicted: int
    values: int
    wrong_values: int
    surplus: int
    lost: int

    @property
    def wrong_share(self) -> float:
        """Wrong values per value given."""
        return self.wrong_values / self.values if self.values else 0.0

    @property
    def lost_share(self) -> float:
        """Gold records whose quantity appears in no record."""
        return self.lost / self.gold if self.gold else 0.0


def score_targets(examples: Sequence[Example], found: Sequence[Sequence[Span]]) -> TargetScores:
    """Read the records that `found` spans lead to and compare them with the gold ones."""
    full = core = gold = predicted = values = wrong = surplus = lost = 0
    for example, spans in zip(examples, found, strict=True):
        year = example.extra.get("year")
        records = [as_record(target) for target in targets_of(example.text, list(spans), year)]
        wanted = list(example.targets)
        gold, predicted = gold + len(wanted), predicted + len(records)
        full += _matches(wanted, records, FULL)
        core += _matches(wanted, records, CORE)
        values += sum(record["value"] is not None for record in records)
        wrong += _wrong(wanted, records)
        surplus += _unmatched(records, wanted)
        lost += _unmatched(wanted, records)
    return TargetScores(
        _f1(full, gold, predicted),
        _f1(core, gold, predicted),
        gold,
        predicted,
        values,
        wrong,
        surplus,
        lost,
    )


def as_record(target: Target) -> dict[str, Any]:
    """The fields of a target that are compared, and its raw quantity."""
    return {key: getattr(target, key) for key in (*FULL, "quantity")}


def differences(
    example: Example, spans: Sequence[Span]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Gold records that were not read, and records read that are not gold."""
    records = [as_record(t) for t in targets_of(example.text, list(spans), None)]
    missing = list(example.targets)
    surplus = []
    for record in records:
        key = _key(record, FULL)
        match = next((m for m in missing if _key(m, FULL) == key), None)
        if match is None:
            surplus.append(record)
        else:
            missing.remove(match)
    return missing, surplus


def _matches(
    wanted: Sequence[Mapping[str, Any]], records: Sequence[Mapping[str, Any]], keys: Sequence[str]
) -> int:
    left = [_key(record, keys) for record in records]
    hits = 0
    for target in wanted:
        key = _key(target, keys)
        if key in left:
            left.remove(key)
            hits += 1
    return hits


def _key(record: Mapping[str, Any], keys: Sequence[str]) -> tuple[Any, ...]:
    return tuple(_number(record.get(k)) if k == "value" else record.get(k) or "" for k in keys)


def _number(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_number(item) for item in value)
    return None if value is None else round(float(value), 6)


def _wrong(wanted: Sequence[Mapping[str, Any]], records: Sequence[Mapping[str, Any]]) -> int:
    """Numbers given for a quantity that has gold records, none of which says that number."""
    left = [(target["quantity"], _number(target.get("value"))) for target in wanted]
    known = {quantity for quantity, _ in left}
    wrong = 0
    for record in records:
        pair = (record["quantity"], _number(record["value"]))
        if pair in left:
            left.remove(pair)
        elif record["value"] is not None and record["quantity"] in known:
            wrong += 1
    return wrong


def _unmatched(rows: Sequence[Mapping[str, Any]], others: Sequence[Mapping[str, Any]]) -> int:
    """How many of `rows` have a quantity that is not left over among `others`."""
    left = [other["quantity"] for other in others]
    unmatched = 0
    for row in rows:
        if row["quantity"] in left:
            left.remove(row["quantity"])
        else:
            unmatched += 1
    return unmatched


def _f1(right: int, gold: int, predicted: int) -> float:
    return 2 * right / (gold + predicted) if gold + predicted else 1.0
