"""The shipped segmenter cuts official text into words and loses no character."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from workplan.errors import UserError
from workplan.tokens.tokenizer import PlanTokenizer, load_tokenizer
from workplan.train.segmenter import Agreement, agreement

CUT_BY_HAND = """
县 教育局 年底 前 新建 公办 幼儿园 6所 ， 新增 学位 540个 。
加强 基层 医疗 卫生 服务 体系 建设 ， 家庭 医生 签约 服务 覆盖率 达到 40% 以上 。
推动 农村 公路 管理 养护 体制 改革 ， 完成 投资 3.5亿元 。
开展 安全 生产 专项 检查 ， 严厉 打击 违法 行为 。
各 乡镇 要 落实 属地 责任 ， 建立 健全 工作 机制 。
"""


@pytest.fixture(scope="module")
def tokenizer() -> PlanTokenizer:
    return load_tokenizer()


def test_cuts_words_as_a_reader_would(tokenizer: PlanTokenizer) -> None:
    total = Agreement()
    for line in CUT_BY_HAND.strip().splitlines():
        words = line.split()
        total += agreement(words, [token.text for token in tokenizer("".join(words))])
    assert total.f1 > 0.9


@given(st.text(alphabet="教育局新建幼儿园6所，。（）％６衛生醫療 \u3000\n\tA.-*/", max_size=80))
def test_tokens_give_back_the_text(tokenizer: PlanTokenizer, text: str) -> None:
    doc = tokenizer(text)
    assert doc.text == text
    for token in doc:
        assert text[token.idx : token.idx + len(token)] == token.text


def test_traditional_script_is_cut_like_simplified(tokenizer: PlanTokenizer) -> None:
    simplified = tokenizer("加强医疗卫生服务体系建设，覆盖率达到85%")
    traditional = tokenizer("加強醫療衛生服務體系建設，覆蓋率達到８５％")
    assert [len(token) for token in traditional] == [len(token) for token in simplified]
    assert traditional.text == "加強醫療衛生服務體系建設，覆蓋率達到８５％"


def test_half_width_punctuation_is_a_token(tokenizer: PlanTokenizer) -> None:
    words = [token.text for token in tokenizer("加强监管,提高能力;落实责任")]
    assert {",", ";"} <= set(words)


def test_a_saved_tokenizer_cuts_alike(tokenizer: PlanTokenizer, tmp_path: Path) -> None:
    tokenizer.to_disk(tmp_path / "tokenizer")
    again = load_tokenizer(tmp_path / "tokenizer")
    text = "县交通运输局上半年改造农村公路120公里。"
    assert [t.text for t in again(text)] == [t.text for t in tokenizer(text)]
    over_bytes = PlanTokenizer(tokenizer.vocab).from_bytes(tokenizer.to_bytes())
    assert [t.text for t in over_bytes(text)] == [t.text for t in tokenizer(text)]


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no segmenter model"):
        load_tokenizer(tmp_path)


def test_the_shipped_model_is_small_and_holds_data_only(root: Path) -> None:
    folder = root / "models" / "segmenter"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert [str(path.relative_to(folder).as_posix()) for path in files] == [
        "README.md",
        "cfg",
        "pkuseg_model/features.msgpack",
        "pkuseg_model/weights.npz",
        "pkuseg_processors",
    ]
    assert sum(path.stat().st_size for path in files) < 15e6
    with np.load(folder / "pkuseg_model" / "weights.npz", allow_pickle=False) as weights:
        assert weights["w"].dtype == np.float64


def test_the_card_states_the_agreement_with_lac(root: Path) -> None:
    card = (root / "models" / "segmenter" / "README.md").read_text(encoding="utf-8")
    total = re.search(r"^\| all \|.*\| (0\.\d{4}) \|$", card, re.MULTILINE)
    assert total is not None
    assert float(total[1]) > 0.95
