"""Candidates for a mention and the choice among them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from transforms.article import EntityType


class Span(NamedTuple):
    """A stretch of text that may be a name. `entity_id` where the reference data knows it; `name` is the full name of a short form."""

    start: int
    end: int
    type: EntityType
    method: Literal["reference", "pattern", "segmenter", "model"]
    confidence: float
    entity_id: str | None = None
    name: str | None = None


_TAKEN = b"\1"


class Covered:
    """Stretches of a text, joined where they overlap.

    >>> covered = Covered([(2, 5), (4, 6), (9, 10)])
    >>> covered.holds(2, 6), covered.holds(5, 10), covered.holds_more(2, 5), covered.holds_more(9, 10)
    (True, False, True, False)
    """

    __slots__ = ("_ends", "_starts")

    def __init__(self, spans: Iterable[tuple[int, int]] = ()) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []
        for start, end in sorted(spans):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(end, self._ends[-1])
            else:
                self._starts.append(start)
                self._ends.append(end)

    def holds(self, start: int, end: int) -> bool:
        """Whether one stretch holds the whole span."""
        i = bisect_right(self._starts, start)
        return i > 0 and self._ends[i - 1] >= end

    def holds_more(self, start: int, end: int) -> bool:
        """Whether one stretch holds the span and more."""
        i = bisect_right(self._starts, start)
        return i > 0 and self._ends[i - 1] >= end and self._ends[i - 1] - self._starts[i - 1] > end - start


def choose(candidates: Iterable[Span], blocked: Sequence[tuple[int, int]] = ()) -> list[Span]:
    """The candidates that stay: a longer one before a shorter one, a known or surer one before its equal; in order of the text.

    >>> a, b = Span(0, 2, "place", "reference", 1.0), Span(0, 9, "organization", "pattern", 0.8)
    >>> choose([a, b]) == [b], choose([a, b], [(8, 10)]) == [a]
    (True, True)
    """
    ranked = sorted(candidates, key=_preference)
    taken = bytearray(max((span.end for span in ranked), default=0))  # one byte a character
    for start, end in blocked:
        taken[start:end] = _TAKEN * len(taken[start:end])
    kept = []
    for span in ranked:
        if taken.find(1, span.start, span.end) < 0:
            taken[span.start : span.end] = _TAKEN * (span.end - span.start)
            kept.append(span)
    kept.sort()
    return kept


def _preference(span: Span) -> tuple[int, bool, float, int]:
    return span.start - span.end, span.entity_id is None, -span.confidence, span.start
