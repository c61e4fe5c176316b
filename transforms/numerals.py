"""Numerals: find them in folded text and read them as exact numbers.

One compiled pattern finds every numeral, Arabic, Chinese or mixed, in a single pass; `read` turns its characters into a `Number`.
What a numeral counts is the business of `transforms.quantities`, and so is whether it counts anything at all.

The text is expected in its folded form (`transforms.script.fold`): simplified characters, half-width digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Context, Decimal
from functools import lru_cache
from typing import NamedTuple

DIGITS = {
    char: value
    for value, chars in enumerate(("零〇○", "一壹", "二两贰", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖"))
    for char in chars
}
MAGNITUDES = {
    char: Decimal(10) ** power for power, chars in {1: "十拾", 2: "百佰", 3: "千仟", 4: "万", 8: "亿", 12: "兆"}.items() for char in chars
}
_TENS = {"廿": "二十", "卅": "三十", "卌": "四十"}
_MYRIAD = Decimal(10_000)
#: Longer runs of digits are identifiers, not numbers; the tables keep 28 digits.
MAX_DIGITS = 28
_MAX_RUN = 40
_EXACT = Context(prec=2 * MAX_DIGITS + 16)

_D = "".join(char for char in DIGITS if char != "两")
# A magnitude that begins a unit belongs to the unit (5千瓦 is 5 kilowatt, 百分点 no hundred).
# Inside 万 magnitudes fall: 五十千 is no number.
_MAGNITUDE = (
    r"(?:[十拾万亿]|(?<![十拾])[百佰](?!分[点比位]|帕)|(?<![十百拾佰])[千仟](?!瓦|克(?!拉)|米|卡(?!车)|伏|帕|赫|焦|字节|欧|升(?![至到级]))"
    r"|兆(?!瓦|赫|字节|焦|帕|比特|伏|欧))"
)
_COUNTED = "[个家人名位年天岁块元次万亿]"
_ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3}(?![0-9]))++|[0-9]++)(?:[.·][0-9]++)?+"
# 两 is a digit in front of a magnitude or alone, else the weight: 三千两百两 is 3200 两.
_CHINESE = f"(?:[一三]两(?={_COUNTED})|两[{_D}]*+|[{_D}]++)"
_TAIL = f"(?:两(?={_MAGNITUDE})|[{_D}]++)"
_FEW = f"[几数](?={_MAGNITUDE})"
_ODD = f"(?:[多余来几](?={_MAGNITUDE}))?+"
_HEAD = f"(?:{_ARABIC}|{_CHINESE}|{_FEW}|[廿卅卌][{_D}]?+|(?={_MAGNITUDE}))"
_GROUP = f" ?+(?:{_ODD}{_MAGNITUDE})++(?:[零〇]?+{_ARABIC}|{_TAIL}(?:几(?={_MAGNITUDE}))?+|几(?![乎何时]))?+"
_TENTHS = f"(?:点[{_D}]++(?![十百千]){_MAGNITUDE}*+)?+"
# Capitals that are words or names on their own begin a number only in front of more of it: 大陆, 队伍, 放肆, 收拾.
_SOBER = f"(?![陆伍拾肆])|(?![陆伍拾肆](?![{_D}拾佰仟万亿点元圆]))(?<![大内着登海队入放收])(?=[陆伍拾肆])|(?<=之)"
PATTERN = re.compile(f"(?:{_SOBER}){_HEAD}(?:{_GROUP})*+{_TENTHS}")
#: Every numeral has one of these at its start (几十 and 数百 at the second place); searching for them makes the scan fast.
STARTS = f"0-9{_D}两十拾百佰千仟万亿兆廿卅卌"
#: What may follow the first character inside a numeral or ratio.
HEADS = frozenset("0123456789几数点.分" + "".join(DIGITS) + "".join(MAGNITUDES) + "廿卅卌番倍")
#: The first characters of a numeral.
FIRSTS = frozenset("0123456789两几数廿卅卌" + _D + "".join(MAGNITUDES))
_START = re.compile(f"[{STARTS}]")
_TOKEN = re.compile(f"(?P<arabic>[0-9][0-9,]*(?:\\.[0-9]+)?)|(?P<digits>[{_D}两]+)|(?P<magnitude>[十拾百佰千仟万亿兆])|(?P<other>.)")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")


class Number(NamedTuple):
    """What a numeral says. `value` is exact; `low` and `high` (inclusive) stand instead of it where the numeral names a span of numbers
    (几十, 三四百). `over` tells 30多亿 from 30亿. `scale` are the magnitudes at its end, outermost last: 六千亿 has 1000 and 1e8;
    `top` is the largest magnitude anywhere in it. `bare` is true for magnitudes without a digit (千亿)."""

    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    over: bool = False
    scale: tuple[Decimal, ...] = ()
    top: Decimal = Decimal(1)
    bare: bool = False


class Numeral(NamedTuple):
    start: int
    end: int
    number: Number


def scan(folded: str, start: int = 0, end: int | None = None) -> Iterator[Numeral]:
    """All numerals of a folded text from left to right, longest match, never overlapping.

    >>> [(n.start, n.end, n.number.value) for n in scan("增至1.05万亿，三分之一")]
    [(2, 8, Decimal('1050000000000')), (9, 10, Decimal('3')), (12, 13, Decimal('1'))]
    """
    stop = len(folded) if end is None else end
    at = start
    while first := _START.search(folded, at, stop):
        begin = first.start()
        match = PATTERN.match(folded, begin - (begin > at and folded[begin - 1] in "几数"), stop)
        number = read(match.group()) if match else None
        if match and number is not None:
            yield Numeral(match.start(), match.end(), number)
        at = max(match.end() if match else 0, first.end())


@lru_cache(maxsize=1 << 14)
def read(surface: str) -> Number | None:
    """The number behind the characters of a numeral; None where they spell none, or more than 28 digits.

    >>> [str(read(s).value) for s in ("12,345.6万", "3万4000", "4兆2815亿", "三点五亿", "一千零五")]
    ['123456000', '34000', '4281500000000', '350000000', '1005']
    >>> [str(read(s).value) for s in ("九万四", "廿五", "二〇二〇", "壹佰贰拾", "一百零十万三千")]
    ['94000', '25', '2020', '120', '1103000']
    >>> [(str(n.low), str(n.high)) for n in map(read, ("几十", "数百万", "十几", "三四十", "八九亿"))]
    [('20', '99'), ('2000000', '9999999'), ('11', '19'), ('30', '40'), ('800000000', '900000000')]
    >>> read("30多亿").value, read("30多亿").over
    (Decimal('3000000000'), True)
    """
    if len(surface) > _MAX_RUN:
        return None
    if _PLAIN.fullmatch(surface):
        return Number(Decimal(surface)) if len(surface) <= MAX_DIGITS else None
    run = surface.replace(" ", "").replace("·", ".")
    for char, tens in _TENS.items():
        run = run.replace(char, tens)
    scale, top, bare = _shape(run)
    over = any(char in run for char in "多余来")
    run = run.translate({ord(char): None for char in "多余来"})
    if "几" in run or "数" in run:
        low, high = _few(run.replace("数", "几"))
        return None if low is None else Number(None, low, high, over, scale, top)
    pair = _pair(run)
    if pair is not None:
        return Number(None, *pair, over, scale, top)
    value = _value(run)
    return None if value is None else Number(value, None, None, over, scale, top, bare)


def _shape(run: str) -> tuple[tuple[Decimal, ...], Decimal, bool]:
    scale: list[Decimal] = []
    for char in reversed(run):
        if char in MAGNITUDES:
            scale.insert(0, MAGNITUDES[char])
        elif char not in "多余来几":
            break
    found = [MAGNITUDES[char] for char in run if char in MAGNITUDES]
    return tuple(scale), max(found, default=Decimal(1)), len(found) == len(run)


def _few(run: str) -> tuple[Decimal | None, Decimal | None]:
    """几 and 数 stand for a digit from two to nine, behind another digit from one to nine (十几 is 11 to 19)."""
    at = run.index("几")
    eight, nine = (_value(run[:at] + digit + run[at + 1 :]) for digit in "八九")
    if eight is None or nine is None:
        return None, None
    weight = nine - eight
    return eight - 7 * weight + (weight if at == 0 else 0), nine + weight - 1


def _pair(run: str) -> tuple[Decimal, Decimal] | None:
    """Two neighbouring digits in one place (三四十, 十七八, 两三, 三五): the lower and the upper number. None where there is none."""
    for at in range(len(run) - 1):
        first, second = DIGITS.get(run[at], 0), DIGITS.get(run[at + 1], 0)
        if not first or not second:
            continue
        alone = (at == 0 or run[at - 1] not in DIGITS) and (at + 2 == len(run) or run[at + 2] not in DIGITS)
        if alone and "点" not in run and (second - first == 1 or (first, second) == (3, 5)):
            low, high = _value(run[:at] + run[at] + run[at + 2 :]), _value(run[:at] + run[at + 1] + run[at + 2 :])
            if low is not None and high is not None:
                return low, high
        return None
    return None


def _value(run: str) -> Decimal | None:
    """One exact value, read from left to right; None where magnitudes and digits do not make a number."""
    whole, point, tenths = run.partition("点")
    settled = section = Decimal(0)  # `settled` is what 万 and up have multiplied, `section` what stands below 万 behind it
    pending: Decimal | None = None
    last = big = Decimal(0)
    zero = lone = False
    for match in _TOKEN.finditer(whole):
        kind, token = match.lastgroup, match.group()
        if kind == "other":
            return None
        if kind == "magnitude":
            size = MAGNITUDES[token]
            if size < _MYRIAD:
                section = _EXACT.add(section, _EXACT.multiply(Decimal(1) if pending is None else pending, size))
            else:
                section = _EXACT.add(section, pending or Decimal(0))
                if not section and pending is None and not big:
                    section = Decimal(1)
                if big and size < big:
                    settled = _EXACT.add(settled, _EXACT.multiply(section or Decimal(1), size))
                else:
                    settled = _EXACT.multiply(_EXACT.add(settled, section), size)
                section, big = Decimal(0), size
            pending, last, zero, lone = None, size, False, False
            continue
        if pending is not None:
            return None
        if kind == "digits":
            # A zero only marks the gap inside a number: 一千零五. Digits alone are read one by one: 二〇二〇.
            digits = "".join(str(DIGITS[char]) for char in token)
            zero, lone = zero or digits[0] == "0", len(token) == 1
            pending = None if digits == "0" else Decimal(digits)
        else:
            pending, lone = Decimal(token.replace(",", "")), len(token) == 1
    if pending is not None and last >= 100 and lone and not zero:
        pending = _EXACT.multiply(pending, last / 10)  # 四百五 is 450, 九万四 is 94000
    value = _EXACT.add(_EXACT.add(settled, section), pending or Decimal(0))
    if point:
        digits = "".join(str(DIGITS[char]) for char in tenths if char in DIGITS)
        value = _EXACT.add(value, Decimal(f"0.{digits}"))
        for char in tenths[len(digits) :]:
            value = _EXACT.multiply(value, MAGNITUDES[char])
    return trim(value) if value.adjusted() < MAX_DIGITS else None


def trim(value: Decimal) -> Decimal:
    """Without a decimal part that says nothing: 1.05万亿 is 1050000000000."""
    whole = value.to_integral_value()
    return whole if whole == value else value.normalize(_EXACT)
