"""Which metric a number measures.

In order, and named in `Binding.rule`:
- `respectively` 营收和净利润分别为A和B: the numbers go to the metrics, subjects or periods in front of 分别, in their order
- `second_end`   从A上升到B: the number at the far end measures what the one at the near end does
- `change`       同比增长41%: a growth of the metric before it
- `group`        15.7%的用户…购买: the share of a group that does something; 撑起七成的收入: of an amount
- `before`       the nearest fitting metric word in front of the number, in its clause
- `behind`       182亿元罚款: a fitting metric word right behind it
- `compared`     毛利率8.1%，高于二季度的2.8%: an earlier value of the metric before it, of a time of its own
- `continued`    超市为2511亿元, 今年1月已回升至362亿: another value of the last metric, or
                 of the last one of its unit (A装机18GW，市占率22%；B14GW)
- `unit`         the unit alone says it (件快递, 人次)

A number that measures nothing is left out: a difference (还差900家, 涨价4300元), an attribute (10亿元的项目), a number of
things (三家公司).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from transforms import segmentation
from transforms.article import Mention, Quantity
from transforms.facts import changes, lists, names, phrases
from transforms.facts.lexicon import Lexicon
from transforms.facts.lists import Place
from transforms.facts.measures import (
    BEHIND,
    COUNTED,
    DEALS,
    DEGREE,
    SIZES,
    TARGET_BEHIND,
    THIS_FIGURE,
    Binding,
    Last,
    Number,
    dimension,
    fits,
    word_before,
    word_behind,
)
from transforms.facts.view import SentenceView, Trigger
from transforms.reference import Dimension

#: 399元一套, 一只足金葫芦吊坠从1.38万元涨到1.52万元: what one piece costs.
_PIECE = "[套只个件瓶盒支台杯斤双份款辆片条块张]"
_A_PIECE = re.compile(f"(?:一|每|/){_PIECE}")
_ONE = re.compile(f"[一每]{_PIECE}")
#: Units that say by themselves what is counted.
_BY_UNIT = {"parcel": "parcel_volume", "order": "orders", "person_time": "visitors", "transaction": "transactions"}
#: Metrics that a clause about the group of 51.5%的用户 may name; any other share of a group is just a share.
_OF_GROUPS = ("purchase_rate", "satisfaction_rate", "repurchase_rate", "retention_rate")
_BE = re.compile(
    "(?:为|是|达|有|录得|收获|斩获|维持|保持|以|近|约|超|突破|收|占|拿走了?|分走了?|剩下?|仅|只|至|到|于|逾|过|贡献了?|[只仅]要|[仅只]需|:|：)(?:约|近|超过?)?$"
)
_IS_AT = re.compile("(?:已|仅|只有|约|也|均|都)*(?:由|从|为|是|达到?|至|到|约)约?")
_LIST = re.compile(r"\s*(?:[、和与及]|以及|，和)\s*")
_TO = re.compile(r"\s*(?:左右)?[^，。；\d]{0,6}?(?:到|至|为)了?(?:如今|目前|现在|当前|眼下)?的?\s*(?:约|近|超过?|不足|逾|将近)?\s*")
_FROM = re.compile("[从由自]")
_THAN = re.compile("(?:[较比]|相[较比]于?|[高低好差优多少]于|不[及如]|超过)$")
#: 拿出不超过2亿美元回购: money with a purpose of its own.
_SPENT = re.compile("拿出|投入|斥资|花费|花了|耗资|出资|豪掷|砸下|动用")
#: 以98155辆排在第一: the figure says more than the rank that it makes.
_BY = re.compile("(?:以|凭借?)[^，]{0,4}$")
#: What a ranking adds behind a number.
_PLACED = re.compile("(?:紧随其后|次之|居[首后末次]|位[居列]|排[名在第]|分列|领跑|领先|垫底|殿后)")
#: Nouns of parts of what was counted before, and characters of a clause that names one.
_KINDS = ("车型", "机型", "业务", "板块", "产品", "品类", "类", "渠道", "市场", "系列")
_LONGEST_KIND = 10
_LONGEST_PART = 4
#: What may stand between the time and the number of a part: 其中3月单月3583亿元.
_ALONE = ("", "单月", "单季", "单季度", "当月", "当季", "单日", "累计", "合计")
_OF_AMOUNT = re.compile("(?:以上|左右|以下)?的(?:公司|集团|平台|总|其|全部|年|整体)*")
#: GTV为, ASP达到: a measure that no metric has.
_UNKNOWN = re.compile("[A-Z]{2,5}(?:[为是达至约]|达到)+约?$")
_THERE = re.compile("(?:左右|以上)?(?:位于|来自|分布|投向|用于|集中|流向|开在|都?在)")
_GIVES = re.compile("贡献|撑起|占据?|来自|拿走|拿下|提供|带来|创造|支撑")
#: A whole number below this in front of a noun counts things: 三家公司, 三大功能.
_FEW = 20


def bind(view: SentenceView, words: Lexicon, last: Last | None, earlier: Mapping[Dimension, Last]) -> list[Binding]:
    """The numbers of a sentence with their metrics, in order; `last` is the metric that the text before it ended with, `earlier` the last
    one of each kind of number."""
    done: list[Binding] = []
    listed = lists.places(view)
    previous = None
    for q in view.quantities:
        # 90天以上逾期率: a number inside a metric word is part of the word
        if any(t.start <= q.start and q.end <= t.end for t in view.triggers):
            continue
        bound = None
        named = q.unit == "person" and any(m.end == q.start and m.type == "person" for m in view.mentions)
        if q.kind != "ordinal" and not named and not view.text.startswith("级", q.end):  # 薇娅和李佳琦两人, 百万级轿车
            clause = view.clause_of(q.start)
            floor = clause.start if previous is None else max(_taken(done, previous), clause.start)
            number = Number(view, q, dimension(q.unit), clause, floor, previous, words)
            bound = _this_figure(number, done, earlier) or _one(number, done, listed, last)
            if bound is not None:
                done.append(bound)
                last = _next_last(number, bound, last)
        if bound is not None or q.unit not in SIZES:
            previous = q
    return done


def _taken(done: Sequence[Binding], previous: Quantity) -> int:
    """Where the number before ends, with a metric word behind it that is its own: 1300家门店和200个仓库."""
    b = done[-1] if done else None
    return b.trigger_start + len(b.surface) if b is not None and b.rule == "behind" and b.quantity is previous else previous.end


def _next_last(n: Number, bound: Binding, last: Last | None) -> Last | None:
    """The metric that the numbers behind may go on with. 收入下降7%至312亿元: the level behind a change is of the metric that changed."""
    if bound.rule != "change":
        return last if bound.metric.code == "ranking" else Last(bound.metric, bound.surface, bound.sign, n.q.unit or bound.unit)
    if bound.base_metric is None or bound.trigger_start < n.clause.start:
        return last
    base = n.words.metrics[bound.base_metric]
    if last is not None and last.metric is base:
        return last
    # 净亏损收窄72%，为2.7亿元
    sign = next((t.sign for t in n.view.triggers if t.start == bound.trigger_start and t.metric is base), 1)
    return Last(base, bound.surface, sign, None)


def _one(n: Number, done: Sequence[Binding], listed: Mapping[int, Place], last: Last | None) -> Binding | None:
    """What one number measures, by the rules of this module in their order; None where it measures nothing."""
    q = n.q
    place = listed.get(q.start)
    if place is not None and place.trigger is not None and fits(place.trigger.metric, q):
        return _bound(n, place.trigger, "respectively", place)
    if place is not None and done and done[-1].rule == "change" and done[-1].quantity is n.previous and n.kind in ("percent", "multiple"):
        return changes.further(n, done, place)
    if done and done[-1].end == "first" and done[-1].quantity is n.previous:
        return done[-1]._replace(quantity=q, rule="second_end", end="last")
    if q.unit in ("percentage_point", "basis_point"):
        return _in_basis_points(n) or changes.in_points(n, done)
    if n.kind in ("percent", "multiple") and (change := changes.beside(n)):
        growth = changes.growth(n, change, done, last, place)
        # 增速已从60%降到30%
        return growth._replace(end="first") if place is None and _is_first_end(n) else growth
    target = TARGET_BEHIND.match(n.view.text, q.end) is not None
    if not target:
        if direction := changes.difference(n):
            return changes.by_amount(n, direction)
        if _is_attribute(n):
            return None
    if n.kind == "percent" and (part := _group(n) or _part_of(n) or _part_there(n, done) or _part_from(n)):
        return part
    if n.kind == "rank" and n.previous is not None and _BY.search(n.view.text, n.clause.start, n.previous.start):
        return None
    end = "first" if _is_first_end(n) else None
    if trigger := word_before(n, n.floor):
        return _bound(n, trigger, "before", place, end)
    if trigger := word_behind(n):
        return None if not target and _is_part(n, trigger) else _bound(n, trigger, "behind", place, end)
    if _is_listed(n) and (trigger := word_before(n, n.clause.start)):
        return _bound(n, trigger, "before", place, end)
    if earlier := _compared(n, done):
        return earlier
    last = _named_before(n, done) or last
    if last is not None and _continues(n, last, certain=target or end is not None):
        bound = Binding(q, last.metric, last.surface, q.start, q.start, "continued", last.sign, end=end, unit=q.unit or last.unit)
        return bound._replace(owner=place.owner, time=place.time) if place else bound
    if (parallel := _parallel(n, done)) is not None:
        return parallel
    if n.kind == "multiple":
        return changes.multiple_of(n)
    piece = _A_PIECE.match(n.view.text, q.end) or (end and _ONE.search(n.view.text, n.floor, q.start))
    if piece and n.kind == "money" and "亿" not in q.surface:
        return Binding(q, n.words.metrics["price"], q.surface, q.start, q.start, "unit", end=end)
    code = _BY_UNIT.get(q.unit or "")
    return Binding(q, n.words.metrics[code], q.unit_surface or "", q.start, q.start, "unit") if code else None


def _in_basis_points(n: Number) -> Binding | None:
    """费率由11.6个基点提高到12.5个基点: a rate so small that it is told in basis points."""
    t = word_before(n, n.floor) if n.q.unit == "basis_point" else None
    if t is None or _IS_AT.fullmatch(n.view.text, t.end, n.q.start) is None:
        return None
    return _bound(n, t, "before", None, "first" if _is_first_end(n) else None)


def _parallel(n: Number, done: Sequence[Binding]) -> Binding | None:
    """A装机18.67GW，市占率22%；B14.2GW: another value of the last metric of the same unit, with a figure of another one in between."""
    before = next((b for b in reversed(done) if b.rule != "change" and b.quantity.unit == n.q.unit and b.end is None), None)
    if before is None or n.q.unit is None or not fits(before.metric, n.q) or before.metric.code in (*DEALS, "ranking"):
        return None
    if not _is_alone(n) or _UNKNOWN.search(n.view.text, n.floor, n.q.start):
        return None
    return Binding(n.q, before.metric, before.surface, n.q.start, n.q.start, "continued", before.sign)


def _this_figure(n: Number, done: Sequence[Binding], earlier: Mapping[Dimension, Last]) -> Binding | None:
    """同比增速回落到15%，而一年前这个数字是38.9%: another value of what the number in front measures."""
    if (said := THIS_FIGURE.search(n.view.text, n.floor, n.q.start)) is None or n.q.start - said.end() > BEHIND:
        return None
    before = next((b for b in reversed(done) if dimension(b.quantity.unit) == n.kind), None)
    if before is not None:
        return before._replace(quantity=n.q, start=n.q.start, trigger_start=n.q.start, rule="continued", base=None, end=None, time=None)
    last = earlier.get(n.kind)
    return Binding(n.q, last.metric, last.surface, n.q.start, n.q.start, "continued", last.sign) if last is not None else None


def _compared(n: Number, done: Sequence[Binding]) -> Binding | None:
    """净亏损6.9亿元，较上年同期的9.9亿元明显收窄: what the figure in front was in a period that is named."""
    before = next((b for b in reversed(done) if b.rule != "change" and b.end is None), None)
    if before is None or not fits(before.metric, n.q) or before.quantity.unit != n.q.unit or before.metric.code == "ranking":
        return None
    time = next((t for t in n.view.times if n.floor < t.start and t.end + n.view.text.startswith("的", t.end) == n.q.start), None)
    if time is None or time.start_date is None or _THAN.search(n.view.text, n.floor, time.start) is None:
        return None
    return before._replace(quantity=n.q, start=n.q.start, trigger_start=n.q.start, rule="compared", base=None, time=time)


def _bound(n: Number, t: Trigger, rule: str, place: Place | None, end: str | None = None) -> Binding:
    bound = Binding(n.q, t.metric, n.view.surface(t), min(t.start, n.q.start), t.start, rule, t.sign, end=end)
    return bound._replace(owner=place.owner, time=place.time) if place else bound


def _is_listed(n: Number) -> bool:
    """Whether a number goes on with the list of the one before it: A、B和C."""
    return n.previous is not None and n.previous.start >= n.clause.start and bool(_LIST.fullmatch(n.view.text, n.previous.end, n.q.start))


def _named_before(n: Number, done: Sequence[Binding]) -> Last | None:
    """A fitting metric word of the clause in front that has got no number yet: 上调价格，Model Y从28万元涨到30万元."""
    floor = n.view.clauses[max(0, n.clause.order - 1)].start
    for t in reversed(n.view.triggers):
        if t.start < floor:
            return None
        if t.end <= n.clause.start and not t.weak and fits(t.metric, n.q) and not any(b.trigger_start == t.start for b in done):
            return Last(t.metric, n.view.surface(t), t.sign, n.q.unit)
    return None


def _continues(n: Number, last: Last, *, certain: bool) -> bool:
    """Whether a clause without a metric word states another value of the last metric."""
    # 抖音月活跃用户达7.81亿；小红书2.19亿
    bare = n.q.unit is None and last.unit in COUNTED
    if not fits(last.metric, n.q) or (n.kind in ("count", "measure") and last.unit != n.q.unit and not bare):
        return False
    text = n.view.text[n.floor : n.q.start].rstrip()
    if certain:
        return True
    others = (t for t in n.view.triggers if n.floor <= t.start and t.end <= n.q.start and not t.weak and t.metric is not last.metric)
    if any(fits(t.metric, n.q) for t in others):
        return False  # 因为要退还涉嫌套用优惠费率的资金约13.9亿元
    if last.metric.code in DEALS or ("每" in text and last.metric.nature != "price"):
        return False
    if "指数" in text or "率" in text[-4:] or _UNKNOWN.search(text):
        return False
    if (n.kind == "percent" and n.view.text.startswith("的", n.q.end)) or _SPENT.search(text):
        return False
    if _is_alone(n):
        return True
    return _BE.search(text) is not None or (n.previous is not None and n.previous.end == n.floor and _LIST.fullmatch(text) is not None)


def _is_alone(n: Number) -> bool:
    """乐道6281辆, 万科579.6亿元紧随其后, 其中3月单月3583亿元, 其中能繁母猪4240万头, 插混车型31.1万辆: whether a clause says no more than a
    name, a time or a part, and the number."""
    view, end = n.view, n.floor + len(n.view.text[n.floor : n.q.start].rstrip(DEGREE))
    closed = n.q.end >= n.clause.end or view.text[n.q.end] in "、(（" or _PLACED.match(view.text, n.q.end) is not None
    if not closed or n.floor != n.clause.start:
        return False
    if view.times and view.text[names.opening(view, n.floor, end) : end] in _ALONE and view.clause_of(end).order:
        return True
    if view.text.startswith("其中", n.floor) and (part := phrases.head(view, n.floor, end, n.words)) and part.end == end:
        return True
    if end - n.floor <= _LONGEST_KIND and view.text.endswith(_KINDS, n.floor, end):
        # 插混 alone looks like a verb
        return not any(tag.startswith("v") and tag != "vn" for _, tag in segmentation.tag(view.text[n.floor : end])[1:])
    return any(_ends_with_name(n, m, end) and names.opens(view, n.clause, m) for m in view.mentions if m.end <= end)


def _ends_with_name(n: Number, m: Mention, end: int) -> bool:
    """小红书, 蔚来汽车, 抖音美妆: a name, at most with what it is or a part of it behind."""
    if n.view.text[m.end : end] in ("", "品牌", "汽车", "公司"):
        return True
    part = phrases.head(n.view, m.end, end, n.words) if end - m.end <= _LONGEST_PART else None
    return part is not None and (part.start, part.end) == (m.end, end)


def _is_first_end(n: Number) -> bool:
    """从A上升到B, 由A增至B: whether the number is the A."""
    if _FROM.search(n.view.text, n.floor, n.q.start) is None:
        return False
    following = next((other for other in n.view.quantities if other.start >= n.q.end), None)
    if following is None or dimension(following.unit) != n.kind:
        return False
    return _TO.fullmatch(n.view.without_times(n.q.end, following.start)) is not None


def _is_attribute(n: Number) -> bool:
    """10亿元的项目, 三家公司, 三大功能: the number says which or how many things, and no metric word follows."""
    q, text = n.q, n.view.text
    if n.kind not in ("money", "count", "measure") or q.end >= n.clause.end:
        return False
    if text[q.end] == "的":
        reach = q.end + BEHIND
    elif n.kind == "count" and q.value is not None and q.value < _FEW and "." not in q.surface and "\u4e00" <= text[q.end] <= "\u9fff":
        reach = q.end + 3
    else:
        return False
    return not any(q.end <= t.start <= reach and fits(t.metric, q) for t in n.view.triggers)


def _is_part(n: Number, t: Trigger) -> bool:
    """拥有186家门店的连锁, 20个城市螺纹钢均价: the counted things only say what is meant by the noun behind them."""
    if n.kind != "count" or t.end >= n.clause.end:
        return False
    word, tag = segmentation.tag(n.view.text[t.end : min(t.end + 6, n.clause.end)])[0]
    return word == "的" or tag.startswith(("n", "b")) or word in n.words.nouns


def _group(n: Number) -> Binding | None:
    """仅有51.5%的用户表示满意: the share of a group of which something is said."""
    q, text, groups = n.q, n.view.text, n.words.groups
    if not text.startswith("的", q.end):
        return None
    ends = range(q.end + 3, min(q.end + 9, n.clause.end) + 1)
    if not any(text[end - 2 : end] in groups or text[end - 3 : end] in groups for end in ends):
        return None
    for t in n.view.triggers:
        if q.end < t.start < n.clause.end and t.metric.code in _OF_GROUPS:
            return Binding(q, t.metric, n.view.surface(t), q.start, q.start, "group", group_start=q.end + 1)
    return Binding(q, n.words.metrics["share"], q.surface, q.start, q.start, "group", group_start=q.end + 1)


def _part_there(n: Number, done: Sequence[Binding]) -> Binding | None:
    """在管面积6521万平方米，其中62.1%位于大湾区: the share of the amount in front that is somewhere."""
    before = done[-1] if done else None
    if before is None or before.quantity is not n.previous:
        return None
    opens = n.floor == n.clause.start and n.q.start - n.floor <= 1  # 门店9778家，八成开在二线城市
    if not opens and n.view.text[n.floor : n.q.start].strip(DEGREE + "，") != "其中":
        return None
    if before.rule == "change" or _THERE.match(n.view.text, n.q.end) is None:
        return None
    return Binding(n.q, n.words.metrics["share"], n.q.surface, n.q.start, n.q.start, "group", base_metric=before.metric.code)


def _part_from(n: Number) -> Binding | None:
    """九成订单来自江浙沪: the share of an amount that comes from somewhere."""
    start = n.q.end + n.view.text.startswith("的", n.q.end)
    t = next((t for t in n.view.triggers if t.start == start and "percent" not in t.metric.dimensions), None)
    if t is None or not n.view.text.startswith(("来自", "出自", "源自", "由"), t.end):
        return None
    return Binding(n.q, n.words.metrics["share"], n.view.surface(t), n.q.start, n.q.start, "group", base_metric=t.metric.code)


def _part_of(n: Number) -> Binding | None:
    """撑起了七成以上的收入, 贡献近三成的销量: the share of an amount that somebody gives."""
    of = _OF_AMOUNT.match(n.view.text, n.q.end)
    if of is None or _GIVES.search(n.view.text, n.floor, n.q.start) is None:
        return None
    t = next((t for t in n.view.triggers if t.start == of.end() and "percent" not in t.metric.dimensions), None)
    return (
        Binding(n.q, n.words.metrics["share"], n.view.surface(t), n.q.start, n.q.start, "group", base_metric=t.metric.code) if t else None
    )
