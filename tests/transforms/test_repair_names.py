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
        ("Tik Tok找到了光线传媒的王Changtian。", "王Changtian", "王长田"),  # 长 is zhang as well
    ],
)
def test_the_reference_data_says_who_it_is(garbled: str, half: str, name: str) -> None:
    assert applied(garbled)[half] == name


@pytest.mark.parametrize(
    ("garbled", "half", "name", "elsewhere"),
    [
        ("Tik Tok的负责人钱Yuchen说,JD.COM会跟进。", "钱Yuchen", "钱羽辰", "钱羽辰在会上表示，行业还会洗牌。"),
        ("Tik Tok的负责人沈Yi说,JD.COM会跟进。", "沈Yi", "沈弈", "沈弈在会上表示，行业还会洗牌。"),
        ("Tik Tok的负责人钱Leyu说,JD.COM会跟进。", "钱Leyu", "钱乐羽", "钱乐羽在会上表示，行业还会洗牌。"),
        ("Tik Tok的负责人钱Yueyu说,JD.COM会跟进。", "钱Yueyu", "钱乐羽", "钱乐羽在会上表示，行业还会洗牌。"),
    ],
)
def test_the_article_says_who_it_is(garbled: str, half: str, name: str, elsewhere: str) -> None:
    assert half not in applied(garbled)
    assert applied(garbled, elsewhere)[half] == name


@pytest.mark.parametrize(
    ("garbled", "half", "name"),
    [
        ("在Tik Tok上,Meituan购买药物的用户很多。", "Meituan购买药物", "美团买药"),
        ("Tik Tok说,明Yang聪明的订单很多。", "明Yang聪明", "明阳智能"),
        ("Tik Tok说,微Bo2024年的用户很多。", "微Bo", "微博"),
        ("JD.COM说,Taobao现场的用户很多。", "Taobao现场", "淘宝直播"),
        ("Tik Tok说,Meituan的用户很多。", "Meituan", "美团"),
        ("Tik Tok说,Meituan购买股票的用户很多。", "Meituan", "美团"),
    ],
)
def test_the_rest_of_a_name_came_back_in_other_words(garbled: str, half: str, name: str) -> None:
    assert applied(garbled)[half] == name


@pytest.mark.parametrize("line", ["Tik Tok的高Du令人意外。", "Tik Tok和JD.COM,他说Li会来。", "Tik Tok用AI写稿。"])
def test_chance_is_no_proof(line: str) -> None:
    repaired = applied(line, "这里的高度、用爱和说理都是普通的词。")
    assert not {"高Du", "说Li", "用AI"} & set(repaired)


@pytest.mark.parametrize(
    ("garbled", "half", "name"),
    [
        ("在Tik Tok上,Three只松鼠的销量很好。", "Three只松鼠", "三只松鼠"),
        ("Tik Tok说,Perfect日记的门店关了。", "Perfect日记", "完美日记"),
        ("Tik Tok说,老乡Chicken的门店很多。", "老乡Chicken", "老乡鸡"),
        ("JD.COM说,Cool狗的用户很多。", "Cool狗", "酷狗"),
    ],
)
def test_one_half_of_a_translated_name_is_latin(garbled: str, half: str, name: str) -> None:
    assert applied(garbled)[half] == name


def test_a_name_known_as_it_is_takes_no_single_character_along() -> None:
    assert "Tik Tok店" not in applied("很多商家的Tik Tok店关了。")


def test_a_name_that_is_always_half_latin_stays() -> None:
    assert not any("中环" in surface for surface in applied("Tik Tok说,TCL中环的硅片降价了。"))


@pytest.mark.parametrize(
    ("garbled", "words", "name", "elsewhere"),
    [
        ("Tik Tok说,橙心脏优选开了很多城市。", "橙心脏优选", "橙心优选", "橙心优选在2021年退出了社区团购。"),
        ("Tik Tok说,中国农业的银行排队很久。", "中国农业的银行", "中国农业银行", "中国农业银行的网点最多。"),
    ],
)
def test_a_name_in_other_words_needs_the_name_itself(garbled: str, words: str, name: str, elsewhere: str) -> None:
    assert words not in applied(garbled)
    assert applied(garbled, elsewhere)[words] == name


def test_a_name_may_begin_with_a_number() -> None:
    assert applied("Tik Tok上,361 degrees的跑鞋卖得很好。")["361 degrees"] == "361度"
    assert not any(surface.startswith("12") for surface in applied("Tik Tok上,12 degrees的水很冷。"))


@pytest.mark.parametrize("who", ["苏Lihua创办的公司", "岳Lihua说的话"])
def test_a_given_name_behind_a_surname_is_no_brand(who: str) -> None:
    assert "Lihua" not in applied(f"Tik Tok上,{who}很有名。")


def test_people_of_one_sound_are_told_apart_by_their_firm() -> None:
    half = "王Yu"
    assert half not in applied("Tik Tok说,王Yu不会辞职。")
    assert applied("Tik Tok说,孚能科技的王Yu不会辞职。")[half] == "王瑀"
    assert applied("Tik Tok说,春秋航空的王Yu不会辞职。")[half] == "王煜"


def test_what_stands_in_parentheses_behind_its_own_name_stays() -> None:
    assert "Soda音乐" not in applied("Tik Tok说,汽水音乐(Soda音乐)长得很快。")
    assert applied("Tik Tok说,Soda音乐长得很快。")["Soda音乐"] == "汽水音乐"


def test_a_year_behind_half_a_name_is_no_part_of_it() -> None:
    assert applied("黄Wei 2017年从58同城独立出来。", "黄炜说，验机项目增加到66项。").get("黄Wei") == "黄炜"
