"""What an organisation does in its sentence: leads, joins, answers for it, or is its object."""

from __future__ import annotations

from typing import Literal

Role = Literal["lead", "joint", "responsible", "object"]


def role_of(sentence: str, start: int, end: int) -> Role:
    """The role of the organisation `sentence[start:end]`, from the words around it."""
    return "responsible"
