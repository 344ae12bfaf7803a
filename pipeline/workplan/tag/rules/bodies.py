"""ORG: named or definite bodies that act."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workplan.tag.rules.function import Stretch, votes, votes_against, votes_for
from workplan.tag.rules.lexicons import one_of
from workplan.tag.rules.names import Name, read_names
from workplan.tag.rules.reading import Reading

_KNOWN = re.compile(one_of("organisations"))


@votes_for("ORG")
def known_body(reading: Reading) -> Iterator[Stretch]:
    """A state body, party organ or state group by its usual name.

    Example: [国家发展改革委]会同[财政部]制定办法。
    Counter-example: 完善公共财政部署机制。
    """
    edges = reading.edges
    for match in _KNOWN.finditer(reading.text):
        if match.end() - match.start() > 4 or match.end() in edges:
            yield match.span()


DEPARTMENT = one_of("departments")
_OFFICE = r"(?:委员会|管理局|监督局|总局|分局|局|委|厅|署|办公室|办)"
_WING = r"(?:[一-龥]{0,6}(?:分局|办公室|科|处|股|室|所|站|支队|大队|窗口))?"
_DEPARTMENT_OF = re.compile(
    rf"(?:[一-龥]{{2,3}}[省市县区州旗]|[省市县区州镇乡旗]){{1,2}}(?:{DEPARTMENT}){{1,2}}{_OFFICE}"
)


@votes_for("ORG")
def department(reading: Reading) -> Iterator[Stretch]:
    """A department with its level or place: 市卫健委, 青浦县农业农村局.

    Example: [市教育局]、[区卫生健康局]要密切配合。
    Counter-example: 卫生健康部门要密切配合。
    """
    edges = reading.edges
    for match in _DEPARTMENT_OF.finditer(reading.text):
        if match.start() in edges:
            yield match.span()


@votes_for("ORG")
def body_of_a_level(reading: Reading) -> Iterator[Stretch]:
    """A name that opens with 市, 县, 局, 国家 and the like.

    Example: 扩建[市第三人民医院]，支持[县中医院]发展。
    Counter-example: 扩建公立医院，提高市级统筹水平。
    """
    yield from _named(reading, "level")


@votes_for("ORG")
def body_of_a_place(reading: Reading) -> Iterator[Stretch]:
    """A name that opens with a place.

    Example: 支持[澜江市妇幼保健院]、[杨木镇污水处理站]改造。
    Counter-example: 支持乡镇卫生院改造。
    """
    for name in _names(reading, "place"):
        if not _RANK.match(reading.text, name.start):
            yield name.start, name.end


_RANK = re.compile(
    r"(?:[一-龥]?级|乡镇|城区|城市|社区|农村|城乡|街道|县域|区域|市县|省市|乡村|区县|集镇|市场|省级|州级)"
)


@votes_for("ORG")
def body_with_a_proper_name(reading: Reading) -> Iterator[Stretch]:
    """A hospital, school, company or society whose name no lexicon knows.

    Example: 联合[正丰牧业公司]、[湘雅二医院]攻关。
    Counter-example: 支持民营企业、高等学校攻关。
    """
    for name in _names(reading, "proper"):
        if name.kind in ("institution", "company", "team") and not _TYPE.search(
            reading.text[name.start : name.end]
        ):
            yield name.start, name.end


_TYPE = re.compile(r"[一二三]级|公立|民营|民办|小规模|综合医院|学校$|\d")


@votes_for("ORG")
def working_body(reading: Reading) -> Iterator[Stretch]:
    """Leading groups, headquarters and task forces with a name.

    Example: 成立[县疫情防控工作领导小组]。
    Counter-example: 建立领导小组，强化专班推进。
    """
    for name in read_cached_names(reading):
        if name.kind == "team" and name.end - name.start > 5:
            yield name.start, name.end


_AREA = (
    r"(?:省份|省区市|省区|省市|省|自治区|直辖市|设区市|地级市|地市|市州|市县|市|县区|县市区|县|区县|区市县|区|旗|州|盟"
    r"|乡镇|乡|镇街|镇|街道|开发区|园区|功能区|师)"
)
_AREAS = rf"{_AREA}(?:[（(][^（）()]{{1,14}}[)）])?(?:、{_AREA}(?:[（(][^（）()]{{1,14}}[)）])?)*"
_COLLECTIVE = re.compile(
    rf"""
    (?: (?:局|委|厅|院|部|市|省|县|区|镇|乡|校)(?:机关|直属|直|属)|国务院|中央和国家机关|党中央 )?
    各 (?:有关|相关|试点|直属|牵头|成员|责任|推荐|承办)?
    (?: {_AREAS} (?:级)? (?:[一-龥]{{0,14}}?(?:人民政府|政府|党委|管委会|办事处|党工委|卫生院|医院|学校|分行
            |主管部门|行政部门|部门|卫健局|分局|局|卫健委|委|厅|办|中心|卫生室)(?:[（(][^（）()]{{1,14}}[)）])?)?
      | [一-龥]{{0,8}}?(?:处室|科室|股室|站所|学校|高校|医院|公司|银行|监管局|海事局|分局|卫生院|中心|党支部|民主党派
            |人民团体|部委|工作组|督导组|开发区|高新区|学区校|学区|卫生室|委员会|直属机构|单位|部门)
            (?:[（(][^（）()]{{1,14}}[)）])?
      | (?:股|科|室|处|村|社区|办|站|所|队)(?=[（(、，。：要应请])(?:、[股科室处站所队]{{1,2}}(?![一-龥]))*(?:[（(][^（）()]{{1,14}}[)）])?
    )
    """,
    re.VERBOSE,
)
_DIRECT = re.compile(
    r"(?:局|委|厅|市|省|县|区|部|镇|乡)(?:机关|直属|直|属)[一-龥]{0,6}?(?:事业单位|单位|高校|处室|科室|股室)"
    r"|[市省县区]级?[一-龥]{0,4}两级[一-龥]{2,6}部门|省级[一-龥]{2,10}部门|全局各单位"
)
_VAGUE = re.compile(r"各(?:有关|相关|成员|级|类)?(?:单位|部门|机构|地方|中心|企业|市场|省级|学校)$")


@votes_for("ORG")
def collective_body(reading: Reading) -> Iterator[Stretch]:
    """Definite collectives that open with 各, 市直, 局属.

    Example: [各县（市、区）卫健局]、[县直各单位]要抓好落实。
    Counter-example: 各部门、各有关单位要抓好落实。
    """
    for pattern in (_COLLECTIVE, _DIRECT):
        for match in pattern.finditer(reading.text):
            if not _VAGUE.fullmatch(match[0]):
                yield match.span()


@votes_for("ORG")
def vague_collective(reading: Reading) -> Iterator[Stretch]:
    """Collectives that are definite only where the plan has one circle of addressees.

    Example: [各责任单位]2月20日前报送，[各学校]抓好落实。
    Counter-example: 各地区、各部门要加强领导。
    """
    for match in _ADDRESSED.finditer(reading.text):
        yield match.span()


_ADDRESSED = re.compile(
    r"各(?:责任|成员|牵头|参建)?(?:单位|学校|村|街道|高校|中心|企业|股室|科室|处室)(?=[要应须请：:\d于每在将把])"
)

_RESPONSIBLE = re.compile(
    r"[（(【](?P<body>[^【】。]{2,300}?)(?:等)?(?:和?有关(?:部门|方面))?(?:按照?(?:职责|各自职责|职能)?(?:分工|职责)?)?(?:共同|具体|分别)?(?:负责|牵头|配合|落实|参与|参加)(?:落实)?[)）】]"
    r"|(?:责任|牵头|配合|负责|完成|协办|主办|实施|参与|协同|承办)(?:单位|部门|科室|处室|站所|股室)[:：](?P<list>[^。；）)】]+)"
)
_ITEM = re.compile(r"(?:[^、，,；;等:：（）()]|[（(][^（）()]*[)）])+")
_LEAD_IN = re.compile(r"(?:(?:由|会同|及|与|和|(?:责任|牵头|配合|负责|参与)(?:单位|部门)?[:：]?)+)")
_TAIL = re.compile(
    r"(?:等?(?:部门|单位)?(?:按照?(?:各自)?(?:职责|职能)?(?:分工|职责)?)?(?:共同|分别)?(?:负责|牵头|配合|参与|落实|会同))+$"
)
_NO_BODY = re.compile(
    r"^(?:各?(?:有关|相关|级|地|成员)|部门|单位|具体|适用范围|其他|领导|联系)|(?<!务院有关)(?<!级)部门$|责任|领导|[一二三四五六七八九十]是|\d"
)


@votes_for("ORG")
def responsible_body(reading: Reading) -> Iterator[Stretch]:
    """Names in a bracket that says who is responsible.

    Example: （[市医改办]、[市人社局]按职责分工负责）
    Counter-example: （按职责分工负责）
    """
    for match in _RESPONSIBLE.finditer(reading.text):
        group = "body" if match["body"] is not None else "list"
        for item in _ITEM.finditer(reading.text, *match.span(group)):
            start, end = _trim(item, reading.text)
            name = reading.text[start:end]
            if 1 < len(name) < 24 and not _NO_BODY.search(name) and _ENDS_AS_BODY.search(name):
                yield start, end


_ENDS_AS_BODY = re.compile(
    r"(?:[局委办厅部院署室科处股站所队组会校厂社]|中心|公司|集团|银行|政府|法院|检察院|单位|机关|部门|国|省|市|县|区|镇|乡|村|[)）]|总社|兵团|窗口)$"
)


def _trim(match: re.Match[str], text: str) -> Stretch:
    start, end = match.span()
    lead = _LEAD_IN.match(text, start, end)
    start = lead.end() if lead else start
    tail = _TAIL.search(text, start, end)
    return start, tail.start() if tail else end


_PROVINCE = rf"(?:{one_of('provinces')}(?:省|市|自治区|壮族自治区|维吾尔自治区|回族自治区)?)"
_PLACE = (
    rf"(?:{_PROVINCE}?[一-龥]{{1,4}}?(?:新区|开发区|自治[州县]|[市县区州镇乡盟旗]|街道|村|社区)"
    rf"(?!(?:委|政府|级|域|场|民|属|直|局|中|医|疾|人|妇|教|卫|财|住))|{_PROVINCE})"
)
_PLACES = re.compile(rf"{_PLACE}(?:[、和及]{_PLACE})*")
_DRIVEN = re.compile(
    r"(?:推动|支持|鼓励|引导|指导|督促|督导|协调|帮助|组织|推进|要求|争取|选取|选择|[，。；：、（]|^|今年|同时|其中|目前)$"
)
_ACTS = re.compile(
    r"等?(?:\d+个)?(?:地|市|省份|省|地区|城市|县（市、区）)?(?:今年|明年|近日|日前|一季度|上半年|还|累计)?(?:要|应|须|将|拟|率先|已|进一步|加快|继续|大力|积极|持续|全面|深入|扎实|严格|始终"
    r"|开展|创建|建设|建立|做好|完成|创新|制定|推进|加强|启动|实施|出台|探索|提出|完善|试点|新增|发展|申报|迎接|打造|坚持|推动|明确|强化|落实|承接|举办|计划|着力|依托|突出|设立|搭建|改造|拿出|请求|表示|发布)"
)


@votes_for("ORG")
def place_as_actor(reading: Reading) -> Iterator[Stretch]:
    """A place that must do the work.

    Example: 推动[长乐区]、[福清市]开展试点，[青羊区]要做好迎检。
    Counter-example: 推动福清市的医院开展试点，福清市医疗水平提高。
    """
    text = reading.text
    edges = reading.edges
    for match in _PLACES.finditer(text):
        start, end = match.span()
        if (
            start in edges
            and _DRIVEN.search(text, max(0, start - 4), start)
            and _ACTS.match(text, end)
        ):
            for item in re.finditer(_PLACE, match[0]):
                yield start + item.start(), start + item.end()


@votes_for("ORG")
def neighbour_in_a_list(reading: Reading) -> Iterator[Stretch]:
    """A name-like item beside a known body in a list with 、.

    Example: [市教育局]、[牧丰农牧]要做好落实。
    Counter-example: 学校、医院要做好落实。
    """
    items = list(_LISTED.finditer(reading.text))
    anchors = {name.end for name in _names(reading, "level")} | {
        end for _, end in department(reading)
    }
    for match in items:
        parts = list(re.finditer(r"[^、和]+", match[0]))
        ends = [match.start() + part.end() for part in parts]
        if any(end in anchors for end in ends):
            for part in parts:
                if _ENDS_AS_BODY.search(part[0]) or len(part[0]) < 6:
                    yield match.start() + part.start(), match.start() + part.end()


_LISTED = re.compile(
    r"(?<![一-龥])[一-龥（）()]{2,16}(?:、[一-龥（）()]{2,16})+?(?=等|要|[，。）)]|负责|牵头|配合)"
)


@votes_against("ORG")
def generic_body(reading: Reading) -> Iterator[Stretch]:
    """Types of body that name nobody.

    Example: 引导[医疗机构]和[社会组织]参与，[相关部门]配合。
    Counter-example: 市教育局配合。
    """
    yield from (match.span() for match in _GENERIC.finditer(reading.text))


_GENERIC = re.compile(
    r"(?:基层|公立|民营|社会办|定点|各类|各级)*(?:医疗卫生|医疗|金融|养老|托育|科研|培训|中介|事业|服务|社会|教育)*"
    r"(?:机构|组织|企业)|(?:有关|相关|各级|主管|职能|各)(?:部门|单位)|各地区?|成员单位"
    r"|社区卫生服务中心|(?<![一-龥])乡镇卫生院|村卫生室|(?:三级|二级|公立|综合|专科|县级)+医院|党政机关|国家机关|地方政府|各级政府|政府部门"
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
    for match in _LOCATED.finditer(reading.text):
        yield match.span(1)


_LOCATED = re.compile(rf"({_PLACE})(?=的|内|境内|范围|等地的)")


def sure_bodies(reading: Reading) -> list[Stretch]:
    """Bodies that several kinds of evidence leave no doubt about; none overlaps another."""
    kept: list[Stretch] = []
    every = [
        stretch
        for function in (known_body, department, body_of_a_level, collective_body, responsible_body)
        for stretch in votes(reading, function)
    ]
    for start, end in sorted(every, key=lambda s: (s[0] - s[1], s[0])):
        if all(end <= left or right <= start for left, right in kept):
            kept.append((start, end))
    return sorted(kept)


def read_cached_names(reading: Reading) -> list[Name]:
    """The names of a sentence, read once."""
    if reading.names is None:
        reading.names = read_names(reading)
    return reading.names


def _names(reading: Reading, opening: str) -> Iterator[Name]:
    for name in read_cached_names(reading):
        if name.opening == opening and name.kind != "place":
            yield name


def _named(reading: Reading, opening: str) -> Iterator[Stretch]:
    for name in _names(reading, opening):
        yield name.start, name.end
