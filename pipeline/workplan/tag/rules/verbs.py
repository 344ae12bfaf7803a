"""ACTION: verbs that head a clause, by what stands before them."""

from __future__ import annotations

from collections.abc import Iterator

from workplan.tag.rules import actors, numbers  # noqa: F401  (their votes are read here)
from workplan.tag.rules.function import Stretch, found, votes_for
from workplan.tag.rules.parts import Verb, read_verbs
from workplan.tag.rules.reading import Reading


def playing(reading: Reading, *parts: str) -> Iterator[Verb]:
    """The task verbs of a sentence that play one of `parts`."""
    for verb in read_verbs(reading):
        if verb.part in parts and verb.known and not verb.idle:
            yield verb


def stretches(verbs: Iterator[Verb]) -> Iterator[Stretch]:
    """Where the verbs stand."""
    for verb in verbs:
        yield verb.start, verb.end


@votes_for("ACTION")
def strong_verb_opens_clause(reading: Reading) -> Iterator[Stretch]:
    """A verb that nearly always heads a task, at the start of a clause.

    Example: （一）全面[推进]医联体建设，进一步[优化]服务流程。
    Counter-example: 推进中的项目有三个，规定流程不变。
    """
    yield from stretches(v for v in playing(reading, "head") if v.strong)


@votes_for("ACTION")
def verb_opens_clause(reading: Reading) -> Iterator[Stretch]:
    """Another task verb at the start of a clause, adverbs and numbering aside.

    Example: 3.及时[通报]进展，定期[评选]标兵。
    Counter-example: 推进例会制度，每月例会不少于一次。
    """
    for verb in playing(reading, "head"):
        if not verb.strong and len(verb.words) == 1 and verb.after is not None:
            yield verb.start, verb.end


@votes_for("ACTION")
def verb_stands_alone(reading: Reading) -> Iterator[Stretch]:
    """A task verb with nothing behind it in its clause.

    Example: 一抓到底，定期[通报]，及时[整改]。
    Counter-example: 定期召开会议。
    """
    for verb in playing(reading, "head", "predicate", "modal"):
        if len(verb.words) == 1 and verb.after is None:
            yield verb.start, verb.end


@votes_for("ACTION")
def touching_verbs(reading: Reading) -> Iterator[Stretch]:
    """Verbs that touch and share an object, or a verb with 好.

    Example: [组织开展]专项检查，[建立健全]长效机制，[做好]信访工作。
    Counter-example: 开展检查。
    """
    for verb in playing(reading, *_GOVERNING):
        if len(verb.words) > 1 or verb.text.endswith("好"):
            yield verb.start, verb.end


_GOVERNING = (
    "head",
    "modal",
    "predicate",
    "subject",
    "adjunct",
    "loose",
    "disposal",
    "joined",
    "then",
    "parallel",
    "inner",
    "change",
)


@votes_for("ACTION")
def verb_behind_modal(reading: Reading) -> Iterator[Stretch]:
    """A task verb behind 要, 应当, 拟, 力争.

    Example: 各县区要[建立]台账，力争年内[完成]改造。
    Counter-example: 要求严格，进展顺利。
    """
    yield from stretches(playing(reading, "modal"))


@votes_for("ACTION")
def verb_behind_subject_and_adverb(reading: Reading) -> Iterator[Stretch]:
    """A task verb that an adverb parts from its subject.

    Example: 服务能力显著[提升]，县医院全面[开展]日间手术。
    Counter-example: 服务能力提升工程。
    """
    yield from stretches(playing(reading, "predicate"))


@votes_for("ACTION")
def strong_verb_behind_subject(reading: Reading) -> Iterator[Stretch]:
    """A verb that nearly always heads a task, right behind a noun.

    Example: 各科室[制定]年度计划。
    Counter-example: 各科室汇总年度计划。
    """
    yield from stretches(v for v in playing(reading, "subject") if v.strong)


@votes_for("ACTION")
def verb_between_subject_and_figure(reading: Reading) -> Iterator[Stretch]:
    """A task verb between a noun and a figure or name.

    Example: 县城[增设]12处站点。
    Counter-example: 站点设置合理。
    """
    for verb in playing(reading, "subject"):
        if not verb.strong and verb.after and verb.after.tag in ("m", "nz", "u", "ORG"):
            yield verb.start, verb.end


@votes_for("ACTION")
def verb_behind_subject(reading: Reading) -> Iterator[Stretch]:
    """Another task verb right behind a noun.

    Example: 各科室[汇总]年度计划。
    Counter-example: 年度计划汇总工作启动。
    """
    for verb in playing(reading, "subject"):
        if not verb.strong and not (verb.after and verb.after.tag in ("m", "nz", "u", "ORG")):
            yield verb.start, verb.end


@votes_for("ACTION")
def verb_closes_clause(reading: Reading) -> Iterator[Stretch]:
    """A verb of change at the end of a clause, behind its subject.

    Example: 风险隐患[降低]，服务能力[提升]。
    Counter-example: 提升服务能力。
    """
    yield from stretches(playing(reading, "change"))


@votes_for("ACTION")
def verb_behind_body(reading: Reading) -> Iterator[Stretch]:
    """A task verb behind a named body, wherever it stands.

    Example: 指导市教育局[制定]方案。
    Counter-example: 市教育局领导。
    """
    ends = {end for _, end in found(reading, "ORG")}
    for verb in read_verbs(reading):
        acts = verb.known and not verb.idle and verb.after is not None
        if acts and verb.start in ends and verb.part not in ("relative", "circumstance"):
            yield verb.start, verb.end


@votes_for("ACTION")
def verb_behind_adjunct(reading: Reading) -> Iterator[Stretch]:
    """A task verb behind an adjunct.

    Example: 对重点人群[开展]随访，在试点过程中[推广]先进经验。
    Counter-example: 在开展随访的基础上。
    """
    yield from stretches(playing(reading, "adjunct"))


@votes_for("ACTION")
def verb_behind_loose_adjunct(reading: Reading) -> Iterator[Stretch]:
    """A task verb behind an adjunct whose end nothing marks.

    Example: 根据监测数据[编制]年度报告，依托县医院[组建]救援队。
    Counter-example: 根据编制要求。
    """
    yield from stretches(playing(reading, "loose"))


@votes_for("ACTION")
def verb_of_disposal(reading: Reading) -> Iterator[Stretch]:
    """The verb of 将X… and 把X….

    Example: 将健康教育[纳入]课程。
    Counter-example: 将于六月完工。
    """
    yield from stretches(playing(reading, "disposal"))


@votes_for("ACTION")
def verb_in_qualifier(reading: Reading) -> Iterator[Stretch]:
    """A head verb whose object holds a 的-clause with verbs of its own.

    Example: [鼓励]有条件的医院开展试点。
    Counter-example: 符合条件的医院要开展试点。
    """
    yield from stretches(playing(reading, "qualifier"))
