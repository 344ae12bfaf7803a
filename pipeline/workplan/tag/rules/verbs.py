"""ACTION: the verbs that head tasks, by the part that each plays in its clause."""

from __future__ import annotations

import re
from collections.abc import Iterator

from workplan.tag.rules import bodies, numbers  # noqa: F401  (their votes are read here)
from workplan.tag.rules.clauses import lexicon, read_clauses
from workplan.tag.rules.function import Stretch, found, votes_against, votes_for
from workplan.tag.rules.parts import Verb, read_verbs
from workplan.tag.rules.reading import Reading
from workplan.tag.rules.words import Word


def _playing(reading: Reading, *parts: str) -> Iterator[Verb]:
    for verb in read_verbs(reading):
        if verb.part in parts and verb.known and not verb.idle:
            yield verb


@votes_for("ACTION")
def verb_opens_clause(reading: Reading) -> Iterator[Stretch]:
    """A task verb at the start of a clause, adverbs and numbering aside.

    Example: （一）全面[推进]医联体建设，进一步[优化]服务流程。
    Counter-example: 推进中的项目有三个。
    """
    for verb in _playing(reading, "head"):
        if len(verb.words) == 1 and not _governs_nothing(verb):
            yield verb.start, verb.end


@votes_for("ACTION")
def verb_stands_alone(reading: Reading) -> Iterator[Stretch]:
    """A task verb that is its clause.

    Example: 一抓到底，定期[通报]，及时[整改]。
    Counter-example: 定期召开会议。
    """
    for verb in _playing(reading, "head", "predicate", "modal"):
        if len(verb.words) == 1 and _governs_nothing(verb):
            yield verb.start, verb.end


def _governs_nothing(verb: Verb) -> bool:
    return verb.after is None


@votes_for("ACTION")
def touching_verbs(reading: Reading) -> Iterator[Stretch]:
    """Verbs that touch and share an object, or a verb with 好.

    Example: [组织开展]专项检查，[建立健全]长效机制，[做好]信访工作。
    Counter-example: 开展检查。
    """
    for verb in read_verbs(reading):
        if len(verb.words) > 1 and verb.part not in ("relative", "circumstance", "nominal"):
            yield verb.start, verb.end


@votes_for("ACTION")
def verb_behind_modal(reading: Reading) -> Iterator[Stretch]:
    """A task verb behind 要, 应当, 拟, 力争.

    Example: 各县区要[建立]台账，力争年内[完成]改造。
    Counter-example: 要求严格，进展顺利。
    """
    yield from _stretches(_playing(reading, "modal"))


@votes_for("ACTION")
def verb_behind_subject_and_adverb(reading: Reading) -> Iterator[Stretch]:
    """A task verb that an adverb parts from its subject.

    Example: 服务能力显著[提升]，县医院全面[开展]日间手术。
    Counter-example: 服务能力提升工程。
    """
    yield from _stretches(_playing(reading, "predicate"))


@votes_for("ACTION")
def verb_behind_subject(reading: Reading) -> Iterator[Stretch]:
    """A task verb right behind a noun.

    Example: 各科室[制定]年度计划。
    Counter-example: 年度计划制定工作启动。
    """
    yield from _stretches(_playing(reading, "subject"))


@votes_for("ACTION")
def verb_closes_clause(reading: Reading) -> Iterator[Stretch]:
    """A verb of change at the end of a clause, behind its subject.

    Example: 风险隐患[降低]，服务能力[提升]。
    Counter-example: 提升服务能力。
    """
    for verb in _playing(reading, "change"):
        yield verb.start, verb.end


@votes_for("ACTION")
def verb_behind_body(reading: Reading) -> Iterator[Stretch]:
    """A task verb behind a named body, wherever it stands.

    Example: 指导市教育局[制定]方案。
    Counter-example: 市教育局领导。
    """
    ends = {end for _, end in found(reading, "ORG")}
    for verb in read_verbs(reading):
        if verb.known and not verb.idle and verb.start in ends and verb.part != "relative":
            if verb.after is not None:
                yield verb.start, verb.end


@votes_for("ACTION")
def verb_behind_adjunct(reading: Reading) -> Iterator[Stretch]:
    """A task verb behind an adjunct.

    Example: 对重点人群[开展]随访，在全市[推广]先进经验。
    Counter-example: 在开展随访的基础上。
    """
    yield from _stretches(_playing(reading, "adjunct"))


