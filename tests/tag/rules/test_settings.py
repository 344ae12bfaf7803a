"""configs/labels.yaml: a user's own copy can switch functions off."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from workplan.errors import UserError
from workplan.tag.rules import RulesLabeller, load_functions, settings

load_functions()


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("WORKPLAN_CONFIGS", str(tmp_path))
    settings.switched_off.cache_clear()
    settings.chinese_names.cache_clear()
    yield tmp_path / "labels.yaml"
    settings.switched_off.cache_clear()
    settings.chinese_names.cache_clear()


def test_a_function_that_is_off_takes_no_part(own: Path) -> None:
    own.write_text("disabled: [counted]\n", encoding="utf-8")
    labels = {span.label for span in RulesLabeller("majority").label(["新增站点12个。"])[0]}
    assert "QUANTITY" not in labels


def test_an_unknown_function_is_named(own: Path) -> None:
    own.write_text("disabled: [couted]\n", encoding="utf-8")
    with pytest.raises(UserError, match="couted"):
        settings.switched_off()


@pytest.mark.parametrize("text", ["[", "- a\n- b\n"])
def test_settings_that_are_no_mapping_are_refused(own: Path, text: str) -> None:
    own.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=r"labels\.yaml"):
        settings.switched_off()


def test_labels_keep_their_names_where_none_are_given(own: Path) -> None:
    own.write_text("labels:\n  ORG: 机构\n", encoding="utf-8")
    names = settings.chinese_names()
    assert (names["ORG"], names["ACTION"]) == ("机构", "ACTION")
