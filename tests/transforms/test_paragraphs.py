"""Paragraphs and their roles."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms import paragraphs, reference

REFERENCE = reference.load()
BODY = "公司今年上半年实现营业收入35.2亿元，同比增长41%，净利润为2.1亿元，毛利率提升至38.5%。"


def roles(*lines: str) -> list[str]:
    return [p.role for p in paragraphs.assign_roles(paragraphs.split("\n\n".join(lines)), REFERENCE)]


@given(st.text(max_size=60) | st.text(alphabet=" a\n\r\t中。\u3000\u2028", max_size=60))
def test_paragraphs_and_the_white_space_between_them_rebuild_the_document(raw: str) -> None:
    at, rebuilt = 0, ""
    for p in paragraphs.split(raw):
        gap = raw[at : p.raw_start]
        assert not gap.strip()
        assert p.raw_text == raw[p.raw_start : p.raw_end]
        rebuilt += gap + p.raw_text
        at = p.raw_end
    assert rebuilt + raw[at:] == raw
    assert not raw[at:].strip()


def test_an_article_with_everything() -> None:
    assert roles(
        "新茶饮的下半场",
        "出品/某某网(www.example.com)",
        "撰文/张三",
        BODY,
        "下沉市场",
        BODY + "二",
        "上一篇：贷款怎么办理",
        "相关文章",
        "车险到期怎么续保",
    ) == ["title", "byline", "byline", "body", "heading", "body", "boilerplate", "boilerplate", "boilerplate"]


@pytest.mark.parametrize(
    "line",
    [
        "版权声明：本站文章来自网络，如有侵权请联系删除",
        "首页 > 财经 > 正文",
        "第1页 共3页",
        "阅读 10.2万+",
        "扫码关注公众号，领取资料",
        "加微信：13800000000 领取内部名单",
        "标签：新能源 汽车",
        "打开APP阅读全文",
        "※本文由授权媒体提供，未经同意请勿转载。",
    ],
)
def test_boilerplate(line: str) -> None:
    assert roles("标题在此", BODY, line, BODY + "三")[2] == "boilerplate"


@pytest.mark.parametrize(
    "line",
    ["评论人士认为，分享经济的下半场才刚刚开始。", "广告收入同比增长12%，达到35亿元。", "版权收入成为新的增长点，去年达到3亿元。", BODY],
)
def test_body_stays_body(line: str) -> None:
    assert roles("标题在此", BODY + "一", line, BODY + "四")[2] == "body"


def test_a_repeated_paragraph_is_boilerplate() -> None:
    assert roles("标题在此", BODY, BODY)[2] == "boilerplate"


def test_bylines_are_read_into_fields() -> None:
    lines = paragraphs.assign_roles(
        paragraphs.split("\n".join(["标题", "来源：财经时报 作者：李四 2021-05-06", "头图/视觉中国", BODY])), REFERENCE
    )
    byline = paragraphs.read_bylines(lines, [], REFERENCE)
    assert (byline.publisher, byline.author, byline.image_credit) == ("财经时报", "李四", "视觉中国")
    assert paragraphs.read_date(byline.date) == date(2021, 5, 6)


@pytest.mark.parametrize(
    ("title", "spam"),
    [
        ("公积金贷款额度怎么计算,二手房过户需要什么手续", True),
        ("营业收入增长四成，毛利率提升", False),
        ("冰与火之歌", False),
        ("公司净利润是多少", False),
    ],
)
def test_spam_titles(title: str, spam: bool) -> None:
    assert paragraphs.is_spam_title(title, BODY, garbled=False) is spam
