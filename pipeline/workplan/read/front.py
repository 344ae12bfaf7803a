"""What stands before a plan's first sentence: page head, information card, notice and title."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

from workplan.read.dates import ends_like_date, is_damaged_date, is_date_line
from workplan.read.script import fold
from workplan.read.settings import settings
from workplan.read.sheet import Line, key_of

_REACH = 60
"""Lines in which the head of a document ends; a notice with its own paragraphs may take as many."""

HEADING = re.compile(
    r"第[一二三四五六七八九十]{1,3}[章节部分篇]|[一二三四五六七八九十]{1,3}[、.．]"
    r"|[(（][一二三四五六七八九十]{1,3}[)）]|[0-9]{1,2}[.、．](?![0-9])|[一二三四五六七八九十]是"
)
_YEAR = re.compile(r"(?:19|20)\d\d(?:年|[—-])|二[〇○零][〇○零一二三四五六七八九]{2}年")
_TITLE = re.compile(
    r"(?=.{6,80}$)[^。;!?]*(?:要点|计划|方案|报告|安排|意见|规划|总结|打算|思路|清单|分解表|台账|纲要|细则"
    r"|责任书)(?:\([^()]{1,20}\))?[》”]?"
    # These end many a task too, and a title only with its year.
    r"|(?=.{6,80}$)[^。;!?]*(?:19|20)\d\d年[^。;!?]*(?:任务|工作|分工|措施|办法|工程|行动|目标|举措|部署)"
    # The last line of a title set in several.
    r"|(?:重点)?工作(?:要点|计划|方案|报告|安排|思路|总结|任务)|政府工作报告"
)
_NOTICE_TITLE = re.compile(
    r"(?=.{6,120}$)[^。;]*(?:通知|通报|函|通告|公告|印发.{4,60}的?(?:意见|决定))(?:\([^()]{1,12}\))?"
)
_NOTICE = re.compile(
    "(?:印发|转发|下发|发给|发送)(?:给)?(?:你们|各)|现(?:予以?)?(?:印发|转发|下发|公布|发布)|予以印发"
    "|现将[^。]{2,80}(?:印发|转发|下发)"
)
_DEMAND = re.compile(
    "报送|上报|报告|反馈|报[我市省县区局委]|每[月季年周半]|月底?前|日前|制定|成立|开展"
)
_ADDRESSEE = re.compile(
    r"(?:各|市|省|区|县|局|委|厅|机关|有关|相关|本|全|驻|直属|所属|国家|自治).{1,400}:"
)
_BODY_WORD = re.compile("的|如下|下列|以下|要求|任务是|目标是|包括")
_QUOTED = re.compile(r"(?:印发|转发|下发)(?:关于)?《?(?P<name>.{4,80}?)》?的?(?:通知|函)?$")
_NUMBER = re.compile(
    r"[一-鿿]{1,15}(?:\([一-鿿]{1,6}\))?[\[〔﹝(【](?:19|20)\d\d[\]〕﹞)】]第?\d{1,4}号"
)
_NUMBER_LINE = re.compile(_NUMBER.pattern + r"(?:签发人.{0,12})?")
_OWN_LABEL = re.compile(
    "(?:责任|牵头|配合|协办|承办|主办|完成|工作|任务|目标|措施|内容|时限|进度|项目)[^:]{0,6}:."
)
_ANNEX = re.compile(r"附件[0-9一二三四五六七八九十]{0,2}(?:[:.、].{0,100})?")
_UNENDED = re.compile(r".*关于(?:印发|转发|下发|分解|公布).*(?<!通知)(?<!通报)(?<!函)(?<!公告)$")
_LETTERHEAD = re.compile(r"[一-鿿]{4,30}文件")
_BODY = re.compile(
    r"[一-鿿()、·]{2,40}(?:委员会|委|局|厅|部|办公室|办公厅|政府|院|中心|党组|党委|工委|办事处"
    r"|总队|支队|大队|集团|公司|医院|学校|大学|协会|联合会|总工会|指挥部|领导小组|专班|处|室|会|社|镇|乡|街道)"
    r"(?:\([一-鿿]{2,10}\))?"
)
_LABEL_END = re.compile("[:：|]")
_NOTICE_KINDS = ("number", "letterhead", "addressee", "date", "annex", "notice title")


@dataclass(slots=True)
class Front:
    """`gone` says of each line before `body` why it goes; what it does not name stays.

    `title` and `notice` are line numbers. `facts` are what labelled lines say, in order: role,
    words. `joined` are lines that go on the one before (a title set in two lines); join them and
    survey again.
    """

    body: int = 0
    title: int | None = None
    notice: int | None = None
    gone: dict[int, str] = field(default_factory=dict)
    facts: list[tuple[str, str]] = field(default_factory=list)
    joined: list[int] = field(default_factory=list)


def survey(lines: Sequence[Line], noise: dict[int, str], main: int) -> Front:
    """Where the plan starts and what stands before it.

    `noise` are the lines that are known to go; `main` is the number of the first line that may
    belong to the plan.
    """
    kinds = [
        "noise" if number in noise else kind_of(line)
        for number, line in enumerate(lines[: main + 2 * _REACH])
    ]
    front = Front(body=_first("body", kinds, main))
    if kinds[front.body : front.body + 1] != ["body"]:
        titled = _title(lines, kinds, len(kinds))
        front.body = main if titled is None else titled + 1
    notice = _first("notice", kinds[: front.body + 3], 0)
    _place_titles(front, lines, kinds, notice)
    front.facts = list(_facts(lines, kinds, front.body))
    front.gone = dict(_going(front, lines, kinds))
    return front


def kind_of(line: Line) -> str:
    """What a line before the body is: label, number, date, notice, title, …, body."""
    if line.row:
        return "body"
    if next(labelled(line), None):
        return "label"
    if signature_date(line.view) is not None:
        return "date"
    if _NUMBER_LINE.fullmatch(line.key):
        return "number"
    if len(line.key) <= 400 and _NOTICE.search(line.key) and line.key[-1] in "。:;.":
        return "notice"
    if len(line.key) <= 400 and _ADDRESSEE.fullmatch(line.key) and not _BODY_WORD.search(line.key):
        return "addressee"
    if _ANNEX.fullmatch(line.key):
        return "annex"
    if _NOTICE_TITLE.fullmatch(line.key):
        return "notice title"
    if _TITLE.fullmatch(line.key) and not (HEADING.match(line.key) or _UNENDED.match(line.key)):
        return "title"
    if _LETTERHEAD.fullmatch(line.key):
        return "letterhead"
    if is_body_like(line.key):
        return "body"
    return "issuer" if _BODY.fullmatch(line.key) else "short"


def is_body_like(key: str) -> bool:
    """Whether a line reads like a plan's own: a heading, a paragraph or “责任单位：…”."""
    return (
        HEADING.match(key) is not None
        or _OWN_LABEL.match(key) is not None
        or (len(key) >= 6 and "。" in key)
        or (len(key) >= 15 and ";" in key)
        or len(key) >= 60
        or (len(key) >= 12 and key[-1] == ":")
    )


