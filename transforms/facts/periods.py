"""When a figure holds.

In order, and named in `Reading.rule`:
- `time`      the nearest time in front of the number in its clause, then in the sentence, then one behind it in the clause
- `base`      a growth holds when the figure it is of does, unless it came after (此后)
- `year`      年交付量: the last whole year that was spoken of
- `inherited` 当季, 全年: the period of the report or the last figure; also where a flow names no time, then the period of the figure before
              it in the paragraph, of the last one where it is another value of the same metric, or of the report that the article is on
              (披露中报: the half year before that day)
- `none`      a rule (open ended, from the day it takes effect), a list price without a time of its own clause, what holds now (眼下), a
              stock: an amount as of a day (截至) lends its day to other sentences only while a report goes on; 期末 ends the report

No periods are the day a report came out (but of a price or index, which is of that day) or something began (去年上市的车型), and what a
figure is compared with (较上年同期, 是2020年的3.3倍). What follows takes over no period of a comparison, a deal or a day of trading.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from transforms.article import TimeExpression
from transforms.facts.measures import DEALS, Binding
from transforms.facts.view import Clause, SentenceView

_ANNOUNCED = re.compile("[^。；]{0,40}?(?:公布|发布|显示|披露|报道|表示|称|透露|(?<![腾通资电])讯(?!飞)|消息|数据|报告|财报)")
_COMPARED = re.compile("的?(?:同期|水平|基础|增|下|上|减|高|低|\\d|近|[一二三四五六七八九十两]+倍)|相比")
#: What makes the time in front of it the period of a report.
REPORT = re.compile(
    "的?(?:未?经审[计核]的?)?(?:综合|合并|主要)?(?:半?年度?|中期|财务)?(?:中报|业绩|财报|年报|季报|半年报|报告|(?:经营|运营|业务|产销|销售|交付)(?:数据|简报|快报)|简报|快报|成绩单|经济数据|统计数据|财务数据)"
)
#: Reports whose name tells their months, and how many months of a year those are: 披露中报 in August is about January to June.
_UNDATED_REPORT = re.compile(
    "(?:发布|披露|公布|交出|晒出|出炉|发)了?[^，。；]{0,6}?(?P<report>一季报|半年报|中报|半年度报告|中期业绩|三季报|年报|年度报告)|"
    "(?<![0-9年])(?P<named>一季报|半年报|中报|三季报)显示"
)
_MONTHS_OF_REPORT = {"一": 3, "半": 6, "中": 6, "三": 9, "年": 12}
#: 2023年半年度报告: the year is that of the first half.
_HALF = re.compile("半年|中期|中报")
_RELATIVE = re.compile(
    "(?:刚|才|正式|新|首次|全国)*(?:创作|出版|建成|创办|创立|设立|签订|签署|收购|购入|购买|买入|改造|上线|上市|发布|推出|开业|成立|开播|上映|开通|投产|落成|签约|生效|实施|施行|举行|召开|举办|公布|面世|亮相)"
    "[^，。；、\\d]{0,3}的"
)
#: 成立于2020年的公司
FOUNDED = ("成立于", "创立于", "创办于", "始建于", "建成于", "诞生于", "上市于", "创建于", "注册于")
#: Days of a month, a third of those of a quarter.
_MONTH, _WEEK = 31, 7
_THIS = re.compile("[当同](?:一个?)?(月|季度?|财季)")
_SAME = re.compile("同一?(?:季度?|财季|时期)|当季|(?<![年月季度])同期|单季|当期|当月|当年|全年|报告期|期内|本季")
#: 年初定下的目标 is that of the year.
_SET = re.compile("(?:[定立设制提喊]|给)[下立定出]了?的[^，。；]{0,6}目标")
#: What holds now is of no period that was spoken of.
_NOW = re.compile("眼下|如今|目前|现在|当下|现已|至今|迄今")
_AT_END = re.compile("(?:报告|本)?期末|(?<![一二三四])季末")
#: Periods that the one in question is compared with.
_EARLIER = ("同期", "上年", "上一年", "前一年", "一年前")
#: A change after the figure in front, at no time that is given.
_SINCE = re.compile("此后|随后|其后|之后|后来")
#: What firms report for months or years: no day of another clause dates it.
OF_STATEMENTS = frozenset(
    ("revenue", "net_profit", "adjusted_net_profit", "operating_profit", "gross_profit", "gross_margin", "rd_expense")
)
#: What is opened, gained or sown is counted over a period, though the number of shops and the area of land are stocks.
_FLOW = re.compile("日均|月均|新开|新增|净增|开出|关闭|关店|新建|增设|开工|竣工|成交|签约|销售|出让|播种|种植")
#: Prices that a seller sets; the others (均价, 报价) are of a day.
_LIST_PRICES = (
    "售价",
    "标价",
    "一口价",
    "到手价",
    "优惠价",
    "限时价",
    "补贴价",
    "活动价",
    "团购价",
    "定价",
    "指导价",
    "零售价",
    "预售价",
    "票价",
    "原价",
    "学费",
    "售",
    "发行价",
    "起拍价",
    "首发价",
)
_DAYS_OF_YEAR = 364
#: First and last months of quarters and halves.
_TERMS = frozenset(((1, 3), (4, 6), (7, 9), (10, 12), (1, 6), (7, 12)))


class Period(NamedTuple):
    start: date | None
    end: date | None

    def is_year(self) -> bool:
        return self.start is not None and self.end is not None and (self.end - self.start).days >= _DAYS_OF_YEAR


class Reading(NamedTuple):
    """A period and the rule that found it; `as_of` marks a day that only closes the period (截至), `compared` a period to compare with."""

    period: Period | None
    rule: str
    as_of: bool = False
    compared: bool = False


_NONE = Reading(None, "none")


@dataclass(slots=True)
class Calendar:
    """The periods that the text has been speaking of: of the last figure, the last whole year, the last day of 截至, the one that a report
    is on (发布2022年半年度报告), `near` if it was named in this paragraph, and the last one of the paragraph before."""

    paragraph: int = -1
    last: Period | None = None
    year: Period | None = None
    as_of: Period | None = None
    reported: Period | None = None
    near: Period | None = None
    earlier: Period | None = None

    def enter(self, view: SentenceView, reference_date: date) -> None:
        """Take note of the paragraph, and of the report that the sentence is on."""
        if view.sentence.paragraph_index != self.paragraph:
            self.paragraph, self.earlier = view.sentence.paragraph_index, self.last or self.earlier
            self.last = self.as_of = self.near = None
        if undated := _UNDATED_REPORT.search(view.text, view.sentence.start, view.sentence.end):
            self.near, self.last = _of_report(undated["report"] or undated["named"], view, reference_date), None
            self.reported = self.reported or self.near
        for t in view.times:
            if t.granularity in ("year", "quarter", "half", "month", "other") and t.start_date and REPORT.match(view.text, t.end):
                half = t.granularity == "year" and _HALF.match(view.text, t.end) is not None
                self.reported = self.near = Period(t.start_date, t.start_date.replace(month=6, day=30)) if half else _period(t)

    def take(self, when: Reading) -> None:
        """Take note of the period of a figure, which is not that of a comparison (上年同期为-47.2%)."""
        if when.compared:
            return
        if when.as_of:
            self.as_of = when.period
        elif when.period is not None:
            self.last = when.period
            if when.period.is_year():
                self.year = when.period

    def same(self, word: str) -> Period | None:
        """What 当季, 报告期内 or 全年 means now."""
        recent = self.last or self.reported or self.earlier
        if word not in ("全年", "当年"):
            return recent
        if self.reported is not None and self.reported.is_year():
            return self.reported
        if self.year is None and recent is not None and recent.start is not None:
            return year_of(recent.start)
        return self.year

    def same_as(self, t: TimeExpression) -> Period | None:
        """What 当月 or 同一季度 means where the text speaks of one: the month of the figures, not of the article."""
        if (unit := _THIS.fullmatch(t.surface)) is None:
            return None
        longest = _MONTH if unit[1] == "月" else 3 * _MONTH
        known = (self.last, self.near, self.reported, self.earlier)
        return next((p for p in known if p and p.start and p.end and 27 <= (p.end - p.start).days <= longest), None)


def _of_report(name: str, view: SentenceView, reference_date: date) -> Period:
    """The months that a report is about: the last ones of their kind before it came out."""
    months = _MONTHS_OF_REPORT[name[0]]
    out = next((t.start_date for t in view.times if t.granularity == "day" and t.start_date), reference_date)
    year = out.year if months < out.month else out.year - 1
    return Period(date(year, 1, 1), date(year, months, monthrange(year, months)[1]))


def usable(view: SentenceView) -> list[TimeExpression]:
    """The times of a sentence that can date a figure."""
    return [t for t in view.times if t.kind in ("date", "period") and not (_compares(view, t) or _announces(view, t) or _begins(view, t))]


def of_figure(
    view: SentenceView, b: Binding, times: Sequence[TimeExpression], calendar: Calendar, base: Period | None, reported: bool
) -> Reading:
    """The period of a figure. `times` are the usable ones of the sentence, `base` is the period of the figure that a growth is of;
    `reported` says that a report goes on."""
    if b.time is not None:
        return Reading(_period(b.time), "time")
    clause = view.clause_of(b.start)
    at = b.quantity.start
    if b.metric.code != "growth_multiple" and (
        own := next((t for t in view.times if t.end < at and view.text[t.end : at].strip("约近") == "的" and t.start_date), None)
    ):
        if own.surface == "一年前" and calendar.last is not None:
            return Reading(_year_before(calendar.last), "time", compared=True)
        return Reading(_period(own), "time")  # 较2023年的13.3亿元进一步扩大: a number of its own time
    before = [t for t in times if t.end <= at and not (_is_near_end(view, t) and at > t.end + 1)]
    own = before[-1] if before and before[-1].start >= clause.start else None
    if own is not None and (same := calendar.same_as(own)):
        return Reading(same, "inherited")
    if own is None and b.base is not None and base is not None:
        return _NONE if _SINCE.search(view.text, clause.start, at) else Reading(base, "base")
    nature = b.metric.nature
    if nature == "rule":
        return _NONE
    if nature == "price" and b.surface.endswith(_LIST_PRICES):
        dated = own or next((t for t in before if t.end == clause.start - 1), None)
        return Reading(_period(dated), "time") if dated else _NONE
    if own is None and (said := _same(view, b, clause, calendar, before)):
        return said
    if own is not None and not _period(own).is_year() and ("全年" in view.text[own.end : at] or _SET.match(view.text, own.end)):
        return Reading(year_of(own.start_date), "time")  # 年初定下的全年目标
    if own is None and _NOW.search(view.text, before[-1].end if before else view.sentence.start, at):
        return _NONE
    if not before and (nature == "price" or b.metric.code == "index"):  # 上海航运交易所10月27日发布的运价指数报1012.6点
        quoted = next((t for t in view.times if t.end <= at and t.granularity == "day" and _announces(view, t)), None)
        if quoted is not None:
            return Reading(_period(quoted), "time")
    if not before and b.metric.code in DEALS:  # 7月9日披露获得2.5亿元融资
        told = next((t for t in reversed(view.times) if t.end <= at and t.granularity == "day" and not _begins(view, t)), None)
        if told is not None and not _compares(view, told):
            return Reading(_period(told), "time")
    stock = nature in ("stock", "price") and _FLOW.search(view.text, clause.start, at + 6) is None
    return _dated(view, b, times, before, clause, calendar, stock) or _carried(b, calendar, stock, reported)


def _same(view: SentenceView, b: Binding, clause: Clause, calendar: Calendar, before: Sequence[TimeExpression]) -> Reading | None:
    """The period of a clause without a time that says 当季 or 年交付量, or the day of 截至期末."""
    if b.metric.nature == "stock" and not before and _AT_END.search(view.text, view.sentence.start, b.quantity.start):
        period = calendar.reported or calendar.last
        return Reading(Period(period.end, period.end), "inherited", True) if period else None
    if said := _SAME.search(view.text, clause.start, b.quantity.start):
        period = calendar.same(said.group())
        return Reading(period, "inherited") if period else None
    yearly = "年" in (view.text[b.trigger_start - 1], view.text[b.trigger_start])
    if yearly and calendar.year is not None and not (before and _period(before[-1]).is_year()):
        return Reading(calendar.year, "year")
    return None


def _dated(
    view: SentenceView,
    b: Binding,
    times: Sequence[TimeExpression],
    before: Sequence[TimeExpression],
    clause: Clause,
    calendar: Calendar,
    stock: bool,
) -> Reading | None:
    """The period by a time of the sentence. The day of 截至 dates a flow only in its own clause, or where there is no other time."""
    for t in reversed(before):
        if t.surface == "一年前" and calendar.last is not None:
            return Reading(_year_before(calendar.last), "time", compared=True)
        if t.surface.endswith(_EARLIER) and any(t.end <= q.start < clause.start for q in view.quantities):
            continue  # 去年同期还盈利1.6亿元；华菱钢铁的净利润为41.1亿元
        if same := calendar.same_as(t):
            return Reading(same, "inherited")  # 当月，顺丰收入168.2亿元
        as_of = _is_as_of(view, t)
        if _is_short(t) and t.start < clause.start and not as_of and b.metric.code in OF_STATEMENTS:
            continue  # 6月26日递交招股书，三年累计亏掉183.7亿元
        if stock or not as_of or t.start >= clause.start or b.base is not None:
            return Reading(_period(t), "time", as_of, t.surface.endswith(_EARLIER))
    q = b.quantity
    behind = next((t for t in times if q.end <= t.start < clause.end), None)
    if behind is not None and not any(q.end <= other.start < behind.start for other in view.quantities):
        return Reading(_period(behind), "time")
    return Reading(_period(before[-1]), "time", True) if before and _is_as_of(view, before[-1]) else None


def year_of(day: date | None) -> Period:
    """The whole year of a day."""
    return Period(day and day.replace(month=1, day=1), day and day.replace(month=12, day=31))


def _year_before(period: Period) -> Period:
    """归母净利润2.6亿元，一年前是3.84亿元: of the same months."""
    first, last = (day and day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day) for day in period)
    return Period(first, last)


def _carried(b: Binding, calendar: Calendar, stock: bool, reported: bool) -> Reading:
    """The period that a sentence without a time takes over."""
    if stock:
        return Reading(calendar.as_of, "inherited", True) if reported and calendar.as_of else _NONE
    period = calendar.last or (calendar.earlier if b.rule == "continued" else calendar.near or calendar.reported)
    return Reading(period, "inherited") if period else _NONE


def effective(view: SentenceView, at: int) -> Period | None:
    """From when on a rule holds: the time before 起, or behind 自, in front of it."""
    for t in reversed(view.times):
        if t.end <= at and (
            view.text.startswith("起", t.end) or (view.text[t.start - 1] in "自从" and not view.text.startswith("的", t.end))
        ):
            return Period(t.start_date, None)
    return None


def _period(t: TimeExpression) -> Period:
    return Period(t.start_date, t.end_date)


def _is_short(t: TimeExpression) -> bool:
    """A day or a week: 上周公布季绩."""
    return t.start_date is not None and t.end_date is not None and (t.end_date - t.start_date).days < _WEEK


def _is_as_of(view: SentenceView, t: TimeExpression) -> bool:
    if t.surface.endswith(("底", "月末", "年末", "季末", "季度末")):
        return True
    return view.text[max(0, t.start - 4) : t.start].rstrip("去于到").endswith(("截至", "截止"))


def _is_near_end(view: SentenceView, t: TimeExpression) -> bool:
    """从上年的2.79%下降到2.75%: the time of the near end is that of its number alone."""
    own = view.text.startswith("的", t.end) or any(q.start == t.end for q in view.quantities)
    return t.start > 0 and view.text[t.start - 1] in "从由自" and own


def _compares(view: SentenceView, t: TimeExpression) -> bool:
    """是2020年的3.3倍, 较去年同期, 在2021年的基础上: what a figure is compared with is not when it holds."""
    before = view.text[max(view.sentence.start, t.start - 2) : t.start]
    if view.text.startswith(("的基础", "基础上"), t.end) or before.endswith(("较", "比")):
        return True
    return before.endswith(("是", "于", "与", "同", "为")) and not before.endswith("在于") and _COMPARED.match(view.text, t.end) is not None


def _begins(view: SentenceView, t: TimeExpression) -> bool:
    """6月13日上线的《三国》首月流水, 成立于2020年的公司: when something began is not when it sold."""
    return _RELATIVE.match(view.text, t.end) is not None or view.text.endswith(FOUNDED, 0, t.start)


def _announces(view: SentenceView, t: TimeExpression) -> bool:
    """1月11日，乘联会公布的数据显示: the day of the report, unless a figure comes first."""
    if t.granularity != "day" or _is_as_of(view, t):
        return False
    said = _ANNOUNCED.match(view.text, t.end, min(view.sentence.end, t.end + 50))
    return said is not None and not any(t.end < q.start < said.end() for q in view.quantities)


def ends(period: Period) -> tuple[Period | None, Period]:
    """The first and the last month (or year) of a period: where 从A上升到B has its two ends. Within one year, half or quarter
    (what results are reported for) the near end is left open: it may as well be that of the period before.

    >>> [p and p.start.isoformat() for p in ends(Period(date(2020, 5, 1), date(2020, 7, 31)))]
    ['2020-05-01', '2020-07-01']
    """
    start, end = period.start, period.end
    if start is None or end is None or (start.year, start.month) == (end.year, end.month):
        return period, period
    if (start.month, start.day, end.month) == (1, 1, 12) and end.year > start.year:
        return Period(start, date(start.year, 12, 31)), Period(date(end.year, 1, 1), end)
    if period.is_year() or (start.day == 1 and (start.month, end.month) in _TERMS):
        return None, period
    first = Period(start, date(start.year, start.month, monthrange(start.year, start.month)[1]))
    return first, Period(date(end.year, end.month, 1), end)
