"""The repair engine: with what evidence it undoes what, and what it must never touch."""

import json
from pathlib import Path

import pytest

from tests import heldout_score
from transforms import cleaning, paragraphs, reference
from transforms.article import Alignment
from transforms.repair import doubling, engine, figures, stitching
from transforms.repair.romanization import is_pinyin, letters, romanize

REFERENCE = reference.load()

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


def repaired(*lines: str) -> str:
    """The text of an article of these lines with its repairs, layout aside."""
    text = "\n".join(["一个标题", *lines])
    found = engine.diagnose(paragraphs.assign_roles(paragraphs.split(text), REFERENCE), REFERENCE).applied
    return Alignment(text, (c.edit for c in found)).clean


def test_latin_names_become_chinese_again_in_the_garbled_part_only() -> None:
    diagnosis = diagnose(GARBLED, GARBLED.replace("4月", "5月"), UNTOUCHED, UNTOUCHED.replace("154", "155"))
    assert [p.garbled for p in diagnosis.paragraphs[1:]] == [True, True, False, False]
    assert applied(GARBLED, UNTOUCHED) == {"Luckin Coffee": "瑞幸咖啡", "Mixue Bingcheng": "蜜雪冰城", "沉没市场": "下沉市场"}


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
        "诺和诺德的GLP-1在华收入增长了三成，City和World都是品牌名的一部分。",
        "哔哩哔哩（NASDAQ: BILI；HKEX：9626）公布了业绩，哔哩哔哩月活用户达3.4亿，公司在NASDAQ和HKEX两地上市。",
    ],
)
def test_a_clean_article_stays_as_it_is(sentence: str) -> None:
    assert applied(UNTOUCHED, sentence, UNTOUCHED.replace("46%", "47%")) == {}


@pytest.mark.parametrize(
    ("batch", "floors"),
    [
        ("first", {"repairs.recall": 0.96, "repairs.precision": 0.98, "garbled.f1": 0.98, "seams": 1.0}),
        ("second", {"repairs.recall": 0.83, "repairs.precision": 0.95, "garbled.f1": 0.98, "seams": 1.0}),
        ("third", {"repairs.recall": 0.82, "repairs.precision": 1.0, "garbled.f1": 1.0, "seams": 1.0}),
        ("fourth", {"repairs.recall": 0.66, "repairs.precision": 0.95, "garbled.f1": 1.0, "seams": 1.0}),  # not looked at by the rules
        ("fifth", {"repairs.recall": 0.73, "repairs.precision": 0.98, "garbled.f1": 1.0, "seams": 1.0}),
        ("sixth", {"repairs.recall": 0.81, "repairs.precision": 0.99, "garbled.f1": 1.0, "seams": 1.0}),
        ("seventh", {"repairs.recall": 0.66, "repairs.precision": 0.97, "garbled.f1": 1.0, "seams": 1.0}),
        ("eighth", {"repairs.recall": 0.67, "repairs.precision": 0.95, "garbled.f1": 1.0, "seams": 1.0}),
        ("ninth", {"repairs.recall": 0.67, "repairs.precision": 0.96, "garbled.f1": 1.0, "seams": 1.0}),
        ("tenth", {"repairs.recall": 0.90, "repairs.precision": 0.98, "garbled.f1": 1.0, "seams": 1.0}),
        ("eleventh", {"repairs.recall": 0.82, "repairs.precision": 0.97, "garbled.f1": 1.0, "seams": 1.0}),
        ("twelfth", {"repairs.recall": 0.76, "repairs.precision": 0.97, "garbled.f1": 1.0, "seams": 1.0}),  # not looked at by the rules
        ("thirteenth", {"repairs.recall": 0.57, "repairs.precision": 0.96, "garbled.f1": 1.0, "seams": 1.0}),
        ("fourteenth", {"repairs.recall": 0.64, "repairs.precision": 0.98, "garbled.f1": 0.95, "seams": 0.9}),
    ],
)
def test_the_held_out_articles(batch: str, floors: dict[str, float]) -> None:
    """Floors of what was reached on spun articles that were written blind to the rules, eighty-two of them; they only rise."""
    reached = heldout_score.score(heldout_score.FOLDER / batch)
    assert {name: value for name, value in reached.items() if value < floors[name]} == {}


