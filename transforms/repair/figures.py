"""Amounts whose currency or magnitude the article itself contradicts: 1.05万亿元 here, 万亿美元 there.

An English reader adds "dollars" to a trillion, and the way back keeps them. The proof must be in the text: another sentence gives a figure
of the same size in yuan, and nothing else speaks of dollars.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from transforms.repair.candidates import Candidate

_SCALE = {"万亿": 1e12, "千亿": 1e11, "百亿": 1e10, "亿": 1e8}
#: An amount from its scale on; the number stands before it.
_DOLLARS = re.compile("(?:万亿|千亿|百亿|亿)(?=美元)")
_YUAN = re.compile("(?:万亿|千亿|百亿|亿)(?!美|港|欧|日)")
_NUMBER_BEFORE = re.compile(r"\d[\d,]*(?:\.\d+)?$")
_DOLLAR_WORDS = re.compile("美元|美金|USD|US\\$|纳斯达克|纽交所|美股")
#: Up to this ratio two amounts are the same figure, rounded differently; smaller amounts than the least meet by chance.
_SAME_SIZE = 1.25
_LEAST = 1e10


def candidates(text: str) -> list[Candidate]:
    """The contradicted amounts of a folded article."""
    dollars = [found for scale in _DOLLARS.finditer(text) if (found := _amount(text, scale))[0] >= _LEAST]
    if not dollars:
        return []
    yuan = sorted(_amount(text, scale)[0] for scale in _YUAN.finditer(text))
    # with dollars spoken of in other sentences too the amount may be genuine: then only a curator can tell
    confidence = 0.9 if len(_DOLLAR_WORDS.findall(text)) <= 1 else 0.6
    result = []
    for amount, start, end in dollars:
        nearest = bisect_right(yuan, amount / _SAME_SIZE)
        if nearest < len(yuan) and (witness := yuan[nearest]) < amount * _SAME_SIZE:
            plain = text[start:end] + ("元" if text[start].isdigit() else "")
            signal = f"{text[start:end]}美元 against {witness:g} yuan elsewhere"
            result.append(Candidate(start, end + len("美元"), plain, "currency", "figures.dollars", confidence, 0.8, None, signal))
    return result


def _amount(text: str, scale: re.Match[str]) -> tuple[float, int, int]:
    """The amount that a scale word ends, and where it stands; without a number it is one."""
    first = max(0, scale.start() - 16)
    number = _NUMBER_BEFORE.search(text, first, scale.start())
    value = float(number.group().replace(",", "")) if number else 1.0
    return value * _SCALE[scale.group()], number.start() if number else scale.start(), scale.end()
