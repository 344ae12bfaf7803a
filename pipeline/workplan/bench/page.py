"""Figures in a page: the text between two marks is what was measured last."""

from __future__ import annotations

from pathlib import Path

from workplan.errors import UserError

BEGIN = "<!-- workplan bench: figures begin -->"
END = "<!-- workplan bench: figures end -->"


def check_page(page: Path) -> None:
    """Raises UserError where the page has no place for figures; asked before hours of work."""
    _split(page)


def put_figures(page: Path, text: str) -> None:
    """Replace what stands between the page's marks."""
    before, after = _split(page)
    page.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8", newline="\n")


def _split(page: Path) -> tuple[str, str]:
    try:
        text = page.read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(
            "the page cannot be read (无法读取页面)", where=str(page), remedy="name one that exists"
        ) from error
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise UserError(
            "the page has no marks to write figures between (页面缺少标记)",
            where=str(page),
            remedy=f"put the lines {BEGIN} and {END} into it",
        )
    return before, after
