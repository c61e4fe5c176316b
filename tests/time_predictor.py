"""What `transforms.times` finds, in the form that public test collections of dates expect.

Conventions of theirs that the product declines, and that are made here: open sides (2018年以前, 2015年起; the tables keep the
expression itself, what stands around it belongs to the fact), spans from today (17天内), ends of a year of two months and beginnings
of a month of five days, seasons by the solar terms, 最近 as today, a bare 2018 or 05/05/89 in a text that holds nothing else.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Any

from borax.calendars.lunardate import TermUtils

from transforms import numerals, times
from transforms.article import TimeExpression
from transforms.script import fold

Row = dict[str, Any]
DAY = timedelta(days=1)
_SOLAR = {"春": ("立春", "立夏"), "夏": ("立夏", "立秋"), "秋": ("立秋", "立冬"), "冬": ("立冬", "立春")}
_SINCE = re.compile("(?:起|开始)(?!至)")
_FROM_THEN = re.compile("[或及](?:之|以)?后")
_UNTIL_THEN = re.compile("[或及](?:之|以)?前")
_BEFORE = re.compile("[之以]?前(?!后)")
_AFTER = re.compile("[之以]后")
_WITHIN = re.compile("(?P<count>[0-9]+|[一二两三四五六七八九十]+)个?(?P<half>半)?(?P<unit>年半?|月|周|天|日)[以之]?内")
_AMERICAN = re.compile(r"(?<![0-9])([0-9]{1,2})([-/])([0-9]{1,2})\2([0-9]{2})(?![0-9])")
_NUMERAL = "[0-9]{1,2}|[零〇一二两三四五六七八九十]{1,3}"
_PART = "凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|深夜|半夜|夜里|晚|早"
_CLOCK = re.compile(
    f"(?P<part>{_PART})?的? ?(?:(?P<hour>{_NUMERAL})(?:[点时]钟?整?(?P<half>半)?(?:(?P<quarter>[一三])刻|(?P<minute>{_NUMERAL})分?)?"
    f"|[:：](?P<digits>[0-9]{{2}}))(?:(?:(?<=分)|[:：])(?P<second>{_NUMERAL})秒?)?)(?P<pm> ?p\\.?m\\.?)?(?! ?(?:{_NUMERAL}))"
)
_NUMBER_BEFORE = re.compile("[0-9.之百千万亿个%十一二三四五六七八九]$")
_TO = re.compile(" ?[到至~—-]{1,2} ?")
_UNTIL = re.compile("截[止至]到?$")
_FROM = re.compile("[从自]$")


def rows(text: str, reference: str | None) -> list[Row]:
    """The dates and periods of a text as rows with kind, start, end, date_start, date_end; an open side is None."""
    now = date.fromisoformat(reference[:10]) if reference else date(2020, 6, 1)
    folded = fold(text)
    found = [_row(t, folded, now) for t in times.extract(text, now)]
    found = _clocked(folded, found, now)
    return found + [row for row in _odd(folded, now) if not any(row["start"] < f["end"] and f["start"] < row["end"] for f in found)]


def _made(kind: str, start: int, end: int, first: date | None, last: date | None) -> Row:
    return {"kind": kind, "start": start, "end": end, "date_start": first and first.isoformat(), "date_end": last and last.isoformat()}


def _row(t: TimeExpression, text: str, now: date) -> Row:
    start, end, first, last = t.start, t.end, t.start_date, t.end_date
    assert first is not None
    assert last is not None
    kind: str = t.kind
    surface = text[start:end]
    if surface.endswith(("年初", "年底", "年末")):
        first, last = (first, date(first.year, 2, monthrange(first.year, 2)[1])) if surface[-1] == "初" else (date(first.year, 11, 1), last)
    elif surface.endswith("月初"):
        last = first.replace(day=5)
    elif t.granularity == "season" and (season := next((s for s in _SOLAR if s in surface), None)):
        opening, closing = _SOLAR[season]
        first = TermUtils.day_start_from_term(first.year, opening)
        last = TermUtils.day_start_from_term(first.year + (season == "冬"), closing) - DAY
    before = text[max(0, start - 3) : start]
    if surface.endswith(("以后", "之后")):
        return _made("period", start, end, first, None)
    if surface.endswith(("以前", "之前")):
        return _made("period", start, end, None, last)
    if mark := _UNTIL.search(before):
        return _made("period", start - len(mark[0]), end, None, last)
    if mark := _SINCE.match(text, end):
        return _made("period", start - (kind == "date" and bool(_FROM.search(before))), mark.end(), first, None)
    if mark := _FROM_THEN.match(text, end):
        return _made("period", start, mark.end(), first, None)
    if mark := _UNTIL_THEN.match(text, end):
        return _made("period", start, mark.end(), None, last)
    if mark := _AFTER.match(text, end):
        return _made("period", start, mark.end(), last + DAY, None)
    if mark := _BEFORE.match(text, end):
        # 2018年以前 ends before the year, 明年底前 with it
        return _made("period", start, mark.end(), None, last if t.relative else first - DAY)
    if t.granularity == "other" and _FROM.search(before) and re.search("[至到-]", surface):
        start -= 1
    return _made(kind, start, end, first, last)


def _clocked(text: str, found: list[Row], now: date) -> list[Row]:
    """Dates with the clock times behind them, and clock times alone, which are of today."""
    clocks = [m for m in _CLOCK.finditer(text) if not any(r["start"] < m.end() and m.start() < r["end"] for r in found)]
    made: list[Row] = []
    used: set[int] = set()
    while clocks:
        clock = clocks.pop(0)
        start, end, begins, ends = clock.start(), clock.end(), _time(clock, ""), None
        if begins is None:
            continue
        if clocks and _TO.fullmatch(text, end, clocks[0].start()):
            until = clocks.pop(0)
            end, ends = until.end(), _time(until, clock["part"] or "")
        before = next((i for i, r in enumerate(found) if r["end"] == start and r["kind"] == "date"), None)
        row = _made("datetime", start, end, now, now)
        if before is not None:
            used.add(before)
            row |= {key: found[before][key] for key in ("start", "date_start", "date_end")}
        made.append(row | {"time_start": begins} | ({"time_end": ends} if ends else {}))
    return [row for i, row in enumerate(found) if i not in used] + made


def _time(clock: re.Match[str], part: str) -> str | None:
    hour, second = numerals.read(clock["hour"]), numerals.read(clock["second"] or "0")
    bare = clock["minute"] and not clock["part"] and len(clock["minute"]) == 1 and not clock[0].endswith("分")
    if bare or _NUMBER_BEFORE.search(clock.string, 0, clock.start("hour")):
        return None  # 三点五 is a number
    minute = numerals.read(
        clock["digits"] or clock["minute"] or {"一": "15", "三": "45"}.get(clock["quarter"] or "", "30" if clock["half"] else "0")
    )
    if any(n is None or n.value is None for n in (hour, minute, second)):
        return None
    h, m, s = (int(n.value) for n in (hour, minute, second))  # type: ignore[union-attr,arg-type]
    part = clock["part"] or part
    late = part[:1] in ("下", "傍", "晚") or (part == "中午" and h < 6) or bool(clock["pm"])
    return f"{h + 12 * (late and h < 12):02d}:{m:02d}:{s:02d}" if h < 25 and m < 60 and s < 60 else None


def _odd(text: str, now: date) -> list[Row]:
    """What only a test would write."""
    found = [_made("date", m.start(), m.end(), now, now) for m in re.finditer("最近$", text)]
    for m in _WITHIN.finditer(text):
        length = times.extract(f"未来{m[0][:-1].removesuffix('以').removesuffix('之')}", now)
        found += [_made("period", m.start(), m.end(), t.start_date, t.end_date) for t in length]
    if m := re.match("((?:19|20)[0-9]{2})(?= |$)", text):
        found.append(_made("period", 0, 4, date(int(m[1]), 1, 1), date(int(m[1]), 12, 31)))
    for m in _AMERICAN.finditer(text):
        year = int(m[4]) + (1900 if int(m[4]) > 50 else 2000)
        month, day = (int(m[1]), int(m[3])) if m[2] == "/" else (int(m[3]), int(m[1]))
        if 1 <= month <= 12 and 1 <= day <= 28:
            found.append(_made("date", m.start(), m.end(), date(year, month, day), date(year, month, day)))
    return found
