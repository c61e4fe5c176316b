"""Which spellings mean whom: the reference data, turned round and extended by pinyin.

A Latin spelling is looked up by its letters alone, in lower case and without blanks, points and hyphens. Spellings with Chinese characters
in them and calques are found by one automaton in one pass.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile
from typing import Literal

import ahocorasick_rs

from transforms.caching import built_once
from transforms.reference import Calque, Entity, Reference
from transforms.repair.romanization import is_pinyin, letters, romanize
from transforms.script import all_han, fold, has_han

Strength = Literal["garbled", "latin", "pinyin", "gloss"]
#: Evidence for a round trip in natural-log odds, set on the writer's own samples: a misspelling nobody writes by hand weighs most.
WEIGHTS: dict[Strength, float] = {"garbled": 3.0, "latin": 0.8, "pinyin": 1.5, "gloss": 1.0}
CONFIDENCE: dict[Strength, float] = {"garbled": 0.97, "latin": 0.93, "pinyin": 0.9, "gloss": 0.85}

#: Generic ends of Chinese company names, and of their Latin ones.
GENERIC_HAN = (
    *("汽车", "集团", "公司", "科技", "电器", "股份", "控股", "银行", "证券", "保险", "航空"),
    *("地产", "置业", "医药", "药业", "食品", "能源", "影业", "高科", "网"),
)
_GENERIC_LATIN = re.compile(
    "airlines|auto|bank|capital|coffee|corp|entertainment|express|film|foods|games|group|holdings?|logistics|media|medical|motors?"
    "|pharma|pharmaceuticals?|pictures|securities|semiconductor|sports|technolog(?:y|ies)",
    re.I,
)
_LATIN_WORD = re.compile(r"[A-Za-z]+|[0-9]+")
_VOWELS = re.compile("[aeiouy]+")
#: A shorter pinyin spelling is too often a word of another language.
_MIN_PINYIN = 5
_MAX_ACRONYM = 5


@dataclass(frozen=True, slots=True)
class Spelling:
    """One meaning of a spelling, whatever its case and blanks; `ambiguous` where it is also a plain word."""

    entity: Entity
    strength: Strength
    ambiguous: bool = False


@dataclass(frozen=True, slots=True)
class Lexicon:
    """`spellings` by their letters; `genuine` are names that the press itself writes in Latin: letters -> spellings of them.

    `patterns` finds calques and spellings with Chinese characters in folded lower-case text; `meanings` tells what each pattern is,
    None for a genuine name of both scripts (抖店APP), in which nothing is repaired.
    """

    spellings: Mapping[str, tuple[Spelling, ...]]
    genuine: Mapping[str, frozenset[str]]
    patterns: ahocorasick_rs.AhoCorasick
    meanings: tuple[Spelling | Calque | None, ...]


def names_in_chinese(entity: Entity) -> list[str]:
    """The Chinese names of an entity, the canonical one first."""
    return [form for form in (entity.name, *entity.aliases) if has_han(form)]


def _short_forms(entity: Entity) -> list[str]:
    """The name, the aliases that begin it, and the name without its generic end: 小鹏汽车, 小鹏; 隆平高科, 隆平."""
    stems = [entity.name.removesuffix(suffix) for suffix in GENERIC_HAN] if entity.name.endswith(GENERIC_HAN) else []
    aliases = (alias for alias in entity.aliases if entity.name.startswith(alias))
    return list(dict.fromkeys((entity.name, *(form for form in (*aliases, *stems) if len(form) > 1))))


@lru_cache(maxsize=1 << 14)
def rendering(entity: Entity, spelling: str) -> str:
    """What a spelling stands for.

    Of a spelling with Chinese characters, the name that shares most of them (新手驿站 is 菜鸟驿站, not 菜鸟). Of a Latin one, the name
    whose pinyin it is; the whole name where it is an acronym or says the generic word too (Luckin Coffee); else the name that is about
    as long (Luckin is 瑞幸), counted in syllables, rather without a generic word (Volkswagen is 大众).
    """
    forms = names_in_chinese(entity)
    if has_han(spelling):
        return max(forms, key=lambda form: shared_ends(form, spelling))
    if entity.type == "person":
        return entity.name
    key = letters(spelling)
    if is_pinyin(key) and (form := next((f for f in forms if "".join(romanize(f)) == key), None)):
        return form
    if len(_LATIN_WORD.findall(spelling)) != 1 or (spelling.isupper() and len(spelling) <= _MAX_ACRONYM):
        return entity.name
    syllables = len(_VOWELS.findall(spelling.lower().removesuffix("e")))
    parts = [form for form in forms if len(form) > 1 and (entity.name.startswith(form) or entity.name.endswith(form))]
    if "china" not in spelling.lower():
        parts = [f for f in parts if not f.startswith("中国")] or parts
    return min(parts, key=lambda form: (abs(len(form) - syllables), form.endswith(GENERIC_HAN), -len(form)))


def shared_ends(form: str, spelling: str) -> int:
    """How many characters a name and a spelling share at their ends."""
    fore, aft = (takewhile(lambda pair: pair[0] == pair[1], zip(form[::step], spelling[::step], strict=False)) for step in (1, -1))
    return sum(1 for _ in fore) + sum(1 for _ in aft)


def _pinyin_spellings(entity: Entity) -> Iterator[str]:
    if not all_han(entity.name) or len(entity.name) < 2:
        return
    syllables = romanize(entity.name)
    yield "".join(syllables)
    if entity.type == "person" and len(syllables) in (2, 3):
        yield "".join([*syllables[1:], syllables[0]])  # He Xiaopeng, Xiaopeng He
    for form in _short_forms(entity)[1:]:
        yield "".join(romanize(form))


def _latin_stems(entity: Entity) -> Iterator[str]:
    """Official Latin names without their generic end: Bona of Bona Film."""
    for name in entity.latin:
        words = name.split()
        while len(words) > 1 and _GENERIC_LATIN.fullmatch(words[-1]):
            words.pop()
            yield " ".join(words)


@built_once
def lexicon(reference: Reference) -> Lexicon:
    """The spellings of all entities and calques of the reference data."""
    spellings: dict[str, dict[str, Spelling]] = {}
    genuine: dict[str, frozenset[str]] = {}
    patterns: dict[str, Spelling | Calque | None] = {}
    stems: dict[str, dict[Entity, str]] = {}

    def add(entity: Entity, spelling: str, strength: Strength) -> None:
        row = Spelling(entity, strength, spelling in entity.ambiguous)
        if has_han(spelling):
            patterns.setdefault(fold(spelling).lower(), row)
        elif len(key := letters(spelling)) > 1:
            spellings.setdefault(key, {}).setdefault(entity.id, row)

    for entity in reference.entities:
        for name in (entity.name, *entity.aliases):
            in_han = has_han(name)
            if in_han and any(char.isascii() and char.isalpha() for char in name):
                patterns[fold(name).lower()] = None
            if not in_han and name not in entity.latin and (key := letters(name)):
                genuine[key] = genuine.get(key, frozenset()) | {name}
        if has_han(entity.name):
            # "Net Flix" and "Netflix" have the same letters: the official name stands for them, and the surface decides
            for spelling in entity.latin:
                add(entity, spelling, "latin")
        for spelling in entity.garbled:
            # the case and the blanks of a name in Latin letters prove nothing
            if has_han(entity.name) or letters(spelling) not in genuine:
                add(entity, spelling, "garbled")
    for entity in reference.entities:
        if not has_han(entity.name):
            continue
        if entity.type in ("company", "product", "person", "media"):
            for spelling in _pinyin_spellings(entity):
                if len(spelling) >= _MIN_PINYIN or entity.type == "person":
                    add(entity, spelling, "pinyin")
        for stem in _latin_stems(entity):
            stems.setdefault(letters(stem), {})[entity] = stem
    for key, owners in stems.items():
        # SF is 顺丰, the parent of 顺丰航空 (SF Airlines)
        ids = {entity.id for entity in owners}
        heads = [entity for entity in owners if entity.parent not in ids]
        if key not in spellings and key not in genuine and len(heads) == 1:
            add(heads[0], owners[heads[0]], "latin")
    for row in reference.calques:
        patterns.setdefault(fold(row.pattern).lower(), row)
    keys = sorted(patterns) or ["\0"]
    return Lexicon(
        {key: tuple(rows.values()) for key, rows in spellings.items()},
        genuine,
        ahocorasick_rs.AhoCorasick(keys, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest),
        tuple(patterns.get(key) for key in keys),
    )