@votes_for("ACTION")
def verb_behind_loose_adjunct(reading: Reading) -> Iterator[Stretch]:
    """A task verb behind an adjunct whose end nothing marks.

    Example: 根据监测数据[编制]年度报告，依托县医院[组建]救援队。
    Counter-example: 根据编制要求。
    """
    yield from _stretches(_playing(reading, "loose"))


@votes_for("ACTION")
def deed_of_light_verb(reading: Reading) -> Iterator[Stretch]:
    """The deed that 进行 or 给予 announces, apart from it.

    Example: 对重点单位进行全面[检查]。
    Counter-example: 进行曲。
    """
    for verb in read_verbs(reading):
        if verb.part == "deed":
            yield verb.start, verb.end
    for clause in read_clauses(reading):
        if len(clause) > 2 and clause[-1].tag in ("vn", "v") and _light_in(clause[:-2]):
            yield clause[-1].start, clause[-1].end


def _light_in(words: list[Word]) -> bool:
    return any(word.text in _LIGHT_VERBS and word.tag == "v" for word in words)


_LIGHT_VERBS = frozenset("进行 予以 给予 加以 作出 做出".split())


@votes_for("ACTION")
def unlisted_verb_opens_clause(reading: Reading) -> Iterator[Stretch]:
    """A verb that the lexicon lacks, at the start of a clause, before a noun or figure.

    Example: [粉刷]教室40间。
    Counter-example: 有教室40间。
    """
    for verb in read_verbs(reading):
        if verb.part in ("head", "modal") and not verb.known and not verb.idle and verb.after:
            if verb.after.tag in ("n", "nz", "m", "vn", "LOC", "ORG"):
                yield verb.start, verb.end


@votes_for("ACTION")
def verb_of_disposal(reading: Reading) -> Iterator[Stretch]:
    """The verb of 将X… and 把X….

    Example: 将健康教育[纳入]课程。
    Counter-example: 将于六月完工。
    """
    yield from _stretches(_playing(reading, "disposal"))


@votes_for("ACTION")
def verb_joined_to_head(reading: Reading) -> Iterator[Stretch]:
    """A verb that 、 or 和 joins to a head before it.

    Example: 清理、[规范]收费项目，建立和[完善]制度。
    Counter-example: 规范收费项目和标准。
    """
    yield from _stretches(_playing(reading, "joined"))


@votes_for("ACTION")
def verb_behind_then(reading: Reading) -> Iterator[Stretch]:
    """A verb behind 并 or 再 inside a clause.

    Example: 制定方案并[组织]演练。
    Counter-example: 制定方案。
    """
    yield from _stretches(_playing(reading, "then"))


@votes_for("ACTION")
def parallel_phrase(reading: Reading) -> Iterator[Stretch]:
    """A verb that opens a phrase behind 、.

    Example: 补短板、[强化]弱项。
    Counter-example: 开展预约、绿色通道服务。
    """
    for verb in _playing(reading, "parallel"):
        if verb.before is not None and verb.before.text == "、" and verb.words[0].tag == "v":
            yield verb.start, verb.end


@votes_for("ACTION")
def verb_behind_inner_adverb(reading: Reading) -> Iterator[Stretch]:
    """A verb behind an adverb, later in its clause.

    Example: 发现问题及时[整改]。
    Counter-example: 发现问题。
    """
    for verb in _playing(reading, "inner"):
        if verb.head not in lexicon("pivot-verbs"):
            yield verb.start, verb.end


@votes_for("ACTION")
def verb_before_value(reading: Reading) -> Iterator[Stretch]:
    """A verb of change right before a figure or 到.

    Example: 规范管理率[提升]到85%，同比[增长]8%。
    Counter-example: 提升服务水平。
    """
    starts = {start for start, _ in found(reading, "QUANTITY")}
    for verb in read_verbs(reading):
        if verb.text in _CHANGES and verb.part != "relative" and verb.after is not None:
            if verb.after.text in _TO or verb.end in starts:
                yield verb.start, verb.end
    for match in _SHORT_CHANGE.finditer(reading.text):
        yield match.span(1)


_TO = frozenset("到 至 在 为 了 到了".split())
_CHANGES = frozenset(
    "增长 增加 减少 下降 提高 提升 上升 降低 缩短 缩小 扩大 控制 稳定 保持 压减 压缩 上涨 回升 回落 下调 上调 维持 完成 扩展 扩充 "
    "延长 调整 提前 稳住 拓展 下浮 上浮 翻番 压降 削减 精简 恢复 增至".split()
)
_SHORT_CHANGE = re.compile(r"(?<![一-龥]下)(?<![上下提压])(降|升|增|压减)[到至](?=[\d全年月人]|每)")


