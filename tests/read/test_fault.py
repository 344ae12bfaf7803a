"""Every bad file is refused with its code, the place, and advice in both languages."""

from __future__ import annotations

import io
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document

from workplan.errors import FileError
from workplan.read import plan_from_text, read_plan
from workplan.read.fault import CODES, fault

Write = Callable[[str, bytes], Path]
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 4
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504


@pytest.fixture
def plain_docx(saved: Callable[[Any], bytes]) -> bytes:
    document = Document()
    document.add_paragraph("云溪县2023年民政工作要点")
    document.add_paragraph("1.新建养老点12个。")
    return saved(document)


@pytest.fixture
def plain_pdf(drawn: Callable[..., bytes]) -> bytes:
    return drawn(draw_plan)


def draw_plan(canvas: Any) -> None:
    canvas.setFont("STSong-Light", 14)
    canvas.drawString(100, 700, "1.新建养老点12个，年底前完成。")


def with_part(package: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """A copy of a package with one part changed."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(package)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for part in old.namelist():
            data = old.read(part)
            new.writestr(part, change(data) if part == name else data)
    return stream.getvalue()


def code_of(path: Path | str) -> str:
    """The code of the error that reading `path` raises, its form checked."""
    with pytest.raises(FileError) as caught:
        read_plan(path)
    error = caught.value
    assert error.where == str(path)
    assert error.code in CODES
    assert re.search("[一-鿿]", error.what + error.remedy)
    assert error.remedy
    assert "Traceback" not in str(error)
    return error.code


@pytest.mark.parametrize("code", CODES)
def test_every_code_has_words_in_both_languages(code: str) -> None:
    error = fault(code, "a.txt", detail="x", size=1, limit=1)
    for text in (error.what + error.remedy,):
        assert re.search("[a-z]", text)
        assert re.search("[一-鿿]", text)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.txt", b"", "empty"),
        ("a.docx", b"", "empty"),
        ("a.txt", b"\xef\xbb\xbf \r\n\r\n", "empty"),
        ("a.txt", PNG, "binary"),
        ("a.txt", JPEG, "binary"),
        ("a.docx", PNG, "binary"),
        ("a.txt", b"\x7fELF" + bytes(200), "binary"),
        ("a.txt", bytes(range(256)) * 30, "binary"),
        ("a.docx", b"PK\x03\x04" + bytes(200), "damaged"),
        ("a.doc", OLE + "EncryptedPackage".encode("utf-16-le") + bytes(64), "encrypted"),
        ("a.pdf", b"%PDF-1.4\n1 0 obj<</Type/Cat", "damaged"),
        ("a.html", b"<html><body><script>a()</script><img src=a></body></html>", "no-text"),
        ("a.html", b"<div>" * 9000 + "<p>新建养老点。</p>".encode(), "damaged"),
        ("a.mhtml", b"MIME-Version: 1.0\nContent-Type: multipart/related\n\n--b\n\n", "damaged"),
        ("a.txt", "新建养老点，".encode() * 1_200_000, "too-large"),
        ("a.txt", "新建养老点，".encode() * 300_000, "too-long"),
        ("a.txt", "新建养老点，\n".encode() * 300_000, "too-long"),
    ],
)
def test_bytes_that_are_no_plan(name: str, data: bytes, code: str, write: Write) -> None:
    assert code_of(write(name, data)) == code


def test_cut_off_files(plain_docx: bytes, plain_pdf: bytes, write: Write) -> None:
    assert read_plan(write("a.docx", plain_docx)).text.endswith("12个。")
    assert read_plan(write("a.pdf", plain_pdf)).text.endswith("完成。")
    assert code_of(write("b.docx", plain_docx[: len(plain_docx) // 2])) == "damaged"
    assert code_of(write("b.pdf", plain_pdf[: len(plain_pdf) // 2])) == "damaged"


def test_archives_that_are_no_document(plain_docx: bytes, write: Write) -> None:
    renamed = plain_docx.replace(b"word/document.xml", b"word/documenx.xml")
    assert code_of(write("a.docx", renamed)) == "damaged"
    sheet = plain_docx.replace(b"word/document.xml", b"xl///document.xml")
    assert code_of(write("a.xlsx", sheet)) == "unsupported"


def test_a_docx_with_broken_markup(plain_docx: bytes, write: Write) -> None:
    broken = with_part(plain_docx, "word/document.xml", lambda part: part[: len(part) // 2])
    assert code_of(write("a.docx", broken)) == "damaged"


def test_a_docx_with_nothing_in_it(saved: Callable[[Any], bytes], write: Write) -> None:
    assert code_of(write("a.docx", saved(Document()))) == "no-text"


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>',
        b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>',
        b" " * 90_000 + b'<!DOCTYPE x SYSTEM "http://127.0.0.1/x.dtd">',
    ],
)
def test_entities_are_refused_unread(declaration: bytes, plain_docx: bytes, write: Write) -> None:
    hostile = with_part(
        plain_docx, "word/document.xml", lambda part: part.replace(b"?>", b"?>" + declaration, 1)
    )
    assert code_of(write("a.docx", hostile)) == "bomb"


def test_entities_in_a_page_open_nothing(write: Write, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("机密")
    page = f'<!DOCTYPE html [<!ENTITY a SYSTEM "{secret}">]><p>新建养老点&a;12个。</p>'
    assert "机密" not in read_plan(write("a.html", page.encode())).source


def test_a_docx_that_unpacks_too_far(plain_docx: bytes, write: Write) -> None:
    bomb = with_part(
        plain_docx,
        "word/document.xml",
        lambda part: part.replace(b"</w:body>", b" " * 40_000_000 + b"</w:body>"),
    )
    assert len(bomb) < 200_000
    assert code_of(write("a.docx", bomb)) == "bomb"


def test_a_pdf_that_unpacks_too_far(write: Write) -> None:
    packed = zlib.compress(b"0 0 m " * 50_000_000, 9)
    body = (
        b"%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Filter/FlateDecode/Length %d>>\nstream\n" % len(packed)
    )
    assert code_of(write("a.pdf", body + packed + b"\nendstream endobj\n%%EOF")) == "bomb"


def test_a_pdf_with_a_password(drawn: Callable[..., bytes], write: Write) -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption

    locked = drawn(draw_plan, encrypt=StandardEncryption("secret", "owner"))
    assert code_of(write("a.pdf", locked)) == "encrypted"


def test_a_scan(drawn: Callable[..., bytes], write: Write, tmp_path: Path) -> None:
    from PIL import Image

    picture = tmp_path / "page.png"
    Image.new("RGB", (50, 70), (250, 250, 250)).save(picture)

    def scan(canvas: Any) -> None:
        for number in range(3):
            canvas.drawImage(str(picture), 0, 0, 595, 842)
            canvas.drawString(290, 20, str(number + 1))
            canvas.showPage()

    assert code_of(write("scan.pdf", drawn(scan))) == "no-text"
    assert code_of(write("blank.pdf", drawn(lambda canvas: canvas.showPage()))) == "no-text"


def test_places_that_are_no_files(tmp_path: Path) -> None:
    assert code_of(tmp_path) == "not-a-file"
    assert code_of(tmp_path / "none.txt") == "missing"
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.txt")
        assert code_of(tmp_path / "pipe.txt") == "not-a-file"


def test_a_file_that_may_not_be_opened(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write("a.txt", b"x")
    path.chmod(0)
    if os.access(path, os.R_OK):  # the superuser may open anything

        def refuse(self: Path) -> bytes:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "read_bytes", refuse)
    assert code_of(path) == "unreadable"
    path.chmod(stat.S_IRWXU)


def test_old_office_files_need_libreoffice(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    for name in ("a.doc", "a.wps"):
        assert code_of(write(name, OLE + bytes(2000))) == "no-converter"
    with pytest.raises(FileError, match="另存为 docx"):
        read_plan(write("a.rtf", b"{\\rtf1 x}"))


def converter(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Put a program named soffice on the path that does what `script` says."""
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=os.pathsep)


