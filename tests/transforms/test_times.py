"""Dates and periods: what a careful reader of a business article would note, in the words such articles use."""

from __future__ import annotations

import gc
import time
from calendar import monthrange
from datetime import date, timedelta

import pytest
from borax.calendars.lunardate import LunarDate, TermUtils
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms import reference, times
from transforms.article import TimeExpression
from transforms.times import spans

NOW = date(2021, 5, 20)
YEAR = "2024-01-01..2024-12-31"
FIXED = settings(derandomize=True, deadline=None, max_examples=300)


def read(text: str, now: date = NOW) -> list[tuple[str, str]]:
    """Every expression with its days, written 2021-05-01..2021-05-31, or 2021-05-20 for one day."""
    return [(t.surface, _days(t)) for t in times.extract(text, now)]


def _days(t: TimeExpression) -> str:
    return str(t.start_date) if t.start_date == t.end_date else f"{t.start_date}..{t.end_date}"


WRITTEN = """
2020年 2020-01-01..2020-12-31
２０２０年１月 2020-01-01..2020-01-31
2020年度 2020-01-01..2020-12-31
二〇二〇年五月二十日 2020-05-20
二零二零年十二月 2020-12-01..2020-12-31
一九九八年 1998-01-01..1998-12-31
两千零四年八月十五 2004-08-15
98年 1998-01-01..1998-12-31
08年 2008-01-01..2008-12-31
零八年 2008-01-01..2008-12-31
18年3月 2018-03-01..2018-03-31
19年底 2019-12-01..2019-12-31
2020 年 5 月 12 日 2020-05-12
2020/05/12 2020-05-12
2020-5-12 2020-05-12
2020.5.12 2020-05-12
20200512 2020-05-12
2020-05 2020-05-01..2020-05-31
民國111年7月1日 2022-07-01
111年7月1日 2022-07-01
民国一百年 2011-01-01..2011-12-31
2021年第三季度 2021-07-01..2021-09-30
2021年的第三季度 2021-07-01..2021-09-30
2021年一季报 2021-01-01..2021-03-31
2021年三季报 2021-01-01..2021-09-30
2021年中报 2021-01-01..2021-06-30
2021年半年报 2021-01-01..2021-06-30
2021年半年度 2021-01-01..2021-06-30
2021年上半年度 2021-01-01..2021-06-30
2021年首季 2021-01-01..2021-03-31
2021Q3 2021-07-01..2021-09-30
21Q3 2021-07-01..2021-09-30
3Q21 2021-07-01..2021-09-30
1H22 2022-01-01..2022-06-30
2021年H2 2021-07-01..2021-12-31
2020年前三季度 2020-01-01..2020-09-30
2020年前5个月 2020-01-01..2020-05-31
2020年第二、三季度 2020-04-01..2020-09-30
2020年上半年 2020-01-01..2020-06-30
2022财年 2022-01-01..2022-12-31
2021/22财年 2021-04-01..2022-03-31
2020—2022年度 2020-01-01..2022-12-31
2018年底 2018-12-01..2018-12-31
2020年年初 2020-01-01..2020-01-31
2020年8月底 2020-08-21..2020-08-31
2020年2月下旬 2020-02-21..2020-02-29
2020年5月中旬 2020-05-11..2020-05-20
2020年一季度末 2020-03-01..2020-03-31
2020年5-7月 2020-05-01..2020-07-31
2020年5、6、7月 2020-05-01..2020-07-31
2020年12月-2021年2月 2020-12-01..2021-02-28
2020年12月至次年2月 2020-12-01..2021-02-28
2018年3月到5月 2018-03-01..2018-05-31
2015-2017年 2015-01-01..2017-12-31
2016至18年 2016-01-01..2018-12-31
2018年至2020年 2018-01-01..2020-12-31
2016—2018 2016-01-01..2018-12-31
2015年和2018年之间 2015-01-01..2018-12-31
2019年4月12-19日 2019-04-12..2019-04-19
2020年2月28日-3月1日 2020-02-28..2020-03-01
2020年3月28日至4月2日 2020-03-28..2020-04-02
2021年的第二周 2021-01-11..2021-01-17
2019年四月的最后一个星期一 2019-04-29
2018年春节期间 2018-02-15..2018-02-21
2020年国庆假期 2020-10-01..2020-10-08
2018年双11 2018-11-11
2020年“双11”期间 2020-11-01..2020-11-11
2018年冬至 2018-12-22
2019年感恩节 2019-11-28
“十四五”期间 2021-01-01..2025-12-31
“十三五”末 2020-01-01..2020-12-31
农历2020年八月十五 2020-10-01
2020年五月初五 2020-06-25
2012年正月初八 2012-01-30
上世纪90年代 1990-01-01..1999-12-31
上世纪七八十年代 1970-01-01..1989-12-31
20世纪80年代初 1980-01-01..1982-12-31
2015年至今 2015-01-01..2021-05-20
2018年以来 2018-01-01..2021-05-20
2021年3月31日止三个月 2021-01-01..2021-03-31
"""

