"""The order of the fact steps, sentence by sentence, and the memory that carries from one to the next."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from transforms.article import Fact, FactStatus, Mention, maker
from transforms.facts import names, periods, sources, status, subjects
from transforms.facts.binding import bind
from transforms.facts.lexicon import Lexicon, lexicon
from transforms.facts.measures import COUNTED, DEALS, Binding, Last, dimension
from transforms.facts.names import Subject
from transforms.facts.periods import Calendar, Period
from transforms.facts.subjects import Passage
from transforms.facts.talk import Talk
from transforms.facts.view import SentenceView
from transforms.reference import Dimension, Reference

_ANAPHOR = re.compile("(?:而)?(?:这|此|该数字|这一数字)(?:也|就|正|恰好|几乎|大约|相当于|已经?)?(?:是|为|超过了?|达到了?|接近)")
#: How sure each way of binding a metric, a subject and a period is.
_METRIC = {
    "before": 0.95,
    "respectively": 0.9,
    "second_end": 0.9,
    "change": 0.9,
    "behind": 0.85,
    "group": 0.8,
    "compared": 0.8,
    "continued": 0.75,
    "unit": 0.6,
}
_SUBJECT = {"phrase": 0.9, "employer": 0.9, "inherited": 0.85, "place": 0.85, "speaker": 0.8, "economy": 0.7}
_PERIOD = {"year": 0.9, "inherited": 0.9, "none": 0.95}
#: Rules by which a clause itself names the subject, so that the next clauses go on about it.
_NAMED = frozenset(("actor", "phrase", "anaphor", "employer", "speaker"))
#: Rules by which the subject comes from elsewhere: too little for a change of nobody knows what.
#: Figures of the stock exchange.
_TRADED = ("share_price", "market_value")
_BORROWED = frozenset(("inherited", "speaker", "economy"))


class Rules(NamedTuple):
    """Which rule bound each part of a fact; the names are those of the docstrings of `binding`, `subjects` and `periods`."""

    metric: str
    subject: str
    period: str


@cache
def _confidence(rules: Rules) -> float:
    return round(_METRIC[rules.metric] * _SUBJECT.get(rules.subject, 1.0) * _PERIOD.get(rules.period, 1.0), 2)


class _Settled(NamedTuple):
    """What was settled for a number, for the growths of it and the far end of its range."""

    who: subjects.Reading
    period: Period | None
    status: FactStatus


@dataclass(slots=True)
class _Memory:
    """What carries over from sentence to sentence."""

    talk: Talk = field(default_factory=Talk)
    calendar: Calendar = field(default_factory=Calendar)
    last: Last | None = None
    earlier: dict[Dimension, Last] = field(default_factory=dict)
    source: Mention | None = None
    reported: bool = False


def extract(views: Sequence[SentenceView], reference: Reference, reference_date: date) -> list[Fact]:
    """The facts of an article, in the order of its text."""
    return [fact for fact, _ in explain(views, reference, reference_date)]


def explain(views: Sequence[SentenceView], reference: Reference, reference_date: date) -> list[tuple[Fact, Rules]]:
    """The facts of an article, each with the rules that bound its parts.

    A figure of the title or a heading that the text repeats counts once, where the text has it.
    """
    words = lexicon(reference)
    memory = _Memory(Talk(attested={m.entity_id: names.of(m) for view in views for m in view.mentions}))
    found: list[tuple[Fact, Rules]] = []
    headings: set[int] = set()
    for view in views:
        memory.talk.enter(view.sentence.paragraph_index)
        if view.is_heading():
            memory.talk.head(view, words.reference)
            headings.add(view.sentence.index)
        found += _read(view, memory, words, reference_date)
    body = {(f.metric, f.value, f.low) for f, _ in found if f.sentence_index not in headings}
    return [(f, rules) for f, rules in found if f.sentence_index not in headings or (f.metric, f.value, f.low) not in body]


def _read(view: SentenceView, memory: _Memory, words: Lexicon, reference_date: date) -> list[tuple[Fact, Rules]]:
    """The facts of a sentence; `memory` goes on with what it says."""
    talk, calendar = memory.talk, memory.calendar
    starts_paragraph = calendar.paragraph != view.sentence.paragraph_index
    calendar.enter(view, reference_date)
    if starts_paragraph and memory.last and memory.last.unit not in COUNTED:
        memory.last = None  # a new paragraph goes on with a count only: 小鹏汽车以98155辆排在第一
    if not (view.mentions or view.quantities):
        return []
    speech = sources.of_sentence(view)
    speaker = speech.speaker
    acting = names.acting(view, speaker.entity_id if speaker else None)
    source = speaker or (None if acting or speech.hearsay or starts_paragraph else memory.source)
    memory.reported = source is not None and (memory.reported if speaker is None else speech.reports(view, words.reference))
    if speaker is not None and not memory.reported and (speech.carries or (speech.discloses and speaker.type == "company")):
        if not talk.fresh or speech.discloses or sources.is_on_results(view):
            talk.name(names.of(speaker))  # who publishes results speaks of itself
    elif speaker is not None and memory.reported:
        if speaker.type == "person" or names.is_official(speaker) or names.researches(speaker, words.reference):
            talk.fresh = False  # what a public body reports is of none that was spoken of
        if talk.subject is not None and talk.subject.entity_id is None:
            talk.subject = None
    memory.source = source if speech.carries or speaker is None else None
    clauses = _Clauses(view, talk, acting, speaker, words.reference)
    result: list[tuple[Fact, Rules]] = []
    if view.quantities:
        passage = Passage(view, acting, speaker, speech.speaks, memory.reported, words)
        bindings = bind(view, words, memory.last, memory.earlier)
        result = list(_settle(passage, bindings, memory, clauses, source, reference_date))
        for plain in bindings:
            if plain.rule == "change" or plain.metric.code == "ranking":
                continue
            memory.last = memory.earlier[dimension(plain.quantity.unit)] = Last(
                plain.metric, plain.surface, plain.sign, plain.quantity.unit or plain.unit
            )
    clauses.up_to(len(view.clauses))
    return result


class _Clauses:
    """Takes note of who acts in the clauses of a sentence, each before the figures of the next are read."""

    __slots__ = ("_acting", "_at", "_named", "_reference", "_speaker", "_talk", "_view")

    def __init__(self, view: SentenceView, talk: Talk, acting: Sequence[Mention], speaker: Mention | None, reference: Reference) -> None:
        self._view, self._talk, self._acting, self._reference = view, talk, acting, reference
        self._speaker = speaker.entity_id if speaker else None
        self._at = 0
        self._named: set[int] = set()

    def up_to(self, index: int) -> None:
        if index <= self._at:
            return
        for clause in self._view.clauses[self._at : index]:
            if clause.order not in self._named:
                self._talk.follow(self._view, clause, self._acting, self._speaker, self._reference)
        self._at = index

    def name(self, index: int, subject: Subject) -> None:
        """A figure says who acts in its clause."""
        self._talk.name(subject)
        self._named.add(index)


def _settle(
    passage: Passage, bindings: Sequence[Binding], memory: _Memory, clauses: _Clauses, source: Mention | None, reference_date: date
) -> Iterator[tuple[Fact, Rules]]:
    """Subject, period and status of every bound number of a sentence, in order."""
    view, talk, calendar = passage.view, memory.talk, memory.calendar
    times = periods.usable(view)
    # A为1.4亿单；B公布的数字是7800万单: who speaks in the second half says nothing of the first
    spoken = view.text.rfind("；", view.sentence.start, passage.speaker.start) if passage.speaker is not None else 0
    settled: dict[int, _Settled] = {}
    shared = False
    facts: list[Fact] = []
    for b in bindings:
        index = view.clause_of(b.start).order
        clauses.up_to(index)
        base = settled.get(b.base.quantity.start) if b.base is not None else None
        who = subjects.of_figure(passage, b, talk, base.who if base else None)
        if b.rule == "change" and b.base_metric is None and who.rule in _BORROWED:
            continue
        if base is None and settled:
            before = next(reversed(settled.values())).who
            # 全国业务量1051.8亿件，业务收入9659亿元: the economy goes on before a place of some sentence before
            if b.rule == "second_end" or (before.rule == "economy" and who.rule in ("place", "none")):
                who = before
        when = periods.of_figure(view, b, times, calendar, base.period if base else None, passage.reported)
        state = status.of_figure(view, b, when, base.status if base else None, reference_date)
        if b.end == "first":
            shared = view.text[b.quantity.start - 1] != "的"
        period = _period_of(view, b, when, state, reference_date, shared)
        # what is expected tells nothing about the next figure; nor does the time of the near end of 从去年同期的15.5亿元收窄至5.8亿元
        if state == "actual" and when.period is not None and b.end != "first" and b.rule != "compared" and not _is_aside(view, b, index):
            calendar.take(when)
        if who.subject is None or status.is_supposed(view, b, state) or (state == "policy" and _is_ruled(view, who)):
            continue
        if who.rule in _NAMED or (who.rule == "group" and who.subject.entity_id is None):
            clauses.name(index, who.subject)
        elif talk.subject is None:
            talk.subject = who.subject
        settled[b.quantity.start] = _Settled(who, period, state)
        talk.measure(b.metric.code, who.subject)
        rules = Rules(b.rule, who.rule, when.rule)
        fact = _fact(view, b, who.subject, who.cohort, period, state, source if b.quantity.start >= spoken else None, rules)
        facts.append(fact)
        yield fact, rules
    if facts:
        yield from _repeated(view, facts)


def _is_ruled(view: SentenceView, who: subjects.Reading) -> bool:
    """Whether a rule of a public body is about others than the one who was spoken of before."""
    subject = who.subject
    if who.rule != "inherited" or subject is None or not any(map(names.is_official, view.mentions)):
        return False
    return all(m.entity_id != subject.entity_id for m in view.mentions)


def _is_aside(view: SentenceView, b: Binding, clause: int) -> bool:
    """Whether the period of a figure is its own: that of a part (其中3月), of a deal or of a day at the exchange."""
    return view.text.startswith("其中", view.clauses[clause].start) or b.metric.code in DEALS or b.metric.code.startswith(_TRADED)


def _period_of(
    view: SentenceView, b: Binding, when: periods.Reading, state: FactStatus, reference_date: date, shared: bool
) -> Period | None:
    """The period of a figure once its status is known: a rule holds from a day on, what lies ahead is not of a past period that was only
    inherited, and the ends of 从A到B are the ends of a period that they share."""
    period = when.period
    if state == "policy":
        return periods.effective(view, b.quantity.start)
    if state != "actual" and when.rule == "inherited" and period is not None and period.end is not None and period.end < reference_date:
        if "全年" in view.text[view.clause_of(b.start).start : b.quantity.start]:
            return periods.year_of(reference_date)
        return None
    if b.end is not None and period is not None and shared:
        return periods.ends(period)[0 if b.end == "first" else 1]
    return period


_make_fact = maker(Fact)


def _fact(
    view: SentenceView,
    b: Binding,
    subject: Subject,
    cohort: str | None,
    period: Period | None,
    state: FactStatus,
    source: Mention | None,
    rules: Rules,
) -> Fact:
    q = b.quantity
    start, end = view.clause_of(b.start).start, view.clause_of(q.start).end
    value, low, high = q.value, q.low, q.high
    if b.sign < 0:
        value, low, high = _negative(q.value), _negative(q.high), _negative(q.low)
    return _make_fact(
        view.sentence.index,
        start,
        end,
        view.clean[start:end],
        subject.name,
        b.metric.code,
        b.surface,
        _unit(b),
        value,
        low,
        high,
        subject.entity_id,
        b.base_metric,
        q.qualifier,
        period.start if period else None,
        period.end if period else None,
        state,
        cohort,
        "from" if b.end == "first" or b.rule == "compared" else b.comparison,
        source.name if source is not None and state != "policy" else None,
        _confidence(rules),
    )


def _unit(b: Binding) -> str | None:
    """The unit of a figure; 家 are shops where shops are counted (关闭104家)."""
    known = b.metric.units
    if b.quantity.unit == "company" and "store" in known[:1]:
        return "store"
    return b.quantity.unit or b.unit or (known[0] if len(known) == 1 else None)


def _negative(value: Decimal | None) -> Decimal | None:
    return None if value is None else -value


def _repeated(view: SentenceView, facts: Sequence[Fact]) -> Iterator[tuple[Fact, Rules]]:
    """这是淘宝直播去年全年的GMV: a clause without a number that gives the last figure a second subject and period."""
    for clause in view.clauses[1:]:
        if _ANAPHOR.match(view.text, clause.start, clause.end) is None or any(
            clause.start <= q.start < clause.end for q in view.quantities
        ):
            continue
        given = [f for f in facts if f.end <= clause.start and f.start >= view.clauses[clause.order - 1].start]
        found = [m for m in names.acting(view, None) if clause.start <= m.start and m.end <= clause.end]
        time = next((t for t in view.times if clause.start <= t.start < clause.end and t.start_date), None)
        if not given or not found or time is None:
            continue
        fact = replace(
            given[-1],
            end=clause.end,
            evidence=view.clean[given[-1].start : clause.end],
            subject=found[-1].name,
            subject_id=found[-1].entity_id,
            period_start=time.start_date,
            period_end=time.end_date,
            status="actual",
            cohort=None,
            confidence=0.7,
        )
        yield fact, Rules("continued", "actor", "time")
