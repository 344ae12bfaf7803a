"""Organisations: full names and ids, lists, roles."""

from __future__ import annotations

import pytest
from expressions import bracketed, rows
from hypothesis import given
from hypothesis import strategies as st

from workplan.normalise import canonical, role_of, split_orgs


@pytest.mark.parametrize("row", rows("organisations.tsv"), ids=lambda row: " ".join(row[:2]))
def test_canonical(row: list[str]) -> None:
    name, issuer, full, level, settled = row
    found = canonical(name, None if issuer == "-" else issuer)
    assert (found.name, found.level or "-") == (full, level)
    assert (found.id is not None, found.reason is None) == ((settled == "yes"),) * 2


def test_one_body_has_one_id_in_every_plan() -> None:
    own = canonical("市卫健委", "福州市卫生健康委员会")
    of_the_province = canonical("福州市卫生健康委", "福建省卫生健康委员会")
    of_the_issuer = canonical("我委", "福州市卫生健康委员会")
    assert own.id == of_the_province.id == of_the_issuer.id


def test_one_name_is_another_body_elsewhere() -> None:
    assert canonical("市卫健委", "福州市人民政府").id != canonical("市卫健委", "青岛市人民政府").id
    fuzhou, nanjing = (
        canonical("鼓楼区卫健局", f"{city}人民政府") for city in ("福州市", "南京市")
    )
    assert fuzhou.name == "福州市鼓楼区卫生健康局"
    assert fuzhou.id != nanjing.id


def test_a_section_is_its_bureaus_own() -> None:
    housing, transport = "临汐区住房和城乡建设局", "澜川市交通运输局"
    short, own = (canonical(name, housing) for name in ("综合科", "局综合科"))
    in_full = canonical(f"{housing}综合科", "澜川市人民政府")
    assert short.id == own.id == in_full.id
    assert short.id != canonical("综合科", transport).id


def test_a_district_that_shares_its_name_is_no_other_citys() -> None:
    found = canonical("东港区管委会", "澜川市交通运输局")
    assert found.id == canonical("东港区管委会", "澜川市人民政府").id
    assert found.id != canonical("日照市东港区管委会").id
    assert found.id != canonical("东港区管委会", "江岭市人民政府").id


@pytest.mark.parametrize("row", rows("lists.tsv"), ids=lambda row: row[0])
def test_lists(row: list[str]) -> None:
    text, members = row
    assert [text[start:end] for start, end in split_orgs(text)] == members.split("|")


@pytest.mark.parametrize("row", rows("roles.tsv"), ids=lambda row: row[1])
def test_roles(row: list[str]) -> None:
    role, sentence = row
    before, name, after = bracketed(sentence)
    text = before + name + after
    assert role_of(text, len(before), len(before) + len(name)) == role


PIECES = st.sampled_from(
    [
        *"市省区县各委局和与及、，（）()：我本团中共",
        "卫健",
        "福州",
        "福清市",
        "鼓楼区",
        "牵头",
        "责任单位",
        "等部门",
        "政府",
    ]
)
TEXTS = st.lists(PIECES, max_size=10).map("".join) | st.text(max_size=20)


@given(TEXTS, st.none() | TEXTS)
def test_never_raises(text: str, issuer: str | None) -> None:
    found = canonical(text, issuer)
    assert (found.id is None) == (found.reason is not None)
    parts = split_orgs(text)
    ends = [offset for part in parts for offset in part]
    assert ends == sorted(ends)
    assert all(0 <= offset <= len(text) for offset in ends)


@given(TEXTS, st.integers(0, 20), st.integers(0, 20))
def test_roles_never_raise(text: str, a: int, b: int) -> None:
    assert role_of(text, min(a, b), max(a, b)) in ("lead", "joint", "responsible", "object")
