"""A file that gave no tasks, and why: one line of errors.jsonl."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from workplan.errors import FileError


@dataclass(frozen=True, slots=True)
class Failure:
    """`code` is a stable word for programs, `reason` and `advice` are for people."""

    path: str
    code: str
    reason: str
    advice: str

    @classmethod
    def of(cls, path: str, error: FileError) -> Failure:
        """What a reader's refusal of `path` becomes."""
        return cls(path, error.code, error.what, error.remedy)

    def record(self) -> dict[str, str]:
        """The failure as a line of errors.jsonl."""
        return asdict(self)
