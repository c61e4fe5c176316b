"""What happened: launches, rules, deals, appointments, as dated rows with participants.

A trigger word (`event_triggers.csv`) makes an event where a date governs it and somebody takes part; a date with 起 makes a rule even
without one. Plans, denials and what lies ahead are not happenings and are left out; that a firm made a plan known in a filing
(公告称，拟收购) is one of type other. A rule counts from the day it takes effect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta

from transforms.article import Event, EventType, Mention, Participant, TimeExpression
from transforms.facts import names, periods
from transforms.facts.view import Clause, Happening, SentenceView

#: 近日, 双11前夕: within the last two weeks before the article.
_RECENTLY = re.compile("近日|日前|近期|最近|不久前|前不久|近来|前夕|本周|上周")
_RECENT_DAYS = 14
_MONTH = 31
#: 面向21世纪, 近20年来: no happening is dated by so much.
_AGE = 731
_PARTICIPANT_TYPES = frozenset(("company", "product", "organization", "government", "person", "media", "work", "event"))
_ACTING = frozenset(("company", "product", "organization", "government"))
_EXCHANGE = re.compile(
    "交所|交易所|股市|港股|美股|A股|科创板|创业板|主板|纳斯达克|IPO|募资|敲钟|挂牌|(?:港|(?<!北)美|纽约|美国)上市|招股|市值|股价|发行价"
)
_ANAPHOR = re.compile("(?:这家[^，。；]{2,14}的|该|本|这家)?(?:公司|集团|平台|企业)|(?:该|这家)(?:银行|品牌|机构|基金)|(?<!其)它(?![们他])")
#: 公告称，拟以83亿元收购
_PLAN_ANNOUNCED = re.compile("公告(?:称|显示|表示|披露)?[，,:：]?(?:公司)?拟")
#: Types whose words say that something is made known.
_SAYING = ("other", "report_release")
#: 成立九年来
_SINCE = re.compile("[一二两三四五六七八九十0-9]{1,3}多?年(?:以?来|间|后)")
#: 支持头部机构并购重组 is no merger.
_FAVOURED = re.compile("(?:支持|鼓励|允许|推动|引导|促进|规范)[^，。；]*$")
#: What no place does.
_OF_FIRMS_ONLY = ("launch", "listing", "funding", "acquisition", "report_release")
_OF_FIRMS = ("公司", "集团", "企业")
_REPORT = re.compile(
    r"[了的]?[^，。；]{0,16}?(?:财报|年报|季报|半年报|中报|快报|简报|业绩|报告|经济数据|统计数据|运行数据|调查|白皮书|蓝皮书|研报|指数|榜单|统计公报)|[了的]?《[^》]{0,40}(?:报告|白皮书|蓝皮书|榜)"
)
_RULES = re.compile(
    r"[了的]?《[^》]{0,40}(?:办法|规定|通知|意见|条例|方案|规划|指引|指南|细则|法|决定|公告|征求意见稿\)?)》|[了的]?[^，。；《]{0,8}(?:通知|新规|政策|细则|禁令)"
)
#: 将于9月1日起施行 is settled, though it lies ahead.
_IN_FORCE = ("起施行", "起实施", "起生效", "起执行", "起正式施行", "起正式实施", "起正式生效")
#: What a rule does that begins on a day.
_RULED = re.compile(
    "收取|征收|加征|收费|免征|免收|减免|实施|施行|执行|实行|调整|[上下]调|提[高价]|降[低价]|涨价|取消|停止|禁止|限制|暂停|不再|统一|全面|放[开宽]|下架|强制|必须|不得|削减|[增减]产|限产|开放|恢复|改[为用按由]"
)
_NOUN_BEHIND = frozenset("方价额率期商者性类量部会费的单")
#: 把收入指引下调到5亿元: figures are no rules.
_FIGURES = re.compile("指引|预期|目标价|评级|预测|目标")
#: 合并营收, 上市公司, 合作伙伴: the word is part of a noun.
_NOUNS = (
    "公司",
    "银行",
    "券商",
    "营收",
    "收入",
    "报表",
    "伙伴",
    "计划",
    "项目",
    "方案",
    "条件",
    "规模",
    "活动",
    "现场",
    "以来",
    "收储",
    "出让",
    "之后",
    "门店",
    "城市",
    "协会",
    "数据",
    "主播",
    "艺人",
    "达人",
    "作者",
    "面积",
    "销售",
    "金额",
    "危机",
    "风波",
    "风潮",
    "浪潮",
    "传闻",
    "前",
    "后",
)
#: Of two words for one happening the more telling type stays.
_TELLING: tuple[EventType, ...] = (
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


def extract(views: Sequence[SentenceView], reference_date: date) -> list[Event]:
    """The events of an article, in the order of its text; one row a happening."""
    result: list[Event] = []
    acting: tuple[int, Mention] | None = None
    firm: Mention | None = None
    for view in views:
        paragraph = view.sentence.paragraph_index
        earlier = acting[1] if acting and acting[0] == paragraph else None
        first = next((m for m in view.mentions if m.type in _ACTING), None)
        said = firm
        if first is not None:
            acting = (paragraph, first)
            firm = next((m for m in view.mentions if m.type == "company" and not _only_speaks(view, m)), firm)
        if view.is_heading() or not (
            view.times or (view.happenings and _RECENTLY.search(view.text, view.sentence.start, view.sentence.end))
        ):
            continue
        for event in _of_sentence(view, reference_date, first or earlier, earlier, said):
            known = next((i for i, other in enumerate(result) if _is_same(other, event)), None)
            if known is None:
                result.append(event)
            else:
                result[known] = _united(result[known], event)
    return result


def _of_sentence(
    view: SentenceView, reference_date: date, acting: Mention | None, earlier: Mention | None, firm: Mention | None
) -> Iterator[Event]:
    """The happenings of a sentence; `acting` is who was named first in it, or else `earlier`, before it in the paragraph; `firm` is the
    last company before."""
    ruled: set[int] = set()
    for t in view.times:
        if t.start_date and _takes_effect(view, t):
            clause = _main_clause(view, t)
            ruled |= set(range(view.clause_of(t.start).order, clause.order + 1))
            hits = [h for h in view.happenings if h.start >= t.start and h.end <= clause.end]
            hit = next((h for h in hits if h.trigger.type != "policy_change"), hits[0] if hits else None)  # 被实施停牌
            # 《条例》自6月1日起施行: what it is about may stand in front of the day
            own = view.clause_of(t.start).start
            start = own if any(own <= m.start and m.end <= t.start for m in view.mentions) else t.start
            participants = _participants(view, start, clause, clause.end, "other")
            if not participants and acting is not None:
                participants = (Participant(acting.entity_id, acting.name, "actor"),)
            if participants:
                kind = hit.trigger.type if hit and hit.trigger.type in ("other", "ban", "launch", "org_change") else "policy_change"
                yield _event(view, start, clause, kind, _days(t), participants)
    for plan in _PLAN_ANNOUNCED.finditer(view.text, view.sentence.start, view.sentence.end):
        clause, told = view.clause_of(plan.start()), view.clause_of(plan.end() - 1)
        when, since = _day_of(view, clause, plan.start(), plan.end(), reference_date)
        who = _participants(view, min(since, clause.start), told, plan.start(), "target", "other")
        if when is not None and when[0] is not None and when[0] <= reference_date and any(p.role == "actor" for p in who):
            yield _event(view, min(since, clause.start), told, "other", when, who)  # that it was announced, and no more, happened
    for hit in view.happenings:
        clause = view.clause_of(hit.start)
        # what a rule says from a day on is the happening, not that it was announced
        if clause.order in ruled or (ruled and hit.trigger.type == "other") or _is_plan(view, clause, hit) or _is_noun(view, clause, hit):
            continue
        if hit.trigger.needs and not _has(view, clause, hit):
            continue
        when, since = _date(view, clause, hit, reference_date)
        if when is None or (when[0] is not None and when[0] > reference_date):
            continue
        if hit.trigger.type == "report_release" and _is_long(when):
            continue  # 预告2023年净利润: the period of the results is not when they came out
        participants = _participants(view, min(since, clause.start), clause, hit.start, hit.trigger.object, hit.trigger.type)
        if all(p.role != "actor" for p in participants) and (said := _ANAPHOR.search(view.text, clause.start, hit.start)):
            meant = firm if firm is not None and said[0].endswith(_OF_FIRMS) else earlier
            if said[0] == "它" and acting is not None and acting.start < clause.start:
                meant = acting  # named in this sentence or before
            if meant is not None:
                participants = (Participant(meant.entity_id, meant.name, "actor"), *participants)
        if participants or (hit.trigger.type == "policy_change" and when[0] is not None and when[0] == when[1]):
            # 宣布，将停止经营: what was announced is in the next clause
            announced = hit.trigger.type in _SAYING and hit.end == clause.end and clause.order + 1 < len(view.clauses)
            told = view.clauses[clause.order + 1] if announced else clause
            yield _event(view, min(since, clause.start), told, _type(view, hit), when, participants)


def _only_speaks(view: SentenceView, m: Mention) -> bool:
    """DataEye推算: who says so is not the company spoken of."""
    return any(c.cue.kind == "says" and 0 <= c.start - m.end <= 1 for c in view.cues)


def _only_counts(view: SentenceView, m: Mention, trigger: int) -> bool:
    """联商网零售研究中心统计，32家企业关闭了102家门店: an institute or a medium that says what others did."""
    if m.type != "media" and not names.is_official(m):
        return False
    end = view.clause_of(m.start).end
    return end <= trigger and any(c.cue.kind == "says" and m.end <= c.start and c.end == end for c in view.cues)


def _stands_apart(view: SentenceView, m: Mention, trigger: int, kind: EventType | None) -> bool:
    """Whether a name of the sentence has no part in what happened: who tells of it (据新华社), or the house where it took place."""
    return (
        view.text[m.start - 1] == "据" or (kind == "release" and m.type != "event" and _is_venue(view, m)) or _only_counts(view, m, trigger)
    )


def _is_venue(view: SentenceView, m: Mention) -> bool:
    """在攀枝花召开, 于德班: where, not who; also behind the land it is in (在印度的加尔各答)."""
    before = next((p for p in view.mentions if p.type == "place" and 0 <= m.start - p.end <= 1), None)
    return view.text[m.start - 1] in "在于从到赴抵往" or (before is not None and _is_venue(view, before))


def _is_long(when: tuple[date | None, date | None], longest: int = _MONTH) -> bool:
    start, end = when
    return start is not None and end is not None and (end - start).days > longest


def _has(view: SentenceView, clause: Clause, hit: Happening) -> bool:
    """Whether the clause goes on with one of the words that the trigger needs; of what is published they may stand in front (成绩单已公布)
    or, where the clause ends with the verb, in the next one (公告，前三季度营收)."""
    start, end = hit.start, clause.end
    if hit.trigger.type == "report_release":
        start = clause.start
        if hit.end >= clause.end - 1 and clause.order + 1 < len(view.clauses):
            end = view.clauses[clause.order + 1].end
    return any(word in view.text[start:end] for word in hit.trigger.needs)


def _event(
    view: SentenceView, start: int, clause: Clause, kind: EventType, when: tuple[date | None, date | None], people: tuple[Participant, ...]
) -> Event:
    return Event(
        sentence_index=view.sentence.index,
        start=start,
        end=clause.end,
        evidence=view.clean[start : clause.end],
        type=kind,
        date_start=when[0],
        date_end=when[1],
        summary=view.clean[clause.start : clause.end],
        participants=people,
        confidence=0.8 if any(p.role == "actor" for p in people) else 0.6,
    )


def _takes_effect(view: SentenceView, t: TimeExpression) -> bool:
    """自10月9日起, 从2020年起, 9月6日起: the day a rule or habit begins. 截至 and 今年以来 are no beginnings."""
    text = view.text
    if not text.startswith(("起", "开始"), t.end) or text.startswith(("起诉", "起草", "起到", "起伏", "开始的"), t.end):
        return False
    if text.startswith(_IN_FORCE, t.end):
        return True
    # 2008年开始，财务报表中出现了 begins no rule
    if text.startswith("开始", t.end) and not _RULED.search(text, t.end, _main_clause(view, t).end):
        return False
    return not any(c.cue.kind == "plan" and view.clause_of(t.start).start <= c.start < t.start for c in view.cues)


def _main_clause(view: SentenceView, t: TimeExpression) -> Clause:
    """The clause that says what begins: the one behind 自…起, or the same where it goes on without a comma."""
    clause = view.clause_of(t.start)
    bare = clause.end - t.end <= 3 and not any(t.end < h.start < clause.end for h in view.happenings)
    return view.clauses[clause.order + 1] if bare and clause.order + 1 < len(view.clauses) else clause


def _days(t: TimeExpression) -> tuple[date | None, date | None]:
    return t.start_date, t.end_date


def _type(view: SentenceView, hit: Happening) -> EventType:
    """What is released decides: a report, a rule or something else."""
    if hit.trigger.type in ("release", "report_release", "policy_change"):
        if _RULES.match(view.text, hit.end):
            return "policy_change"
        if hit.trigger.type == "release" and _REPORT.match(view.text, hit.end):
            return "report_release"
    if hit.trigger.type == "listing" and _EXCHANGE.search(view.text, view.sentence.start, view.sentence.end) is None:
        # 海鸥上市: a product comes to the shops
        named = next((m for m in reversed(view.mentions) if m.end <= hit.start and (m.type in _ACTING or m.type == "work")), None)
        return "launch" if named is not None and named.type in ("product", "work") else "listing"
    return hit.trigger.type


def _is_same(a: Event, b: Event) -> bool:
    """Whether two events tell of one happening: same days, and a shared participant where they stand apart."""
    if (a.date_start, a.date_end) != (b.date_start, b.date_end):
        return False
    shared = {p.entity_id for p in a.participants} & {p.entity_id for p in b.participants}
    if a.sentence_index == b.sentence_index:
        return bool(shared) or a.start == b.start or a.type == b.type == "funding"  # 完成D轮融资，启明创投领投
    return a.type == b.type and bool(shared)


def _united(a: Event, b: Event) -> Event:
    best = min(a, b, key=lambda e: (_TELLING.index(e.type), e.start))
    if a.type == b.type == "funding":
        b = replace(b, participants=tuple(replace(p, role="partner") for p in b.participants))  # who invests
    people = {p.entity_id: p for p in (*b.participants, *a.participants)} if a.sentence_index == b.sentence_index else {}
    return replace(best, participants=tuple(sorted(people.values(), key=lambda p: p.role != "actor"))) if people else best


def _is_plan(view: SentenceView, clause: Clause, hit: Happening) -> bool:
    """Whether a word of plan or denial stands in front of the trigger in its clause, or a condition in its sentence; what is announced on a
    day happened that day."""
    if "宣布" in view.text[view.sentence.start : hit.start]:
        return False
    # 计划再开100家店，把版图扩大到50个城市: the plan goes on
    goes_on = clause.order > 0 and view.text[clause.start] in "把将并"
    floor = view.clauses[clause.order - 1].start if goes_on else clause.start
    for c in view.cues:
        ahead = c.cue.kind in ("plan", "denial") and floor <= c.start
        if (ahead or c.cue.kind == "condition") and c.end <= hit.start:
            return True
    return view.text[hit.start - 1] in "将未拟欲不" or _FAVOURED.search(view.text, clause.start, hit.start) is not None


def _is_noun(view: SentenceView, clause: Clause, hit: Happening) -> bool:
    """合作方, 上市公司, 的融资, 在合并了数据后: the word names a thing, or stands in an aside."""
    text = view.text
    if text[hit.start - 1] == "新" and hit.trigger.type == "launch":
        return True  # 新开业酒店559家
    if hit.trigger.type == "listing" and text[hit.end : hit.end + 1].isdigit():
        return True  # 挂牌1万吨
    if text.startswith("的", hit.end) and (
        (hit.trigger.type in ("release", "report_release") and _REPORT.match(text, hit.end)) or _is_dated(view, hit)
    ):
        return False
    if (text[hit.start - 1] == "的" and hit.end - hit.start <= 3 and "完成" not in text[clause.start : hit.start]) or text[
        hit.end : hit.end + 1
    ] in _NOUN_BEHIND:
        return True
    if hit.trigger.type == "policy_change" and _FIGURES.search(text, clause.start, clause.end):
        return True
    if text.startswith(_NOUNS, hit.end) or _SINCE.match(text, hit.end):
        return True
    if hit.trigger.type == "listing" and text[hit.end + 1 : hit.end + 2] == "企":  # 上市酒企
        return True
    return text[clause.start] in "在自" and text[clause.end - 1] in "后时前" and hit.start > clause.start


def _is_dated(view: SentenceView, hit: Happening) -> bool:
    """6月13日上线的《三国：谋定天下》: a day or month right in front, and right behind the thing that it happened to."""
    day = any(t.granularity in ("day", "month") and 0 <= hit.start - t.end <= 1 for t in view.times)
    return day and any(1 <= m.start - hit.end <= 2 and m.type in _PARTICIPANT_TYPES for m in view.mentions)


def _date(view: SentenceView, clause: Clause, hit: Happening, reference_date: date) -> tuple[tuple[date | None, date | None] | None, int]:
    """The day or period of a happening, and where its date stands."""
    return _day_of(view, clause, hit.start, hit.end, reference_date)


def _day_of(
    view: SentenceView, clause: Clause, start: int, end: int, reference_date: date
) -> tuple[tuple[date | None, date | None] | None, int]:
    """The day or period of a happening, and where its date stands: the last one before the trigger in the sentence, else the first one
    behind it in the clause; 近日 counts as the last two weeks."""
    times = [t for t in view.times if t.kind in ("date", "period") and t.start_date and not _is_long((t.start_date, t.end_date), _AGE)]
    times = [t for t in times if not _is_aside(view, t)]
    before = [t for t in times if t.end <= start]
    if before:
        return _days(before[-1]), before[-1].start
    if behind := [t for t in times if end <= t.start < clause.end]:
        return _days(behind[0]), clause.start
    if vague := _RECENTLY.search(view.text, view.sentence.start, start):
        # 双11前夕 starts where the name of the day does
        return (reference_date - timedelta(days=_RECENT_DAYS), reference_date), view.clause_of(vague.start()).start
    return None, clause.start


def _is_aside(view: SentenceView, t: TimeExpression) -> bool:
    """截至年底, 较去年, 成立于2020年的, 公布第三季度财报: no date of a happening."""
    if t.granularity != "day" and periods.REPORT.match(view.text, t.end):
        return True
    if view.text.startswith("的", t.end) and any(q.start == t.end + 1 for q in view.quantities):
        return True  # 两年前的13%
    before = view.text[max(view.sentence.start, t.start - 3) : t.start]
    return before.endswith(("截至", "截止", "截至到", "较", "比", *periods.FOUNDED))


def _participants(
    view: SentenceView, floor: int, clause: Clause, trigger: int, role_behind: str, kind: EventType | None = None
) -> tuple[Participant, ...]:
    """Who takes part: the names from the date to the end of the clause, the ones in front of the trigger as actors. Where there is none in
    front, the one who acts earlier in the sentence (小鹏汽车宣布，自1月11日起)."""
    near = [
        m
        for m in view.mentions
        if m.type in _PARTICIPANT_TYPES and floor <= m.start and m.end <= clause.end and not _stands_apart(view, m, trigger, kind)
    ]
    if not any(m.end <= trigger and _role(view, m, trigger, role_behind, kind) == "actor" for m in near):
        half = view.text.rfind("；", view.sentence.start, floor)
        earlier = [
            m
            for m in view.mentions
            if m.type in _PARTICIPANT_TYPES
            and half < m.start
            and m.end <= min(floor, trigger)
            and not _stands_apart(view, m, trigger, kind)
        ]
        near = earlier[:1] + near
    if not near and kind not in _OF_FIRMS_ONLY:
        near = [m for m in view.mentions if m.type == "place" and floor <= m.start and m.end <= trigger][:1]
        near = [m for m in near if not _stands_apart(view, m, trigger, kind)]
    chosen: dict[str, Participant] = {}
    for m in near:
        chosen.setdefault(m.entity_id, Participant(m.entity_id, m.name, _role(view, m, trigger, role_behind, kind)))  # type: ignore[arg-type]
    return tuple(chosen.values())


def _role(view: SentenceView, m: Mention, trigger: int, behind: str, kind: EventType | None) -> str:
    if m.type == "event" or (m.type == "place" and _is_venue(view, m)):
        return "other"
    if m.end > trigger:
        return behind
    if kind in ("cooperation", "acquisition") and view.text[m.start - 1] in "与和同":
        return "partner"
    return "target" if view.text[m.start - 1] in "对将向被从" and kind is not None else "actor"
