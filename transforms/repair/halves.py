"""Names of which one half is Latin and the other one came back as it was, or as other words: Perfect日记, Mango超级媒体, 特来call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice, product

from transforms import segmentation
from transforms.caching import built_once
from transforms.reference import Entity, Reference
from transforms.repair.candidates import APPLY_FROM, Candidate, Reading
from transforms.repair.dictionary import back_translations, english_words, gloss_key, partitions, translations
from transforms.repair.glosses import MAX_PARTS, MAX_SPELLINGS, MAX_SYNONYMS, MIN_NAME, all_names, claim, same_translation
from transforms.repair.lexicon import lexicon, names_in_chinese
from transforms.repair.spelling import LatinRun, fit, kind_of
from transforms.script import all_han, is_han

#: Entities whose Latin names begin alike, up to which the other half may be a translation.
_FEW = 4
#: The other half of a name in Chinese, with the entity and its whole name; None where it may be one or another.
_Halves = Mapping[str, tuple[Entity, str] | None]


def candidates(reading: Reading, reference: Reference, runs: Sequence[LatinRun]) -> Iterator[Candidate]:
    """The names of an article that are half Latin, with capitals where they begin; not those that are always written so (TCL中环)."""
    genuine = all_names(reference)
    return (c for c in _half_latin(reading, reference, runs) if reading.text[c.start : c.end] not in genuine)


def _half_latin(reading: Reading, reference: Reference, runs: Sequence[LatinRun]) -> Iterator[Candidate]:
    text = reading.text
    beginnings, ends = _words_missing(reference)
    whole = lexicon(reference).spellings
    for run in runs:
        if run.spans[-1][1] == run.end and is_han(text[run.end : run.end + 1] or " "):
            for first in range(max(0, len(run.words) - MAX_PARTS), len(run.words)):
                start, key = run.spans[first][0], gloss_key(run.words[first:])
                if not text[start].isupper() or key not in beginnings:
                    continue
                # one character behind a name that is known as it is begins another word: Tik Tok店 is no 抖店
                least = 2 if "".join(run.words[first:]) in whole else 1
                if hit := _longest_behind(text, run.end, _tails(key, reference), least):
                    yield _candidate(text, start, run.end + hit[0], *hit[1:])
                    break
        if is_han(text[run.start - 1 : run.start] or " "):
            for last in range(min(len(run.words), MAX_PARTS), 0, -1):
                key = gloss_key(run.words[:last])
                if key in ends and (hit := _longest_before(text, run.start, _heads(key, reference))):
                    yield _candidate(text, run.start - hit[0], run.spans[last - 1][1], *hit[1:])
                    break


def _candidate(text: str, start: int, end: int, entity: Entity, name: str) -> Candidate:
    signal = f"{text[start:end]} -> {name}"
    name = fit(name, text, end)
    return Candidate(start, end, name, kind_of(entity), "spelling.half_translated", 0.9, 1.5, entity.id, signal)


def _longest_behind(text: str, at: int, tails: _Halves, least: int) -> tuple[int, Entity, str] | None:
    """The longest half, of `least` characters or more, that begins at text[at] and cuts no word; its length first."""
    size = next((size for size in range(max(map(len, tails)), least - 1, -1) if text[at : at + size] in tails), 0)
    owner = tails[text[at : at + size]] if size and not segmentation.cuts_a_word(text, at, at + size) else None
    return (size, *owner) if owner else None


def _longest_before(text: str, at: int, heads: _Halves) -> tuple[int, Entity, str] | None:
    """The longest half that ends in front of text[at] and cuts no word, its length first."""
    size = next((size for size in range(max(map(len, heads), default=0), 0, -1) if text[max(0, at - size) : at] in heads), 0)
    owner = heads[text[at - size : at]] if size and not segmentation.cuts_a_word(text, at - size, at) else None
    return (size, *owner) if owner else None


@lru_cache(maxsize=1 << 11)
def _tails(key: str, reference: Reference) -> _Halves:
    """How names may go on that begin with Latin words: rather as they were than translated."""
    entities = _words_missing(reference)[0][key]
    own: dict[str, tuple[Entity, str] | None] = {}
    translated: dict[str, tuple[Entity, str] | None] = {}
    for entity, rests in entities.items():
        for name in _chinese_names(entity):
            for at in range(1, len(name) - (len(name) > 2)):
                claim(own, name[at:], entity, name)
            for rest in rests if len(entities) <= _FEW else ():
                for tail in _words_for(rest, reference):
                    claim(translated, tail, entity, name)
    return translated | own


@lru_cache(maxsize=1 << 11)
def _heads(key: str, reference: Reference) -> _Halves:
    """How names may begin that end with Latin words: with two of their own characters at least."""
    own: dict[str, tuple[Entity, str] | None] = {}
    for entity in _words_missing(reference)[1][key]:
        for name in _chinese_names(entity):
            for at in range(2, len(name)):
                claim(own, name[:at], entity, name)
    return own


def _chinese_names(entity: Entity) -> list[str]:
    return [name for name in names_in_chinese(entity) if len(name) > 1 and all_han(name)]


_Missing = Mapping[str, Mapping[Entity, Mapping[tuple[str, ...], None]]]


@built_once
def _words_missing(reference: Reference) -> tuple[_Missing, _Missing]:
    """By the first words of an official or translated Latin name, such as Changxin of Changxin Memory, the entities and the words that are
    missing; the same by its last words."""
    found: tuple[dict[str, dict[Entity, dict[tuple[str, ...], None]]], ...] = ({}, {})
    for entity in reference.entities:
        if entity.type in ("company", "product", "media") and _chinese_names(entity):
            for words in (tuple(english_words(spelling)) for spelling in (*entity.latin, *entity.garbled) if spelling.isascii()):
                for at in range(1, len(words)):
                    for side, part, rest in zip(found, (words[:at], words[at:]), (words[at:], words[:at]), strict=True):
                        if len(key := gloss_key(part)) >= MIN_NAME and gloss_key(rest):
                            side.setdefault(key, {}).setdefault(entity, {})[rest] = None
    return found[0], found[1]


def completed(reading: Reading, reference: Reference, found: Sequence[Candidate]) -> Iterator[Candidate]:
    """The names whose first half was `found` in Latin while the other one came back as words of the same translation: Ali保健 for
    阿里健康, Meituan购买药物 for 美团买药."""
    text = reading.text
    longer = _longer(reference)
    for c in found:
        if c.confidence < APPLY_FROM or all_han(text[c.start : c.end]):
            continue
        hits = [
            (size, entity, name)
            for entity, name, written in longer.get(c.replacement, ())
            if (size := _size_of_rest(text, c.end, name[len(c.replacement) :], written, reference))
        ]
        if not hits:
            continue
        size, entity, name = max(hits, key=lambda hit: (hit[0], reading.has(hit[2])))
        if all(other is entity or other_size < size or reading.has(name) for other_size, other, _ in hits):
            yield _candidate(text, c.start, c.end + size, entity, name)


def _size_of_rest(text: str, at: int, rest: str, written: str, reference: Reference) -> int:
    """How many characters at text[at] say the rest of a name as it is known to be `written` or in other words; 0 where none do, or where it
    stands there as it is."""
    if text.startswith(rest, at):
        return 0
    others = (written,) if written else _words_of(rest, reference)
    sizes = (len(words) for words in others if text.startswith(words, at))
    return max((size for size in sizes if not segmentation.cuts_a_word(text, at, at + size)), default=0)


@lru_cache(maxsize=1 << 12)
def _words_of(rest: str, reference: Reference) -> tuple[str, ...]:
    cuts = sorted(partitions(rest, translations()), key=len)[:2]
    variants = (product(*(same_translation(part, reference) for part in cut)) for cut in cuts)
    return tuple({words for way in variants for words in map("".join, islice(way, MAX_SPELLINGS)) if len(words) > 1 and words != rest})


@built_once
def _longer(reference: Reference) -> Mapping[str, Sequence[tuple[Entity, str, str]]]:
    """The names that go on for two characters or more behind each of their beginnings, with whose they are; and what translations are known
    to write of them (淘宝现场), with the rest."""
    found: dict[str, list[tuple[Entity, str, str]]] = {}
    for entity in reference.entities:
        if entity.type in ("company", "product", "media") and (names := _chinese_names(entity)):
            for name in names:
                for at in range(2, len(name) - 1):
                    found.setdefault(name[:at], []).append((entity, name, ""))
            for spelling in filter(all_han, entity.garbled):
                for at in range(2, len(spelling) - 1):
                    if names[0].startswith(spelling[:at]):
                        found.setdefault(spelling[:at], []).append((entity, names[0], spelling[at:]))
    return found


@lru_cache(maxsize=1 << 12)
def _words_for(words: Sequence[str], reference: Reference) -> tuple[str, ...]:
    """The likeliest Chinese of some English words, of two or more characters."""
    keys = [key for word in words if (key := gloss_key([word]))]
    whole = [word for word, _ in back_translations("".join(keys), reference)[:MAX_SYNONYMS]]
    each = ([word for word, _ in back_translations(key, reference)[:MAX_SYNONYMS]] + _places(key, reference) for key in keys)
    return tuple(word for word in (*whole, *map("".join, islice(product(*each), MAX_SPELLINGS))) if len(word) > 1)


def _places(key: str, reference: Reference) -> list[str]:
    """The places that a word names: Shanghai."""
    return [spelling.entity.name for spelling in lexicon(reference).spellings.get(key, ()) if spelling.entity.type == "place"]
