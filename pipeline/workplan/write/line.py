"""A record as one line of JSON, the form of all that programs read."""

from __future__ import annotations

import json
from typing import Any

import orjson


def encode_line(record: Any) -> bytes:
    """`record` as one line of JSON in UTF-8.

    What orjson cannot say, a lone surrogate (a file name that is no UTF-8) or an integer of more
    than 64 bits, the standard library says, with escapes. NaN and infinity, which JSON cannot
    say either, have no place in a record.
    """
    try:
        return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:
        return json.dumps(record, allow_nan=False, separators=(",", ":")).encode() + b"\n"
