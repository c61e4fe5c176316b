"""Places by their tag, and in one character: 中俄关系, 访华, 驻美, 美方, and the armies named after them: 美军."""

from __future__ import annotations

from transforms.entities.lexicon import Lexicon, entity_named
from transforms.entities.spans import Span
from transforms.entities.words import Words

_MOVES = frozenset("访驻赴抵离援来旅在对")
_PAIR_TAGS = frozenset({"ns", "j", "nz", "n", "nr", "m", "nrt", "a", "v", "vn"})


def region(words: Words, i: int) -> Span:
    """The place that the segmenter takes word i for; 地区 behind it is no part of the name."""
    end = words.starts[i + 1]
    if len(words.text[i]) > 3 and words.text[i].endswith("地区"):
        end -= 2
    return Span(words.starts[i], end, "place", "segmenter", 0.7)


def abbreviated(words: Words, i: int, lexicon: Lexicon) -> list[Span]:
    """The places that word i names in single characters."""
    word, tag, start = words.text[i], words.tags[i], words.starts[i]
    if len(word) == 2:
        if word[1] == "军" and word[0] in lexicon.paired:
            return [Span(start, start + 2, "government", "pattern", 0.8)]
        if word[1] in lexicon.abbreviations and word[0] in _MOVES:
            return [_place(start + 1, word[1], lexicon)]
        if word[1] == "方" and word[0] in lexicon.paired:
            return [_place(start, word[0], lexicon)]
    if len(word) > 1:
        paired = len(word) < 5 and tag in ("ns", "j", "nz") and lexicon.paired.issuperset(word)
        return [_place(start + k, char, lexicon) for k, char in enumerate(word)] if paired else []
    if word not in lexicon.paired or tag not in _PAIR_TAGS:
        return []
    beside = (i and words.text[i - 1] in lexicon.paired) or (i + 1 < len(words) and words.text[i + 1] in lexicon.paired)
    listed = (i > 1 and words.text[i - 1] == "、" and words.text[i - 2] in lexicon.paired) or (
        i + 2 < len(words) and words.text[i + 1] == "、" and words.text[i + 2] in lexicon.paired
    )
    return [_place(start, word, lexicon)] if beside or listed or (tag == "j" and word in "俄韩") else []


def _place(start: int, char: str, lexicon: Lexicon) -> Span:
    name = lexicon.abbreviations[char]
    return Span(start, start + 1, "place", "pattern", 0.75, entity_named(lexicon, name), name)
