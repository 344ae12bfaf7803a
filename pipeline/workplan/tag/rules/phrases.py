"""Noun phrases to the left or right of a figure."""

from __future__ import annotations

import re

from workplan.tag.rules.clauses import lexicon
from workplan.tag.rules.parts import read_verbs
from workplan.tag.rules.reading import Reading
from workplan.tag.rules.words import Word


def rate_before(reading: Reading, end: int, core: int) -> tuple[int, int]:
    """The name of a rate that ends at `end` and holds [core, end) in any case.

    Verbs are part of such names (自主就业退役士兵培训参训率); a governing verb, a mark or an
    adverb opens it.
    """
    start = next((w.start for w in reading.words if w.start <= core < w.end), core)
    for word in reversed(_words_before(reading, start)):
        if word.end != start or not _in_rate(word):
            break
        start = word.start
    return _trim(reading, start, end)


def noun_before(reading: Reading, end: int) -> tuple[int, int]:
    """The noun phrase that ends at `end`; an empty stretch where no noun ends there."""
    heads = {verb.start for verb in read_verbs(reading) if verb.part in _HEADS}
    words = _words_before(reading, end)
    while words and (words[-1].text in _BETWEEN or words[-1].text.isspace()):
        end = words.pop().start
    if not words or not _may_close(words):
        return end, end
    start = end
    if words[-1].tag == "v":
        start = words.pop().start
    while words and words[-1].end == start:
        word = words.pop()
        if not _in_noun(word, start, end, reading) or word.start in heads:
            break
        start = word.start
    return _trim(reading, start, end)


def noun_after(reading: Reading, start: int) -> tuple[int, int]:
    """The noun phrase that starts at `start`, an opening 的 aside."""
    words = [word for word in reading.words if word.start >= start and not word.text.isspace()]
    if words and words[0].text in ("的", "“"):
        words.pop(0)
    if not words or words[0].text in _LOCATING:
        return start, start
    start = words[0].start
    last = -1
    for index, word in enumerate(words):
        if word.text in ("“", "”", "（", "）", "(", ")"):
            continue
        if word.tag not in _NOUN or word.text in _NO_NOUN:
            break
        if word.tag in _CLOSES:
            last = index
    while last > 0 and words[last].text in _DEEDS and words[last].tag == "vn":
        last -= 1
    end = words[last].end if last >= 0 else start
    return _trim(reading, start, end)


def _may_close(words: list[Word]) -> bool:
    """Whether a noun phrase may end with the last of `words`: 完成|投资 counts as a noun."""
    last = words[-1]
    if last.tag in _CLOSES or last.text in ("）", ")", "”"):
        return True
    if last.tag != "v" or len(words) < 2 or last.text in _NEVER_NOUNS:
        return False
    before = words[-2]
    return before.end == last.start and (before.tag in _CLOSES or before.text in _GOVERNING)


_NEVER_NOUNS = frozenset(
    "增长 增加 减少 下降 提高 提升 上升 降低 缩短 缩小 扩大 控制 稳定 保持 压减 达到 达 为 占 是 在 完成 实现 超过 突破 新增 "
    "新建 建成 开工 竣工 拿出 安排 发放 下达 有 共有 累计 升至 降至 增至 升 降 增 到 至 由 从 获得 取得 争取 落实 投放 高于 低于 优于 排名 位列 居".split()
)
_HEADS = frozenset(
    "head modal predicate subject adjunct loose disposal then joined parallel inner".split()
)
_NOUN = frozenset("n nr ns nt nw nz LOC PER ORG vn an s f xc a m q j".split())
_CLOSES = frozenset("n nr ns nt nw nz vn an s j LOC ORG xc".split())
_BETWEEN = frozenset("的 则 将 要 各 分别 均 约 共 达".split())
_NO_NOUN = frozenset("新 等 以上 以下 左右 同比 全部 均 各".split())
_DEEDS = frozenset("建设 改造 整治 修复 任务 创建 治理 评审 申报 标准化".split())
_LOCATING = frozenset(
    "全市 全省 全国 全县 全区 全州 全镇 全乡 我市 我省 我国 我县 我区 本市 全院 其中 全年 今年 去年 各地 各县 各区 累计 共 年 目前 "
    "等 和 及 与 以及 上年 同期 年底 一批 其他 各 本 该 总体 全部 每年 每个 全局 全系统 上半年 前三季度 辖区 区域 年末 月末".split()
)
_GOVERNING = frozenset(
    "新增 完成 新建 建成 实施 引进 发放 投入 安排 举办 选派 打造 创建 新改建 改扩建 扩建 净增 下达 争取 落实 增加 减少 提高 降低 达到 "
    "实现 修建 支持 解决 惠及 招聘 招录 签订 遴选 淘汰 压减 拆除 更换 购置 提升 推动 推进 加强 强化 确保 保持 保证 力争 将 使 让 由 从 "
    "对 把 稳定 控制 扩大 落实好 提升了 设置 明确 实行 健全 完善 开展 做好 优化 要 应 年底 其中 做到 突破 带动 提 压 降 促 稳 保 抓".split()
)
_OUTSIDE_RATES = frozenset("w d ad vd p c u TIME r".split())


def _words_before(reading: Reading, end: int) -> list[Word]:
    return [word for word in reading.words if word.end <= end]


def _in_rate(word: Word) -> bool:
    if word.text in _LOCATING or word.text in _GOVERNING or word.text in lexicon("modals"):
        return False
    if word.text in ("占", "的", "（", "）", "“", "”", "每"):
        return True
    return word.tag not in _OUTSIDE_RATES


def _in_noun(word: Word, start: int, end: int, reading: Reading) -> bool:
    if word.text in _LOCATING or word.text in _GOVERNING:
        return False
    if word.tag in _NOUN:
        return True
    if word.text in ("（", "）", "(", ")", "“", "”"):
        return start < end or word.text in ("）", ")", "”")
    # 参保|人数: a verb is part of a name when it touches its head
    return word.tag == "v" and start < end and reading.text[start:end] in _HEADS_OF_COUNTS


_HEADS_OF_COUNTS = frozenset("人数 数 量 额 标准 面积 费 总量 总额 次数 规模 能力".split())


def _trim(reading: Reading, start: int, end: int) -> tuple[int, int]:
    text = reading.text
    opening = _OPENING.match(text, start, end)
    if opening is not None:
        start = opening.end()
    while end > start and text[end - 1] in "（(“的、 ":
        end -= 1
    phrase = text[start:end]
    if phrase.count("（") != phrase.count("）") or phrase.count("“") != phrase.count("”"):
        cut = max(phrase.rfind(mark) for mark in "（“）”")
        start = min(start + cut + 1, end)
    return start, end


_OPENING = re.compile(r"[（）()”的、\s]+")
