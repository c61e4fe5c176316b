"""分别: numbers that go, in their order, to what is listed in front of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from transforms.article import Mention, TimeExpression
from transforms.facts.measures import dimension
from transforms.facts.view import CueHit, SentenceView, Trigger

_RESPECTIVELY = frozenset(("分别", "依次", "分列"))
_OWNERS = ("company", "product", "organization", "work")
#: A metric word may stand behind 分别 too: 分别实现营收A和B.
_REACH = 12


class Place(NamedTuple):
    """What stands at the same place of the list in front as a number in its own: the metric word, the owner, the period."""

    trigger: Trigger | None = None
    owner: Mention | None = None
    time: TimeExpression | None = None


def places(view: SentenceView) -> dict[int, Place]:
    """The numbers behind every 分别 of a sentence, by where they start."""
    return {start: place for c in view.cues if c.cue.surface in _RESPECTIVELY for start, place in _behind(view, c)}


def _behind(view: SentenceView, c: CueHit) -> Iterator[tuple[int, Place]]:
    clause = view.clause_of(c.start)
    numbers = [q for q in view.quantities if c.end <= q.start < clause.end]
    if c.cue.surface == "分列":  # vivo、OPPO分列二三，份额为17.8%和16.5%
        behind = view.clauses[min(clause.order + 1, len(view.clauses) - 1)]
        told = numbers or view.cues_of("joint", behind.start, behind.end)
        numbers = [] if told else [q for q in view.quantities if behind.start <= q.start < behind.end]
    while len(numbers) > 1 and dimension(numbers[-1].unit) != dimension(numbers[0].unit):
        numbers.pop()
    if len(numbers) < 2:
        return
    # 营收和净利润，分别为: the list may be the clause in front
    floor = clause.start if clause.start < c.start - 2 or not clause.order else view.clauses[clause.order - 1].start
    reach = min(c.end + _REACH, numbers[0].start)
    words = [t for t in view.triggers if floor <= t.start and t.end <= reach and not t.weak and t.metric.code != "ranking"]
    named = [m for m in view.mentions if floor <= m.start and m.end <= c.start]
    owners = [m for m in named if m.type in _OWNERS] or [m for m in named if m.type == "person"]
    times = [t for t in view.times if floor <= t.start and t.end <= c.start]
    if len(words) < len(numbers) and not (owners or times) and dimension(numbers[0].unit) == "percent":
        # 营收148.7亿元，净利润27.2亿元，同比分别增长39.3%和44.1%
        words = [t for t in view.triggers if t.end <= c.start and not t.weak][-len(numbers) :]
    for i, q in enumerate(numbers):
        if len(words) == len(numbers):
            yield q.start, Place(trigger=words[i])
        elif len(owners) == len(numbers):
            yield q.start, Place(trigger=words[-1] if words else None, owner=owners[i])
        elif len(times) == len(numbers):
            yield q.start, Place(trigger=words[-1] if words else None, time=times[i])
        elif (each := _years(times)) and len(each) == len(numbers):
            yield q.start, Place(trigger=words[-1] if words else None, time=each[i])
        elif not times and len(numbers) == len(earlier := _years(view.times[:1])):
            yield q.start, Place(trigger=words[-1] if words else None, time=earlier[i])


def _years(times: Sequence[TimeExpression]) -> list[TimeExpression]:
    """The years of 2021年至2023年, each on its own: 营业收入分别为0.68亿元、1.36亿元和5.93亿元."""
    first, last = (times[0].start_date, times[0].end_date) if len(times) == 1 else (None, None)
    if first is None or last is None or (first.month, first.day, last.month, last.day) != (1, 1, 12, 31):
        return []
    return [
        replace(times[0], start_date=date(year, 1, 1), end_date=date(year, 12, 31), granularity="year")
        for year in range(first.year, last.year + 1)
    ]
