"""Places that no table of the division knows, read off the words: 澜川市, 江岚省云陂县."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, NamedTuple

from workplan import resources
from workplan.normalise.vocabulary import alternatives

StatedLevel = Literal["province", "city", "county"]


class Stated(NamedTuple):
    """A place's own name with its rank: ("澜川市", "city", "市"); `end` counts in the text."""

    name: str
    level: StatedLevel
    kind: str
    end: int


def stated_at(text: str, start: int = 0) -> Stated | None:
    """The place name that stands at `start`: two to four characters and a suffix that ranks it.

    None where the words are no name of a place (社区, 试点县) or go on as another word
    (市场监管局).

    >>> stated_at("澜川市交通运输局")
    Stated(name='澜川市', level='city', kind='市', end=3)
    >>> stated_at("高新区管委会"), stated_at("基层社区"), stated_at("文化市场")
    (None, None, None)
    """
    match = _NAME.match(text, start)
    if match is None or _not_places().search(match.group("name")):
        return None
    kind = match.group("kind")
    return Stated(match.group(), level_of(kind), kind, match.end())


def level_of(name: str) -> StatedLevel:
    """The level that the end of a place's name states: 澜川市 is a city."""
    if name.endswith(("省", "自治区")):
        return "province"
    return "city" if name.endswith(("市", "州", "盟", "地区")) else "county"


# The shortest name wins: 澜川市临汐区 is 澜川市 and what lies in it.
_NAME = re.compile(
    r"""
    (?P<name> (?![省市县区旗盟]) (?:(?![省市县区旗盟])[\u4e00-\u9fff]){2,4}? )
    (?P<kind> 自治[区州县旗] | 地区 | 省 | 州(?![市县区]) | 盟 | 市 | 县 | 旗 | 区 )
    (?! [场域块容间] | 民(?![政宗族兵防营]) | 政(?:园|设|工|公用|管) )
    """,
    re.VERBOSE,
)


@cache
def _not_places() -> re.Pattern[str]:
    """Words that begin or end what looks like a name: 试点县, 有关市, 工业园区."""
    heads = resources.read_lexicon("no-place-heads")
    ends = resources.read_lexicon("no-place-endings")
    return re.compile(rf"^(?:{alternatives(heads)})|(?:{alternatives(ends)})$")
