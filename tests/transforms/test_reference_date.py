"""The date of an article, from whatever tells it."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.article import RawDocument
from transforms.reference_date import infer

TODAY = date(2026, 3, 1)


def told(text: str, today: date = TODAY) -> tuple[str, str]:
    found, method = infer(RawDocument("article.txt", text), None, text, today)
    return str(found), method


@pytest.mark.parametrize(
    ("uri", "expected"),
    [
        ("in/2020-10-15.txt", "2020-10-15"),
        ("in/20201015_抖音.txt", "2020-10-15"),
        ("in/抖音_2020年10月15日.md", "2020-10-15"),
        ("in/2020.10.15-3.txt", "2020-10-15"),
        ("https://example.com/news/2020/10/15/a.html", "2020-10-15"),
        ("https://example.com/2020-10/15/content_1.htm", "2020-10-15"),
        ("https://example.com/2020/1015/c1-2.html", "2020-10-15"),
        ("https://example.com/a/202010151830.html", "2020-10-15"),
        # folders tell about the storage; numbers are not dates; nobody writes tomorrow's news
        ("dump/2024-01-01/article.txt", None),
        ("in/article-20201315.txt", None),
        ("in/123420201015.txt", None),
        ("in/2031-01-01.txt", None),
    ],
)
def test_a_date_in_the_name(uri: str, expected: str | None) -> None:
    found, method = infer(RawDocument(uri, ""), None, "没有日期。", TODAY)
    assert (str(found), method) == ((expected, "filename") if expected else (str(TODAY), "ingestion"))


def test_the_order_of_the_sources() -> None:
    text, byline = "2019年3月5日，公司成立。", date(2019, 3, 7)
    named = RawDocument("2019-03-06.txt", text)
    published = RawDocument("2019-03-06.txt", text, published_on=date(2019, 3, 8))
    assert infer(published, byline, text, TODAY) == (date(2019, 3, 8), "metadata")
    assert infer(named, byline, text, TODAY) == (date(2019, 3, 6), "filename")
    assert infer(RawDocument("a.txt", text), byline, text, TODAY) == (byline, "text")
    assert infer(RawDocument("a.txt", text), None, text, TODAY) == (date(2019, 3, 6), "text")
    assert infer(RawDocument("a.txt", ""), None, "", TODAY) == (TODAY, "ingestion")
    assert infer(RawDocument("a.txt", "", url="https://example.com/2019/03/09/"), None, "", TODAY)[0] == date(2019, 3, 9)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # the latest report, in the year of the latest date that has one
        ("8月26日，公司宣布。截至2020年6月，用户达8亿。10月12日，协会发布报告。", "2020-10-13"),
        # all bare dates lie earlier in the year: the dated ones are of the year before
        ("1月11日，协会公布数据。2021年12月31日，通知发布。1月13日，均价31万元。", "2022-01-14"),
        ("2022年7月19日，集团宣布收购。今年1月已回升。2月6日，全面恢复。", "2023-02-07"),
        # a report of the same day
        ("新华社10月12日电，2020年9月，出口增长。", "2020-10-12"),
        ("10月12日消息，2020年9月，出口增长。", "2020-10-12"),
        # what lies ahead proves nothing
        ("2020年6月，用户达8亿。公司计划今年12月上市，预计2023年盈利，2022年底将有1300座。", "2020-06-30"),
        ("要到2023年才会推出。2021年9月5日，开始交付。", "2021-09-06"),
        # dates of a history belong to it
        ("2020年6月15日，用户达8亿。2018年3月，合作达成，9月20日上线。", "2020-06-16"),
        # results come out after the period that they are of
        ("3月26日，集团公布截至2020年12月31日止年度的业绩。", "2021-03-27"),
        ("3月26日，集团交出2020年成绩单。", "2021-03-27"),
        # quarters and years
        ("2021年第三季度，营收98亿元。", "2021-09-30"),
        # Traditional Chinese, Minguo years
        ("民國111年7月1日，新制上路。計劃在2024年底前增加到70座。", "2022-07-02"),
    ],
)
def test_the_text(text: str, expected: str) -> None:
    assert told(text) == (expected, "text")
    # the day of ingestion changes nothing as long as it is later
    assert told(text, date(2024, 7, 9)) == (expected, "text")


def test_without_a_year_it_is_the_day_of_ingestion() -> None:
    assert told("10月12日，协会发布报告，今年增长20%，去年下降。") == (str(TODAY), "ingestion")


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.dates(date(2005, 2, 1), date(2025, 12, 31)), st.integers(1, 60))
def test_a_bare_report_after_a_dated_fact(report: date, gap: int) -> None:
    fact = date.fromordinal(report.toordinal() - gap)
    text = f"截至{fact.year}年{fact.month}月{fact.day}日，用户达8亿。{report.month}月{report.day}日，协会发布报告。"
    if (report.month, report.day) != (2, 29):
        assert told(text) == (str(date.fromordinal(report.toordinal() + 1)), "text")


@settings(derandomize=True, deadline=None, max_examples=300)
@given(
    st.text(alphabet="0123456789年月日今去明将计划，。第季度 一二三十春节-/\n", max_size=60), st.dates(date(1990, 1, 1), date(2040, 1, 1))
)
def test_it_is_never_in_the_future(text: str, today: date) -> None:
    assert infer(RawDocument("a.txt", text), None, text, today)[0] <= today
