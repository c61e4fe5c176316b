"""Which tokens stand together: 去年 + 12月 + 3日 is one term, 2018年3月 到 5月 two terms of one range."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from transforms.times.numbered import Token

_MONTH_PARTS = frozenset({"day", "third", "half_month", "month_edge", "nth_week", "nth_day", "nth_weekday", "first_days"})
_YEAR_PARTS = frozenset(
    {"half", "perhaps_half", "quarter", "perhaps_quarter", "month", "season", "festival", "edge", "relative_month", "lunar", "third"}
    | {"nth_week", "nth_day", "first_days"}
)
#: What may stand right behind what, as a narrower part of it.
FOLLOWERS: dict[str, frozenset[str]] = {
    "century": frozenset({"decade"}),
    "numbered_century": frozenset({"decade"}),
    "year": _YEAR_PARTS,
    "short_year": _YEAR_PARTS,
    "perhaps_year": _YEAR_PARTS - {"first_days"},
    "relative_year": _YEAR_PARTS,
    "split_year": frozenset({"half", "quarter"}),
    "month": _MONTH_PARTS,
    "relative_month": _MONTH_PARTS,
    "quarter": frozenset({"month"}),
    "half": frozenset({"month"}),
    "relative_week": frozenset({"weekday"}),
}
#: Parts that may follow behind 的: 十月的第一周, 2021年的第三季度. A festival may not: 今年的双11 is a year and a name.
_AFTER_DE = frozenset({"half", "quarter", "month", "nth_week", "nth_day", "nth_weekday", "first_days", "edge"})

# The words behind a token that pick a part of it or stretch it. Not an edge: 初步, 底部, 末端, 年中国.
_START = "(?P<start>初(?![步创始级次见审心选]))"
_END = "(?P<end>[底末](?![部层线盘价薪气色板座片仓牌端位尾]))"
_MIDDLE = "(?P<middle>中(?=[，。、；,;）)的前后时左]|$))"
_WHOLE = "(?P<whole>全[年月]|内(?=[，。、；,;的将前有完实再推]|$))"
_THIRD = "(?:(?P<first>上)|(?P<second>中)|(?P<third>下))旬"
_SEASON = "(?:(?P<spring>春)|(?P<summer>夏)|(?P<autumn>秋)|(?P<winter>冬))(?=[，。、；,;至到]|$)"
_LATER = "(?P<same_period>同期|同一时期|同季度?)|(?P<same_month>同月)"
_YEAR_TAIL = re.compile(f"{_LATER}|年?(?:{_START}|{_END}|{_MIDDLE})|{_WHOLE}|{_SEASON}")
_MONTH_TAIL = re.compile(f"{_THIRD}|月?(?:{_START}|{_END}|{_MIDDLE})|{_WHOLE}")
_QUARTER_TAIL = re.compile(f"{_START}|{_END}")
_DECADE_TAIL = re.compile("(?P<start>初期?|前期)|(?P<middle>中期|中叶|中(?=[，。、后]|$))|(?P<end>[末底]|后期|末期)")
_WEEKDAY = "(?:周|星期|礼拜)[一二三四五六日天]"
_UNTIL_THEN = "止(?:[0-9一二三四六九十]+个月|[上下]?半年|年度|财年|季度)"
_DAY_TAIL = re.compile(
    f"(?P<weekday>[，, ]?{_WEEKDAY}|[(（]{_WEEKDAY}[)）])|(?P<ending_then>{_UNTIL_THEN}|的(?:三|六|九|十二|3|6|9|12)个月(?![后前]))"
)
_ANY_TAIL = re.compile("(?P<since>以来)|(?P<until_now>(?:起|一直)?(?:至今|迄今|到现在|到如今))(?![年日天晚])")
_TAILS = {
    **dict.fromkeys(("year", "short_year", "perhaps_year", "relative_year", "split_year"), _YEAR_TAIL),
    **dict.fromkeys(("month", "relative_month"), _MONTH_TAIL),
    **dict.fromkeys(("decade", "century", "numbered_century"), _DECADE_TAIL),
    **dict.fromkeys(("quarter", "half", "relative_quarter", "festival"), _QUARTER_TAIL),
    **dict.fromkeys(("day", "date", "relative_day"), _DAY_TAIL),
}
#: The characters a tail begins with.
_OPENS_TAIL = frozenset("的年初底末中春夏秋冬全内上下月前后同以至迄到一起，, （(周星礼止")

_NO_TAILS: frozenset[str] = frozenset()

_TO = re.compile(" ?(?:[-—–~～―－]{1,2}|至|到|起至|起到|开始到) ?")
_AND = re.compile(" ?[和与] ?")
_BETWEEN = re.compile(" ?之?间(?![隔接谍])")


class Term(NamedTuple):
    """A run of tokens; `tails` are what stands behind them: an edge (年底), 以来, 至今, 同期."""

    start: int
    end: int
    tokens: tuple[Token, ...]
    tails: frozenset[str]

    @property
    def cumulative(self) -> bool:
        """Whether it counts from the beginning of a year: 前三季度, 1-9月."""
        kind, value = self.tokens[-1].kind, self.tokens[-1].value
        return kind in ("month", "quarter") and value[0] == 1 < value[1]

    @property
    def kinds(self) -> tuple[str, ...]:
        return tuple(token.kind for token in self.tokens)


class Range(NamedTuple):
    """Two terms with 至, 到 or a dash between them, or 和 with 之间 behind."""

    start: int
    end: int
    first: Term
    last: Term


def terms(text: str, tokens: Iterable[Token]) -> Iterator[Term]:
    """The terms of a folded text in order."""
    run: list[Token] = []
    for token in tokens:
        if run:
            last = run[-1]
            if token.start - last.end < 2 and token.kind in FOLLOWERS.get(last.kind, ()) and _adjacent(text, last, token):
                run.append(token)
                continue
            term = _closed(text, run)
            if token.start < term.end:
                continue
            yield term
        run = [token]
    if run:
        yield _closed(text, run)


def _adjacent(text: str, left: Token, right: Token) -> bool:
    gap = text[left.end : right.start]
    return gap in ("", " ") or (gap == "的" and right.kind in _AFTER_DE)


def _closed(text: str, run: list[Token]) -> Term:
    """The term of a run of tokens, with its tails."""
    _, end, kind, _ = run[-1]
    if text[end : end + 1] not in _OPENS_TAIL:
        return Term(run[0].start, end, tuple(run), _NO_TAILS)
    tails: list[str] = []
    for pattern in (_TAILS.get(kind), _ANY_TAIL):
        if pattern and (found := pattern.match(text, end)):
            tails.append(found.lastgroup or "")
            end = found.end()
    return Term(run[0].start, end, tuple(run), frozenset(tails))


def expressions(text: str, tokens: Iterable[Token]) -> Iterator[Term | Range]:
    """Terms, and ranges where two terms are tied together."""
    left: Term | None = None
    for term in terms(text, tokens):
        if left is None:
            left = term
            continue
        gap = term.start - left.end
        if gap > 5:
            yield left
            left = term
        elif _TO.fullmatch(text, left.end, term.start) and not left.tails & {"since", "until_now"}:
            # 周一至周五 says on which days of any week
            if left.kinds != ("weekday",):
                yield Range(left.start, term.end, left, term)
            left = None
        elif gap <= 3 and _AND.fullmatch(text, left.end, term.start) and (found := _BETWEEN.match(text, term.end)):
            yield Range(left.start, found.end(), left, term)
            left = None
        else:
            yield left
            left = term
    if left is not None:
        yield left
