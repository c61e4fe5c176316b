"""The reference data of quantities, arranged for lookup at an offset of a folded text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, NamedTuple

from transforms import numerals
from transforms.article import Qualifier
from transforms.reference import Reference, Unit
from transforms.script import fold

Region = Literal["cn", "tw", "hk"]
CURRENCY: Mapping[Region, str] = {"cn": "CNY", "tw": "TWD", "hk": "HKD"}
_STOP = r"，。；、,;：:！!？?\n（）()《》"
#: How far a noun may stand behind or before the number whose unit it tells, in characters.
_BEHIND, _BEFORE = 8, 40
_NUMERAL_CHAR = re.compile(f"[{numerals.STARTS}]")
_ALL_NUMERAL = re.compile(f"[{numerals.STARTS}]+")
_CLAUSE_END = re.compile(r"[。；;！？!?\n]")


class Nouns:
    """Finds the noun that decides a unit: the first one right behind the number, else the last one before it in the sentence.

    `behind_only` holds the nouns that say nothing where they stand before."""

    def __init__(self, codes: Mapping[str, str], behind_only: Iterable[str] = ()) -> None:
        self.codes = codes
        self._behind = re.compile(f"[^{_STOP}0-9]{{0,{_BEHIND}}}?({_longest_first(codes)})")
        before = set(codes).difference(behind_only)
        self._before = re.compile(_longest_first(before) if before else r"(?!)")

    def behind(self, folded: str, end: int, reach: int = _BEHIND) -> str | None:
        match = self._behind.match(folded, end, min(len(folded), end + reach))
        return self.codes[match[1]] if match else None

    def code(self, folded: str, start: int, end: int, reach: int = _BEHIND) -> str | None:
        behind = self.behind(folded, end, reach)
        if behind:
            return behind
        window = folded[max(0, start - _BEFORE) : start]
        last = None
        for match in self._before.finditer(window):
            last = match
        if last is None or _CLAUSE_END.search(window, last.end()):
            return None
        return self.codes[last.group()]


def _longest_first(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=lambda word: (-len(word), word)))


def _by_noun(entries: Iterable[str], currency: str) -> Nouns | None:
    """The `by_noun` column: `store=店` for a noun on either side, `city>城市` for one behind only."""
    codes: dict[str, str] = {}
    behind_only: set[str] = set()
    for entry in entries:
        code, sign, noun = re.split("([=>])", entry, maxsplit=1)
        noun = fold(noun)
        codes[noun] = currency if code == "local" else code
        if sign == ">":
            behind_only.add(noun)
    return Nouns(codes, behind_only) if codes else None


@dataclass(frozen=True, slots=True)
class Counter:
    """A unit of the reference data as it is looked up. `nouns` decide its code in context."""

    surface: str
    unit: Unit
    code: str
    nouns: Nouns | None


class Words(NamedTuple):
    """Words by their first (or last) character, as the lengths to try, longest first."""

    lengths: Mapping[str, tuple[int, ...]]
    words: frozenset[str]


def _words(surfaces: Iterable[str], at: int = 0) -> Words:
    words = frozenset(surfaces)
    heads: dict[str, set[int]] = {}
    for word in words:
        heads.setdefault(word[at], set()).add(len(word))
    return Words({head: tuple(sorted(found, reverse=True)) for head, found in heads.items()}, words)


def ends_with(words: Words, folded: str, end: int) -> str | None:
    """The longest of the words that ends at an offset."""
    if end <= 0:
        return None
    for length in words.lengths.get(folded[end - 1], ()):
        if end >= length and folded[end - length : end] in words.words:
            return folded[end - length : end]
    return None


def starts_with(words: Words, folded: str, start: int) -> str | None:
    """The longest of the words that starts at an offset."""
    for length in words.lengths.get(folded[start : start + 1], ()):
        if folded[start : start + length] in words.words:
            return folded[start : start + length]
    return None


class Lexicon:
    """Units, qualifiers and idioms of one reference and region."""

    def __init__(self, reference: Reference, region: Region) -> None:
        currency = CURRENCY[region]

        def local(code: str) -> str:
            return currency if code == "local" else code

        self.counters: dict[str, Counter] = {}
        self.prefixes: dict[str, str] = {}
        bare: dict[str, str] = {}
        for unit in reference.units:
            surface, code = fold(unit.surface), local(unit.code)
            if unit.place == "noun":
                bare[surface] = code
                continue
            if unit.place in ("before", "both"):
                self.prefixes[surface] = code
            if unit.place != "before":
                self.counters[surface] = Counter(surface, unit, code, _by_noun(unit.by_noun, currency))
        if region != "cn":
            self.prefixes["$"] = currency
        self.nouns = Nouns(bare) if bare else None
        self._units = _words(self.counters.keys() | bare.keys())
        #: What may follow the first character of a Chinese numeral that counts something.
        self.heads = frozenset(self._units.lengths) | frozenset(numerals.HEADS) | frozenset(" 多余来甲至到~～-－—–−，、。")
        self._prefix_words = _words(self.prefixes, at=-1)
        self.qualifiers: dict[tuple[str, str], Qualifier] = {(q.position, fold(q.surface)): q.qualifier for q in reference.qualifiers}
        self._qualifier_words = {
            position: _words((word for at, word in self.qualifiers if at == position), at=0 if position == "after" else -1)
            for position in ("before", "after", "before_round")
        }
        self._names = _names(reference)

    def counter(self, folded: str, start: int) -> Counter | None:
        """The longest unit that starts at an offset; a word that only begins like one counts as none."""
        counters = self.counters
        for length in self._units.lengths.get(folded[start : start + 1], ()):
            surface = folded[start : start + length]
            if surface not in self._units.words or _glued(surface[-1], folded[start + length : start + length + 1]):
                continue
            counter = counters.get(surface)
            return None if counter is None or counter.unit.dimension == "none" else counter
        return None

    def prefix(self, folded: str, end: int) -> str | None:
        return ends_with(self._prefix_words, folded, end - (folded[end - 1 : end] == " "))

    def qualifier_before(self, folded: str, end: int, *, bare: bool) -> tuple[Qualifier, int] | None:
        """The qualifier that ends at an offset, and where it starts."""
        word = ends_with(self._qualifier_words["before"], folded, end)
        position = "before"
        if word is None and bare:
            word, position = ends_with(self._qualifier_words["before_round"], folded, end), "before_round"
        return None if word is None else (self.qualifiers[position, word], end - len(word))

    def qualifier_after(self, folded: str, start: int) -> Qualifier | None:
        word = starts_with(self._qualifier_words["after"], folded, start)
        return None if word is None else self.qualifiers["after", word]

    def name_end(self, folded: str, start: int) -> int | None:
        """Where the name or idiom ends whose first numeral starts at an offset."""
        get, before = self._names.get, start - 1 if start else 0
        for key in (folded[before : start + 2], folded[start : start + 3], folded[start : start + 2], folded[before : start + 1]):
            for at, name in get(key, ()):
                if start >= at and folded.startswith(name, start - at) and not _inside_word(folded, start - at, name):
                    return start - at + len(name)
        return None


def _inside_word(folded: str, start: int, name: str) -> bool:
    """Whether a Latin or numeral edge of a name is glued to more of its kind: 618 in 1618, 51job in 151jobs."""
    end = start + len(name)
    return _glued(name[0], folded[max(0, start - 1) : start]) or _glued(name[-1], folded[end : end + 1])


def _glued(edge: str, neighbour: str) -> bool:
    """Whether a Latin letter or digit continues into the next character."""
    return edge.isascii() and edge.isalnum() and neighbour.isascii() and neighbour.isalnum()


def _names(reference: Reference) -> dict[str, tuple[tuple[int, str], ...]]:
    """Idioms, and names of entities with a numeral in them, by the characters around the first numeral; with the offset of the numeral."""
    found: dict[str, set[tuple[int, str]]] = {}
    spellings = {fold(idiom.surface) for idiom in reference.idioms}
    for entity in reference.entities:
        known = {entity.name, *entity.aliases, *entity.latin} - set(entity.ambiguous)
        spellings.update(name for name in map(fold, known) if not _ALL_NUMERAL.fullmatch(name))
    for spelling in spellings:
        numeral = _NUMERAL_CHAR.search(spelling)
        if numeral and len(spelling) > 1:
            at = numeral.start()
            found.setdefault(spelling[max(0, at - 1) : max(3, at + 2)], set()).add((at, spelling))
    return {key: tuple(sorted(names, key=lambda item: (-len(item[1]), item))) for key, names in found.items()}


@cache
def lexicon(reference: Reference, region: Region) -> Lexicon:
    return Lexicon(reference, region)
