"""Every error a user can cause, in one place: what is wrong, where, what to do.

A `UserError` ends a command with its message and exit code 2, never with a traceback. A
`FileError` concerns one input file: a batch writes it to errors.jsonl and goes on.
"""

from __future__ import annotations


class UserError(Exception):
    """A mistake in how a command was called or set up."""

    def __init__(self, what: str, *, where: str = "", remedy: str = "") -> None:
        self.what, self.where, self.remedy = what, where, remedy
        place = f"{where}: " if where else ""
        advice = f"\n  → {remedy}" if remedy else ""
        super().__init__(f"{place}{what}{advice}")


class FileError(UserError):
    """One file that cannot be read. `code` is a stable word for programs ("empty", "no-text")."""

    def __init__(self, code: str, what: str, *, where: str = "", remedy: str = "") -> None:
        self.code = code
        super().__init__(what, where=where, remedy=remedy)
