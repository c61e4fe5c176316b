"""Quantities: units, money, ranges, ranks and names, and round trips through random styles."""

from __future__ import annotations

import re
import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms import numerals, reference
from transforms.article import Quantity
from transforms.quantities import extract


def seen(text: str, **options: object) -> list[tuple[str, object, str | None]]:
    """Surface, value (or low and high), unit."""
    found = extract(text, **options)  # type: ignore[arg-type]
    return [(q.surface, q.value if q.value is not None else (q.low, q.high), q.unit) for q in found]


def one(text: str, **options: object) -> Quantity:
    (found,) = extract(text, **options)  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(
    ("text", "surface", "value", "unit"),
    [
        ("营收1.05万亿元", "1.05万亿元", "1050000000000", "CNY"),
        ("募资140亿港元", "140亿港元", "14000000000", "HKD"),
        ("每股US$1.25", "US$1.25", "1.25", "USD"),
        ("售价￥300", "￥300", "300", "CNY"),
        ("人民币50元", "50元", "50", "CNY"),
        ("新台币290亿元", "290亿元", "29000000000", "TWD"),
        ("6700亿韩元", "6700亿韩元", "670000000000", "KRW"),
        ("赔偿49美分", "49美分", "0.49", "USD"),
        ("123元1角2分", "123元1角2分", "123.12", "CNY"),
        ("十块三毛", "十块三毛", "10.3", "CNY"),
        ("revenue of $3.2 billion", "$3.2 billion", "3200000000", "USD"),
        ("增长15.7%", "15.7%", "15.7", "percent"),
        ("增长率为-0.60‰", "-0.60‰", "-0.6", "permille"),
        ("占三成", "三成", "30", "percent"),
        ("占七成六", "七成六", "76", "percent"),
        ("打八五折", "八五折", "85", "percent"),
        ("百分之五点五", "百分之五点五", "5.5", "percent"),
        ("上升0.3个百分点", "0.3个百分点", "0.3", "percentage_point"),
        ("加息25个基点", "25个基点", "25", "basis_point"),
        ("翻一番", "翻一番", "2", "multiple"),
        ("翻了两番", "翻了两番", "4", "multiple"),
        ("翻了一倍", "翻了一倍", "2", "multiple"),
        ("占1/4。", "1/4", "0.25", "multiple"),
        ("1/2的用户", "1/2", "0.5", "multiple"),
        ("下降0.5pp", "0.5pp", "0.5", "percentage_point"),
        ("是前者的3.3倍", "3.3倍", "3.3", "multiple"),
        ("发展了4年", "4年", "4", "year"),
        ("在90日内", "90日", "90", "day"),
        ("历时三个月", "三个月", "3", "month"),
        ("两个半小时", "两个半小时", "2.5", "hour"),
        ("一年半", "一年半", "1.5", "year"),
        ("8天20小时", "8天20小时", "212", "hour"),
        ("半年", "半年", "0.5", "year"),
        ("装机80.5GWh", "80.5GWh", "80.5", "GWh"),
        ("采用28nm工艺", "28nm", "28", "nm"),
        ("功率5千瓦", "5千瓦", "5", "kW"),
        ("销量236.3万千升", "236.3万千升", "2363000", "kilolitre"),
        ("面积1.2亿平方米", "1.2亿平方米", "120000000", "m2"),
        ("能量密度255Wh/kg", "255Wh/kg", "255", "Wh_per_kilogram"),
        ("约10万件商品", "10万件", "100000", "item"),
        ("快递10万件", "10万件", "100000", "parcel"),
        ("快件量达1.2亿票", "1.2亿票", "120000000", "parcel"),
        ("议案获得500票", "500票", "500", "vote"),
        ("146万人次", "146万人次", "1460000", "person_time"),
        ("门店661家", "661家", "661", "store"),
        ("三家公司", "三家", "3", "company"),
        ("覆盖228座城市", "228座", "228", "city"),
        ("换电站777座", "777座", "777", "site"),
        ("财政部等四部门", "四部门", "4", "organization"),
        ("沪指报3244.49点", "3244.49点", "3244.49", "point"),
        ("豆瓣评分7.4分", "7.4分", "7.4", "point"),
        ("用户规模为3.09亿", "3.09亿", "309000000", "person"),
        ("百万人才合作", "百万", "1000000", "person"),
        ("销售额突破2亿", "2亿", "200000000", "CNY"),
        ("营收增长，较去年同期增加20亿", "20亿", "2000000000", "CNY"),
        ("亏损扩大，全年交付300万", "300万", "3000000", None),
        ("亏损扩大，付费用户为120万", "120万", "1200000", "person"),
        ("位居第二", "第二", "2", "rank"),
        ("第一家门店", "第一家", "1", "rank"),
        ("销量前1000名", "前1000名", "1000", "rank"),
        ("销量TOP10", "TOP10", "10", "rank"),
        ("世界500强", "500强", "500", "rank"),
        ("百强县", "百强", "100", "rank"),
    ],
)
def test_one_quantity(text: str, surface: str, value: str, unit: str | None) -> None:
    assert seen(text) == [(surface, Decimal(value), unit)]


