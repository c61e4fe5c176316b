"""Amounts whose currency or magnitude the article itself contradicts: 1.05万亿元 here, 万亿美元 there.

An English reader adds "dollars" to a trillion, and the way back keeps them. The proof must be in the text: another sentence gives a figure
of the same size in yuan, and nothing else speaks of dollars.
"""

from __future__ import annotations

import re

from transforms.repair.candidates import Candidate

_SCALE = {"万亿": 1e12, "千亿": 1e11, "百亿": 1e10, "亿": 1e8, "万": 1e4, "兆": 1e12}
_DOLLARS = re.compile(r"(?P<number>\d[\d,]*(?:\.\d+)?)?(?P<scale>万亿|千亿|百亿|亿)(?P<unit>美元)")
_YUAN = re.compile(r"(?P<number>\d[\d,]*(?:\.\d+)?)?(?P<scale>万亿|千亿|百亿|亿)(?:元|人民币)?(?!美|港|欧|日)")
_DOLLAR_WORDS = re.compile("美元|美金|USD|US\\$|纳斯达克|纽交所|美股")
_SAME_SIZE = 2.0


def _amount(match: re.Match[str]) -> float:
    return float((match["number"] or "1").replace(",", "")) * _SCALE[match["scale"]]


def candidates(text: str, article: str) -> list[Candidate]:
    """The contradicted amounts of one paragraph, folded; `article` is the folded text of the whole article."""
    if "美元" not in text:
        return []
    yuan = [_amount(m) for m in _YUAN.finditer(article)]
    found = []
    for match in _DOLLARS.finditer(text):
        amount = _amount(match)
        witness = next((y for y in yuan if amount / _SAME_SIZE < y < amount * _SAME_SIZE), None)
        if witness is None or amount < 1e10:
            continue
        # with dollars spoken of in other sentences too the amount may be genuine: then only a curator can tell
        dollars = len(_DOLLAR_WORDS.findall(article))
        confidence = 0.9 if dollars <= 1 else 0.6
        start, end = match.span()
        plain = text[match.start() : match.start("unit")] + ("元" if match["number"] else "")
        signal = f"{match.group()} against {witness:g} yuan elsewhere"
        found.append(Candidate(start, end, plain, "currency", "figures.dollars", confidence, 0.8, None, signal))
    return found
