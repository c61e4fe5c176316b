"""The order of the fact steps, sentence by sentence, and the memory that carries from one to the next."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import get_args

from transforms.article import Fact, FactStatus, Mention, Quantity, Sentence, TimeExpression
from transforms.facts import binding, periods, sources, subjects
from transforms.facts.binding import Binding
from transforms.facts.periods import Period
from transforms.facts.subjects import Subject
from transforms.facts.view import SentenceView, Trigger, views
from transforms.reference import Reference

#: Metrics whose figure is a rule or a list price; a time in the sentence dates the announcement, not the figure.
_RULES = frozenset({"commission_rate", "tax"})
_TIMELESS = frozenset({"price"})
_ANAPHOR = re.compile(r"^(?:这|此|该数字|这一数字|而这)(?:也|就|正|恰好|几乎|大约|相当于|已经?)?(?:是|为|超过了?|达到了?|接近)?")


@dataclass(frozen=True, slots=True)
class _Memory:
    """What carries over from sentence to sentence inside a paragraph."""

    paragraph: int = -1
    subject: Subject | None = None
    period: Period | None = None
    trigger: Trigger | None = None
    source: str | None = None


def extract(
    clean: str,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    quantities: Sequence[Quantity],
    times: Sequence[TimeExpression],
    reference: Reference,
) -> list[Fact]:
    """The facts of an article, in the order of its text."""
    result: list[Fact] = []
    memory = _Memory()
    for view in views(clean, sentences, mentions, quantities, times, reference):
        if view.sentence.paragraph_index != memory.paragraph:
            memory = _Memory(view.sentence.paragraph_index, subject=None)
        facts, memory = _of_sentence(clean, view, memory, reference)
        result += facts
    return result


def _of_sentence(clean: str, view: SentenceView, memory: _Memory, reference: Reference) -> tuple[list[Fact], _Memory]:
    speaker_id, speaker, carries = sources.of_sentence(view)
    topic = subjects.topic(view, speaker_id)
    source = speaker or (memory.source if topic is None else None)
    period = memory.period if not view.times else None
    subject = memory.subject
    facts: list[Fact] = []
    bindings = binding.bind(view, reference, memory.trigger)
    for b in bindings:
        q = b.quantity
        found = subjects.of_clause(view, b.start, q.start, speaker_id, subject if subject else topic, reference)
        if b.metric.startswith("growth") and facts and view.clause_of(b.start).index == view.clause_of(q.start).index:
            own = subjects.of_clause(view, b.start, q.start, speaker_id, None, reference)
            found = own if own and own.entity_id else found
        if found is None:
            continue
        subject = found
        governing = periods.of_number(view, q.start, q.end, period)
        status = _status(view, q, b)
        if b.end and governing:
            governing = periods.ends(governing)[0 if b.end == "first" else 1]
        period = governing or period
        facts.append(_fact(clean, view, b, subject, governing, status, source, _cohort(view, b)))
    facts += _anaphors(clean, view, facts, speaker_id, reference)
    carried = source if carries or (speaker is None and topic is None) else None
    last = view.triggers[-1] if view.triggers else memory.trigger
    return facts, _Memory(memory.paragraph, subject if facts else topic or subject, period, last, carried)


def _fact(
    clean: str,
    view: SentenceView,
    b: Binding,
    subject: Subject,
    period: Period | None,
    status: FactStatus,
    source: str | None,
    cohort: str | None,
) -> Fact:
    q = b.quantity
    start = min(view.clause_of(b.start).start, view.clause_of(q.start).start)
    end = view.clause_of(q.start).end
    dated = period if period and b.metric not in _TIMELESS and status != "policy" else None

    def signed(value: Decimal | None) -> Decimal | None:
        return None if value is None else value * b.sign

    low, high = (signed(q.low), signed(q.high)) if b.sign > 0 else (signed(q.high), signed(q.low))
    return Fact(
        sentence_index=view.sentence.index,
        start=start,
        end=end,
        evidence=clean[start:end],
        subject=subject.name,
        subject_id=subject.entity_id,
        metric=b.metric,
        metric_surface=b.surface,
        base_metric=b.base_metric,
        value=signed(q.value),
        low=low,
        high=high,
        unit=q.unit,
        qualifier=q.qualifier,
        period_start=dated.start if dated else None,
        period_end=dated.end if dated else None,
        status=status,
        cohort=cohort,
        comparison="from" if b.end == "first" else b.comparison,
        source=source,
        confidence=b.confidence,
    )


def _status(view: SentenceView, q: Quantity, b: Binding) -> FactStatus:
    """actual, unless a word of aim, forecast or rule governs the number: before it in its clause or the one before, or 的目标 behind it."""
    clause = view.clause_of(q.start)
    if re.match("的?(?:目标|小目标)", view.text[q.end : q.end + 4]):
        return "target"
    floor = view.clauses[clause.index - 1].start if clause.index else clause.start
    cues = [c for c in view.cues_of("status", floor, q.start) if c.start >= clause.start or not _closed(view, c.end, clause.start)]
    if b.metric in _RULES:
        return "policy"
    for kind in ("target", "forecast", "policy"):
        if any(c.cue.value == kind for c in cues):
            assert kind in get_args(FactStatus)
            return kind  # type: ignore[return-value]
    return "actual"


def _closed(view: SentenceView, start: int, end: int) -> bool:
    """Whether a number of its own, or a full clause mark, stands between a cue and the clause of the number."""
    return any(start <= q.start and q.end <= end for q in view.quantities) or "；" in view.text[start:end]


_GROUP = "达人|人才|商品|用户|消费者|网红|主播|企业|商家|城市|产品|会员|人群|家庭|订单|门店|品牌"
_COHORT = re.compile(rf"(?:的)?(?:{_GROUP})")
_GROUP_BEFORE = re.compile(
    rf"(?:对|向|所有|针对|中[，,]?)?((?:[\u4e00-\u9fffA-Za-z0-9]{{2,10}}?)(?:{_GROUP}))(?:的|收取|只收|仅收|支付|占)"
)


def _cohort(view: SentenceView, b: Binding) -> str | None:
    """The slice a figure is about: TOP500达人, 0至100元的商品, 第三方平台商品; None where it is about the whole subject."""
    clause = view.clause_of(b.quantity.start)
    for q in view.quantities:
        if q is b.quantity or not (clause.start <= q.start and q.end <= b.quantity.start):
            continue
        behind = _COHORT.match(view.text, q.end)
        if behind and (q.kind in ("rank", "range") or q.unit in ("rank", "year_old")):
            surface = view.text[q.start : behind.end()]
            return re.sub(r"(\d+)强", r"TOP\1", surface.replace("百强", "TOP100")).replace("人才", "达人")
    if b.metric in ("commission_rate", "share", "price", "discount"):
        found = _GROUP_BEFORE.search(view.text, clause.start, b.quantity.start)
        if found and not any(m.start <= found.start(1) < m.end for m in view.mentions):
            return re.sub("^(?:规定|所有|对|向)+", "", found.group(1))
    return None


def _anaphors(clean: str, view: SentenceView, facts: Sequence[Fact], speaker_id: str | None, reference: Reference) -> list[Fact]:
    """这是淘宝直播去年全年的GMV: a clause that gives the last figure a second subject or period."""
    result = []
    for before, clause in zip(view.clauses, view.clauses[1:], strict=False):
        opening = _ANAPHOR.match(view.text[clause.start : clause.end])
        if not opening or any(clause.start <= q.start < clause.end for q in view.quantities):
            continue
        triggers = [t for t in view.triggers if clause.start <= t.start < clause.end]
        given = [f for f in facts if f.end <= clause.start and f.start >= before.start]
        if not triggers or not given:
            continue
        trigger = triggers[-1]
        found = subjects.of_clause(view, trigger.start, trigger.start, speaker_id, None, reference)
        period = periods.of_number(view, trigger.start, trigger.end, None)
        if found is None or period is None:
            continue
        result.append(
            replace(
                given[-1],
                start=given[-1].start,
                end=clause.end,
                evidence=clean[given[-1].start : clause.end],
                subject=found.name,
                subject_id=found.entity_id,
                metric=trigger.metric.code,
                metric_surface=view.text[trigger.start : trigger.end],
                period_start=period.start,
                period_end=period.end,
                status="actual",
                cohort=None,
                confidence=0.7,
            )
        )
    return result
