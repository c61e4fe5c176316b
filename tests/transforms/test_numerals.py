"""Numerals: a random number in a random style is read back exactly; nothing crashes; nothing takes quadratic time."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms import numerals
from transforms.script import fold

SMALL, CAPITAL = "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖"


def chinese(value: int, *, capital: bool = False) -> str:
    """A whole number below 1e16 in Chinese: 10250 is 一万零二百五十."""
    digits, units = (CAPITAL, ("", "拾", "佰", "仟")) if capital else (SMALL, ("", "十", "百", "千"))
    if value == 0:
        return digits[0]
    words = ""
    for index, myriad in ((3, "万亿"), (2, "亿"), (1, "万"), (0, "")):
        group = value // 10_000**index % 10_000
        if not group:
            continue
        if words and group < 1000:
            words += digits[0]
        text, gap = "", False
        for place in (3, 2, 1, 0):
            digit = group // 10**place % 10
            if digit:
                text += (digits[0] if gap and text else "") + digits[digit] + units[place]
                gap = False
            else:
                gap = True
        words += text + (myriad if index != 3 or value // 10**8 % 10_000 == 0 else "万")
    return words


def only(text: str) -> numerals.Number:
    found = list(numerals.scan(fold(text)))
    assert [(n.start, n.end) for n in found] == [(0, len(text))], (text, found)
    return found[0].number


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,234,567.89", "1234567.89"),
        ("１２，３４５".replace("，", ","), "12345"),
        ("1.05万亿", "1050000000000"),
        ("12,345.6万", "123456000"),
        ("3万4000", "34000"),
        ("4兆2815億", "4281500000000"),
        ("2兆2638億9千萬", "2263890000000"),
        ("三点五亿", "350000000"),
        ("两千万", "20000000"),
        ("四万万", "400000000"),
        ("九万四", "94000"),
        ("一千零五", "1005"),
        ("一百零十万三千", "1103000"),
        ("廿五", "25"),
        ("卅", "30"),
        ("二〇二〇", "2020"),
        ("壹佰贰拾叁万", "1230000"),
        ("百万", "1000000"),
        ("万亿", "1000000000000"),
        ("1000  万".replace("  ", " "), "10000000"),
    ],
)
def test_values(text: str, value: str) -> None:
    assert only(text).value == Decimal(value)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("几十", 20, 99),
        ("数百万", 2_000_000, 9_999_999),
        ("十几", 11, 19),
        ("二十几万", 210_000, 299_999),
        ("三四十", 30, 40),
        ("十七八", 17, 18),
        ("八九亿", 800_000_000, 900_000_000),
        ("三五百", 300, 500),
    ],
)
def test_spans_of_numbers(text: str, low: int, high: int) -> None:
    number = only(text)
    assert (number.value, number.low, number.high) == (None, low, high)


@pytest.mark.parametrize("text", ["5千瓦", "六个百分点", "五千米", "三千克", "8兆字节"])
def test_a_magnitude_that_begins_a_unit_belongs_to_the_unit(text: str) -> None:
    (found,) = numerals.scan(text)
    assert found.number.value in range(10)


def test_words_with_capitals_are_no_numerals() -> None:
    assert not list(numerals.scan(fold("大陆百货、队伍、放肆、收拾、入伍")))[1:]


@given(st.integers(0, 10**16 - 1), st.booleans())
@settings(derandomize=True, max_examples=400)
def test_chinese_round_trip(value: int, capital: bool) -> None:
    assert only(chinese(value, capital=capital)).value == value


@given(st.decimals(0, 10**12, allow_nan=False, places=3), st.sampled_from(["", "万", "亿", "万亿"]), st.booleans())
@settings(derandomize=True, max_examples=300)
def test_arabic_round_trip(value: Decimal, magnitude: str, grouped: bool) -> None:
    text = f"{value:,.3f}" if grouped else f"{value:.3f}"
    size = {"": 1, "万": 10**4, "亿": 10**8, "万亿": 10**12}[magnitude]
    assert only(text + magnitude).value == value * size


@given(st.integers(1, 9_999), st.integers(1, 9_999), st.sampled_from([("万", 10**4), ("亿", 10**8)]))
@settings(derandomize=True, max_examples=200)
def test_mixed_round_trip(high: int, low: int, magnitude: tuple[str, int]) -> None:
    word, size = magnitude
    assert only(f"{high}{word}{low + 10}").value == high * size + low + 10


@given(st.text(alphabet="0123456789,.一二两三十百千万亿兆几数多余点零〇半 年月日第前"))
@settings(derandomize=True, max_examples=400)
def test_scan_never_overlaps_and_reads_what_it_shows(text: str) -> None:
    at = 0
    for start, end, number in numerals.scan(text):
        assert at <= start < end <= len(text)
        assert numerals.read(text[start:end]) == number
        at = end


@pytest.mark.parametrize("unit", ["1", "一", "一万", "万", "1,", "1,234", "一点", "几十", "多", "零", "两"])
def test_time_grows_with_the_length(unit: str) -> None:
    def seconds(length: int) -> float:
        text = unit * (length // len(unit))
        begun = time.process_time()
        for _ in numerals.scan(text):
            pass
        return time.process_time() - begun

    # Sixteen times the text takes sixteen times as long; a quadratic scan would take 256 times as long.
    assert seconds(400_000) < 64 * max(seconds(25_000), 0.004)
