"""The reference data of quantities, arranged for lookup at an offset of a folded text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, Literal, TypeVar

from transforms import numerals
from transforms.article import Qualifier
from transforms.caching import built_once
from transforms.reference import Reference, Unit
from transforms.script import fold

Region = Literal["cn", "tw", "hk"]
CURRENCY: Mapping[Region, str] = {"cn": "CNY", "tw": "TWD", "hk": "HKD"}
_STOP = r"，。；、,;：:！!？?\n（）()《》"
#: How far a noun may stand behind or before the number whose unit it tells, in characters.
_BEHIND, _BEFORE = 8, 40
_NUMERAL_CHAR = re.compile(f"[{numerals.STARTS}]")
_ALL_NUMERAL = re.compile(f"[{numerals.STARTS}]+")
_SENTENCE_END = re.compile(r"[。；;！？!?\n]")
_CLAUSE_END = re.compile("[，,：:]")
#: A clause of no other characters goes on about the noun of the clause before: 营收增长，较去年同期增加20亿.
_GOES_ON = frozenset("上下去今前同本全年月季期度日累合共总预计将已约近超逾过达至到为是从由较比环的了其中首次突破增加长升涨减少降跌净")


class Nouns:
    """Finds the noun that decides a unit: the first one right behind the number, else the last one before it in the sentence.

    `behind_only` holds the nouns that say nothing where they stand before."""

    def __init__(self, codes: Mapping[str, str], behind_only: Iterable[str] = ()) -> None:
        self.codes = codes
        self.one_code = len(set(codes.values())) == 1
        heads = re.escape("".join({noun[0] for noun in codes}))
        self._behind = re.compile(f"[^{_STOP}0-9]{{0,{_BEHIND}}}?(?=[{heads}])({_longest_first(codes)})")
        before = set(codes).difference(behind_only)
        self._before = re.compile(_longest_first(before) if before else r"(?!)")

    def behind(self, folded: str, end: int, reach: int = _BEHIND) -> str | None:
        match = self._behind.match(folded, end, min(len(folded), end + reach))
        return self.codes[match[1]] if match else None

    def code(self, folded: str, start: int, end: int, reach: int = _BEHIND, *, same_clause: bool = False) -> str | None:
        """The code of the noun for folded[start:end]; `same_clause` asks that one before it belongs to its clause."""
        behind = self.behind(folded, end, reach)
        if behind:
            return behind
        window = folded[max(0, start - _BEFORE) : start]
        last = None
        for match in self._before.finditer(window):
            last = match
        if last is None or _SENTENCE_END.search(window, last.end()):
            return None
        _, *clauses = _CLAUSE_END.split(window[last.end() :])
        if same_clause and clauses and not _GOES_ON.issuperset(clauses[-1]):
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
    """A unit of the reference data as it is looked up. `nouns` decide its code in context; `asks` says that not all numbers go with it."""

    surface: str
    unit: Unit
    code: str
    nouns: Nouns | None
    asks: bool


V = TypeVar("V")


class _Words(Generic[V]):
    """Words and their meanings, looked up at an offset of a text by their first two characters (or the last two, `at_end`)."""

    __slots__ = ("longer", "single")

    def __init__(self, meanings: Mapping[str, V], *, at_end: bool = False) -> None:
        self.single = {word: meaning for word, meaning in meanings.items() if len(word) == 1}
        self.longer: dict[str, list[tuple[str, V]]] = {}
        for word in sorted(meanings, key=len, reverse=True):
            if len(word) > 1:
                self.longer.setdefault(word[-2:] if at_end else word[:2], []).append((word, meanings[word]))

    def starting(self, folded: str, start: int) -> V | None:
        """The meaning of the longest word that starts at an offset; Latin letters do not go on behind it."""
        pair = folded[start : start + 2]
        if pair in self.longer:
            for word, meaning in self.longer[pair]:
                if folded.startswith(word, start) and not (word[-1].isascii() and _goes_on(folded, start + len(word))):
                    return meaning
        char = pair[:1]
        return self.single[char] if char in self.single and not (char.isascii() and _goes_on(folded, start + 1)) else None

    def ending(self, folded: str, end: int) -> tuple[str, V] | None:
        """The longest word that ends at an offset, with its meaning."""
        pair = folded[end - 2 : end] if end > 1 else folded[:end]
        if pair in self.longer:
            for found in self.longer[pair]:
                if folded.endswith(found[0], 0, end):
                    return found
        char = pair[-1:]
        return (char, self.single[char]) if char in self.single else None


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
                asks = bool(unit.needs) or unit.place in ("ordinal", "part") or unit.code == "year"
                self.counters[surface] = Counter(surface, unit, code, _by_noun(unit.by_noun, currency), asks)
        if region != "cn":
            self.prefixes["$"] = currency
        self.nouns = Nouns(bare) if bare else None
        # a word that only begins like a unit counts nothing, and hides the unit it begins with
        units = {s: None if c.unit.dimension == "none" else c for s, c in self.counters.items()} | dict.fromkeys(bare)
        #: The longest unit that starts at an offset; a word that only begins like one counts as none.
        self.counter = _Words(units).starting
        # a lone Chinese digit in a word is passed over, and most of them are: what counts something is followed by a unit or a numeral
        heads = re.escape("".join(numerals.HEADS.union({surface[0] for surface in units}, " 多余来甲至到~～-－—–−，、。")))
        #: The characters that a quantity can begin with, where they may begin one.
        counted = f"(?=[{heads}])(?!(?<=一)(?:{_articles(units)}))"
        self.start = re.compile(f"[{numerals.STARTS}半翻](?:(?<=[0-9半翻])|{counted}|(?<=[第前].))")
        self._prefixes = _Words(self.prefixes, at_end=True)
        before, before_round, after = (
            {fold(q.surface): q.qualifier for q in reference.qualifiers if q.position == position}
            for position in ("before", "before_round", "after")
        )
        self._before, self._before_round = _Words(before, at_end=True), _Words(before_round, at_end=True)
        self.qualifier_after = _Words(after).starting
        #: The edges of the words around a number: most numbers have none of them beside them, and looking at one character is cheap.
        self.qualifier_ends = frozenset(word[-1] for words in (before, before_round) for word in words)
        self.qualifier_starts = frozenset(word[0] for word in after)
        self.prefix_ends = frozenset(word[-1] for word in self.prefixes) | {" "}
        self._names = _names(reference)
        #: The numeral that a name begins with and the character behind it, or its first numeral and the character before.
        self.name_pairs = frozenset(spelling[max(0, at - 1) :][:2] for names in self._names.values() for at, spelling in names)

    def prefix(self, folded: str, end: int) -> str | None:
        found = self._prefixes.ending(folded, end - (folded[end - 1 : end] == " "))
        return found[0] if found else None

    def qualifier_before(self, folded: str, end: int, *, bare: bool) -> tuple[Qualifier, int] | None:
        """The qualifier that ends at an offset, and where it starts."""
        found = self._before.ending(folded, end) or (self._before_round.ending(folded, end) if bare else None)
        return (found[1], end - len(found[0])) if found else None

    def name_end(self, folded: str, start: int) -> int | None:
        """Where the name or idiom ends whose first numeral starts at an offset."""
        get, before = self._names.get, max(0, start - 1)
        for key in (folded[before : start + 2], folded[start : start + 3], folded[start : start + 2], folded[before : start + 1]):
            for at, name in get(key, ()):
                if start >= at and folded.startswith(name, start - at) and not _inside_word(folded, start - at, name):
                    return start - at + len(name)
        return None


def _articles(units: Mapping[str, Counter | None]) -> str:
    """A pattern of the counters behind which 一 is an article, as most are that one finds: 一家, 一个 but not 一个月."""
    longer: dict[str, set[str]] = {}
    for surface, counter in units.items():
        others = longer.setdefault(surface[0], set("半多亿万") if surface[0] == "个" else set())
        if counter is not None and counter.unit.dimension != "count":
            others.add(surface[1:2])
    counts = [char for char, others in longer.items() if "" not in others and (found := units.get(char)) and not found.asks]
    return "|".join(f"{re.escape(char)}(?![{''.join(longer[char])}])" if longer[char] else re.escape(char) for char in counts)


def _inside_word(folded: str, start: int, name: str) -> bool:
    """Whether a Latin or numeral edge of a name is glued to more of its kind: 618 in 1618, 51job in 151jobs."""
    return _goes_on(folded, start) or _goes_on(folded, start + len(name))


def _goes_on(folded: str, at: int) -> bool:
    """Whether a run of Latin letters and digits stretches over an offset."""
    around = folded[at - 1 : at + 1] if at else ""
    return len(around) == 2 and around.isascii() and around.isalnum()


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


@built_once
def lexicon(reference: Reference, region: Region) -> Lexicon:
    return Lexicon(reference, region)