@pytest.mark.parametrize("path", sorted(heldout_score.FOLDER.rglob("*.raw.txt")), ids=lambda p: p.stem)
def test_the_log_replays_to_the_clean_text(path: Path) -> None:
    raw = path.read_text(encoding="utf-8")
    found = engine.diagnose(paragraphs.assign_roles(paragraphs.split(raw), REFERENCE), REFERENCE)
    alignment, placed, inside = cleaning.assemble(
        raw, found.paragraphs, [c.edit for c in found.applied], keep_title=True, reference=REFERENCE
    )
    log = cleaning.audit_log(alignment, placed, inside, [], [c.edit for c in found.suggested])
    assert cleaning.replay(placed, log) == alignment.clean
    assert alignment.undo() == raw


@pytest.mark.parametrize(
    "path", sorted((heldout_score.FOLDER.parent / "annotated").rglob("*.json")), ids=lambda p: f"{p.parent.stem}-{p.stem}"
)
def test_nothing_is_repaired_in_the_clean_articles(path: Path) -> None:
    text = json.loads(path.read_text(encoding="utf-8"))["text"]
    assert engine.diagnose(paragraphs.assign_roles(paragraphs.split(text), REFERENCE), REFERENCE).applied == ()


def test_a_traditional_article_gets_traditional_repairs() -> None:
    garbled = "4月,Luckin Coffee的門店數超過1.8萬家,JD.COM也在爭奪沉沒市場,粉絲粉絲的增長很快。"
    assert repaired(garbled, "瑞幸咖啡２０２３年營收２４９億元，比前一年成長８７％。").splitlines()[1] == (
        "4月,瑞幸咖啡的門店數超過1.8萬家,京東也在爭奪下沉市場,粉絲的增長很快。"
    )


def test_the_article_decides_which_name_is_meant() -> None:
    sentence = "China Southern Airlines的旅客人数增长了一倍。"
    assert "南方航空的旅客" in repaired(GARBLED, sentence, UNTOUCHED)
    assert "南航的旅客" in repaired(GARBLED, sentence, UNTOUCHED, "南航表示，暑期的客座率超过八成。")


def test_a_gloss_beside_its_name_stays() -> None:
    assert "Analysys易观的数据显示" in repaired(GARBLED, "Analysys易观的数据显示,用户有3亿。", UNTOUCHED)


def test_the_title_of_a_spun_article_is_repaired_too() -> None:
    text = f"Luckin Coffee的下一步\n{GARBLED}\n{UNTOUCHED}"
    found = engine.diagnose(paragraphs.assign_roles(paragraphs.split(text), REFERENCE), REFERENCE).applied
    assert (found[0].start, found[0].replacement) == (0, "瑞幸咖啡")


def test_signals_explain_the_score() -> None:
    title, garbled, untouched = diagnose(GARBLED, UNTOUCHED).paragraphs
    assert "Mixue Bingcheng -> 蜜雪冰城" in garbled.signals
    assert "蜜雪冰城 in Chinese -2.0" in untouched.signals
    assert title.signals == ""


def test_why_a_repair_is_applied_or_only_suggested() -> None:
    diagnosis = diagnose(GARBLED, "分析师Gu南舟认为,价格战不会停止。", UNTOUCHED)
    paragraph = diagnosis.paragraphs[1]
    assert engine.reason(diagnosis.applied[0], paragraph, applied=True).startswith("the paragraph is garbled")
    assert engine.reason(diagnosis.suggested[0], paragraph, applied=False) == "confidence below 0.8"


def test_a_single_odd_spelling_does_not_make_an_article_garbled() -> None:
    diagnosis = diagnose(UNTOUCHED, "Tik Tok的广告收入去年大幅增长。", UNTOUCHED.replace("46", "47"), UNTOUCHED.replace("46", "48"))
    assert diagnosis.applied == ()


def test_a_surname_that_came_back_as_a_pronoun() -> None:
    lines = (GARBLED, "Xpeng的创始人他小鹏表示,他小时候就喜欢汽车。", UNTOUCHED, "小鹏汽车的交付量同比增长46%。")
    assert {"他小鹏": "何小鹏"}.items() <= applied(*lines).items()
    assert "他小时" not in applied(*lines)


