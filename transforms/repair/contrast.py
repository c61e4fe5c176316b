"""What the two halves of a spun article say of each other.

A farm leaves half of the page as it was. So a doubtful spelling that stands in the garbled half alone, where the right one stands in the
untouched half alone, is no longer in doubt: 乡村花园 beside 碧桂园. Two more kinds of spelling are proved by that alone: a short form whose
characters came back as whole words (快速的手 for 快手, 清除海关 for 清关), and a name written with other characters of the same sound
(杜小曼 for 度小满).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import product
from operator import ne

import ahocorasick_rs

from transforms import segmentation
from transforms.article import Paragraph
from transforms.caching import built_once
from transforms.reference import Entity, Reference
from transforms.repair.candidates import APPLY_FROM, Candidate, Reading
from transforms.repair.dictionary import commonness
from transforms.repair.glosses import all_names
from transforms.repair.lexicon import names_in_chinese
from transforms.repair.romanization import readings, romanize
from transforms.repair.spelling import kind_of
from transforms.repair.terms import says_in_full
from transforms.script import all_han, fold

CONFIDENCE = 0.88
#: Words as common as these stand in any half by chance (本质 may be meant, 政策 and 交通 may as well); of a simulated spelling, and of one
#: of the same sound, which nobody has seen, only rare ones do not.
_COMMON, _RARE = 60.0, 25.0
#: Characters of a word in a spelling, and of what is looked for in full or by its sound.
_LONGEST_WORD, _LONGEST = 3, 6
#: Characters from which a name is known by all of them but one.
_LONG = 4
#: What stands in front of a name rather than in it: 和小红书.
_JOINTS = frozenset("和与及同或在")
#: Four digits that meet by chance nowhere.
_AMOUNT = re.compile(r"(?<![0-9.,])((?=(?:\d\.?){4})\d+\.\d+)亿")
_QUOTES = frozenset('“”"「」《》')
#: Prepositions, conjunctions, particles, adverbs, pronouns, numerals, measure words and places are no part of a name by themselves;
#: words for places (手上) are no characters that grew.
_GRAMMAR, _PLACE = ("p", "c", "u", "d", "r", "m", "q", "f", "y"), ("s", "f")
#: In so short a form a verb of one character takes any object: 开小店 is no 开店.
_SHORT = 2
#: Particles but 的, and what ends a question: words with these read as Chinese, and whose name they are is a guess (妈妈知了 for 蝉妈妈).
_CLAUSE = ("ul", "uz", "ug", "ud", "y")


class Parts:
    """An article in its two parts: the garbled paragraphs with their text (`spun`), and the text of the untouched ones."""

    def __init__(self, reading: Reading, paragraphs: Sequence[Paragraph], untouched_to: float) -> None:
        body = [p for p in paragraphs if p.role in ("heading", "body")]
        self.garbled = [p for p in body if p.garbled]
        self.text = reading.text
        self.spun = "\n".join(self._of(p) for p in self.garbled)
        self.untouched = "\n".join(self._of(p) for p in body if p.garble_score <= untouched_to)

    def _of(self, p: Paragraph) -> str:
        return self.text[p.raw_start : p.raw_end]

    def tell_apart(self, spelling: str, right: str) -> bool:
        """Whether a spelling stands in the garbled part alone, and what may be meant by it, uncut, in the untouched part; where the
        spelling is an ordinary word, that must stand there alone too."""
        if spelling in self.untouched or (segmentation.is_word(spelling) and right in self.spun):
            return False
        at = self.untouched.find(right)
        while at >= 0:
            if not segmentation.cuts_a_word(self.untouched, at, at + len(right)):
                return True
            at = self.untouched.find(right, at + 1)
        return False


def confirmed(found: Iterable[Candidate], parts: Parts) -> Iterator[Candidate]:
    """The doubtful candidates of a garbled paragraph which the rest of the article confirms, each with a confidence to apply it."""
    for c in found:
        spelling, right = parts.text[c.start : c.end], fold(c.replacement)
        if not right or c.confidence >= APPLY_FROM:
            continue
        if c.kind == "duplicate":
            # what is doubled for effect is rare in this prose, what a translator doubles is not
            yield replace(c, confidence=CONFIDENCE)
            continue
        common = commonness().get(spelling, 0.0)
        if common > (_RARE if c.rule_id == "terms.simulated" else _COMMON) or (common and says_in_full(spelling, right)):
            continue
        if any(token.tag in _CLAUSE for token in segmentation.tokens(spelling)):
            continue
        # 亿美元 stands for 亿元 or for itself: only the whole figure tells
        if (c.kind != "currency" or spelling[0].isdigit()) and parts.tell_apart(spelling, right):
            yield replace(c, confidence=CONFIDENCE, signal=f"{spelling} here alone, {right} in the untouched half alone")


def candidates(parts: Parts, reference: Reference) -> Iterator[Candidate]:
    """The short forms and names of the untouched half that stand in the garbled half in full words, or in other characters."""
    if not parts.garbled or not parts.untouched:
        return
    yield from _shifted(parts)
    words = _words(parts)
    sounds = _sounds(parts.text, words)
    places = _places(parts)
    for right, (entity, genuine) in _in_untouched(parts, reference).items():
        spans = [(*span, "contrast.in_full") for span in _in_full(right, parts.text, places, words, genuine)]
        if entity:
            spans += [(*span, "contrast.by_sound") for span in _by_sound(right, parts.text, sounds, words)]
            spans += [(*span, "contrast.by_one") for span in _by_one(right, parts.text, places)]
        for start, end, rule in spans:
            spelling = parts.text[start:end]
            known = spelling in all_names(reference) or (entity is None and not _is_cut_well(right, spelling))
            if not known and parts.tell_apart(spelling, right):
                kind = kind_of(entity) if entity else "calque"
                signal = f"{spelling} here alone, {right} in the untouched half alone"
                yield Candidate(start, end, right, kind, rule, CONFIDENCE, 0.0, entity.id if entity else None, signal)


def _shifted(parts: Parts) -> Iterator[Candidate]:
    """Amounts in hundreds of millions that lost a place on their way through billions: 5.539亿 where the untouched half has 55.39亿."""
    right = {m[1].replace(".", ""): m for m in _AMOUNT.finditer(parts.untouched)}
    for p in parts.garbled:
        for m in _AMOUNT.finditer(parts.text, p.raw_start, p.raw_end):
            meant = right.get(m[1].replace(".", ""))
            if meant is not None and m[0] not in parts.untouched and meant[0] not in parts.spun and 10 * Decimal(m[1]) == Decimal(meant[1]):
                signal = f"{m[0]} here alone, {meant[0]} in the untouched half alone"
                yield Candidate(m.start(), m.end(), meant[0], "number", "contrast.shifted", CONFIDENCE, 0.0, None, signal)


def _words(parts: Parts) -> Mapping[int, str]:
    """Where the words of the garbled paragraphs begin and end, with the tags of those that begin there."""
    return {
        p.raw_start + at: token.tag
        for p in parts.garbled
        for token in segmentation.tokens(parts.text[p.raw_start : p.raw_end])
        for at in (token.end, token.start)
    }


def _sounds(text: str, words: Mapping[int, str]) -> Mapping[tuple[str, str], Sequence[int]]:
    """Where words begin, by any readings of the two characters there."""
    found: dict[tuple[str, str], list[int]] = {}
    for at in words:
        if len(two := text[at : at + 2]) == 2 and all_han(two):
            for pair in product(readings(two[0]), readings(two[1])):
                found.setdefault(pair, []).append(at)
    return found


def _places(parts: Parts) -> Mapping[str, Sequence[int]]:
    """Where each character stands in the garbled paragraphs."""
    found: dict[str, list[int]] = {}
    for p in parts.garbled:
        for at in range(p.raw_start, p.raw_end):
            found.setdefault(parts.text[at], []).append(at)
    return found


def _in_untouched(parts: Parts, reference: Reference) -> Mapping[str, tuple[Entity | None, tuple[str, ...]]]:
    """The names and terms of art of the untouched half, with whose name it is and what else clean Chinese writes for it."""
    automaton, meanings = _book(reference)
    return {meanings[index][0]: meanings[index][1:] for index, _, _ in automaton.find_matches_as_indexes(parts.untouched)}


@built_once
def _book(reference: Reference) -> tuple[ahocorasick_rs.AhoCorasick, tuple[tuple[str, Entity | None, tuple[str, ...]], ...]]:
    """What finds all Chinese names and terms of art of two to six characters, and what they are."""
    found: dict[str, tuple[Entity | None, tuple[str, ...]]] = {}
    for entity in reference.entities:
        if entity.type in ("company", "product", "media", "work", "person"):
            for name in names_in_chinese(entity):
                found.setdefault(fold(name), (entity, ()))
    for term in reference.terms:
        found.setdefault(term.term, (None, term.genuine))
    rows = tuple((name, *meaning) for name, meaning in found.items() if 2 <= len(name) <= _LONGEST and all_han(name))
    automaton = ahocorasick_rs.AhoCorasick([row[0] for row in rows] or ["\0"], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)
    return automaton, rows


def _in_full(
    short: str, text: str, places: Mapping[str, Sequence[int]], words: Mapping[int, str], genuine: Sequence[str]
) -> Iterator[tuple[int, int]]:
    """Where all characters of a short form stand in their order, each within a word of its own or by itself, with 的 between at most, and
    the whole is nothing that clean Chinese writes."""
    firsts = (at - back for at in places.get(short[0], ()) for back in range(_LONGEST_WORD))
    starts = dict.fromkeys(start for start in firsts if start in words and text[start] not in _JOINTS)
    for start in starts:
        end = max((at for at in _ends(short, text, start, words) if at in words), default=start)
        spelling = text[start:end]
        if spelling and spelling not in (short, *genuine) and not segmentation.is_word(spelling):
            yield start, end


def _ends(short: str, text: str, at: int, words: Mapping[int, str]) -> Iterator[int]:
    """Where a short form may end that stands in full from text[at] on. `words` are their borders, with tags."""
    if not short:
        yield at
        return
    for size in range(1, _LONGEST_WORD + 1):
        word, end = text[at : at + size], at + size
        if len(word) < size or short[0] not in word:
            continue
        tag = words.get(at, "")
        fits = not tag.startswith(_GRAMMAR) and not (tag == "v" and len(short) == _SHORT)
        whole = tag and tag not in (*_PLACE, "t") and end in words and segmentation.is_word(word)
        if fits if size == 1 else whole:
            # 圆柱体 has both characters of 圆柱, and so do the characters behind it that came back as they were
            for rest in {short[1:], short[_held(short, word) :]}:
                for behind in (end, end + 1) if text.startswith("的", end) and rest else (end,):
                    yield from _ends(rest, text, behind, words)


def _is_cut_well(short: str, spelling: str) -> bool:
    """Whether 的 may cut a term of so few characters: 集中的采购 is 集采, 关门的药店 are no 门店."""
    head, cut, tail = spelling.partition("的")
    return not cut or len(short) > _SHORT or (head[0] == short[0] and tail[:1] == short[1])


def _held(short: str, word: str) -> int:
    """How many characters of a short form stand in a word in their order, from the first on."""
    at = held = 0
    while held < len(short) and (found := word.find(short[held], at)) >= 0:
        at, held = found + 1, held + 1
    return held


def _by_one(name: str, text: str, places: Mapping[str, Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Where a name of four characters or more stands in quotation marks with one of them changed: “做个朋友” for 交个朋友."""
    if len(name) < _LONG:
        return
    for start in {at - i for i in (0, 1) for at in places.get(name[i], ())}:
        end = start + len(name)
        other = text[start:end]
        quoted = text[start - 1] in _QUOTES and text[end : end + 1] in _QUOTES
        if quoted and all_han(other) and sum(map(ne, name, other)) == 1 and not segmentation.is_word(other):
            yield start, end


def _by_sound(name: str, text: str, sounds: Mapping[tuple[str, str], Sequence[int]], words: Mapping[int, str]) -> Iterator[tuple[int, int]]:
    """Where other characters of the same sound stand for a name."""
    first, second, *_ = syllables = romanize(name)
    for start in sounds.get((first, second), ()):
        end = start + len(name)
        other = text[start:end]
        if end in words and other != name and all_han(other) and romanize(other) == syllables and commonness().get(other, 0.0) <= _RARE:
            yield start, end