RELATIVE = """
今年 2021-01-01..2021-12-31
去年全年 2020-01-01..2020-12-31
前年 2019-01-01..2019-12-31
大前年 2018-01-01..2018-12-31
明年 2022-01-01..2022-12-31
后年 2023-01-01..2023-12-31
今明两年 2021-01-01..2022-12-31
去年12月3日 2020-12-03
去年底 2020-12-01..2020-12-31
去年下半年 2020-07-01..2020-12-31
去年四季度 2020-10-01..2020-12-31
今年前5个月 2021-01-01..2021-05-31
今年以来 2021-01-01..2021-05-20
年初至今 2021-01-01..2021-05-20
去年12月至今年2月 2020-12-01..2021-02-28
年内 2021-01-01..2021-12-31
年底 2021-12-01..2021-12-31
月底 2021-05-21..2021-05-31
本月 2021-05-01..2021-05-31
上个月 2021-04-01..2021-04-30
下月初 2021-06-01..2021-06-10
上上个月 2021-03-01..2021-03-31
本季度 2021-04-01..2021-06-30
上季度 2021-01-01..2021-03-31
上周 2021-05-10..2021-05-16
上周五 2021-05-14
下周一 2021-05-24
下下周 2021-05-31..2021-06-06
下周末 2021-05-29..2021-05-30
周三 2021-05-19
今天 2021-05-20
昨日 2021-05-19
大后天 2021-05-23
近五年 2016-05-20..2021-05-20
过去十年 2011-05-20..2021-05-20
最近三个月 2021-02-20..2021-05-20
近半年 2020-11-20..2021-05-20
未来三年 2021-05-20..2024-05-20
三年前 2018-01-01..2018-12-31
三个月前 2021-02-01..2021-02-28
20天后 2021-06-09
今年夏天 2021-06-01..2021-08-31
去年冬季 2020-12-01..2021-02-28
今夏 2021-06-01..2021-08-31
今年五一假期 2021-05-01..2021-05-05
今年双11 2021-11-11
本世纪初 2000-01-01..2009-12-31
九十年代 1990-01-01..1999-12-31
"""


@pytest.mark.parametrize("line", WRITTEN.strip().splitlines())
def test_an_expression_with_its_year_means_the_same_at_any_time(line: str) -> None:
    surface, _, days = line.rpartition(" ")
    for now in (NOW, date(2023, 1, 2)):
        expected = days.replace("2021-05-20", str(now)) if surface.endswith(("至今", "以来")) else days
        assert read(surface, now) == [(surface, expected)]
    assert read(f"公司于{surface}，营收100亿元。")[0][0] == surface


@pytest.mark.parametrize("line", RELATIVE.strip().splitlines())
def test_a_relative_expression_counts_from_the_reference_date(line: str) -> None:
    surface, _, days = line.rpartition(" ")
    assert read(surface) == [(surface, days)]
    assert all(t.relative for t in times.extract(surface, NOW) if not surface.startswith("九十"))


NOTHING = """
三年|4年|24小时|三个月|近日|目前|此前|多年|几年后|数十年前
每年5月|每周一|每月15日|每逢春节|周一至周五
双11|618|天猫双11|五一广场
表明年轻人|目前年产100万台|线上年销10亿|线上月活|投产后年产能|基本年化|相当年轻|不同年龄|以上年度
12月龄|西长安街17号|20世纪福克斯|雨后天晴|五一劳动奖章|5号线|1号店|3号楼|7日年化|30日均线|3日内|5个工作日|第5日
耗时近三年|将近五年|接近两年|满5年后|上市三年后
《2020年中国互联网报告》|98.1亿元|12,345月|13月|2月30日|32日|888-000-9999|3000年|版本2020.1.2.3
90后|一年期|3月期|十周年|百年老店|两三年|第二季|一季报|半年报|中报|半年度
"""


@pytest.mark.parametrize("text", NOTHING.replace("\n", "|").strip("|").split("|"))
def test_what_is_no_time(text: str) -> None:
    assert read(f"他说{text}很好") == []


