"""Words that name a part of the issuer itself: 建设管理科, 局党组, 市局机关各科室."""

from __future__ import annotations

import re
from typing import NamedTuple

from workplan.normalise.vocabulary import alternatives


class Own(NamedTuple):
    """What a plan calls its issuer and the part it names: 局党组 is ("", "局", "党组").

    `level` is the 市 of 市局, `kind` the 局; both are empty where the part stands alone.
    """

    level: str
    kind: str
    part: str


def own_part(text: str, not_sections: tuple[str, ...]) -> Own | None:
    """How `text` names the issuer or a part of it; None where it names another body.

    `not_sections` are words that end a name without making it a section: 儿科 is a hospital's.

    >>> own_part("局党组", ())
    Own(level='', kind='局', part='党组')
    >>> own_part("市局", ()), own_part("建设管理科", ())
    (Own(level='市', kind='局', part=''), Own(level='', kind='', part='建设管理科'))
    >>> own_part("市委", ()), own_part("财政局预算科", ()), own_part("儿科", ("儿科",))
    (None, None, None)
    """
    if match := _OWN.fullmatch(text):
        part = "办公室" if match["rest"] == "办" else match["rest"]
        own = Own(match["level"] or "", match["kind"], part)
        # 局 and 委 alone say nothing; 市委 is the Party's committee.
        named = own.part or own.level or text[0] in "我本全"
        of_party = own.level and own.kind not in ("局", "厅")
        return own if named and not of_party else None
    if _ORGAN.fullmatch(text):
        return Own("", "", text)
    # 安全监督科（应急办）: the brackets hold another sign on the same door.
    text = _SIGN.sub("", text)
    if not _SECTION.fullmatch(text):
        return None
    if not_sections and re.search(rf"(?:{alternatives(not_sections)})(?:科室)?$", text):
        return None
    return Own("", "", text)


# 机关党委, 各科室, 各直属单位: parts that no place has, only a body.
_ORGANS = r"""
    党组 | 机关(?:党委|纪委|党总支|党支部|工会|妇委会|各?(?:科|处|股)室)
    | (?:各|有关|相关|其他|本)*(?:机关|业务|职能|内设|责任|牵头|配合)*(?:科|处|股)室
    | (?:各|有关|相关)?(?:直属|下属|所属)各?(?:事业|企事业)?单位
"""
_ORGAN = re.compile(_ORGANS, re.VERBOSE)
_NAMED = r"(?!各)(?:(?![、，,；]|局|厅|委|医院|公司|中心|街道|大学|学院).){2,12}(?:科|处|股)(?:室)?"
_SECTION = re.compile(
    rf"{_NAMED}(?<!办事处)(?<!管理处)(?<!代表处)(?<!工程处)(?<!养护处)(?<!控股)(?<!持股)(?<!参股)"
)
_SIGN = re.compile(r"（[^（）]+）$")
# 局综合科, but 会计科 and 院感科 are no 计科 and 感科 of a 会 and a 院.
_OWN = re.compile(
    rf"""
    (?: [我本] | 全(?=[局委厅院校]) | (?P<level>自治区|[省市州县区旗]) )?
    (?:
        (?P<kind>委|局|厅|办|部|院|中心|校|会)
        (?P<rest> | 机关.* | 直?属.* | (?:党组|党委|党总支|党支部)(?:办公室)? | 办(?:公室)?
            | {_ORGANS} | 系统 | 领导(?:班子)?(?:成员)? | (?:主要|分管)(?:领导|负责人|负责同志)
            | (?<=[局委厅]){_NAMED} )
    )
    """,
    re.VERBOSE,
)
