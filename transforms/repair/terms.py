"""Terms of art that a word-by-word translation of their English gives: 闪光记忆 for 闪存, 现场商务 for 直播电商.

`calques.csv` holds what an expert has seen; here the round trip is simulated for every row of `terms.csv`, from its English renderings and
from the glosses of its own words. A simulated spelling proves nothing by itself, since many are ordinary Chinese: only where the
article also uses the term is it sure what is meant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

import ahocorasick_rs

from transforms import segmentation
from transforms.caching import built_once
from transforms.reference import Reference, Term
from transforms.repair.candidates import Candidate, Reading
from transforms.repair.dictionary import MAX_WORDS, back_translations, commonness, english_words, gloss_key, partitions, translations

#: Words considered of each part, parts of a term, ways to cut it into words, and characters of a spelling.
_CHOICES, _PARTS, _CUTS, _MIN_LENGTH, _MAX_LENGTH = 4, 4, 2, 2, 8
#: Ordinary words of so few characters stand beside a term by chance; commonness of a rare one, and of one that tells nothing.
_SHORT, _RARE, _COMMON = 2, 25.0, 90.0
#: Share of a word that came back as it was.
_KEPT = 0.5
#: Mean share of its words from which a spelling is looked for.
_MIN_SCORE = 0.2

#: Scores from which a spelling is sure where the article has the term, and where it has so many other terms of the sector.
_SURE, _STRIKING, _SECTOR_TERMS = 0.25, 0.4, 2

#: For each part in order, the Chinese words that may stand there, with their shares.
Choices = list[list[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class Simulated:
    """A spelling that a round trip may make of a term. `score`, 0..1, is the geometric mean of the shares of its words; an `ordinary` one
    is a word of the dictionary or only says the term in full (年金保险 for 年金险)."""

    spelling: str
    term: Term
    score: float
    ordinary: bool

    def is_meant(self, text: str) -> bool | None:
        """Whether a text that has the term means it by this spelling: True, perhaps (None), or not.

        An ordinary word must be a rare one, and give way to the term: the untouched half of a spun article stands behind the other.
        """
        if not self.ordinary:
            return self.score >= _SURE or None
        gives_way = text.rfind(self.spelling) < text.find(self.term.term)
        common = commonness().get(self.spelling, 0.0)
        if gives_way and self.score >= _SURE and 0 < common <= _RARE and not says_in_full(self.spelling, self.term.term):
            return True
        return None if (gives_way and common < _COMMON) or len(self.spelling) > _SHORT else False


def simulate(term: Term, reference: Reference) -> list[Simulated]:
    """What a round trip may make of a term, but for what the expert calls genuine."""
    found: dict[str, float] = {}
    for choices in _ways(term, reference):
        for pick in product(*choices):
            spelling, score = "".join(word for word, _ in pick), prod(share for _, share in pick) ** (1 / len(pick))
            if score >= _MIN_SCORE and _MIN_LENGTH <= len(spelling) <= _MAX_LENGTH and spelling not in (*term.genuine, term.term):
                found[spelling] = max(score, found.get(spelling, 0.0))
    result = []
    for spelling, score in found.items():
        word = segmentation.is_word(spelling)
        if spelling not in term.term:
            result.append(Simulated(spelling, term, score, word or says_in_full(spelling, term.term)))
    return result


def says_in_full(spelling: str, term: str) -> bool:
    """Whether all characters of a term stand in a spelling in their order."""
    rest = iter(spelling)
    return all(char in rest for char in term)


def _ways(term: Term, reference: Reference) -> Iterator[Choices]:
    """The ways to translate a term: each English rendering by phrases and word by word, and each cut of the term by its words."""
    for english in term.english:
        head, _, owner = english.partition(" of ")
        words = [*english_words(owner), *english_words(head)]
        for longest in (MAX_WORDS, 1)[: len(words)]:
            if choices := _of_english(words, longest, term.term, reference):
                yield choices
    english_of = _english_of(reference)
    # single characters have too many meanings, but for the last one: 率, 店
    cuts = (cut for cut in partitions(term.term, english_of) if 1 < len(cut) <= _PARTS and all(len(word) > 1 for word in cut[:-1]))
    for cut in sorted(cuts, key=len)[:_CUTS]:
        yield [[(word, _KEPT), *(o for key in english_of[word] for o in _options(key, term.term, reference))] for word in cut]


@built_once
def _english_of(reference: Reference) -> Mapping[str, tuple[str, ...]]:
    """The keys of the two usual translations of every word, those of `terms.csv` before those of the dictionary."""
    own = {term.term: tuple(gloss_key(english_words(english)) for english in term.english) for term in reference.terms}
    return {word: keys[:2] for word, keys in translations().items()} | own


def _of_english(words: list[str], longest: int, term: str, reference: Reference) -> Choices:
    """The Chinese words for each phrase of English words, of up to `longest`; [] where one has none."""
    choices: Choices = []
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + longest), at, -1):
            if options := _options(gloss_key(words[at:end]), term, reference):
                choices.append(options)
                at = end
                break
        else:
            return []
    return choices


def _options(key: str, term: str, reference: Reference) -> list[tuple[str, float]]:
    """The likeliest words for a key; of one character only where the term itself has it (率, 店) or an expert says so."""
    return [(word, share) for word, share in back_translations(key, reference) if len(word) > 1 or word in term][:_CHOICES]


@built_once
def _index(reference: Reference) -> tuple[ahocorasick_rs.AhoCorasick, tuple[Sequence[Simulated], ...]]:
    """What finds the spellings of all terms, and what each may mean, the likeliest first. A term in which another's spelling lies (利用率
    in 产能利用率) means itself, and rows of the expert go before."""
    known = {term.term for term in reference.terms} | {row.pattern for row in reference.calques}
    found: dict[str, list[Simulated]] = {spelling: [] for spelling in sorted(known)}
    for term in reference.terms:
        for simulated in simulate(term, reference):
            if simulated.spelling not in known:
                found.setdefault(simulated.spelling, []).append(simulated)
    automaton = ahocorasick_rs.AhoCorasick(list(found) or ["\0"], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    return automaton, tuple(sorted(meanings, key=lambda m: -m.score) for meanings in found.values())


def candidates(reading: Reading, reference: Reference) -> Iterator[Candidate]:
    """The simulated spellings in an article: sure where it also uses the term, or speaks of its sector and the spelling is a likely one;
    what is ordinary Chinese is at most suggested."""
    automaton, meanings = _index(reference)
    text = reading.text
    for index, start, end in automaton.find_matches_as_indexes(text):
        if not meanings[index]:
            continue
        meaning = next((m for m in meanings[index] if reading.uses(m.term.term)), None)
        if meaning:
            meant = meaning.is_meant(text)
            if meant is False:
                continue
            confidence, weight = (0.85, 0.0 if meaning.ordinary else 0.5) if meant else (0.6, 0.0)
        else:
            meaning = meanings[index][0]
            if meaning.ordinary or meaning.score < _STRIKING:
                continue
            confidence, weight = (0.82, 0.3) if _is_about(meaning.term.sector, reading, reference) else (0.4, 0.0)
        if not segmentation.cuts_a_word(text, start, end):
            term = meaning.term.term
            yield Candidate(start, end, term, "calque", "terms.simulated", confidence, weight, None, f"{text[start:end]} -> {term}")


def _is_about(sector: str, reading: Reading, reference: Reference) -> bool:
    return sum(term.sector == sector and reading.uses(term.term) for term in reference.terms) >= _SECTOR_TERMS