@pytest.mark.parametrize(
    ("now", "text", "expected"),
    [
        # a month without a year: this year, or the last one that has come
        ("2020-10-15", "10月12日，协会发布报告。", ["2020-10-12"]),
        ("2024-11-28", "目标是2025年开出2000家店。12月1日起，佣金率降到12%。", ["2025-01-01..2025-12-31", "2024-12-01"]),
        ("2024-11-28", "目标是2025年开出2000家店。1月15日起，佣金率降到12%。", ["2025-01-01..2025-12-31", "2024-01-15"]),
        ("2020-10-15", "5月，公司放开权限。", ["2020-05-01..2020-05-31"]),
        ("2024-04-29", "去年三季度涨价。一季度涨价。3月18日融资。", ["2023-07-01..2023-09-30", "2024-01-01..2024-03-31", "2024-03-18"]),
        ("2021-01-20", "12月销量增长，11月也增长。", ["2020-12-01..2020-12-31", "2020-11-01..2020-11-30"]),
        ("2021-01-20", "公司预计9月上市。", ["2021-09-01..2021-09-30"]),
        # a period that is over is estimated until its figures are out, but nothing is planned for it
        ("2023-07-20", "公司预计上半年净利润为3亿元。", ["2023-01-01..2023-06-30"]),
        ("2023-11-03", "公司预计上半年净利润为3亿元。", ["2024-01-01..2024-06-30"]),
        ("2023-07-20", "新车将于上半年上市。", ["2024-01-01..2024-06-30"]),
        ("2020-12-20", "产品将于1月发布。", ["2021-01-01..2021-01-31"]),
        ("2020-10-15", "10月21日开启预售，11月1日开卖。", ["2020-10-21", "2020-11-01"]),
        ("2021-05-20", "前三季度实现营收200亿元。", ["2020-01-01..2020-09-30"]),
        ("2021-11-02", "前三季度实现营收200亿元。", ["2021-01-01..2021-09-30"]),
        ("2022-03-01", "第四季度由盈转亏，同比下降。", ["2021-10-01..2021-12-31"]),
        # the year of the text
        ("2021-05-20", "2015年，公司成立。3月，获天使轮。", ["2015-01-01..2015-12-31", "2015-03-01..2015-03-31"]),
        ("2022-01-14", "2021年12月31日，通知发布。自1月11日起涨价。", ["2021-12-31", "2022-01-11"]),
        ("2021-05-20", "2019年营收100亿。今年3月上市。", ["2019-01-01..2019-12-31", "2021-03-01..2021-03-31"]),
        ("2021-05-20", "2019年全面开放。去年9月上市。", ["2019-01-01..2019-12-31", "2020-09-01..2020-09-30"]),
        ("2021-05-20", "2019年3月开放。\n1月，用户破亿。", ["2019-03-01..2019-03-31", "2021-01-01..2021-01-31"]),
        # a day of the last week is news
        ("2024-04-03", "股价自2021年2月的24港元高点下行，4月2日收报1港元。", ["2021-02-01..2021-02-28", "2024-04-02"]),
        ("2024-04-20", "股价自2021年2月的24港元高点下行，4月2日收报1港元。", ["2021-02-01..2021-02-28", "2021-04-02"]),
        # the year in question
        ("2024-04-03", "公布2023年业绩，年内收入32亿元。", ["2023-01-01..2023-12-31", "2023-01-01..2023-12-31"]),
        ("2024-04-03", "3月的收入，年内最高。", ["2024-03-01..2024-03-31", "2024-01-01..2024-12-31"]),
        ("2024-04-03", "2023年净利润40亿元，上一年亏损。", ["2023-01-01..2023-12-31", "2022-01-01..2022-12-31"]),
        # what was named before
        ("2023-03-15", "2022年7月19日宣布收购。同年7月，另一家成交。", ["2022-07-19", "2022-07-01..2022-07-31"]),
        ("2021-05-20", "2018年底破千亿，次年跌至500亿。", ["2018-12-01..2018-12-31", "2019-01-01..2019-12-31"]),
        ("2022-01-14", "去年7月7日上市；一个月后，另一家挂牌。", ["2021-07-07", "2021-08-01..2021-08-31"]),
        ("2022-01-14", "1月13日，均价31万元，去年年初6万元。当天收涨。", ["2022-01-13", "2021-01-01..2021-01-31", "2022-01-13"]),
        ("2021-05-20", "3月15日、16日、17日三天。", ["2021-03-15", "2021-03-16", "2021-03-17"]),
        ("2018-01-22", "29日公司公告。", ["2017-12-29"]),
        # a quarter of results, not a part of a series
        ("2021-11-20", "公布第3季財報，單季營收創新高。", ["2021-07-01..2021-09-30"]),
        ("2021-11-20", "《歌手》第三季的营收很高，综艺第二季开播。", []),
        ("2021-11-20", "连续第三个月增长。", []),
        # the period before the one in question
        ("2021-05-20", "2021年第一季度增长，去年同期下降。", ["2021-01-01..2021-03-31", "2020-01-01..2020-03-31"]),
        ("2022-01-20", "2021年第三季度增长，上年同期下降。", ["2021-07-01..2021-09-30", "2020-07-01..2020-09-30"]),
        ("2021-05-20", "4月份增长，比2019年同期增长。", ["2021-04-01..2021-04-30", "2019-04-01..2019-04-30"]),
        ("2021-02-28", "2020年全年增长，比上年多。", ["2020-01-01..2020-12-31", "2019-01-01..2019-12-31"]),
        ("2021-05-12", "4月份上涨，比上月扩大。", ["2021-04-01..2021-04-30", "2021-03-01..2021-03-31"]),
        ("2021-05-20", "3月和5月的销售额", ["2021-03-01..2021-03-31", "2021-05-01..2021-05-31"]),
        # festivals
        ("2020-12-20", "春节旺季在即", ["2021-02-12"]),
        ("2021-05-20", "今年的双11更有看点", ["2021-01-01..2021-12-31"]),
        # names and edges of the surface
        ("2020-10-15", "9月6日起，分享需要匹配；截至2020年6月", ["2020-09-06", "2020-06-01..2020-06-30"]),
        ("2021-10-15", "2024年底前完成；5月18日晚公告", ["2024-12-01..2024-12-31", "2021-05-18"]),
        ("2019-08-28", "今日我们去今日头条总部", ["2019-08-28"]),
        ("2021-05-20", "2020年中国GDP，2020年中报道，2020年内地票房", ["2020-01-01..2020-12-31"] * 3),
        # the year that the paragraph reports on ends and begins; a plan looks ahead
        ("2025-04-30", "2024年营收139亿元。门店由年初的51家减至年末的50家。", [YEAR, "2024-01-01..2024-01-31", "2024-12-01..2024-12-31"]),
        ("2025-04-30", "2024年营收138.91亿元。计划在年底前开店。", [YEAR, "2025-12-01..2025-12-31"]),
        # 上年同期 of a report is that of its months
        ("2024-05-30", "到2026年底。\n披露一季报：交付26架，上年同期11架。", ["2026-12-01..2026-12-31", "2023-01-01..2023-03-31"]),
        # the day behind is none of 截至
        ("2022-08-26", "8月15日，公司发布截至6月30日的业绩。股价次日收涨。", ["2022-08-15", "2022-06-30", "2022-08-16"]),
        ("2024-05-30", "工厂眼下一年能造600架。", []),
        # the day in brackets, the day of a report in Hong Kong
        ("2025-06-06", "鴻海昨（5）日公布營收；快手昨收報68港元。", ["2025-06-05", "2025-06-05"]),
        # what lies ahead is something else; a day behind a quarter of last year
        ("2025-03-20", "去年5月14日宣布收购；12月25日，以合并后市占率将超过九成为由禁止。", ["2024-05-14", "2024-12-25"]),
        ("2025-03-20", "去年第4季市占率54.3%。2月24日与统一超商签约。", ["2024-10-01..2024-12-31", "2025-02-24"]),
        # a year of the Republic without its era
        ("2025-03-01", "民國113年營收增加，114年台灣市場可達千億。", [YEAR, "2025-01-01..2025-12-31"]),
        ("2025-03-01", "台灣有113年歷史的老店，113年來首次。", []),
        # a quarter of a fiscal year that the calendar does not have yet
        ("2020-11-13", "某公司公布的2021财年第一季度业绩", ["2020-04-01..2020-06-30"]),
    ],
)  # fmt: skip
def test_what_the_text_leaves_unsaid(now: str, text: str, expected: list[str]) -> None:
    assert [days for _, days in read(text, date.fromisoformat(now))] == expected


