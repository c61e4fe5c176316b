"""A sentence as the rules for facts and events see it: its clauses, and everything that was found in it, in order.

Views are made once an article and shared by `facts` and `events`. All offsets point into the clean text; `text` is its folded form.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple, Protocol, TypeVar

from transforms.article import Mention, Quantity, Sentence, TimeExpression
from transforms.facts.lexicon import lexicon
from transforms.reference import Cue, EventTrigger, Metric, Reference
from transforms.script import fold

_CLAUSE_MARKS = re.compile("[，；;：:。！？!?,]")
#: 哔哩哔哩（NASDAQ：BILI；HKEX：9626）: brackets without a number say another name or an exchange; no clause ends and nobody acts in them.
_ASIDE = re.compile("[（(][^（()）。]{1,60}[)）]")
#: 新华社北京5月5日电, 新京报讯: who sent the report acts in nothing that it tells.
_DATELINE = re.compile(
    r"^(?:[^，。；：！？\n]{0,16}?[0-9]{1,2}日(?:专?电(?![动影商子力气视网站池价话])|讯)|[^，。；：！？\n]{1,12}?(?:[社报网刊]|财经|App|APP|公司)讯(?![息号飞]))",
    re.MULTILINE,
)
#: 收窄, 收盘, 收缩: nothing is taken there.
_NOT_TAKEN = frozenset("窄盘缩紧购于获到回益入储官")
#: 这家拿过四轮阿里投资的公司: a name that only says which firm is meant.
_DESCRIBED = re.compile("这家[^，。；：]{2,14}的(?:公司|企业|平台|品牌|集团)")
_FINAL_MARKS = "。！？!?…”」"
_HEADING = 40


class Trigger(NamedTuple):
    """A word that names a metric; a weak one does so only right beside the number."""

    start: int
    end: int
    metric: Metric
    sign: int
    weak: bool


class CueHit(NamedTuple):
    start: int
    end: int
    cue: Cue


class Happening(NamedTuple):
    """A word that reports an event."""

    start: int
    end: int
    trigger: EventTrigger


class Clause(NamedTuple):
    """A stretch between two commas, the `order`-th of its sentence."""

    order: int
    start: int
    end: int


class Span(Protocol):
    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


@dataclass(frozen=True, slots=True)
class SentenceView:
    """One sentence with its parts in order. `clean` and `text` are the whole article, as written and folded; `inner_starts` are the
    starts of all clauses but the first."""

    sentence: Sentence
    clean: str
    text: str
    clauses: Sequence[Clause]
    inner_starts: Sequence[int]
    mentions: Sequence[Mention]
    quantities: Sequence[Quantity]
    times: Sequence[TimeExpression]
    triggers: Sequence[Trigger]
    cues: Sequence[CueHit]
    happenings: Sequence[Happening]

    def clause_of(self, offset: int) -> Clause:
        return self.clauses[bisect_right(self.inner_starts, offset)]

    def cues_of(self, kind: str, start: int, end: int) -> list[CueHit]:
        """The cues of one kind inside a span, in order."""
        return [c for c in self.cues if c.start >= start and c.end <= end and c.cue.kind == kind]

    def surface(self, span: Span) -> str:
        """A span as the article writes it."""
        return self.clean[span.start : span.end]

    def without_times(self, start: int, end: int) -> str:
        """The folded text of a stretch but for the times in it."""
        pieces, at = [], start
        for t in self.times:
            if start <= t.start and t.end <= end:
                pieces.append(self.text[at : t.start])
                at = t.end
        return "".join((*pieces, self.text[at:end]))

    def is_heading(self) -> bool:
        """Whether the sentence is a short line without a final mark."""
        return self.sentence.end - self.sentence.start <= _HEADING and self.text[self.sentence.end - 1] not in _FINAL_MARKS


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
    words = lexicon(reference)
    plain = _without(text, [(m.start, m.end) for m in mentions if m.type != "title"] + [(t.start, t.end) for t in times])
    # 同比大涨43.5%, 同比涨幅达到34% tell of no share
    numbers = [q.start for q in quantities]
    asides = [(a, b) for a, b in (m.span() for m in _ASIDE.finditer(text)) if bisect_left(numbers, a) == bisect_left(numbers, b)]
    inside_aside = {offset for a, b in asides for offset in range(a, b)}
    triggers = [
        Trigger(a, b, *row)
        for a, b, rows in words.metric_words.find(plain)
        for row in rows
        if a not in inside_aside
        and not (b - a == 1 and text[a] == "收" and text[b : b + 1] in _NOT_TAKEN)
        and not ((row[2] or row[0].code.startswith("share_price")) and text.endswith(("同比", "环比"), 0, a))
    ]
    inside = {offset for t in triggers for offset in range(t.start, t.end)}
    # 蒸发 inside 市值蒸发 is no change of its own, 拟 inside 虚拟 no plan, 调整 inside 经调整净利润 reports nothing
    cues = [
        CueHit(a, b, cue)
        for a, b, rows in words.cues.find(plain)
        for cue in rows
        if (cue.kind not in ("change", "gap") or not (a in inside and b - 1 - text.endswith("了", a, b) in inside))
        and not (cue.surface == "拟" and text[a - 1] in "虚模")
    ]
    whole = {(t.start, t.end) for t in triggers}
    happenings = [
        Happening(a, b, rows[0]) for a, b, rows in words.happenings.find(plain) if (a, b) in whole or not (a in inside and b - 1 in inside)
    ]
    starts = [s.start for s in sentences]
    datelines = [m.span() for m in _DATELINE.finditer(text)]
    senders = {offset for a, b in datelines if text[a] != "据" for offset in range(a, b)}
    described = {offset for m in _DESCRIBED.finditer(text) for offset in range(*m.span())} if "这家" in text else frozenset[int]()
    mentions = [m for m in mentions if m.start not in inside_aside and m.start not in senders and m.start not in described]
    marks = sorted({m.start() for m in _CLAUSE_MARKS.finditer(plain) if m.start() not in inside_aside} | {b - 1 for _, b in datelines})
    parts = [_shared_out(items, [i.start for i in items], starts) for items in (mentions, quantities, times, triggers, cues, happenings)]
    result = []
    for sentence, own_marks, *own in zip(sentences, _shared_out(marks, marks, starts), *parts, strict=True):
        clauses = _clauses(text, sentence, own_marks)
        result.append(SentenceView(sentence, clean, text, clauses, [c.start for c in clauses[1:]], *own))
    return result


def _without(text: str, spans: list[tuple[int, int]]) -> str:
    """The text with names and times blanked out: a comma in a title ends no clause, 增长 behind 2019年 is not 年增."""
    pieces: list[str] = []
    at = 0
    for start, end in sorted(spans):
        if start >= at:
            pieces += (text[at:start], "\0" * (end - start))
            at = end
    pieces.append(text[at:])
    return "".join(pieces)


_Item = TypeVar("_Item")


def _shared_out(items: Sequence[_Item], offsets: Sequence[int], starts: Sequence[int]) -> list[Sequence[_Item]]:
    """Items, which begin at `offsets`, in order, by the sentence they begin in."""
    cuts = [bisect_left(offsets, start) for start in starts]
    return [items[a:b] for a, b in pairwise([*cuts, len(items)])]


def _clauses(text: str, sentence: Sentence, marks: Sequence[int]) -> list[Clause]:
    clauses: list[Clause] = []
    start = sentence.start
    for mark in marks:
        # 1,000 and 12:30 are one number
        if text[mark] in ",:" and text[mark - 1].isdigit() and text[mark + 1 : mark + 2].isdigit():
            continue
        if start < mark < sentence.end:
            clauses.append(Clause(len(clauses), start, mark))
        start = mark + 1
    if start < sentence.end:
        clauses.append(Clause(len(clauses), start, sentence.end))
    return clauses or [Clause(0, sentence.start, sentence.end)]
