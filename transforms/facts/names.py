"""Which of the names in a clause acts, and whom a name stands for."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from transforms import segmentation
from transforms.article import Mention
from transforms.facts.lexicon import lexicon
from transforms.facts.view import Clause, SentenceView
from transforms.reference import Reference, entities_by_id
from transforms.script import fold

_ACTING = frozenset(("company", "product", "organization", "media", "government", "work"))
#: What stands in front of a name that only accompanies the clause.
ASIDE = frozenset("在与对向较比据由被从于跟给按及和同以")
_TOPIC = ("针对", "对于", "关于", "至于")
#: 追赶者网易云音乐, 老三中炬高新: what somebody is, in front of the name.
_ROLES = ("者", "巨头", "龙头", "对手", "公司", "企业", "平台", "品牌", "老大", "老二", "老三", "第一名", "第二名", "第三名")
_OWN = ("自有", "旗下", "子", "控股", "参股", "全资")
#: 抖音以外平台: a name that what is meant is not.
_APART = ("以外", "之外", "外的", "给它", "给其", "给公司")
#: 北京SKP一层的老铺黄金: where, not who.
_FLOOR = re.compile("(?:负?[一二三四五六七八九十0-9]+[层楼]|门口|门前|旁边?的|附近的|对面)")
#: 来自万科集团的收入
_FROM = ("来自", "源自", "出自", "来源于", "拿到", "获得", "得到", "引入", "引进", "背靠", "牵手", "绑定")
#: 索康尼与迈乐组成的专业运动分部: names that only say what is meant.
_MAKE_UP = ("组成的", "构成的", "为代表的", "领衔的")
LISTED = re.compile("[、和与及]|以及")
_OWNED = "旗下(?:的|(?:的)?\\w{2,6}(?:品牌|平台|产品|公司|应用))?"
_MADE = "(?:推出|发布|开发|出品|生产|运营|投资|主演|执导)的\\w{0,6}"
#: What stands between an owner and what it owns: 富邦媒旗下的momo.
CHAIN = re.compile(
    rf"(?:的|{_OWNED}|{_MADE}|(?:所属|所在|背后|隶属)的|的?(?:全资|控股)?[子母]公司|公司的?|集团的?|品牌|App|app|控股|主力车型)?[“《》”\"—-]*"
)
_RATES = re.compile("目标价|评级|研报")
_CONNECTIVES = re.compile('(?:而|但|则|且|也|不过|其中|此外|同时|另外|据称|截至到?|截止到?|到|如今|目前|随后|之后|[，、 “”"《])+')
#: Titles of people whose trade is to speak of others.
_OBSERVER = re.compile("分析师|研究员|经济学家|教授|专家|分析员|院长|研究总监")
_OFFICE = re.compile(
    ".*(?:局|部|委|委员会|署|办公厅|厅|协会|学会|研究院|研究所|研究中心|联合会|[^盟]联会|人民银行|央行|总署|国务院|政府|[交联]易?所|法院)"
)
_BOARD = re.compile("(?:科创|创业|主|中小|新三)板")
_PAPER = re.compile(".*(?:报告|白皮书|蓝皮书|办法|规定|通知|条例|细则|规划|方案|意见|指引|法)")
_RESEARCH = re.compile("(?:研究[院所]?|咨询|数据|智库)$")
_BROKER = re.compile(
    "(?:证券|期货|国际金融|资本|投行)$|高盛|摩根|花旗|瑞银|大摩|小摩|野村|中金|里昂|麦格理|杰富瑞|美银|美林|德银|德意志银行|巴克莱|瑞信|汇丰|星展|伯恩斯坦|晨星"
)
#: How far in front of a person the employer stands.
_EMPLOYED = 12


class Subject(NamedTuple):
    """What a figure can be about; a noun phrase has no id and no type."""

    name: str
    entity_id: str | None = None
    type: str = ""


def of(m: Mention) -> Subject:
    return Subject(m.name, m.entity_id, m.type)


def is_official(m: Mention) -> bool:
    """Whether a name is a public body or an institute, a rule or report of theirs or a stock market: figures are rarely about them."""
    pattern = {"organization": _OFFICE, "work": _PAPER, "product": _BOARD}.get(m.type)
    return m.type == "government" or (pattern is not None and pattern.fullmatch(fold(m.name)) is not None)


def acting(view: SentenceView, speaker_id: str | None) -> list[Mention]:
    """The names of a sentence that can act: no speaker, nothing behind 在 or 与, no list that begins so."""
    result: list[Mention] = []
    aside: Mention | None = None
    text = view.text
    for m in view.mentions:
        if m.type not in _ACTING or m.entity_id == speaker_id:
            continue
        before = text[m.start - 1] if m.start > view.sentence.start else "。"
        follows = aside is not None and LISTED.fullmatch(text, aside.end, m.start) is not None
        excluded = before in "（(" or _FLOOR.match(text, m.end) or text.startswith(_APART, m.end) or text.endswith(_FROM, 0, m.start)
        if follows or excluded or (before in ASIDE and not _accompanied(text, result, m)):
            aside = m
        elif text.startswith(_MAKE_UP, m.end):
            while result and LISTED.fullmatch(text, result[-1].end, m.start):
                m = result.pop()
        else:
            result.append(m)
    return result


def _accompanied(text: str, earlier: Sequence[Mention], m: Mention) -> bool:
    """Whether a name behind 和 or 对于 acts all the same: the second of a list, or the topic."""
    return bool(earlier and LISTED.fullmatch(text, earlier[-1].end, m.start)) or text.startswith(_TOPIC, m.start - 2)


def owners(view: SentenceView, found: Sequence[Mention], at: int) -> list[Mention]:
    """Of the names in front of a metric word the one it belongs to, or all of a list: 蔚来、小鹏的; 富邦媒旗下的momo is momo."""
    chosen = [found[0]]
    for m in found[1:]:
        last = chosen[-1]
        gap = view.text[last.end : m.start]
        if m.entity_id == last.entity_id or CHAIN.fullmatch(gap):
            chosen = [m]
        elif LISTED.fullmatch(gap):
            chosen.append(m)
        elif len(gap) <= 8 and any(last.end <= q.start and q.end <= m.start for q in view.quantities):
            chosen = [m]  # 抖音500强达人抖音小店
        elif gap.endswith("的") and at - m.end <= 1 and "，" not in gap:
            chosen = [m]
    return chosen


def opening(view: SentenceView, start: int, end: int) -> int:
    """Where a clause begins behind times, connectives and marks."""
    while start < end:
        if linked := _CONNECTIVES.match(view.text, start, end):
            start = linked.end()
            continue
        time = next((t for t in view.times if t.start == start), None) if view.times else None
        if time is None:
            return start
        start = time.end
    return start


def watches(m: Mention, reference: Reference) -> bool:
    """Whether a name is that of a house whose trade is to speak of others: 华泰证券, 百准数据, IDC."""
    return _BROKER.search(m.name) is not None or researches(m, reference)


def researches(m: Mention, reference: Reference) -> bool:
    """Whether a house has no news of its own, as brokers do: 百准数据, IDC."""
    return _researches(m.name, m.entity_id, reference)


@lru_cache(maxsize=1 << 12)
def _researches(name: str, entity_id: str, reference: Reference) -> bool:
    entity = reference.entity(entity_id)
    return _RESEARCH.search(name) is not None or not lexicon(reference).watchers.isdisjoint((name, entity.name if entity else ""))


def rates(view: SentenceView, clause: Clause) -> bool:
    """花旗把目标价上调到7港元: who acts in the clause speaks of another."""
    return _RATES.search(view.text, clause.start, clause.end) is not None


def opens(view: SentenceView, clause: Clause, m: Mention) -> bool:
    """Whether a name stands where the subject does: at the opening of its clause, with no verb in front (多有阿里背景, 搭载麒麟芯片)."""
    gap = view.text[opening(view, clause.start, m.start) : m.start]
    if len(gap) < 2 or gap.endswith(_TOPIC) or (gap.endswith(_ROLES) and not gap.startswith(_OWN)):
        return True
    if gap.endswith("的") and "了" not in gap:  # 成立于2020年的沐曦股份
        return True
    return not any(tag.startswith(("v", "p")) and tag != "vn" for _, tag in segmentation.tag(gap))


def employer(person: Mention, view: SentenceView, reference: Reference, attested: Mapping[str, Subject]) -> Subject | None:
    """Whom a person stands for: the name right before the title, else the parent in the reference data; nobody for an analyst. A title
    without a firm (CEO吴金刚) is that of the firm in question, where the article does not name the parent."""
    for m in reversed(view.mentions):
        if m.end <= person.start and person.start - m.end <= _EMPLOYED and m.type in ("company", "product", "organization"):
            between = view.text[m.end : person.start]
            return None if "，" in between or _OBSERVER.search(between) or is_official(m) or watches(m, reference) else of(m)
    entity = reference.entity(person.entity_id)
    parent = entities_by_id(reference).get(entity.parent) if entity and entity.parent else None
    if parent is None or (parent.id not in attested and any(m.type == "title" and m.end == person.start for m in view.mentions)):
        return None
    return Subject(parent.name, parent.id, parent.type)


def stands_before(view: SentenceView, m: Mention, person: Mention) -> bool:
    """Whether a name stands where the employer of a person does: 乘联会秘书长崔东树."""
    return 0 <= person.start - m.end <= _EMPLOYED and "，" not in view.text[m.end : person.start]


def stands_for_speaker(view: SentenceView, m: Mention, speaker_id: str | None) -> bool:
    """Whether a name only says whom the speaker works for: 中金公司分析师, 台湾经济研究院研究员; 比亚迪董事长 speaks of 比亚迪."""
    for p in view.mentions:
        if p.type == "person" and p.entity_id == speaker_id and stands_before(view, m, p):
            return m.type not in ("company", "product") or _OBSERVER.search(view.text, m.end, p.start) is not None
    return False
