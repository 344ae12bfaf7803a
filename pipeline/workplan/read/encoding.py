"""Bytes to text: the encodings of Chinese office files, told apart by what they decode to.

A strict decoding is not enough: most GB18030 bytes are also valid Big5 and the other way round.
Of the decodings that work, the one with the most everyday characters is right.
"""

from __future__ import annotations

import codecs
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from workplan import resources
from workplan.read.script import fold

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
_CHINESE = ("gb18030", "big5", "cp950", "big5hkscs", "utf-16-le", "utf-16-be")
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "hz": "gb18030", "big5_tw": "big5"}
_SAMPLE = 1 << 16
"""Bytes that are enough to tell an encoding by."""
_DAMAGE = 0.02
"""Share of characters that may be unreadable in a file that is read all the same."""


_printable = set("\t\n\r\f\v")
"""Characters met so far that text may hold; looked up once each."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """`lost` counts the characters that stand as U+FFFD because their bytes are damaged."""

    text: str
    encoding: str
    lost: int = 0


def decode(data: bytes, declared: str | None = None) -> Decoded | None:
    """The text of `data`, without a byte order mark; None where no encoding makes text of it.

    `declared` is what the file says of itself (an HTML page's charset); it is believed only where
    it works and yields Chinese.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _strictly(data[len(mark) :], encoding) or _leniently(
                data[len(mark) :], (encoding,)
            )
    stated = _strictly(data, _WIDER.get(_name(declared), declared)) if declared else None
    if stated and chinese_share(stated.text) >= 0.3:
        return stated
    if (unicode := _strictly(data, "utf-8")) and _is_surely_unicode(unicode.text):
        return unicode
    return _likeliest(data) or _leniently(data, ("utf-8", "gb18030", "big5"))


def chinese_share(text: str) -> float:
    """How much of what is past ASCII is everyday Chinese, from 1 down to -1; 0 where none is.

    Private and unassigned characters, which wrong decodings are full of, count against it.
    """
    marks = [char for char in fold(text[:_SAMPLE]) if char > "\x7f"]
    if not marks:
        return 0.0
    common = _common_characters()
    stray = sum(unicodedata.category(char) in ("Co", "Cn") for char in marks)
    return (sum(char in common for char in marks) - stray) / len(marks)


def _name(label: str) -> str:
    return label.strip().lower().replace("-", "_")


def _strictly(data: bytes, encoding: str) -> Decoded | None:
    try:
        return Decoded(data.decode(encoding), encoding)
    except (UnicodeError, LookupError):
        return None


def _is_surely_unicode(text: str) -> bool:
    """UTF-8 of plain ASCII or with characters of three bytes; shorter ones may be GBK by chance."""
    return not _has_controls(text) and (text.isascii() or any(char >= "\u0800" for char in text))


def _likeliest(data: bytes) -> Decoded | None:
    decodings = [d for name in _candidates(data) if (d := _strictly(data, name)) is not None]
    readable = [d for d in decodings if not _has_controls(d.text)]
    best = max(readable, key=lambda d: chinese_share(d.text), default=None)
    # Any bytes of even number make UTF-16; zeros among them are text only if Chinese comes out.
    if best and b"\x00" in data and chinese_share(best.text) < 0.2:
        return None
    return best


def _candidates(data: bytes) -> Iterable[str]:
    """Encodings to try, likeliest first: of equally good ones the first is taken."""
    from charset_normalizer import from_bytes

    found = [match.encoding for match in from_bytes(data[:_SAMPLE])]
    return dict.fromkeys((*_CHINESE, *(_WIDER.get(name, name) for name in found)))


def _leniently(data: bytes, encodings: Iterable[str]) -> Decoded | None:
    """The best decoding with damage in it; None where it is no text or damaged beyond use."""
    best, score = None, 0.0
    for encoding in encodings:
        text = data.decode(encoding, errors="replace")
        lost = text.count("\ufffd")
        share = chinese_share(text) - lost / max(len(text), 1)
        if lost <= max(1, _DAMAGE * len(text)) and share > score and not _has_controls(text):
            best, score = Decoded(text, encoding, lost), share
    return best if score >= 0.3 else None


def _has_controls(text: str) -> bool:
    unknown = set(text) - _printable
    controls = {char for char in unknown if unicodedata.category(char) in ("Cc", "Cn")}
    _printable.update(unknown - controls)
    return bool(controls)


@cache
def _common_characters() -> frozenset[str]:
    letters = "".join(resources.read_lexicon("common-characters"))
    return frozenset(letters + "，。、；：？！（）《》〈〉【】〔〕“”‘’—…·～￥°×\u3000\xa0")
