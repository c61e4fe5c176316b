"""Amounts whose currency the article itself contradicts: 1.05万亿元 here, 万亿美元 there.

An English reader adds "dollars" to an amount, and the way back keeps them. The proof must be in the text, and be one of these:
- another place gives the same figure in yuan, to three digits, or about the same thing (每平方米2.1元);
- another place gives a huge figure of the same size in yuan, and nothing else speaks of dollars;
- it stands in a list of amounts in yuan (2.4元、2.1元和2.2美元);
- the same breath gives revenue in one currency and profit in the other (收入290亿美元,净利润22亿元);
- it is the total of parts in yuan, or what a figure in yuan grows or falls to by the percentage beside it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import NamedTuple

from transforms.repair.candidates import Candidate

_SCALE = {"": 1.0, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8, "百亿": 1e10, "千亿": 1e11, "万亿": 1e12}
_SCALES = "|".join(sorted(filter(None, _SCALE), key=len, reverse=True))
_NUMBER = r"\d[\d,]*+(?:\.\d++)?+"
_CURRENCY = "(?P<currency>美元|元|(?=[^美港欧日澳加英台韩\\d]))"
_AMOUNT = re.compile(f"(?:(?P<number>{_NUMBER})(?P<scale>{_SCALES})?+|(?P<bare>{_SCALES})){_CURRENCY}")
_DOLLAR_WORDS = re.compile("美元|美金|USD|US\\$|纳斯达克|纽交所|美股")
_PERCENT = re.compile(r"(\d+(?:\.\d+)?)%")
_DOWN = re.compile(r"(?:下降|减少|下滑|降低|缩水)[^，。；\d]{0,4}$")
_SENTENCE_END = re.compile("[。！？!?；;\n]")
_CLAUSE_MARK = re.compile("[，,：:。！？!?；;\n]")
_PARTS = re.compile("其中|分别|包括")
_REVENUE, _PROFIT = "营业收入|总收入|收入|营收", "净利润|利润|净利|净亏损|亏损"
_QUALIFIER = "(?:归母|归属于母公司的?|非GAAP|调整后的?|经调整的?|经营|运营|营业|扣非|总|年度|全年|同期)*+"
_VERB = "(?:是|为|达到?|超过|突破|约为?|只有|仅为?|高达|增长到|上升到|下降到)?"
#: How revenue leads to an amount, and right behind it how profit leads to the next; or the other way round.
_REPORTED = [
    (re.compile(f"(?:{first}){_VERB}$"), re.compile(f"[,，、]?(?:而|和|同时)?{_QUALIFIER}(?:{second}){_VERB}"))
    for first, second in ((_REVENUE, _PROFIT), (_PROFIT, _REVENUE))
]
_JOINT = re.compile("[、,，]?(?:和|与|及|以及)?")
#: What a figure measures proves nothing: many firms have 收入.
_METRICS = re.compile("收入|营收|利润|亏损|销售|成交|交易|规模|总额|金额|市场|公司|同比|增长|达到|超过|突破|季度|上半年|全年|去年|今年")
#: Up to this ratio two huge amounts are the same figure, rounded differently; smaller ones than the least meet by chance.
_SAME_SIZE = 1.25
_LEAST = 1e10
#: Digits from which two equal figures are no chance.
_DIGITS = 3
#: Relative difference of a computed figure from the one in the text, which is rounded to three digits or so.
_TOLERANCE = 0.005


class _Amount(NamedTuple):
    """An amount in yuan or dollars; `end` is that of the number with its scale, before the currency."""

    start: int
    end: int
    number: str
    value: float
    currency: str


def candidates(text: str) -> list[Candidate]:
    """The contradicted amounts of a folded article."""
    if "美元" not in text:
        return []
    amounts = list(_amounts(text))
    yuan = [a for a in amounts if a.currency == "元"]
    sizes = sorted(a.value for a in amounts if a.currency != "美元" and a.value >= _LEAST / _SAME_SIZE)
    sentences = [0, *(m.end() for m in _SENTENCE_END.finditer(text)), len(text)]
    # with dollars spoken of in other sentences too the amount may be genuine: then only a curator can tell
    alone = len(_DOLLAR_WORDS.findall(text)) <= 1
    result = []
    for at, a in enumerate(amounts):
        if a.currency != "美元":
            continue
        start, end = sentences[(i := bisect_right(sentences, a.start)) - 1], sentences[min(i, len(sentences) - 1)]
        beside = [y for y in yuan if start <= y.start < end]
        proofs = (
            _same_figure(text, a, yuan),
            _in_list(text, amounts, at),
            _in_one_report(text, amounts, at),
            _computed(text[start:end], a, beside, text.find("其中", a.end, end)),
            _same_size(a, sizes, alone=alone),
        )
        if found := [proof for proof in proofs if proof]:
            confidence, why = max(found, key=lambda proof: proof[0])
            plain = text[a.start : a.end] + ("元" if a.number else "")
            signal = f"{text[a.start : a.end]}美元 against {why}"
            result.append(Candidate(a.start, a.end + len("美元"), plain, "currency", "figures.dollars", confidence, 0.8, None, signal))
    return result


def _amounts(text: str) -> Iterator[_Amount]:
    for m in _AMOUNT.finditer(text):
        number, scale = m["number"] or "", m["scale"] or m["bare"] or ""
        if m["currency"] or scale:
            value = float(number.replace(",", "") or 1) * _SCALE[scale]
            yield _Amount(m.start(), m.end() - len(m["currency"]), number, value, m["currency"])


_Proof = tuple[float, str]


def _same_figure(text: str, a: _Amount, yuan: Sequence[_Amount]) -> _Proof | None:
    """Certain with enough digits, or about the same thing; else only worth a look."""
    if not a.number:
        return None
    digits = len(a.number.replace(",", "").replace(".", "").strip("0"))
    half = a.value / float(a.number.replace(",", "")) * 0.5 / 10 ** len(a.number.partition(".")[2])
    # 1892.5亿 and 1892.46亿 are one figure, rounded
    same = [y for y in yuan if y.value == a.value or (digits > _DIGITS and abs(y.value - a.value) <= half)]
    if not same:
        return None
    shared = next((word for y in same if (word := _about_the_same(text, a, y))), None)
    if digits >= _DIGITS or shared:
        return 0.9, f"{text[a.start : a.end]}元 elsewhere" + (f" about {shared}" if shared else "")
    return 0.6, f"{text[a.start : a.end]}元 elsewhere"


def _about_the_same(text: str, a: _Amount, y: _Amount) -> str | None:
    """Two characters that stand in the clauses of both amounts and tell more than what is measured."""
    one, other = (_METRICS.sub("\0", _clause(text, amount)) for amount in (a, y))
    pairs = (first + second for first, second in pairwise(one))
    return next((pair for pair in pairs if pair in other and all("一" <= char <= "鿿" for char in pair)), None)


def _clause(text: str, a: _Amount) -> str:
    """The words around an amount, without itself."""
    start = max((m.end() for m in _CLAUSE_MARK.finditer(text, max(0, a.start - 20), a.start)), default=max(0, a.start - 20))
    behind = _CLAUSE_MARK.search(text, a.end + 2, a.end + 12)
    return text[start : a.start] + "\0" + text[a.end + 2 : behind.start() if behind else a.end + 12].lstrip("元")


def _in_list(text: str, amounts: Sequence[_Amount], at: int) -> _Proof | None:
    """Two neighbours in a list, both in yuan."""
    listed = [amounts[at]]
    for step in (-1, 1):
        i = at + step
        while 0 <= i < len(amounts):
            left, right = sorted((listed[-1] if step > 0 else listed[0], amounts[i]))
            if not _JOINT.fullmatch(text, left.end + len(left.currency), right.start) or left.end + len(left.currency) == right.start:
                break
            listed.insert(len(listed) if step > 0 else 0, amounts[i])
            i += step
    others = [b for b in listed if b is not amounts[at]]
    if len(others) > 1 and all(b.currency == "元" for b in others):
        return 0.9, "a list in yuan"
    return None


def _in_one_report(text: str, amounts: Sequence[_Amount], at: int) -> _Proof | None:
    """Revenue and profit of one company: nobody reports them in two currencies."""
    for one, other in pairwise(amounts[max(0, at - 1) : at + 2]):
        if {one.currency, other.currency} == {"元", "美元"}:
            before, between = text[max(0, one.start - 16) : one.start], text[one.end + len(one.currency) : other.start]
            if any(first.search(before) and second.fullmatch(between) for first, second in _REPORTED):
                return 0.9, "revenue and profit in one report"
    return None


def _computed(sentence: str, a: _Amount, beside: Sequence[_Amount], parts_at: int) -> _Proof | None:
    """The total of its parts, or the far end of a growth."""
    parts = [y for y in beside if 0 <= parts_at < y.start]
    if len(parts) > 1 and _close(sum(y.value for y in parts), a.value):
        return 0.9, "the sum of its parts in yuan"
    for m in _PERCENT.finditer(sentence):
        rate = float(m[1]) / 100 * (-1 if _DOWN.search(sentence, max(0, m.start() - 8), m.start()) else 1)
        # a rate near zero says nothing: the two ends are about equal, and so may amounts in two currencies be
        ends = ((y.value, a.value) for y in beside), ((a.value, y.value) for y in beside)
        if abs(rate) >= 5 * _TOLERANCE and any(_close(one * (1 + rate), other) for one, other in chain(*ends)):
            return 0.9, f"{m[1]}% of an amount in yuan"
    return None


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= _TOLERANCE * max(one, other)


def _same_size(a: _Amount, sizes: Sequence[float], *, alone: bool) -> _Proof | None:
    """A huge figure rounded differently."""
    nearest = bisect_right(sizes, a.value / _SAME_SIZE)
    if a.value >= _LEAST and nearest < len(sizes) and sizes[nearest] < a.value * _SAME_SIZE:
        return 0.9 if alone else 0.6, f"{sizes[nearest]:g} yuan elsewhere"
    return None
