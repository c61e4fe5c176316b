"""What happened: launches, rules, deals, appointments, as dated rows with participants.

A trigger word (`event_triggers.csv`) makes an event where its clause has an actor or an object and a date governs it. Plans and denials are
not happenings and are left out; a rule counts from the day it takes effect.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import ahocorasick_rs

from transforms.article import Event, Mention, Participant, Sentence, TimeExpression
from transforms.facts.view import Clause, SentenceView, views
from transforms.reference import EventTrigger, Reference
from transforms.script import fold

#: 近日, 日前: within the last two weeks before the article.
_RECENTLY = re.compile("近日|日前|近期|最近|不久前|前不久|近来")
_RECENT_DAYS = 14
_PARTICIPANT_TYPES = ("company", "product", "organization", "government", "person", "media", "work", "event")
_EFFECT = re.compile("[自从]?$")


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    trigger: EventTrigger


@cache
def _automaton(reference: Reference) -> tuple[ahocorasick_rs.AhoCorasick, list[EventTrigger]]:
    rows = {fold(row.trigger): row for row in reference.event_triggers}
    words = sorted(rows)
    return ahocorasick_rs.AhoCorasick(words or ["\0"], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest), [rows[w] for w in words]


def extract(
    clean: str,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    times: Sequence[TimeExpression],
    reference: Reference,
    reference_date: date,
) -> list[Event]:
    """The events of an article, in the order of its text; one row a happening."""
    result: list[Event] = []
    finder, rows = _automaton(reference)
    folded = fold(clean)
    taken = [(m.start, m.end) for m in mentions]
    hits = [_Hit(a, b, rows[i]) for i, a, b in finder.find_matches_as_indexes(folded)]
    hits = [h for h in hits if not any(a < h.end and h.start < b for a, b in taken)]
    at = 0
    for view in views(clean, sentences, mentions, (), times, reference):
        own = []
        while at < len(hits) and hits[at].start < view.sentence.end:
            if hits[at].start >= view.sentence.start:
                own.append(hits[at])
            at += 1
        result += _of_sentence(clean, view, own, reference_date)
    return result


def _of_sentence(clean: str, view: SentenceView, hits: Sequence[_Hit], reference_date: date) -> list[Event]:
    events: list[Event] = []
    for hit in hits:
        clause = view.clause_of(hit.start)
        if _is_plan(view, clause, hit) or _is_noun(view, hit):
            continue
        when, since = _date(view, clause, hit, reference_date)
        if when is None:
            continue
        participants = _participants(view, clause, hit, since)
        if not any(p.role == "actor" for p in participants) and not participants:
            continue
        span_start = min(since, clause.start)
        event = Event(
            sentence_index=view.sentence.index,
            start=span_start,
            end=clause.end,
            evidence=clean[span_start : clause.end],
            type=hit.trigger.type,
            date_start=when[0],
            date_end=when[1],
            summary=clean[clause.start : clause.end],
            participants=participants,
            confidence=0.8,
        )
        merged = _merge(events, event)
        if merged is not None:
            events[merged] = _better(events[merged], event)
        else:
            events.append(event)
    return events


#: Of two triggers in one happening the more telling type stays.
_TELLING = (
    "acquisition",
    "listing",
    "funding",
    "cooperation",
    "ban",
    "report_release",
    "org_change",
    "policy_change",
    "launch",
    "release",
    "other",
)


def _merge(events: Sequence[Event], event: Event) -> int | None:
    """The event of the same day and overlapping evidence that this one is another word for."""
    for i, other in enumerate(events):
        if (other.date_start, other.date_end) == (event.date_start, event.date_end):
            return i
    return None


def _better(first: Event, second: Event) -> Event:
    return min(first, second, key=lambda e: (_TELLING.index(e.type), e.start))


def _is_plan(view: SentenceView, clause: Clause, hit: _Hit) -> bool:
    before = view.text[max(clause.start, hit.start - 10) : hit.start]
    return any(
        c.start >= max(clause.start, hit.start - 10) and c.end <= hit.start
        for kind in ("plan", "denial")
        for c in view.cues_of(kind, clause.start, hit.start)
    ) and not before.endswith("宣布")


def _is_noun(view: SentenceView, hit: _Hit) -> bool:
    """的上市, 收购的, 合作方: the trigger names a thing, or stands in an aside."""
    before, behind = view.text[hit.start - 1 : hit.start], view.text[hit.end : hit.end + 1]
    return (before == "的" and len(hit.trigger.trigger) == 2) or behind in (
        "方",
        "价",
        "额",
        "率",
        "期",
        "商",
        "者",
        "性",
        "类",
        "量",
        "部",
        "会",
        "费",
        "的",
    )


def _date(view: SentenceView, clause: Clause, hit: _Hit, reference_date: date) -> tuple[tuple[date | None, date | None] | None, int]:
    """The day or period of a happening, and where its date stands: the last one before the trigger in the sentence, else the first one behind
    it in the clause; 近日 counts as the last two weeks."""
    times = [t for t in view.times if t.kind in ("date", "period") and t.start_date]
    before = [t for t in times if t.end <= hit.start]
    if before:
        t = before[-1]
        return (t.start_date, t.end_date), t.start
    behind = [t for t in times if hit.end <= t.start < clause.end]
    if behind:
        return (behind[0].start_date, behind[0].end_date), clause.start
    vague = _RECENTLY.search(view.text, view.sentence.start, hit.start)
    if vague:
        return (reference_date - timedelta(days=_RECENT_DAYS), reference_date), vague.start()
    return None, clause.start


def _participants(view: SentenceView, clause: Clause, hit: _Hit, since: int) -> tuple[Participant, ...]:
    """Who takes part: entities from the date up to the end of the clause, the ones before the trigger as actors. A clause without any looks
    at the rest of the sentence."""
    floor = min(clause.start, since)
    near = [m for m in view.mentions if m.type in _PARTICIPANT_TYPES and floor <= m.start and m.end <= clause.end]
    if not near:
        near = [m for m in view.mentions if m.type in _PARTICIPANT_TYPES and m.end <= hit.start][:2]
    places = [m for m in view.mentions if m.type == "place" and floor <= m.start and m.end <= hit.start]
    chosen: dict[str, Participant] = {}
    for m in near or places[:1]:
        role = "actor" if m.end <= hit.start else hit.trigger.object
        if (
            m.end <= hit.start
            and hit.trigger.type in ("cooperation", "acquisition")
            and view.text[m.start - 1 : m.start] in ("与", "和", "同")
        ):
            role = "partner"
        chosen.setdefault(m.entity_id, Participant(m.entity_id, m.name, role))
    return tuple(chosen.values())
