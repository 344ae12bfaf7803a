"""What strangers put into a plan's text: watermarks of copying sites and injected advertising."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from workplan.read.settings import settings
from workplan.read.sheet import Stretch

_BRACKETED = re.compile(r"[(（\[【][^()（）\[\]【】\n]{1,100}[)）\]】]")
_SENTENCE = re.compile(r"[^。！？；\n]+[。！？；]?")
_TOP_LEVEL = "(?:com|cn|net|org|cc|top|xyz|vip|info|me|tv)"
_DOMAIN = (
    r"(?:https?\s*[:：]\s*//\s*)?"
    rf"(?:[A-Za-z0-9-]{{1,40}}\s?[.．]\s?){{1,4}}{_TOP_LEVEL}(?![A-Za-z0-9])"
    r"(?:/[A-Za-z0-9_./?=&%#-]{0,100})?"
)
_ADDRESS = re.compile(_DOMAIN, re.I)
_ADDRESS_END = re.compile(rf"[.．]\s?{_TOP_LEVEL}", re.I)
_ODD_CASE = re.compile(r"[wW]{3}[.．]|[.．](?:com|cn|net|org)", re.I)
_TASK = re.compile(
    "推进|推动|加强|开展|落实|完善|建设|建立|健全|提升|提高|实施|深化|强化|做好|加快|组织|制定|完成|确保|巩固|优化|规范|促进|扩大"
)
_LINK_LIST = 6
"""Bars (|) from which on a line without a full stop is a list of links."""
_FILLED = 0.3
"""Share of a sentence that spam words fill when it is spam."""


def watermarks(view: str) -> Iterator[Stretch]:
    """The watermarks of `view`: an address that is no authority's, with the words around it.

    Bare, only where its words or its odd capitals give it away, since a plan may name a site:
    “( wWw.example.cOm 转载请注明 )”, “本文来自www.example.com”; not “登录www.example.gov.cn”.
    """
    marked = "转载" in view or settings().watermark.alone.search(view)
    if not marked and not _ADDRESS_END.search(view):
        return
    taken = 0
    for match in _BRACKETED.finditer(view):
        if _is_bracketed_mark(match.group(), view[: match.start()]):
            yield match.start(), match.end(), "watermark"
            taken = match.end()
    for match in _marked_address().finditer(view):
        if match.start() >= taken and _is_mark(match):
            yield match.start(), match.end(), "watermark"


def _is_bracketed_mark(group: str, before: str) -> bool:
    mark = settings().watermark
    address = _ADDRESS.search(group)
    if address is None:
        return mark.alone.search(group) is not None and _TASK.search(group) is None
    rest = group[: address.start()] + group[address.end() :]
    is_bare = not re.search(r"[一-鿿]", rest) and not before.endswith(("网", "台", "站", "系统"))
    beside = _marked_address().search(group)
    return not mark.official.search(group) and (
        is_bare or mark.alone.search(group) is not None or (beside is not None and _is_mark(beside))
    )


def _is_mark(match: re.Match[str]) -> bool:
    address = match["address"]
    if address is None:
        return True
    if settings().watermark.official.search(address):
        return False
    return bool(match["before"] or match["after"]) or _is_odd(address)


def _is_odd(address: str) -> bool:
    """Whether capitals are mixed as no one writes them (wWw.…cOm)."""
    parts = _ODD_CASE.findall(address)
    return any(not part.islower() and not part.isupper() for part in parts)


@cache
def _marked_address() -> re.Pattern[str]:
    mark = settings().watermark
    return re.compile(
        rf"(?P<before>{mark.before})?(?P<address>{_DOMAIN})(?P<after>{mark.after})?"
        r"|转载请?注明(?:出处|来源)",
        re.I,
    )


def spam(view: str) -> Iterator[Stretch]:
    """The stretches of `view` that advertise.

    A whole sentence goes where nothing in it is a task, else from the first spam word to the
    last. A sentence that fights such things (“严厉打击网络赌博”) stays.
    """
    lexicon = settings()
    if lexicon.spam.search(view) is None:
        return
    for match in _SENTENCE.finditer(view):
        sentence = match.group()
        hits = [*lexicon.spam.finditer(sentence)]
        if not hits or not _is_spam(sentence, hits):
            continue
        hits += lexicon.spam_company.finditer(sentence)
        start, end = min(hit.start() for hit in hits), max(hit.end() for hit in hits)
        if sentence.count("|") >= _LINK_LIST or not _TASK.search(sentence[:start] + sentence[end:]):
            start, end = 0, len(sentence)
        yield match.start() + start, match.start() + end, "spam"


def _is_spam(sentence: str, hits: list[re.Match[str]]) -> bool:
    lexicon = settings()
    if sentence.count("|") >= _LINK_LIST and len(hits) >= 2:
        return True
    if lexicon.against_spam.search(sentence):
        return False
    company = list(lexicon.spam_company.finditer(sentence))
    words = {hit.group() for hit in hits}
    filled = sum(len(hit.group()) for hit in (*hits, *company))
    return (len(words) >= 2 or len(words) + len({hit.group() for hit in company}) >= 3) and (
        filled >= _FILLED * len(sentence)
    )
