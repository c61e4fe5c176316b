"""The date of an article: the day that 今年, 昨日 and a bare 10月12日 are counted from.

Tried in this order: what the container says, a date in the file name or URL, the byline, and last what the text itself gives away.

From the text: a writer names the year of what lies in other years and leaves it out for the current one. So the latest past date
that has a year is a lower bound, and the bare dates and those of 今年 belong to that year or, where they all lie earlier in the year
than the bound, to the next one. What is planned or forecast proves nothing and is left aside. The article is taken to be of the day
after its latest report.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePosixPath
from typing import Literal, NamedTuple
from urllib.parse import unquote, urlsplit

from transforms import times
from transforms.article import RawDocument, TimeExpression
from transforms.reference import Reference
from transforms.script import fold
from transforms.times.spans import DAY, Span, add_years

Method = Literal["metadata", "filename", "text", "ingestion"]

_YEAR, _MONTH, _DAY = "(20[0-9]{2}|19[89][0-9])", "(0?[1-9]|1[0-2])", "(0?[1-9]|[12][0-9]|3[01])"
_IN_NAME = (
    re.compile(rf"(?<![0-9]){_YEAR}([-_./年]){_MONTH}[-_./月]{_DAY}(?![0-9])"),
    re.compile(
        r"(?<![0-9])(20[0-9]{2}|19[89][0-9])()(0[1-9]|1[0-2])[-_/]?(0[1-9]|[12][0-9]|3[01])(?:[0-2][0-9][0-5][0-9](?:[0-5][0-9])?)?(?![0-9])"
    ),
    re.compile(r"(?<![0-9])(20[0-9]{2}|19[89][0-9])([-_/])(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(?![0-9])"),
)
#: 到2025年 is an aim; 截至2021年 and 从2018年到2020年 look back.
_BY_YEAR = re.compile("(?<![年止截])[到至]$")
_FORECAST_BEFORE = re.compile("(?:预计|预测|估算|预期|展望|提出)[，,：:]?到?$")
_CLAUSE_END = re.compile("[，。！？!?；;：:\n]")
#: Words of plans and forecasts: a date in their clause may lie ahead of the article.
_AHEAD = re.compile("将|预计|预期|预测|计划|目标|拟|有望|力争|争取|规划|即将|展望|才会|要到|等到|届时|之前完成|前完成|到期|截止日")
#: 今年9月, and the 28日 behind it; not 上月, 昨日.
_OF_THIS_YEAR = re.compile("今年|[0-9一二三四五六七八九十第Q]")
_SAME_DAY = re.compile("(?:消息|讯|电[，）)]|电$|报道)")
#: A bare date belongs to the year after the latest dated one only where that is not too far, in days.
_REACH = 240
_LATEST_FUTURE = 2


#: What is reported of a whole period comes out after it: 2023年业绩, 截至2023年12月31日止年度.
_RESULTS = re.compile("的?(?:全年|年度|半年度|中期|综合|经审[计核])*(?:业绩|财报|年报|季报|中报|半年报|年度报告|成绩单|财务)")


class _Clue(NamedTuple):
    """A date that lies behind the writer; `over` says that all of it does."""

    span: Span
    basis: times.Basis
    same_day: bool
    over: bool = False


def infer(
    document: RawDocument, byline_date: date | None, text: str, today: date, reference: Reference | None = None
) -> tuple[date, Method]:
    """The reference date of an article, and how it was found; `today` (the day of ingestion) is the latest it can be.

    >>> infer(RawDocument("news/2021-03-05_report.txt", ""), None, "", date(2024, 1, 1))
    (datetime.date(2021, 3, 5), 'filename')
    >>> infer(RawDocument("a.txt", ""), None, "1月13日，锂价为31.5万元。截至2021年12月31日，换电站有777座。", date(2024, 1, 1))
    (datetime.date(2022, 1, 14), 'text')
    >>> infer(RawDocument("a.txt", ""), None, "锂价上涨。", date(2024, 1, 1))
    (datetime.date(2024, 1, 1), 'ingestion')
    """
    if document.published_on:
        return document.published_on, "metadata"
    if named := _from_names(document, today):
        return named, "filename"
    if byline_date:
        return byline_date, "text"
    if told := _from_text(text, today, reference):
        return told, "text"
    return today, "ingestion"


def _from_names(document: RawDocument, today: date) -> date | None:
    """The date in the URL, or in the name of the file: its folders tell about the storage, not the article."""
    web = [uri for uri in (document.url, document.source_uri) if uri and uri.startswith(("http://", "https://"))]
    paths = [unquote(urlsplit(uri).path) for uri in web]
    if not document.source_uri.startswith(("http://", "https://")):
        paths.append(PurePosixPath(document.source_uri.replace("\\", "/")).name)
    for path in paths:
        for pattern in _IN_NAME:
            for found in pattern.finditer(path):
                try:
                    named = date(int(found[1]), int(found[3]), int(found[4]))
                except ValueError:
                    continue
                if named <= today + _LATEST_FUTURE * DAY:
                    return named
    return None


def _from_text(text: str, today: date, reference: Reference | None) -> date | None:
    clues = _clues(text, today, reference)
    dated = [clue for clue in clues if clue.basis == "written"]
    if not dated:
        return None
    bound = max(dated, key=lambda clue: (clue.span.start, clue.same_day))
    year, since = bound.span.start.year, bound.span.start
    over = max((clue.span.end for clue in dated if clue.over), default=date.min)
    # a bare date behind an older year belongs to that history
    bare = [c for c in clues if c.basis in ("reference", "now") or (c.basis == "text" and c.span.start.year >= year)]
    here = [c for c in (_moved(clue, year) for clue in bare) if c and since <= c.span.start <= today and c.span.start > over]
    if not here:
        following = [
            c
            for c in (_moved(clue, year + 1) for clue in bare if clue.basis != "text" or clue.span.start.year > year)
            if c and c.span.start <= today
        ]
        here = sorted(following, key=lambda c: c.span.start)[-1:]
        here = [c for c in here if (c.span.start - max(since, over)).days <= _REACH]
    latest = max(here, key=lambda c: (c.span.start, c.same_day), default=bound)
    after = latest.span.days == 1 and not latest.same_day
    return min(latest.span.end + after * DAY, today)


def _moved(clue: _Clue, year: int) -> _Clue | None:
    try:
        return clue._replace(span=add_years(clue.span, year - clue.span.start.year))
    except ValueError:
        return None


def _clues(text: str, today: date, reference: Reference | None) -> list[_Clue]:
    """The dates of a text that lie behind its writer: with a year of their own, or bare and so of the current year."""
    clues: list[_Clue] = []
    folded = fold(text)
    for reading in times.readings(text, today, reference):
        found = reading.expression
        if found.start_date is None or found.end_date is None or _looks_ahead(folded, found):
            continue
        span = Span(found.start_date, found.end_date)
        same_day = bool(_SAME_DAY.match(folded, found.end))
        if reading.basis in ("written", "text"):
            if span.start <= today:
                over = _RESULTS.match(folded, found.end) is not None or found.surface.endswith(("止年度", "止财政年度"))
                clues.append(_Clue(span, reading.basis, same_day, over))
        elif found.granularity in ("day", "month", "quarter") and (
            reading.basis == "reference" or (_OF_THIS_YEAR.match(folded, found.start) and span.start.year == today.year)
        ):
            clues.append(_Clue(span, reading.basis, same_day))
    return clues


def _looks_ahead(text: str, found: TimeExpression) -> bool:
    """Whether a date belongs to a plan or forecast: by a word in its clause, 到2025年, or 预计，2025年 in the clause before."""
    if found.granularity == "year" and _BY_YEAR.search(text, max(0, found.start - 3), found.start):
        return True
    if _FORECAST_BEFORE.search(text, max(0, found.start - 8), found.start):
        return True
    start, end = max(0, found.start - 40), min(len(text), found.end + 40)
    for mark in _CLAUSE_END.finditer(text, start, found.start):
        start = mark.end()
    closing = _CLAUSE_END.search(text, found.end, end)
    return bool(_AHEAD.search(text, start, closing.start() if closing else end))
