"""Amounts as plans write them: number, unit, comparators. Parts of patterns for re.VERBOSE."""

from __future__ import annotations

from workplan.tag.rules.lexicons import one_of

# From left to right: 不少于 每人每年 3.5万 元 以上.
COMPARATOR = r"""(?:
      不[得能可]?(?:低于|少于|高于|多于|超过|大于|小于|足|到|超) | 未满
    | 至少 | 最少 | 最多 | 最高 | 超过了? | 超出 | [高低大小多少]于
    | 大约 | 将近 | 接近 | [超逾近约上过≥≤><] )"""
PER = r"""(?:
    (?: [月年日]?人均
      | 每[百千万十]?(?: 人口? | 户 | 份 | 盒 | 亩 | 张 | 床 | 名 | 位 | 件 | 例 | 次 | 所 | 家 | 村
          | 社区 | 校 | 公里 | 平方米 | 立方米 | 吨 | 升 | 市 | 处 | 站 | 镇 | 个?月 | 年 | 天 | 日
          | 周 | 季度? | 学期 | 学年 | 学时 | 台 | 辆 | 车 | 班 | 生均? )
    ){1,2}
    (?:不低于|不少于|不超过|至少|约|近)?\ ? )"""
DIGITS = r"(?:(?<![\dA-Za-z.．])\d+(?:[.,．]\d+)*)"
NUMBER = rf"(?:{DIGITS}\ ?[多余几来]?[百千万亿]*[多余来]?\ ?)"
CHINESE = r"(?:[一二三四五六七八九十两][一二三四五六七八九十百千万亿零两]*[多余]?)"
MASK = r"(?:(?<![A-Za-z\d])[xX×＊*○]{1,6}(?:[.．][xX×*○]+)?(?![A-Za-z\d]))"
"""A figure that the publisher hid: x家, xx.xx%."""
MASKED_NUMBER = rf"(?:{MASK}\ ?[百千万亿]*[多余]?\ ?)"
THROUGH = r"(?:\ ?(?:[-－—–―─~～]{1,2}|至|到)\ ?)"
BOUND = r"(?:\ ?及?以[上下内外]|之间|之内|左右|上下|多|余)?"

COUNTER = one_of("classifiers")
UNIT = one_of("classifiers", "units")
MEASURE = one_of("units")
DURATION = one_of("durations")
SHARE = r"(?:[%％‰]|个?百分点|个多百分点|个基点|(?<![%％])成(?![果效立为功员本]))"


def amount(number: str, unit: str) -> str:
    """A pattern of one amount or a range: 3-5个, 6个月至12个月, 5万元以上10万元以下."""
    one = rf"{number}(?:{unit})[多余]?"
    return rf"""
    (?: {COMPARATOR}? {PER}? {COMPARATOR}?
        (?: {number}(?:{unit})?{THROUGH}{one} | {one}及?以上{one}及?以下 | {one} ) {BOUND} )
    """
