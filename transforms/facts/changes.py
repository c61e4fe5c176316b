"""Growth, falls and differences: numbers that say by how much something changed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from transforms.article import Comparison
from transforms.facts.lists import Place
from transforms.facts.measures import BEHIND, DEGREE, Binding, Last, Number, dimension, word_before
from transforms.facts.view import CueHit, Trigger
from transforms.reference import Metric

_IS = re.compile("是|为|达到?|相当于")
_BEHIND = re.compile("(?:以上|左右)?的?(?:同比|环比)?的?(?:速度)?(?:增长|增幅|增速|涨幅|降幅|跌幅|下滑|下降)(?![到至为了])")
_EXCHANGE = re.compile("[港美A]股|股价|盘[中前后]|[开收]盘|股市|收报|市值")
#: 比上年多出2.9个百分点, 比去年同期低2.7个百分点
_COMPARED = re.compile("[比较](?:上|去|前)[^，。；]*?(?P<way>[高低多少])[了出于]?$")
_RATE = re.compile("的?(?:同比|环比)?(?:增长率|增速|增幅|涨幅|降幅|跌幅)")
#: What may stand between a word of change and its number.
_BETWEEN = DEGREE + "分别幅度速率+-"
#: 使用量, 浏览时长: a level that no metric word names, in front of its change.
_UNNAMED = re.compile("[\u4e00-\u9fff][量额数率价值费](?:则|也|又|均|已|大幅|(?:[较比与同]|相比).{1,9}|同比|环比|按年|按月)*$")
_FALLING = frozenset("减跌降滑-")
#: Metrics that are changes, ranks or answers themselves: nothing grows by them.
_NO_LEVELS = frozenset(("share_price_change", "market_value_change", "ranking", "share", "ranking_seats", "purchase_rate"))


class Change(NamedTuple):
    """A word of change beside a number: 1 up, -1 down."""

    direction: int
    start: int
    end: int


def beside(n: Number) -> Change | None:
    """The word of change of a percentage or multiple (增长41%, 年增7.4%, 跌幅达5%, 41%的增长), or None where it is a level (增至41%)."""
    q, text = n.q, n.view.text
    hit: CueHit | None = None
    for c in n.view.cues:
        if c.end > q.start:
            break
        if c.start < n.floor or _names_rate(hit):
            continue
        if c.cue.kind in ("change", "comparison"):
            hit = c
        elif c.cue.kind == "level":
            hit = None
    if hit is not None:
        rest = text[hit.end : q.start]
        near = len(n.view.without_times(hit.end, q.start)) <= BEHIND and not any(hit.end <= t.start < q.start for t in n.view.triggers)
        if (_names_rate(hit) and near) or (not rest.strip(_BETWEEN) and not _ends_at(rest)):
            falls = hit.cue.value == "-1" if hit.cue.kind == "change" else not _FALLING.isdisjoint(hit.cue.surface + rest)
            return Change(-1 if falls else 1, hit.start, hit.end)
        if not rest.strip(_BETWEEN):
            return None
    if q.surface.startswith("翻"):
        return Change(1, q.start, q.end)
    if behind := _BEHIND.match(text, q.end):
        return Change(1 if _FALLING.isdisjoint(behind.group()) else -1, q.end, behind.end())
    if text.startswith("的", q.end):  # 30.3%的件量增速
        grown = next((t for t in n.view.triggers if q.end < t.start <= q.end + 3), None)
        if grown is not None and (rate := _RATE.match(text, grown.end)):
            return Change(1 if _FALLING.isdisjoint(rate.group()) else -1, rate.start(), rate.end())
    return None


def _names_rate(c: CueHit | None) -> bool:
    """增速, 涨幅: nouns whose number is a change however it is put (增速回升至8%)."""
    return c is not None and c.cue.kind == "change" and c.cue.surface.endswith(("幅", "率", "速"))


def _ends_at(between: str) -> bool:
    """Whether what stands between a change and its number makes the number the level where it ended."""
    return "到" in between.replace("达到", "") or "至" in between.replace("至少", "")


def growth(n: Number, change: Change, done: Sequence[Binding], last: Last | None, place: Place | None) -> Binding:
    """A growth, of the metric word in its clause, else of the number before it, else of the last metric."""
    view, clause = n.view, n.clause
    own = place.trigger if place else None
    if own is None:
        grown = [b.quantity.end for b in done if b.rule == "change" and b.quantity.start >= clause.start]
        floor = max([clause.start, *grown])
        own = _level_word(n, floor, change.start) or _word_of_change(n, change)
    code: str | None
    if own is not None:
        base = next((b for b in reversed(done) if b.trigger_start == own.start), None)
        code = own.metric.code
    elif _UNNAMED.search(view.text[max(clause.start, n.floor) : change.start]) or _of_unnamed_rate(n, done):
        base = code = None
    else:
        base = next((b for b in reversed(done) if b.rule not in ("change", "compared") and b.metric.code != "ranking"), None)
        code = base.metric.code if base else last.metric.code if last else None
    named = view.cues_of("comparison", clause.start, n.q.end)
    comparison: Comparison | None = named[-1].cue.value if named else None  # type: ignore[assignment]
    known = n.words.metrics
    metric = known["growth_multiple" if n.kind == "multiple" else "growth_rate"]
    if n.kind == "percent" and code is not None and (change_of := known.get(f"{code.removesuffix('_change')}_change")):
        metric, code = change_of, code.removesuffix("_change")
    elif n.kind == "percent" and _of_shares(n, change, own):
        metric, base, code = known["share_price_change"], None, "share_price"
    at = own.start if own else change.start
    growth = Binding(
        n.q, metric, view.clean[change.start : change.end], min(at, n.q.start), at, "change", change.direction, code, base, comparison
    )
    return growth._replace(owner=place.owner, time=place.time) if place else growth


def _of_shares(n: Number, change: Change, own: Trigger | None) -> bool:
    """当天港股腾讯跌12.4%，网易跌24.6%; 较发行价上涨0.45%: whether what rose or fell is a share."""
    text = n.view.text
    if own is not None:
        return own.metric.code == "price" and text[own.start : own.end] == "发行价" and text[own.start - 1] in "较比"
    listed = text[change.start] in "涨跌" and _EXCHANGE.search(text, n.view.sentence.start, n.q.end) is not None
    return listed and any(m.end == change.start and m.type == "company" for m in n.view.mentions)


def _of_unnamed_rate(n: Number, done: Sequence[Binding]) -> bool:
    """综合成本率降至95.8%，比去年同期下降0.6%: whether the clause in front ends with a percentage that measures nothing we know."""
    p = n.previous
    if p is None or dimension(p.unit) != "percent" or p.end < n.clause.start - 3:
        return False
    return not any(b.quantity is p for b in done)


def further(n: Number, done: Sequence[Binding], place: Place) -> Binding:
    """The next growth of a list: 分别增长41%和20%."""
    first = done[-1]
    code = place.trigger.metric.code if place.trigger else first.base_metric
    base = next((b for b in done if b.owner is not None and b.owner is place.owner and b.metric.code == code), None)
    return first._replace(quantity=n.q, base_metric=code, base=base, owner=place.owner, time=place.time)


def _level_word(n: Number, start: int, end: int) -> Trigger | None:
    """The last word in a stretch of a metric that can grow."""
    return next((t for t in reversed(n.view.triggers) if start <= t.start and t.end <= end and t.metric.code not in _NO_LEVELS), None)


def _word_of_change(n: Number, change: Change) -> Trigger | None:
    """股价跌 in 股价跌去23%: a metric word that ends with the word of change."""
    return next((t for t in n.view.triggers if t.start < change.start < t.end and t.metric.code.endswith("_change")), None)


def multiple_of(n: Number) -> Binding | None:
    """订单量是去年同期的3倍: a multiple of the metric in its clause. Behind a figure of its own (59.4万辆，是2020年的3.3倍) it is
    derived from that."""
    own = _level_word(n, n.clause.start, n.q.start)
    if own is None or not _IS.search(n.view.text, own.end, n.q.start):
        return None
    return _of_word(n, own, n.words.metrics["growth_multiple"], 1, n.q.surface)


def in_points(n: Number, done: Sequence[Binding]) -> Binding | None:
    """毛利率提升2.3个百分点, 下调利率10个基点: points are a change of the rate in the clause, else of the one in front of it."""
    words = [t for t in n.view.triggers if n.clause.start <= t.start and t.end <= n.q.start and "percent" in t.metric.dimensions]
    changes = n.view.cues_of("change", n.clause.start, n.q.start)
    if changes:
        direction, start, end = int(changes[-1].cue.value), changes[-1].start, changes[-1].end
    elif compared := _COMPARED.search(n.view.text, n.clause.start, n.q.start):
        direction, start, end = 1 if compared["way"] in "高多" else -1, compared.start("way"), n.q.start
    else:
        return None
    surface, metric = n.view.clean[start:end], n.words.metrics["growth_rate"]
    if words:
        return _of_word(n, words[-1], metric, direction, surface)
    base = done[-1] if done else None
    if base is None or base.quantity is not n.previous or base.quantity.unit != "percent" or base.rule == "change":
        return None
    return Binding(n.q, metric, surface, start, start, "change", direction, base.metric.code, base)


def _of_word(n: Number, own: Trigger, metric: Metric, direction: int, surface: str) -> Binding:
    return Binding(n.q, metric, surface, own.start, own.start, "change", direction, own.metric.code)


def difference(n: Number) -> int:
    """Direction (1, -1) of 还差900家, 涨价4300元, 增加300家: by how much, not how much; 0 for a level (新增300家, 增至300家)."""
    for c in n.view.cues:
        if c.end > n.q.start:
            break
        if c.start >= n.floor and c.cue.kind in ("gap", "change"):
            rest = n.view.text[c.end : n.q.start]
            if not rest.strip(DEGREE) and not _ends_at(rest):
                return -1 if c.cue.value == "-1" else 1
    return 0


def by_amount(n: Number, direction: int) -> Binding | None:
    """市值蒸发500亿美元: a difference that has a metric of its own; other differences measure nothing."""
    own = word_before(n, n.floor)
    metric = n.words.metrics.get(f"{own.metric.code}_change") if own else None
    if own is None or metric is None or dimension(n.q.unit) not in metric.dimensions:
        return None
    return Binding(n.q, metric, n.view.surface(own), own.start, own.start, "before", direction, own.metric.code)