@pytest.mark.parametrize(
    ("text", "kind", "granularity", "relative"),
    [
        ("2020年5月12日", "date", "day", False),
        ("2020年5月", "period", "month", False),
        ("2020年三季度", "period", "quarter", False),
        ("去年上半年", "period", "half", True),
        ("今年", "period", "year", True),
        ("去年夏天", "period", "season", True),
        ("2018年春节期间", "period", "festival", False),
        ("近五年", "period", "other", True),
        ("2020年5-7月", "period", "other", False),
        ("2018年底", "period", "month", False),
    ],
)
def test_kind_and_granularity(text: str, kind: str, granularity: str, relative: bool) -> None:
    (found,) = times.extract(text, NOW)
    assert (found.kind, found.granularity, found.relative) == (kind, granularity, relative)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("阿里巴巴2021财年第三财季增长，去年同期下降", ["2020-10-01..2020-12-31", "2019-10-01..2019-12-31"]),
        ("阿里巴巴2021财年增长，第一财季下降", ["2020-04-01..2021-03-31", "2020-04-01..2020-06-30"]),
        ("微软第二财季营收增长", ["2020-10-01..2020-12-31"]),
        ("阿里巴巴上一财年增长", ["2019-04-01..2020-03-31"]),
        ("索尼2020财年净利润", ["2020-04-01..2021-03-31"]),
        ("某公司2020财年，第四财季", ["2020-01-01..2020-12-31", "2020-10-01..2020-12-31"]),
        ("阿里巴巴2021年第三季度", ["2021-07-01..2021-09-30"]),
        ("微软公布2021会计年度第一季财报", ["2020-07-01..2020-09-30"]),
    ],
)
def test_fiscal_years_of_companies_that_have_their_own(text: str, expected: list[str]) -> None:
    assert [days for _, days in read(text, date(2021, 2, 20))] == expected


