"""What a text has said so far, and what it leaves unsaid: the year of a bare month, the month of a bare day, the tense of a sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Literal, NamedTuple

from transforms.article import Granularity
from transforms.reference import Reference
from transforms.times import fiscal
from transforms.times.grammar import Term
from transforms.times.spans import DAY, Span, add_months, months, week

#: Where the year of an expression comes from: it is written, counted from now (今年), taken from the text before (同年, 2021年…7月) or from
#: the period in question (上年), or only from the reference date.
Basis = Literal["written", "now", "text", "here", "reference"]


class Meaning(NamedTuple):
    span: Span
    granularity: Granularity
    basis: Basis


_SENTENCE_END = re.compile("[。！？!?；;\n]")
#: Right before a date these say that it lies ahead; anywhere in its sentence, that it may.
_AHEAD = re.compile("(?:将|预计|计划|拟|有望|定|准备|力争|争取|明确|预期|目标)[于在到至自从]?$")
_MAY_BE_AHEAD = re.compile("将|预计|计划|拟于|有望|力争|争取|即将|目标|预期|展望|起(?:正式)?(?:施行|实施|执行|生效)")
#: What is over is still estimated until its figures are out, 预计上半年净利润 in July.
_ESTIMATED = re.compile("(?:预计|预期)[于在到至自从]?$")
_PLANNED_FOR, _REPORTED_BY = 10 * DAY, 100 * DAY
#: How far ahead a date without a year may lie in a plain statement, in days.
_NEAR = 45
#: How old news are, in days.
_NEWS = 7
#: ... and in a sentence that says no more than the date (a heading, a cell of a table, a question).
_FAR = 300
#: How far from a date a word stands, in characters, that says that it lies ahead.
_BESIDE = 6
#: Reports whose name tells their months, and how many of the year those are; how far in front they stand, in characters.
_REPORT = re.compile("(?<![0-9年])(?:一季报|一季度报告|半年报|半年度报告|中报|中期业绩|三季报|年报|年度报告)")
_MONTHS_OF_REPORT = {"一": 3, "半": 6, "中": 6, "三": 9, "年": 12}
_REACH = 120
_ALONE = 2


class Context:
    """What the text has said so far, and the rules for what it leaves unsaid."""

    def __init__(self, text: str, now: date, reference: Reference) -> None:
        self.text = text
        self.is_fiscal = fiscal.is_named(text)
        self.now = now
        self.reference = reference
        self.fiscal_year: int | None = None
        self.last: Span | None = None
        self.last_year: int | None = None
        self.last_month: date | None = None
        self.last_day: date | None = None
        self.last_period: Span | None = None
        self.here: Span | None = None
        #: The basis of what is counted from the expression named last.
        self.told: Basis = "now"
        self._paragraph_year: tuple[int, Basis] | None = None
        self._sentence_year: tuple[int, Basis] | None = None
        self._bare_before = self._told_here = False
        self._reported_year: int | None = None
        self._at = 0

    # -- moving through the text ---------------------------------------------------------------------------------------------------

    def move(self, to: int) -> None:
        """Forget what does not reach into this sentence or paragraph."""
        if ended := _SENTENCE_END.search(self.text, self._at, to):
            if self.text.find("\n", ended.start(), to) >= 0:
                self._paragraph_year = self.last_month = self.here = self._reported_year = None
            self._sentence_year = None
            self._bare_before = self._told_here = False
        self._at = to

    def note(self, term: Term, meaning: Meaning) -> None:
        """Remember a resolved expression."""
        span, _, basis = meaning
        size, first, tails = span.days, term.tokens[0].kind, term.tails
        self.last = span
        if size > 366 * 2 or first in ("rolling", "century", "decade", "numbered_century"):
            return
        self.last_year = span.start.year
        again = "same_period" in tails or "same_month" in tails
        if basis != "here" and not again:
            self.here = span
            if 364 < size < 367 and span.end < self.now:
                self._reported_year = max(span.start.year, self._reported_year or 0)
        if size <= 31:
            self.last_month = span.start
        if size == 1 and not self.text.endswith(("截至", "截止", "截止到", "截至到"), 0, term.start):
            self.last_day = span.start
        elif not again:
            self.last_period, self._told_here = span, True
        self.told = "text" if basis in ("written", "text") else "now"
        year = (self.last_year, self.told)
        if basis == "reference":
            self._bare_before = True
            if first in ("quarter", "half"):
                self._paragraph_year = None  # 去年三季度涨价，一季度营收60亿元；3月18日: back in the present
        elif len(term.tokens) > 1 or first in ("date", "month") or "start" in tails or "end" in tails:
            self._paragraph_year, self._sentence_year = year, None
        elif first in ("year", "relative_year", "short_year", "split_year"):
            opening = self.text[term.end : term.end + 1] in ("，", ",") and self._opens_sentence(term.start)
            if opening:
                self._paragraph_year, self._sentence_year = year, None
            elif not self._bare_before:
                self._sentence_year = year

    def _opens_sentence(self, at: int) -> bool:
        before = self.text[max(0, at - 1) : at]
        return before in ("", "\n", "。", "；", "！", "？", " ")

    # -- the year that is not said -------------------------------------------------------------------------------------------------

    def choose(self, term: Term, build: Callable[[int], Span]) -> tuple[Span, Basis]:
        """The occurrence of a month, a quarter, a festival in the year that the text or the reference date suggests."""
        told = self._sentence_year or self._paragraph_year
        news = self._news(term) if told else -1
        latest = _try(build, self.now.year) if news >= 0 else None
        if latest and 0 <= (self.now - latest.end).days <= news:
            return latest, "reference"  # a day of the last week is news, whatever year was spoken of
        if told and (found := self._in_year(term, told[0], build)):
            return found, told[1]
        return self._near_now(term, build), "reference"

    def _news(self, term: Term) -> int:
        """How long ago, in days, what has no year is taken for news: a day, and a quarter where another sentence told the year."""
        if term.kinds[:2] == ("month", "day"):
            return _NEWS
        quarter = term.kinds in (("quarter",), ("half",)) and not term.tails and self._sentence_year is None
        return _REPORTED_BY.days if quarter else -1

    def _in_year(self, term: Term, year: int, build: Callable[[int], Span]) -> Span | None:
        """In the year of the text before; a month early in the year behind one late in the year is of the next."""
        span = _try(build, year)
        if span is None:
            return None
        following = _try(build, year + 1)
        limit = self.now + _NEAR * DAY
        if self.last and following and self.last.start.year == year and span.start < self.last.start:
            # 去年第4季…；2月24日 is this year
            near = (
                following.start - (self.last.end if self.last.days < 93 else self.last.start)
            ).days <= 100 and following.start <= self.now
            if near and self._sentence_year is None:
                return following
        if term.kinds[:2] == ("month", "day") and self._sentence_year is None and year == self.now.year + 1:
            this = _try(build, self.now.year)
            if this is not None and 0 <= (this.start - self.now).days <= _NEAR:
                return this  # 到2025年底开出2000家店。12月1日起: what begins next week, whatever year was spoken of
        if self._cue(term, _MAY_BE_AHEAD):
            # 去年5月14日…；12月25日，以合并后将超过九成为由禁止: what lies ahead there is something else
            goes_on = self.last is not None and self.last.start.year == year and self.last.end < span.start
            beside = _MAY_BE_AHEAD.search(self.text, max(0, term.start - _BESIDE), term.end + _BESIDE) is not None
            return span if year >= self.now.year or (goes_on and not beside) else None
        return None if span.start > limit and year >= self.now.year else span

    def _near_now(self, term: Term, build: Callable[[int], Span]) -> Span:
        this, year = _try(build, self.now.year), self.now.year
        if this is None:
            # 29 February; leap years lie up to eight years apart
            found = next((s for y in range(1, 9) for s in (_try(build, year - y), _try(build, year + y)) if s), None)
            if found is None:
                raise ValueError(term)
            return found
        # 前三季度 and 1-5月 are told once they are over, 10月 and 四季度 already while they last
        ahead = (this.end - self.now).days if term.cumulative else (this.start - self.now).days
        if _AHEAD.search(self.text, max(0, term.start - 5), term.start):
            estimated = term.tokens[0].kind in ("quarter", "half") and _ESTIMATED.search(self.text, max(0, term.start - 5), term.start)
            is_over = this.end < self.now - (_REPORTED_BY if estimated else _PLANNED_FOR)
            return (_try(build, year + 1) or this) if is_over else this
        hint = self._cue(term, _MAY_BE_AHEAD)
        near = 0 if term.tokens[0].kind in ("quarter", "half") and not term.cumulative else _NEAR
        limit = 366 if hint else _FAR if self._alone(term) else near
        if ahead > limit and (before := _try(build, year - 1)):
            return before
        coming = hint or term.kinds[0] == "festival"
        if coming and ahead < -200 and (after := _try(build, year + 1)) and (after.start - self.now).days <= 100:
            return after
        return this

    def year_before(self) -> int | None:
        told = self._sentence_year or self._paragraph_year
        return told[0] if told else None

    def year_reported(self, term: Term) -> int | None:
        """The past year that the paragraph reports on: 2024年营收138.9亿元，门店数由年初的5106家减至年末的5008家."""
        return None if self._reported_year is None or self.looks_ahead(term) else self._reported_year

    def reported_period(self) -> Span | None:
        """The months of the report that the sentence is on, where it names no period: 披露一季报，…，上年同期只有11架."""
        if self._told_here:
            return None
        floor = max(0, self._at - _REACH)
        start = max(floor, *(self.text.rfind(mark, floor, self._at) + 1 for mark in "。！？\n"))
        reports = list(_REPORT.finditer(self.text, start, self._at))
        if not reports:
            return None
        last = _MONTHS_OF_REPORT[reports[-1][0][0]]
        year = self.now.year - (last >= self.now.month)
        return months(year, 1, last)

    def looks_ahead(self, term: Term) -> bool:
        return self._cue(term, _MAY_BE_AHEAD)

    def _sentence(self, term: Term) -> tuple[int, int]:
        start, end = max(0, term.start - 60), min(len(self.text), term.end + 60)
        for mark in _SENTENCE_END.finditer(self.text, start, term.start):
            start = mark.end()
        closing = _SENTENCE_END.search(self.text, term.end, end)
        return start, closing.start() if closing else end

    def _cue(self, term: Term, cue: re.Pattern[str]) -> bool:
        """Whether the clause of an expression, or the one behind it, says so."""
        start, end = self._sentence(term)
        comma = self.text.rfind("，", start, term.start)
        second = self.text.find("，", self.text.find("，", term.end, end) + 1 or end, end)
        return bool(cue.search(self.text, comma + 1 or start, second if second >= 0 else end))

    def _alone(self, term: Term) -> bool:
        start, end = self._sentence(term)
        return end - start - (term.end - term.start) <= _ALONE

    # -- days and weeks ------------------------------------------------------------------------------------------------------------

    def day_of_month(self, number: int) -> date:
        """A bare 12日: of the month named before, else the latest such day of this month or the one before."""
        if self.last_month:
            found = self.last_month.replace(day=number)
            turned = self.last_day and self.last_day.month == found.month and self.last_day.day - number > 20
            return add_months(found, 1) if turned else found
        for back in range(4):
            month = add_months(self.now.replace(day=1), -back)
            try:
                found = month.replace(day=number)
            except ValueError:
                continue
            if found <= self.now + 3 * DAY:
                return found
        raise ValueError(number)

    def weekday(self, term: Term, number: int) -> Span:
        """A bare 周三 is the latest one, or the next where the sentence looks ahead; standing alone it is of this week."""
        monday = week(self.now).start
        first, last = monday + min(number, 5) * DAY, monday + min(number, 6) * DAY
        if number == 7:
            first, last = monday + 5 * DAY, monday + 6 * DAY
        elif number < 7:
            first = last = monday + number * DAY
        if self._alone(term):
            return Span(first, last)
        if self._cue(term, _MAY_BE_AHEAD):
            return Span(first, last) if first >= self.now else Span(first + 7 * DAY, last + 7 * DAY)
        return Span(first, last) if first <= self.now else Span(first - 7 * DAY, last - 7 * DAY)


def _try(build: Callable[[int], Span], year: int) -> Span | None:
    try:
        return build(year)
    except (ValueError, OverflowError):
        return None
