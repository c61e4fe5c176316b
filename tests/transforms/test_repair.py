"""The repair engine: what it undoes, with what evidence, and what it must never touch."""

from pathlib import Path

import pytest

from transforms import paragraphs, reference
from transforms.repair import doubling, engine, figures, stitching
from transforms.repair.spelling import is_pinyin, letters, romanize

REFERENCE = reference.load()
DATA = Path(__file__).parents[1] / "data"

#: A garbled paragraph about the tea business, and untouched ones about it; all content is ours.
GARBLED = "4月,Luckin Coffee的门店数超过1.8万家,Mixue Bingcheng超过2.2万家,两家都在争夺沉没市场。"
UNTOUCHED = "蜜雪冰城2023年前三季度营收154亿元，同比增长46%。瑞幸咖啡计划在年底前把门店数增加到2万家。"


def diagnose(*lines: str) -> engine.Diagnosis:
    text = "\n".join(["一个标题", *lines])
    return engine.diagnose(paragraphs.assign_roles(paragraphs.split(text), REFERENCE), REFERENCE)


def applied(*lines: str) -> dict[str, str]:
    text = "\n".join(["一个标题", *lines])
    found = engine.diagnose(paragraphs.assign_roles(paragraphs.split(text), REFERENCE), REFERENCE).applied
    return {text[c.start : c.end]: c.replacement for c in found}


def test_latin_names_become_chinese_again_in_the_garbled_part_only() -> None:
    diagnosis = diagnose(GARBLED, GARBLED.replace("4月", "5月"), UNTOUCHED, UNTOUCHED.replace("154", "155"))
    assert [p.garbled for p in diagnosis.paragraphs[1:]] == [True, True, False, False]
    assert applied(GARBLED, UNTOUCHED) == {"Luckin Coffee": "瑞幸咖啡", "Mixue Bingcheng": "蜜雪冰城", "沉没市场": "下沉市场"}


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Tik Tok", "抖音"),
        ("JD.COM", "京东"),
        ("Jd.com", "京东"),
        ("Luckin", "瑞幸"),
        ("Luckin Coffee", "瑞幸咖啡"),
        ("Wang传福", "王传福"),
        ("雷Jun", "雷军"),
        ("He Xiaopeng", "何小鹏"),
        ("Dong Mingzhu", "董明珠"),
    ],
)
def test_spellings(raw: str, name: str) -> None:
    assert applied(GARBLED, f"另一方面,{raw}在今年也公布了新的计划。", UNTOUCHED)[raw] == name


@pytest.mark.parametrize(
    "sentence",
    [
        "TikTok在美国的月活用户超过1.5亿。",
        "Apple发布了iPhone 15，起售价为799美元。",
        "公司与AWS、IBM和Oracle签署了云服务协议。",
        "他曾在Google工作，后来加入OPPO。",
        "京东（JD.com）与阿里巴巴（Alibaba）都在美国上市。",
        "Meta首席执行官表示，VR仍是重点。",
        "蔚来在NIO Day上发布了ET5。",
    ],
)
def test_a_clean_article_stays_as_it_is(sentence: str) -> None:
    assert applied(UNTOUCHED, sentence, UNTOUCHED.replace("46%", "47%")) == {}


def test_a_single_odd_spelling_does_not_make_an_article_garbled() -> None:
    diagnosis = diagnose(UNTOUCHED, "Tik Tok的广告收入去年大幅增长。", UNTOUCHED.replace("46", "47"), UNTOUCHED.replace("46", "48"))
    assert diagnosis.applied == ()


def test_overseas_tiktok_is_genuine_where_the_article_is_about_overseas() -> None:
    overseas = "TikTok在美国和印度的下载量创下新高，出海成为关键词。"
    assert "TikTok" not in applied(GARBLED, overseas, UNTOUCHED)


def test_unknown_half_latin_names_are_only_suggested_unless_the_article_knows_them() -> None:
    lines = (GARBLED, "分析师Gu南舟认为,价格战不会停止。", UNTOUCHED)
    diagnosis = diagnose(*lines)
    assert "顾南舟" in {c.replacement for c in diagnosis.suggested}
    restored = applied(*lines, "分析师顾南舟表示，行业将继续洗牌。")
    assert restored["Gu南舟"] == "顾南舟"


@pytest.mark.parametrize("text", ["没有粉丝粉丝也可以申请", "虽然有有15.7%的用户", "这家公司是是行业第一", "公司的品牌品牌力很强"])
def test_doubled_words(text: str) -> None:
    found = doubling.candidates(text)
    assert [c.kind for c in found] == ["duplicate"]


@pytest.mark.parametrize(
    "text",
    ["天天都要一步一步慢慢来", "谢谢妈妈", "我们研究研究再说", "是是非非", "高高兴兴上班", "目的的确如此", "一家一家地谈", "存在在线教育领域", "彼此彼此", "好好好"],
)
def test_genuine_reduplication(text: str) -> None:
    assert doubling.candidates(text) == []


def test_dollars_against_yuan() -> None:
    article = "今年规模将达到1.05万亿元。这一业态将进入万亿美元时代。"
    (found,) = figures.candidates("这一业态将进入万亿美元时代。", article)
    assert found.replacement == "万亿"
    assert found.confidence >= 0.8


def test_genuine_dollars_stay() -> None:
    assert figures.candidates("苹果市值达到3万亿美元。", "苹果市值达到3万亿美元。") == []
    article = "苹果市值达到2.9万亿美元，微软市值为2.5万亿美元。行业规模为2.6万亿元。"
    assert all(c.confidence < 0.8 for c in figures.candidates("苹果市值达到2.9万亿美元，微软市值为2.5万亿美元。", article))


def lines_of(*texts: str) -> list:
    return paragraphs.split("\n".join(texts))


def test_a_word_cut_in_two_is_stitched() -> None:
    before, after = lines_of("创始人把原因归结为供应链中毫米波雷", "达供应不足。")
    found = stitching.candidate(before, after, "", suspicious=False)
    assert found is not None
    assert found.replacement == ""


def test_a_false_full_stop_goes_when_the_article_knows_the_word() -> None:
    before, after = lines_of("用户开始内测全新的购物。", "车功能，点击后直接下单。")
    assert stitching.candidate(before, after, "购物车已经上线", suspicious=True) is not None
    assert stitching.candidate(before, after, "别的内容", suspicious=True) is None
    assert stitching.candidate(before, after, "购物车已经上线", suspicious=False) is None


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("这个行业的发展正在变得越来越成熟。", "现在的问题是价格。"),
        ("用户通过观看直播购买过产品", "这些数字表明，直播已经成为渠道。"),
        ("公司的业务可以分为以下几类：", "的士业务是第一类。"),
    ],
)
def test_whole_paragraphs_are_not_joined(before: str, after: str) -> None:
    first, second = lines_of(before, after)
    assert stitching.candidate(first, second, before + after, suspicious=True) is None


def test_helpers() -> None:
    assert letters("J.D. Com") == "jdcom"
    assert romanize("单伟建")[0] == "shan"
    assert is_pinyin("Xiaopeng")
    assert not is_pinyin("Tesla")
