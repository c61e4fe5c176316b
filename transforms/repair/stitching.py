"""Paragraphs cut in two: at the seam between the spun half and the original, or by broken layout.

A cut in the middle of a word is proved by the word: 购物。|车功能, 毫米波雷|达供应. A cut in the middle of a sentence is proved by a
paragraph that ends without a mark and a next one that begins with something no paragraph begins with. Nothing else is joined.
"""

from __future__ import annotations

import re

from transforms import segmentation
from transforms.article import Paragraph
from transforms.repair.candidates import Candidate
from transforms.script import fold, is_han

_END_MARK = re.compile(r"[。.！？!?；;：:…”’」』】）)》〉]$")
_FALSE_STOP = re.compile(r"[。.]$")
#: No paragraph begins with these.
_CONTINUES = re.compile(
    r"[，,、。；;：:）)》」』”’％%]"
    r"|的(?!确|士|哥)|了(?!解|不)|着(?!手|力|眼|重|实)|们"
    r"|和(?!平|谐|硕|田|记|黄)|与(?!此|其|会)|及(?!时|格)|等(?!到|等|于)"
)
_WINDOW = 6
#: The rule that takes a full stop for a false one: the boldest of the three.
FALSE_STOP = "stitching.false_stop"


def candidate(before: Paragraph, after: Paragraph, article: str, *, suspicious: bool) -> Candidate | None:
    """The stitch between two neighbouring paragraphs, in raw offsets, or None. `article` is its folded text; a full stop is taken for a
    false one only where the article is `suspicious`, that is, shows any trace of a round trip."""
    left, right = fold(before.raw_text), fold(after.raw_text)
    if len(left) < _WINDOW or not right:
        return None
    stop = _FALSE_STOP.search(left)
    if _END_MARK.search(left) and not (stop and suspicious):
        return None
    stem = left[: stop.start()] if stop else left
    word = _straddling_word(stem, right)
    if word is not None:
        # behind a full stop the cut word must be one that the article uses, and the rest must be no sentence of its own
        proved = not stop or (word in article and not _stands_alone(right, word, stem))
        if proved:
            return _stitch(before, after, stop, FALSE_STOP if stop else "stitching.word", 0.95, f"{word} was cut in two")
    if not stop and _CONTINUES.match(right) and not _looks_listed(left):
        return _stitch(before, after, None, "stitching.sentence", 0.85, f"a paragraph cannot begin with {right[:2]}")
    return None


def _stitch(before: Paragraph, after: Paragraph, stop: re.Match[str] | None, rule: str, confidence: float, signal: str) -> Candidate:
    start = before.raw_end - (1 if stop else 0)
    return Candidate(start, after.raw_start, "", "stitch", rule, confidence, 1.0, None, signal)


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
    return bool(head) and len(head[0]) > taken


def _looks_listed(left: str) -> bool:
    return len(left) < 12
