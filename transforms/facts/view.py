"""A sentence as the fact rules see it: its clauses, and everything that was found in it, in order."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import ahocorasick_rs

from transforms.article import Mention, Quantity, Sentence, TimeExpression
from transforms.reference import Cue, Metric, Reference
from transforms.script import fold

_CLAUSE_END = re.compile(r"[，；;：:。！？!?]|,(?!\d)")


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word that names a metric, in offsets of the clean text."""

    start: int
    end: int
    metric: Metric
    sign: int


@dataclass(frozen=True, slots=True)
class CueHit:
    start: int
    end: int
    cue: Cue


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch between two commas; offsets of the clean text."""

    index: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SentenceView:
    """One sentence with its parts in order. `text` is the folded text of the whole article: all offsets point into it."""

    sentence: Sentence
    text: str
    clauses: tuple[Clause, ...]
    mentions: tuple[Mention, ...]
    quantities: tuple[Quantity, ...]
    times: tuple[TimeExpression, ...]
    triggers: tuple[Trigger, ...]
    cues: tuple[CueHit, ...]

    def clause_of(self, offset: int) -> Clause:
        return next((c for c in reversed(self.clauses) if c.start <= offset), self.clauses[0])

    def cues_of(self, kind: str, start: int, end: int) -> list[CueHit]:
        """The cues of one kind inside a span, in order."""
        return [c for c in self.cues if c.cue.kind == kind and start <= c.start and c.end <= end]


@cache
def _trigger_automaton(reference: Reference) -> tuple[ahocorasick_rs.AhoCorasick, list[tuple[Metric, int]]]:
    rows: dict[str, tuple[Metric, int]] = {}
    for metric in reference.metrics:
        for word in metric.triggers:
            rows.setdefault(fold(word).lower(), (metric, -1 if word in metric.negative else 1))
    words = sorted(rows)
    return ahocorasick_rs.AhoCorasick(words or ["\0"], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest), [rows[w] for w in words]


@cache
def _cue_automaton(reference: Reference) -> tuple[ahocorasick_rs.AhoCorasick, list[tuple[Cue, ...]]]:
    rows: dict[str, list[Cue]] = {}
    for cue in reference.cues:
        rows.setdefault(fold(cue.surface), []).append(cue)
    words = sorted(rows)
    return ahocorasick_rs.AhoCorasick(words or ["\0"], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest), [tuple(rows[w]) for w in words]


def views(
    clean: str,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    quantities: Sequence[Quantity],
    times: Sequence[TimeExpression],
    reference: Reference,
) -> list[SentenceView]:
    """The sentences of an article with what was found in them."""
    text = fold(clean)
    finder, metrics = _trigger_automaton(reference)
    taken = sorted([(m.start, m.end) for m in mentions] + [(t.start, t.end) for t in times])
    triggers = [
        Trigger(a, b, *metrics[i])
        for i, a, b in finder.find_matches_as_indexes(text.lower())
        if not _inside(taken, a, b) and not (text[a].isascii() and text[a - 1 : a].isascii() and text[a - 1 : a].isalpha())
    ]
    cue_finder, cues = _cue_automaton(reference)
    hits = [CueHit(a, b, cue) for i, a, b in cue_finder.find_matches_as_indexes(text) if not _inside(taken, a, b) for cue in cues[i]]
    result = []
    for s in sentences:
        result.append(
            SentenceView(
                s,
                text,
                _clauses(text, s),
                *(tuple(_within(items, s)) for items in (mentions, quantities, times, triggers, hits)),  # type: ignore[arg-type]
            )
        )
    return result


def _inside(taken: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    i = bisect_left(taken, (start + 1, 0)) - 1
    return i >= 0 and taken[i][0] <= start and end <= taken[i][1]


def _within(items: Sequence[Mention | Quantity | TimeExpression | Trigger | CueHit], sentence: Sentence) -> list:
    first = bisect_left(items, sentence.start, key=lambda item: item.start)
    last = bisect_left(items, sentence.end, key=lambda item: item.start)
    return list(items[first:last])


def _clauses(text: str, sentence: Sentence) -> tuple[Clause, ...]:
    clauses, start = [], sentence.start
    for match in _CLAUSE_END.finditer(text, sentence.start, sentence.end):
        if match.start() > start:
            clauses.append(Clause(len(clauses), start, match.start()))
        start = match.end()
    if start < sentence.end:
        clauses.append(Clause(len(clauses), start, sentence.end))
    return tuple(clauses) or (Clause(0, sentence.start, sentence.end),)
