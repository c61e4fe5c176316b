"""Is it the brand or the word? 苹果发布新机, 苹果和梨的价格; 理想汽车, 很理想.

A stock code behind it, 寒武纪（688256.SH）, settles it for the whole article. Else evidence is added up: the article names the same entity
by a sure name, the neighbours in a list are brands, words next to it speak of firms and goods. Evidence of the plain word (不算理想,
理想的状态, 小米粥) outweighs all but the strongest. The words are in name_cues.csv.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from transforms.entities.gazetteer import Hit
from transforms.entities.lexicon import Lexicon
from transforms.entities.spans import Covered
from transforms.entities.words import Words

#: Evidence that a weak spelling must collect.
THRESHOLD = 2
#: What evidence of the plain word takes away.
PLAIN = 4
_ROUNDS = 3
#: As far around a hit as its sentence matters, where that has no end.
_REACH = 500
_CLAUSE_MARKS = ("", "，", "。", "；", "：", "\n", ",", "“", "”")
_PREDICATE_TAGS = frozenset({"v", "vn", "vd", "d", "ad", "p", "t", "m", "f"})
_LIST_MARKS = ("、", "和", "与", "及", "以及", "或", "/", "vs", "VS", "跟", "，")
_LISTED = frozenset({"company", "product", "organization", "media", "event"})
_SENTENCE_END = re.compile(r"[。！？!?\n]")
_STOCK_CODE = re.compile(
    r"[（(](?:\d{4,6}(?:\.[A-Z]{1,2})?[;；,，/)）]|[A-Z]{2,7}[:：] ?[A-Z\d]|[A-Z]{1,5}\.[A-Z]{1,2}\b|(?:股票|证券|股份)代[码号])"
)
#: What stands behind the name of a land and its goods, which is also that of a firm.
_MARKET = re.compile("(?:珠宝|首饰|饰品)|[\u4e00-\u9fff]{0,3}(?:市场规模|消费量|消费总量|产量|进口量|出口量|储备|需求|行业|产业)")
_LAND_AND_GOODS = 4
_NOT_COUNTED_BEFORE, _NOT_COUNTED_AFTER = "第~-", "年月日元万亿个名家款人%分点米"


class _Case(NamedTuple):
    """A weak hit, the sentence it stands in, and the evidence for each entity so far: the part that no other hit changes."""

    hit: int
    left: int
    right: int
    evidence: dict[str, int]


def decide(text: str, hits: Sequence[Hit], lexicon: Lexicon, words: Words) -> list[str | None]:
    """For each hit the id of the entity it names, or None. `words` are those of the text."""
    chosen: list[str | None] = [_quoted(text, hit, lexicon) if hit.weak else None if _goes_on(text, hit) else _sure(hit) for hit in hits]
    taken = Covered((hit.start, hit.end) for hit, entity_id in zip(hits, chosen, strict=True) if entity_id)
    known = {entity_id for hit, entity_id in zip(hits, chosen, strict=True) if entity_id and not taken.holds_more(hit.start, hit.end)}
    ends = [-1, *(match.start() for match in _SENTENCE_END.finditer(text)), len(text)]
    cases = []
    for i, hit in enumerate(hits):
        if chosen[i] is None and not _goes_on(text, hit) and not taken.holds(hit.start, hit.end):
            left = max(ends[bisect_left(ends, hit.start) - 1] + 1, hit.start - _REACH)
            right = min(ends[bisect_left(ends, hit.end)], hit.end + _REACH)
            sentence = text[left:right]
            evidence = {s.entity_id: _evidence(text, hit, s.entity_id, sentence, lexicon, words) for s in hit.spellings}
            for entity_id in known.intersection(evidence):
                evidence[entity_id] += 2
            cases.append(_Case(i, left, right, evidence))
    # A list of brands settles its members one after the other, from the sure ones outwards.
    for _ in range(_ROUNDS):
        starts = {hit.start: entity_id for hit, entity_id in zip(hits, chosen, strict=True) if entity_id}
        stops = {hit.end: entity_id for hit, entity_id in zip(hits, chosen, strict=True) if entity_id}
        in_order = sorted(starts)
        told = {entity_id for entity_id in chosen if entity_id} - known
        waiting = [case for case in cases if chosen[case.hit] is None]
        for case in waiting:
            near = {starts[start] for start in in_order[bisect_left(in_order, case.left) : bisect_left(in_order, case.right)]}
            chosen[case.hit] = _best(case.evidence, near, _listed(text, hits[case.hit], lexicon, starts, stops), told, lexicon)
        if all(chosen[case.hit] is None for case in waiting):
            break
    return chosen


def _goes_on(text: str, hit: Hit) -> bool:
    """Whether a name is only the beginning of other words: 公安部门, 中国黄金珠宝市场."""
    name = text[hit.start : hit.end]
    if name.endswith("部") and text.startswith("门", hit.end):
        return True
    return len(name) == _LAND_AND_GOODS and name.startswith("中国") and _MARKET.match(text, hit.end) is not None


def _sure(hit: Hit) -> str:
    return next(s.entity_id for s in hit.spellings if not s.weak)


def _quoted(text: str, hit: Hit, lexicon: Lexicon) -> str | None:
    """The firm that a stock code behind a weak spelling says is meant."""
    if _STOCK_CODE.match(text, hit.end) is None:
        return None
    return next((s.entity_id for s in hit.spellings if lexicon.entities[s.entity_id].type == "company"), None)


def _evidence(text: str, hit: Hit, entity_id: str, sentence: str, lexicon: Lexicon, words: Words) -> int:
    return _BY_TYPE.get(lexicon.entities[entity_id].type, brand_evidence)(text, hit, sentence, lexicon, words)


def _listed(text: str, hit: Hit, lexicon: Lexicon, starts: Mapping[int, str], ends: Mapping[int, str]) -> bool:
    """Whether the hit stands in a list next to a brand that is already settled: 淘宝、考拉、唯品会."""
    for mark in _LIST_MARKS:
        left, right = hit.start - len(mark), hit.end + len(mark)
        if left in ends and text.endswith(mark, 0, hit.start) and lexicon.entities[ends[left]].type in _LISTED:
            return True
        if right in starts and text.startswith(mark, hit.end) and lexicon.entities[starts[right]].type in _LISTED:
            return True
    return False


def _best(evidence: Mapping[str, int], near: set[str], listed: bool, told: set[str], lexicon: Lexicon) -> str | None:
    """The entity with most evidence, if that is enough; `near` are the entities that the sentence names, `told` those that the same word
    was settled to mean elsewhere in the text."""
    scored = []
    for entity_id, score in evidence.items():
        kind = lexicon.entities[entity_id].type
        if kind == "event" and any(lexicon.entities[other].type == "event" for other in near):
            score += 2
        elif any(_related(entity_id, other, lexicon) for other in near):
            score += 1
        score += entity_id in told
        scored.append((score + 2 * (listed and kind in _LISTED), entity_id))
    score, entity_id = max(scored, key=lambda pair: pair[0])
    return entity_id if score >= THRESHOLD else None


def brand_evidence(text: str, hit: Hit, sentence: str, lexicon: Lexicon, words: Words) -> int:
    """Evidence from the words around: 2 for a firm's word next to it, 1 for one in the sentence, `PLAIN` less for the plain word."""
    cues, start, end = lexicon.cues, hit.start, hit.end
    evidence = int(_speaks_of(sentence, cues["brand_topic"]))
    if text.startswith(cues["brand_after"], end) or text.endswith(cues["brand_before"], 0, start):
        evidence += 2
    elif evidence and text[max(0, start - 1) : start] in _CLAUSE_MARKS and words.tag_at(end) in _PREDICATE_TAGS:  # a subject
        evidence += 1
    if text[start].isascii():
        evidence += _latin_evidence(text, start, end)
    elif text.startswith(cues["plain_after"], end) or text.endswith(cues["plain_before"], 0, start):
        evidence -= PLAIN
    return evidence + _is_marked(text, start, end)


