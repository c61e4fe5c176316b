"""Words that stand twice: 粉丝粉丝, 有有. Not 天天, 谢谢, 研究研究: only what Chinese never doubles."""

from __future__ import annotations

import re

from transforms import segmentation
from transforms.repair.candidates import Candidate

_TWICE = re.compile(r"([\u4e00-\u9fff]{2,5})\1(?!\1)")
#: Function words and the verbs 有 and 是 are never doubled in modern prose; 了了 and 个个 are words.
_SINGLE_TWICE = re.compile(r"([有是的和与为被把将由及或])\1(?!\1)")
#: Doubled in set phrases: 是是非非, 的的确确, 在在, 为为
_SET_PHRASES = ("是是非非", "的的确确", "有有无无", "和和气气", "和和睦睦", "与与", "把把", "将将")
_NOUN_TAGS = ("n", "nz", "nr", "ns", "nt", "b", "j")


def candidates(text: str) -> list[Candidate]:
    """The doubled words of one paragraph, folded."""
    found = []
    for match in _TWICE.finditer(text):
        word = match.group(1)
        tagged = segmentation.tokens(word)
        # ABAB is how Chinese verbs and measures repeat (研究研究, 一个一个); a noun never does
        if len(tagged) != 1 or not tagged[0].tag.startswith(_NOUN_TAGS) or word[0] in "一两三几" or word[0] == word[-1]:
            continue
        found.append((match.start(), match.end(), word))
    for match in _SINGLE_TWICE.finditer(text):
        around = text[max(0, match.start() - 1) : match.end() + 2]
        if any(phrase in around for phrase in _SET_PHRASES) or _is_seam_of_words(text, match.start() + 1):
            continue
        found.append((match.start(), match.end(), match.group(1)))
    return [Candidate(a, b, word, "duplicate", "doubling.word", 0.92, 0.8, None, f"{text[a:b]} -> {word}") for a, b, word in found]


def _is_seam_of_words(text: str, at: int) -> bool:
    """Whether the two equal characters belong to two different words: 目的|的确, 存在|在于."""
    for token in segmentation.tokens(text[max(0, at - 8) : at + 8]):
        start, end = token.start + max(0, at - 8), token.end + max(0, at - 8)
        if (end == at and len(token.text) > 1) or (start == at and len(token.text) > 1):
            return True
    return False
