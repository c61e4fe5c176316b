"""What a figure is about.

The entity that acts in the clause; where the metric belongs to a market or a group instead (直播电商整体规模), the noun phrase in front of the
metric; where the clause names neither, the subject of the clause or sentence before it. Speakers, media and people are no subjects: a person
stands for the employer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from transforms import segmentation
from transforms.article import Mention
from transforms.facts.view import SentenceView
from transforms.reference import Reference, entities_by_id

_SUBJECT_TYPES = ("company", "product", "organization", "media", "government", "work", "event")
#: Token tags that a noun phrase may consist of.
_PHRASE_TAGS = ("n", "vn", "b", "j", "l", "eng", "nz", "nt", "ns", "a", "i", "s", "f")
_EMPTY = re.compile(
    "(?:该|这|本|其|各|某|两|三|几|我|他|她|它)?(?:公司|集团|平台|企业|行业|市场|整体|总体|累计|总|全国|国内|我国|全球|年度|季度|单季|零售|业绩|日均|月均|人均|平均|合计|其中|同期|方面|数据|目前|实现|预计|"
    "期间|全年|上半年|下半年|官方|综合|合并|营业|主营|业务|单日|单月|首日|名义|实际|个人|新增|累计|年|月|日)"
)
_GENERIC_HEAD = re.compile(
    r"^(?:全国|我国|国内|全球|中国|海外|境内|整个|目前|去年|今年|明年|其中|不过|而|但|且|则|同时|此外|另外|也|的|在|和|与|及|对|是|了)+"
)
_GENERIC_TAIL = re.compile(
    r"(?:整体|总体|总|的|零售|累计|年度|单季度?|市场|行业|全年|合计|年均|日均|月均|平均|实现|达到?|方面|合并|年|月|综合|销售|生产|新增|预计|约|已|共|上|中|里|内)+$"
)


@dataclass(frozen=True, slots=True)
class Subject:
    name: str
    entity_id: str | None = None
    surface: str = ""


def of_clause(
    view: SentenceView, trigger_start: int, number_start: int, speaker_id: str | None, previous: Subject | None, reference: Reference
) -> Subject | None:
    """The subject of the metric word at `trigger_start` (or of the number alone), by the rules above."""
    at = min(trigger_start, number_start)
    clause = view.clause_of(at)
    actors = [
        m for m in view.mentions if clause.start <= m.start and m.end <= at and m.type in _SUBJECT_TYPES and m.entity_id != speaker_id
    ]
    actors = [m for m in actors if not _is_aside(view, m)]
    phrase = noun_phrase(view, clause.start, at)
    if actors:
        actor = _owner(actors, view)
        between = view.text[actor.end : at]
        # 抖音小店的占比: the entity; 蔚来在全国建成换电站: the actor; 美团外卖骑手: the phrase only where it is no part of the entity
        if phrase and "的" in between and len(between) > 12 and re.search("[，在对向从]", between):
            return Subject(phrase)
        return Subject(actor.name, actor.entity_id, actor.surface)
    people = [m for m in view.mentions if clause.start <= m.start and m.end <= at and m.type == "person"]
    if people and (employer := employer_of(people[-1], view, reference)):
        return employer
    if phrase:
        place = next((m for m in view.mentions if m.type == "place" and m.start < at and clause.start <= m.start), None)
        return Subject(phrase) if place is None or phrase.startswith(place.surface) else Subject(phrase)
    places = [m for m in view.mentions if clause.start <= m.start and m.end <= at and m.type == "place"]
    if places and not previous:
        return Subject(places[-1].name, places[-1].entity_id)
    return previous


def employer_of(person: Mention, view: SentenceView, reference: Reference) -> Subject | None:
    """The company a quoted person stands for: the mention right before the title, else the parent in the reference data."""
    before = [
        m
        for m in view.mentions
        if m.end <= person.start and person.start - m.end <= 12 and m.type in ("company", "product", "organization")
    ]
    if before and "，" not in view.text[before[-1].end : person.start]:
        return Subject(before[-1].name, before[-1].entity_id)
    known = entities_by_id(reference)
    entity = known.get(person.entity_id)
    parent = known.get(entity.parent) if entity and entity.parent else None
    return Subject(parent.name, parent.id) if parent else None


def topic(view: SentenceView, speaker_id: str | None) -> Subject | None:
    """The first entity of a sentence that can be a subject: what the following sentences go on about."""
    for m in view.mentions:
        if m.type in ("company", "product") and m.entity_id != speaker_id and not _is_aside(view, m):
            return Subject(m.name, m.entity_id, m.surface)
    return None


def _is_aside(view: SentenceView, m: Mention) -> bool:
    """Whether a mention stands beside the sentence: behind 在/与/对/向/较/比, or in a parenthesis."""
    before = view.text[max(view.sentence.start, m.start - 1) : m.start]
    return before in ("在", "与", "对", "向", "较", "比", "据", "（", "(", "由", "被", "从") and view.text[m.end : m.end + 1] not in "的"


def _owner(actors: Sequence[Mention], view: SentenceView) -> Mention:
    """Of the entities before a metric the one it belongs to: the last one of a chain of possession (字节跳动旗下抖音的), else the last
    one that is not in a list behind another."""
    return actors[-1]


def noun_phrase(view: SentenceView, start: int, end: int) -> str | None:
    """The noun phrase that ends at `end`, without what every market has (全国, 整体, 零售): 新能源乘用车, 直播电商, 短视频."""
    text = view.text[start:end]
    for t in view.times:
        if start <= t.start and t.end <= end:
            text = text[: t.start - start] + "\0" * (t.end - t.start) + text[t.end - start :]
    for q in view.quantities:
        if start <= q.start and q.end <= end:
            text = text[: q.start - start] + "\0" * (q.end - q.start) + text[q.end - start :]
    text = re.sub("的$", "", text.rsplit("\0", 1)[-1])
    phrase: list[str] = []
    for token in reversed(segmentation.tokens(text[-30:])):
        if token.text == "的" and phrase and len(phrase) < 3:
            break
        if not token.tag.startswith(_PHRASE_TAGS) and not (
            token.tag == "v" and phrase and len(token.text) > 1 and token.text in _NOUN_LIKE
        ):
            break
        phrase.insert(0, token.text)
    found = _GENERIC_TAIL.sub("", _GENERIC_HEAD.sub("", "".join(phrase)))
    if len(found) < 2 or _EMPTY.fullmatch(found):
        return None
    return found


_NOUN_LIKE = frozenset(
    ["直播", "零售", "外卖", "快递", "物流", "投资", "消费", "出口", "进口", "贷款", "理财", "教育", "旅游", "租赁", "支付", "配送", "养殖", "种植", "制造", "新能源", "储能", "充电", "半导体", "动漫", "游戏", "电商", "带货"]
)
