"""What the guideline says of single spans without exception, held against the tagger's spans.

The network learns these rules from examples and breaks them now and then; here they are kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from workplan.types import Span

NUMERAL = re.compile(r"[0-9０-９〇零一二两三四五六七八九十百千万亿半几xX×✕*○]|翻番|翻倍|成倍")
"""A QUANTITY holds a numeral, written or masked."""

LOCATING = re.compile(
    r"""
    (?: 全[市省县区州镇] | [我本][市省县区州镇委局]
      | 各(?:县|市|州|区|地|镇|乡|街道)(?:[、（(][县市州区乡镇街道、]+[）)]?)*[县市州区]? )
    (?=.{2})
    """,
    re.VERBOSE,
)
"""Words that only say where are no part of a METRIC: 全市, 我省, 各县（市）区."""


def obey(text: str, spans: Sequence[Span]) -> list[Span]:
    """Drop quantities without a numeral; cut words that only say where off a metric's head."""
    kept = []
    for span in spans:
        if span.label == "QUANTITY" and not NUMERAL.search(text, span.start, span.end):
            continue
        if span.label == "METRIC":
            head = LOCATING.match(text, span.start, span.end)
            if head and head.end() < span.end:
                span = replace(span, start=head.end())
        kept.append(span)
    return kept