def names_a_body(key: str) -> bool:
    """Whether a line is no more than the name of an authority or two."""
    return _BODY.fullmatch(key) is not None


def signature_date(view: str) -> str | None:
    """The date, whole or damaged, that a line consists of, alone or after the name of a body."""
    if not ends_like_date(view):
        return None
    if is_date_line(view) or is_damaged_date(view):
        return view
    name, _, last = view.strip().rpartition(" ")
    if name and names_a_body(key_of(name)) and (is_date_line(last) or is_damaged_date(last)):
        return last
    return None


def number_in(text: str) -> str | None:
    """The document number at the start of `text`, in its own characters."""
    words = "".join(text.split())
    match = _NUMBER.match(key_of(fold(words)))
    return words[: match.end()] if match else None


def labelled(line: Line) -> Iterator[tuple[str, str]]:
    """What a line of labels says (“发布机构：某局 文号：某发〔2020〕1号”): role, words."""
    if len(line.view) > 300 or "。" in line.view or not _LABEL_END.search(line.view):
        return
    labels = list(_label().finditer(line.view))
    before = line.view[: labels[0].start()] if labels else ""
    if not labels or len(before) > 24 or re.search("[，,]", before):
        return
    if len(before) > 9 and is_date_line(before.rstrip(" |")):
        yield "发布日期", before  # 2021年12月23日16:21 | 来源：…
    elif len(before) > 14:
        return
    for match, after in zip(labels, [*labels[1:], None], strict=True):
        end = after.start() if after else len(line.view)
        role = settings().labels["".join(match["label"].split())]
        yield role, line.text[match.end() : end].strip(" \u3000\xa0|•·[【（(")


@cache
def _label() -> re.Pattern[str]:
    # Officials space short labels out (索 引 号); a short one may end a longer word, which is none.
    names = sorted(settings().labels, key=len, reverse=True)
    spaced = [_spaced(name) if len(name) > 3 else rf"(?<![一-鿿]){_spaced(name)}" for name in names]
    return re.compile(rf"(?P<label>{'|'.join(spaced)})[\s\u3000]{{0,4}}{_LABEL_END.pattern}")


def _spaced(name: str) -> str:
    return r"[\s\u3000]{0,4}".join(map(re.escape, name))


def _first(kind: str, kinds: Sequence[str], start: int) -> int:
    """The number of the first line of `kind` from `start` on; `start` where there is none."""
    return next((n for n in range(start, len(kinds)) if kinds[n] == kind), start)


