"""ORG: bodies and places that the words around them show to be actors."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workplan.tag.rules import bodies
from workplan.tag.rules.calendar import CALENDAR
from workplan.tag.rules.function import Stretch, votes, votes_for
from workplan.tag.rules.lexicons import lexicon, one_of
from workplan.tag.rules.reading import Reading

_ASIDE = r"(?:[（(][^（）()]{1,14}[)）])?"
_AREAS = rf"{one_of('areas')}{_ASIDE}(?:、?{one_of('areas')}{_ASIDE})*"
_COLLECTIVE = re.compile(
    rf"""
    (?: [局委厅院部市省县区镇乡校](?:机关|直属|直|属) | 国务院 | 中央和国家机关 | 党中央 )?
    各 (?:有关|相关|试点|直属|牵头|成员|责任|推荐|承办)?
    (?: {_AREAS} 级? (?: [一-龥]{{0,14}}?{one_of("area-bodies")}{_ASIDE} )?
      | [一-龥]{{0,8}}?{one_of("collectives")}{_ASIDE}
      | (?:股|科|室|处|村|社区|办|站|所|队)(?=[（(、，。：要应请])
        (?:、[股科室处站所队]{{1,2}}(?![一-龥]))* {_ASIDE} )
    | 国务院各?(?:有关)?(?:部门|部委)(?:及直属机构)? | 党中央有关部门 | 各直属机构 | 全局各单位
    | [局委厅市省县区部镇乡](?:机关|直属|直|属)[一-龥]{{0,6}}?(?:事业单位|单位|高校|[处科股]室)
    | [市省县区]级?[一-龥]{{0,4}}两级[一-龥]{{2,6}}部门 | 省级[一-龥]{{2,10}}部门
    """,
    re.VERBOSE,
)


@votes_for("ORG")
def collective_body(reading: Reading) -> Iterator[Stretch]:
    """Definite collectives that open with 各, 市直, 局属.

    Example: [各县（市、区）卫健局]、[县直各单位]要抓好落实。
    Counter-example: 各部门、各有关单位要抓好落实。
    """
    for match in _COLLECTIVE.finditer(reading.text):
        if not bodies.is_vague(match[0]):
            yield match.span()


@votes_for("ORG")
def responsible_body(reading: Reading) -> Iterator[Stretch]:
    """Names in a bracket that says who is responsible.

    Example: （[市医改办]、[市人社局]按职责分工负责）
    Counter-example: （按职责分工负责）
    """
    for match in _RESPONSIBLE.finditer(reading.text):
        group = "body" if match["body"] is not None else "list"
        for item in _ITEM.finditer(reading.text, *match.span(group)):
            start, end = _without_role(item, reading.text)
            name = reading.text[start:end]
            if 1 < len(name) < 24 and _ENDS_AS_BODY.search(name) and not _NOBODY.search(name):
                yield start, end


_RESPONSIBLE = re.compile(
    r"""
      [（(【] (?P<body> [^【】。]{2,300}? ) 等?
      (?: 和?有关(?:部门|方面) )? (?: 按照?(?:各自职责|职责|职能)?(?:分工|职责)? )?
      (?:共同|具体|分别)? (?:负责|牵头|配合|落实|参与|参加) (?:落实)? [)）】]
    | (?:责任|牵头|配合|负责|完成|协办|主办|实施|参与|协同|承办)
      (?:单位|部门|科室|处室|站所|股室) [:：] (?P<list> [^。；）)】]+ )
    """,
    re.VERBOSE,
)
_ITEM = re.compile(r"(?:[^、，,；;等:：（）()]|[（(][^（）()]*[)）])+")
_ROLE_BEFORE = re.compile(r"(?:由|会同|及|与|和|(?:责任|牵头|配合|负责|参与)(?:单位|部门)?[:：]?)+")
_ROLE_BEHIND = re.compile(
    r"""
    (?: 等?(?:部门|单位)? (?: 按照?(?:各自)?(?:职责|职能)?(?:分工|职责)? )?
        (?:共同|分别)? (?:负责|牵头|配合|参与|落实|会同) )+ $
    """,
    re.VERBOSE,
)
_ENDS_AS_BODY = re.compile(
    r"""
    (?: [局委办厅部院署室科处股站所队组会校厂社国省市县区镇乡村)）]
      | 中心 | 公司 | 集团 | 银行 | 政府 | 单位 | 机关 | 部门 | 兵团 | 窗口 ) $
    """,
    re.VERBOSE,
)
_NOBODY = re.compile(
    r"""
      ^各?(?:有关|相关|级|地|成员) | ^(?:部门|单位|具体|适用范围|其他|领导|联系)
    | (?<!务院有关)(?<!级)部门$ | 责任 | 领导 | [一二三四五六七八九十]是 | \d
    """,
    re.VERBOSE,
)


def _without_role(item: re.Match[str], text: str) -> Stretch:
    start, end = item.span()
    before = _ROLE_BEFORE.match(text, start, end)
    start = before.end() if before else start
    behind = _ROLE_BEHIND.search(text, start, end)
    return start, behind.start() if behind else end


_PROVINCE = rf"(?:{one_of('provinces')}(?:省|市|自治区|壮族自治区|维吾尔自治区|回族自治区)?)"
_PLACE = rf"""(?:
      {_PROVINCE}?[一-龥]{{1,4}}?(?:新区|开发区|自治[州县]|[市县区州镇乡盟旗]|街道|村|社区)
      (?!政府|[委级域场民属直局中医疾人妇教卫财住内外的])
    | {_PROVINCE} )"""
_A_PLACE = re.compile(_PLACE, re.VERBOSE)
_PLACES = re.compile(rf"{_PLACE}(?:[、和及]{_PLACE})*", re.VERBOSE)
_DRIVER = re.compile(rf"{one_of('place-drivers')}|[，。；：、（]")
_ACTS = re.compile(
    rf"""
    等? (?:\d+个)? (?:地市|地|市|省份|省|地区|城市|县（市、区）)?
    (?:近日|日前|还|累计|{CALENDAR}前?)? {one_of("place-acts", "strong-verbs")}
    """,
    re.VERBOSE,
)


@votes_for("ORG")
def place_as_actor(reading: Reading) -> Iterator[Stretch]:
    """A place that must do the work.

    Example: 推动[长乐区]、[福清市]开展试点，[青羊区]要做好迎检。
    Counter-example: 推动福清市的医院开展试点，福清市医疗水平提高。
    """
    text = reading.text
    for start in (0, *(driver.end() for driver in _DRIVER.finditer(text))):
        match = _PLACES.match(text, start)
        if match is None or not _ACTS.match(text, match.end()) or not _opens_name(reading, start):
            continue
        for item in _A_PLACE.finditer(text, start, match.end()):
            if not _NO_PLACE.search(item[0]):
                yield item.span()


_NO_PLACE = re.compile(
    r"[地社小山灾园城户牧老旧]区$|^[全我本各城县都]市$|^[全我本各]|城市$|^[城乡]镇$|[乡农]村$"
)


def _opens_name(reading: Reading, start: int) -> bool:
    """Whether the word at `start` may be the first of a place's name."""
    word = next((word for word in reading.words if word.start == start), None)
    if word is None:
        return False
    if word.tag in ("LOC", "n", "nz", "ns", "nr", "PER", "s"):
        return True
    return len(word.text) == 1 and word.tag not in ("p", "d", "c", "r", "u", "m")