def test_lunar_festivals_and_solar_terms_agree_with_a_second_source() -> None:
    """The days of the festivals of the table, by the arithmetic of the calendar itself: lunar date there and back, term by term."""
    checked = 0
    for festival in reference.load().festivals:
        kind, _, rest = festival.rule.rpartition(" ")
        for year in range(2000, 2041):
            if kind == "lunar":
                found = LunarDate.from_solar(spans.festival_day(festival, year))
                month, at = map(int, rest.split("-"))
                assert (found.month, found.leap) == (month, 0)
                assert found.day == at or (
                    at == 30 and (spans.festival_day(festival, year) + timedelta(1)) == LunarDate(found.year + 1, 1, 1).to_solar_date()
                )
                checked += 1
            elif kind == "solar-term":
                assert spans.festival_day(festival, year) == TermUtils.day_start_from_term(year, rest)
                checked += 1
    assert checked > 1000


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("春节", "2000-02-05 2010-02-14 2020-01-25 2023-01-22 2024-02-10 2025-01-29 2033-01-31 2034-02-19 2040-02-12"),
        ("中秋节", "2018-09-24 2020-10-01 2023-09-29 2025-10-06 2033-09-08"),
        ("端午节", "2019-06-07 2020-06-25 2023-06-22 2025-05-31"),
        ("除夕", "2018-02-15 2021-02-11 2022-01-31 2025-01-28"),
        ("清明节", "2018-04-05 2020-04-04 2021-04-04 2024-04-04"),
        ("母亲节", "2021-05-09 2024-05-12"),
        ("感恩节", "2019-11-28 2024-11-28"),
    ],
)  # fmt: skip
def test_festivals_fall_on_the_published_days(name: str, days: str) -> None:
    """From the almanacs of the Hong Kong Observatory."""
    for day in days.split():
        assert read(f"{day[:4]}年{name}") == [(f"{day[:4]}年{name}", day)]


def test_every_rule_of_the_table_has_a_day() -> None:
    for festival in reference.load().festivals:
        for year in range(2000, 2041):
            span = spans.festival_span(festival, year)
            assert span.start <= span.end
            assert festival.rule.startswith("years") or span.start <= spans.festival_day(festival, year) <= span.end


# -- properties ------------------------------------------------------------------------------------------------------------------------

DIGITS = "〇一二三四五六七八九"
days = st.dates(date(1960, 1, 1), date(2060, 12, 31))