def _latin_evidence(text: str, start: int, end: int) -> int:
    """A capitalized Latin word inside Chinese text is hardly ever a plain word; inside an English phrase it is."""
    before, after = text[max(0, start - 2) : start], text[end : end + 2]
    if (before[-1:] == " " and before.isascii()) or (after[:1] == " " and len(after) == 2 and after.isascii()) or text[start].islower():
        return -2
    if text[start:end].isdigit():
        return -3 if before[-1:] in tuple(_NOT_COUNTED_BEFORE) or after[:1] in tuple(_NOT_COUNTED_AFTER) else 0
    return 2 if end - start >= 4 else 1


def government_evidence(text: str, hit: Hit, sentence: str, lexicon: Lexicon, words: Words) -> int:
    """An office (央行, 公平会) is one unless something says otherwise; that of another country is a longer name."""
    return THRESHOLD + min(0, brand_evidence(text, hit, sentence, lexicon, words))


def organization_evidence(text: str, hit: Hit, sentence: str, lexicon: Lexicon, words: Words) -> int:
    """Short names of universities (重大, 东大) stand next to professors and graduates, those of clubs (罗马, 米兰) in talk of matches."""
    school = text.startswith(lexicon.cues["school_after"], hit.end) or text.endswith(lexicon.cues["school_before"], 0, hit.start)
    return brand_evidence(text, hit, sentence, lexicon, words) + 2 * school + 3 * _speaks_of(sentence, lexicon.cues["sport_topic"])