@votes_for("ORG")
def neighbour_in_a_list(reading: Reading) -> Iterator[Stretch]:
    """A name-like item beside a sure body in a list with 、.

    Example: 市教育局、[牧丰农牧]要做好落实。
    Counter-example: 市教育局要做好学校、医院的落实。
    """
    sure = sure_bodies(reading)
    starts, ends = {start for start, _ in sure}, {end for _, end in sure}
    for match in _ITEM_BEHIND.finditer(reading.text):
        if match.start() in ends:
            ends.add(match.end())
            if match.start(1) not in starts and not bodies.GENERIC.fullmatch(match[1]):
                yield match.span(1)
    for match in _ITEM_BEFORE.finditer(reading.text):
        named = match.end(1) not in ends and not bodies.GENERIC.fullmatch(match[1])
        if match.end() in starts and named:
            yield _name_start(reading, *match.span(1)), match.end(1)


_ITEM_BEHIND = re.compile(
    r"""
    [、和及] ( [一-龥A-Za-z（）()]{2,14}? )
    (?= [、，。；）)等要应须将和及按] | 负责 | 牵头 | 配合 | 共同 | 联合 )
    """,
    re.VERBOSE,
)
_ITEM_BEFORE = re.compile(r"(?<![一-龥])([一-龥]{2,12})、")


def _name_start(reading: Reading, start: int, end: int) -> int:
    """Where the name that ends at `end` begins: behind the last verb or preposition."""
    for word in reversed(reading.words):
        governs = word.tag in ("v", "p", "d", "u", "c") or word.text in lexicon("verbs")
        if start <= word.start < end and governs:
            return word.end
    return start


def sure_bodies(reading: Reading) -> list[Stretch]:
    """Bodies of which the evidence leaves little doubt; none overlaps another."""
    kept: list[Stretch] = []
    every = {stretch for function in _SURE for stretch in votes(reading, function)}
    for start, end in sorted(every, key=lambda s: (s[0] - s[1], s[0])):
        if all(end <= left or right <= start for left, right in kept):
            kept.append((start, end))
    return sorted(kept)


_SURE = (
    bodies.known_body,
    bodies.department,
    bodies.body_of_a_level,
    collective_body,
    responsible_body,
)
