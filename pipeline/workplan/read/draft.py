"""What a reader makes of one file: its text in order, before anything is cleaned."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Draft:
    """`source` has a paragraph or table row a line.

    `dropped` are stretches of `source` that the file's own form shows to be no text of the plan
    (start, end, why), sorted; they may swallow a newline, which joins what stands around them.
    `rows` are the offsets at which table rows start. Nothing of the plan stands before `main`.
    `stated` is what the file says of itself beside its text, by role ("title", "发布日期").
    `notes` are reasons that the clerk should read.
    """

    source: str
    dropped: list[tuple[int, int, str]] = field(default_factory=list)
    rows: set[int] = field(default_factory=set)
    main: int = 0
    stated: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


class DraftWriter:
    """Collects paragraphs into a Draft."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self.draft = Draft("")

    @property
    def length(self) -> int:
        """Characters written so far, which is the offset of the next one."""
        return self._length

    def add(self, text: str, *, row: bool = False, dropped: str = "", end: str = "\n") -> None:
        """Append one paragraph, row or dropped stretch, closed by `end`."""
        start = self._length
        if row:
            self.draft.rows.add(start)
        self._parts += (text, end)
        self._length += len(text) + len(end)
        if dropped and text:
            self.draft.dropped.append((start, start + len(text), dropped))

    def done(self) -> Draft:
        """The draft of all that was added."""
        self.draft.source = "".join(self._parts)
        return self.draft
