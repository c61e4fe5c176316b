"""From numerals to quantities, in one pass over the folded text.

The scan stops only at characters that a numeral can begin with. There, in this order: a name or idiom that holds the numeral
(三只松鼠, 十分) is stepped over; a rank or ordinal (第三, 前50名, TOP10) or a fraction (三分之一, 百分之五) is taken; else the
number is read together with the unit behind it, then joined to what belongs to it: the other end of a range, the rest of a
compound amount (3元2角, 8天20小时), or of a list that shares its unit (3.2、4.5和5.6亿元). The scan goes on behind what was taken,
so quantities never overlap and the longest reading wins.

Decisions where readers differ:
- 30多亿 and 500余家 have the number as value and the qualifier `over`; 几十, 数百万, 十几 and 三四十 name no number, so they
  have `low` and `high`.
- 一 before a counter is an article (一家公司) and no quantity; before money, a measure or a duration it is a number; 一半 is 50 percent.
- 打八折 is 80 percent, 三成 30 percent; 翻一番 is the multiple 2; 三分之一 and 1/3 are the multiple 1/3, exact to 28 digits.
- A compound has the smallest of its units: 8天20小时 is 212 hours; 两个半小时 is 2.5 hours.
- A minus sign or 负 is part of the quantity; a fall (下降3%) is positive.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from string import ascii_letters
from typing import Any

from transforms import reference as reference_data
from transforms.article import Qualifier, Quantity, QuantityKind, maker
from transforms.numerals import PATTERN, STARTS, Number, read, trim
from transforms.quantities.amounts import HALF, OPENS_REST, Amount, amount_at, compound, numeral_at, scaled, share
from transforms.quantities.context import CALENDAR, LINK, SIGNS, bare_unit, is_article, is_change, is_crowd, is_currency, is_negative
from transforms.quantities.lexicon import Lexicon, Region, lexicon
from transforms.reference import Reference
from transforms.script import fold

_WIDE_COMMA = re.compile("，(?<=[０-９]，)(?=[０-９]{3}(?![０-９]))")
_ADDRESS = re.compile(r"(?:[a-z]+://|www\.)[!-~]+")
_TO = re.compile(f" ?(?:[(（]含[)）])?(?:至|到|-{{1,2}}|[~～—–－−]{{1,2}}) ?(?=[{SIGNS}+]?[{STARTS}$¥￥])")
#: 15元/公斤至15.8元/公斤
_PER = re.compile("/(?:[\u4e00-\u9fff]{1,3}?|[A-Za-z]{1,3})(?=[至到~～—–－−-])")
_OPENS_TO = frozenset(" (（至到-~～—–－−")
_OPENS_MORE = _OPENS_TO | OPENS_REST | {"/"}
_AND = re.compile(r" ?(?:、|/|和|与|及|或|以及) ?(?=[0-9])")
_LATIN = re.compile(r"[A-Za-z]+")
_RANK_BEFORE = re.compile(r"(?:[Tt][Oo][Pp][ -]?|[Nn][Oo]\. ?)$")
_RANK_VERB = re.compile(r"(?:名|居|列|排|全球|全国|世界|行业|国内|位|数|为|是|省|市|业内|亚洲|均)$")
#: A part of a whole, and not a day: 占1/3, 2/3的用户.
_RATIO = re.compile("(?<![0-9A-Za-z/.-])([1-9])/([2-9]|10)(?:(?=的|以上|以下|左右)|(?<=[约占近超逾达过有]./.)(?![0-9/月日]))")
_DOUBLE = re.compile(r"翻(?:[了近超约过]|将近|接近)*([一两三四])?([番倍])")
#: A numeral right behind these may be a rank or part of a name: 第三, 前十, TOP10, C919.
_TELLING = frozenset("第前./:_#-" + ascii_letters)
#: 前 is part of another word behind these: 目前, 此前, 年前.
_NOT_FIRST = frozenset("目此以之年月天日周早先提当从生空跟")
_BOUNDARY = frozenset("。；;！!？?\n")
_ENDS = _BOUNDARY | frozenset("，、,:：（）()《》”\"' 的了和与及或并而\0")
_MAX_LIST = 12
_make_quantity = maker(Quantity)


def extract(
    text: str,
    reference: Reference | None = None,
    *,
    region: Region = "cn",
    blocked: Sequence[tuple[int, int]] = (),
) -> list[Quantity]:
    """All quantities of a text, in order, never overlapping; offsets point into `text`.

    `region` says which currency a plain 元 is; `blocked` are spans (of times, of names) that no quantity may touch.

    >>> q = extract("营收达1.05万亿元，同比增长约15.7%")
    >>> [(x.surface, str(x.value), x.unit, x.qualifier) for x in q]
    [('1.05万亿元', '1050000000000', 'CNY', 'reach'), ('15.7%', '15.7', 'percent', 'about')]
    >>> [(x.surface, str(x.low), str(x.high), x.unit) for x in extract("六千到八千亿元；涨价4300元至5900元；团队有几十人")]
    [('六千到八千亿元', '600000000000', '800000000000', 'CNY'), ('4300元至5900元', '4300', '5900', 'CNY'), ('几十人', '20', '99', 'person')]
    >>> extract("36氪报道，2020年5月，三只松鼠推出一款5G手机")
    []
    """
    folded = fold(_WIDE_COMMA.sub(",", text))
    addresses = [match.span() for match in _ADDRESS.finditer(folded)] if "://" in folded or "www." in folded else []
    if blocked or addresses:
        folded = _masked(folded, [*blocked, *addresses])
    return _Scan(folded, text, lexicon(reference or reference_data.load(), region)).run()


def _masked(folded: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with every span covered, so that nothing is found in it or across it."""
    pieces: list[str] = []
    at = 0
    for start, end in sorted(spans):
        start, end = max(start, at), min(end, len(folded))
        if end > start:
            pieces += (folded[at:start], "\0" * (end - start))
            at = end
    pieces.append(folded[at:])
    return "".join(pieces)


