"""Plan files to measure the extraction engine on, written from the corpus' sentences."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

NUMERALS = "一二三四五六七八九十"
SECTION = 6
"""Paragraphs under one heading."""


def write_plans(folder: Path, views: Sequence[str], count: int, size: int) -> int:
    """Write `count` different plans of at most `size` bytes (UTF-8), the same for the same
    arguments; returns their characters in all."""
    folder.mkdir(parents=True, exist_ok=True)
    characters = 0
    for number in range(count):
        text = plan_text(views, number, size)
        (folder / f"plan-{number:05d}.txt").write_text(text, encoding="utf-8", newline="\n")
        characters += len(text)
    return characters


def plan_text(views: Sequence[str], number: int, size: int) -> str:
    """Title, then sections of paragraphs of one to three sentences, cut off before `size` bytes."""
    draw = random.Random(number)
    lines = [f"{2015 + number % 12}年示范县第{number + 1}号工作要点"]
    room = size - len(lines[0].encode()) - 1
    paragraphs = 0
    while True:
        added = ["".join(draw.choice(views) for _ in range(draw.randint(1, 3)))]
        if paragraphs % SECTION == 0:
            added.insert(0, f"{NUMERALS[paragraphs // SECTION % 10]}、重点工作")
        room -= sum(len(line.encode()) + 1 for line in added)
        if room < 0:
            return "\n".join(lines) + "\n"
        lines += added
        paragraphs += 1
