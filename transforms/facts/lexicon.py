"""The reference data as the fact and event rules look it up: word lists by kind, and finders of words in a text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Generic, TypeVar

import ahocorasick_rs

from transforms.reference import Cue, EventTrigger, Metric, Reference
from transforms.script import fold

_Row = TypeVar("_Row")
#: Kinds of cues.csv that are found in a text; the others are word lists for noun phrases.
_FOUND = frozenset(("status", "comparison", "change", "level", "gap", "joint", "says", "according", "plan", "denial", "condition"))


class Finder(Generic[_Row]):
    """Finds the words of a table in a folded text, the longest at a place; Latin words in lower or upper case.

    >>> [(a, b, rows) for a, b, rows in Finder([("DAU", 1), ("日活", 1), ("日活跃用户", 2)]).find("dau与日活跃用户, DAUs")]
    [(0, 3, [1]), (4, 9, [2]), (11, 14, [1])]
    """

    def __init__(self, rows: Iterable[tuple[str, _Row]]) -> None:
        table: dict[str, list[_Row]] = {}
        for word, row in rows:
            for form in {fold(word), fold(word).lower(), fold(word).upper()}:
                table.setdefault(form, []).append(row)
        self._rows = list(table.values())
        self._automaton = ahocorasick_rs.AhoCorasick(
            list(table) or ["\0"], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest, implementation=ahocorasick_rs.Implementation.DFA
        )

    def find(self, text: str) -> Iterator[tuple[int, int, list[_Row]]]:
        """Start, end and rows of every word, unless it goes on from a Latin letter."""
        for i, start, end in self._automaton.find_matches_as_indexes(text):
            if start and text[start].isascii() and text[start - 1].isascii() and text[start - 1].isalpha():
                continue
            yield start, end, self._rows[i]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Word lists are folded. `metric_words` carry metric, sign and whether the word is weak."""

    reference: Reference
    metrics: Mapping[str, Metric]
    metric_words: Finder[tuple[Metric, int, bool]]
    cues: Finder[Cue]
    happenings: Finder[EventTrigger]
    groups: frozenset[str]
    segments: frozenset[str]
    empty: frozenset[str]
    nouns: frozenset[str]
    light: frozenset[str]
    tails: frozenset[str]
    watchers: frozenset[str]


@cache
def lexicon(reference: Reference) -> Lexicon:
    def words(kind: str) -> frozenset[str]:
        return frozenset(fold(cue.surface) for cue in reference.cues if cue.kind == kind)

    return Lexicon(
        reference,
        {metric.code: metric for metric in reference.metrics},
        Finder((w, (m, -1 if w in m.negative else 1, w in m.weak)) for m in reference.metrics for w in (*m.triggers, *m.weak)),
        Finder((cue.surface, cue) for cue in reference.cues if cue.kind in _FOUND),
        Finder((row.trigger, row) for row in reference.event_triggers),
        groups=words("group"),
        segments=words("segment"),
        empty=words("empty"),
        nouns=words("noun"),
        light=words("light"),
        tails=words("tail"),
        watchers=words("watcher"),
    )
