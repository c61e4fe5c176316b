"""What the extractors find, in the form that public test collections of numbers and dates expect.

The collections want things that the tables do not: every bare numeral (kind `number`), also inside a date, the article 一,
and comparisons as open ranges (大于二十). All of that is made here, on top of `transforms.numerals`, and is no part of the
product. Blanks inside an expression are taken out before reading and put back into the offsets.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests import time_predictor
from transforms import numerals
from transforms.article import Quantity
from transforms.quantities import extract
from transforms.script import fold

Row = dict[str, Any]
_PERCENT = {"percent": 1.0, "percentage_point": 1.0, "permille": 0.1, "basis_point": 0.01}
_CURRENCY = re.compile("[A-Z]{3}")
_BLANK = re.compile(r"(?<=[^\x00-\x7f，；])[ \u3000]+|[ \u3000]+(?=[^\x00-\x7f])|(?<=<) (?==)")
_WIDE_COMMA = re.compile("(?<=[０-９])，(?=[０-９])")
_NUMERAL = r"[-负]?[0-9零〇一二两三四五六七八九十百千万亿兆壹贰叁肆伍陆柒捌玖拾佰仟点.,几多余又分之/]+"
_LOW = r"大于或者?等于|大于等于|不小于|不低于|不少于|大于|超过了?|高于|多于|至少有?是?|最少有?|过"
_HIGH = r"小于或者?等于|小于等于|不大于|不超过|不高于|小于|低于|少于|最多有?|至多|<="
_OPEN = re.compile(f"(?:(?P<low>{_LOW})|(?P<high>{_HIGH})|(?P<same>等于))(?P<number>(?:百分之)?{_NUMERAL})")
_THAN = re.compile(f"比(?P<number>{_NUMERAL})(?P<side>[大高多小低少])")
_BEHIND = re.compile(f"(?P<number>{_NUMERAL})[次个]?(?P<side>以上|或者?更多|以下|或者?更少)")
_BETWEEN = re.compile(f"(?:位于|介于|在)(?P<number>{_NUMERAL})[和到与](?P<other>{_NUMERAL})之间")
_JOIN = re.compile("(?:的同时|并且?|同时|，|,)?")
_FRACTION = re.compile("分之|/")
_MIXED = re.compile("又| ")
_POWER = re.compile(r"(\^|e)\+?(-?[0-9]+)")
_DIGITS = frozenset("0123456789")


def squeeze(text: str) -> tuple[str, list[int]]:
    """The text without the blanks next to Chinese characters, and where each of its characters stood."""
    kept: list[int] = []
    at = 0
    for blank in _BLANK.finditer(fold(text)):
        kept.extend(range(at, blank.start()))
        at = blank.end()
    kept.extend(range(at, len(text)))
    return "".join(text[i] for i in kept), kept


def predict(text: str, reference: str | None) -> list[Row]:
    tight, kept = squeeze(text)
    tight = _WIDE_COMMA.sub(",", tight)
    dated = time_predictor.rows(text, reference)
    found = extract(tight, blocked=[(bisect_left(kept, row["start"]), bisect_left(kept, row["end"])) for row in dated])
    rows = [row | {"qualifier": quantity.qualifier} for quantity in found for row in _quantity_rows(quantity, tight)]
    rows += _numbers(tight)
    rows += _comparisons(fold(tight))
    rows = [row for row in rows if row["end"] > row["start"]]
    for row in rows:
        row["start"], row["end"] = kept[row["start"]], kept[row["end"] - 1] + 1
    return rows + dated


def _row(kind: str, start: int, end: int, value: Any = None, low: Any = None, high: Any = None, unit: str | None = None) -> Row:
    numbers = {name: float(v) for name, v in (("value", value), ("low", low), ("high", high)) if v is not None}
    return {"kind": kind, "start": start, "end": end, "unit": unit} | numbers


def _quantity_rows(quantity: Quantity, text: str) -> Iterator[Row]:
    start, end, unit = quantity.start, quantity.end, quantity.unit or ""
    value, low, high = quantity.value, quantity.low, quantity.high
    if _CURRENCY.fullmatch(unit):
        head = re.search(r"(?:人民币|港币|新台币|美元|日元|欧元)\s*$", text[:start])
        tail = re.match("[整正]|人民币", text[end:])
        if start == quantity.start and head and head.end() != start:
            head = None
        yield _row("money", head.start() if head else start, end + (tail.end() if tail else 0), value, low, high, unit)
    elif quantity.unit is None:
        yield _row("money", start, end, value, low, high)
    elif unit in _PERCENT:
        size = Decimal(str(_PERCENT[unit]))
        scaled = (None if v is None else v * size for v in (value, low, high))
        signed = start - 1 if start and text[start - 1] in "负負" else start
        yield _row("percent", signed, end, *scaled, unit="percent")
    elif quantity.kind == "rank":
        if text[start] == "第":
            numeral = next(numerals.scan(fold(text), start + 1), None)
            yield _row("ordinal", start, numeral.end if numeral else end, value)
    elif quantity.kind == "duration" or unit in ("second", "minute", "hour", "day", "week", "month", "quarter", "year"):
        if unit == "quarter":
            value, low, high, unit = *(None if v is None else v * 3 for v in (value, low, high)), "month"
        yield _row("duration", start, end, value, low, high, unit)
    elif unit == "year_old":
        yield _row("age", start, end, value, low, high, "Year")
    elif unit in ("celsius", "fahrenheit"):
        yield _row("temperature", start, end, value, low, high, unit)
    elif quantity.kind == "measure":
        yield _row("dimension", start, end, value, low, high, unit)
    if low is not None and not _CURRENCY.fullmatch(unit):
        stop = end - len(quantity.unit_surface or "") if text[:end].endswith(quantity.unit_surface or "\n") else end
        yield _row("range", start, stop, None, low, high)


def _numbers(text: str) -> Iterator[Row]:
    """Every numeral, with its sign, fraction, power and dozen."""
    folded = fold(text)
    at = 0
    while numeral := next(numerals.scan(folded, at), None):
        start, end, number = numeral
        at = end
        value = number.value
        if value is None:
            base = numerals.read(folded[start:end].replace("零几", "").replace("几", ""))
            value = base.value if base and base.value else number.low
        if value is None or (number.bare and value in (100, 1000, 10_000, 10**8) and not folded.startswith("分之", end)):
            continue
        if folded[start - 1 : start] == "." and folded[start - 2 : start - 1] not in _DIGITS and start:
            start, value = start - 1, Decimal(f"0.{folded[start:end]}")
        ratio = _fraction(folded, start, end)
        joint = _MIXED.match(folded, end)
        mixed = next(numerals.scan(folded, joint.end()), None) if joint and not ratio else None
        rest = _fraction(folded, mixed.start, mixed.end) if joint and mixed and mixed.start == joint.end() else None
        power = _POWER.match(folded, end)
        if ratio:
            if number.bare and folded.startswith("分之", end):
                start = end + 2
                ratio = next((n.number.value, n.end) for n in numerals.scan(folded, start))
            value, at = ratio
        elif rest:
            value, at = value + rest[0], rest[1]
        elif power:
            value = value * Decimal(10) ** int(power[2]) if power[1] == "e" else Decimal(float(value) ** int(power[2]))
            at = power.end()
        elif folded.startswith("打", end):
            value, at = value * 12, end + 1
        if start and folded[start - 1] in "负-" and (start == 1 or folded[start - 2] not in _DIGITS):
            start = start - 1
            value = -value if not (power and power[1] == "^" and int(power[2]) % 2 == 0) else value
        if not _is_word(folded, start, at):
            yield _row("number", start, at, value)


def _fraction(folded: str, start: int, end: int) -> tuple[Decimal, int] | None:
    """The value and end of the fraction that a numeral begins: 三分之一, 3/2."""
    sign = _FRACTION.match(folded, end)
    number = numerals.read(folded[start:end])
    below = next(numerals.scan(folded, sign.end()), None) if sign else None
    if sign is None or below is None or number is None or not number.value or not below.number.value:
        return None
    between = folded[sign.end() : below.start]
    if between not in ("", "负"):
        return None
    first, second = number.value, below.number.value * (-1 if between else 1)
    return (second / first if sign.group() == "分之" else first / second), below.end


def _is_word(folded: str, start: int, end: int) -> bool:
    """Whether a lone 一 or 两 is no numeral to the collections: 一看, 两美元; or a capital stands in a word."""
    surface = folded[start:end]
    if surface in ("一", "两"):
        return bool(re.match("看|直|些|样|起|般|定|切|下|美|时|旦|边|共|样", folded[end:]))
    return (
        surface in ("陆", "伍", "拾", "肆") or (surface == "四" and folded.startswith("川", end)) or folded[start : start + 2] in ("五台",)
    )


def _amount(text: str) -> float | None:
    rows = list(_numbers(text))
    return rows[0]["value"] if rows else None


def _comparisons(folded: str) -> list[Row]:
    """Numbers with a comparison as ranges with an open side; a lower and an upper one next to each other are one range."""
    rows: list[Row] = []
    for numeral in numerals.scan(folded):
        if numeral.number.over and numeral.number.value is not None:
            rows.append(_row("range", numeral.start, numeral.end, None, numeral.number.value))
    for match in _BETWEEN.finditer(folded):
        rows.append(_row("range", match.start(), match.end(), None, _amount(match["number"]), _amount(match["other"])))
    singles: list[tuple[int, int, float | None, float | None]] = []
    for match in _OPEN.finditer(folded):
        value = _amount(match["number"])
        singles.append((match.start(), match.end(), None if match["high"] else value, None if match["low"] else value))
    for match in _THAN.finditer(folded):
        value = _amount(match["number"])
        larger = match["side"] in "大高多"
        singles.append((match.start(), match.end(), value if larger else None, None if larger else value))
    for match in _BEHIND.finditer(folded):
        value, larger = _amount(match["number"]), match["side"] in ("以上", "或更多", "或者更多")
        singles.append((match.start(), match.end(), value if larger else None, None if larger else value))
    singles.sort()
    while singles:
        start, end, low, high = singles.pop(0)
        if singles:
            joint = _JOIN.match(folded, end)
            after = singles[0]
            both = (after[2] if low is None else low, after[3] if high is None else high)
            if joint and joint.end() == after[0] and None not in both and both[0] < both[1]:  # type: ignore[operator]
                singles.pop(0)
                end, (low, high) = after[1], both
        rows.append(_row("range", start, end, None, low, high))
    return rows
