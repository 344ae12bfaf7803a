"""The operations a character needs, counted by hand for a tiny network."""

from __future__ import annotations

from pathlib import Path

import pytest

from workplan.bench.floor import (
    Floor,
    Network,
    measure_floors,
    operations_per_character,
    read_network,
    table,
)


def test_a_graphs_operations_are_those_counted_by_hand(tagger: Path) -> None:
    """A layer: 4 products of 48 × 48 and 2 of 48 × 96, 18,432 multiplications; two layers and
    the 48 × 21 of the tags: 37,872, each with an addition."""
    import onnx

    network = read_network(onnx.load(tagger / "model.onnx").graph)
    assert network == Network(linear=75_744, layers=2, width=48)


def test_attention_grows_with_the_square_of_the_length() -> None:
    """10 positions: 1,000 each, and in 2 layers 10 × 10 pairs × (3 + 3 multiplications) × 2."""
    assert Network(linear=1000, layers=2, width=3).operations(10) == 10_000 + 2 * 100 * 12


def test_marks_count_for_the_floor_and_padding_beside_it() -> None:
    """7 characters and 2 marks are 9 positions, padded to 10; of the second text 32 and 32."""
    network = Network(linear=90, layers=0, width=0)
    needed, padded = operations_per_character(network, ["字" * 7, "字" * 30])
    assert needed == pytest.approx(90 * (9 + 32) / 37)
    assert padded == pytest.approx(90 * (10 + 32) / 37)


def test_a_long_text_counts_its_overlapping_windows() -> None:
    network = Network(linear=1, layers=0, width=0)
    needed, _ = operations_per_character(network, ["字" * 500])
    assert needed == pytest.approx((500 + 2 * 64 + 3 * 2) / 500)


def test_the_floor_of_a_real_folder_is_measured(
    tagger: Path, texts: list[str], monkeypatch
) -> None:
    from workplan.bench import floor

    monkeypatch.setattr(floor, "SHAPES", ((64, 48, 96),))
    monkeypatch.setattr(floor, "measure_rate", lambda threads: floor._fastest(threads))
    (one,) = measure_floors({"mine": tagger}, {"mine": 100.0}, texts, 1)
    assert one.operations < one.padded
    assert one.rate > 1e8
    assert one.record()["share"] == pytest.approx(100 * one.operations / one.rate)


def test_the_table_gives_the_share_of_the_floor() -> None:
    """20 million operations a character at 10^12 a second: 50,000 characters a second."""
    text = table([Floor("tagger", 20e6, 25e6, 1e12, 12_500)])
    cells = [cell.strip() for cell in text.splitlines()[-1].split("|")[1:-1]]
    assert cells == ["tagger", "20.00", "25.00", "1,000", "50,000", "12,500", "25 %"]


def test_no_models_no_measuring() -> None:
    assert measure_floors({}, {}, ["字"], 1) == []