class _Scan:
    """One pass over one text. A method named after a construct reads it at an offset and returns where the scan goes on."""

    __slots__ = ("counted", "folded", "found", "text", "words")

    def __init__(self, folded: str, text: str, words: Lexicon) -> None:
        self.folded, self.text, self.words = folded, text, words
        self.counted: dict[str, str] = {}  # what a counter of two meanings has counted so far: 票
        self.found: list[tuple[Any, ...]] = []  # the fields of quantities, made all at once: that is faster

    def run(self) -> list[Quantity]:
        folded, search, take = self.folded, self.words.start.search, self.take
        at = 0
        while match := search(folded, at):
            start, end = match.span()
            if folded[start] in "十百千万亿" and start > at and folded[start - 1] in "几数":
                start -= 1
            at = max(take(start), end)
        return [_make_quantity(*fields) for fields in self.found]

    def take(self, start: int) -> int:
        folded, words = self.folded, self.words
        if folded[start : start + 2] in words.name_pairs or folded[start - 1 : start + 1] in words.name_pairs:
            name_end = words.name_end(folded, start)
            if name_end is not None and not folded.startswith("分之", name_end - 1):
                return name_end
        char = folded[start]
        if char == "半":
            return self.half(start)
        if char == "翻":
            return self.doubling(start)
        match = PATTERN.match(folded, start)
        if match is None:
            return start + 1
        end = match.end()
        number = read(match.group())
        if number is None:
            return end
        before = folded[start - 1 : start]
        if before in _TELLING:
            if before == "第":
                return self.ordinal(start, end, number)
            if before == "前":
                if folded[start - 2 : start - 1] not in _NOT_FIRST:
                    return self.leading(start, end, number)
            elif ranked := _RANK_BEFORE.search(folded, max(0, start - 5), start):
                self.emit(ranked.start(), end, "rank", number, "rank")
                return end
            elif self.is_glued(start, before):
                return self.glued_end(end)
        behind = folded[end : end + 1]
        if behind == "分" and folded.startswith("之", end + 1):
            return self.fraction(start, end, number)
        if behind == "/" and (ratio := _RATIO.match(folded, start)) and int(ratio[1]) < int(ratio[2]):
            self.emit(start, ratio.end(), "multiple", Number(Decimal(ratio[1]) / int(ratio[2])), "multiple", folded[end : ratio.end()])
            return ratio.end()
        amount = amount_at(folded, words, start, end, number)
        return self.glued_end(end) if amount is None else self.quantity(amount)

    def is_glued(self, start: int, before: str) -> bool:
        """Whether the letter or mark before a numeral makes it part of a name or code: C919, COVID-19, 1:3."""
        if before == "-":
            return start > 1 and self.folded[start - 2].isascii() and self.folded[start - 2].isalnum()
        return before in LINK or self.words.prefix(self.folded, start) is None

    def glued_end(self, end: int) -> int:
        """Behind the letters that are glued to a numeral which counts nothing: 5G, 4S店."""
        latin = _LATIN.match(self.folded, end)
        return latin.end() if latin else end

    def half(self, start: int) -> int:
        """半年, 半小时, 半成; 半个月 is read by its own unit."""
        folded = self.folded
        if folded[start - 1 : start] in tuple("上下前后大小过多一对参各夜"):
            return start + 1
        counter = self.words.counter(folded, start + 1)
        if counter is None or counter.unit.dimension not in ("duration", "percent", "measure") or counter.unit.needs not in ("", "tenth"):
            return start + 1
        return self.quantity(Amount(start, start + 1, start + 1 + len(counter.surface), Number(HALF), counter))

    def doubling(self, start: int) -> int:
        """翻一番, 翻倍 and 翻了一倍 are twice, 翻两番 is four times; 翻了3倍 is left to the number in it."""
        match = _DOUBLE.match(self.folded, start)
        if match is None or (match[1] and match[1] != "一" and match[2] == "倍"):
            return start + 1
        doublings = "一两三四".index(match[1]) + 1 if match[1] else 1
        self.emit(start, match.end(), "multiple", Number(Decimal(2) ** doublings), "multiple", match.group())
        return match.end()

    def fraction(self, start: int, end: int, number: Number) -> int:
        """百分之五, 千分之三, 三分之一: of 百 and 万 in percent, of 千 in permille, of anything else a multiple."""
        folded, at = self.folded, end + 2
        negative = folded.startswith("负", at)
        part = numeral_at(folded, at + negative)
        if part is None or not number.value:
            return at
        size = Decimal(-1 if negative else 1)
        if not number.bare or number.value == 10:
            if part[0].value is not None:
                self.emit(start, part[1], "multiple", Number(size * part[0].value / number.value), "multiple", folded[end:at])
            return part[1]
        unit = "permille" if number.value == 1000 else "percent"
        if unit == "percent":
            size = size * 100 / number.value
        low, stop = scaled(part[0], size), part[1]
        to = _TO.match(folded, stop)
        if to and folded.startswith(folded[start:at], to.end()):
            other = numeral_at(folded, to.end() + at - start)
            if other and low.value is not None and other[0].value is not None and other[0].value * size > low.value:
                self.emit(start, other[1], "range", Number(None, low.value, other[0].value * size), unit, folded[start:at])
                return other[1]
        self.emit(start, stop, "percent", low, unit, folded[start:at])
        return stop

    def ordinal(self, start: int, end: int, number: Number) -> int:
        """第三, 第一家, 第二大; not 第三季度, 第二天, or the 第二， that opens a sentence."""
        folded = self.folded
        counter = self.words.counter(folded, end)
        if counter is not None:
            stop = end + len(counter.surface)
            if counter.unit.dimension in ("count", "rank") and number.value is not None:
                self.emit(start - 1, stop, "rank", number, "rank")
            return stop
        char, before = folded[end : end + 1], folded[start - 2 : start - 1]
        opens = (not before or before in _BOUNDARY) and char in ("，", "、", "：", ",", ":")
        ranked = not char or char in _ENDS or _RANK_VERB.search(folded, max(0, start - 3), start - 1)
        if number.value is not None and ranked and not opens and char not in ("季", "年", "月", "日", "财"):
            self.emit(start - 1, end, "rank", number, "rank")
        return end

    def leading(self, start: int, end: int, number: Number) -> int:
        """前1000名, 前十, 前五大; not 前三季度 or 前10个月."""
        folded = self.folded
        counter = self.words.counter(folded, end)
        if number.value is None:
            return end
        if counter is None:
            char = folded[end : end + 1]
            if not char or char in _ENDS or char in "甲中里":
                self.emit(start - 1, end, "rank", number, "rank")
            return end
        stop = end + len(counter.surface)
        if counter.unit.dimension in ("count", "rank"):
            self.emit(start - 1, stop, "rank", number, "rank")
        elif counter.unit.dimension != "duration":
            return self.quantity(Amount(start, end, stop, number, counter))
        return stop

    def quantity(self, first: Amount) -> int:
        """Join an amount to the rest of its range, list or compound, and keep what that makes."""
        folded, behind = self.folded, self.folded[first.end : first.end + 1]
        if first.counter is not None and behind not in _OPENS_MORE:  # most of them
            return self.keep(first)
        end = first.end
        if behind == "/" and first.counter is not None and (per := _PER.match(folded, end)):
            end, behind = per.end(), folded[per.end() : per.end() + 1]
        to = _TO.match(folded, end) if behind in _OPENS_TO else None
        stop = self.range(first, to.end()) if to else None
        if stop is None and first.counter is None and first.number.value is not None and folded[first.start].isascii():
            stop = self.shared(first)
        if stop is not None:
            return stop
        return self.keep(compound(folded, self.words, first) if behind in OPENS_REST else first)

    def next_amount(self, at: int) -> Amount | None:
        at += self.folded[at : at + 1] in ("$", "¥", "￥")
        found = numeral_at(self.folded, at)
        if found is None or self.folded.startswith("分之", found[1]):
            return None
        return amount_at(self.folded, self.words, at, found[1], found[0])

    def range(self, first: Amount, at: int) -> int | None:
        """0至100元, 12%-18%, 六千到八千亿元, 3000元至2万; None where the second number is no other end of the first."""
        folded, sign = self.folded, self.folded[at]
        second = self.next_amount(at + (sign in SIGNS or sign == "+"))
        if second is None or first.number.value is None or second.number.value is None:
            return None
        low, high, counter = first.number.value, second.number.value, second.counter
        if first.counter is None:
            if counter is None and folded[second.end : second.end + 1] in CALENDAR:
                return second.end  # 5-7月
            if counter is None and first.number.top < 10_000 and second.number.top < 10_000:
                return None
            shared = share(first.number, second.number)
            low = low if shared > high else shared
        elif counter is None:
            if second.number.top < 10_000 or not folded.startswith(("不等", "之间"), second.end):
                return None
            counter = first.counter
        elif first.counter.code != counter.code:
            return None
        else:
            low *= first.counter.unit.factor / counter.unit.factor
        if first.counter is not None and 3 * low < high and is_change(folded, first.start):
            return None  # 下调1.4万元至25.99万元 is a change and its result
        if is_negative(folded, first.start):
            low = -low
        if sign in SIGNS:
            high = -high
        if low > high:
            return None
        number = Number(None, trim(low), high, first.number.over or second.number.over, (), second.number.top)
        self.keep(Amount(first.start, second.number_end, second.end, number, counter), is_range=True)
        return second.end

    def shared(self, first: Amount) -> int | None:
        """3.2、4.5和5.6亿元: unit and magnitude of the last belong to all. None where there is no such list."""
        members, at = [first], first.end
        while members[-1].counter is None and members[-1].number.top < 10_000:
            if len(members) == _MAX_LIST:
                return at  # a row of bare numbers, as in a table
            joint = _AND.match(self.folded, at)
            member = self.next_amount(joint.end()) if joint else None
            if member is None or member.number.value is None:
                return None
            members.append(member)
            at = member.end
        last = members[-1]
        if len(members) == 1 or last.counter is None:
            return None
        for member in members[:-1]:
            value = trim(share(member.number, last.number))
            self.keep(member._replace(number=member.number._replace(value=value), counter=last.counter))
        return self.keep(last)

    def keep(self, amount: Amount, *, is_range: bool = False) -> int:
        """Decide unit and kind of an amount by its context and keep it, unless it counts nothing."""
        folded, words = self.folded, self.words
        start, _, end, number, counter = amount
        if counter is not None and folded[start] == "一" and is_article(folded, start, number, counter.unit.dimension):
            return end
        prefix, head, opening = None, start, start
        before = folded[start - 1 : start]
        qualified = words.qualifier_before(folded, start, bare=number.bare) if before in words.qualifier_ends else None
        if qualified:
            head = qualified[1]
        if folded[head - 1 : head] in words.prefix_ends and (prefix := words.prefix(folded, head)) is not None:
            opening = folded.rindex(prefix, 0, head)
            if self.found and self.found[-1][1] > opening:
                prefix = None
            elif qualified is None:  # 约人民币3500万元
                qualified = words.qualifier_before(folded, opening, bare=number.bare)
        qualifier = qualified[0] if qualified else None
        if qualifier is None and folded[end : end + 1] in words.qualifier_starts:
            qualifier = words.qualifier_after(folded, end)
        surface = counter.surface if counter else None
        code: str | None
        if prefix is not None and (counter is None or counter.unit.dimension == "money"):
            code, dimension = words.prefixes[prefix], "money"
            if head == start and (counter is None or not prefix[-1].isalpha()):
                start, surface = opening, surface or prefix
        elif counter is not None:
            code, dimension = counter.code, counter.unit.dimension
            if number.bare and qualifier is None and is_crowd(number, dimension):
                return end
            if counter.nouns is not None:
                told = counter.nouns.code(folded, start, end)
                if told is not None and counter.nouns.one_code:
                    self.counted[counter.surface] = told
                code = told or self.counted.get(counter.surface, code)
                dimension = "money" if is_currency(code) else dimension
        else:
            known = bare_unit(folded, words, amount, qualified=qualified is not None)
            if known is None:
                return end
            code, dimension = known or None, "money" if is_currency(known) else "count"
        if counter is not None and counter.unit.factor != 1:
            number = scaled(number, counter.unit.factor)
        if before in SIGNS and start == amount.start and is_negative(folded, start):
            number = number if is_range else scaled(number, Decimal(-1))
            start -= 1
        kind: QuantityKind = "range" if is_range else dimension  # type: ignore[assignment]
        if number.value is None and not is_range:
            if "几" not in folded[start:end] and "数" not in folded[start:end]:
                kind = "range"  # 三四十
            elif qualifier is None:
                qualifier = "about"
        self.add(start, end, kind, number, code, surface, qualifier)
        return end

    def emit(self, start: int, end: int, kind: QuantityKind, number: Number, unit: str, unit_surface: str | None = None) -> None:
        """Keep what needs no context but its qualifier."""
        qualified = self.words.qualifier_before(self.folded, start, bare=False)
        qualifier = qualified[0] if qualified else self.words.qualifier_after(self.folded, end)
        self.add(start, end, kind, number, unit, unit_surface, qualifier)

    def add(
        self,
        start: int,
        end: int,
        kind: QuantityKind,
        number: Number,
        unit: str | None,
        unit_surface: str | None,
        qualifier: Qualifier | None,
    ) -> None:
        surface, qualifier = self.text[start:end], qualifier or ("over" if number.over else None)
        self.found.append((start, end, surface, kind, number.value, number.low, number.high, unit, unit_surface, qualifier))
