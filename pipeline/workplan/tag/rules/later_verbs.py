"""ACTION: verbs further on in a clause that head a task of their own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workplan.tag.rules import numbers  # noqa: F401  (its votes are read here)
from workplan.tag.rules.clauses import read_clauses
from workplan.tag.rules.function import Stretch, found, votes_for
from workplan.tag.rules.lexicons import lexicon, listed
from workplan.tag.rules.parts import read_verbs
from workplan.tag.rules.reading import Reading
from workplan.tag.rules.verbs import playing, stretches


@votes_for("ACTION")
def strong_verb_joined_to_head(reading: Reading) -> Iterator[Stretch]:
    """A verb that nearly always heads a task, joined by 、 or 和 to a head before it.

    Example: 建立和[完善]制度，新建、[扩建]校舍。
    Counter-example: 规范收费项目和标准。
    """
    yield from stretches(v for v in playing(reading, "joined") if v.strong)


@votes_for("ACTION")
def verb_joined_to_head(reading: Reading) -> Iterator[Stretch]:
    """Another verb that 、 or 和 joins to a head before it.

    Example: 清理、[归并]项目。
    Counter-example: 规范收费项目和标准。
    """
    yield from stretches(v for v in playing(reading, "joined") if not v.strong)


@votes_for("ACTION")
def verb_behind_then(reading: Reading) -> Iterator[Stretch]:
    """A verb behind 并 or 再 inside a clause.

    Example: 制定方案并[组织]演练。
    Counter-example: 制定方案。
    """
    yield from stretches(playing(reading, "then"))


@votes_for("ACTION")
def parallel_phrase(reading: Reading) -> Iterator[Stretch]:
    """A verb that nearly always heads a task and opens a phrase behind 、.

    Example: 补短板、[强化]弱项。
    Counter-example: 开展预约、接驳服务。
    """
    for verb in playing(reading, "parallel"):
        joined = verb.before is not None and verb.before.text == "、"
        if joined and verb.strong and verb.words[0].tag == "v":
            yield verb.start, verb.end


@votes_for("ACTION")
def verb_behind_inner_adverb(reading: Reading) -> Iterator[Stretch]:
    """A verb behind an adverb, at the end of its clause or before a figure.

    Example: 发现问题及时[整改]。
    Counter-example: 发现问题，及时整改。
    """
    for verb in playing(reading, "inner"):
        closes = verb.after is None or verb.after.tag == "m" or verb.strong
        if closes and verb.head not in lexicon("pivot-verbs"):
            yield verb.start, verb.end


@votes_for("ACTION")
def verb_before_value(reading: Reading) -> Iterator[Stretch]:
    """A verb of change right before a figure or 到.

    Example: 规范管理率[提升]到85%，费用[降]至9元，同比[增长]8%。
    Counter-example: 提升服务水平。
    """
    starts = {start for start, _ in found(reading, "QUANTITY")}
    for verb in read_verbs(reading):
        if verb.text not in lexicon("change-verbs") or verb.part == "relative":
            continue
        if verb.end in starts or (verb.after is not None and verb.after.text in _TO):
            yield verb.start, verb.end
    for match in _SHORT_CHANGE.finditer(reading.text):
        yield match.span(1)


_TO = listed("到 至 在 为 了 到了")
_SHORT_CHANGE = re.compile(r"(?<![上下提压])(?<!以)([降升增提压扩])[到至为](?=[\d全年月人x]|每)")


@votes_for("ACTION")
def finished_verb(reading: Reading) -> Iterator[Stretch]:
    """A verb with 了, or with 已 before it.

    Example: 已[建成]医院12所，[出台]了实施办法。
    Counter-example: 为了建成医院。
    """
    for verb in read_verbs(reading):
        if not verb.known or verb.idle or verb.part in ("relative", "circumstance", "light"):
            continue
        done = verb.after is not None and verb.after.text == "了"
        if done or (verb.before is not None and verb.before.text in _ALREADY):
            yield verb.start, verb.end


_ALREADY = listed("已 已经 均已 累计 共")


@votes_for("ACTION")
def deed_of_light_verb(reading: Reading) -> Iterator[Stretch]:
    """The deed that 进行 or 给予 announces, apart from it.

    Example: 对重点单位进行全面[检查]，给予一定[奖励]。
    Counter-example: 对重点单位进行检查。
    """
    for verb in read_verbs(reading):
        if verb.part == "deed":
            yield verb.start, verb.end
    for clause in read_clauses(reading):
        light = any(word.text in lexicon("light-verbs") for word in clause[:-2])
        if light and clause[-1].tag in ("vn", "v"):
            yield clause[-1].start, clause[-1].end


@votes_for("ACTION")
def strong_verb_in_object(reading: Reading) -> Iterator[Stretch]:
    """A verb that nearly always heads a task, behind another verb.

    Example: 召开会议[推进落实]整改措施。
    Counter-example: 召开会议部署防汛。
    """
    for verb in playing(reading, "object", "nominal"):
        if verb.strong and verb.after is not None and verb.after.tag in ("v", "vn", "nz", "m"):
            yield verb.start, verb.end
