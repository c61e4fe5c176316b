"""What is a mention, and what it is called. Texts are made up; real names in them are common knowledge."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms import entities, reference, segmentation
from transforms.article import Mention, Sentence
from transforms.script import detect_script, fold


def extract(text: str, **options: object) -> list[Mention]:
    spans = segmentation.sentence_spans(text)
    sentences = [Sentence(i, 0, start, end, text[start:end]) for i, (start, end) in enumerate(spans)]
    return entities.extract(text, sentences, reference.load(), script=detect_script(text), **options)  # type: ignore[arg-type]


def named(text: str) -> set[tuple[str, str]]:
    return {(m.surface, m.type) for m in extract(text)}


@pytest.mark.parametrize(
    ("text", "surface", "kind"),
    [
        ("据36氪报道，该公司正在裁员。", "36氪", "media"),
        ("三只松鼠的门店减少了一半。", "三只松鼠", "company"),
        ("中国黄金的门店减少了一半。", "中国黄金", "company"),
        ("双11期间，商家的备货量大增。", "双11", "event"),
        ("报告由中国数字阅读产业协会发布。", "中国数字阅读产业协会", "organization"),
        ("經濟部統計處公布了零售業營業額。", "經濟部統計處", "government"),
        ("法国外交部对此表示关切。", "法国外交部", "government"),
        ("花旗银行（中国）有限公司宣布关闭三家网点。", "花旗银行（中国）有限公司", "company"),
        ("《青山遮不住》上映三天票房过亿。", "青山遮不住", "work"),
        ("据《江海晚报》报道，工程已经完工。", "江海晚报", "media"),
        ("电商分析师顾明远认为，补贴不会持续。", "顾明远", "person"),
        ("董事长李成东表示，公司会继续投入。", "李成东", "person"),
        ("首席执行官艾琳·克劳福德宣布辞职。", "艾琳·克劳福德", "person"),
        ("公司副总裁周立群出席了发布会。", "副总裁", "title"),
        ("首席经济学家认为通胀会回落。", "首席经济学家", "title"),
        ("今年夏天，HKTVmall的订单大增。", "HKTVmall", "product"),
        ("新车叫QX-7，下月上市。", "QX-7", "product"),
        ("新店位于青石桥镇。", "青石桥镇", "place"),
        ("三国将举行中俄经济合作会谈。", "俄", "place"),
        ("平台上线了“闪电退款”功能。", "闪电退款", "product"),
        ("公司昨天召开了生态大会。", "生态大会", "event"),
        ("字节跳动通过收购云杉易付获得牌照。", "云杉易付", "company"),
        ("美军在该地区增派了两艘军舰。", "美军", "government"),
        ("李宁的成绩单早已公布。", "李宁", "company"),
        ("江苏银行业绩快报发布。", "江苏银行", "company"),
        ("新希望公告称，将出售股权。消费者对新希望怎么看？", "新希望", "company"),
    ],
)
def test_finds(text: str, surface: str, kind: str) -> None:
    assert (surface, kind) in named(text)


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("平台的DAU和GMV都创了新高。", "DAU"),
        ("AI与5G是今年的热点。", "AI"),
        ("新CEO上任后启动了IPO。", "IPO"),
        ("装机量达到80.5GWh。", "GWh"),
        ("这座城市的东西都很贵。", "城市"),
        ("会议由股东大会审议通过。", "股东大会"),
        ("张先生说，他等了三个小时。", "张先生"),
        ("多家保险公司下调了利率。", "保险公司"),
        ("公司的6180名员工参加了培训。", "618"),
        ("他在TOP10榜单中排名第三。", "TOP10"),
        ("市场部和商业化部已经合并。", "市场部"),
        ("韩束母公司的收入翻番。", "韩束母公司"),
        ("江苏银行业的不良率下降。", "江苏银行"),
        ("顺丰的速运物流业务亏损。", "速运物流"),
        ("顺丰控股速运物流业务收入增长。", "速运物流"),
        ("腾讯网络广告收入增长。", "腾讯网"),  # takes a character of a word
        ("已有近140万集微短剧被下线。", "万集微"),
        ("2025年中国黄金珠宝市场规模约为8200亿元。", "中国黄金"),
        ("林业公安部门去年接到举报。", "公安部"),
    ],
)
def test_leaves_alone(text: str, surface: str) -> None:
    assert surface not in {m.surface for m in extract(text)}


def test_a_short_form_and_a_garbled_one_are_the_same_entity() -> None:
    mentions = extract("招商银行下调了存款利率。招行表示，此举符合市场预期。")
    assert {m.entity_id for m in mentions} == {"cmb"}
    assert [m.name for m in mentions] == ["招商银行", "招商银行"]


def test_a_short_form_that_the_article_introduces_names_the_same_firm() -> None:
    mentions = extract("云杉智造股份有限公司（以下简称“云杉”）递交了招股书。云杉去年亏损。")
    firm = [m for m in mentions if "云杉" in m.surface]
    assert [m.surface for m in firm] == ["云杉智造股份有限公司", "云杉", "云杉"]
    assert len({(m.entity_id, m.name) for m in firm}) == 1


def test_names_are_those_of_the_article_or_of_the_reference() -> None:
    text = "苏宁关闭了十家门店。"
    assert [m.name for m in extract(text)] == ["苏宁"]
    assert [m.name for m in extract(text, names="canonical")] == ["苏宁易购"]
    assert [m.name for m in extract("小鹏的股价上涨。小鹏汽车公布了销量。")] == ["小鹏汽车", "小鹏汽车"]


def test_a_name_in_traditional_writing_stays_so() -> None:
    mentions = extract("統一超商公布營收，統一超商的門市增加。")
    assert {(m.surface, m.name) for m in mentions} == {("統一超商", "統一超商")}


def test_a_possessive_inside_a_product_name_needs_the_product_in_the_article() -> None:
    both = extract("商家在抖音的小店里做生意。抖音小店只收5%的服务费。")
    assert [(m.surface, m.name) for m in both] == [("抖音的小店", "抖音小店"), ("抖音小店", "抖音小店")]


def test_a_person_found_by_the_context_once_is_found_everywhere() -> None:
    mentions = extract("总经理欧阳拓海表示，订单充足。去年加入的正是欧阳拓海。")
    assert [m.surface for m in mentions if m.type == "person"] == ["欧阳拓海", "欧阳拓海"]
    later = extract("记者采访了约翰·哈特利。哈特利说，市场会恢复。")
    assert [(m.surface, m.name) for m in later if m.type == "person"] == [("约翰·哈特利", "约翰·哈特利"), ("哈特利", "约翰·哈特利")]


def test_unknown_ids_are_stable_and_shared_over_articles() -> None:
    one, two = extract("云杉智造股份有限公司成立。"), extract("昨天，云杉智造股份有限公司裁员。")
    assert one[0].entity_id == two[0].entity_id
    assert one[0].entity_id.startswith("x-")


def test_blocked_spans_stay_free_save_for_festivals() -> None:
    text = "2020年京东双11，淘宝销量大增。"
    at = text.index("双11")
    assert {m.surface for m in extract(text)} == {"京东", "双11", "淘宝"}
    assert {m.surface for m in extract(text, blocked=[(0, at + 3)])} == {"双11", "淘宝"}


def test_a_back_end_takes_the_place_of_the_rules() -> None:
    class Fixed:
        def mentions(self, sentences: list[Sentence]) -> list[Mention]:
            return [Mention(s.start, s.start + 2, s.text[:2], "", s.text[:2], "person", "model", 0.5) for s in sentences]

    mentions = extract("甲乙去了淘宝。丙丁没去。", recognizer=Fixed())
    assert [(m.surface, m.method) for m in mentions] == [("甲乙", "model"), ("淘宝", "reference"), ("丙丁", "model")]


_MARKS = "，。《》“”（）·-、A和在万İ😀Y \n"
_WORDS = "抖音 小店 张一鸣 表示 618 双11 公司 中国 美国 ABC Model 约翰 集团 苹果 1234 台灣 統計處"
_PIECES = st.sampled_from((*_MARKS, *_WORDS.split()))


@settings(derandomize=True, max_examples=200, deadline=None)
@given(st.lists(_PIECES, max_size=25).map("".join) | st.text(max_size=40))
def test_mentions_are_sorted_apart_and_true_to_the_text(text: str) -> None:
    mentions = extract(text)
    assert all(text[m.start : m.end] == m.surface and m.start < m.end for m in mentions)
    assert all(a.end <= b.start for a, b in pairwise(mentions))
    assert not any(fold(m.surface).isdigit() and m.method != "reference" for m in mentions)
    assert mentions == extract(text)
