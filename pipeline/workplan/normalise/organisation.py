"""Who an ORG span names: one canonical name and id within a plan and across plans."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

Level = Literal["national", "province", "city", "county", "township"]


@dataclass(frozen=True, slots=True)
class Canonical:
    """An organisation in full: 市卫健委 in a plan of Fuzhou is 福州市卫生健康委员会.

    `id` is the same wherever the same body is named. `reason` says what the plan and its issuer
    leave open (a 市 that nothing names), and then `name` keeps the text's own words.
    """

    name: str
    id: str
    level: Level | None = None
    place: str | None = None
    reason: str | None = None


def canonical(name: str, issuer: str | None = None) -> Canonical:
    """The full name of `name` in a plan that `issuer` (福州市卫生健康委员会) put out."""
    return Canonical(name, hashlib.sha256(name.encode()).hexdigest()[:12])


def split_orgs(text: str) -> list[tuple[int, int]]:
    """The organisations of a list (市疾控中心、各县（市）区卫健局) as offsets into `text`."""
    return [(0, len(text))]
