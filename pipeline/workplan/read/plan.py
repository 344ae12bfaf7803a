"""One file to one Plan: what it is, its text, cleaned."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

from workplan.errors import FileError
from workplan.read.clean import clean
from workplan.read.draft import Draft
from workplan.read.encoding import chinese_share, decode
from workplan.read.fault import fault
from workplan.read.kind import Kind, kind_of
from workplan.read.settings import settings
from workplan.read.table import tabbed_rows
from workplan.types import Plan


def read_plan(path: Path | str) -> Plan:
    """Read one file: .txt .md .html .mhtml .docx .pdf, and .doc .wps .ofd by LibreOffice.

    Its content decides what it is, its name only where both could be. Raises FileError with one
    of the codes of workplan.read.fault.
    """
    path = Path(path)
    try:
        data = _load(path)
        kind = kind_of(data, path.suffix.lower())
        return _plan(_draft(data, kind, path), str(path), hashlib.sha256(data).hexdigest())
    except FileError as error:
        raise FileError(error.code, error.what, where=str(path), remedy=error.remedy) from error


def plan_from_text(text: str, path: str = "<text>") -> Plan:
    """Read a text that is at hand, as a txt file's. Raises FileError: empty, too-long, no-text."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return _plan(Draft(text, rows=tabbed_rows(text)), path, digest)


def _load(path: Path) -> bytes:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise fault("not-a-file")
        if status.st_size > (limit := settings().limits.file_bytes):
            raise fault("too-large", size=status.st_size, limit=limit)
        return path.read_bytes()
    except FileNotFoundError as error:
        raise fault("missing") from error
    except OSError as error:
        raise fault("unreadable", detail=error.strerror or str(error)) from error


def _draft(data: bytes, kind: Kind, path: Path) -> Draft:
    # Each reader is imported where it is called: their libraries are slow to load.
    if kind in ("text", "markdown"):
        return _draft_of_text(data, kind)
    if kind in ("html", "mhtml"):
        from workplan.read import web

        return web.read_html(data) if kind == "html" else web.read_mhtml(data)
    if kind == "pdf":
        from workplan.read.pdf import read_pdf

        return read_pdf(data)
    from workplan.read.word import read_docx

    if kind == "docx":
        return read_docx(data)
    from workplan.read.office import to_docx

    draft = read_docx(to_docx(data, path))
    if chinese_share(draft.source) < 0.1 and not draft.source.isascii():
        # LibreOffice makes a document of anything, of noise too.
        raise fault("not-converted", detail="what it made is no text")
    return draft


def _draft_of_text(data: bytes, kind: Kind) -> Draft:
    if len(data) > (limit := settings().limits.text_bytes):
        raise fault("too-large", size=len(data), limit=limit)
    decoded = decode(data)
    if decoded is None:
        raise fault("binary", detail="binary data") if b"\x00" in data else fault("encoding")
    if kind == "markdown":
        from workplan.read.web import read_markdown

        draft = read_markdown(decoded.text)
    else:
        draft = Draft(decoded.text, rows=tabbed_rows(decoded.text))
    if decoded.lost:
        draft.notes.append(f"{decoded.lost} characters could not be decoded (部分字符无法解码)")
    return draft


def _plan(draft: Draft, path: str, digest: str) -> Plan:
    limits = settings().limits
    if not draft.source.strip():
        raise fault("empty")
    if len(draft.source) > limits.characters:
        raise fault("too-long", detail=f"{len(draft.source):,} characters")
    longest = max(map(len, draft.source.splitlines()), default=0)
    if longest > limits.paragraph:
        raise fault("too-long", detail=f"a paragraph of {longest:,} characters")
    cleaned, metadata = clean(draft)
    if not cleaned.text:
        raise fault("no-text")
    return Plan(
        path=path,
        digest=digest,
        source=draft.source,
        text=cleaned.text,
        view=cleaned.view,
        origin=cleaned.origin,
        metadata=metadata,
        removed=cleaned.removed,
        rows=cleaned.rows,
    )
