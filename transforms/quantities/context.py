"""What the text around an amount says about it: that it counts nothing, is negative, or which unit it leaves out."""

from __future__ import annotations

import re

from transforms.numerals import Number
from transforms.quantities.amounts import DETERMINERS, Amount
from transforms.quantities.lexicon import Lexicon

SIGNS = "-－−负"
#: 负 is a verb behind these: 自负, 担负.
_BURDEN = frozenset("自担背承胜肩抱辜欠")
#: What is read with a number as a date, or ties it to a code.
CALENDAR = frozenset("年月日号时点世")
LINK = frozenset("./:_#-∶")

_CHANGE = re.compile(
    "(?:[上下]调|下跌|下降|下滑|增加|减少|增长|提高|提升|降低|[大小骤暴微]?[涨跌降升增减]|回落|缩减|扩大|收窄)了?[约近超]?$"
)


def is_change(folded: str, start: int) -> bool:
    """Whether a word of rise or fall stands right before an offset."""
    return _CHANGE.search(folded, max(0, start - 8), start) is not None


def is_article(folded: str, start: int, number: Number, dimension: str) -> bool:
    """Whether a 一 only accompanies its noun: 一家公司, 同一天."""
    if number.value != 1:
        return False
    return dimension == "count" or (dimension == "duration" and folded[start - 1 : start] in DETERMINERS)


def is_crowd(number: Number, dimension: str) -> bool:
    """Whether magnitudes without a digit or a qualifier only say that there are many: 百家, 千人."""
    return number.top > 10 and len(number.scale) < 2 and dimension != "rank"


def is_currency(code: str) -> bool:
    """Whether the unit that a noun tells is a currency of ISO 4217: 花了20块."""
    return len(code) == 3 and code.isupper()


def is_negative(folded: str, start: int) -> bool:
    """Whether a sign stands right before an offset: -5%, 负3亿元; not the dash of A-5, and not 自负5万元."""
    if not start or folded[start - 1] not in SIGNS:
        return False
    before = folded[start - 2] if start > 1 else ""
    if folded[start - 1] == "负":
        return before not in _BURDEN
    return not (before.isascii() and (before.isalnum() or before == "%"))


def bare_unit(folded: str, words: Lexicon, amount: Amount, *, qualified: bool) -> str | None:
    """The unit of a number that has none behind it; "" where it counts something unsaid, None where it is no quantity."""
    nouns, number = words.nouns, amount.number
    start, end = amount.start, amount.end
    char = folded[end : end + 1]
    if char in CALENDAR or nouns is None:
        return None
    if number.top >= 10_000:
        if number.bare and not qualified and len(number.scale) < 2:
            return None
        code = nouns.code(folded, start, end, 6, same_clause=True)
        return code if code is not None or (number.bare and not qualified) else ""
    if not folded[start].isascii() or number.value is None:
        return None
    if char and (char in LINK or char in "～~—" or (char.isascii() and char.isalnum())):
        return None
    behind = nouns.behind(folded, end, 3)
    if behind is not None:
        return behind
    if qualified or "." in folded[start:end] or folded[start - 1 : start] in ("为", "至", "报", "到"):
        return nouns.code(folded, start, end, 0, same_clause=True) or ""
    return None
