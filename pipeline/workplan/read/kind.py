"""What a file is by its first bytes; its name decides only between kinds of plain text."""

from __future__ import annotations

import io
import re
import zipfile
from typing import Literal

from workplan.read.fault import fault

Kind = Literal["text", "markdown", "html", "mhtml", "docx", "pdf", "office"]

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM", "a BMP picture"),
    (b"II*\x00", "a TIFF picture"),
    (b"MM\x00*", "a TIFF picture"),
    (b"RIFF", "a sound, film or picture"),
    (b"\x00\x00\x01\x00", "an icon"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"BZh", "a bzip2 archive"),
    (b"\xfd7zXZ\x00", "an xz archive"),
    (b"MZ", "a program"),
    (b"\x7fELF", "a program"),
    (b"ID3", "a sound"),
    (b"SQLite format 3\x00", "a database"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")

_HTML = re.compile(rb"<(?:!doctype\s+html|(?:html|head|body|table|div|p)\b[^<>]{0,500})>", re.I)
_WORD_XML = re.compile(rb"<(?:w:wordDocument|office:document|pkg:package)\b")
_MHTML = re.compile(rb"(?:^|\n)(?:MIME-Version|Content-Type:\s*multipart/related)", re.I)


def kind_of(data: bytes, suffix: str = "") -> Kind:
    """The kind of a file that holds `data`; `suffix` (".md") is believed only of text.

    Raises FileError: empty, binary, damaged, encrypted, unsupported.
    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise fault("empty")
    if data.startswith(_ZIP):
        return _kind_of_zip(data)
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise fault("encrypted")
        return "office"
    if data.startswith(b"{\\rtf"):
        return "office"
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if picture := _binary_kind(data):
        raise fault("binary", detail=picture)
    return _kind_of_text(data, suffix)


def _kind_of_zip(data: bytes) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise fault("damaged", detail=str(error)) from error
    if "word/document.xml" in names:
        return "docx"
    if "OFD.xml" in names or "content.xml" in names:
        return "office"
    if any(name.startswith(("xl/", "ppt/")) for name in names):
        raise fault("unsupported", detail="a spreadsheet or a presentation")
    if "[Content_Types].xml" in names:
        raise fault("damaged", detail="word/document.xml is missing")
    raise fault("unsupported", detail="a ZIP archive without a document")


def _binary_kind(data: bytes) -> str | None:
    """In words, what the bytes are when they start like no text; None for what may be text."""
    if data[4:8] == b"ftyp":
        return "a film or a picture"
    for magic, words in _MAGIC:
        # Two letters may begin a text too: a second look for zeros, which text has none of.
        if data.startswith(magic) and (len(magic) > 3 or b"\x00" in data[:64] or magic > b"\x7f"):
            return words
    return None


def _kind_of_text(data: bytes, suffix: str) -> Kind:
    head = data[:8192].replace(b"\x00", b"")  # UTF-16 shows its ASCII this way
    if _MHTML.search(head[:2048]) and b"multipart/" in head.lower():
        return "mhtml"
    if _WORD_XML.search(head):
        return "office"
    # A few tags may be left over in a text; a page that has none is a text by another name.
    if len(_HTML.findall(head)) >= (1 if suffix in (".html", ".htm") else 3):
        return "html"
    return "markdown" if suffix in (".md", ".markdown") else "text"
