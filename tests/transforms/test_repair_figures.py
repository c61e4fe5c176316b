"""Dollars that the article itself proves to be yuan, and dollars that stay."""

from __future__ import annotations

import pytest

from transforms.repair import figures
from transforms.repair.candidates import APPLY_FROM


def certain(text: str) -> list[str]:
    return [c.replacement for c in figures.candidates(text) if c.confidence >= APPLY_FROM]


@pytest.mark.parametrize(
    ("text", "repaired"),
    [
        ("公司三季度营收4.27亿美元。年报里,4.27亿元的营收来自两块业务。", "4.27亿元"),
        ("这里的停车费每小时8美元。业主认为每小时8元太贵。", "8元"),
        ("三家的单票收入分别为2.4元、2.1元和2.2美元。", "2.2元"),
        ("全年营收10亿美元,其中线上收入6亿元,线下收入4亿元。", "10亿元"),
        ("上半年投入2.0亿元,下半年增长50%,达到3.0亿美元。", "3.0亿元"),
        ("去年投入5亿元,今年下降20%,为4亿美元。", "4亿元"),
        ("今年规模将达到1.05万亿元。这一业态将进入万亿美元时代。", "万亿"),
        ("全年收入是120亿美元,非GAAP运营利润22亿元。", "120亿元"),
        ("全年净亏损3亿美元,营收为22亿元。", "3亿元"),
        ("当年营收超过2,117亿美元。公司称,营收2117亿元创下纪录。", "2,117亿元"),
    ],
)
def test_the_text_proves_yuan(text: str, repaired: str) -> None:
    assert certain(text) == [repaired]


@pytest.mark.parametrize(
    "text",
    [
        # two firms with one round figure each
        "谷鹿公司的收入为55亿美元。同一季度,青柚酒店的收入为55亿元。",
        "公司营收311亿元,约合45.4亿美元,同比增长10%。",
        "套餐分别售价20美元和150元。",
        "总额10亿美元,其中首付款3亿元,里程碑付款4亿元。",
        "苹果市值达到3万亿美元。",
        # another company's profit
        "谷鹿公司的收入为55亿美元,青柚酒店净利润为3亿元。",
        "苹果市值达到2.9万亿美元，微软市值为2.5万亿美元。行业规模为2.6万亿元。",
    ],
)
def test_genuine_dollars_stay(text: str) -> None:
    assert certain(text) == []
