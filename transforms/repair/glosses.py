"""Spellings that a word-by-word translation of a name gives: Three Squirrels for 三只松鼠, 庞大星图 for 巨量星图.

They are worked out in memory, once a process and only when a spun article has Latin words that the reference data does not explain.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import islice, product

import ahocorasick_rs

from transforms import segmentation
from transforms.reference import Entity, Reference
from transforms.repair.candidates import Candidate, Reading
from transforms.repair.dictionary import back_translations, english_words, gloss_key, partitions, translations
from transforms.repair.lexicon import CONFIDENCE, WEIGHTS, lexicon, names_in_chinese
from transforms.repair.spelling import LatinRun, fit, kind_of
from transforms.script import is_han

#: Names that say in full what a shorter one says too.
_FORMAL_ENDS = ("集团", "公司", "控股", "股份")
#: Words of a name, ways to cut it into words (the fewest first), and spellings of each way.
_PARTS, _CUTS, _SPELLINGS = 4, 3, 32
#: Where another Chinese word has the same translation: words considered of each translation, letters in a name at least.
_SYNONYMS, _MIN_NAME = 4, 3
#: Names that begin with one Latin word, up to which the second half may be another word.
_FEW_NAMES = 12


@dataclass(frozen=True, slots=True)
class Glosses:
    """`latin`: key of a translated name -> the entity and the name; `han` finds names in which one word became its synonym, `originals`
    tells whose they are."""

    latin: dict[str, tuple[Entity, str]]
    han: ahocorasick_rs.AhoCorasick
    originals: tuple[tuple[Entity, str], ...]


@cache
def glosses(reference: Reference) -> Glosses:
    """The translated spellings of all names of the reference data. A spelling that two entities share means neither."""
    dictionary = translations()
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
            cuts = sorted((cut for cut in partitions(name, dictionary) if 1 < len(cut) <= _PARTS), key=len)[:_CUTS]
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
    name: str, cuts: Sequence[tuple[str, ...]], dictionary: Mapping[str, tuple[str, ...]], synonyms: Mapping[str, Sequence[str]]
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


@cache
def _beginnings(reference: Reference) -> dict[str, list[tuple[Entity, str, str]]]:
    """By the first word of an official or translated Latin name, such as Changxin Memory: the Chinese names, and the rest of that name."""
    found: dict[str, dict[tuple[str, str, str], Entity]] = {}
    for entity in reference.entities:
        if entity.type in ("company", "product", "media"):
            names = [name for name in names_in_chinese(entity) if all(map(is_han, name)) and len(name) > 2]
            for words in (english_words(spelling) for spelling in (*entity.latin, *entity.garbled) if spelling.isascii()):
                if len(key := gloss_key(words[:1])) >= _MIN_NAME:
                    found.setdefault(key, {}).update({(entity.id, name, gloss_key(words[1:])): entity for name in names})
    return {key: [(entity, name, rest) for (_, name, rest), entity in names.items()] for key, names in found.items()}


def half_translated(reading: Reading, reference: Reference, runs: Sequence[LatinRun]) -> Iterator[Candidate]:
    """Names of which the first half is Latin and the other one came back as it was, or as another word: Perfect日记, Changxin记忆."""
    text, beginnings = reading.text, _beginnings(reference)
    for run in runs:
        start, end = run.spans[-1]
        names = beginnings.get(gloss_key(run.words[-1:]), ()) if end == run.end and text[start].isupper() else ()
        best: tuple[int, str, Entity] | None = None
        for entity, name, rest in names:
            tails = [name[at:] for at in range(1, len(name) - 1)]
            if len(names) <= _FEW_NAMES:
                keys = (rest, *(key for tail in tails for key in translations().get(tail, ())[:2]))
                tails += _words_for(keys, reference)
            behind = max((len(tail) for tail in tails if text.startswith(tail, end)), default=0)
            if behind and (best is None or (behind, -len(name)) > (best[0], -len(best[1]))):
                best = behind, name, entity
        if best:
            length, name, entity = best
            end += length
            signal = f"{text[start:end]} -> {name}"
            yield Candidate(start, end, name, kind_of(entity), "spelling.half_translated", 0.9, 1.5, entity.id, signal)


@lru_cache(maxsize=1 << 12)
def _words_for(keys: Sequence[str], reference: Reference) -> tuple[str, ...]:
    """The likeliest words of some translations, of two or more characters."""
    return tuple(word for key in keys for word, _ in back_translations(key, reference)[:_SYNONYMS] if len(word) > 1)
