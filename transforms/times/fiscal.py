"""Fiscal years: which company a 财年 or 财季 is about, and how far its year lies from the calendar's."""

from __future__ import annotations

import re
from functools import cache

from transforms.reference import FiscalYear, Reference
from transforms.script import fold
from transforms.times.spans import DAY, Span, add_months

#: How far back a company may be named in the same paragraph, and how long the opening of a text is that says what it is about.
_REACH, _OPENING = 300, 200


def is_named(text: str) -> bool:
    """Whether a text speaks of fiscal years."""
    return "财" in text or "会计" in text or "FY" in text


@cache
def companies(reference: Reference) -> tuple[re.Pattern[str] | None, dict[str, FiscalYear]]:
    """A pattern for the companies with a fiscal year of their own, and what is known of each."""
    known = {fold(name): year for year in reference.fiscal_years for name in (year.company, *year.aliases)}
    names = sorted(known, key=len, reverse=True)
    return (re.compile("|".join(map(re.escape, names))) if names else None), known


def offset(text: str, start: int, end: int, reference: Reference) -> int | None:
    """How many months the fiscal year of text[start:end] begins after the calendar year of its number; None where it is no fiscal one.

    The company is the last one named before in the paragraph, else one named in the opening of the text.

    >>> from transforms.reference import load
    >>> offset("阿里巴巴2021财年营收", 4, 10, load()), offset("索尼2021财年营收", 2, 8, load()), offset("某公司2021年", 3, 8, load())
    (-9, 3, None)
    """
    if not is_named(text[start:end]):
        return None
    pattern, known = companies(reference)
    if pattern is None:
        return 0
    near = max(text.rfind("\n", 0, start) + 1, start - _REACH)
    named = [m[0] for m in pattern.finditer(text, near, start)] or [m[0] for m in pattern.finditer(text, 0, min(start, _OPENING))]
    if not named:
        return 0
    year = known[named[-1]]
    return year.first_month - 1 - (12 if year.named_after == "end" and year.first_month > 1 else 0)


def moved(span: Span, count: int) -> Span:
    """A span of whole months, that many months later."""
    return Span(add_months(span.start, count), add_months(span.end + DAY, count) - DAY)