def test_what_a_noun_calls_a_currency_is_money_and_a_unit_in_capitals_is_not() -> None:
    assert [(q.kind, q.unit) for q in extract("午饭花了20块，主变容量240MVA")] == [("money", "CNY"), ("measure", "MVA")]


def test_a_magnitude_that_begins_a_unit_belongs_to_the_unit() -> None:
    units = [u for u in reference.load().units if u.surface[0] in numerals.MAGNITUDES and u.place in ("", "both") and u.dimension != "none"]
    assert {"千升", "千瓦时", "百分点"} <= {unit.surface for unit in units}
    for unit in units:
        assert seen(f"236.3万{unit.surface}") == [(f"236.3万{unit.surface}", Decimal(2_363_000), unit.code)]


@pytest.mark.parametrize(
    ("text", "surface", "low", "high", "unit", "kind"),
    [
        ("0至100元的商品", "0至100元", 0, 100, "CNY", "range"),
        ("涨价4300元至5900元", "4300元至5900元", 4300, 5900, "CNY", "range"),
        ("六千到八千亿元", "六千到八千亿元", 6 * 10**11, 8 * 10**11, "CNY", "range"),
        ("87億至91億港元", "87億至91億港元", 87 * 10**8, 91 * 10**8, "HKD", "range"),
        ("5000万至1亿元", "5000万至1亿元", 5 * 10**7, 10**8, "CNY", "range"),
        ("增长12%-18%", "12%-18%", 12, 18, "percent", "range"),
        ("15%至20%", "15%至20%", 15, 20, "percent", "range"),
        ("增速为-3%至5%", "-3%至5%", -3, 5, "percent", "range"),
        ("增速为-2%~+3%", "-2%~+3%", -2, 3, "percent", "range"),
        ("盈利-5000万元至-3000万元", "-5000万元至-3000万元", -50_000_000, -30_000_000, "CNY", "range"),
        ("气温-5到8℃", "-5到8℃", -5, 8, "celsius", "range"),
        ("1~3个月", "1~3个月", 1, 3, "month", "range"),
        ("均价在15元/公斤至16元/公斤之间", "15元/公斤至16元", 15, 16, "CNY", "range"),
        ("三四十家工厂", "三四十家", 30, 40, "company", "range"),
        ("三到五倍", "三到五倍", 3, 5, "multiple", "range"),
        ("几十人", "几十人", 20, 99, "person", "count"),
        ("数百万用户", "数百万", 2_000_000, 9_999_999, "person", "count"),
    ],
)
def test_ranges(text: str, surface: str, low: int, high: int, unit: str, kind: str) -> None:
    q = one(text)
    assert (q.surface, q.value, q.low, q.high, q.unit, q.kind) == (surface, None, low, high, unit, kind)


