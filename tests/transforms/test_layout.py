"""Layout edits: what they mend, what they leave, and that they settle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms import reference
from transforms.article import Alignment
from transforms.cleaning import tidy

REFERENCE = reference.load()
ALPHABET = ' ,.;:!?()"abc12中文，。１％<br>&nbsp;\u200b\u3000《》'


def tidied(text: str) -> Alignment:
    return Alignment(text, tidy(text, [], REFERENCE))


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("规模达8.18亿,同比增长5.2%;预计明年更高", "规模达8.18亿，同比增长5.2%；预计明年更高"),
        ("售价为1,299元,起订量6,000件", "售价为1,299元，起订量6,000件"),
        ("销量的背后是电池。   公司", "销量的背后是电池。公司"),
        ("公司 2021 年在 A 股上市", "公司2021年在A股上市"),
        ("白皮书(2020)发布", "白皮书（2020）发布"),
        ("２０２２年營收為１０３４億元，年增１７％", "2022年營收為1034億元，年增17%"),
        ('他说:"今年不错"。', "他说：“今年不错”。"),
        ("收入&nbsp;5亿元<br/>利润1亿元", "收入5亿元利润1亿元"),
        ("增长显著.", "增长显著。"),
        ("零\u200b宽\ufeff字符", "零宽字符"),
    ],
)
def test_repaired(raw: str, clean: str) -> None:
    assert tidied(raw).clean == clean


@pytest.mark.parametrize(
    "text",
    [
        "据《晚点 LatePost》报道，Model Y后轮驱动版降价。",
        "会议于10:30开始，比分为3:1。",
        "Apple Inc. (AAPL) rose 2%, beating estimates.",
        "官网：https://example.com/a?b=1,2",
        "北京 上海 广州",
        "R&D投入、C919、4S店、iPhone 15 Pro Max",
    ],
)
def test_left_alone(text: str) -> None:
    assert tidied(text).clean == text


@given(st.text(alphabet=ALPHABET, max_size=40) | st.text(max_size=40))
def test_tidying_twice_changes_nothing_more(text: str) -> None:
    once = tidied(text)
    assert tidied(once.clean).clean == once.clean
    assert once.undo() == text
