"""Garbage is looked for seldom in a run, and afterwards as before."""

from __future__ import annotations

import gc

from workplan.batch.garbage import seldom_collected


def test_python_collects_afterwards_as_it_did() -> None:
    before = gc.get_threshold(), gc.get_freeze_count()
    with seldom_collected():
        assert gc.get_threshold() > before[0]
        assert gc.get_freeze_count() > 0
    assert (gc.get_threshold(), gc.get_freeze_count()) == before


def test_cycles_are_still_found() -> None:
    with seldom_collected():
        for _ in range(200_000):
            ring: list[object] = []
            ring.append(ring)
        assert len(gc.get_objects()) < 150_000
