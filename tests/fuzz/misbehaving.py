"""A stand-in for the reading process that does what the fuzz command must notice."""

from __future__ import annotations

import os
from multiprocessing.connection import Connection

from fuzzing import Result


def misbehave(pipe: Connection, every: int) -> None:
    """End the process on input 1, hang on 2, read 3."""
    pipe.send(None)
    while number := pipe.recv():
        if number == 1:
            os._exit(7)
        while number == 2:
            pass
        pipe.send(Result(number, "plan"))