def _facts(lines: Sequence[Line], kinds: Sequence[str], body: int) -> Iterator[tuple[str, str]]:
    """What labels say; the words of a label that ends its line may be the next line."""
    for number in range(body):
        for role, words in labelled(lines[number]):
            if not words and number + 1 < body and kinds[number + 1] not in ("label", "noise"):
                words = lines[number + 1].text
            yield role, words


def _place_titles(front: Front, lines: Sequence[Line], kinds: Sequence[str], notice: int) -> None:
    """Find the notice's title and the plan's; a notice moves the body behind the plan's title."""
    if kinds[notice : notice + 1] == ["notice"]:
        front.notice = _last(("notice title",), kinds, notice)
        annex = _annex(lines, kinds, notice, front.notice)
        if annex is not None:
            front.title, front.body = annex, _first("body", kinds, annex + 1)
    if front.title is None:
        front.title = _title(lines, kinds, front.body)
    for number in (front.title, front.notice):
        if number is not None:
            front.joined += _join(lines, kinds, number)
    if front.title is not None and not front.joined and len(lines[front.title].key) < 6:
        front.title = None  # the name of a column of the site


def _title(lines: Sequence[Line], kinds: Sequence[str], end: int) -> int | None:
    """The line before `end` that is the title: the last of the first one with a year.

    Pages say their title twice. Without a year it is the last line that could be one.
    """
    found = [n for n in range(end) if kinds[n] in ("title", "notice title")]
    dated = [n for n in found if _YEAR.search(lines[n].key)]
    if not dated:
        return found[-1] if found else None
    first = dated[0]
    if kinds[first] == "notice title":  # the plan's own title may stand below it
        first = next((n for n in dated if kinds[n] == "title"), first)
    return [n for n in dated if _bare(lines[n].key) == _bare(lines[first].key)][-1]


def _annex(
    lines: Sequence[Line], kinds: Sequence[str], notice: int, title: int | None
) -> int | None:
    """The line after the notice that is the title of what it issues."""
    for source in (lines[title].key if title is not None else "", lines[notice].key):
        match = _QUOTED.search(source)
        name = _bare(match["name"]) if match else ""
        for number in range(notice + 1, len(kinds)):
            if name and kinds[number] != "annex" and _bare(lines[number].key).endswith(name):
                return number
    after = [n for n in range(notice + 1, min(notice + 15, len(kinds))) if kinds[n] == "title"]
    return after[0] if after else None


def _bare(key: str) -> str:
    return re.sub(r"[\W_]", "", key)


def _last(wanted: tuple[str, ...], kinds: Sequence[str], end: int) -> int | None:
    return next((n for n in range(end - 1, -1, -1) if kinds[n] in wanted), None)


def _join(lines: Sequence[Line], kinds: Sequence[str], title: int) -> list[int]:
    """The lines, up to `title`, that go on the one before them as one title."""
    joined: list[int] = []
    while title > 0 and len(joined) < 3:
        before, key = lines[title - 1].key, lines[title].key
        if kinds[title - 1] not in ("short", "issuer", "title") or len(before) > 50:
            break
        goes_on = (
            key.startswith(("的", "关于", "工作", "实施", "重点"))
            or _UNENDED.fullmatch(before) is not None
            or before.endswith(("关于", "的", "和", "与", "、", "《"))
            or (kinds[title - 1] == "issuer" and re.match(r"(?:19|20)\d\d年", key))
            or before.count("《") > before.count("》")
        )
        if not goes_on or _bare(before) == _bare(key):
            break
        joined.append(title)
        title -= 1
    return joined


def _going(front: Front, lines: Sequence[Line], kinds: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Why each line before the body goes."""
    title = len(lines) if front.title is None else front.title
    top = min(number for number in (title, front.notice, front.body) if number is not None)
    for number in range(front.body):
        kind = kinds[number]
        if number == title or kind in ("noise", "body"):
            continue
        if kind == "label":
            yield number, "card"
        elif kind in _NOTICE_KINDS or _is_bare_notice(kind, lines[number]):
            yield number, "notice"
        elif kind == "title" and number < title:
            yield number, "repeated title"
        elif kind == "issuer" and front.notice is not None and front.notice < number < title:
            yield number, "notice"
        elif kind in ("short", "issuer") and number < top < front.body and _is_menu(lines[number]):
            yield number, "navigation"


def _is_bare_notice(kind: str, line: Line) -> bool:
    """Whether a line issues the plan and asks for nothing that would be a task."""
    return kind == "notice" and not _DEMAND.search(re.sub("《[^》]*》", "", line.key))


def _is_menu(line: Line) -> bool:
    """Whether a line above the title may be of the page's menu: it counts nothing."""
    return not re.search(r"[0-9]", line.key)
