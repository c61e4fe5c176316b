"""A number with the unit right behind it: the first thing read at a numeral, before context decides what it means."""

from __future__ import annotations

import re
from decimal import Decimal
from string import ascii_letters, digits
from typing import NamedTuple

from transforms.numerals import FIRSTS, PATTERN, Number, read, trim
from transforms.quantities.lexicon import Counter, Lexicon

HALF = Decimal("0.5")
_MYRIAD, _HUNDRED_MILLION = Decimal(10_000), Decimal(100_000_000)
_COLLOQUIAL = {"k": Decimal(1_000), "K": Decimal(1_000), "w": _MYRIAD}
_ENGLISH = re.compile(r"(?:[Mm]illion|[Bb]illion|[Tt]rillion|bn|mn|trn)(?![A-Za-z])")
_ENGLISH_SIZES = {"m": Decimal(10**6), "b": Decimal(10**9), "t": Decimal(10**12)}
_LATIN = frozenset(ascii_letters + digits)
#: What has a say behind a number before its unit is looked for, and behind the unit.
_BEHIND_NUMBER = frozenset(f" 多余来个{ascii_letters}")
_BEHIND_UNIT = frozenset("半多余一二三四五六七八九")
_HALVED = frozenset(("duration", "measure", "multiple", "percent"))
#: A determiner in front of 一 makes it one certain day or year, not a length of time.
DETERMINERS = frozenset("这那同某每第前后上下新整另首统唯万之其逐任单初周有")


class Amount(NamedTuple):
    """`number_end` is where the numeral ends and `end` where the unit does; without a unit the two are one."""

    start: int
    number_end: int
    end: int
    number: Number
    counter: Counter | None


def numeral_at(folded: str, at: int) -> tuple[Number, int] | None:
    """The numeral that starts right at an offset, and its end."""
    if folded[at : at + 1] not in FIRSTS:
        return None
    match = PATTERN.match(folded, at)
    number = read(match.group()) if match else None
    return None if match is None or number is None else (number, match.end())


def amount_at(folded: str, words: Lexicon, start: int, end: int, number: Number) -> Amount | None:
    """The numeral folded[start:end] with its unit; None where it is part of a name or date, or the unit does not fit the number."""
    at = end
    char = folded[at : at + 1]
    if char not in _BEHIND_NUMBER:
        counter = words.counter(folded, at)
        if counter is None:
            return Amount(start, end, end, number, None)
        return _fitted(folded, words, start, end, at + len(counter.surface), number, counter)
    if char == " ":
        at += 2 if folded[at + 1 : at + 2] == " " else 1
        char = folded[at : at + 1]
    if char and char in "多余来":
        counter = words.counter(folded, at + 1)
        if counter is not None and counter.unit.place != "ordinal":
            return _fitted(folded, words, start, end, at + 1 + len(counter.surface), number._replace(over=True), counter)
        if char == "多" and number.top >= _MYRIAD:
            return Amount(start, at + 1, at + 1, number._replace(over=True), None)
    elif char in _COLLOQUIAL and number.value is not None and folded[at + 1 : at + 2] not in _LATIN:
        size = _COLLOQUIAL[char]  # 15k元, 30w
        number = number._replace(value=number.value * size, scale=(size,), top=max(size, number.top))
        end = at = at + 1
    elif char == "个" and folded[at + 1 : at + 2] in ("半", "多", "亿", "万"):
        return _behind_counter(folded, words, start, end, at, number)
    elif char.isascii() and char.isalpha() and number.value is not None:
        english = _ENGLISH.match(folded, at)
        if english:  # $3.2 billion
            size = _ENGLISH_SIZES[english[0][0].lower()]
            number = number._replace(value=trim(number.value * size), scale=(size,), top=size)
            end = at = english.end()
            at += folded[at : at + 1] == " "
            char = ""
    counter = words.counter(folded, at)
    if counter is not None:
        return _fitted(folded, words, start, end, at + len(counter.surface), number, counter)
    if char and char.isascii() and char.isalpha() and at == end and number.top < _MYRIAD:
        return None
    return Amount(start, end, end, number, None)


