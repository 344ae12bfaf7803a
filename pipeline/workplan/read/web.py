"""Web pages, saved web archives and markdown as drafts.

trafilatura says which part of a page is its content. It may still leave out a table or an
annex, so its word only settles where the content lies: inside, every block is kept; outside,
what is not plainly the site's own.
"""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from typing import TYPE_CHECKING

from workplan.read.draft import Draft, DraftWriter
from workplan.read.encoding import decode
from workplan.read.fault import fault
from workplan.read.front import HEADING
from workplan.read.page import Block, blocks_of
from workplan.read.script import fold
from workplan.read.settings import settings

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,20})", re.I)
_STATED = {
    "articletitle": "title",
    "pubdate": "发布日期",
    "contentsource": "source",
}
"""The <meta> names that government sites give their articles by the national standard."""
_INLINE = re.compile(r"</?(?:font|span|b|strong|em|i|u|o:p|st1:[a-z]+)\b[^<>]*>", re.I)
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MANY = 5000
"""Blocks above which a page is read whole; no page of a plan has so many."""
_DEEP = 1_000_000
"""Sum of all elements' depths above which a page is read whole: telling content from site takes
time in proportion, and ordinary pages stay far below it."""
_ENOUGH = 0.9
"""Share of what trafilatura extracts that the element taken for the content must hold."""


def read_html(data: bytes) -> Draft:
    """The draft of an HTML page. Raises FileError: encoding, no-text."""
    declared = _CHARSET.search(data[:4096])
    decoded = decode(data, declared[1].decode("ascii") if declared else None)
    if decoded is None:
        raise fault("encoding")
    return draft_of(decoded.text)


def read_mhtml(data: bytes) -> Draft:
    """The draft of a saved web archive: its first HTML part. Raises FileError: damaged."""
    import email
    import email.policy

    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        if part.get_content_type() == "text/html":
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content.strip():
                return read_html(content)
    raise fault("damaged", detail="the web archive holds no page")


def read_markdown(text: str) -> Draft:
    """The draft of a markdown text; each of its lines stays a line."""
    from markdown_it import MarkdownIt

    renderer = MarkdownIt("commonmark", {"breaks": True, "html": False}).enable("table")
    return draft_of(renderer.render(text), whole=True)


def draft_of(page: str, *, whole: bool = False) -> Draft:
    """The draft of a page's markup; `whole`: all of it is content. Raises FileError: no-text."""
    root = _parsed(page)
    labels = frozenset(settings().labels)
    blocks = blocks_of(root, labels)
    if not blocks:
        raise fault("no-text")
    first, last = (0, len(blocks)) if whole else _content(root, blocks)
    asides = [""] * len(blocks) if whole else _asides(blocks, first, last)
    writer = DraftWriter()
    for number, (block, dropped) in enumerate(zip(blocks, asides, strict=True)):
        if number == first:
            writer.draft.main = writer.length
        writer.add(block.text, row=block.row and not dropped, dropped=dropped)
    writer.draft.stated = _stated(root)
    return writer.done()


def _parsed(page: str) -> HtmlElement:
    """The page's elements. Raises FileError: no-text, damaged."""
    root, is_cut = _tree(page)
    if is_cut:
        # Thousands of unclosed <font> and <span> nest too deeply to parse; they mean nothing.
        root, is_cut = _tree(_INLINE.sub("", page))
        if is_cut:
            raise fault("damaged", detail="its elements nest too deeply")
    return root