@pytest.mark.parametrize(
    ("text", "surface", "qualifier"),
    [
        ("约290亿元", "290亿元", "about"),
        ("500人左右", "500人", "about"),
        ("突破了2亿元", "2亿元", "over"),
        ("30多亿元", "30多亿元", "over"),
        ("超过20万辆", "20万辆", "over"),
        ("近900家", "900家", "nearly"),
        ("不到6万元", "6万元", "under"),
        ("达到92%", "92%", "reach"),
        ("至少5元", "5元", "at_least"),
        ("六成以上", "六成", "at_least"),
        ("不超过30天", "30天", "at_most"),
        ("50元以内", "50元", "at_most"),
        ("上百家", "百家", "over"),
        ("近千家", "千家", "nearly"),
        ("过亿元", "亿元", "over"),
        ("约人民币3500万元", "3500万元", "about"),
        ("近US$300万", "US$300万", "nearly"),
        ("粉丝超2000w", "2000w", "over"),
        ("5元", "5元", None),
    ],
)
def test_the_qualifier_is_outside_the_span(text: str, surface: str, qualifier: str | None) -> None:
    q = one(text)
    assert (q.surface, q.qualifier) == (surface, qualifier)


@pytest.mark.parametrize(
    "text",
    [
        "36氪报道双11和618的战况，三只松鼠、万科、三星、百度、一汽、七匹狼都在其中",
        "5G手机、4S店、K12教育、90后、C919、4K电视、COVID-19、iPhone 14、Web3、O2O",
        "他十分看好，万一失败，千万不要忽视；一旦成功，一定统一、唯一、一直、一样、一方面、一些",
        "百家企业参展，千人同场竞技",
        "一家公司的一个部门、一种办法、每一次机会、同一天、这一年、有一天",
        "一条赛道、一台机器、一位经理、一款手机、另一座城市",
        "2020年5月，10月12日，5-7月，2015-2017年，二〇二〇年，07年，9月6日起",
        "第三方平台在第一时间回应，第二天开业，第三季度发布，前三季度完成",
        "三位一体、四川、九江、一带一路、三农、百货、三心二意、半导体、千方百计、两位数增长",
        "单位：万元；比分3:1，网址 https://example.com/a?x=30%25&y=20%，版本2.0.1",
        "6/8大促，3/15晚会，24/7营业，T1/3的舱位",
    ],
)
def test_no_quantity(text: str) -> None:
    assert seen(text) == []


def test_a_list_shares_unit_and_magnitude() -> None:
    assert [(q.surface, q.value, q.unit) for q in extract("分别为3.2、4.5和5.6亿元")] == [
        ("3.2", Decimal("320000000"), "CNY"),
        ("4.5", Decimal("450000000"), "CNY"),
        ("5.6亿元", Decimal("560000000"), "CNY"),
    ]


def test_a_change_and_its_result_are_two() -> None:
    assert [q.surface for q in extract("下调1.4万元至25.99万元")] == ["1.4万元", "25.99万元"]
    assert [q.surface for q in extract("从28.08万元涨到30.18万元")] == ["28.08万元", "30.18万元"]


def test_an_article_is_told_from_a_number() -> None:
    read = seen("第一家门店，一个半小时，一个亿，一个月，一吨钢，十一家门店，一个百分点")
    assert [surface for surface, _, _ in read] == ["第一家", "一个半小时", "一个亿", "一个月", "一吨", "十一家", "一个百分点"]


def test_region_decides_the_currency_of_yuan() -> None:
    assert [one("營收2904億元", region=region).unit for region in ("cn", "tw", "hk")] == ["CNY", "TWD", "HKD"]
    assert one("募資140億港元", region="tw").unit == "HKD"


def test_full_width_and_traditional_text() -> None:
    assert seen("門市數為６，６３１家，年增７．４％", region="tw") == [
        ("６，６３１家", Decimal(6631), "store"),
        ("７．４％", Decimal("7.4"), "percent"),
    ]


def test_blocked_spans_are_never_touched() -> None:
    text = "近三年营收2亿元，百万英雄"
    assert [q.surface for q in extract(text, blocked=[(0, 3), (10, 14)])] == ["2亿元"]
    assert extract(text, blocked=[(0, len(text) + 5)]) == []


