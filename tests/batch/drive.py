"""A run in a process of its own, for tests that interrupt or kill it.

drive.py IN OUT PAUSE [ENGINE [ADDRESS]]
"""

from __future__ import annotations

import signal
import sys
from functools import partial
from pathlib import Path

import labellers

from workplan.batch.engine import Stopped, extract
from workplan.batch.job import Job
from workplan.batch.settings import Settings

FORMATS = ("csv", "html", "xlsx")
"""Some that workers render and one that they do not."""

if __name__ == "__main__":
    # Whoever starts the tests in the background may have them ignore it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    settings = Settings(workers=2, group_files=4, formats=FORMATS)
    load = partial(labellers.slow, float(sys.argv[3]))
    engine = sys.argv[4] if len(sys.argv) > 4 else "local"
    address = sys.argv[5] if len(sys.argv) > 5 else None
    job = Job(
        (Path(sys.argv[1]),),
        Path(sys.argv[2]),
        load=load,
        settings=settings,
        engine=engine,
        address=address,
    )
    try:
        extract(job)
    except Stopped as stop:
        sys.exit(f"stopped at {stop.done} of {stop.total}")
