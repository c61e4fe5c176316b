"""Noun phrases: the market, group or part of a company that a figure is about where no name stands."""

from __future__ import annotations

import re
from typing import NamedTuple

from transforms import segmentation
from transforms.facts.lexicon import Lexicon
from transforms.facts.view import SentenceView

#: Tags (of jieba) of words that a noun phrase consists of.
_NOUN_TAGS = ("n", "vn", "b", "j", "l", "eng", "a", "i", "s", "h", "g")
#: Tags of words in front of a noun phrase that say nothing about it: adverbs, conjunctions, numbers, pronouns, particles, times, marks.
_SKIPPED_TAGS = ("d", "c", "m", "q", "r", "u", "t", "x", "y", "z", "f")
_LINKS = frozenset("的和与及、之·")
#: Adverbs that promise a verb: 已上线品牌超充站 speaks of no 上线品牌.
_DONE = frozenset(("已", "已经", "曾", "曾经", "正", "正在", "将", "再", "新", "会", "可", "能"))
#: Words that introduce a market as such.
_WHOLE = frozenset(("全国", "我国", "中国", "国内", "全球", "世界", "行业", "全行业"))
#: 贡献了25.9亿元: a noun before these is a verb.
_ASPECT = frozenset("了过着")
#: What makes a noun of the verb in front.
_FIELDS = ("市场", "行业", "产业", "赛道", "领域")
_NO_NOUN_ENDINGS = ("前", "后", "时", "以来", "之际")
#: 到2026年直播电商: verbs that only lead to a time.
_UNTIL = ("到", "至", "截至", "截止")
_LONGEST = 24
#: 显示科技 is no report that shows something.
_SCREENS = ("科技", "面板", "器", "屏", "产品", "业务", "驱动")
#: Words of one character that belong to the metric or verb behind: 队伍全年收入, 企业新创造了岗位.
_LOOSE = frozenset("日月周全新")
_SCOPE = re.compile("全国|我国|中国|国内|全球|世界")
#: Tags of words that no name of goods has: prepositions, conjunctions, adverbs, pronouns, particles, numbers, marks.
_NO_THINGS = ("p", "c", "d", "r", "u", "y", "m", "x", "t")


class Phrase(NamedTuple):
    """A noun phrase; `bare` is its folded text, `whole` says that it was introduced as a market of its own (全国, 我国)."""

    start: int
    end: int
    bare: str
    whole: bool = False


def head(view: SentenceView, start: int, end: int, words: Lexicon) -> Phrase | None:
    """The noun phrase that a stretch opens with, behind times, numbers and words like 其中 or 全国; None where it opens with a verb, a
    preposition or a noun that is no subject by itself (同期, 补贴后).

    预测今年直播电商整体 gives 直播电商, 2021年全国新能源乘用车 gives 新能源乘用车, 已上线品牌 gives nothing.
    """
    if end - start < 2:
        return None
    covered = [(t.start, t.end) for t in view.times if t.start < end and t.end > start]
    covered += [(q.start, q.end) for q in view.quantities if q.start < end and q.end > start]
    ranks = {q.end: q.start for q in view.quantities if q.kind == "rank" and start <= q.start and q.end < end}
    first = last = -1
    whole = pending = False
    at = start
    for word, tag in segmentation.tag(view.text[start:end]):
        begin, at = at, at + len(word)
        if covered and any(a < at and begin < b for a, b in covered):
            if first >= 0:
                break
            continue
        noun = word in words.nouns or (tag.startswith(_NOUN_TAGS) and tag != "ad")
        if first < 0:
            if word in _DONE:
                return None
            if word in words.light and not (word == "显示" and view.text.startswith(_SCREENS, at)):
                whole = whole or word in _WHOLE
            elif noun:
                if view.text[at : at + 1] in _ASPECT or (tag.startswith("a") and view.text.startswith("地", at)):
                    return None  # 贡献了, 慷慨地
                first, last = ranks.get(begin, begin), at  # 百强房企
            elif tag.startswith("v") and view.text.startswith(_FIELDS, at):
                first, last = begin, at  # 下沉市场
            elif not (tag.startswith(_SKIPPED_TAGS) or (word in _UNTIL and any(a == at for a, _ in covered))):
                return None
        elif word in _LINKS:
            pending = True
        elif word in _NO_NOUN_ENDINGS:
            return None
        elif (noun and (pending or word not in words.light or word in _WHOLE)) or _continues(word, tag):
            last, pending = at, False
        elif tag in ("q", "k") and not pending:
            pending = True
        else:
            break
    return None if first < 0 else _trimmed(view, first, last, words, whole)


