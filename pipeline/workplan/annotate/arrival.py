"""What arrived on the server, compared with what was sent; what an interruption left is mended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from workplan.annotate.client import Doccano, Row
from workplan.annotate.journal import Sent
from workplan.annotate.rows import KEY, drawn, own_rows
from workplan.annotate.settings import Settings
from workplan.errors import UserError


@dataclass(frozen=True)
class Arrival:
    """How many sentences had their spans redrawn, and how many copies were removed."""

    mended: int
    doubled: int


def check_arrival(
    doccano: Doccano, number: int, sent: Sequence[Sent], settings: Settings
) -> Arrival:
    """See that each sentence stands in the project once and with its spans.

    The worker may import twice what it began before it was killed, and sentences without their
    spans: copies are removed and spans drawn, unless somebody worked on them meanwhile. Raises
    UserError where a text differs or is missing.
    """
    copies: dict[str | None, list[Row]] = defaultdict(list)
    for row in sorted(own_rows(doccano, number), key=lambda row: row["id"]):
        copies[row.get(KEY)].append(row)
    for sentence in sent:
        if {row["text"] for row in copies[sentence.id]} != {sentence.text}:
            raise UserError(
                "a sentence did not arrive as it was sent (句子未完整送达)",
                where=f"{doccano.url}/projects/{number}: {sentence.id}",
                remedy="delete it there if it is damaged, then run the same command again",
            )
    doubles = [rows for rows in (copies[s.id] for s in sent) if len(rows) > 1]
    bare = [s for s in sent if s.spans and not all(row["label"] for row in copies[s.id])]
    if not doubles and not bare:
        return Arrival(0, 0)
    touched = _touched(doccano, number)
    removed = 0
    for rows in doubles:
        rows.sort(key=lambda row: (row["id"] not in touched, not row["label"], row["id"]))
        for row in [row for row in rows[1:] if row["id"] not in touched]:
            doccano.delete_example(number, row["id"])
            removed += 1
    mended = 0
    types = {row["text"]: row["id"] for row in doccano.types(number)}
    for sentence in bare:
        row = copies[sentence.id][0]
        if row["label"] or row["id"] in touched:
            continue
        for start, end, name in drawn(sentence, settings):
            doccano.add_span(number, row["id"], start, end, types[name])
        mended += 1
    return Arrival(mended, removed)


def _touched(doccano: Doccano, number: int) -> set[int]:
    """The rows that somebody ticked, or in which somebody else has drawn spans."""
    ticked, everything = doccano.download(number, confirmed=True), doccano.download(number)
    ids = {row["id"] for rows in ticked.values() for row in rows}
    for user, rows in everything.items():
        if user not in (doccano.user, "all"):
            ids |= {row["id"] for row in rows if row["label"]}
    return ids
