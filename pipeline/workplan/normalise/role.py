"""What an organisation does in its sentence: leads, joins, answers for it, or is its object."""

from __future__ import annotations

import re
from functools import cache
from typing import Any, Literal

from workplan.normalise.organisation import settings
from workplan.normalise.vocabulary import alternatives

Role = Literal["lead", "joint", "responsible", "object"]


def role_of(sentence: str, start: int, end: int) -> Role:
    """The role of the organisation `sentence[start:end]`, from the words around it.

    A word behind a list holds for all of it (市卫健委、市商务局牵头), and so does a label or a verb
    before it (责任单位：市卫健委、市财政局). Who is pushed to act answers for the act
    (推动[长乐区]开展…); who is served, built, reported to or obeyed is an object. Without a sign:
    responsible.
    """
    patterns = _patterns()
    before, after = sentence[:start], sentence[end:]
    if match := patterns["noted"].match(after):
        return _name(match)
    if match := patterns["label"].search(before):
        return _name(match)
    pushed = patterns["pivot"].search(before)
    if pushed and patterns["acts"].match(after):
        return "responsible"
    if match := patterns["after"].match(after):
        return _name(match)
    word = patterns["word"].search(before)
    if word and (match := patterns["before"].search(before, word.start())):
        return _name(match)
    return "object" if pushed or _MODIFIER.match(after) else "responsible"


# 市委、市政府的部署要求: whose words are followed is no actor.
_MODIFIER = re.compile(
    r"(?:[、和及与][^，。；：、的]{2,14})*"
    r"(?:的[^，。；：、]{0,8}(?:部署|决策|要求|精神|安排|意见|指示|规定)"
    r"|决策部署|统一部署|部署要求|工作部署|有关文件|指示精神|下达的|(?:领导|指导|支持|帮助|关心)下)"
)
_NAMED = (
    r"[^，。；：:、\s]{1,22}?(?:[局委厅部办院会所站校行省市县区镇乡府署军）]|中心|中央|国务院|公司|集团"
    r"|单位|部门|机构|团体|党派)"
)
# The organisations before this one in its list, and those behind it.
_EARLIER = rf"(?:{_NAMED}(?:、|和|与|及|以及))*"
_LATER = rf"(?:(?:、|,|和|与|及|以及){_NAMED})*"


def _name(match: re.Match[str]) -> Role:
    # The groups bear the roles' names.
    return (match.lastgroup or "").removesuffix("_alone")  # type: ignore[return-value]


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    roles: dict[str, Any] = settings()["roles"]
    labels = _groups(roles["labels"])
    after = _groups(roles["after"])
    return {
        # 市卫健委（牵头）
        "noted": re.compile(rf"[（(](?:{after})(?:单位|部门)?[）)]"),
        # 责任单位：市卫健委、市财政局； up to the next label or the bracket's end
        "label": re.compile(
            rf"(?:{labels})(?:单位|部门|处室|科室|机构|领导)?[：:][^。；;：:）)】\]]*$"
        ),
        # 、省商务厅等部门按职责分工负责
        "after": re.compile(
            rf"{_LATER}"
            r"(?:等(?:有关|相关)?(?:部门|单位|处室|地区)?)?(?:要|应当?|须|将)?(?:积极|密切|共同|具体|分别|联合|统一)*"
            rf"(?:按(?:照)?(?:各自)?职责(?:分工)?)?(?:分别|分工|共同|具体)?"
            rf"(?:{after}|(?:{_groups(roles['after_alone'], '_alone')})(?=[，。；、）]|$))"
        ),
        # Where "before" may match at the earliest; to look for it is quick.
        "word": re.compile(alternatives(w for group in roles["before"].values() for w in group)),
        "before": re.compile(rf"(?:{_groups(roles['before'], leave_out='pivot')}){_EARLIER}$"),
        "pivot": re.compile(rf"(?:{alternatives(roles['before']['pivot'])}){_EARLIER}$"),
        "acts": re.compile(
            rf"{_LATER}(?:等[^，。；：、]{{0,8}}?)?"
            r"(?:率先|积极|加快|继续|全面|深入|大力|认真|切实|逐步|稳步|有序|主动|带头|依法)?"
            rf"(?:{alternatives(roles['acts'])})(?![，。；、）的]|工作|项目|$)"
        ),
    }


def _groups(words: dict[str, list[str]], suffix: str = "", leave_out: str = "") -> str:
    """One group a role, named for it; `suffix` tells apart the groups of one pattern."""
    return "|".join(
        f"(?P<{role}{suffix}>{alternatives(group)})"
        for role, group in words.items()
        if role != leave_out
    )
