"""What is checked before a packed file is opened: that it unpacks to no more than a document."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from workplan.read.fault import fault
from workplan.read.settings import settings

UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    ValueError,
    OSError,
    NotImplementedError,
)
"""What opening a damaged archive, or a part of it, may raise."""
_HARMLESS = 1 << 20
"""Bytes up to which a part may be packed as tightly as it likes; empty tables are."""
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_DICTIONARY = 1024
"""Bytes before a stream in which its dictionary stands."""


def check_package(data: bytes) -> None:
    """Raise FileError (bomb, encrypted, damaged) where unpacking `data` is not safe.

    Archives state the size of their parts; reading never goes beyond what they state.
    """
    limits = settings().limits
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            total = sum(part.file_size for part in parts)
            if total > limits.unpacked_bytes:
                raise fault("bomb", detail=f"{total:,} bytes")
            for part in parts:
                if part.flag_bits & 1:
                    raise fault("encrypted")
                ratio = part.file_size / max(part.compress_size, 1)
                if part.file_size > _HARMLESS and ratio > limits.ratio:
                    raise fault("bomb", detail=f"{part.filename} unpacks {ratio:,.0f} times")
                if part.filename.endswith((".xml", ".rels")):
                    _check_xml(archive.read(part), part.filename)
    except UNREADABLE as error:
        raise fault("damaged", detail=str(error)) from error


def check_streams(data: bytes) -> None:
    """Raise FileError (bomb) where the packed streams of a PDF unpack to too much.

    Pictures are left out: they are large and never unpacked.
    """
    left = settings().limits.unpacked_bytes
    for match in _STREAM.finditer(data):
        declared = data[max(0, match.start() - _DICTIONARY) : match.start()]
        if b"/Image" in declared.rpartition(b" obj")[2]:
            continue
        left -= _unpacked(data, match.end(), left)
        if left <= 0:
            raise fault("bomb", detail=f"over {settings().limits.unpacked_bytes:,} bytes")


def _unpacked(data: bytes, start: int, limit: int) -> int:
    """The bytes that the zlib stream at `start` unpacks to, counted up to `limit`."""
    unpacker, size = zlib.decompressobj(), 0
    at, step = start, 1 << 16
    try:
        while size <= limit and not unpacker.eof and at < len(data):
            size += len(unpacker.decompress(unpacker.unconsumed_tail or data[at : at + step], step))
            if not unpacker.unconsumed_tail:
                at += step
    except zlib.error:  # another filter, or damage: the reader will say
        pass
    return size


def _check_xml(part: bytes, name: str) -> None:
    """An office document's XML never declares a document type; entities hide in those."""
    plain = part.replace(b"\x00", b"") if b"\x00" in part[:4] else part  # UTF-16
    if b"<!DOCTYPE" in plain:
        raise fault("bomb", detail=f"{name} declares entities")