def _small(value: int) -> str:
    tens, ones = divmod(value, 10)
    return ("" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十") + (DIGITS[ones] if ones else "")


def _spelled(value: int) -> str:
    return "".join(DIGITS[int(digit)] for digit in str(value))


YEAR_STYLES = [lambda y: f"{y}年", lambda y: f"{_spelled(y)}年", lambda y: f"{y} 年", lambda y: f"民国{y - 1911}年"]
MONTH_STYLES = [lambda m: f"{m}月", lambda m: f"{_small(m)}月", lambda m: f"{m}月份", lambda m: f"{m:02d}月"]
DAY_STYLES = [lambda d: f"{d}日", lambda d: f"{d}号", lambda d: f"{_small(d)}日", lambda d: f"{d:02d}日"]
SEPARATORS = ["-", "/", "."]
FRAMES = ["", "公司在", "据报道，", "（", "截至"]


@FIXED
@given(days, st.sampled_from(YEAR_STYLES), st.sampled_from(MONTH_STYLES[:2]), st.sampled_from(DAY_STYLES), st.sampled_from(FRAMES), days)
def test_any_date_in_any_style_is_read_back(day, year_style, month_style, day_style, frame, now) -> None:  # type: ignore[no-untyped-def]
    surface = year_style(day.year) + month_style(day.month) + day_style(day.day)
    assert read(f"{frame}{surface}，完成。", now) == [(surface, str(day))]


@FIXED
@given(days, st.sampled_from(SEPARATORS), st.booleans(), days)
def test_any_date_in_digits_is_read_back(day: date, mark: str, padded: bool, now: date) -> None:
    width = 2 if padded else 1
    surface = f"{day.year}{mark}{day.month:0{width}d}{mark}{day.day:0{width}d}"
    assert read(f"（{surface}）", now) == [(surface, str(day))]


@FIXED
@given(days, days, st.sampled_from(YEAR_STYLES[:2]), st.sampled_from(MONTH_STYLES), st.sampled_from(["-", "至", "到", "—", "~", "－"]))
def test_any_range_of_months_is_read_back(one, other, year_style, month_style, to) -> None:  # type: ignore[no-untyped-def]
    first, last = sorted((one.replace(day=1), other.replace(day=1)))
    surface = f"{year_style(first.year)}{month_style(first.month)}{to}{year_style(last.year)}{month_style(last.month)}"
    end = last.replace(day=monthrange(last.year, last.month)[1])
    assert [(t.surface, t.start_date, t.end_date) for t in times.extract(surface, NOW)] == [(surface, first, end)]


@FIXED
@given(days, st.integers(1, 4), st.sampled_from(["第{}季度", "{}季度", "Q{}"]))
def test_any_quarter_is_read_back(now: date, quarter: int, style: str) -> None:
    for word, year in (("今年", now.year), ("去年", now.year - 1), ("2019年", 2019)):
        surface = word + style.format(quarter)
        ((found, interval),) = read(surface, now)
        assert found == surface
        assert interval.startswith(f"{year}-{3 * quarter - 2:02d}-01..{year}-{3 * quarter:02d}-")


@FIXED
@given(days)
def test_a_bare_date_is_within_a_year_of_the_reference_date(now: date) -> None:
    for month in range(1, 13):
        (found,) = times.extract(f"{month}月5日，公司公布了财报。", now)
        assert found.start_date is not None
        assert timedelta(-366) <= found.start_date - now <= timedelta(60)


ALPHABET = (
    "0123456789第一二三四五六七八九十百两双年月日号周季度旬天星期个内半初底末中上下前后今去明本当同次每"
    "至到-—、和近过未来起以春节国庆《》“”QHFY/. ，。\n"
)


@settings(derandomize=True, deadline=None, max_examples=1500)
@given(st.text(alphabet=ALPHABET, max_size=40) | st.text(max_size=40), days)
def test_no_text_breaks_it_and_every_offset_is_right(text: str, now: date) -> None:
    at = 0
    for found in times.extract(text, now):
        assert at <= found.start < found.end
        assert text[found.start : found.end] == found.surface
        assert found.start_date is not None
        assert found.end_date is not None
        assert found.start_date <= found.end_date
        assert (found.kind == "date") == (found.start_date == found.end_date)
        at = found.end


@pytest.mark.parametrize(
    "unit", ["年", "2", "一", "1、", "《", "“", "今年", "上", "第一", "近五年", "10月12日，", "2020年至", "1-", "每", "\n"]
)
def test_the_time_grows_with_the_text_and_no_faster(unit: str) -> None:
    def seconds(size: int) -> float:
        text = (unit * size)[:size]
        began = time.process_time()
        times.extract(text, NOW)
        return time.process_time() - began

    gc.collect()
    gc.disable()
    try:
        small = min(seconds(5_000) for _ in range(3))
        assert min(seconds(40_000) for _ in range(2)) < 24 * max(small, 0.002)
    finally:
        gc.enable()
