"""Names of which a part came back in pinyin: "Gu南舟", "方Yuyou", "长Dian科技", "Shen Nanzhou". The reference data or the article itself
says who that is, or a curator must."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import product

from transforms import segmentation
from transforms.caching import built_once
from transforms.reference import Entity, Reference, entities_by_id
from transforms.repair.candidates import Candidate, Reading
from transforms.repair.lexicon import lexicon, names_in_chinese, rendering
from transforms.repair.romanization import is_pinyin, readings, romanize
from transforms.repair.spelling import ROLE_BEFORE, LatinRun, is_behind_surname, kind_of, surname_characters
from transforms.script import all_han, fold, is_han

#: The Latin syllable of "Wang传福", "Li斌".
_SYLLABLE = re.compile(r"[A-Z][a-z]{1,5}$")
#: Syllables that are also Latin words or foreign names.
_NO_SURNAMES = frozenset(["bo", "ha", "la", "le", "me", "sa", "de", "da", "di"])
_MIN_PINYIN = 5
_COMMON_TAGS = ("n", "v", "vn", "a", "b", "m", "t", "f")
_NAME_TAGS = ("nr", "nrt", "ns", "nt", "nz")
#: Syllables that one run of pinyin inside a name stands for, at most.
_MAX_SYLLABLES = 3
_LONGEST_SYLLABLE = 6
#: The surname that English reads as a pronoun.
_HE_SURNAME, _HE = "何", "他"


@cache
def _surnames(reference: Reference) -> dict[str, list[str]]:
    """The surnames of each syllable, the most frequent first."""
    surnames: dict[str, list[str]] = {}
    for row in reference.surnames:
        if len(row.surname) == 1:
            surnames.setdefault(romanize(row.surname)[0], []).append(row.surname)
    return surnames


def in_pinyin(reading: Reading, reference: Reference, runs: Sequence[LatinRun]) -> Iterator[Candidate]:
    """Latin runs that read as pinyin: restored when the article knows them, else mere evidence."""
    book = lexicon(reference)
    for run in runs:
        key = "".join(run.words)
        if key in book.genuine or key in book.spellings:
            continue
        words = reading.text[run.start : run.end].strip(" .").split()
        if not words or not words[0][0].isupper() or not all(map(is_pinyin, words)):
            continue
        surface = reading.text[run.start : run.spans[-1][1]]
        if len(key) >= _MIN_PINYIN and key in reading.by_pinyin:
            name = reading.by_pinyin[key]
            signal = f"{surface} -> {name}"
            end = run.start + len(surface)
            yield Candidate(run.start, end, name, "brand", "spelling.pinyin_in_article", 0.85, 1.0, None, signal)
        elif all(w[0].isupper() and len(w) > 3 for w in words):
            signal = f"{surface} reads as pinyin"
            yield Candidate(run.start, run.end, "", "brand", "spelling.pinyin_unknown", 0.0, 0.4, None, signal)


def mixed(reading: Reading, reference: Reference, runs: Sequence[LatinRun]) -> Iterator[Candidate]:
    """Names with pinyin beside or between Chinese characters: the entity or the name in the article that reads so."""
    text = reading.text
    genuine = lexicon(reference).genuine
    in_article: dict[tuple[str, str], str | None] = {}
    for run in runs:
        start, end = run.start, run.spans[-1][1]
        surface, key = text[start:end], "".join(run.words)
        if key in genuine or not all(map(is_pinyin, run.words)):
            continue
        capital = surface[0].isupper() and not surface.isupper()
        end += text.startswith(" ", end) and is_han(text[end + 1 : end + 2] or " ")
        start -= text.endswith(" ", 0, start) and start > 1 and is_han(text[start - 2])
        if any(reading.has(surname + text[end : end + 2]) for surname in _surnames(reference).get(key, ()) if all_han(text[end : end + 2])):
            continue  # Wang静波 is 汪静波 of the article, whatever 王静 the reference data has
        found = _entity_around(reading, start, end, key, reference)
        # AI and k are no part of a brand; a person is known well enough
        before = text[start - 1 : start]
        if capital and (before, key) not in in_article:
            in_article[before, key] = _in_article(reading, before, key, reference)
        written = in_article.get((before, key))
        if found and found[3].type == "person" and _is_another(found[3], written, reading, reference):
            found = None  # 黄Wei is 黄炜 of the article, whatever 黄薇 the reference data has
        if found and (capital or found[3].type == "person"):
            a, b, spelling, entity, doubtful = found
            name = spelling if spelling in names_in_chinese(entity) else rendering(entity, spelling)
            signal = f"{text[a:b]} -> {entity.name}"
            confidence = 0.7 if doubtful else 0.96
            yield Candidate(a, b, name, kind_of(entity), "spelling.half_name", confidence, 2.5, entity.id, signal)
        elif written:
            a, b, name = start - 1, end, written
            kind = "person_name" if name[0] in surname_characters(reference) and len(name) < 4 else "brand"
            yield Candidate(a, b, name, kind, "spelling.half_name_in_article", 0.9, 1.5, None, f"{text[a:b]} -> {name}")  # type: ignore[arg-type]
        elif capital and (heard := _of_same_sound(reading, start, key, reference)):
            name, entity_id, confidence = heard
            signal = f"{text[start - 1 : end]} -> {name}"
            yield Candidate(start - 1, end, name, "person_name", "spelling.half_name_by_sound", confidence, 1.5, entity_id, signal)


def _is_another(person: Entity, written: str | None, reading: Reading, reference: Reference) -> bool:
    """Whether the article has somebody else of the same sound, and neither the person nor the employer."""
    if written is None or written == person.name or not reading.uses(written):
        return False
    return not (reading.knows(person) or _is_at_home(person, reading, reference))


#: A name, where in it the pinyin begins, and the entity.
_Half = tuple[str, int, Entity]
#: Where a name stands in the article, the name, and the entity.
_Found = tuple[int, int, str, Entity]


@built_once
def _halves(reference: Reference) -> Mapping[tuple[str, str], Sequence[_Half]]:
    """The Chinese names of the entities, and what a translation makes of them (霸王茶女), by each character and any reading of the one
    behind it, and by any reading of a character and the one behind it: 长Dian by 长 and dian, Wang传福 by wang and 传. Which reading is
    right is seen at the few names that are looked up."""
    halves: dict[tuple[str, str], list[_Half]] = {}
    for entity in reference.entities:
        for name in map(fold, (*names_in_chinese(entity), *entity.garbled)):
            if len(name) > 1 and all_han(name):
                for at in range(1, len(name)):
                    for syllable in readings(name[at]):
                        halves.setdefault((name[at - 1], syllable), []).append((name, at, entity))
                    for syllable in readings(name[at - 1]):
                        halves.setdefault((syllable, name[at]), []).append((name, 0, entity))
    return halves


_syllables = lru_cache(maxsize=1 << 12)(romanize)


@lru_cache(maxsize=1 << 12)
def _reads_as(part: str, key: str) -> bool:
    """Whether given names, whose characters may be read in several ways, can be read so: 长田 as changtian and as zhangtian."""
    return len(part) <= _MAX_SYLLABLES and any("".join(read) == key for read in product(*map(readings, part)))


def _entity_around(reading: Reading, start: int, end: int, key: str, reference: Reference) -> tuple[int, int, str, Entity, bool] | None:
    """The longest name of an entity that the pinyin text[start:end] completes, where that stands, and whether it may be another one of the
    same sound. Of several, a person behind a title, else one that the article knows, or whose employer."""
    text, halves = reading.text, _halves(reference)
    before, after = text[start - 1 : start], text[end : end + 1]
    sizes = range(1, min(len(key), _LONGEST_SYLLABLE) + 1)
    near = [half for n in sizes for pair in ((before, key[:n]), (key[-n:], after)) for half in halves.get(pair, ())]
    found = [
        (start - first, end + len(name) - last, name, entity)
        for name, first, entity in near
        for last in range(first + 1, len(name) + 1)
        if last - first < len(name)
        and text.endswith(name[:first], 0, start)
        and text.startswith(name[last:], end)
        and (_reads_as(name[first:last], key) if entity.type == "person" else "".join(_syllables(name)[first:last]) == key)
    ]
    if is_behind_surname(text, start, reference):
        found = [half for half in found if half[0] < start or half[3].type == "person"]  # 彭Xin和赵Lin are no 信和
    if not found:
        return None
    person = bool(ROLE_BEFORE.search(text, max(0, start - 8), start))

    def rank(half: _Found) -> tuple[int, bool, bool, bool]:
        name, entity = half[2:]
        return len(name), (entity.type == "person") == person, reading.knows(entity), _is_at_home(entity, reading, reference)

    best = max(found, key=rank)
    return (*best, any(other[3] is not best[3] and rank(other) == rank(best) for other in found))


def _is_at_home(entity: Entity, reading: Reading, reference: Reference) -> bool:
    """Whether the article speaks of the firm that a person belongs to, in any spelling."""
    parent = entities_by_id(reference).get(entity.parent or "")
    return parent is not None and any(map(reading.has, (parent.name, *parent.aliases, *parent.latin, *parent.garbled)))


def _in_article(reading: Reading, before: str, key: str, reference: Reference) -> str | None:
    """The name elsewhere in the article that begins with the character before the pinyin and goes on as it reads."""
    if not (before and is_han(before)):
        return None
    for at in reading.places(before):
        for length in range(1, _MAX_SYLLABLES + 1):
            part = reading.text[at + 1 : at + 1 + length]
            if len(part) < length or not is_han(part[-1]):
                break
            if _reads_as(part, key) and (length > 1 or _is_name(before + part, reference)):
                return before + part
    return None


def _of_same_sound(reading: Reading, start: int, key: str, reference: Reference) -> tuple[str, str | None, float] | None:
    """Who is meant where the surname came back as another one of the same sound (于Chengdong for 余承东): the name in the article, else the
    one person of the reference data who is called so. With the entity, and how sure that is."""
    surname, text = reading.text[start - 1], reading.text
    if surname not in surname_characters(reference):
        return None
    syllable = romanize(surname)[0]
    for other in _surnames(reference).get(syllable, ()):
        for at in reading.places(other):
            for length in range(1, _MAX_SYLLABLES):
                given = text[at + 1 : at + 1 + length]
                if len(given) == length and all_han(given) and "".join(_syllables(given)) == key and _is_name(other + given, reference):
                    return other + given, None, 0.9
    people = [s.entity for s in lexicon(reference).spellings.get(syllable + key, ()) if s.entity.type == "person"]
    if len(people) != 1 or "".join(_syllables(people[0].name)) != syllable + key:
        return None
    return people[0].name, people[0].id, 0.85 if _is_at_home(people[0], reading, reference) else 0.6


def _is_name(name: str, reference: Reference) -> bool:
    """Whether two characters are a name rather than a word or chance: 沈鹏, 义乌, not 高度."""
    word, tag = segmentation.tag(name)[0]
    if word == name and segmentation.is_word(name):
        return tag in _NAME_TAGS
    return name[0] in surname_characters(reference)


def half_latin(reading: Reading, reference: Reference, runs: Sequence[LatinRun]) -> Iterator[Candidate]:
    """Personal names whose surname alone is Latin: restored when the article has them in full, else suggested."""
    text = reading.text
    for run in runs:
        start, at = run.spans[-1]
        surnames = _surnames(reference).get(run.words[-1])
        if surnames is None or run.words[-1] in _NO_SURNAMES or at != run.end or not _SYLLABLE.match(text[start:at]):
            continue
        blank = text.startswith(" ", at)
        at += blank
        given = next((text[at : at + n] for n in (2, 1) if len(text) >= at + n and all_han(text[at : at + n])), "")
        full = next((s + given[:n] for n in range(len(given), 0, -1) for s in surnames if reading.has(s + given[:n])), None)
        if full:
            rule, confidence, weight = "spelling.half_name", 0.9, 1.5
        elif len(run.words) == 1 and given and (length := _given_name_length(text, at)):
            rule, confidence, weight = "spelling.half_name_guess", 0.4, 0.9
            full = surnames[0] + given[:length]
        else:
            continue
        end = at + len(full) - 1
        yield Candidate(start, end, full, "person_name", rule, confidence, weight, None, f"{text[start:end]} -> {full}")


def after_pronoun(reading: Reading, reference: Reference, runs: Sequence[LatinRun]) -> Iterator[Candidate]:
    """Persons whose surname He came back as a pronoun: 他小鹏 where the article or the reference data has 何小鹏."""
    text = reading.text
    for start in reading.places(_HE):
        for length in (2, 1):
            name = _HE_SURNAME + text[start + 1 : start + 1 + length]
            people = [e for e in _people(reference).get(name, ()) if reading.has(name) or _is_at_home(e, reading, reference)]
            if people and not segmentation.cuts_a_word(text, start, start + len(name)):
                signal = f"{text[start : start + len(name)]} -> {name}"
                yield Candidate(start, start + len(name), name, "person_name", "spelling.half_name", 0.9, 1.5, people[0].id, signal)
                break


@built_once
def _people(reference: Reference) -> Mapping[str, Sequence[Entity]]:
    """The persons of the reference data by their names."""
    found: dict[str, list[Entity]] = {}
    for entity in reference.entities:
        if entity.type == "person":
            found.setdefault(entity.name, []).append(entity)
    return found


def _given_name_length(text: str, at: int) -> int:
    """How many of the Chinese characters behind a Latin surname belong to the name: one or two, none where they are a common word."""
    word, tag = segmentation.tag(text[at : at + 6])[0]
    if len(word) == 1:
        return 1
    return 2 if len(word) == 2 and (tag not in _COMMON_TAGS or not segmentation.is_word(word)) else 0
