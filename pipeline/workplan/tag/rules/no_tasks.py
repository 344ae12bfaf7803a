"""ACTION: what tells that a verb heads no task."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workplan.tag.rules.function import Stretch, votes_against
from workplan.tag.rules.parts import read_verbs
from workplan.tag.rules.reading import Reading
from workplan.tag.rules.verbs import stretches


@votes_against("ACTION")
def verb_in_relative_clause(reading: Reading) -> Iterator[Stretch]:
    """Verbs that modify a noun by 的.

    Example: [建成]的项目有三个。
    Counter-example: 建成项目三个。
    """
    yield from stretches(v for v in read_verbs(reading) if v.part == "relative")


@votes_against("ACTION")
def verb_in_circumstance(reading: Reading) -> Iterator[Stretch]:
    """Verbs inside 通过…, 为…, 在…中.

    Example: 通过[完善]机制等方式，在[推进]改革中。
    Counter-example: 完善机制。
    """
    yield from stretches(v for v in read_verbs(reading) if v.part == "circumstance")


@votes_against("ACTION")
def idle_verb(reading: Reading) -> Iterator[Stretch]:
    """Verbs that state or relate.

    Example: 覆盖率[达到]85%，任务[是]保基本。
    Counter-example: 提高覆盖率。
    """
    yield from stretches(v for v in read_verbs(reading) if v.idle)


@votes_against("ACTION")
def light_verb(reading: Reading) -> Iterator[Stretch]:
    """进行, 给予 and the like where their deed stands apart.

    Example: 对重点单位[进行]全面检查。
    Counter-example: 对重点单位进行检查。
    """
    yield from stretches(v for v in read_verbs(reading) if v.part == "light")


@votes_against("ACTION")
def verb_in_nouns_place(reading: Reading) -> Iterator[Stretch]:
    """Verbs that stand where a noun would.

    Example: 产业结构[调整]取得进展。
    Counter-example: 调整产业结构。
    """
    yield from stretches(v for v in read_verbs(reading) if v.part == "nominal")


@votes_against("ACTION")
def verb_in_object(reading: Reading) -> Iterator[Stretch]:
    """Verbs in the object of another verb.

    Example: 提高医院[应对]疫情水平，推动企业[扩大]投资。
    Counter-example: 提高效能。
    """
    yield from stretches(v for v in read_verbs(reading) if v.part in ("object", "pivot"))


@votes_against("ACTION")
def verbal_noun(reading: Reading) -> Iterator[Stretch]:
    """Verbal nouns.

    Example: 加强能力[建设]，做好疫苗[接种]工作。
    Counter-example: 建设医院。
    """
    taken = {at for verb in read_verbs(reading) for at in range(verb.start, verb.end)}
    for word in reading.words:
        if word.tag == "vn" and word.start not in taken:
            yield word.start, word.end


@votes_against("ACTION")
def forbidden_verb(reading: Reading) -> Iterator[Stretch]:
    """Verbs behind 不得, 不再, 不能.

    Example: 不得[收取]费用。
    Counter-example: 禁止收取费用。
    """
    for match in _FORBIDDEN.finditer(reading.text):
        yield match.span(1)


_FORBIDDEN = re.compile(r"(?:不得|不再|不能|不予|不准|不许)(?:擅自|随意|以任何方式)?([一-龥]{2})")


@votes_against("ACTION")
def verb_in_a_name(reading: Reading) -> Iterator[Stretch]:
    """Verbs inside quotations and titles.

    Example: 开展“[健康进万家]”活动，印发《[加强管理办法]》。
    Counter-example: 开展活动。
    """
    for start, end in reading.quoted + reading.titled:
        if end - start > 2:
            yield start + 1, end - 1
