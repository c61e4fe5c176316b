"""Persons: Chinese names by surname, given name and context; foreign ones by the characters of transliteration.

How likely characters are in a given name comes from name_characters.csv. A two-character name, or one with a rare surname, needs more.
"""

from __future__ import annotations

from transforms import segmentation
from transforms.entities.lexicon import RARE, Lexicon
from transforms.entities.spans import Span
from transforms.entities.words import FUNCTION_TAGS, KNOWN, NAME_TAGS, Words, looks_foreign

_BREAK_TAGS = frozenset({"x", "eng", "uj", "ul", "uz", "c", "p", "m", "r", "rest"})
#: Characters that follow a name more often than they end one.
_NEVER_GIVEN = frozenset("说称在对和与等曾已将也任是就为的了被向从把及或等率还又再都则能会要")
#: 张先生 names nobody in particular.
_HONORIFICS = (
    "先生",
    "女士",
    "小姐",
    "老师",
    "医生",
    "大夫",
    "师傅",
    "大娘",
    "大爷",
    "大妈",
    "太太",
    "夫人",
    "家",
    "氏",
    "某",
    "某某",
    "总",
    "局长",
    "大姐",
    "大哥",
)
_PLACE_ENDS = frozenset("村镇乡县市路街城山河湖岛桥寺祠宫庙洞坡岭港湾州庄塔店楼")
_POWERS = "百千万"
_THRESHOLD = 4.5
_DOTS = "·•・．‧-"


def evidence(words: Words, i: int, j: int, lexicon: Lexicon) -> int:
    """Evidence for a person in words i to j (exclusive): a title before, a verb of saying or a title behind."""
    found = 0
    if i:
        before = words.text[i - 1]
        if (
            before in lexicon.titles
            or words.tags[i - 1] == KNOWN + "title"
            or before[-2:] in lexicon.titles
            or before[-3:] in lexicon.titles
        ):
            found += 2
    if j < len(words):
        after = words.text[j]
        if after in lexicon.cue_sets["says"] or after in lexicon.titles:
            found += 1 + (len(after) > 1)
        elif after in "、（(：" or (after == "，" and i == 0):
            found += 1
    return found


def _is_power(words: Words, i: int) -> bool:
    """Whether word i begins with the magnitude of the number in front: 140万集微短剧 is about no 万集微."""
    return words.text[i][0] in _POWERS and i > 0 and words.text[i - 1][-1].isdigit()


def chinese(words: Words, i: int, lexicon: Lexicon) -> tuple[Span, int] | None:
    """A Chinese name that begins with word i, with the number of words it takes: 张一鸣 (one), 李成|东 (two), 王|传|福 (three)."""
    word = words.text[i]
    size = 2 if len(word) > 1 and word[:2] in lexicon.surnames else 1
    if _is_power(words, i) or word[:size] not in lexicon.surnames or (len(word) > 1 and words.tags[i] in FUNCTION_TAGS):
        return None
    best, best_end, text = _THRESHOLD, 0, ""
    for j in range(i, min(i + 3, len(words))):
        follow = words.text[j]
        if j > i and not _may_follow(words, i, j, text, lexicon):
            break
        text += follow
        if len(text) > size + 2:
            break
        if len(text) > size and (score := _score(words, i, j + 1, text, size, lexicon)) > best:
            best, best_end = score, j + 1
    if not best_end:
        return None
    return Span(words.starts[i], words.starts[best_end], "person", "pattern", min(0.95, 0.65 + best / 40)), best_end - i


def _may_follow(words: Words, i: int, j: int, text: str, lexicon: Lexicon) -> bool:
    """Whether word j may go on with a name: a single character, or two behind a bare surname."""
    follow, tag = words.text[j], words.tags[j]
    if tag in _BREAK_TAGS or tag.startswith(KNOWN) or len(follow) > 2 or len(text) + len(follow) > 4:
        return False
    if len(follow) == 2:
        return len(text) == 1 or text in lexicon.surnames
    return len(text) == 1 or (follow not in lexicon.cue_sets["says"] and follow not in _NEVER_GIVEN)


def _score(words: Words, i: int, j: int, text: str, size: int, lexicon: Lexicon) -> float:
    """Log odds, more or less, that words i to j (exclusive) are a name with a surname of `size` characters."""
    given = text[size:]
    if text in lexicon.noise or given.endswith(_HONORIFICS):
        return -99.0
    joined = j - i - 1
    tagged = not joined and words.tags[i] in NAME_TAGS
    in_dictionary = not joined and segmentation.is_word(text)
    if in_dictionary and not tagged:
        return -99.0
    score = 0.7 * lexicon.surnames[text[:size]] + sum(lexicon.given.get(char, RARE) for char in given)
    score += 2.0 * evidence(words, i, j, lexicon)
    if tagged:
        score += 3.0 if len(given) == 2 or not in_dictionary else -1.0
    if len(given) == 1:
        score -= 2.0
    if text[-1] in _PLACE_ENDS:
        score -= 4.0
    return score - 1.5 * sum(len(words.text[k]) > 1 for k in range(i + 1, j)) - 0.5 * joined


def foreign(words: Words, i: int, lexicon: Lexicon) -> tuple[Span, int] | None:
    """A transliterated name that begins with word i: 莉萨·科斯马斯, 施瓦茨."""
    if _is_power(words, i):
        return None
    j, dots = i + 1, 0
    while j < len(words):
        if words.text[j] in _DOTS:
            dots += 1
        elif not _may_go_on(words, j, lexicon):
            break
        j += 1
    while words.text[j - 1] in _DOTS:
        j -= 1
        dots -= 1
    start, end = words.starts[i], words.starts[j]
    if dots:
        return (Span(start, end, "person", "pattern", 0.95), j - i) if end - start > 3 else None
    proof = evidence(words, i, j, lexicon)
    if not _is_name(words, i, j, proof, lexicon):
        return None
    return Span(start, end, "person", "pattern", 0.72 + 0.05 * min(proof, 3)), j - i


def _may_go_on(words: Words, j: int, lexicon: Lexicon) -> bool:
    """Whether word j may go on with a foreign name."""
    word, tag = words.text[j], words.tags[j]
    if tag.startswith(KNOWN) or word in lexicon.titles:
        return False
    behind_dot = words.text[j - 1] in _DOTS
    if behind_dot and word.isascii() and word.isalpha():
        return True
    if not looks_foreign(word, tag, lexicon):
        return False
    if behind_dot:
        return True
    if tag in FUNCTION_TAGS or word in lexicon.cue_sets["says"]:
        return False
    return tag in NAME_TAGS or len(word) == 1 or tag == "ns" or not segmentation.is_word(word)


def _is_name(words: Words, i: int, j: int, proof: int, lexicon: Lexicon) -> bool:
    """Whether words i to j, which look transliterated, name a person and no place or brand."""
    text, size = "".join(words.text[i:j]), words.starts[j] - words.starts[i]
    if text in lexicon.noise or text[-1] in _PLACE_ENDS or (j < len(words) and words.text[j] in lexicon.suffixes):
        return False
    named = any(tag in NAME_TAGS for tag in words.tags[i:j])
    if all(tag == "ns" for tag in words.tags[i:j]):
        return proof >= 2 and size >= 3
    if j == i + 1 and not named and segmentation.is_word(text):
        return False
    return (size >= 3 and (named or proof > 0)) or (size == 2 and named and proof >= 2)
