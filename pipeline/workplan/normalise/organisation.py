"""Who an ORG span names: one canonical name and id within a plan and across plans."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any

import yaml

from workplan import resources
from workplan.normalise.numerals import fold_width
from workplan.normalise.place import Level, Place, home_of, place_at, shared_name
from workplan.normalise.section import Own, own_part
from workplan.normalise.vocabulary import alternatives


@dataclass(frozen=True, slots=True)
class Canonical:
    """An organisation in full: 市卫健委 in a plan of Fuzhou is 福州市卫生健康委员会.

    `id` is the same wherever the same body is named, None where `reason` says what the plan and
    its issuer leave open (a 市 that nothing names); `name` then keeps the text's own place.
    """

    name: str
    id: str | None
    level: Level | None = None
    place: str | None = None
    reason: str | None = None


@lru_cache(maxsize=4096)
def canonical(name: str, issuer: str | None = None) -> Canonical:
    """The full name of `name` in a plan that `issuer` (福州市卫生健康委员会) put out.

    >>> canonical("市卫健委", "福州市卫生健康委员会").name
    '福州市卫生健康委员会'
    >>> canonical("市卫健委").reason
    '“市”指哪个地方，发文单位没有写明'
    """
    text = (
        re.sub(r"\s+", "", fold_width(name)).replace("(", "（").replace(")", "）").strip("“”、，。")
    )
    text = _without_alias(text)
    if match := _PARTY_AND_STATE.fullmatch(text):
        both = [canonical(match.group(part), issuer) for part in ("party", "state")]
        joint = "、".join(body.name for body in both)
        return replace(both[0], name=joint, id=_digest(joint) if both[0].id else None)
    home = home_of(issuer) if issuer else None
    for form in (_of_issuer, _national, _of_place, _of_level, _collective, _bare):
        found = form(text, home, issuer or "")
        if found is not None:
            return found
    return _named(_written_out(text), None, None)


def split_orgs(text: str) -> list[tuple[int, int]]:
    """The organisations of a list (市疾控中心、各县（市）区卫健局) as offsets into `text`.

    市委市政府 are two. Nothing is split inside brackets, in names (文化和旅游局), or where parts
    share their head (省、自治区、直辖市人民政府).
    """
    start, end = _trimmed(text, 0, len(text))
    pieces = [_trimmed(text, *piece) for piece in _pieces(text, start, end)]
    pieces = [piece for piece in pieces if piece[0] < piece[1]]
    if any(_LEVEL_ONLY.fullmatch(text[a:b]) for a, b in pieces):
        return [(start, end)]
    return [part for piece in pieces for part in _pair(text, *piece)]


@cache
def settings() -> dict[str, Any]:
    """configs/organisations.yaml, read once."""
    text = resources.config("organisations.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


_KINDS = {"委": "委员会", "办": "办公"}
_OUR_PLACE = re.compile(r"[我本](?P<level>省|区|市|州|县|旗|镇|乡)(?P<rest>.*)")
# A level word that heads a body of the issuer's place; 市场监管局 and 县级医院 have none.
_LEVEL = re.compile(
    r"(?P<level>省|自治区|市|州|县|区|旗)(?=[^级内])(?!场监|容|政(?:园|设|工|公用|管|[科处股]$)|民(?![政宗族兵防营])|域|块|际|乡|县两|、)"
    r"(?P<rest>.+)"
)
_YOUTH = re.compile(r"团(?P<level>省|市|州|县|区|旗)委")
_LEVELS: dict[str, Level] = {
    "省": "province",
    "自治区": "province",
    "市": "city",
    "州": "city",
    "县": "county",
    "区": "county",
    "旗": "county",
}
_NATIONAL = re.compile(r"国家|国务院|中国|中共中央|中央|中华|全国|最高|共青团中央|团中央")
_OF_RANK = re.compile(r"[省市县区](?=[级属])")
_COLLECTIVE = re.compile(
    r"[省市县区]级|(?:其他|其它|其余)?各|每个|有关|相关|全[省市区县]|[省市区县]+(?:两|三|四)级|市属|县属|区属|省属|委属"
)
_ZONE = re.compile(r"(?:高新|经开|经济(?:技术)?开发|开发|保税|综保|度假|示范)区")
_ALIAS = re.compile(r"(?P<name>.{4,})（(?P<alias>[^（）、]{4,})）")
_BODY_END = re.compile(
    r"(?:局|委|厅|部|办|院|中心|会|所|站|校|行|集团|公司|府|处|室|队|社|馆|协|联|组)$"
)
_LEVEL_ONLY = re.compile(r"各?(?:省|自治区|直辖市|计划单列市|市|县|区|州|盟|旗|镇|乡|街道)")
_PARTY_AND_STATE = re.compile(r"(?P<party>(?P<head>.{0,8}?)(?:党委|委))(?P<state>(?P=head)政府)")
_LABEL = re.compile(
    r"(?:牵头|责任|配合|主办|承办|协办|参与|参加|协助|实施|主管)(?:责任)?(?:单位|部门|处室|科室)?[：:]"
)
_TAIL = re.compile(
    r"(?:等(?:有关|相关)?(?:部门|单位|处室)?)?(?:按(?:照)?(?:各自)?职责)?(?:分工|分别|共同)?(?:牵头|负责|配合|参与|参加)?$"
)


def _of_issuer(text: str, home: Place | None, issuer: str) -> Canonical | None:
    """我委, 市局, 局党组, 委机关各处室, 建设管理科, 我市."""
    if match := _OUR_PLACE.fullmatch(text):
        place = _meant(match.group("level"), home)
        body = match.group("rest")
        return _in_place(body, place) if place else _open(text, match.group("level"))
    if text in ("办公室", "党委") or text == "办公厅" and "国务院" not in issuer:
        # Often that of the group or committee which the sentence before names.
        return Canonical(text, None, reason=f"“{text}”是谁的，文中没有写明")
    own = own_part(text, tuple(settings()["not_sections"]))
    if own is None:
        return None
    if not own.kind and (_LEVEL.fullmatch(text) or place_at(text, home)):
        return None
    if not issuer:
        return Canonical(text, None, reason="没有写明发文单位")
    body = canonical(_BUREAU_OFFICE.sub("", issuer))
    if not _fits(own, body, home):
        return Canonical(text, None, reason=f"“{text}”与发文单位不符")
    if not own.part:
        return body
    name = body.name + own.part
    if body.id is None:
        return replace(body, name=name)
    chain = home.chain if home and body.place == home.chain[-1] else ()
    return _named(name, body.level, body.place, chain)


# A plan that a bureau's office or Party group put out speaks of the bureau's sections.
_BUREAU_OFFICE = re.compile(r"(?<=[局厅委会])(?:办公室|党组|党委)$")
_HAS_SECTIONS = re.compile(r"(?:局|厅|署|委员会|部|院|中心|办公室|联合会|总队|支队|大队)$")


def _fits(own: Own, body: Canonical, home: Place | None) -> bool:
    """市局 is the issuer only where it is the city's own; a branch's 市局 is the one above it."""
    if own.level:
        place = _meant(own.level, home)
        if place is None or place != home or body.name.endswith("分局"):
            return False
    if own.kind:
        return _KINDS.get(own.kind, own.kind) in body.name[-3:]
    return bool(_HAS_SECTIONS.search(body.name))


def _national(text: str, home: Place | None, issuer: str) -> Canonical | None:
    """国家卫健委, 财政部; 统计局 too where the issuer is central."""
    full = settings()["national"]
    marked = _NATIONAL.match(text)
    bare = re.sub(r"^(?:国家|国务院|中国|中共中央|中央|全国)", "", text)
    party = re.match("中共中央|中央", text)
    names = (text,) if bare == text else (text, bare)
    for form in (form for name in names for form in (name, _written_out(name))):
        central = marked or form.endswith(_CENTRAL_ENDS) or _is_central(issuer, home)
        # 中央办公厅 is the Party's, though a bare 办公厅 is the State Council's.
        if form in full and central and not (party and full[form].startswith(("国家", "国务院"))):
            return _named(full[form], "national", None)
    if marked:
        return _named(_written_out(text), "national", None)
    return None


_CENTRAL_ENDS = (
    "部",
    "总局",
    "总署",
    "署",
    "国务院",
    "党中央",
    "人民银行",
    "国办",
    "中办",
    "中科院",
    "央行",
    "证监会",
    "总社",
)


def _is_central(issuer: str, home: Place | None) -> bool:
    return bool(issuer) and home is None and not re.search(r"[省市县区州]", issuer)


def _of_place(text: str, home: Place | None, issuer: str) -> Canonical | None:
    """福州市卫健委, 长乐区疾控中心, 江西."""
    prefix = "中共" if text.startswith("中共") else ""
    found = place_at(text[len(prefix) :], home)
    if found is None:
        shared = shared_name(text[len(prefix) :])
        return _open(text, shared) if shared else None
    place, length = found
    words, body = text[len(prefix) : len(prefix) + length], text[len(prefix) + length :]
    whole = words.endswith(place.chain[-1])
    if body and not whole and not _is_office(body):
        # 南京海关 and 武汉大学 are names of their own.
        return _named(_written_out(text), None, place.chain[-1])
    return _in_place(body, place)


def _of_level(text: str, home: Place | None, issuer: str) -> Canonical | None:
    """市卫健委, 省疾控中心, 团市委: whose they are, the issuer says."""
    if match := _YOUTH.fullmatch(text):
        level, body = match.group("level"), "团委"
    elif match := _LEVEL.fullmatch(text):
        level, body = match.group("level"), match.group("rest")
    else:
        return None
    place = _meant(level, home)
    return _in_place(body, place) if place else _open(text, level)


def _meant(level: str, home: Place | None) -> Place | None:
    """Which 市 or 省 a plan from `home` means. In Shanghai and in 福清市, 市 is itself."""
    if home is None or level not in _LEVELS:
        return None
    if level == "市":
        if home.kind == "县级市":
            return home
        return home.above("city") or next(
            (place for place in [home.above("province")] if place and place.kind == "直辖市"), None
        )
    return home.above(_LEVELS[level])


def _collective(text: str, home: Place | None, issuer: str) -> Canonical | None:
    """各县（市）区卫健局: definite as its place's, or as the issuer's where that has none."""
    if not _COLLECTIVE.match(text):
        return None
    place = home.name if home else ""
    rest = re.sub(r"^全[省市区县]", "", text)
    if home and (match := _OF_RANK.match(rest)):
        above = _meant(match.group(), home)
        place, rest = (above.name, rest[1:]) if above else (place, rest)
    name = place + _written_out(rest)
    if home or _is_central(issuer, home):
        return _named(name, None, place or None)
    if issuer:
        return Canonical(name, _digest(f"{issuer}/{name}"))
    return Canonical(name, None, reason=_NO_HOME)


_NO_HOME = "发文单位没有写明所在地方"


def _bare(text: str, home: Place | None, issuer: str) -> Canonical | None:
    """财政局 in a city's plan is that city's."""
    if home and (_is_department(text) or _ZONE.match(text)):
        return _in_place(text, home)
    if _is_department(text):
        return Canonical(_written_out(text), None, reason=_NO_HOME)
    return None


def _in_place(body: str, place: Place) -> Canonical:
    if body == "":
        return _named(place.name, place.level, place.chain[-1], place.chain)
    special = place.kind == "特别行政区"
    template = None if special else settings()["bodies"].get(body)
    if template is None and body == "法院":
        courts = {"province": "高级", "city": "中级"}
        template = "{place}" + courts.get(place.level, "") + "人民法院"
    name = template.format(place=place.name) if template else place.name + _written_out(body)
    return _named(name, place.level, place.chain[-1], place.chain)


def _open(text: str, place: str) -> Canonical:
    return Canonical(_written_out(text), None, reason=f"“{place}”指哪个地方，发文单位没有写明")


def _named(
    name: str, level: Level | None, place: str | None, chain: tuple[str, ...] = ()
) -> Canonical:
    return Canonical(name, _digest("/".join((*chain, name))), level, place)


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:12]


def _written_out(body: str) -> str:
    """卫健局 as 卫生健康局, 发展改革委 as 发展和改革委员会, 疾控中心 as 疾病预防控制中心."""
    if "管委会" in body:
        body = re.sub(r"(?<![监城])管委会", "管理委员会", body)
    body = _fields().sub(_full_field, body)
    return _committee().sub(r"\1委员会", body) if "委" in body else body


def _full_field(match: re.Match[str]) -> str:
    short = match.group("field")
    only = settings()["fields_only_before"].get(short)
    if only and not any(match.string.startswith(office, match.end()) for office in only):
        return short
    full: str = settings()["fields"][short]
    return full


@cache
def _fields() -> re.Pattern[str]:
    offices = {*settings()["offices"], "院"}
    names = alternatives(settings()["fields"])
    return re.compile(rf"(?P<field>{names})(?=(?:{alternatives(offices)}))")


@cache
def _committee() -> re.Pattern[str]:
    return re.compile(rf"({alternatives(settings()['fields'].values())})委(?!员会)")


def _is_office(body: str) -> bool:
    return body in settings()["bodies"] or body == "法院" or _is_department(body)


def _is_department(body: str) -> bool:
    """局, 委 or 厅 of a field that governments have; 孟超肝胆医院 is none."""
    match = re.match(r"(?P<field>.+?)(?:委员会|委|厅|局|办公室|办)(?=$|各|办公室|机关)", body)
    if match is None:
        return False
    field, fields = match.group("field"), settings()["fields"]
    return field in fields or field in fields.values() or field in settings()["departments"]


def _without_alias(text: str) -> str:
    """孟超肝胆医院（福建省肝病科学研究中心）: the name in brackets is the same body's.

    Behind 各乡镇人民政府（街道办事处） the brackets hold further bodies.
    """
    match = None if _COLLECTIVE.match(text) else _ALIAS.fullmatch(text)
    if match and _BODY_END.search(match.group("alias")) and _BODY_END.search(match.group("name")):
        return match.group("name")
    return text


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Split at 、，； and at a 和 between two bodies, outside brackets."""
    pieces, depth, begin = [], 0, start
    for i in range(start, end):
        depth += (text[i] in "（(") - (text[i] in "）)")
        if depth > 0:
            continue
        joint = text[i] in "和与及" and _joins_bodies(text[begin:i], text[i + 1 : end])
        if text[i] in "、，,；; " or joint:
            pieces.append((begin, i))
            begin = i + 1
    pieces.append((begin, end))
    return pieces


def _joins_bodies(left: str, right: str) -> bool:
    left = left.removesuffix("以")
    return bool(
        len(left) > 1 and _BODY_END.search(left) and re.search(_BODY_END.pattern[:-1], right)
    )


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without a label before and the list's tail behind: 责任单位：…等部门按职责分工负责."""
    if match := _LABEL.match(text, start, end):
        start = match.end()
    while start < end and text[start] in " （(【[":
        closing = {"（": "）", "(": ")", "【": "】", "[": "]"}.get(text[start])
        if closing and text.find(closing, start, end) not in (-1, end - 1):
            break
        start += 1
        end -= bool(closing) and text[end - 1] == closing
    match = _TAIL.search(text[start:end])
    return start, start + match.start() if match else end


def _pair(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """市委市政府 as 市委 and 市政府."""
    match = _PARTY_AND_STATE.fullmatch(text[start:end])
    if match is None or not match.group("head"):
        return [(start, end)]
    middle = start + len(match.group("party"))
    return [(start, middle), (middle, end)]
