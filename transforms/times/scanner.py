"""The words and numbers that dates are made of, found in one pass over folded text.

`Scanner.scan` gives tokens: 2020年, 去年, 三季度, 5-7月, 12日, 上周, 春节期间, 近五年. A token says what it is (`kind`) and carries
numbers. Which of them stand together in one expression is the business of `grammar`, what days they mean that of `resolution`.

The scan jumps from one character that a token can begin with to the next, and tries the few rules for it and its neighbour.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from transforms.reference import Festival, Reference
from transforms.times import numbered
from transforms.times.numbered import AFTER_NUMBER, DIGITS, HAN, INSIDE_NUMBER, NUMBER, STARTS_NUMBER, Token, full_year, number
from transforms.times.words import UNIT_NOT_BEFORE, WHICH, WHICH_NOT_AFTER, WORDS

Rule = Callable[[str, int], "list[Token] | None"]

_RELATIVE = re.compile("(上上|下下|[上下这本当同次翌前])(一?)(个?)(月份?|周|星期|礼拜|财政季度|财季|季度|半年|财政年度|会计年度|财年|年度)")
_SHORT_DAY = re.compile("[昨今](?:天|日)?[（(][0-9]{1,2}[)）](?:日|天)?|昨(?=收[市报盘于]|公布|宣布|发布|举行|披露|晚间)")
_DAYS_FROM_NOW = {"昨": -1, "今": 0}
_WEEKDAY = re.compile("(?:周|星期|礼拜)([一二三四五六日天末])")
_NTH = re.compile(f"(?:第({NUMBER})|(最后一)|(首))(个月|周|个?星期|个?礼拜|天)(?![一二三四五六日天末])")
_LAST_WEEKDAY = re.compile(f"(?:第({NUMBER})|(最后一))个?(?:周|星期|礼拜)([一二三四五六日天])")
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_LUNAR = re.compile(
    f"(农历|阴历|旧历)?(?:({NUMBER})年)?([正冬腊]|[一二三四五六七八九十]{{1,2}}|[0-9]{{1,2}})月(初?(?:[0-9]{{1,2}}|[{HAN}]{{1,3}})[日号]?)?"
)
_FESTIVAL_TAIL = re.compile("(期间|假期|小长假|长假|黄金周|时期|假日)|(当天|当日|当晚)|(前夕)")

#: A name with a number in it (618) is a name only where nothing counts on: 今年618, but not 今年618家.
_COUNTS_ON = frozenset("0123456789.,%万亿千百元家个人件款种项台套只条座名位")
#: Places and other things named after a day: 五一广场, 八一路, 五一劳动奖章.
_PLACE = frozenset("广路大街商村镇农公劳奖颂")


def _word(text: str, at: int) -> list[Token] | None:
    for word in _WORDS_BY_FIRST[text[at]]:
        if text.startswith(word.text, at):
            end = at + len(word.text)
            if (at and text[at - 1] in word.not_after) or (end < len(text) and text[end] in word.not_before):
                return None
            if word.kind == "relative_year" and text[end : end + 1] == "度":
                end += 1
            return [Token(at, end, word.kind, word.value)]
    return None


_KIND_OF_UNIT = {"月": "relative_month", "周": "relative_week", "星": "relative_week", "礼": "relative_week", "半": "relative_half"}


def _short_day(text: str, at: int) -> list[Token] | None:
    """昨（31）日, and 昨 before the verb of a report: 昨收报, 昨公布."""
    found = _SHORT_DAY.match(text, at)
    if found is None or (at and text[at - 1] in "如当现至往"):
        return None
    return [Token(at, found.end(), "relative_day", ("now", _DAYS_FROM_NOW[text[at]]))]


def _relative(text: str, at: int) -> list[Token] | None:
    """上个月, 下下周, 本季度, 上一财年."""
    found = _RELATIVE.match(text, at)
    if not found:
        return None
    which, one, single, unit = found.groups()
    behind = text[found.end() : found.end() + 1]
    plain = not one and not single
    if plain and at and text[at - 1] in WHICH_NOT_AFTER.get(which, ""):
        return None
    if (behind and behind in UNIT_NOT_BEFORE.get(unit[0], "")) or (which == "前" and not one) or (unit == "半年" and not single):
        return None
    base = "last" if which in "当同次翌前" else "here" if which == "上" and ("季" in unit or unit == "年度") else "now"
    if which == "上" and at and text[at - 1] in "比较与":
        base = "here"  # 4月份…，涨幅比上月扩大
    kind = _KIND_OF_UNIT.get(unit[0], "relative_quarter" if "季" in unit else "relative_year")
    token = Token(at, found.end(), kind, (base, WHICH[which]))
    if kind == "relative_week" and behind and behind in _WEEKDAYS:
        return [token, Token(token.end, token.end + 1, "weekday", _WEEKDAYS[behind])]
    return [token]


#: Monday is 0, as in the standard library; 7 is the weekend.
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 7}


def _weekday(text: str, at: int) -> list[Token] | None:
    found = _WEEKDAY.match(text, at)
    if not found or ((at and text[at - 1] in INSIDE_NUMBER) or text[at - 1 : at] in tuple("每隔逢双单各")):
        return None
    if text[found.end() : found.end() + 1] in ("次", "福"):
        return None
    return [Token(at, found.end(), "weekday", _WEEKDAYS[found[1]])]


def _nth(text: str, at: int) -> list[Token] | None:
    """第二周, 最后一天, 第三个月, 最后一个星期一: of the year or month before it."""
    if found := _LAST_WEEKDAY.match(text, at):
        nth = number(found[1]) if found[1] else -1
        return [Token(at, found.end(), "nth_weekday", (nth, _WEEKDAYS[found[3]]))] if nth else None
    found = _NTH.match(text, at)
    nth = (number(found[1]) if found[1] else -1 if found[2] else 1) if found else None
    if not found or not nth:
        return None
    unit = found[4]
    if unit == "个月" and text.endswith("连续", 0, at):
        return None
    if unit == "个月":
        return [Token(at, found.end(), "month", (nth, nth))] if 1 <= nth <= 12 else None
    return [Token(at, found.end(), "nth_day" if unit == "天" else "nth_week", nth)]


def _lunar(text: str, at: int) -> list[Token] | None:
    """农历八月十五, 正月初七, 腊月."""
    found = _LUNAR.match(text, at)
    if not found or not (found[1] or found[3] in _LUNAR_MONTHS):
        return None
    month = _LUNAR_MONTHS.get(found[3]) or number(found[3])
    day = number(found[4].removeprefix("初").rstrip("日号")) if found[4] else 0
    year = full_year(found[2]) if found[2] else None
    if not month or month > 12 or day is None or day > 30:
        return None
    return [Token(at, found.end(), "lunar", (year, month, day))]


def _by_first(words: Iterable[Any], key: Callable[[Any], str]) -> dict[str, list[Any]]:
    """Words by their first character, the longest first."""
    table = defaultdict(list)
    for word in sorted(words, key=lambda w: -len(key(w))):
        table[key(word)[0]].append(word)
    return table


def _one_of(chars: Iterable[str]) -> str:
    return f"[{re.escape(''.join(sorted(set(chars))))}]"


_QUOTES = {"“": "”", '"': '"', "「": "」", "‘": "’"}
_WORDS_BY_FIRST = _by_first(WORDS, lambda word: word.text)
_COUNTING = frozenset(f"{HAN}0123456789")
#: The rules, tried in this order where the first and the second character fit.
_RULES: tuple[tuple[Iterable[str], Iterable[str], Rule], ...] = (
    ("农阴旧正腊冬", "历月", _lunar),
    ("第最首", _COUNTING | frozenset("后个周天"), _nth),
    (frozenset(HAN), (AFTER_NUMBER | _COUNTING) - frozenset("QH/"), numbered.numbered),
    ("第", _COUNTING, numbered.numbered),
    ("半", "年个月", numbered.half),
    ("Q", "1234", numbered.code),
    ("H", "12", numbered.code),
    ("F", "Y", numbered.code),
    ("民公西", "国元", numbered.era),
    ("近前", _COUNTING | frozenset("的这半仨"), numbered.rolling),
    ("最过未今往接", "近去往来后下", numbered.rolling),
    ("前头首", _COUNTING, numbered.first_few),
    ("昨今", "（(天日收公宣发举披晚", _short_day),
    ("上下这本当同次翌前", "上下一个月周星礼季财半年", _relative),
    ("周星礼", "一二三四五六日天末期拜", _weekday),
)


class Scanner:
    """The rules, with the festivals of some reference data among them."""

    def __init__(self, festivals: Iterable[Festival] = ()) -> None:
        names = [(name, festival) for festival in festivals for name in (festival.name, *festival.aliases)]
        self._festivals = _by_first(names, lambda pair: pair[0])
        self._rules: dict[str, list[Rule]] = {}
        for name in (word.text for word in WORDS):
            self._add(name[:2], _word)
        for name in self._festivals and (name for name, _ in names):
            self._add(name[:2], self._festival)
            for quote in _QUOTES:
                self._add(quote + name[0], self._festival)
        for firsts, seconds, rule in _RULES:
            for first in firsts:
                for second in seconds:
                    self._add(first + second, rule)
        self._anchor = self._place_to_look(name for name, _ in names if name[0] in DIGITS)

    def _add(self, pair: str, rule: Rule) -> None:
        if rule not in self._rules.setdefault(pair, []):
            self._rules[pair].append(rule)

    def _place_to_look(self, digital: Iterable[str]) -> re.Pattern[str]:
        """A pattern for the places where a rule may fit: a first character before a second one, digits before a unit.

        It begins with a plain set of characters, which the regular expression engine skips to; the rest tells digits from others. The
        `digital` names (618) begin with a digit and are no number with a unit.
        """
        pairs = [pair for pair in self._rules if pair[0] not in DIGITS]
        counting = {pair[0] for pair in pairs if pair[1] in DIGITS}  # most words go before no number, and most numerals before no word
        kinds = [[pair for pair in pairs if (pair[0] in counting) is counts] for counts in (False, True)]
        words = "|".join(f"(?<={_one_of(pair[0] for pair in kind)})(?={_one_of(pair[1] for pair in kind)})" for kind in kinds)
        names = "".join(f"|(?<={name[0]}){re.escape(name[1:])}" for name in digital)
        digits = f"(?<=[0-9])(?<![0-9][0-9])(?:[0-9]{{7}}(?![0-9])|[0-9]*(?={_one_of(AFTER_NUMBER)})|[0-9]{{3}}(?=[.])){names}"
        return re.compile(f"{_one_of({pair[0] for pair in self._rules} | DIGITS)}(?:{words}|{digits})")

    def scan(self, text: str) -> list[Token]:
        """The tokens of a folded text from left to right; they do not overlap.

        >>> [(token.kind, token.value) for token in Scanner().scan("去年9月，2020年5-7月")]
        [('relative_year', ('now', -1)), ('month', (9, 9)), ('year', (2020, 2020)), ('month', (5, 7))]
        """
        tokens: list[Token] = []
        at, rules, digits = 0, self._rules, numbered.digits
        for anchor in self._anchor.finditer(text):
            start, end = anchor.span()
            if start < at:
                continue
            at, char = end, text[start]
            if char in DIGITS:
                if found := digits(text, start, end):
                    tokens += found
                    at = found[-1].end
                    continue
            elif char in STARTS_NUMBER and start and text[start - 1] in INSIDE_NUMBER:
                continue
            for rule in rules.get(text[start : start + 2], ()):
                if found := rule(text, start):
                    tokens += found
                    at = found[-1].end
                    break
        return tokens

    def _festival(self, text: str, at: int) -> list[Token] | None:
        start, quoted = at, text[at] in _QUOTES
        at += quoted
        for name, festival in self._festivals.get(text[at : at + 1], ()):
            if not text.startswith(name, at):
                continue
            end = at + len(name)
            if quoted:
                if text[end : end + 1] != _QUOTES[text[start]]:
                    return None
                end += 1
            if (name[-1] in DIGITS and text[end : end + 1] in _COUNTS_ON) or (name[0] in DIGITS and text[at - 1 : at] in INSIDE_NUMBER):
                return None
            if text[end : end + 1] in _PLACE:
                return None
            tail = _FESTIVAL_TAIL.match(text, end)
            if tail and tail[3]:
                return None
            means = "span" if tail and tail[1] else "day" if tail and tail[2] else festival.alone
            return [Token(start, tail.end() if tail else end, "festival", (festival, means))]
        return None


@cache
def scanner_for(reference: Reference) -> Scanner:
    """The scanner for some reference data, made once."""
    return Scanner(reference.festivals)
