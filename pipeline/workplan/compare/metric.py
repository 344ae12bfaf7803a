"""What a target measures, in a form in which two plans' wordings can be laid side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from workplan.compare.settings import settings
from workplan.read import fold


@dataclass(frozen=True)
class Metric:
    """A metric as written, and the words around it.

    `lead` is what stands right before it in its clause (家庭医生 before 签约率), `topic` the
    sentence and the headings. `unit` and `per` are the target's.
    """

    text: str
    unit: str = ""
    lead: str = ""
    topic: str = ""
    per: str | None = None

    @cached_property
    def wording(self) -> str:
        """The metric without examples; a bare coverage of people by what its sentence gives them.

        >>> Metric("老年人等重点人群签约率", "%").wording
        '重点人群签约率'
        >>> Metric("重点人群覆盖率", "%", topic="做实家庭医生签约服务").wording
        '重点人群签约率'
        """
        words = settings()
        text = words.examples.sub("", self.text)
        bare = _COVERAGE.sub("", text)
        services = [service for service in words.services if service in self.topic]
        if bare != text and bare in words.narrowing and len(services) == 1:
            return f"{bare}{services[0]}率"
        return text

    @cached_property
    def core(self) -> str:
        """The metric in common words, without what measures nothing."""
        return canonical(self.wording) or folded(self.text)

    @cached_property
    def full(self) -> str:
        """The metric with the words that lead up to it, where the metric alone says little."""
        return nominal(self.lead) + self.wording

    @cached_property
    def subject(self) -> str:
        """The full metric in common words, without what measures nothing."""
        return canonical(self.full)

    @cached_property
    def spoken(self) -> str:
        """The full metric in common words, nothing left out; a short one with its sentence."""
        short = len(self.core) <= SHORT
        return common(f"{self.full}。{self.topic}" if short else self.full)

    @cached_property
    def name(self) -> str:
        """The metric as people should read it: 家庭医生签约率, not 签约率."""
        return nominal(self.lead) + self.text

    @cached_property
    def around(self) -> str:
        """Every word near the metric, in common words."""
        return canonical(f"{self.lead}{self.text}。{self.topic}")


SHORT = 3
"""Characters of a metric that says little alone: 比例, 医院, 参保率."""


@lru_cache(maxsize=65536)
def canonical(text: str) -> str:
    """`text` with brackets and idle words left out and synonyms read as one.

    >>> canonical("全市家庭医生（团队）签约服务覆盖率")
    '家庭医生签约率'
    """
    return settings().idle.sub("", common(text))


def common(text: str) -> str:
    """`text` without brackets, synonyms read as one."""
    words = settings()
    text = words.words.sub(lambda match: words.synonyms[match.group()], folded(text))
    # Twice, since a word may come out of two: 普惠性幼儿园覆盖率 → 普惠园普及率.
    return words.words.sub(lambda match: words.synonyms[match.group()], text)


def folded(text: str) -> str:
    """`text` in simplified script and half width, without brackets, quotes and white space."""
    return _ASIDE.sub("", fold(text))


def nominal(lead: str) -> str:
    """The noun at the end of `lead`: what follows its last verb.

    >>> nominal("稳步提高家庭医生（团队）")
    '家庭医生（团队）'
    """
    text = lead
    for match in _VERB.finditer(lead):
        text = lead[match.end() :]
    return text if len(text) <= _LONGEST_NOUN else ""


_LONGEST_NOUN = 14
_ASIDE = re.compile(r"\([^()]*\)|（[^（）]*）|[\s“”\"'‘’「」《》<>()（）【】\[\]、,，。·]")
_COVERAGE = re.compile(r"(?:服务)?覆盖率$")
_VERB = re.compile(
    r"提高|提升|提速|增加|实现|确保|力争|争取|使得?|推动|推进|开展|加强|强化|保持|控制|稳定|完成|新增|新建"
    r"|改造|建成|培育|建设|达到?|降低|下降|扩大|落实|做好|巩固|其中|要求|年底前|底前|各县区|各县\(市\)区|各县（市）区|各县\(市、区\)|并|将|把|对|了"
)
