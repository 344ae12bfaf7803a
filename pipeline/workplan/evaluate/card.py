"""The card of an evaluated labeller: what it reached on these plans, and what it was made from."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from workplan.tag.labeller import Labeller

_SECTION = re.compile(r"^## Made from\n.*?(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def card(labeller: Labeller, plans: str, tables: Sequence[str]) -> str:
    """The card in Markdown. `plans` says what was scored on, `tables` are plain text.

    For a model's folder also the section "Made from" of its README.md and the checksums of its
    card.json.
    """
    parts = [f"# {labeller.name}", plans, *(f"```\n{table}\n```" for table in tables)]
    folder = getattr(labeller, "folder", None)
    if folder is not None:
        parts += [_made_from(folder), _files(folder)]
    return "\n\n".join(filter(None, parts)) + "\n"


def _made_from(folder: Path) -> str:
    readme = folder / "README.md"
    found = _SECTION.search(readme.read_text(encoding="utf-8")) if readme.is_file() else None
    return found[0].strip() if found else ""


def _files(folder: Path) -> str:
    sums = json.loads((folder / "card.json").read_text(encoding="utf-8"))["sha256"]
    rows = [f"| `{name}` | `{digest}` |" for name, digest in sums.items()]
    return "\n".join(["## Files", "", "| file | SHA-256 |", "|---|---|", *rows])
