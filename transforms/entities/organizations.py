"""Organizations, firms, offices and places that are named by their last word: 中国网络视听节目服务协会, 經濟部統計處, 西柏坡乡.

A name ends with a suffix word of name_suffixes.csv and begins with the leftmost proper name in front of it, as long as only words
that names are made of stand between.
"""

from __future__ import annotations

from transforms.article import EntityType
from transforms.entities.lexicon import Lexicon, own_suffix
from transforms.entities.spans import Span
from transforms.entities.words import ACTION, CONTENT, FUNCTION_CHARACTERS, KNOWN, OUTSIDE, PLACE, PROPER, REST, Words, is_unknown

#: Tags of single characters that may be the rest of a name the dictionary does not know (中|天|拍卖公司).
_LOOSE_TAGS = frozenset({"n", "ng", "nz", "nr", "a", "b", "f", "g", "j", "q", "z", "zg", "m", "ns", "nrt", "ag"})
_MOST_WORDS = 10
#: What a firm has, and is none itself.
_PARTS_OF_FIRMS = frozenset(("业务", "板块", "分部", "事业部"))
_OF_REPORTS = frozenset(("业绩", "财务", "数据", "经营", "销售"))
_RELATIVES = frozenset(("母公司", "子公司", "全资子公司", "控股子公司"))


def by_suffix(words: Words, i: int, lexicon: Lexicon) -> Span | None:
    """The name that ends with word i, if it ends with a suffix and has a head."""
    word, tag = words.text[i], words.tags[i]
    suffix = own_suffix(word, lexicon)
    if i and (joined := words.text[i - 1] + word) in lexicon.suffixes:  # 统计|处
        suffix = joined
    if suffix is None or (suffix != word and word in lexicon.noise) or (tag.startswith(KNOWN) and suffix != word):
        return None
    kind, head = lexicon.suffixes[suffix]
    if kind == "company" and (word in _RELATIVES or (i + 1 < len(words) and words.text[i + 1][:2] in _PARTS_OF_FIRMS)):
        return None  # 韩束母公司, 速运物流业务
    if kind == "media" and i and words.text[i - 1] in _OF_REPORTS:
        return None  # 江苏银行业绩快报
    whole = len(suffix) < len(word) and (tag in ("nt", "nz", "ns") or ((kind == "place" or head != "next") and words.roles[i] & PROPER))
    if head == "next" and not whole and len(suffix) < len(word):
        return None
    left = i if whole or head == "alone" else None
    if (head in ("proper", "alone") or whole) and not (kind == "place" and whole):  # but 山西省|繁峙县 are two places
        further = _leftmost_proper(words, i, lexicon, kind)
        left = further if further is not None else left
    elif not whole and i and words.roles[i - 1] & PROPER and (head == "next" or not words.roles[i - 1] & PLACE):
        if head == "name" and words.tags[i - 1].startswith(KNOWN):
            return None  # 京东|汽车: the firm is enough
        left = i - 1
        if head == "name" and i > 1 and words.roles[i - 2] & PLACE and kind != "place":
            left = i - 2
    if left is None and head != "next" and kind == "company":
        left = _loose_head(words, i, lexicon)
    if left is None:
        return None
    if words.tags[left] == REST and left == i - 1 and len(words.text[left]) < 2:
        return None
    start, end = words.starts[left], words.starts[i + 1]
    if end - start < (2 if head == "alone" else 3):
        return None
    return Span(start, end, _refine(kind, suffix, words, left), "pattern", 0.8)


def _leftmost_proper(words: Words, i: int, lexicon: Lexicon, kind: EntityType) -> int | None:
    found, j, actions = None, i - 1, 0
    while j >= 0 and i - j <= _MOST_WORDS:
        if words.roles[j] & OUTSIDE:
            break
        if words.roles[j] & PROPER:
            found = j
            if kind == "place":
                break
        elif words.text[j] == "）" and j > 1 and words.text[j - 2] == "（" and words.roles[j - 1] & PLACE:
            j -= 2  # 花旗银行（中国）有限公司
        elif words.roles[j] & ACTION and kind == "organization":
            actions += 1  # 中国数字阅读产业协会
        elif not words.roles[j] & CONTENT:
            break
        j -= 1
    if actions and (found is None or actions > 1 or not words.roles[found] & PLACE):
        return None
    return found


def _loose_head(words: Words, i: int, lexicon: Lexicon) -> int | None:
    """Where a run of single characters before the suffix, or before one plain word and the suffix, begins."""
    j = i - 1
    if j >= 0 and len(words.text[j]) > 1 and words.roles[j] & CONTENT:
        j -= 1
    last = j
    while j >= 0 and len(words.text[j]) == 1 and words.tags[j] in _LOOSE_TAGS and words.text[j] not in FUNCTION_CHARACTERS:
        j -= 1
    size = last - j
    return j + 1 if 2 <= size <= 4 else None


def acquired(words: Words, i: int, lexicon: Lexicon) -> Span | None:
    """A firm that the reference data lacks, as the object of 收购, 投资 or 入股: 收购合众|易宝|获...

    It takes at most three words, all of them content, up to a mark or a word that no name holds. One of them is proper, or the last one is
    that of a firm and a stake follows: 收购新潮|传媒|100%股权.
    """
    if words.text[i] not in lexicon.cue_sets["buys"]:
        return None
    first = i + 1 + (i + 1 < len(words) and words.text[i + 1] in ("了", "过"))
    end, proper = first, False
    while end < len(words) and end - first < 3 and not words.text[end][0].isdigit():
        short = words.starts[end + 1] - words.starts[first] <= 4
        if (words.roles[end] & PROPER and not words.roles[end] & PLACE) or (short and is_unknown(words.text[end])):
            proper = True
        elif not (words.roles[end] & CONTENT and words.tags[end] in ("n", "nz", "ns")):
            break
        end += 1
    size = words.starts[end] - words.starts[first]
    known = end - first == 1 and words.tags[first].startswith(KNOWN)
    if known or not 3 <= size <= 6:
        return None
    stake = end < len(words) and (words.text[end][0].isdigit() or words.text[end] in ("股权", "股份"))
    firm = lexicon.suffixes.get(words.text[end - 1], ("", ""))[0] == "company" and end - first > 1
    if not (stake and firm) and not (proper and (words.roles[end - 1] & PROPER or is_unknown(words.text[end - 1]))):
        return None
    return Span(words.starts[first], words.starts[end], "company", "pattern", 0.7)


def gathering(words: Words, i: int, lexicon: Lexicon) -> Span | None:
    """An event by its kind and the verb of holding it: 召开…商务|大会. Meetings of bodies (股东大会) are none."""
    if words.text[i] not in lexicon.cue_sets["gathering"] or not i or words.tags[i - 1] not in ("n", "vn", "nz", "j", "eng", "l"):
        return None
    if words.text[i - 1] in lexicon.cue_sets["body"] or len(words.text[i - 1]) < 2:
        return None
    if not any(word in lexicon.cue_sets["holds"] for word in words.text[max(0, i - 8) : i - 1]):
        return None
    return Span(words.starts[i - 1], words.starts[i + 1], "event", "pattern", 0.6)


def _refine(kind: EntityType, suffix: str, words: Words, left: int) -> EntityType:
    """A committee or centre of the state is government."""
    if kind == "organization" and suffix in ("委员会", "办公室", "研究中心") and words.text[left] in ("国家", "联邦"):
        return "government"
    return kind
