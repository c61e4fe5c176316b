"""Numbers and the metric words they go with."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from transforms.article import Comparison, Mention, Quantity, TimeExpression
from transforms.facts.lexicon import Lexicon
from transforms.facts.view import Clause, SentenceView, Trigger
from transforms.reference import Dimension, Metric

_DURATIONS = frozenset(("second", "minute", "hour", "day", "week", "month", "quarter", "year"))
_THINGS = (
    "person person_time household company organization institution merchant store site city county country item order parcel transaction "
    "vehicle set share session vote point year_old time token piece teu barrel head case aircraft ship seat flight"
)
#: Units of things that are counted one by one.
COUNTED = frozenset(_THINGS.split())
#: Counters of whatever the noun behind them says.
_PLAIN = frozenset("个個处處项項")
#: Units of what a thing is like, which few metrics have: 8英寸晶圆月产能, 5nm生产线.
SIZES = frozenset(("inch", "nm", "um", "mm", "cm", "metre", "celsius", "year_old", "V", "Hz", "GHz", "MHz"))
#: Metrics of a deal or a penalty, which is made once.
DEALS = frozenset(("acquisition_price", "fine", "funding_amount", "refund"))
_PERCENT = frozenset(("percent", "percentage_point", "basis_point", "permille"))
#: How far, in characters, a metric word may stand in front of its number, behind it, and a weak word on either side.
_PROFITS = ("亏损", "盈利", "净亏损", "净亏", "亏", "赚")
_BEFORE, BEHIND, _WEAK = 24, 8, 3
#: Characters of words of degree, which may stand between a metric word or a verb and its number.
DEGREE = "约近超逾达到过为是了有的将要仅只共高低至少多最接大概不足突破在以上下于均:： \u3000“（("
#: A rate without a word of its own: 普通股权一级资本比率为13.9% is about no 股权.
_OTHER = re.compile("(?<!增长)(?:率|指数)")
#: 5000家门店的目标
TARGET_BEHIND = re.compile("[^，。；]{0,4}?的?(?:小|年度|销售)?目标")
#: 而2017年这个数字还有7.8%
THIS_FIGURE = re.compile("(?:这|该)(?:一|个|项)*(?:数字|数据|数值|比例|指标|占比|比率|增速)")
#: 33.9%的市场份额; 62%铁矿石 is a kind of ore.
_OF = re.compile("(?:左右|以上|以下)?(?:的.{0,7})?")
#: Between the parts of a sum.
_ADDED = re.compile("[、和与及](?:[\u4e00-\u9fff]{0,4})|以及[\u4e00-\u9fff]{0,4}")
_DEAL = re.compile("收购|取得|购买|出售|转让|受让|增持|减持|买下|质押|拍卖|购入|卖给|卖掉|售予|出让")
#: 以66亿元完成对惠泰医疗21%股权的收购, 斥资38亿元受让国融证券64.6%的股份
_PAID = ("以", "斥资", "出资", "耗资", "花", "花费")
#: 以7658万元把与辉同行100%股权卖给董宇辉, 以66亿元完成对惠泰医疗21%股权的收购
_DEAL_WITH = re.compile(
    "(?:的(?:价格|代价|对价))?(?:(?:受让|收购|买下|拿下|购买)[^，。；]{2,40}?(?:股份|股权)|(?:把|将)[^，。；]{2,30}?(?:卖给|卖掉|售予|转让|出售|出让)|(?:完成)?对[^，。；]{2,30}?的(?:收购|并购))"
)


class Number(NamedTuple):
    """A number in its clause; nothing in front of `floor` can be meant by it: its clause or the number before begins or ends there."""

    view: SentenceView
    q: Quantity
    kind: Dimension
    clause: Clause
    floor: int
    previous: Quantity | None
    words: Lexicon


class Binding(NamedTuple):
    """A number with the metric it measures, and the rule that says so. `start` is where metric word and number begin, `trigger_start` the
    metric word alone; `end` says which end of 从A到B it is; `sign` turns a loss or fall negative; `base` is the binding that a growth
    is of; `owner` and `time` are set by 分别, `group_start` is where the group of 15.7%的用户 begins; `unit` is that of a number without
    one (小红书2.19亿)."""

    quantity: Quantity
    metric: Metric
    surface: str
    start: int
    trigger_start: int
    rule: str
    sign: int = 1
    base_metric: str | None = None
    base: Binding | None = None
    comparison: Comparison | None = None
    end: str | None = None
    owner: Mention | None = None
    time: TimeExpression | None = None
    group_start: int | None = None
    unit: str | None = None


class Last(NamedTuple):
    """The last metric of the text so far, and the unit of its number."""

    metric: Metric
    surface: str
    sign: int
    unit: str | None


@cache
def dimension(unit: str | None) -> Dimension:
    """What kind of number a unit makes.

    >>> dimension("CNY"), dimension("percentage_point"), dimension("vehicle"), dimension("kWh"), dimension(None)
    ('money', 'percent', 'count', 'measure', 'count')
    """
    if unit is None or unit in COUNTED:
        return "count"
    if unit in _PERCENT:
        return "percent"
    if unit == "multiple":
        return "multiple"
    if unit == "rank":
        return "rank"
    if unit in _DURATIONS:
        return "duration"
    return "money" if len(unit) == 3 and unit.isupper() and unit.isalpha() else "measure"


def fits(metric: Metric, q: Quantity) -> bool:
    """Whether a metric can have such a number: 营收 takes money, 门店 a count of stores."""
    kind = dimension(q.unit)
    if kind not in metric.dimensions or (q.unit in SIZES and q.unit not in metric.units):
        return False
    if q.surface[-1] == "折" and metric.code != "discount":
        return False  # 利率七折
    return not metric.units or kind not in ("count", "measure") or q.unit in metric.units or q.unit is None or _is_plain(q)


def _is_plain(q: Quantity) -> bool:
    """Whether a number has the counter of anything at all: 3000个, and not 30种 or 200篇."""
    return q.unit == "item" and (q.unit_surface or "个")[-1] in _PLAIN


def word_before(n: Number, floor: int) -> Trigger | None:
    """The nearest fitting metric word between `floor` and the number."""
    start = n.q.start + n.view.text.startswith("第", n.q.start)  # 排在第 ends with the 第 of 第二
    for t in reversed(n.view.triggers):
        if t.end > start:
            continue
        if t.start < floor or start - t.end > _BEFORE:
            return None
        if _OTHER.search(n.view.text, t.end, start) or n.view.text.endswith("每股", 0, t.start):
            return None
        if t.metric.code == "investment" and _DEAL_WITH.match(n.view.text, n.q.end, n.clause.end):
            return None  # 斥资38亿元受让股权 is the price of a deal
        near = not t.weak or start - t.end <= _WEAK or not n.view.text[t.end : start].strip(DEGREE)
        if near and fits(t.metric, n.q) and not (t.weak and _is_turnover(t.metric, n.q)):
            t = _level(n, _first_of_sum(n, t))
            t = _of_what(n, t)
            # 退费规模 is about 退费: of two words side by side the first says what, the second how it is counted
            return next((u for u in n.view.triggers if u.end == t.start and not u.weak and fits(u.metric, n.q)), t)
    return None


def _is_turnover(metric: Metric, q: Quantity) -> bool:
    """Whether so much money is what all pieces brought in: 一年卖50亿元, where 卖3999元 is a price."""
    return metric.nature == "price" and "亿" in q.surface


def _of_what(n: Number, t: Trigger) -> Trigger:
    """经营利润由去年同期亏损1.06亿美元转为盈利5050万美元: of the profit that is named first in the clause."""
    if n.view.surface(t) not in _PROFITS:
        return t
    for u in reversed(n.view.triggers):
        if n.clause.start <= u.start and u.end < t.start and u.metric.code.endswith("profit") and n.view.text[u.end] in "由从":
            return t._replace(metric=u.metric)
    return t


def _level(n: Number, t: Trigger) -> Trigger:
    """市值缩水至1440亿美元: what a change led to is a level."""
    if not t.metric.code.endswith("_change") or n.view.text[t.end : t.end + 1] not in ("至", "到"):
        return t
    level = n.words.metrics.get(t.metric.code.removesuffix("_change"))
    return t if level is None else t._replace(metric=level, sign=1)


def _first_of_sum(n: Number, t: Trigger) -> Trigger:
    """现金、定期存款及短期投资合计139亿元: the sum goes by the first of what is added up."""
    if "合计" not in n.view.text[t.end : n.q.start]:
        return t
    for u in reversed(n.view.triggers):
        if n.floor <= u.start and u.end < t.start and fits(u.metric, n.q) and _ADDED.fullmatch(n.view.text, u.end, t.start):
            t = u
    return t


def word_behind(n: Number) -> Trigger | None:
    """A fitting metric word right behind the number, with no other number in between. A stake that changes hands is no stake held."""
    q, view = n.q, n.view
    paid = n.kind == "money" and view.text.endswith(_PAID, 0, q.start)
    if paid and (sold := _DEAL_WITH.match(view.text, q.end, n.clause.end)):
        return Trigger(sold.start(), sold.end(), n.words.metrics["acquisition_price"], 1, False)
    for t in view.triggers:
        if t.start < q.end:
            continue
        if t.start > q.end + BEHIND or t.start >= n.clause.end or any(q.end <= other.start < t.start for other in view.quantities):
            return None
        if t.metric.code == "shareholding" and _DEAL.search(view.text, n.clause.start, n.clause.end):
            return None
        if dimension(q.unit) == "percent" and not _OF.fullmatch(view.text, q.end, t.start):
            return None
        if fits(t.metric, q) and not (t.weak and t.start > q.end):
            # 以131亿港元的价格出售股份: the price of a deal
            deal = t.metric.code == "price" and _DEAL.search(view.text, t.end, n.clause.end) is not None
            return t._replace(metric=n.words.metrics["acquisition_price"]) if deal else t
    return None