def test_overseas_tiktok_is_genuine_where_the_article_is_about_overseas() -> None:
    overseas = "TikTok在美国和印度的下载量创下新高，出海成为关键词。"
    assert "TikTok" not in applied(GARBLED, overseas, UNTOUCHED)


def test_unknown_half_latin_names_are_only_suggested_unless_the_article_knows_them() -> None:
    lines = (GARBLED, "分析师Gu南舟认为,价格战不会停止。", UNTOUCHED)
    diagnosis = diagnose(*lines)
    assert "顾南舟" in {c.replacement for c in diagnosis.suggested}
    restored = applied(*lines, "分析师顾南舟表示，行业将继续洗牌。")
    assert restored["Gu南舟"] == "顾南舟"


@pytest.mark.parametrize(
    "text",
    [
        "没有粉丝粉丝也可以申请",
        "虽然有有15.7%的用户",
        "这家公司是是行业第一",
        "公司的品牌品牌力很强",
        "销售额增长增长了12%",
        "节约支出约4亿元元",
        "酒店的入住率率达到七成",
        "国内商业航班商业航班已经恢复",
        "司机说他们他们每天要跑十小时",
        "成本依旧依旧很高",
        "两家公司都都在裁员",
    ],
)
def test_doubled_words(text: str) -> None:
    found = doubling.candidates(text)
    assert [c.kind for c in found] == ["duplicate"]


@pytest.mark.parametrize(
    "text",
    [
        "天天都要一步一步慢慢来",
        "谢谢妈妈",
        "我们研究研究再说",
        "是是非非",
        "高高兴兴上班",
        "目的的确如此",
        "一家一家地谈",
        "存在在线教育领域",
        "央行在利率率先下调后表态",
        "预付费费用",
        "彼此彼此",
        "他真的真的非常非常累",
        "好好好",
        "西南首都都会区",
    ],
)
def test_genuine_reduplication(text: str) -> None:
    assert [c for c in doubling.candidates(text) if c.confidence > doubling.DOUBTFUL] == []


@pytest.mark.parametrize(
    ("garbled", "untouched", "expected"),
    [
        # doubtful spellings, of names and terms, that only one half has
        ("Country Garden以外，乡村花园也在卖楼，销售额下降了两成。", "碧桂园表示将保交楼。", {"乡村花园": "碧桂园"}),
        ("保险公司的溢价增长了8%，退保率下降。", "上半年保费同比增长8.1%。", {"溢价": "保费"}),
        # characters that became whole words
        ("Luckin Coffee和快速的手上线了新的工具，商家也在用。", "快手的商家数达到百万。", {"快速的手": "快手"}),
        ("JD.COM的出口商品在港口清除海关要三天。", "清关时间平均缩短一天。", {"清除海关": "清关"}),
        ("预制造的菜肴卖得很好，门店也在用。", "预制菜的门店数达到百万。", {"预制造的菜肴": "预制菜"}),
        ("Luckin Coffee说，集中的采购让价格下降了两成。", "集采的药品平均降价50%。", {"集中的采购": "集采"}),
        ("Luckin Coffee说，大圆柱体还在试产。", "46系列的大圆柱同时开工。", {"大圆柱体": "大圆柱"}),
        # one character changed, in quotation marks
        ("“做个朋友”不再属于一个平台，商家也不急。", "交个朋友在做自己的应用。", {"做个朋友": "交个朋友"}),
        # a place lost between hundreds of millions and billions
        ("Luckin Coffee说，去年的收入为5.539亿元。", "公司2022年营收55.39亿元，同比增长15.7%。", {"5.539亿": "55.39亿"}),
        # other characters of the same sound
        ("杜小曼的贷款余额增长了12%。", "度小满的贷款余额为1200亿元。", {"杜小曼": "度小满"}),
        # what is doubled for effect, unless a translator wrote it
        ("Luckin Coffee的货架很快很快就空了。", "门店将继续增加。", {"很快很快": "很快"}),
    ],
)
def test_the_halves_tell_what_is_meant(garbled: str, untouched: str, expected: dict[str, str]) -> None:
    found = applied(GARBLED, garbled.replace("，", ","), UNTOUCHED, untouched)
    assert {surface: found.get(surface) for surface in expected} == expected


