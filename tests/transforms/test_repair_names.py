"""Names that came back half in pinyin."""

from __future__ import annotations

import pytest

from transforms import paragraphs, reference
from transforms.repair import engine

GARBLED = "Tik Tok和JD.COM正在争夺这个市场,人才人才带货的模式被很多商家商家采用。"


def applied(*lines: str) -> dict[str, str]:
    known = reference.load()
    raw = "\n".join((GARBLED, *lines))
    return {
        raw[c.start : c.end]: c.replacement for c in engine.diagnose(paragraphs.assign_roles(paragraphs.split(raw), known), known).applied
    }


@pytest.mark.parametrize(
    ("garbled", "half", "name"),
    [
        ("在Tik Tok上,花Xizi的口红卖得很好。", "花Xizi", "花西子"),
        ("Tik Tok认为,长Dian科技的工厂已经满了。", "长Dian科技", "长电科技"),
        ("Tik Tok找到了飞He的代理商。", "飞He", "飞鹤"),
    ],
)
def test_the_reference_data_says_who_it_is(garbled: str, half: str, name: str) -> None:
    assert applied(garbled)[half] == name


@pytest.mark.parametrize(
    ("garbled", "half", "name", "elsewhere"),
    [
        ("Tik Tok的负责人钱Yuchen说,JD.COM会跟进。", "钱Yuchen", "钱羽辰", "钱羽辰在会上表示，行业还会洗牌。"),
        ("Tik Tok的负责人沈Yi说,JD.COM会跟进。", "沈Yi", "沈弈", "沈弈在会上表示，行业还会洗牌。"),
    ],
)
def test_the_article_says_who_it_is(garbled: str, half: str, name: str, elsewhere: str) -> None:
    assert half not in applied(garbled)
    assert applied(garbled, elsewhere)[half] == name


@pytest.mark.parametrize("line", ["Tik Tok的高Du令人意外。", "Tik Tok和JD.COM,他说Li会来。", "Tik Tok用AI写稿。"])
def test_chance_is_no_proof(line: str) -> None:
    repaired = applied(line, "这里的高度、用爱和说理都是普通的词。")
    assert not {"高Du", "说Li", "用AI"} & set(repaired)