def _fitted(folded: str, words: Lexicon, start: int, number_end: int, end: int, number: Number, counter: Counter) -> Amount | None:
    """The amount, where the number meets what its unit asks for."""
    unit, value = counter.unit, number.value
    if counter.asks:
        if unit.place in ("ordinal", "part"):
            return Amount(start, number_end, number_end, number, None)
        if unit.needs == "discount":
            return _discount(start, end, number, counter)
        if unit.needs and not _meets(folded, start, number_end, end, number, counter):
            return None
        if unit.code == "year" and value is not None and _is_year(folded, start, number_end, end, value):
            return None
    header = number.bare and value in (_MYRIAD, _HUNDRED_MILLION) and unit.dimension == "money"
    if header and words.qualifier_before(folded, start, bare=True) is None:
        return None  # 单位：万元
    behind = folded[end : end + 1]
    if behind not in _BEHIND_UNIT:
        return Amount(start, number_end, end, number, counter)
    if value is not None and behind == "半" and unit.dimension in _HALVED:
        return Amount(start, number_end, end + 1, number._replace(value=value + HALF), counter)
    if value is not None and unit.needs == "tenth" and behind in tuple("一二三四五六七八九"):
        tenth = numeral_at(folded, end)
        if tenth and tenth[1] == end + 1 and words.counter(folded, end + 1) is None:
            return Amount(start, number_end, end + 1, number._replace(value=value + (tenth[0].value or Decimal(0)) / 10), counter)  # 七成六
    if behind in ("多", "余") and (unit.dimension in _HALVED or unit.dimension == "money"):
        number = number._replace(over=True)
    return Amount(start, number_end, end, number, counter)


def _meets(folded: str, start: int, number_end: int, end: int, number: Number, counter: Counter) -> bool:
    floor = number.value if number.value is not None else number.low
    assert floor is not None
    match counter.unit.needs:
        case "digits":
            return number.top >= _MYRIAD or (folded[start].isascii() and folded[start].isdigit())
        case "one":
            return folded[start:number_end] == "一"
        case "two":
            return floor >= 2
        case "tenth":
            return floor <= 10 and number.top <= 10
        case "index":
            return floor >= 100 or floor != floor.to_integral_value()
        case "days":  # up to 31 it is a day of the month
            return floor > 31 or folded[start:number_end] == "两"
        case "noun":
            return counter.nouns is not None and counter.nouns.code(folded, start, end) is not None
    return False


def _discount(start: int, end: int, number: Number, counter: Counter) -> Amount | None:
    """八折, 7.5折, and 八五折 and 75折 in hundredths."""
    value = number.value
    if number.low is not None and number.high is not None and number.high < 10:
        value = number.low * 10 + number.high  # 五六折 is read as 56, as 五五折 is 55
    if value is None or value >= 100 or value == 10 or number.top > 10:
        return None
    return Amount(start, end - 1, end, Number(value / 10 if value > 10 else value), counter)


def _is_year(folded: str, start: int, number_end: int, end: int, value: Decimal) -> bool:
    """Whether a number before 年 names a year of the calendar (2020年, 07年, 98年) or a certain one (这一年) instead of counting years."""
    if value != value.to_integral_value():
        return False
    length = number_end - start
    if folded[start] == "0" or (length == 4 and 1700 <= value <= 2300 and "千" not in folded[start:number_end]):
        return True
    if value == 1 and folded[start] == "一" and start and folded[start - 1] in DETERMINERS:
        return True
    month = PATTERN.match(folded, end)
    return bool(month and folded.startswith("月", month.end())) or (length == 2 and value >= 50 and folded[start].isdigit())