@pytest.mark.parametrize(
    ("garbled", "untouched", "spelling"),
    [
        ("监管部门出台了新的政策。", "保单数量增长了8%。", "政策"),  # too common to mean a 保单
        ("公司的营业收入增长了12%。", "去年营收超过20亿元。", "营业收入"),  # clean Chinese says it in full too
        ("网上有些话很快很快就传开了。", "货架很空很空了。", "很空很空"),  # in the untouched half
        ("上半年关门的药店有两家。", "门店将继续增加。", "关门的药店"),
        ("和小红书分享剩下的用户。", "小红书的用户数达到百万。", "和小红书"),
        ("Luckin Coffee去年的收入为5.539亿元，行业是55.39亿元。", "公司2022年营收55.39亿元，同比增长15.7%。", "5.539亿"),
        ("公司在家门店铺开了生意。", "门店将继续增加。", "家门店"),
        ("平台引导商家开小店。", "商家开店的成本下降了。", "开小店"),
        ("妈妈知了的数据显示，销售额下降了两成。", "蝉妈妈的数据显示，直播销售额增长了两成。", "妈妈知了"),  # a clause is a guess
        ("乡村花园的销售额下降了两成。", "碧桂园和乡村花园都表示将保交楼。", "乡村花园"),  # both halves have it
    ],
)
def test_what_the_halves_do_not_tell(garbled: str, untouched: str, spelling: str) -> None:
    assert spelling not in applied(GARBLED, garbled, UNTOUCHED, untouched)


def test_dollars_against_yuan() -> None:
    (found,) = figures.candidates("今年规模将达到1.05万亿元。这一业态将进入万亿美元时代。")
    assert found.replacement == "万亿"
    assert found.confidence >= 0.8


def test_genuine_dollars_stay() -> None:
    assert figures.candidates("苹果市值达到3万亿美元。") == []
    article = "苹果市值达到2.9万亿美元，微软市值为2.5万亿美元。行业规模为2.6万亿元。"
    assert all(c.confidence < 0.8 for c in figures.candidates(article))


def lines_of(*texts: str) -> list:
    return paragraphs.split("\n".join(texts))


def test_a_word_cut_in_two_is_stitched() -> None:
    before, after = lines_of("创始人把原因归结为供应链中毫米波雷", "达供应不足。")
    found = stitching.candidate(before, after, "", suspicious=False)
    assert found is not None
    assert found.replacement == ""


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("大豆种植面积增加,单产从上一年的每亩320斤,", "比5年前高出8%,也是历史最高水平。"),
        ("试验田里新品种的单产比对照品种增产5.6%到", "11.6%,而且防虫效果超过90%。"),
    ],
)
def test_a_sentence_cut_at_a_comma_is_joined_only_in_a_suspicious_article(left: str, right: str) -> None:
    before, after = lines_of(left, right)
    assert stitching.candidate(before, after, left + right, suspicious=True) is not None
    assert stitching.candidate(before, after, left + right, suspicious=False) is None


def test_a_false_full_stop_behind_half_a_word() -> None:
    before, after = lines_of("销售人员的占比从68%降到6%,员工总。", "数从4.5万人减少到4.2万人。")
    assert stitching.candidate(before, after, "", suspicious=True) is not None


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


def test_no_blank_is_left_where_a_latin_name_became_chinese() -> None:
    from datetime import date

    from transforms import pipeline
    from transforms.article import RawDocument

    text = "\n".join(["一个标题", GARBLED, "用户在 Tik Tok 上下单,也在 JD.COM 下单。", UNTOUCHED, "用户也在抖音上下单。"])
    clean = pipeline.transform(RawDocument("a.txt", text), REFERENCE, today=date(2024, 5, 1)).clean_text
    assert "用户在抖音上下单，也在京东下单。" in clean


def test_a_term_inside_a_longer_word_does_not_count_as_used() -> None:
    reading = engine.Reading(paragraphs.split("标题\n\n银行的不良率升到2.77%。"))
    assert reading.has("良率")
    assert not reading.uses("良率")
    assert reading.uses("不良率")
