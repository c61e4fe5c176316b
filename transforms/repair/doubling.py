"""Words that stand twice: 粉丝粉丝, 有有. Not 天天, 谢谢, 研究研究: only what Chinese never doubles."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

import numpy as np

from transforms import segmentation
from transforms.repair.candidates import Candidate
from transforms.script import all_han

#: Confidence of what a writer may double for effect.
DOUBTFUL = 0.5
_MAX_WORD = 6
_FIRST_HAN = 0x3400
#: Function words and the verbs 有 and 是 are never doubled in modern prose; 了了 and 个个 are words.
_SINGLES = frozenset("有是的和与为被把将由及或但却都")
_SET_PHRASES = ("是是非非", "的的确确", "有有无无", "和和气气", "和和睦睦", "与与", "把把")
#: What only a number counts: 24.8亿元元.
_UNITS = frozenset("元吨倍")
#: What ends the name of a figure and never doubles: 入住率率.
_ENDINGS = frozenset("率费额")
_NUMERAL = frozenset("0123456789.十百千万亿")
#: 三三两两, 一步一步: counts repeat. What is counted two by two (两个两个地数) stands before, never right behind.
_FEW = "一两三几"
_COUNT = re.compile(f"[{_FEW.replace('一', '')}四五六七八九十][个家款项件种座条只台辆部名位场]")
#: Pronouns, conjunctions and adverbs that no emphasis repeats; 非常非常 and 真的真的 it does.
_SAID_ONCE = re.compile(
    "[我你他她它咱]们|依旧|依然|仍[然旧]|已经|曾经|同时|因[此而为]|[然从]而|但是|不过|虽然|尽管|如果|[而并]且|或者|以及|通过|根据|按照|[对关由至]于"
    "|其[中他]|目前|随[着后即]|[此另]外|例如|甚至|尤其|最终|[为除]了|这[些种]|那些|所有|大约|左右|以[上下]|之[间后前]"
)
_NOUN_TAGS = ("n", "nz", "nr", "ns", "nt", "b", "j")
#: Verbs repeat (研究研究) to make light of what somebody does at will; nothing grows or falls at will.
_AT_WILL = re.compile(
    "研究|讨论|考虑|商量|打听|了解|休息|学习|锻炼|打扫|交流|收拾|整理|体验|尝试|琢磨|准备|放松|检查|帮助|照顾|认识|熟悉|练习|感受|享受|关心"
    "|沟通|反思|总结|思考|回忆|欣赏|打扮|庆祝|加油|恭喜|谢谢"
)


def candidates(text: str, names: Container[str] = ()) -> list[Candidate]:
    """The doubled words of a folded text, but for names that are made so: 哔哩哔哩."""
    found = []
    for at, word in _twice(text):
        if word * 2 in names:
            continue
        confidence, weight = 0.92, 0.8
        if len(word) == 1:
            doubled = (
                (word in _SINGLES and _is_doubled_single(text, at))
                or (word in _UNITS and text[at - 1 : at] in _NUMERAL)
                or (word in _ENDINGS and not _begins_a_word(text, at + 1))
            )
        else:
            tags = [token.tag for token in segmentation.tokens(word)]
            doubled = word[0] != word[-1]
            if _COUNT.fullmatch(word):
                doubled = _counts_something(text, at + 2 * len(word))
                confidence, weight = 0.85, 0.3
            elif word[0] in _FEW:
                doubled = False
            elif len(tags) > 1 or not tags[0].startswith(_NOUN_TAGS):
                doubled = doubled and _is_artefact(word, tags)
                confidence, weight = 0.85, 0.3
        if not doubled and len(word) > 1 and word[0] not in _FEW and not _AT_WILL.fullmatch(word):
            # 很快很快 is for effect, unless a translator wrote it
            doubled, confidence, weight = True, DOUBTFUL, 0.0
        if doubled:
            signal = f"{word}{word} -> {word}"
            found.append(Candidate(at, at + 2 * len(word), word, "duplicate", "doubling.word", confidence, weight, None, signal))
    return found


def _twice(text: str) -> Iterator[tuple[int, str]]:
    """Where one to six Chinese characters stand exactly twice in a row."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    for n in range(1, min(_MAX_WORD, len(codes) // 2) + 1):
        same = (codes[:-n] == codes[n:]) & (codes[n:] >= _FIRST_HAN)
        if n > 1:  # two in a row are rare, and the rest is compared as text
            same = same[:-1] & same[1:]
        for at in np.flatnonzero(same).tolist():
            word = text[at : at + n]
            thrice = text.startswith(word, at + 2 * n) or (at >= n and text.startswith(word, at - n))
            if text.startswith(word, at + n) and not thrice and all_han(word):
                yield at, word


def _counts_something(text: str, at: int) -> bool:
    """Whether a noun stands at an offset."""
    following = segmentation.tokens(text[at : at + _MAX_WORD])
    return bool(following) and following[0].text[0] != "地" and len(following[0].text) > 1 and following[0].tag.startswith(_NOUN_TAGS)


def _is_artefact(word: str, tags: Sequence[str]) -> bool:
    """Whether something other than a noun, which stands twice, is no reduplication: a verb of change, or a phrase with a noun in it."""
    if _SAID_ONCE.fullmatch(word):
        return True
    if segmentation.is_word(word):
        return any(tag.startswith("v") for tag in tags) and not _AT_WILL.fullmatch(word)
    return len(word) > 2 and any(tag.startswith(_NOUN_TAGS) for tag in tags) and not any(tag.startswith("m") for tag in tags)


def _is_doubled_single(text: str, at: int) -> bool:
    around = text[max(0, at - 1) : at + 4]
    return not any(phrase in around for phrase in _SET_PHRASES) and not _is_seam_of_words(text, at + 1)


def _begins_a_word(text: str, at: int) -> bool:
    """Whether the second of the two equal characters belongs to a word of its own: 付费|费用, 入住率|率先."""
    first = max(0, at - 8)
    return any(token.start + first == at and len(token.text) > 1 for token in segmentation.tokens(text[first : at + 8]))


def _is_seam_of_words(text: str, at: int) -> bool:
    """Whether the two equal characters belong to two different words: 目的|的确, 存在|在于."""
    first = max(0, at - 8)
    return any(
        at in (token.start + first, token.end + first) and len(token.text) > 1 for token in segmentation.tokens(text[first : at + 8])
    )
