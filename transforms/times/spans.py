"""Calendar arithmetic: closed intervals of days, and the named days of the year.

Lunar dates and solar terms come from `borax`, the days off around a public holiday from `chinesecalendar`, which carries the annual notices
of the State Council (2004 and later); where it has no notice yet, the usual days in festivals.csv stand in.
"""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import NamedTuple

from borax.calendars.lunardate import LCalendars, LunarDate, TermUtils
from chinese_calendar.constants import holidays as _DAYS_OFF

from transforms.reference import Festival

DAY = timedelta(days=1)


class Span(NamedTuple):
    """A closed interval of days; an open side is None."""

    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


def day(at: date) -> Span:
    return Span(at, at)


@lru_cache(maxsize=1 << 12)
def years(first: int, last: int | None = None) -> Span:
    return Span(date(first, 1, 1), date(first if last is None else last, 12, 31))


@lru_cache(maxsize=1 << 12)
def months(year: int, first: int, last: int | None = None) -> Span:
    """Whole months of a year; a last month before the first is one of the next year.

    >>> months(2024, 2), months(2021, 11, 1).end
    (Span(start=datetime.date(2024, 2, 1), end=datetime.date(2024, 2, 29)), datetime.date(2022, 1, 31))
    """
    last = first if last is None else last
    until = year + (last < first)
    return Span(date(year, first, 1), date(until, last, monthrange(until, last)[1]))


def add_months(at: date, count: int) -> date:
    """The same day of another month, or its last day where it has no such day.

    >>> add_months(date(2021, 1, 31), 1), add_months(date(2021, 1, 31), -2)
    (datetime.date(2021, 2, 28), datetime.date(2020, 11, 30))
    """
    year, month = divmod(at.year * 12 + at.month - 1 + count, 12)
    return date(year, month + 1, min(at.day, monthrange(year, month + 1)[1]))


@lru_cache(maxsize=1 << 12)
def add_years(span: Span, count: int) -> Span:
    """The same span of another year; the end of a month stays the end of a month.

    >>> add_years(months(2020, 1, 2), -1).end
    datetime.date(2019, 2, 28)
    """
    start, end = add_months(span.start, 12 * count), add_months(span.end, 12 * count)
    if (span.end + DAY).day == 1:
        end = end.replace(day=monthrange(end.year, end.month)[1])
    return Span(start, end)


def week(at: date) -> Span:
    """The week of a day, Monday to Sunday."""
    monday = at - at.weekday() * DAY
    return Span(monday, monday + 6 * DAY)


def season(year: int, number: int) -> Span:
    """Spring is March to May; the winter of a year begins in its December."""
    return months(year, 3 * number, (3 * number + 2 - 1) % 12 + 1)


def lunar(year: int, month: int, at: int) -> date:
    """A day of the lunar calendar; the thirtieth of a short month is its last day.

    >>> lunar(2020, 1, 1), lunar(2020, 8, 15)
    (datetime.date(2020, 1, 25), datetime.date(2020, 10, 1))
    """
    return LunarDate(year, month, min(at, LCalendars.ndays(year, month))).to_solar_date()


@cache
def festival_day(festival: Festival, year: int) -> date:
    """The day of a festival in a (solar) year, by its rule; for a rule that names years, the first day of them.

    Raises ValueError for a rule that is none, and for a lunar date out of the tables (1900 to 2100).
    """
    kind, _, rest = festival.rule.rpartition(" ")
    numbers = [int(part) for part in rest.split("-")] if rest[-1:].isdigit() else []
    if kind == "" and len(numbers) == 2:
        return date(year, *numbers)
    if kind == "lunar" and len(numbers) == 2:
        found = lunar(year, *numbers)
        # the last days of a lunar year fall into the next solar year: 除夕 of 2020 is the last day of lunar 2019
        return found if found.year == year else lunar(year - 1, *numbers)
    if kind == "solar-term":
        return TermUtils.day_start_from_term(year, rest)
    if kind == "weekday" and len(numbers) == 3:
        month, weekday, nth = numbers
        first = date(year, month, 1)
        return first + ((weekday - 1 - first.weekday()) % 7 + 7 * (nth - 1)) * DAY
    if kind == "years" and len(numbers) == 2:
        return date(numbers[0], 1, 1)
    raise ValueError(f"festivals.csv: {festival.name}: {festival.rule!r} is no rule")


@cache
def festival_span(festival: Festival, year: int) -> Span:
    """The days meant by `期间`: the days off by the notice of that year, else the usual days around the festival."""
    if festival.rule.startswith("years "):
        return years(*map(int, festival.rule.removeprefix("years ").split("-")))
    at = festival_day(festival, year)
    if not (festival.off and at in _DAYS_OFF):
        return Span(at + festival.first * DAY, at + festival.last * DAY)
    first = last = at
    while first - DAY in _DAYS_OFF:
        first -= DAY
    while last + DAY in _DAYS_OFF:
        last += DAY
    return Span(first, last)
