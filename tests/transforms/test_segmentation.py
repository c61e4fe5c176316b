"""rjieba in place of jieba: how far they agree, on sentences of our own; and the borders of sentences."""

from __future__ import annotations

import logging

import jieba
import pytest

from transforms import segmentation

SENTENCES = [
    "抖音电商副总裁在发布会上表示，平台将继续投入短视频内容。",
    "截至今年六月，我国短视频用户规模已经超过八亿。",
    "招商银行公布了上半年业绩，净利润同比增长百分之十二。",
    "新能源汽车的销量连续六个月创下历史新高。",
    "记者从北京市统计局获悉，社会消费品零售总额稳步回升。",
    "多家券商下调了对白酒板块的评级。",
    "公司计划在三年内建成覆盖全国的换电网络。",
    "受原材料涨价影响，部分车型的价格上调了五千元。",
    "直播电商行业的竞争日趋激烈，头部主播的佣金率有所下降。",
    "分析师认为，补贴退出之后真正的淘汰赛才刚刚开始。",
    "欧盟委员会对该公司展开反垄断调查。",
    "这家初创企业完成了新一轮融资，估值达到三十亿美元。",
    "春节期间电影票房突破六十亿元，观影人次同比增加。",
    "消费者对产品质量的满意度并不高。",
    "工厂的自动化程度越来越高，工人的数量却在减少。",
    "央行宣布下调存款准备金率，释放长期资金约一万亿元。",
    "上海和深圳的二手房成交量明显回暖。",
    "快递业务量在双十一期间达到峰值。",
    "大学毕业生的就业形势依然严峻。",
    "国际油价连续第三周下跌。",
]


def borders(words: list[str]) -> set[int]:
    at, found = 0, set()
    for word in words:
        at += len(word)
        found.add(at)
    return found


def test_rjieba_cuts_like_jieba() -> None:
    jieba.setLogLevel(logging.ERROR)
    same = ours = theirs = 0
    for sentence in SENTENCES:
        mine, other = borders(segmentation.words(sentence)), borders(list(jieba.cut(sentence)))
        same, ours, theirs = same + len(mine & other), ours + len(mine), theirs + len(other)
    assert 2 * same / (ours + theirs) >= 0.97


def test_jieba_tags_like_rjieba() -> None:
    pairs = [
        (segmentation.tag(sentence), segmentation.tag_with_jieba(sentence)) for sentence in [*SENTENCES, "共5家，占3.5%，APP为iPhone14"]
    ]
    same = sum(len(set(ours) & set(theirs)) for ours, theirs in pairs)
    assert same >= 0.95 * sum(len(set(ours)) for ours, _ in pairs)


def test_words_and_tags_cover_the_text() -> None:
    for sentence in SENTENCES:
        assert "".join(segmentation.words(sentence)) == sentence
        assert "".join(word for word, _ in segmentation.tag(sentence)) == sentence


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("一句。", ["一句。"]),
        ("  一句 \n另一句", ["一句", "另一句"]),
        ("他问：“去吗？”没人答。", ["他问：“去吗？”", "没人答。"]),
        ("《我行吗？》的票房过亿。", ["《我行吗？》的票房过亿。"]),
    ],
)
def test_sentence_spans(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in segmentation.sentence_spans(text)] == expected


@pytest.mark.parametrize("text", ["增长1,000万元，" * 500, "增长 " * 1000, "增长" * 2500, "1," * 2500, "a" * 1000 + " " * 3000 + "b"])
def test_a_sentence_without_end_is_cut_at_a_pause(text: str) -> None:
    spans = segmentation.sentence_spans(text)
    assert max(end - start for start, end in spans) <= 1000
    assert "".join(text[start:end] for start, end in spans).replace(" ", "") == text.replace(" ", "")
    if "，" in text:
        assert {text[end - 1] for _, end in spans} == {"，"}
