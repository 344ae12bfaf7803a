"""Where configs/ and models/ lie: beside the code in a checkout, inside the package in a wheel."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

from workplan.errors import UserError


@cache
def root() -> Path:
    """The folder that holds configs/ and models/.

    Raises UserError where neither a checkout nor a wheel's data is found.
    """
    here = Path(__file__).resolve().parent
    for candidate in (here / "_data", here.parent.parent):
        if (candidate / "configs").is_dir():
            return candidate
    raise UserError(
        "configs/ is missing from this installation (安装不完整)",
        where=str(here),
        remedy="install workplan again: pip install --force-reinstall workplan",
    )


def config(name: str) -> Path:
    """The file `configs/<name>`; a user's own copy under $WORKPLAN_CONFIGS comes first."""
    own = os.environ.get("WORKPLAN_CONFIGS")
    if own and (Path(own) / name).exists():
        return Path(own) / name
    return root() / "configs" / name


def model(name: str) -> Path:
    """The folder or file `models/<name>`."""
    return root() / "models" / name


def read_lexicon(name: str) -> tuple[str, ...]:
    """The entries of `configs/lexicons/<name>.txt`: one a line, `#` starts a comment."""
    lines = config(f"lexicons/{name}.txt").read_text(encoding="utf-8").split("\n")
    entries = (line.split("#", 1)[0].strip() for line in lines)
    return tuple(entry for entry in entries if entry)