def _tree(page: str) -> tuple[HtmlElement, bool]:
    """The page's elements, and whether the parser gave up before the page's end."""
    from lxml import etree, html

    # The parser opens no files and no addresses; what markup must not hold is left out.
    parser = html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True, remove_pis=True)
    try:
        root = html.document_fromstring(_UNPRINTABLE.sub("", page).encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise fault("no-text") from error
    return root, any("depth" in entry.message.lower() for entry in parser.error_log)


def _content(root: HtmlElement, blocks: Sequence[Block]) -> tuple[int, int]:
    """The first block of the page's content and the one after its last."""
    plain = len(blocks) <= _MANY and _depths(root) <= _DEEP
    extracted = _squash(_extract(root)) if plain else ""
    inside = [
        number
        for number, block in enumerate(blocks)
        if len(block.text) > 3 and _squash(block.text) in extracted
    ]
    holder = _smallest_holder([blocks[number] for number in inside])
    if holder is None:
        return 0, len(blocks)
    held = [
        number
        for number, block in enumerate(blocks)
        if block.place is holder or holder in block.place.iterancestors()
    ]
    return held[0], held[-1] + 1


def _depths(root: HtmlElement) -> int:
    """The sum of all elements' depths."""
    from lxml import etree

    depth = total = 0
    for event, _ in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        total += depth if event == "start" else 0
    return total


def _extract(root: HtmlElement) -> str:
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    tree = deepcopy(root)
    for cell in tree.iter("td", "th"):  # spans of thousands would take it minutes
        cell.attrib.clear()
    try:
        return (
            trafilatura.extract(
                tree,
                include_comments=False,
                include_tables=True,
                favor_recall=True,
                with_metadata=False,
            )
            or ""
        )
    except (RecursionError, ValueError, AttributeError, TypeError):
        # Its word only helps to tell content from site; without it all counts as content.
        return ""


def _squash(text: str) -> str:
    return re.sub(r"[\W_]+", "", fold(text))


def _smallest_holder(blocks: Sequence[Block]) -> object | None:
    """The innermost element around nearly all of the text of `blocks`."""
    weights: Counter[object] = Counter()
    depth: dict[object, int] = {}
    for block in blocks:
        line = [block.place, *block.place.iterancestors()]
        for height, element in enumerate(reversed(line)):
            weights[element] += len(block.text)
            depth[element] = height
    total = sum(len(block.text) for block in blocks)
    heavy = [element for element, weight in weights.items() if weight >= _ENOUGH * total]
    return max(heavy, key=lambda element: depth[element], default=None)


def _asides(blocks: Sequence[Block], first: int, last: int) -> list[str]:
    """Why each block is not the plan's, "" where it may be; content is blocks[first:last]."""
    visible = sum(len(block.text) for block in blocks if block.aside != "hidden")
    if visible * 2 < sum(len(block.text) for block in blocks):
        for block in blocks:  # scripts would show it: panels behind tabs
            block.aside = "" if block.aside == "hidden" else block.aside
    asides = [
        _aside(block, before=number < first, after=number >= last)
        for number, block in enumerate(blocks)
    ]
    for number in range(len(blocks) - 2):
        if all(block.linked > 0.9 * len(block.text) for block in blocks[number : number + 3]):
            asides[number : number + 3] = [
                why or "navigation" for why in asides[number : number + 3]
            ]
    return asides


def _aside(block: Block, *, before: bool, after: bool) -> str:
    """Why a block alone is not the plan's.

    Before the content stand its title and card, so what is not linked stays for cleaning to
    judge; after it a long unlinked paragraph may be an annex.
    """
    linked = block.linked * 2 > len(block.text)
    if block.aside and (before or after or linked or block.aside == "hidden"):
        return block.aside
    if not (before or after):
        return ""
    if linked:
        return "navigation"
    is_prose = (
        block.place.tag == "table"
        or len(block.text) >= 30
        or re.search("[。；]", block.text) is not None
        or HEADING.match(block.text) is not None
    )
    return "navigation" if after and not is_prose else ""


def _stated(root: HtmlElement) -> dict[str, str]:
    stated: dict[str, str] = {}
    for meta in root.iter("meta"):
        role = _STATED.get((meta.get("name") or "").lower())
        if role and (content := (meta.get("content") or "").strip()):
            stated.setdefault(role, content)
    return stated
