"""Whether a figure is a fact, an aim, a forecast or a rule."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from transforms.article import FactStatus
from transforms.facts.measures import TARGET_BEHIND, Binding
from transforms.facts.periods import OF_STATEMENTS, Reading, effective
from transforms.facts.view import CueHit, SentenceView

#: 将 in front of a verb of change, 有望: what is said looks ahead even where its period has passed since.
_AHEAD = re.compile(
    "将(?:会|继续|进一步|可能|有望|再|由|从|以|首次|首度|首|率先)*(?:达|破|超|突破|增|升|降|接近|实现|扩|下|上|回|减|是|为|有|至|提|保持|涨|跌|缩|攀|迎)|有望|可望"
)
#: 347.3亿件的业务量指引
_GUIDED = re.compile("(?:左右|以上)?的[^，。；]{0,6}指引")
#: 把全年包裹量指引收窄至292.4亿件, 未来三年资本开支每年不低于80亿元
_GUIDES = re.compile(
    "指引[^，。；]{0,3}(?:[收窄由从]|[上下]调|调[高低]|提[高升]|[上下]修|维持|[定设为是在])|未来[一二两三四五六七八九十0-9]+年"
)
#: 伽马数据估计，今年这个数字会摸到350亿元
_WILL = re.compile("(?<![不社机都大开])会(?:再|继续|进一步)?(?:达|超|突破|增|升|降|接近|摸|涨|跌|回|落|到|有|是)")
#: What one will do is a plan.
_INTENDED = re.compile(
    "将(?:会|继续|共同|再|分别|陆续|合计|累计)*(?:投资|投入|出资|斥资|募|收购|增资|新增|新建|新开|开设|开出|关闭|关停|建设|建成|派|裁|购买|回购)"
)
#: 2025年要卖50万辆, 儿童餐的销售额要做到15亿元
_MEANS_TO = re.compile(
    "(?<![需主重只不就却也都必首次紧快还])要(?:再|把|在)?(?:卖|增长|做到|开到|开出|达到|建成|完成|实现|突破|冲击|拿下|砍|降到|提[高升]到)|还要再(?:开|关|建|投|招)"
)
#: 今年的固定资产投资安排为1750亿元
_ARRANGED = re.compile("安排(?:为|在|了)?[约近超]*$")
#: Within so many days the results of a period come out; until then they are expected.
_UNTIL_OUT = 120
_LONG = frozenset(("预测", "预计", "预估", "预期", "预判", "展望"))
#: Figures that a rule sets where a day is given on which it takes effect.
_RULED = frozenset(
    ("subsidy", "discount", "tax", "fine", "salary", "price", "cost", "commission_rate", "interest_rate", "registered_capital")
)


def of_figure(view: SentenceView, b: Binding, when: Reading, known: FactStatus | None, reference_date: date) -> FactStatus:
    """actual, unless a word of aim, forecast or rule governs the number: in front of it in its clause or, with no other number in between,
    in an earlier one; or 的目标 behind it. A growth has the status of its base, `known`; what lies wholly ahead is no fact yet."""
    q = b.quantity
    clause = view.clause_of(b.start)
    if TARGET_BEHIND.match(view.text, q.end):
        return "target"
    if _GUIDED.match(view.text, q.end):
        return "forecast"
    if b.base is not None and known is not None and view.clause_of(b.base.quantity.start).order >= clause.order - 1:
        return known
    # A cue reaches as far as the clause in front, unless a figure or a semicolon closes it.
    floor = view.clauses[max(0, clause.order - 2)].start
    said = view.cues_of("status", view.sentence.start, q.start)
    # 占全年计划的42% is no plan
    found = {c.cue.value for c in said if c.start >= floor and view.text[c.end] != "的" and not _closed(view, c.end, clause.start)}
    period = when.period
    future = period is not None and period.start is not None and period.start > reference_date
    age = (reference_date - period.end).days if period is not None and period.end is not None and when.rule == "time" else 0
    past = age > 0
    if not found and view.text.startswith("并", clause.start):  # 拟调改200家门店，并关闭250家
        intended = [c for c in said if c.cue.value == "target" and view.clause_of(c.start).order == clause.order - 1]
        found |= {c.cue.value for c in intended if view.text[c.end] != "的"}
    if "target" in found or _INTENDED.search(view.text, clause.start, q.start):
        return "target"
    if _AHEAD.search(view.text, clause.start, q.start) or _GUIDES.search(view.text, clause.start, q.start):
        return "forecast"
    if not past and _MEANS_TO.search(view.text, clause.start, q.start):
        return "target"
    ahead = period is not None and period.end is not None and period.end > reference_date
    if ahead and _ARRANGED.search(view.text, clause.start, q.start):
        return "target"
    if ahead and _WILL.search(view.text, clause.start, q.start):
        return "forecast"
    due = past and age <= _UNTIL_OUT and b.metric.code in OF_STATEMENTS
    if (not past or due) and ("forecast" in found or _goes_on(view, said, q.start, ahead=ahead)):
        return "forecast"
    if ("policy" in found and b.metric.nature in ("rule", "price")) or (b.metric.code in _RULED and effective(view, q.start)):
        return "policy"
    return "forecast" if future else "actual"


def is_supposed(view: SentenceView, b: Binding, state: FactStatus) -> bool:
    """Whether a figure stands in a condition (如果抽成降到20%), or is what would then be (每月能多赚800元); what is expected or ruled then
    is stated all the same."""
    conditions = view.cues_of("condition", view.sentence.start, b.quantity.start)
    if not conditions:
        return False
    return state == "actual" or view.clause_of(conditions[-1].start) is view.clause_of(b.quantity.start)


def _goes_on(view: SentenceView, said: Sequence[CueHit], at: int, *, ahead: bool) -> bool:
    """Whether a forecast goes on over the figures of a sentence: X预计，A将达98亿元，B为3亿元. `said` are the words of status so far. Over
    what is not past yet (`ahead`) any word of forecast does: A可望增长5%，B约50亿元."""
    return any((c.cue.surface in _LONG or (ahead and c.cue.value == "forecast")) and "；" not in view.text[c.end : at] for c in said)


def _closed(view: SentenceView, start: int, end: int) -> bool:
    """Whether a number, or a full clause mark, stands between a cue and the clause of the number."""
    if start >= end:
        return False
    return any(start <= q.start and q.end <= end for q in view.quantities) or "；" in view.text[start:end]
