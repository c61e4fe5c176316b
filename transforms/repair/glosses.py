"""Spellings that a word-by-word translation of a name gives: Three Squirrels for 三只松鼠, 庞大星图 for 巨量星图.

They are worked out in memory and only for a spun article: the English ones of all names, once a process, when it has Latin words that the
reference data does not explain, the Chinese ones of those names that it also writes as they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice, product

import ahocorasick_rs

from transforms import segmentation
from transforms.caching import built_once
from transforms.reference import Entity, Reference
from transforms.repair.candidates import Candidate, Reading
from transforms.repair.dictionary import back_translations, english_words, gloss_key, partitions, translations
from transforms.repair.lexicon import CONFIDENCE, WEIGHTS, lexicon, names_in_chinese
from transforms.repair.spelling import LatinRun, fit, kind_of
from transforms.script import all_han

#: Names that say in full what a shorter one says too.
_FORMAL_ENDS = ("集团", "公司", "控股", "股份")
#: Words of a name, ways to cut it into words (the fewest first), and spellings of each way.
MAX_PARTS, _CUTS, MAX_SPELLINGS = 4, 3, 32
#: Ways to write a name in other words, at most.
_VARIANTS = 64
#: Where another Chinese word has the same translation: words considered of each translation, letters in a name at least.
MAX_SYNONYMS, MIN_NAME = 4, 3


@built_once
def glosses(reference: Reference) -> Mapping[str, tuple[Entity, str]]:
    """The keys of the translated names of the reference data, with whose names they are. A key that two entities share means neither."""
    dictionary = translations()
    book = lexicon(reference)
    owners: dict[str, tuple[Entity, str] | None] = {}
    for entity, name in _translatable(reference):
        for cut in _cuts(name):
            for keys in islice(product(*(dictionary[part] for part in cut)), MAX_SPELLINGS):
                if (key := "".join(keys)) not in book.spellings and key not in book.genuine:
                    claim(owners, key, entity, name)
    return {key: owner for key, owner in owners.items() if owner}


def claim(owners: dict[str, tuple[Entity, str] | None], spelling: str, entity: Entity, name: str) -> None:
    """Enter whose name a spelling means: of the names of an entity the first, None for good once a second entity comes along."""
    owner = owners.setdefault(spelling, (entity, name))
    if owner and owner[0] is not entity:
        owners[spelling] = None


def _translatable(reference: Reference) -> Iterator[tuple[Entity, str]]:
    """The names that can be taken for words and be translated."""
    for entity in reference.entities:
        if entity.type in ("company", "product", "media", "work"):
            for name in names_in_chinese(entity):
                if name not in entity.ambiguous and all_han(name) and 2 <= len(name) <= 6 and not name.endswith(_FORMAL_ENDS):
                    yield entity, name


def _cuts(name: str) -> list[tuple[str, ...]]:
    """The likeliest ways to take a name for several words."""
    return sorted((cut for cut in partitions(name, translations()) if 1 < len(cut) <= MAX_PARTS), key=len)[:_CUTS]


def candidates(reading: Reading, reference: Reference, runs: Sequence[LatinRun]) -> list[Candidate]:
    """The names of an article that were translated into two English words or more: one word proves nothing."""
    known = glosses(reference)
    text = reading.text
    found = []
    for run in runs:
        i = 0
        while i < len(run.words):
            for j in range(min(len(run.words), i + MAX_PARTS + 1), i + 1, -1):
                start, end = run.spans[i][0], run.spans[j - 1][1]
                hit = known.get(gloss_key(run.words[i:j])) if text[start].isupper() else None
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
    return found


@built_once
def _names(reference: Reference) -> tuple[ahocorasick_rs.AhoCorasick, tuple[tuple[Entity, str], ...]]:
    """What finds all names that can be translated, and whose they are."""
    owners = {name: (entity, name) for entity, name in _translatable(reference)}
    automaton = ahocorasick_rs.AhoCorasick(list(owners) or ["\0"], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    return automaton, tuple(owners.values())


def in_other_words(reading: Reading, reference: Reference) -> Iterator[Candidate]:
    """Names that the article also writes as they are, with words of the same translation in their place: 全部季节 beside 全季."""
    text = reading.text
    automaton, owners = _names(reference)
    for index in sorted({index for index, _, _ in automaton.find_matches_as_indexes(text)}):
        entity, name = owners[index]
        for variant in [variant for variant in _in_other_words(entity, name, reference) if variant in text]:
            for start in reading.places(variant):
                end = start + len(variant)
                if not segmentation.cuts_a_word(text, start, end):
                    signal = f"{variant} -> {name}"
                    yield Candidate(
                        start, end, name, kind_of(entity), "spelling.synonym", CONFIDENCE["gloss"], WEIGHTS["gloss"], entity.id, signal
                    )


@lru_cache(maxsize=1 << 13)
def _in_other_words(entity: Entity, name: str, reference: Reference) -> tuple[str, ...]:
    """What a name may have become word by word, with 的 before the last of three, from Chinese or from the official English: 幸运杯 for
    幸运咖 (Lucky Cup). No variant is a word or a name by itself."""
    found: dict[str, None] = {}
    for english in map(english_words, entity.latin):
        if 1 < len(english) <= MAX_PARTS:
            each = [[word for word, _ in back_translations(gloss_key([part]), reference)[:MAX_SYNONYMS]] for part in english]
            found |= dict.fromkeys(map("".join, islice(product(*each), _VARIANTS)))
    cuts = _cuts(name)
    for cut in (cut for cut in cuts if len(cut) == len(cuts[0])):
        for words in islice(product(*(same_translation(part, reference) for part in cut)), _VARIANTS):
            found["".join(words)] = None
            if len(words) > 2:
                found["".join((*words[:-1], "的", words[-1]))] = None
    shortest = max(MIN_NAME, len(name)) if len(name) > 2 else 2 * len(name)
    known = all_names(reference)
    return tuple(
        variant
        for variant in found
        if len(variant) >= shortest and name not in variant and variant not in known and not segmentation.is_word(variant)
    )


@lru_cache(maxsize=1 << 12)
def same_translation(word: str, reference: Reference) -> tuple[str, ...]:
    """A word and the likeliest others of its usual translations, and the longer ones that contain it; one character only grows."""
    ranked = [enumerate(other for other, _ in back_translations(key, reference)) for key in translations()[word][:2]]
    others = (other for row in ranked for rank, other in row if len(other) > 1 and (rank < MAX_SYNONYMS or word in other))
    return tuple(dict.fromkeys((word, *others)))


@built_once
def all_names(reference: Reference) -> frozenset[str]:
    """Every name and alias of the reference data."""
    return frozenset(name for entity in reference.entities for name in (entity.name, *entity.aliases))