def _behind_counter(folded: str, words: Lexicon, start: int, end: int, at: int, number: Number) -> Amount | None:
    """What follows 个 in 两个半小时, 三个多月 and 两个亿."""
    mark = folded[at + 1]
    if mark in "亿万" and number.value is not None and number.top < _MYRIAD:
        size = _HUNDRED_MILLION if mark == "亿" else _MYRIAD
        number = number._replace(value=number.value * size, scale=(size,), top=size)
        counter = words.counter(folded, at + 2)
        if counter is None:
            return Amount(start, at + 2, at + 2, number, None)
        return _fitted(folded, words, start, at + 2, at + 2 + len(counter.surface), number, counter)
    counter = words.counter(folded, at + 2)
    length = len(counter.surface) if counter else 1
    if counter is None:  # 月 alone is the name of a month, 个月 a length
        counter = words.counters.get("个" + folded[at + 2 : at + 3])
    if counter is None or counter.unit.dimension != "duration" or number.value is None:
        plain = words.counter(folded, at)
        return None if plain is None else _fitted(folded, words, start, end, at + len(plain.surface), number, plain)
    number = number._replace(over=True) if mark == "多" else number._replace(value=number.value + HALF)
    return Amount(start, end, at + 2 + length, number, counter)


_COINS = {"角": Decimal("0.1"), "毛": Decimal("0.1"), "分": Decimal("0.01")}
_WITH_COINS = frozenset(("CNY", "TWD", "HKD", "MOP"))
#: What the smaller units of a compound begin with.
OPENS_REST = FIRSTS | frozenset("又零多余")
_SECONDS = {
    "year": 365 * 86400,
    "quarter": 91 * 86400,
    "month": 30 * 86400,
    "week": 7 * 86400,
    "day": 86400,
    "hour": 3600,
    "minute": 60,
    "second": 1,
}


def compound(folded: str, words: Lexicon, first: Amount) -> Amount:
    """The amount with the smaller units that follow it, in the smallest of them: 3元2角 in yuan, 8天20小时 as 212 hours."""
    counter = first.counter
    if counter is None or first.number.value is None:
        return first
    if counter.unit.dimension == "money" or counter.surface == "块":
        return _with_coins(folded, words, first, counter, first.number.value)
    if counter.unit.dimension != "duration" or counter.code not in _SECONDS:
        return first
    last, amount = counter, first
    total = first.number.value * counter.unit.factor * _SECONDS[counter.code]
    while True:
        at = amount.end + (folded[amount.end : amount.end + 1] in ("又", "零", "多", "余"))
        found = numeral_at(folded, at)
        after = amount_at(folded, words, at, found[1], found[0]) if found else None
        if after is None or after.number.value is None or after.counter is None or after.counter.unit.dimension != "duration":
            break
        if _SECONDS.get(after.counter.code, _SECONDS[last.code]) >= _SECONDS[last.code]:
            break
        amount, last = after, after.counter
        total += after.number.value * last.unit.factor * _SECONDS[last.code]
    if amount is first:
        return first
    return Amount(first.start, amount.number_end, amount.end, Number(total / _SECONDS[last.code] / last.unit.factor), last)


def _with_coins(folded: str, words: Lexicon, first: Amount, counter: Counter, value: Decimal) -> Amount:
    """3元2角, 十块三毛, 两美元又三美分: the small coins belong to the amount before."""
    amount = first
    for _ in range(2):
        found = numeral_at(folded, amount.end + (folded[amount.end : amount.end + 1] in ("零", "又")))
        if found is None or found[0].value is None:
            break
        at = found[1]
        size, end = _COINS.get(folded[at : at + 1]), at + 1
        if size is None or not (counter.code in _WITH_COINS or counter.surface == "块"):
            cents = words.counter(folded, at)
            if cents is None or cents.code != counter.code or cents.unit.factor >= counter.unit.factor:
                break
            size, end = cents.unit.factor, at + len(cents.surface)
        value += found[0].value * size
        counter = words.counters["元"] if counter.surface == "块" else counter
        amount = Amount(first.start, amount.number_end, end, first.number._replace(value=value), counter)
    return amount


def share(number: Number, other: Number) -> Decimal:
    """A number without magnitude in that of the other: 六千 before 八千亿 is 六千亿. Only magnitudes above its own are shared."""
    assert number.value is not None
    value = number.value
    for size in other.scale:
        if size > number.top:
            value *= size
    return value


def scaled(number: Number, size: Decimal) -> Number:
    """A number or span of numbers, times a size of either sign."""
    if number.value is not None:
        return number._replace(value=trim(number.value * size))
    low, high = trim((number.low or 0) * size), trim((number.high or 0) * size)
    return number._replace(low=min(low, high), high=max(low, high))
