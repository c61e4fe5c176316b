"""When a figure holds.

The nearest time before the number in its sentence; else the nearest one behind it in the clause; else the time of the fact before it in the
sentence; else, where the sentence names no time at all, the one of the sentence before in the same paragraph. Prices and rules are
not periods of the past: a policy is open ended.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from transforms.article import TimeExpression
from transforms.facts.view import SentenceView


@dataclass(frozen=True, slots=True)
class Period:
    start: date | None
    end: date | None


def of_number(view: SentenceView, start: int, end: int, previous: Period | None) -> Period | None:
    """The period that governs the number at start..end, by the rules above."""
    times = [t for t in view.times if t.kind in ("date", "period") and not _compares(view, t) and not _announces(view, t)]
    before = [t for t in times if t.end <= start]
    clause = view.clause_of(start)
    in_clause = [t for t in before if t.start >= clause.start]
    if in_clause:
        return _period(in_clause[-1])
    if before:
        return _period(before[-1])
    behind = [t for t in times if end <= t.start and t.start < clause.end]
    if behind:
        return _period(behind[0])
    return previous


def _period(t: TimeExpression) -> Period:
    return Period(t.start_date, t.end_date)


def _compares(view: SentenceView, t: TimeExpression) -> bool:
    """是2020年的3.3倍, 较去年同期, 比上年: what a figure is compared with is not when it holds."""
    before = view.text[max(view.sentence.start, t.start - 2) : t.start]
    return (
        before.endswith(("较", "比", "是", "于", "相比", "从"))
        and view.text[t.end : t.end + 1] in "的同，增下上减"
        and not before.endswith("在于")
    )


def _announces(view: SentenceView, t: TimeExpression) -> bool:
    """1月11日，乘联会公布的数据显示: the day of the report, unless nothing else dates the figure."""
    if t.granularity != "day":
        return False
    rest = view.text[t.end : t.end + 40]
    verb = min(
        (rest.find(w) for w in ("公布", "发布", "显示", "披露", "宣布", "报道", "表示", "称", "透露", "公告") if w in rest), default=-1
    )
    return verb >= 0 and not any(q.start < t.end + verb for q in view.quantities if q.start > t.end)


def ends(period: Period) -> tuple[Period, Period]:
    """The first and the last month (or year) of a period: where 从A上升到B has its two ends.

    >>> [p.start.isoformat() for p in ends(Period(date(2020, 5, 1), date(2020, 7, 31)))]
    ['2020-05-01', '2020-07-01']
    """
    if period.start is None or period.end is None:
        return period, period
    if period.start.month == 1 and period.start.day == 1 and period.end.month == 12 and period.end.year > period.start.year:
        return Period(period.start, date(period.start.year, 12, 31)), Period(date(period.end.year, 1, 1), period.end)
    if (period.start.year, period.start.month) == (period.end.year, period.end.month):
        return period, period
    first = Period(period.start, date(period.start.year, period.start.month, monthrange(period.start.year, period.start.month)[1]))
    return first, Period(date(period.end.year, period.end.month, 1), period.end)
