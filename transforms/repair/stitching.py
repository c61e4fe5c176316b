"""Paragraphs cut in two: at the seam between the spun half and the original, or by broken layout.

A cut in the middle of a word is proved by the word: 购物。|车功能, 毫米波雷|达供应. A cut in the middle of a sentence is proved by a
paragraph that ends without a mark and a next one that begins with something no paragraph begins with, or, in an article with traces of a
round trip, by two paragraphs of whole sentences of which the first breaks off. Nothing else is joined.
"""

from __future__ import annotations

import re

from transforms import segmentation
from transforms.article import Paragraph
from transforms.repair.candidates import Candidate
from transforms.script import fold, is_han

_FALSE_STOPS = "。."
_COMMAS = "，,、"
#: No sentence ends with these words.
_OPEN_ENDS = re.compile("[到至的从和与在为对将把被及是比向由于以达约]|超过|达到|以及|通过|根据|按照|成为|其中|包括|平均")
_END_MARKS = frozenset("。.！？!?；;：:…”’」』】）)》〉")
#: No paragraph begins with these.
_CONTINUES = re.compile(
    r"[，,、。；;：:）)》」』”’％%]"
    r"|的(?!确|士|哥)|了(?!解|不)|着(?!手|力|眼|重|实)|们"
    r"|和(?!平|谐|硕|田|记|黄)|与(?!此|其|会)|及(?!时|格)|等(?!到|等|于)"
)
#: Characters that often are a word of their own.
_WHOLE = frozenset("的了着过是在有和与不也都就还这那我你他她它们个一二三四五六七八九十上下中大小多少年月日元人")
_WINDOW = 6
#: Paragraphs begin with these, and sentences do not go on with them.
_BEGINS = re.compile("这|那|此|但|不过|然而|因此|所以|目前|随着|对于|与此同时|另外|另一方面|值得|据|从|在")
#: The end of a sentence, not of a heading.
_SENTENCE_MARKS = re.compile("[。！？!?；;]")
#: A shorter line without a mark at its end is an item of a list or a heading.
_MIN_SENTENCE = 12
#: The rule that takes a full stop for a false one: the boldest of the three.
FALSE_STOP = "stitching.false_stop"


def candidate(before: Paragraph, after: Paragraph, article: str, *, suspicious: bool) -> Candidate | None:
    """The stitch between two neighbouring paragraphs, or None. `article` is its folded text; a full stop is taken for a false one only
    where the article is `suspicious`, that is, shows any trace of a round trip."""
    last = before.raw_text[-1]
    stop = last in _FALSE_STOPS
    if (last in _END_MARKS and not (stop and suspicious)) or len(before.raw_text) < _WINDOW:
        return None
    left, right = fold(before.raw_text[-2 * _WINDOW :]), fold(after.raw_text[: 2 * _WINDOW])
    stem = left[:-1] if stop else left
    word = _straddling_word(stem, right)
    # behind a full stop the cut word must be one that the article uses, or nothing else can be made of the two ends
    if word is not None and (not stop or _proves_false_stop(stem, right, word, article)):
        return _stitch(before, after, stop, FALSE_STOP if stop else "stitching.word", 0.95, f"{word} was cut in two")
    if stop or len(before.raw_text) < _MIN_SENTENCE:
        return None
    if _CONTINUES.match(right):
        return _stitch(before, after, False, "stitching.sentence", 0.85, f"a paragraph cannot begin with {right[:2]}")
    if suspicious and (last in _COMMAS or _OPEN_ENDS.fullmatch(segmentation.words(left)[-1])):
        return _stitch(before, after, False, "stitching.sentence", 0.85, f"a paragraph cannot end with {left[-2:]}")
    if suspicious and _breaks_off(before.raw_text) and _is_prose(after.raw_text) and not _BEGINS.match(right):
        return _stitch(before, after, False, "stitching.sentence", 0.85, f"a paragraph of sentences cannot end with {left[-2:]}")
    return None


def _breaks_off(text: str) -> bool:
    """Whether whole sentences stand in front of the last one, which has no end."""
    return bool(_SENTENCE_MARKS.search(text, 0, len(text) - 1))


def _is_prose(text: str) -> bool:
    """Whether a paragraph ends like a sentence, as no heading and no item of a list does."""
    return text[-1] in _END_MARKS


def _proves_false_stop(left: str, right: str, word: str, article: str) -> bool:
    if _stands_alone(right, word, left):
        return False
    end = segmentation.words(left)[-1]
    return word in article or (len(end) == 1 and end not in _WHOLE)


def _stitch(before: Paragraph, after: Paragraph, stop: bool, rule: str, confidence: float, signal: str) -> Candidate:
    return Candidate(before.raw_end - stop, after.raw_start, "", "stitch", rule, confidence, 1.0, None, signal)


def _straddling_word(left: str, right: str) -> str | None:
    """The word of two or more characters that the joined text has across the cut, when neither side is a whole word there."""
    tail, head = left[-_WINDOW:], right[:_WINDOW]
    if not (is_han(tail[-1]) and is_han(head[0])):
        return None
    for token in segmentation.tokens(tail + head):
        if token.start < len(tail) < token.end:
            return token.text if segmentation.is_word(token.text) else None
    return None


def _stands_alone(right: str, word: str, left: str) -> bool:
    """Whether the second half begins with a word of its own, so that the straddling word may be chance."""
    head = segmentation.words(right[:_WINDOW])
    taken = len(word) - next(n for n in range(1, len(word)) if left.endswith(word[:n]) and right.startswith(word[n:]))
    return bool(head) and len(head[0]) > taken and segmentation.is_word(head[0])
