"""The sample plans read as a clerk reads them; the expected values are counted by hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from workplan.read import read_plan
from workplan.segment import segment


@dataclass(frozen=True)
class Expected:
    file: str
    title: str
    issuer: str
    number: str
    year: int
    sections: int
    """Numbered headings with text under them, and appendices."""
    rows: int = 0


SAMPLES = (
    Expected(
        "yunpi-education-2024.txt",
        "云陂县教育局2024年工作要点",
        "云陂县教育局",
        "云教〔2024〕6号",
        2024,
        sections=5 + 3 + 23,
    ),
    Expected(
        "lanchuan-transport-2023.html",
        "澜川市交通运输局2023年工作计划",
        "澜川市交通运输局",
        "澜交〔2023〕11号",
        2023,
        sections=6 + 15,
    ),
    Expected(
        "linxi-housing-2025.docx",
        "临汐区住房和城乡建设局2025年重点工作任务分解方案",
        "临汐区住房和城乡建设局",
        "临住建发〔2025〕8号",
        2025,
        sections=4 + 5 + 12 + 1,
        rows=9,
    ),
    Expected(
        "jianglan-health-2022.pdf",
        "2022年全省卫生健康工作要点",
        "江岚省卫生健康委员会",
        "江卫办〔2022〕15号",
        2022,
        sections=5 + 15,
    ),
)


@pytest.mark.parametrize("expected", SAMPLES, ids=lambda expected: expected.file)
def test_a_sample_is_read_whole(samples: Path, expected: Expected) -> None:
    plan = read_plan(samples / expected.file)
    metadata = plan.metadata
    assert metadata.title == expected.title
    assert metadata.issuer == expected.issuer
    assert metadata.number == expected.number
    assert metadata.year == expected.year
    sentences = segment(plan)
    paths = {sentence.section for sentence in sentences}
    headings = {path[:depth] for path in paths for depth in range(1, len(path) + 1)}
    assert len(headings) == expected.sections
    assert sum(sentence.kind == "row" for sentence in sentences) == expected.rows
    assert 40 <= sum(sentence.kind != "heading" for sentence in sentences) <= 80
    for boilerplate in ("首页", "分享", "打印", "版权", "备案号", "— 1 —", "访问者"):
        assert boilerplate not in plan.text


def test_the_samples_are_of_four_kinds(samples: Path) -> None:
    assert sorted(path.name for path in samples.iterdir()) == sorted(
        expected.file for expected in SAMPLES
    )