def place_evidence(text: str, hit: Hit, sentence: str, lexicon: Lexicon, words: Words) -> int:
    """A place that the segmenter also takes for one, or with 市 and the like behind it."""
    beside = text.startswith(lexicon.cues["place_after"], hit.end) or text.endswith(lexicon.cues["place_before"], 0, hit.start)
    return 2 if beside or words.tag_at(hit.start) == "ns" else 0


def person_evidence(text: str, hit: Hit, sentence: str, lexicon: Lexicon, words: Words) -> int:
    """A person who says something or bears a title."""
    says = text.startswith(lexicon.cues["says"], hit.end)
    return 2 if says or any(text[max(0, hit.start - size) : hit.start] in lexicon.titles for size in range(2, 6)) else 0


def work_evidence(text: str, hit: Hit, sentence: str, lexicon: Lexicon, words: Words) -> int:
    """A title that is also a phrase: only between marks, or near 票房, 电影 and the like."""
    near = text[max(0, hit.start - 6) : hit.end + 6]
    return 3 * _is_marked(text, hit.start, hit.end) + 2 * any(word in near for word in lexicon.cues["work_topic"])


def _is_marked(text: str, start: int, end: int) -> bool:
    return text[max(0, start - 1) : start] in ("《", "“") and text[end : end + 1] in ("》", "”")


def _speaks_of(sentence: str, topic: Sequence[str]) -> bool:
    """Whether the sentence around a hit holds one of some words."""
    return any(map(sentence.__contains__, topic))


def _related(one: str, other: str, lexicon: Lexicon) -> bool:
    """Owner and owned, or two of one owner."""
    a, b = lexicon.entities[one], lexicon.entities[other]
    return a.parent == other or b.parent == one or (a.parent is not None and a.parent == b.parent)


_BY_TYPE: Mapping[str, Callable[[str, Hit, str, Lexicon, Words], int]] = {
    "government": government_evidence,
    "organization": organization_evidence,
    "place": place_evidence,
    "person": person_evidence,
    "work": work_evidence,
}