def _continues(word: str, tag: str) -> bool:
    """Whether a word that is no noun goes on with a noun phrase: 杭州, 第三方, 上海地铁三号线."""
    return tag == "ns" or (tag.startswith("m") and not word[0].isdigit()) or (tag in ("q", "f") and len(word) > 1)


def of_market(view: SentenceView, start: int, end: int, words: Lexicon) -> Phrase | None:
    """All that stands between 全国, 中国 or 全球, with which a stretch opens, and its end, where a metric begins, if that can be what is
    measured: 学习平板 in 中国学习平板全渠道(销量), 腕戴设备 in 全球腕戴设备(出货). The tags of its words do not matter then."""
    scope = _SCOPE.match(view.text, start, end)
    if scope is None:
        return None
    others = ((m.start, m.end) for found in (view.mentions, view.times, view.quantities) for m in found)
    if any(scope.end() < b and a < end for a, b in others):
        return None
    tokens = segmentation.tag(view.text[scope.end() : end])
    at = scope.end()
    while tokens and (tokens[0][0] in words.tails or tokens[0][0] in words.light):
        at += len(tokens.pop(0)[0])
    things = [word for word, tag in tokens if word in words.nouns or tag.startswith(_NOUN_TAGS)]
    # 铁路完成, 创新药对外授权 go on with what is done
    if not things or any(tag.startswith(_NO_THINGS) for _, tag in tokens) or (tokens[-1][1] == "v" and len(tokens[-1][0]) > 1):
        return None
    return _trimmed(view, at, end, words, whole=True)


def before(view: SentenceView, start: int, end: int, words: Lexicon) -> Phrase | None:
    """The noun phrase right in front of `end`, such as the slice in 规定所有第三方平台商品收取20%: 第三方平台商品."""
    at, first = end, -1
    for word, tag in reversed(segmentation.tag(view.text[start:end])):
        at -= len(word)
        if word in _LINKS and first >= 0:
            continue
        if word in words.light or not (word in words.nouns or tag.startswith(_NOUN_TAGS)):
            break
        first = at
    return None if first < 0 else _trimmed(view, first, end, words, whole=False)


def _trimmed(view: SentenceView, first: int, last: int, words: Lexicon, whole: bool) -> Phrase | None:
    """The phrase without words at its end that belong to the metric behind it."""
    text = view.text
    shrinking = True
    while shrinking:
        shrinking = False
        for size in (4, 3, 2, 1):
            tail = text[last - size : last]
            if last - size >= first and (tail in words.tails or tail in _LINKS):
                last -= size
                shrinking = True
                break
    if last - first > 2 and text[last - 1] in _LOOSE and segmentation.tag(text[first:last])[-1][0] in _LOOSE:
        last -= 1  # 即时零售日订单量
    if "占" in text[first + 2 : last]:
        last = text.index("占", first + 2, last)  # 网上零售额占社零(的比重)
    bare = text[first:last]
    if not 2 <= len(bare) <= _LONGEST or bare in words.empty or bare[0] == "每" or bare.endswith(_NO_NOUN_ENDINGS):
        return None
    return Phrase(first, last, bare, whole)