def test_units_come_from_the_reference(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("reference")
    (folder / "units.csv").write_text("surface,code,dimension,factor\n箩筐,basket,count,\n", encoding="utf-8")
    assert seen("售出30箩筐", reference=reference.load([folder])) == [("30箩筐", Decimal(30), "basket")]


def test_reference_files() -> None:
    loaded = reference.load()
    assert len({u.surface for u in loaded.units if u.dimension != "none"}) >= 200
    codes = {u.code for u in loaded.units if u.dimension == "money"} - {"local"}
    assert all(re.fullmatch("[A-Z]{3}", code) for code in codes)


amounts = st.decimals(Decimal("0.01"), Decimal("99999.99"), places=2, allow_nan=False)
magnitudes = st.sampled_from([("", 1), ("万", 10**4), ("亿", 10**8), ("万亿", 10**12)])
currencies = st.sampled_from([("元", "CNY"), ("美元", "USD"), ("港元", "HKD"), ("欧元", "EUR"), ("日元", "JPY"), ("英镑", "GBP")])
heads = st.sampled_from(["实现", "增长约", "超过", "达", "募集资金", "，", "共计"])
tails = st.sampled_from(["，", "。", "的", "左右", ""])


@given(amounts, magnitudes, currencies, st.booleans(), heads, tails)
@settings(derandomize=True, max_examples=300)
def test_money_round_trip(
    amount: Decimal, magnitude: tuple[str, int], currency: tuple[str, str], grouped: bool, head: str, tail: str
) -> None:
    text = f"{amount:,.2f}" if grouped else f"{amount:.2f}"
    q = one(f"{head}{text}{magnitude[0]}{currency[0]}{tail}")
    assert (q.kind, q.value, q.unit) == ("money", amount * magnitude[1], currency[1])


@given(st.decimals(0, 1000, places=2, allow_nan=False), heads, tails, st.sampled_from(["%", "％", "个百分点", "百分之"]))
@settings(derandomize=True, max_examples=200)
def test_percent_round_trip(value: Decimal, head: str, tail: str, style: str) -> None:
    q = one(f"{head}{style}{value}{tail}" if style == "百分之" else f"{head}{value}{style}{tail}")
    assert (q.value, q.unit) == (value, "percentage_point" if style == "个百分点" else "percent")


@given(st.integers(1, 4999), st.integers(1, 4999), magnitudes, st.sampled_from(["至", "到", "-", "~", "—"]), st.booleans())
@settings(derandomize=True, max_examples=300)
def test_range_round_trip(low: int, more: int, magnitude: tuple[str, int], to: str, full: bool) -> None:
    word, size = magnitude
    q = one(f"售价{low}{word + '元' if full else ''}{to}{low + more}{word}元不等")
    assert (q.kind, q.low, q.high, q.unit) == ("range", low * size, (low + more) * size, "CNY")


LETTERS = "0123456789.,%-至到约超近第前一二两三十百千万亿几数多余半个年月日天元块角分成折倍番家座间人次美港TOP"


@given(st.text(alphabet=LETTERS + "$￥（） \n，。翻了之用户销售额"))
@settings(derandomize=True, max_examples=600)
def test_any_text(text: str) -> None:
    at = 0
    for q in extract(text):
        assert at <= q.start < q.end <= len(text)
        assert q.surface == text[q.start : q.end]
        assert (q.value is None) == (q.low is not None) == (q.high is not None)
        assert q.low is None or q.high is None or q.low <= q.high
        at = q.end


@given(st.text())
@settings(derandomize=True, max_examples=200)
def test_any_unicode(text: str) -> None:
    for q in extract(text):
        assert q.surface == text[q.start : q.end]


@pytest.mark.parametrize("unit", ["1", "一", "年", "一年", "1元", "1至", "几十", "（", "1、", "用户", "1家", "第一", "A1", "两个半", "翻"])
def test_time_grows_with_the_length(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        begun = time.process_time()  # other processes may hold this one up
        extract(text)
        return time.process_time() - begun

    seconds(1000)
    # Sixteen times the text takes sixteen times as long; a quadratic scan would take 256 times as long.
    assert seconds(96_000) < 64 * max(seconds(6_000), 0.004)
