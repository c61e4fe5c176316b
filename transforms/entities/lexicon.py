"""Reference data, compiled once for the recognizer: one automaton for all known spellings, sets and tables for the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import ahocorasick_rs

from transforms.article import EntityType
from transforms.caching import built_once
from transforms.reference import Entity, Reference
from transforms.script import all_han, fold, has_han

#: How likely a character is in a given name, at least; also one that name_characters.csv lacks.
RARE = -3.0
#: Last characters of offices that the segmenter cuts in two (统计|处).
_OFFICE_ENDS = "处局厅署院所会部"


@dataclass(frozen=True, slots=True)
class Spelling:
    """One way to write an entity; `weak` ones need evidence."""

    surface: str
    entity_id: str
    weak: bool


class Surface(NamedTuple):
    """A pattern of the automaton: the entities it may name, whether all of them need evidence, whether it has a Latin letter or digit at
    an end, and whether it is all ASCII, so that its case matters."""

    spellings: tuple[Spelling, ...]
    weak: bool
    latin: bool
    ascii: bool


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """What the rules look up. All text in it is folded."""

    automaton: ahocorasick_rs.AhoCorasick
    surfaces: tuple[Surface, ...]
    spellings: Mapping[str, tuple[Spelling, ...]]
    entities: Mapping[str, Entity]
    suffixes: Mapping[str, tuple[EntityType, str]]
    suffix_ends: frozenset[str]
    short_suffix_ends: frozenset[str]
    titles: frozenset[str]
    longest_title: int
    noise: frozenset[str]
    surnames: Mapping[str, float]
    given: Mapping[str, float]
    foreign: frozenset[str]
    abbreviations: Mapping[str, str]
    paired: frozenset[str]
    cues: Mapping[str, tuple[str, ...]]
    cue_sets: Mapping[str, frozenset[str]]


@lru_cache(maxsize=1 << 14)
def proper_spellings(lexicon: Lexicon, entity_id: str) -> frozenset[str]:
    """The folded spellings of an entity that people write, without those of a round trip."""
    entity = lexicon.entities[entity_id]
    return frozenset(map(fold, (entity.name, *entity.aliases)))


def own_suffix(word: str, lexicon: Lexicon) -> str | None:
    """The longest suffix that ends a word, the whole word included."""
    if word[-1] not in lexicon.suffix_ends:
        return None
    return next((word[at:] for at in range(len(word)) if word[at:] in lexicon.suffixes), None)


def entity_named(lexicon: Lexicon, name: str) -> str | None:
    """The id of the entity that bears a folded name, if one surely does."""
    return next((s.entity_id for s in lexicon.spellings.get(_key(name), ()) if not s.weak), None)


def _key(surface: str) -> str:
    return surface.lower()


def is_latin(char: str) -> bool:
    """Whether a character of folded text belongs to a Latin word or number."""
    return (char.isascii() and char.isalnum()) or "\u00c0" <= char <= "\u024f"


def loose_spellings(entity: Entity, parent: Entity | None, variants: Mapping[str, tuple[str, ...]]) -> set[str]:
    """Spellings that a careless writer or a translation makes of a name: another word for its last part (全家便利商店, 抖音商店),
    a possessive 的 behind the owner's name with which it begins (抖音的小店)."""
    found: set[str] = set()
    owners = {fold(name) for name in (parent.name, *parent.aliases) if len(name) > 1} if parent else set()
    for name in map(fold, (entity.name, *entity.aliases)):
        for part, others in variants.items():
            if name.endswith(part) and len(name) >= len(part) + 2:
                found |= {name[: -len(part)] + other for other in others}
        for owner in owners:
            rest = name.removeprefix(owner)
            if name != rest and len(rest) > 1 and all_han(rest):
                found |= {f"{owner}的{part}" for part in (rest, *variants.get(rest, ()))}
    return found


def _spellings(entity: Entity) -> dict[str, bool]:
    """Folded spelling to whether it is weak. What only a round trip writes is weak unless it is long and Chinese."""
    found: dict[str, bool] = {}
    ambiguous = {fold(text) for text in entity.ambiguous}
    for text in (entity.name, *entity.aliases, *entity.latin):
        surface = fold(text)
        digits = surface.isascii() and surface.isdigit()
        found[surface] = surface in ambiguous or digits or len(surface) < 2
    for text in entity.garbled:
        surface = fold(text)
        if has_han(surface):
            found.setdefault(surface, surface in ambiguous or len(surface) < 4)
    found.pop(fold(entity.name) + "地区", None)  # the place is 中东, also in 中东地区
    return {surface: weak for surface, weak in found.items() if len(surface) > 1}


@built_once
def lexicon(reference: Reference) -> Lexicon:
    """The compiled reference data; made once a process for each set of reference data."""
    table: dict[str, list[Spelling]] = defaultdict(list)
    loose: dict[str, set[str]] = {}
    by_id = {entity.id: entity for entity in reference.entities}
    variants = {row.part: row.variants for row in reference.name_variants}
    for entity in reference.entities:
        for surface, weak in _spellings(entity).items():
            table[_key(surface)].append(Spelling(surface, entity.id, weak))
        if entity.type in ("company", "product"):
            loose[entity.id] = loose_spellings(entity, by_id.get(entity.parent or ""), variants)
    for entity_id, spellings in loose.items():
        for surface in spellings:
            if surface not in table:
                table[surface].append(Spelling(surface, entity_id, True))
    cues: dict[str, list[str]] = defaultdict(list)
    for cue in reference.name_cues:
        cues[cue.kind].append(cue.surface)
    surfaces = tuple(
        Surface(tuple(found), all(s.weak for s in found), is_latin(key[0]) or is_latin(key[-1]), key.isascii())
        for key, found in table.items()
    )
    suffixes = {row.suffix: (row.type, row.head) for row in reference.name_suffixes}
    return Lexicon(
        automaton=ahocorasick_rs.AhoCorasick(list(table)),
        surfaces=surfaces,
        spellings={key: tuple(found) for key, found in table.items()},
        entities=by_id,
        suffixes=suffixes,
        suffix_ends=frozenset(suffix[-1] for suffix in suffixes),
        short_suffix_ends=frozenset(_OFFICE_ENDS),
        titles=frozenset(row.title for row in reference.job_titles),
        longest_title=max((len(row.title) for row in reference.job_titles), default=0),
        noise=frozenset(fold(row.surface) for row in reference.noise_words),
        surnames={row.surname: row.likelihood for row in reference.surnames},
        given={row.character: max(RARE, row.given) for row in reference.name_characters},
        foreign=frozenset(row.character for row in reference.name_characters if row.foreign),
        abbreviations={row.character: row.name for row in reference.place_abbreviations},
        paired=frozenset(row.character for row in reference.place_abbreviations if row.pairs),
        cues={kind: tuple(words) for kind, words in cues.items()},
        cue_sets={kind: frozenset(words) for kind, words in cues.items()},
    )
