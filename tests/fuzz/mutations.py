"""Damage as it comes off the web, and worse: a numbered input is the same wherever it is made."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from random import Random

from seeds import ENCODINGS, seeds

WEIGHTS = {".txt": 30, ".html": 22, ".docx": 20, ".pdf": 12, ".md": 8, ".mhtml": 6, ".rtf": 1}
WEIGHTS |= {".doc": 1}
_MOST = 4_000_000
"""Bytes of an input; what is larger is cut."""
_LONG = 1_000_000
"""Characters of the longest lines."""
_CONTROLS = "".join(map(chr, (*range(32), *range(0x7F, 0xA0), 0xAD, 0x2028, 0x2029, 0xFFFD)))
_DIRECTIONS = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_ODD = (
    "\ufeff\ufffe\uffff\ue000\U000f0000\u0301\u20dd\u3000\xa0㈠⑳Ⅲ⺠ﬁ﷽"
    "\U0001f468\u200d\U0001f469\U0001f3fb"
)
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SURROGATES = "\ud800\udfff"
_PIECES = (
    *("（责任单位：", "“", "《", "【", "(", "〔", "一、", "（一）", "1.", "①", "第一章", "一是"),
    *("：", "；", "。", "、", "，", "…", "—", "|", "\t", " ", "\u3000", "%", "％", "个百分点"),
    *("2023年", "12月31日前", "每季度", "“十四五”期间", "1万亿元", "三分之一", "１２．５", "x家"),
    *("2021329日", "www.example.com 转载请注明", "发布机构：", "目录....1", "版权所有", "通知"),
    *("工作要点", "附件1", "局", "推进", "<br>", "&nbsp;", "&#x110000;", "&#0;", "<table>", "]]>"),
    "<td colspan=9999>",
)
_NUMBERS = ("0", "-1", "4294967296", "9" * 5000, "1e308", "NaN", "", "٣", "²")


@dataclass(frozen=True, slots=True)
class Case:
    """An input and what was done to make it."""

    suffix: str
    data: bytes
    story: tuple[str, ...]


def case(number: int) -> Case:
    """The input of this number."""
    chance = Random(number)
    suffix = chance.choices(list(WEIGHTS), list(WEIGHTS.values()))[0]
    data = chance.choice(seeds()[suffix]).data
    story = [suffix]
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 5))):
        change = chance.choice(_changes(suffix, chance))
        story.append(change.__name__)
        data = change(data, chance)[:_MOST]
    if chance.random() < 0.03:  # what a file is, its content decides
        suffix = chance.choice(list(WEIGHTS))
    return Case(suffix, data, tuple(story))


Change = Callable[[bytes, Random], bytes]


def _changes(suffix: str, chance: Random) -> list[Change]:
    """What may be done to a document of this kind.

    Packed ones are mostly changed inside: from outside, nearly every change ends them alike.
    """
    if chance.random() < (0.15 if suffix in (".docx", ".pdf") else 0.4):
        return [truncate, flip, drop, repeat, splice, blank, renumber]
    if suffix == ".docx":
        return [repack]
    if suffix == ".pdf":
        return [restream, restream, restream, renumber, shuffle_tokens]
    if suffix in (".html", ".mhtml"):
        return [rewrite, rewrite, tangle, tangle, graft, recode, nest_elements]
    return [rewrite, rewrite, rewrite, recode]


def truncate(data: bytes, chance: Random) -> bytes:
    """The start or the end of it."""
    cut = chance.randrange(len(data) + 1)
    return data[:cut] if chance.random() < 0.8 else data[cut:]


def flip(data: bytes, chance: Random) -> bytes:
    """Some bits the other way."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 4, 30, 400)) if data else 0):
        changed[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def drop(data: bytes, chance: Random) -> bytes:
    """Without a stretch of it."""
    start, end = _stretch(data, chance)
    return data[:start] + data[end:]


def repeat(data: bytes, chance: Random) -> bytes:
    """One stretch of it over and over."""
    start, end = _stretch(data, chance)
    most = chance.choice((_MOST // 2, *[_MOST // 20] * 12))
    times = min(chance.choice((2, 20, 2000, 50_000)), most // max(end - start, 1))
    return data[:end] + data[start:end] * times + data[end:]


def splice(data: bytes, chance: Random) -> bytes:
    """With a stretch of another document, whatever its kind."""
    other = chance.choice(seeds()[chance.choice(list(WEIGHTS))]).data
    start, end = _stretch(other, chance)
    at, after = _stretch(data, chance)
    return data[:at] + other[start:end] + data[after:]


def blank(data: bytes, chance: Random) -> bytes:
    """With a stretch of it filled with one byte."""
    start, end = _stretch(data, chance)
    return data[:start] + bytes([chance.choice((0, 32, 255))]) * (end - start) + data[end:]


def renumber(data: bytes, chance: Random) -> bytes:
    """With other numbers in some places."""
    wanted = chance.choice((0.01, 0.1, 0.5))

    def other(match: re.Match[bytes]) -> bytes:
        return chance.choice(_NUMBERS).encode() if chance.random() < wanted else match.group()

    return re.sub(rb"(?<![/\d])\d+", other, data)  # not the year in a namespace


def shuffle_tokens(data: bytes, chance: Random) -> bytes:
    """With some of its words in other places."""
    words = data.split(b" ")
    for _ in range(chance.choice((1, 10, 100))):
        first, second = chance.randrange(len(words)), chance.randrange(len(words))
        words[first], words[second] = words[second], words[first]
    return b" ".join(words)


def rewrite(data: bytes, chance: Random) -> bytes:
    """With its text changed, in an encoding of its own again."""
    text = _decoded(data)
    for _ in range(chance.choice((1, 1, 3))):
        text = retext(text, chance)
    encoding = chance.choice(ENCODINGS)
    errors = ("surrogatepass" if encoding.startswith("utf") else "ignore", "replace")
    return text.encode(encoding, chance.choice(errors))


def recode(data: bytes, chance: Random) -> bytes:
    """With some of its lines in other encodings."""
    lines = _decoded(data).split("\n")
    wanted = chance.choice((0.02, 0.3, 1))
    return b"\n".join(
        line.encode(chance.choice(ENCODINGS) if chance.random() < wanted else "utf-8", "ignore")
        for line in lines
    )


def tangle(data: bytes, chance: Random) -> bytes:
    """With tags lost, doubled, swapped and renamed."""
    pieces = re.split(rb"(<[^<>]{1,400}>)", data)
    tags = range(1, len(pieces), 2)
    for _ in range(chance.choice((1, 5, 40)) if len(tags) else 0):
        one, other = chance.choice(tags), chance.choice(tags)
        how = chance.randrange(4)
        if how == 0:
            pieces[one] = b""
        elif how == 1:
            times = chance.choice((2, 50, 3000))
            pieces[one] *= min(times, _MOST // 4 // max(len(pieces[one]), 1))
        elif how == 2:
            pieces[one], pieces[other] = pieces[other], pieces[one]
        else:
            pieces[one] = pieces[other]
    return b"".join(pieces)


def graft(data: bytes, chance: Random) -> bytes:
    """With elements lost, moved, doubled and put into each other; its markup is still whole."""
    from lxml import etree

    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, recover=True))
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        return tangle(data, chance)
    for _ in range(chance.choice((1, 5, 40))):
        elements = [one for one in root.iterdescendants(etree.Element) if one is not root]
        if len(elements) < 2:
            break
        one, other = chance.choice(elements), chance.choice(elements)
        how = chance.randrange(5)
        if how == 0:
            one.getparent().remove(one)
        elif how == 1:
            for _ in range(chance.choice((1, 10, 60))):
                one.addnext(deepcopy(one))
        elif how == 2:
            other.append(deepcopy(one))
        elif how == 3:
            with suppress(ValueError):  # what a recovered tree is called may be no name
                one.tag = other.tag
        elif one.attrib:
            name = chance.choice(list(one.attrib))
            with suppress(ValueError):
                one.set(name, chance.choice((*_NUMBERS, *other.attrib.values())))
        if len(elements) > 20_000:
            break
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def retell(data: bytes, chance: Random) -> bytes:
    """With other words between its tags."""
    pieces = re.split(r"(?<=>)([^<>]{2,})(?=<)", data.decode("utf-8", "ignore"))
    words = range(1, len(pieces), 2)
    for _ in range(chance.choice((1, 3, 20)) if words else 0):
        text = retext(pieces[place := chance.choice(words)], chance)
        pieces[place] = _NO_XML.sub("", text).replace("&", "").replace("<", "").replace(">", "")
    return "".join(pieces).encode()


def nest_elements(data: bytes, chance: Random) -> bytes:
    """Inside, or with inside it, elements many deep."""
    tag = chance.choice((b"div", b"table><tr><td", b"font", b"ul><li", b"p", b"a", b"ol", b"pre"))
    depth = chance.choice((10, 100, 400, 5000))
    at = chance.randrange(len(data) + 1)
    return data[:at] + (b"<" + tag + b">") * depth + data[at:]


def repack(data: bytes, chance: Random) -> bytes:
    """With one part of the package changed and its check sum right again."""
    stream = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as old:
            parts = {name: old.read(name) for name in old.namelist()}
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, EOFError):
        return flip(data, chance)
    if not parts:
        return data
    main = "word/document.xml"
    name = main if main in parts and chance.random() < 0.6 else chance.choice(list(parts))
    change = chance.choice((graft, graft, graft, graft, renumber, retell, retell, tangle, repeat))
    parts[name] = change(parts[name], chance)[:_MOST]
    if chance.random() < 0.05:
        del parts[name]
    with zipfile.ZipFile(stream, "w", chance.choice((zipfile.ZIP_STORED, 8))) as new:
        for part, content in parts.items():
            info = zipfile.ZipInfo(part)  # without the time of day
            info.compress_type = new.compression
            new.writestr(info, content)
    return stream.getvalue()


def restream(data: bytes, chance: Random) -> bytes:
    """With one stream of a PDF changed, packed as it was."""
    streams = list(re.finditer(rb"(?<!end)stream\r?\n(.*?)endstream", data, re.DOTALL))
    if not streams:
        return flip(data, chance)
    match = chance.choice(streams)
    change = chance.choice((flip, drop, repeat, renumber, shuffle_tokens, splice))
    try:
        content = zlib.compress(change(zlib.decompress(match[1].strip()), chance)[:_MOST])
    except zlib.error:
        content = change(match[1], chance)
    return data[: match.start(1)] + content + data[match.end(1) :]


def retext(text: str, chance: Random) -> str:
    """`text` with marks put in, or pieces of it repeated, nested, moved, made long."""
    lines = text.split("\n")
    at = chance.randrange(len(lines))
    how = chance.randrange(8)
    if how == 0:
        return _sprinkled(text, chance, chance.choice((_CONTROLS, _DIRECTIONS, _ODD)))
    if how == 1:
        return _sprinkled(text, chance, _SURROGATES)
    if how == 2:
        return "".join(chance.choice(_PIECES) for _ in range(chance.choice((30, 500, 9000))))
    if how == 3:  # just what may pass, or a million
        length = chance.choice((20_000, 99_000, _LONG))
        piece = chance.choice((lines[at] or "a", *_PIECES))
        lines[at] = (piece * (length // len(piece) + 1))[:length]
        if length < _LONG:
            lines[at] += chance.choice(_PIECES)
    elif how == 4:
        depth = chance.choice((20, 300, 5000))
        opener, closer = chance.choice(("（）", "“”", "《》", "()", "【】", "<>", "[]"))
        lines[at] = opener * depth + lines[at] + closer * chance.choice((depth, 0, depth // 2))
    elif how == 5:
        chance.shuffle(lines)
    elif how == 6:
        return chance.choice(("\r", "\r\n", "\u2028", "\x85", "\v", "", " ", "\t")).join(lines)
    else:
        lines[at] = "".join(chance.choice(_PIECES) for _ in range(40))
    return "\n".join(lines)


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8", "gb18030", "big5", "utf-16"):
        try:
            return data.decode(encoding)
        except UnicodeError:
            pass
    return data.decode("utf-8", "ignore")


def _sprinkled(text: str, chance: Random, marks: str) -> str:
    """`text` with marks put in at some places, or at many."""
    share = chance.choice((0.002, 0.05, 0.5))
    return "".join(char + chance.choice(marks) * (chance.random() < share) for char in text)


def _stretch(data: bytes, chance: Random) -> tuple[int, int]:
    """A stretch of `data`, a short one as often as a long one."""
    start = chance.randrange(len(data) + 1)
    return start, min(len(data), start + chance.choice((1, 8, 100, 5000, len(data))))
