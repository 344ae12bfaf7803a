"""ORG: named or definite bodies, by their names alone."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workplan.tag.rules.function import Stretch, votes_against, votes_for
from workplan.tag.rules.lexicons import lexicon, one_of
from workplan.tag.rules.names import Name, read_names
from workplan.tag.rules.reading import Reading

_KNOWN = re.compile(one_of("organisations"))


@votes_for("ORG")
def known_body(reading: Reading) -> Iterator[Stretch]:
    """A state body, party organ or state group by its usual name.

    Example: [国家发展改革委]会同[财政部]制定办法。
    Counter-example: 完善公共财政部署机制。
    """
    for match in _KNOWN.finditer(reading.text):
        if match.end() - match.start() > 4 or match.end() in reading.edges:
            yield match.span()


_DEPARTMENT = re.compile(
    rf"""
    (?: [一-龥]{{2,3}}[省市县区州旗] | [省市县区州镇乡旗] ){{1,2}}
    (?: {one_of("departments")} ){{1,2}}
    (?: 委员会 | 管理局 | 监督局 | 总局 | 分局 | 局 | 委 | 厅 | 署 | 办公室 | 办 )
    """,
    re.VERBOSE,
)


@votes_for("ORG")
def department(reading: Reading) -> Iterator[Stretch]:
    """A department with its level or place: 市卫健委, 青浦县农业农村局.

    Example: [市教育局]、[区卫生健康局]要密切配合。
    Counter-example: 卫生健康部门要密切配合。
    """
    for match in _DEPARTMENT.finditer(reading.text):
        if match.start() in reading.edges:
            yield match.span()


@votes_for("ORG")
def body_of_a_level(reading: Reading) -> Iterator[Stretch]:
    """A name that opens with 市, 县, 局, 国家 and the like.

    Example: 扩建[市第三人民医院]，支持[县中医院]发展。
    Counter-example: 扩建公立医院，提高市级统筹水平。
    """
    for name in _names(reading, "level"):
        if len(_STATE_BODY.findall(reading.text, name.start, name.end)) < 2:
            yield name.start, name.end


# 国家发展改革委商务部教育部…: names without a mark between them are no one name.
_STATE_BODY = re.compile(
    "|".join(
        sorted(
            (name for name in lexicon("organisations") if re.search("[部署行]$|总局$", name)),
            key=lambda name: (-len(name), name),
        )
    )
)


@votes_for("ORG")
def body_of_each(reading: Reading) -> Iterator[Stretch]:
    """A kind of body of every place: 各乡镇财政所.

    Example: [各乡镇卫生院]5月底前自查。
    Counter-example: 各类医院5月底前自查。
    """
    for name in read_names(reading):
        if name.opening == "each" and not is_vague(reading.text[name.start : name.end]):
            yield name.start, name.end


def is_vague(name: str) -> bool:
    """Whether a collective names no definite circle: 各部门, 各有关单位, 各类医院."""
    return _VAGUE.fullmatch(name) is not None


_VAGUE = re.compile(
    r"""
      各(?:有关|相关|成员|级|类)?
      (?:单位|部门|机构|地方|地区|中心|企业|市场|省级|学校|医院|科室|地区各部门)
    | 各类.*
    """,
    re.VERBOSE,
)


@votes_for("ORG")
def body_of_a_place(reading: Reading) -> Iterator[Stretch]:
    """A name that opens with a place.

    Example: 支持[澜江市妇幼保健院]、[杨木镇污水处理站]改造。
    Counter-example: 支持乡镇卫生院改造。
    """
    for name in _names(reading, "place"):
        if not _RANK.match(reading.text, name.start):
            yield name.start, name.end


# Openings that look like a place's and only tell a rank or kind.
_RANK = re.compile(
    r"""
    [一-龥]?级 | [乡城集]镇 | 城[区市乡] | 社区 | 农村 | 街道 | [县区]域 | [市区]县 | 省市
    | 乡村 | 市场
    """,
    re.VERBOSE,
)


@votes_for("ORG")
def body_with_a_proper_name(reading: Reading) -> Iterator[Stretch]:
    """A hospital, school, company or society whose name no lexicon knows.

    Example: 联合[正丰牧业公司]、[湘雅二医院]攻关。
    Counter-example: 支持民营企业、高等学校攻关。
    """
    for name in _names(reading, "proper"):
        typical = _TYPE.search(reading.text, name.start, name.end)
        if name.kind in ("institution", "company", "team") and not typical:
            yield name.start, name.end


_TYPE = re.compile(r"[一二三]级|公立|民营|民办|小规模|综合医院|学校$|\d")


@votes_for("ORG")
def working_body(reading: Reading) -> Iterator[Stretch]:
    """Leading groups, headquarters and task forces with a name.

    Example: 成立[县疫情防控工作领导小组]。
    Counter-example: 建立领导小组，强化专班推进。
    """
    for name in read_names(reading):
        if name.kind == "team" and name.end - name.start > 5:
            yield name.start, name.end


@votes_against("ORG")
def generic_body(reading: Reading) -> Iterator[Stretch]:
    """Types of body that name nobody.

    Example: 引导[医疗机构]和[社会组织]参与，[相关部门]配合。
    Counter-example: 市教育局配合。
    """
    yield from (match.span() for match in GENERIC.finditer(reading.text))


GENERIC = re.compile(
    r"""
      (?:基层|公立|民营|社会办|定点|各类|各级)*
      (?:医疗卫生|医疗|金融|养老|托育|科研|培训|中介|事业|服务|社会|教育)*(?:机构|组织|企业)
    | (?:有关|相关|各级|主管|职能|各)(?:部门|单位) | 各地区? | 成员单位
    | 社区卫生服务中心 | (?<![一-龥])乡镇卫生院 | 村卫生室
    | (?:三级|二级|公立|综合|专科|县级)+医院
    | 党政机关 | 国家机关 | 地方政府 | 各级政府 | 政府部门
    """,
    re.VERBOSE,
)


@votes_against("ORG")
def body_in_a_title(reading: Reading) -> Iterator[Stretch]:
    """Bodies inside titles of documents.

    Example: 印发《[市教育局工作规则]》。
    Counter-example: 市教育局印发通知。
    """
    yield from ((start + 1, end - 1) for start, end in reading.titled)


@votes_against("ORG")
def place_as_modifier(reading: Reading) -> Iterator[Stretch]:
    """A place that locates something.

    Example: [福清市]的医院达标，在[青羊区]内推广。
    Counter-example: 福清市要做好迎检。
    """
    yield from (match.span(1) for match in _LOCATED.finditer(reading.text))


_LOCATED = re.compile(
    r"(?<![一-龥])[在对]?([一-龥]{1,4}[省市县区州镇乡])(?=的|内|境内|范围|等地的)"
)


def _names(reading: Reading, opening: str) -> Iterator[Name]:
    for name in read_names(reading):
        if name.opening == opening and name.kind != "place":
            yield name
