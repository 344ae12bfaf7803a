"""What a plan says about itself: title, issuer, number, dates and the year it is for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from workplan.read.dates import find_date, is_damaged_date
from workplan.read.front import Front, kind_of, names_a_body, number_in, signature_date
from workplan.read.script import fold
from workplan.read.sheet import Line, key_of
from workplan.read.year import find_year
from workplan.types import Metadata

DATE_ROLES = ("成文日期", "公开日期", "发布日期", "更新日期")
"""The roles of dates, the weightiest first."""

_ISSUED = re.compile(
    r"(?P<issuer>[^《》“”\s]{4,60}?)关于(?:印发|转发|下发|做好|发布|公布|报送|开展|进一步)"
)
_OWNED = re.compile(r"(?P<issuer>[^《》“”\s]{4,30}?)(?:关于)?(?:19|20)\d\d年度?")
_CONGRESS = re.compile(
    r"在(?P<place>[一-鿿]{2,12}?[省市县区州盟旗])第[一二三四五六七八九十]+届人民代表大会"
)
_PRESS = re.compile("报|媒体|新闻|电视|广播|通讯社|宣传|网|记者")
_PLACELESS = re.compile(
    r"(?!市[中南北]区)[省市县区州旗](?!域)|(?!.*(?:[省市县区州旗盟镇乡国]|中共))"
)
"""How a name starts that leaves its place out: 市卫生健康委, but not 市南区卫生健康局."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What metadata is read from: all lines in order, why lines went, where the body starts."""

    lines: Sequence[Line]
    gone: dict[int, str]
    front: Front
    stated: dict[str, str]
    notes: Sequence[str]


def metadata_of(reading: Reading) -> Metadata:
    """The metadata of one document; what is not said, or not safely read, is None."""
    front = reading.front
    title = _title(reading, front.title) or reading.stated.get("title")
    notice = _title(reading, front.notice) if front.notice != front.title else None
    reasons = list(reading.notes)
    dates = _dates(reading, reasons)
    issuer = next(_issuers(reading, title, notice), None)
    statement = next(
        (
            line.text
            for number, line in enumerate(reading.lines)
            if number >= front.body and number not in reading.gone and "。" in line.text
        ),
        "",
    )
    year = find_year([t for t in (title, notice) if t], statement, dates)
    if title is None:
        reasons.append("no title in the text (未见标题)")
    if issuer is None:
        reasons.append("the issuing body is not stated (未写明发文机关)")
    reasons += year.reasons
    return Metadata(
        title=title,
        notice=notice,
        issuer=issuer,
        number=_number(reading),
        year=year.year,
        year_evidence=year.evidence,
        dates=dates,
        reasons=tuple(reasons),
    )


def _title(reading: Reading, number: int | None) -> str | None:
    return None if number is None else reading.lines[number].text.strip(" |")


def _dates(reading: Reading, reasons: list[str]) -> dict[str, str]:
    """ISO dates by role; the date under a signature is the 成文日期 where no label gives one."""
    dates: dict[str, str] = {}
    for role, words in reading.front.facts:
        if role in DATE_ROLES and (found := find_date(fold(words))):
            dates.setdefault(role, found)
    for number, line in enumerate(reading.lines):
        if reading.gone.get(number) not in ("notice", "signature"):
            continue
        written = signature_date(line.view)
        if written and is_damaged_date(written):
            reasons.append(f"the date “{written}” is damaged (日期残缺)")
        elif written and (found := find_date(written)):
            dates.setdefault("成文日期", found)
    for role in DATE_ROLES:
        if role not in dates and (found := find_date(fold(reading.stated.get(role, "")))):
            dates[role] = found
    return {role: dates[role] for role in DATE_ROLES if role in dates}


def _number(reading: Reading) -> str | None:
    words = [words for role, words in reading.front.facts if role == "number"]
    lines = [line.text for line in reading.lines[: reading.front.body] if kind_of(line) == "number"]
    return next(filter(None, map(number_in, words + lines)), None)


def _issuers(reading: Reading, title: str | None, notice: str | None) -> Iterator[str]:
    """Names of the issuing body, the best first; one that leaves out its place comes last."""
    found = [name for name in _named(reading, title, notice) if name]
    for name in found:
        if not _PLACELESS.match(fold(name)):
            # A title says 某省卫生健康委 where the signature gives the whole name.
            yield f"{name}员会" if f"{name}员会" in found else name
    yield from (name for name in found if len(name) > 4)


def _named(reading: Reading, title: str | None, notice: str | None) -> Iterator[str | None]:
    for text in (notice, title):
        yield _leading_body(_ISSUED, text)
    yield from _signers(reading)
    facts = [*reading.front.facts, *reading.stated.items()]
    yield from (_body(words) for role, words in facts if role == "issuer")
    yield _leading_body(_OWNED, title)
    sources = [
        words for role, words in facts if role == "source" and not _PRESS.search(fold(words))
    ]
    yield from map(_body, sources)
    for line in reading.lines[: reading.front.body + 3]:
        if line.key.endswith("文件"):
            yield _body(line.text[:-2])
        if match := _CONGRESS.search(line.key):
            yield f"{match['place']}人民政府"


def _signers(reading: Reading) -> Iterator[str]:
    """The authorities right above a date that signs."""
    for number, line in enumerate(reading.lines):
        if reading.gone.get(number) not in ("notice", "signature"):
            continue
        written = signature_date(line.view)
        if written:
            if written != line.view:
                yield line.text[: -len(written)].strip()
            above = number
            while above > 0 and names_a_body(reading.lines[above - 1].key):
                above -= 1
            if above < number:
                yield " ".join(line.text for line in reading.lines[above:number])


def _leading_body(pattern: re.Pattern[str], title: str | None) -> str | None:
    match = pattern.match(title or "")
    return _body(match["issuer"]) if match else None


def _body(words: str) -> str | None:
    return words.strip() if names_a_body(key_of(fold(words))) else None
