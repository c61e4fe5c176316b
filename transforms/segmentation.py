"""Sentences and words.

Words come from rjieba, the Rust port of jieba: same dictionary, same hidden Markov model, twenty times the speed (how far the two agree
is measured in tests/transforms/test_segmentation.py). Tags are jieba's: nr person, ns place, nt organization, nz other proper noun.
A step that takes a `Tagger` works with jieba itself as well.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import ModuleType

import rjieba

from transforms.article import Paragraph, Sentence
from transforms.script import fold

_CLOSING = "”’」』）)》】\"'"
#: A sentence runs up to its final mark and the closing quotes behind it. A line feed ends it in any case.
_SENTENCE = re.compile(rf"[^。！？!?…\n]*(?:[。！？!?…]+[{_CLOSING}]*|\n|$)")
#: Inside 《》 and quotes a mark does not end the sentence around it when the text goes on in the same breath.
_GOES_ON = re.compile(r"[，、；：的等与和及,;:]")
#: Longer than this is no sentence but a table or a text without marks. It is cut at a pause, since later steps look at all of a sentence
#: for each number in it.
_LONGEST = 1000
_PAUSE = re.compile(r"[，、；：\s]|[,;:](?!\d)")


#: From a folded text to its words, in order and without gaps, with their part of speech.
Tagger = Callable[[str], list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Token:
    start: int
    end: int
    text: str
    tag: str


@cache
def _segmenter() -> rjieba.Jieba:
    return rjieba.Jieba()


def words(text: str) -> list[str]:
    """The words of a text, in order and without gaps.

    >>> words("抖音电商副总裁穆青表示")
    ['抖音', '电商', '副总裁', '穆青', '表示']
    """
    return list(_segmenter().cut(fold(text)))


def tag(folded: str) -> list[tuple[str, str]]:
    """The words of a folded text, in order and without gaps, with their part of speech.

    >>> tag("张一鸣表示")
    [('张一鸣', 'nr'), ('表示', 'v')]
    """
    result: list[tuple[str, str]] = _segmenter().tag(folded)
    return result


def tag_with_jieba(folded: str) -> list[tuple[str, str]]:
    """What `tag` gives, by jieba in place of rjieba.

    The tags are those of jieba's dictionary; jieba.posseg, which is ten times slower, is asked only about words that the dictionary lacks.
    """
    jieba, tags = _jieba()
    return [(word, tags.get(word) or _tag_of_unknown(word)) for word in jieba.cut(folded)]


@cache
def _jieba() -> tuple[ModuleType, Mapping[str, str]]:
    import jieba.posseg

    jieba.setLogLevel(logging.WARNING)
    return jieba, jieba.posseg.dt.word_tag_tab


@lru_cache(maxsize=1 << 14)
def _tag_of_unknown(word: str) -> str:
    if word.isascii():
        return "m" if word[0].isdecimal() else "eng" if word.isalnum() else "x"
    jieba, _ = _jieba()
    result: str = jieba.posseg.lcut(word)[-1].flag
    return result


def tokens(text: str) -> list[Token]:
    """The words of a text with their part of speech; `text` of a token is the folded form, offsets point into `text`."""
    result, at = [], 0
    for word, pos in tag(fold(text)):
        result.append(Token(at, at + len(word), word, pos))
        at += len(word)
    return result


def cuts_a_word(text: str, start: int, end: int) -> bool:
    """Whether a border of text[start:end] lies inside a dictionary word: 禁城 in 紫禁城.

    >>> cuts_a_word("游览紫禁城之后", 3, 5), cuts_a_word("游览紫禁城之后", 2, 5)
    (True, False)
    """
    first = max(0, start - 4)
    for token in tokens(text[first : end + 4]):
        a, b = token.start + first, token.end + first
        if (a < start < b or a < end < b) and is_word(token.text):
            return True
    return False


def is_word(text: str) -> bool:
    """Whether the dictionary holds the text as one word."""
    return bool(_segmenter().has_word(text))


def sentences(clean_text: str, paragraphs: list[Paragraph]) -> list[Sentence]:
    """The sentences of the clean text in order. A sentence never crosses the line feed between two paragraphs; where a paragraph was
    stitched together from two, it belongs to the one in which it begins."""
    owners = [(p.start, p.index) for p in paragraphs if p.start is not None]
    result: list[Sentence] = []
    owner = 0
    for start, end in sentence_spans(clean_text):
        while owner + 1 < len(owners) and owners[owner + 1][0] <= start:
            owner += 1
        result.append(Sentence(len(result), owners[owner][1] if owners else 0, start, end, clean_text[start:end]))
    return result


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of every sentence, without the white space around it; none has more than 1000 characters.

    >>> [("他说：“好。”走了。再见！")[a:b] for a, b in sentence_spans("他说：“好。”走了。再见！")]
    ['他说：“好。”', '走了。', '再见！']
    """
    spans: list[tuple[int, int]] = []
    begin = None
    for match in _SENTENCE.finditer(text):
        start, end = _trimmed(text, *match.span())
        if begin is not None:
            start, begin = begin, None
        if start == end:
            continue
        # 《我行吗？》的作者: the mark belongs to the name
        if text[end - 1] in _CLOSING and end < len(text) and _GOES_ON.match(text[end]) and "\n" not in text[match.start() : match.end()]:
            begin = start
            continue
        spans += _pieces(text, start, end)
    return spans


def _pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A span as a whole or, where it is too long, in parts that end with a pause where they have one."""
    while end - start > _LONGEST:
        limit = start + _LONGEST
        cut = max((pause.end() for pause in _PAUSE.finditer(text, start, limit)), default=limit)
        yield _trimmed(text, start, cut)
        start, _ = _trimmed(text, cut, end)
    yield start, end


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A span without the white space at its ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