@pytest.mark.skipif(os.name != "posix", reason="the stand-in for LibreOffice is a shell script")
def test_what_libreoffice_makes_is_read(
    plain_docx: bytes, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = write("made.docx", plain_docx)
    converter(tmp_path, monkeypatch, f'while [ "$2" ]; do shift; done; cp {made} "${{1%.*}}.docx"')
    plan = read_plan(write("a.doc", OLE + bytes(2000)))
    assert plan.text == "云溪县2023年民政工作要点\n1.新建养老点12个。"
    assert plan.path.endswith("a.doc")


@pytest.mark.skipif(os.name != "posix", reason="the stand-in for LibreOffice is a shell script")
@pytest.mark.parametrize("script", ["exit 0", "echo broken >&2; exit 3"])
def test_what_libreoffice_cannot_make(
    script: str, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    converter(tmp_path, monkeypatch, script)
    assert code_of(write("a.doc", OLE + bytes(2000))) == "not-converted"


def test_a_text_at_hand_is_checked_too() -> None:
    for text, code in [("", "empty"), (" \n", "empty"), ("分享到：\n", "no-text")]:
        with pytest.raises(FileError) as caught:
            plan_from_text(text)
        assert caught.value.code == code


def test_damaged_characters_are_counted(write: Write) -> None:
    text = "1.新建养老点12个，年底前完成。\n" * 20
    plan = read_plan(write("a.txt", text.encode()[:-3]))
    assert any("无法解码" in reason for reason in plan.metadata.reasons)
