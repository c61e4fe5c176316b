"""What days an expression means: terms and ranges against the reference date and what the text has said before.

A term is read by narrowing: the year, its part, the month, the day. What it does not say the `Context` lends.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from transforms.article import Granularity
from transforms.times import fiscal
from transforms.times.context import Basis, Context, Meaning
from transforms.times.grammar import Range, Term
from transforms.times.numbered import Length, Token, number
from transforms.times.spans import DAY, Span, add_months, add_years, day, festival_day, festival_span, lunar, months, season, week, years

#: What may be meant in fiscal years.
_FISCAL = frozenset({"year", "short_year", "relative_year", "quarter", "half"})
_GRAIN: dict[str, Granularity] = {
    "year": "year", "short_year": "year", "perhaps_year": "year", "relative_year": "year", "split_year": "year", "whole_year": "year",
    "half": "half", "perhaps_half": "half", "relative_half": "half",
    "quarter": "quarter", "perhaps_quarter": "quarter", "relative_quarter": "quarter",
    "month": "month", "relative_month": "month", "edge": "month", "season": "season", "short_season": "season", "festival": "festival",
    "date": "day", "day": "day", "relative_day": "day", "weekday": "day", "nth_day": "day", "nth_weekday": "day",
}  # fmt: skip
#: Kinds whose value is the first and the last of their numbers.
_PAIRS = frozenset({"year", "month", "day", "quarter", "perhaps_quarter"})
_COUNTED_DAYS = re.compile("内|游|均|线|后|年化|以内|以上|左右|间|之")
_ENDS_NUMBER_OF_DAY = frozenset("，。、,;；！？!? 起至到前晚凌上下早\n")
_OPENS_DAY = frozenset("，。；、：！？,;:!?（(“\n 在于从自至到由截")
_ADDRESS = frozenset("街路道巷弄里院村区栋楼座门")
_COUNTS = frozenset("第近满每约超达过连续+.-/万亿几数T")
_RECURRING = re.compile("每(?:隔|逢|个)?[年月周天日]?(?:度)?的?$")


def resolve(context: Context, expression: Term | Range) -> Meaning | None:
    """The days of an expression; None where it turns out to be none. The context is told of what is resolved."""
    context.move(expression.start)
    before = context.text[max(0, expression.start - 4) : expression.start]
    if "每" in before and _RECURRING.search(before):
        return None
    try:
        if isinstance(expression, Term):
            meaning = _term(context, expression, None)
            if meaning:
                context.note(expression, meaning)
            return meaning
        return _range(context, expression)
    except (ValueError, OverflowError):
        return None


def _range(context: Context, pair: Range) -> Meaning | None:
    left = _term(context, pair.first, None)
    if not left:
        return None
    context.note(pair.first, left)
    right = _term(context, pair.last, left.span)
    if not right:
        return None
    first = left.span
    if first.start > right.span.end and left.basis == "reference":
        first = add_years(first, right.span.end.year - first.start.year - (first.start.replace(year=right.span.end.year) > right.span.end))
    if first.start > right.span.end:
        return None
    meaning = Meaning(Span(first.start, right.span.end), "other", left.basis if left.basis != "written" else right.basis)
    context.note(pair.last, right)
    context.last = meaning.span
    if meaning.span.days > 1:
        context.last_period = meaning.span
    return meaning


def _term(context: Context, term: Term, left: Span | None) -> Meaning | None:
    """A term by narrowing: the year, its part, the month, the day. `left` is the other side of a range, which lends what is not said."""
    tokens = term.tokens
    if tokens[0].kind in _DOUBTFUL and not _holds(context, term, left):
        return None
    parent: Span | None = None
    basis: Basis = "written"
    if len(tokens) > 1 and tokens[0].kind == "month" and tokens[1].kind == "day":
        # The day has a say in the year: there is a 29 February in few of them, and 20 October may lie ahead of an article of 15 October.
        tokens = (Token(tokens[0].start, tokens[1].end, "month_day", (tokens[0], tokens[1])), *tokens[2:])
    shift = None
    if context.is_fiscal and tokens[0].kind in _FISCAL:
        shift = fiscal.offset(context.text, term.start, term.end, context.reference)
    if tokens[0].kind == "year" and len(tokens) == 1 and not term.tails and shift is None:  # most of them
        first, last = tokens[0].value
        return Meaning(years(first, last), "year" if first == last else "other", "written")
    for token in tokens:
        step = _first(context, term, token, left, shift) if parent is None else (_within(parent, token, context), basis)
        if step is None or step[0] is None:
            return None
        parent, basis = step
    assert parent is not None
    if shift == 0 and len(tokens) > 1 and parent.start > context.now and not context.looks_ahead(term):
        shift = _COMMON_SHIFT
    if shift is not None:
        context.fiscal_year = parent.start.year
        parent = fiscal.moved(parent, shift)
    _, _, kind, value = term.tokens[-1]
    grain: Granularity = _GRAIN.get(kind, "other")
    if kind in _PAIRS:
        if value[0] != value[1]:
            grain = "other"
    elif (kind == "weekday" and value == 7) or (kind == "festival" and len(tokens) == 1 and value[0].rule.startswith("years")):
        grain = "other"
    span = parent
    if not term.tails:
        return Meaning(span, grain, basis)
    for tail in term.tails:
        if tail in ("same_period", "same_month"):
            delta = tokens[0].value[1] if tokens[0].kind == "relative_year" else None
            span, grain = _same_period(context, span, tail, delta), "other"
        elif tail in _TAILS:
            span = _TAILS[tail](span, kind)
            grain = "season" if tail in _SEASONS else "month" if 28 <= span.days <= 31 else "other"
        elif tail == "ending_then":
            span, grain = _ending_then(span, context.text[term.tokens[-1].end : term.end]), "other"
    if not term.tails.isdisjoint(_TO_NOW):
        span, grain, basis = Span(span.start, context.now), "other", basis if basis != "written" else "now"
    return Meaning(span, grain, basis) if span.start <= span.end else None


#: The quarter of a fiscal year that is told before the calendar has it, of a firm nobody knows of: most such years end in March.
_COMMON_SHIFT = -9
_TO_NOW = ("since", "until_now")
#: Kinds that never stand on their own, and those that do not always.
_ONLY_PARTS = frozenset({"perhaps_half", "perhaps_quarter", "nth_week", "nth_day", "nth_weekday", "first_days"})
_DOUBTFUL = _ONLY_PARTS | {"perhaps_year", "festival", "weekday", "day"}


def _holds(context: Context, term: Term, left: Span | None) -> bool:
    """Whether a term can stand on its own, or beside the left side of a range."""
    text, first = context.text, term.tokens[0]
    if first.kind == "perhaps_year":
        return (
            len(term.tokens) > 1
            or bool(term.tails)
            or (text[term.start - 1 : term.start] in ("从", "自") and text[term.end : term.end + 1] in ("起", "开"))
        )
    if first.kind in _ONLY_PARTS:
        return False
    if first.kind == "festival" and first.value[1] == "name" and left is None and not term.tails:
        return False
    if first.kind == "weekday" and first.value == 7 and left is None:
        return False
    if first.kind == "day" and left is None:
        before, behind = text[term.start - 1 : term.start], text[first.end : first.end + 1]
        numeral = text[first.start : first.end].rstrip("日号")  # in 3、2日 only the last day has its unit
        if before in _COUNTS or (before.isascii() and before.isalnum()):
            return bool(not before)
        if not numeral[0].isdigit() and (len(numeral) == 1 or (before and before not in _OPENS_DAY)):
            return False
        if text[first.end - 1] == "号":
            return before not in _ADDRESS and (not behind or behind in _ENDS_NUMBER_OF_DAY)
        return not _COUNTED_DAYS.match(text, first.end)
    return True


def _first(context: Context, term: Term, token: Token, left: Span | None, shift: int | None) -> tuple[Span | None, Basis] | None:
    """The first token of a term: what it names, and who lends it the year or month it does not name.

    `shift` is how many months a fiscal year in question begins later than the calendar's.
    """
    value, now = token.value, context.now
    match token.kind:
        case "year":
            return years(*value), "written"
        case "month" | "month_day" | "quarter" | "half" if left is None and shift is None:
            return context.choose(term, lambda year: _part(year, token))
        case "short_year" | "perhaps_year":
            century = now.year - now.year % 100
            return years(century + value - (100 if value > now.year % 100 + 10 else 0)), "written"
        case "split_year":
            return Span(date(value, 4, 1), date(value + 1, 3, 31)), "written"
        case "date":
            return day(value), "written"
        case "relative_year":
            base, delta = value
            if base == "here" and context.here:
                return years(context.here.start.year + delta), "here"
            if base != "last":
                return years((add_months(now, -shift) if shift else now).year + delta), "now"
            if context.last_year is None and context.text[token.start] == "当":
                return None  # 当年 without a year before it is 'in those days'
            return years((context.last_year or now.year) + delta), context.told
        case "relative_years":
            return years(now.year + value[1], now.year + value[2]), "now"
        case "whole_year":
            if context.here and context.here.days > 364 and context.here.end < now:
                return years(context.here.start.year), "here"  # 公布截至2023年12月31日止年度业绩，年内收入
            return years(now.year), "now"
        case "century":
            start = now.year - now.year % 100 + 100 * value
            return years(start, start + 99), "now"
        case "numbered_century":
            return years(100 * value - 100, 100 * value - 1), "written"
        case "decade":
            century = 0 if value[0] >= 1600 else 1900 if value[0] >= 30 else 2000
            return years(century + value[0], century + value[1] + 9), "written"
        case "short_season":
            delta, number = value
            return season(now.year + delta - (number == 4 and delta == 0 and now.month <= 2), number), "now"
        case "edge":
            late = value == "end" and now.month <= 2 and not context.looks_ahead(term)
            year = context.year_before() or now.year - late
            if year == now.year and (past := context.year_reported(term)):
                return months(past, 12 if value == "end" else 1), "here"
            return months(year, 12 if value == "end" else 1), "now"
        case "relative_month":
            base, delta = value
            told = context.last_month if base != "now" else None
            start = add_months((told or now).replace(day=1), delta)
            return months(start.year, start.month), "here" if told and base == "here" else context.told if told else "now"
        case "relative_quarter" | "relative_half":
            size = 3 if token.kind == "relative_quarter" else 6
            base, delta = value
            told = context.here.start if base != "now" and context.here and context.here.days < 32 * size else None
            at = told or now
            start = add_months(at.replace(month=(at.month - 1) // size * size + 1, day=1), size * delta)
            return months(start.year, start.month, start.month + size - 1), "here" if told else "now"
        case "relative_week":
            base, delta = value
            at = now if base == "now" else context.last_day or now
            return week(at + 7 * delta * DAY), "now" if base == "now" else context.told
        case "relative_day":
            base, delta = value
            if base == "now":
                return day(now + delta * DAY), "now"
            return (day(context.last_day + delta * DAY), context.told) if context.last_day else None
        case "third" | "half_month" | "month_edge":
            at = (context.last_month or now) if token.kind != "month_edge" else now
            return _within(months(at.year, at.month), token, context), context.told
        case "day":
            if left:
                start, end = (left.end.replace(day=number) for number in value)
                return (Span(start, end) if start > left.start else Span(add_months(start, 1), add_months(end, 1))), context.told
            start = context.day_of_month(value[0])
            return Span(start, start.replace(day=value[1])), context.told if context.last_month else "reference"
        case "weekday":
            if left:
                return day(week(left.start).start + value * DAY), context.told
            return context.weekday(term, value), "reference"
        case "rolling":
            sign, length = value
            moved = _moved(now, length, sign)
            return (Span(now, moved) if sign > 0 else Span(moved, now)), "now"
        case "offset":
            return _offset(context, *value)
        case "lunar" if value[0]:
            return _part(value[0], token), "written"
        case "festival" if value[0].rule.startswith("years"):
            return festival_span(value[0], now.year), "written"
    if left:
        found = _part(left.start.year, token)
        return (found if found.end >= left.start else _part(left.start.year + 1, token)), context.told
    if shift is not None and context.fiscal_year:
        return _part(context.fiscal_year, token), context.told
    if not shift:
        return context.choose(term, lambda year: _part(year, token))
    span, basis = context.choose(term, lambda year: fiscal.moved(_part(year, token), shift))
    return fiscal.moved(span, -shift), basis


def _part(year: int, token: Token) -> Span:
    """A part of a year.

    Raises ValueError where the year has no such part.
    """
    value = token.value
    match token.kind:
        case "half" | "perhaps_half":
            return months(year, 6 * value[0] - 5, 6 * value[1])
        case "quarter" | "perhaps_quarter":
            return months(year, 3 * value[0] - 2, 3 * value[1])
        case "month":
            return months(year, *value)
        case "month_day":
            month, numbers = months(year, *value[0].value), value[1].value
            return Span(month.start.replace(day=numbers[0]), month.start.replace(day=numbers[1]))
        case "season":
            return season(year, value)
        case "edge":
            return months(year, 12 if value == "end" else 1)
        case "lunar":
            _, month, at = value
            return day(lunar(year, month, at)) if at else Span(lunar(year, month, 1), lunar(year, month, 30))
        case "festival":
            festival, means = value
            return festival_span(festival, year) if means == "span" else day(festival_day(festival, year))
    raise ValueError(token.kind)


def _within(parent: Span, token: Token, context: Context) -> Span | None:
    """A narrower part of a span: a month of a year, a day of a month, a weekday of a week."""
    value, start = token.value, parent.start
    match token.kind:
        case "month":
            return months(start.year, *value)
        case "day":
            return Span(start.replace(day=value[0]), start.replace(day=value[1]))
        case "decade":
            return years(start.year + value[0] % 100, start.year + value[1] % 100 + 9)
        case "relative_month":
            return months(start.year, context.now.month)
        case "third":
            last = 10 if value == 1 else 20 if value == 2 else parent.end.day
            return Span(start.replace(day=10 * value - 9), start.replace(day=last))
        case "half_month":
            return Span(start, start.replace(day=15)) if value == 1 else Span(start.replace(day=16), parent.end)
        case "month_edge":
            return Span(start, start.replace(day=10)) if value == "start" else Span(start.replace(day=21), parent.end)
        case "nth_day":
            return day(start + (value - 1) * DAY if value > 0 else parent.end)
        case "first_days":
            return Span(start, start + (value - 1) * DAY)
        case "nth_week" | "nth_weekday":
            nth, weekday = value if token.kind == "nth_weekday" else (value, 0)
            found = start + ((weekday - start.weekday()) % 7 + 7 * (nth - 1)) * DAY
            if nth < 0:
                found = parent.end - (parent.end.weekday() - weekday) % 7 * DAY
            return day(found) if token.kind == "nth_weekday" else Span(found, found + 6 * DAY)
        case "weekday":
            return Span(start + 5 * DAY, start + 6 * DAY) if value == 7 else day(start + min(value, 6) * DAY)
    return _part(start.year, token)


def _moved(at: date, length: Length, sign: int) -> date:
    return add_months(at, sign * length.months) + sign * length.days * DAY


def _offset(context: Context, sign: int, length: Length) -> tuple[Span, Basis]:
    """三年前 is a year, 一个月后 a month, 三周后 a week, 20天后 a day; what comes after counts from the date named last."""
    told = context.last if sign > 0 and context.last and context.last.days <= 31 else None
    at = _moved(told.start if told else context.now, length, sign)
    span = {"年": years(at.year), "月": months(at.year, at.month), "周": week(at)}.get(length.unit, day(at))
    return span, context.told if told else "now"


def _same_period(context: Context, year: Span, tail: str, delta: int | None) -> Span:
    """去年同期 is the period named last, a year earlier; 2019年同期 the one in that year."""
    period = context.reported_period() or context.last_period
    if tail == "same_month" and context.last_month:
        return months(year.start.year, context.last_month.month)
    if period is None and context.last_day:
        return add_years(day(context.last_day), year.start.year - context.last_day.year)
    if period is None:
        return Span(year.start, context.now.replace(year=year.start.year, day=min(context.now.day, 28)))
    return add_years(period, year.start.year - period.start.year if delta is None else delta)


def _ending_then(span: Span, words: str) -> Span:
    """截至2021年3月31日止三个月: the months up to that day."""
    counted = number(words.lstrip("止的").removesuffix("个月")) if words.endswith("个月") else None
    size = counted or (12 if words.endswith(("年度", "财年")) else 6 if words.endswith("半年") else 3)
    return Span(add_months(span.end + DAY, -size), span.end)


_SEASONS = ("spring", "summer", "autumn", "winter")


@lru_cache(maxsize=1 << 12)
def _edge(span: Span, kind: str, which: str) -> Span:
    """年底 is December, 月底 from the 21st on, 季度末 its last month; a decade ends with three years, a century with ten."""
    length = span.end.year - span.start.year + 1
    if length > 1:
        size = 10 if length > 10 else 3 if length > 5 else 1
    elif span.days > 31:
        count = (span.end.year - span.start.year) * 12 + span.end.month - span.start.month + 1
        back = {"start": 0, "middle": count // 2 - 1, "end": count - 1}[which]
        at = add_months(span.start.replace(day=1), max(back, 0))
        return months(at.year, at.month)
    else:
        first, last = {"start": (1, 10), "middle": (11, 20), "end": (21, span.end.day)}[which]
        return Span(span.start.replace(day=first), span.start.replace(day=last))
    first = {"start": 0, "middle": (length - size) // 2, "end": length - size}[which]
    return years(span.start.year + first, span.start.year + first + size - 1)


_TAILS: dict[str, Callable[[Span, str], Span]] = {
    **{name: lambda span, kind, n=n: season(span.start.year, n) for n, name in enumerate(_SEASONS, 1)},  # type: ignore[misc]
    "start": lambda span, kind: _edge(span, kind, "start"),
    "middle": lambda span, kind: _edge(span, kind, "middle"),
    "end": lambda span, kind: _edge(span, kind, "end"),
    "first": lambda span, kind: Span(span.start, span.start.replace(day=10)),
    "second": lambda span, kind: Span(span.start.replace(day=11), span.start.replace(day=20)),
    "third": lambda span, kind: Span(span.start.replace(day=21), span.end),
}
