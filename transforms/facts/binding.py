"""Which metric a number measures.

In order: a change (同比增长41%) is a growth of the metric before it; else the nearest trigger of a fitting dimension before the number in its
clause; else one right behind it; else the metric of the clause before, when the clause names none of its own; else the metric that the
unit gives away.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from transforms.article import Comparison, Quantity
from transforms.facts.view import SentenceView, Trigger
from transforms.reference import Metric, Reference

#: Which number stands for what, by the dimension column of metrics.csv.
_DIMENSION = {
    "money": "money",
    "percent": "percent",
    "count": "count",
    "measure": "measure",
    "rank": "rank",
    "duration": "duration",
    "multiple": "multiple",
}
_DURATIONS = {"second", "minute", "hour", "day", "week", "month", "quarter", "year"}
_MEASURES = re.compile(
    r"^(?:metre|kilometre|m2|mu|km2|gram|kilogram|ton|litre|nm|k?W|[MG]W|[kMG]?Wh|TWh|byte|[GT]B|bit_per_second|G?Hz|celsius|.*metre|m3|barrel|ounce|TEU)$"
)
#: 的 and words of degree may stand between a metric and its number; a verb of its own may not.
_FAR = 24
_TWO_ENDS = re.compile(
    r"^\s*(?:左右)?\s*(?:上升|下降|上涨|下跌|增长|增加|减少|提高|提升|降低|升|降|涨|跌|上调|下调|扩大|缩小|攀升|回落|调整|增|减)?(?:到|至|为)了?\s*$"
)


@dataclass(frozen=True, slots=True)
class Binding:
    """A number with the metric it measures. `end` says which end of 从A到B it is; `sign` turns a loss or fall negative."""

    quantity: Quantity
    metric: str
    surface: str
    start: int
    sign: int = 1
    base_metric: str | None = None
    comparison: Comparison | None = None
    end: str | None = None
    confidence: float = 0.9


def dimension(quantity: Quantity) -> str:
    """money, percent, multiple, rank, duration, measure or count."""
    unit = quantity.unit or ""
    if re.fullmatch("[A-Z]{3}", unit) and quantity.kind in ("money", "range"):
        return "money"
    if unit in ("percent", "percentage_point", "permille"):
        return "percent"
    if unit == "basis_point":
        return "basis_point"
    if unit in ("multiple", "rank"):
        return unit
    if unit in _DURATIONS:
        return "duration"
    return "measure" if _MEASURES.match(unit) else "count"


def bind(view: SentenceView, reference: Reference, before: Trigger | None) -> list[Binding]:
    """The numbers of a sentence with their metrics, in order; `before` is the last metric of the sentence before it."""
    result: list[Binding] = []
    last = before
    previous_end = view.sentence.start
    numbers = [q for q in view.quantities if not _is_part_of_name(view, q)]
    for i, q in enumerate(numbers):
        clause = view.clause_of(q.start)
        floor = max(previous_end, clause.start)
        change = _change(view, q, floor)
        following = numbers[i + 1] if i + 1 < len(numbers) else None
        first_of_two = (
            following is not None and bool(_TWO_ENDS.match(view.text[q.end : following.start])) and "从" in view.text[floor : q.start]
        )
        second_of_two = bool(result) and result[-1].end == "first" and bool(_TWO_ENDS.match(view.text[result[-1].quantity.end : q.start]))
        if second_of_two:
            result.append(
                Binding(q, result[-1].metric, result[-1].surface, result[-1].start, result[-1].sign, result[-1].base_metric, end="last")
            )
        elif change is not None and dimension(q) in ("percent", "multiple", "basis_point"):
            result.append(_growth(view, q, change, result, last))
        else:
            trigger = _nearest(view, q, floor)
            if trigger is None and last is not None and _fits(last.metric, q) and _continues(view, q, clause.start, floor):
                trigger = last
            if trigger is not None:
                last = trigger
                end = "first" if first_of_two else None
                result.append(
                    Binding(
                        q,
                        trigger.metric.code,
                        view.text[trigger.start : trigger.end],
                        trigger.start,
                        trigger.sign,
                        end=end,
                        confidence=0.85,
                    )
                )
        previous_end = q.end
    return result


def last_trigger(view: SentenceView) -> Trigger | None:
    return view.triggers[-1] if view.triggers else None


def _is_part_of_name(view: SentenceView, q: Quantity) -> bool:
    """Ranks, durations and numbers that say which things are meant (三家公司, 500强达人) measure nothing."""
    if q.kind in ("ordinal",) or dimension(q) == "duration":
        return not _nearest(view, q, view.clause_of(q.start).start)
    behind = view.text[q.end : q.end + 3]
    small = q.value is not None and q.value < 20 and dimension(q) == "count" and "." not in q.surface
    if small and not re.match("[，。；,;、]|$", behind) and re.match(r"[\u4e00-\u9fff]", behind):
        return _nearest(view, q, view.clause_of(q.start).start) is None or not re.match("席|门店|店", behind)
    return False


def _fits(metric: Metric, q: Quantity) -> bool:
    found = dimension(q)
    if found in metric.dimensions:
        return not metric.units or found != "count" or q.unit in metric.units or q.unit in (None, "item")
    return found == "multiple" and "percent" in metric.dimensions and False


def _nearest(view: SentenceView, q: Quantity, floor: int) -> Trigger | None:
    """The metric word that goes with a number: the last fitting one before it in the clause, else one right behind it."""
    clause = view.clause_of(q.start)
    before = [t for t in view.triggers if floor <= t.start and t.end <= q.start and _fits(t.metric, q)]
    if before:
        return before[-1]
    behind = [t for t in view.triggers if q.end <= t.start <= q.end + _FAR and t.start < clause.end and _fits(t.metric, q)]
    if behind and not any(q.end <= other.start < behind[0].start for other in view.quantities):
        return behind[0]
    inherited = [t for t in view.triggers if clause.start <= t.start and t.end <= q.start and _fits(t.metric, q)]
    return inherited[-1] if inherited and _listed(view, q) else None


def _listed(view: SentenceView, q: Quantity) -> bool:
    """Whether a number goes on with the list of the one before it: 分别为A和B, A、B."""
    earlier = [other for other in view.quantities if other.end <= q.start]
    return bool(earlier) and bool(re.fullmatch(r"\s*(?:[、和与及,，]|以及)\s*", view.text[earlier[-1].end : q.start]))


_BE = re.compile(r"(?:分别|则|也|仅|约|已|只|就|均|合计|总计|高|共|还|又)*(?:为|是|达到?|有|以|近|超过?|只收|收|占|:|：)\w{0,3}$|[）)]$")


def _continues(view: SentenceView, q: Quantity, clause_start: int, floor: int) -> bool:
    """Whether a clause without a metric word states another value of the last metric: 超市为2511亿元, 比亚迪以25.1GWh."""
    return bool(_BE.search(view.text[floor : q.start].rstrip())) or _listed(view, q)


def _change(view: SentenceView, q: Quantity, floor: int) -> tuple[int, int, int] | None:
    """Direction, start and end of the word of change right before a number (增长41%, 年增7.4%, 跌幅达5%), or None."""
    found = [c for c in view.cues_of("change", floor, q.start) if q.start - c.end <= 5]
    comparisons = [c for c in view.cues_of("comparison", floor, q.start) if q.start - c.end <= 3]
    if found:
        hit = found[-1]
        rest = view.text[hit.end : q.start]
        if re.search("到|至|为(?!负)", rest) and not hit.cue.surface.endswith(("幅", "率", "速")):
            return None
        return int(hit.cue.value), hit.start, hit.end
    if comparisons:
        surface = comparisons[-1].cue.surface
        return (-1 if "减" in surface or "跌" in surface else 1), comparisons[-1].start, comparisons[-1].end
    behind = re.match(r"(?:以上|左右)?的?(?:同比|环比)?(?:的)?(?:增长|增幅|增速|涨幅|降幅|跌幅|下滑|下降)", view.text[q.end : q.end + 12])
    if behind:
        return (-1 if re.search("降|跌|滑", behind.group()) else 1), q.end, q.end + behind.end()
    return None


def _growth(view: SentenceView, q: Quantity, change: tuple[int, int, int], done: Sequence[Binding], last: Trigger | None) -> Binding:
    direction, start, end = change
    clause = view.clause_of(q.start)
    own = [t for t in view.triggers if clause.start <= t.start and t.end <= q.start and t.metric.code not in ("share_price_change",)]
    base = own[-1].metric.code if own else next((b.base_metric or b.metric for b in reversed(done)), last.metric.code if last else None)
    cues = [c for c in view.cues_of("comparison", clause.start, q.end) if c.cue.value in get_args(Comparison)]
    comparison: Comparison | None = cues[-1].cue.value if cues else None  # type: ignore[assignment]
    metric = "growth_multiple" if dimension(q) == "multiple" else "growth_rate"
    if base == "share_price" and metric == "growth_rate":
        metric = "share_price_change"
    if base == "market_value" and metric == "growth_rate":
        metric = "market_value_change"
    return Binding(q, metric, view.text[start:end], start, direction, base, comparison)