@votes_for("ACTION")
def finished_verb(reading: Reading) -> Iterator[Stretch]:
    """A verb with 了, or with 已 before it.

    Example: 已[建成]医院12所，[出台]了实施办法。
    Counter-example: 为了建成医院。
    """
    for verb in read_verbs(reading):
        if not verb.known or verb.idle or verb.part in ("relative", "circumstance"):
            continue
        done = verb.after is not None and verb.after.text == "了"
        if done or (verb.before is not None and verb.before.text in _ALREADY):
            yield verb.start, verb.end


_ALREADY = frozenset("已 已经 均已 累计 共".split())


@votes_for("ACTION")
def verb_in_qualifier(reading: Reading) -> Iterator[Stretch]:
    """A head verb whose object holds a 的-clause with verbs of its own.

    Example: [鼓励]有条件的医院开展试点。
    Counter-example: 符合条件的医院要开展试点。
    """
    yield from _stretches(_playing(reading, "qualifier"))


@votes_for("ACTION")
def usual_task_verb(reading: Reading) -> Iterator[Stretch]:
    """One of the verbs that nearly always head a task, before a noun.

    Example: 力求[加强]监管。
    Counter-example: 监管加强了。
    """
    for verb in read_verbs(reading):
        if verb.text in lexicon("strong-verbs") and verb.part in _DOUBTFUL:
            if verb.after is not None and verb.after.tag in ("n", "nz", "vn", "a", "LOC", "m"):
                yield verb.start, verb.end


_DOUBTFUL = frozenset("object parallel inner nominal circumstance loose pivot subject".split())


@votes_against("ACTION")
def verb_in_relative_clause(reading: Reading) -> Iterator[Stretch]:
    """Verbs that modify a noun by 的.

    Example: [建成]的项目有三个。
    Counter-example: 建成项目三个。
    """
    yield from _stretches(v for v in read_verbs(reading) if v.part == "relative")


@votes_against("ACTION")
def verb_in_circumstance(reading: Reading) -> Iterator[Stretch]:
    """Verbs inside 通过…, 为…, 在…中.

    Example: 通过[完善]机制等方式，在[推进]改革中。
    Counter-example: 完善机制。
    """
    yield from _stretches(v for v in read_verbs(reading) if v.part == "circumstance")


@votes_against("ACTION")
def idle_verb(reading: Reading) -> Iterator[Stretch]:
    """Verbs that state or relate.

    Example: 覆盖率[达到]85%，任务[是]保基本。
    Counter-example: 提高覆盖率。
    """
    yield from _stretches(v for v in read_verbs(reading) if v.idle)


@votes_against("ACTION")
def light_verb(reading: Reading) -> Iterator[Stretch]:
    """进行, 给予 and the like where their deed stands apart.

    Example: 对重点单位[进行]全面检查。
    Counter-example: 对重点单位进行检查。
    """
    yield from _stretches(v for v in read_verbs(reading) if v.part == "light")


@votes_against("ACTION")
def verb_in_nouns_place(reading: Reading) -> Iterator[Stretch]:
    """Verbs that stand where a noun would.

    Example: 产业结构[调整]取得进展。
    Counter-example: 调整产业结构。
    """
    yield from _stretches(v for v in read_verbs(reading) if v.part == "nominal")


@votes_against("ACTION")
def verb_in_object(reading: Reading) -> Iterator[Stretch]:
    """Verbs in the object of another verb.

    Example: 提高服务[保障]效能，推动企业[扩大]投资。
    Counter-example: 提高效能。
    """
    yield from _stretches(v for v in read_verbs(reading) if v.part in ("object", "pivot"))


@votes_against("ACTION")
def verbal_noun(reading: Reading) -> Iterator[Stretch]:
    """Verbal nouns.

    Example: 加强能力[建设]，做好疫苗[接种]工作。
    Counter-example: 建设医院。
    """
    taken = [(v.start, v.end) for v in read_verbs(reading)]
    for word in reading.words:
        if word.tag == "vn" and not any(s <= word.start < e for s, e in taken):
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


def _stretches(verbs: Iterator[Verb]) -> Iterator[Stretch]:
    for verb in verbs:
        yield verb.start, verb.end
