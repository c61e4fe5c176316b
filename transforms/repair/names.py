"""Names that no reference row knows: "Gu南舟", "Shen Nanzhou". The article itself says who that is, or a curator must."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from transforms import segmentation
from transforms.reference import Reference
from transforms.repair.candidates import Candidate, Reading
from transforms.repair.lexicon import lexicon
from transforms.repair.romanization import is_pinyin, romanize
from transforms.repair.spelling import LatinRun
from transforms.script import is_han

#: The Latin syllable of "Wang传福", "Li斌".
_SYLLABLE = re.compile(r"[A-Z][a-z]{1,5}$")
#: Syllables that are also Latin words or foreign names.
_NO_SURNAMES = frozenset(["bo", "ha", "la", "le", "me", "sa", "de", "da", "di"])
_MIN_PINYIN = 5
_COMMON_TAGS = ("n", "v", "vn", "a", "b", "m", "t", "f")


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
        given = next((text[at : at + n] for n in (2, 1) if len(text) >= at + n and all(map(is_han, text[at : at + n]))), "")
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


def _given_name_length(text: str, at: int) -> int:
    """How many of the Chinese characters behind a Latin surname belong to the name: one or two, none where they are a common word."""
    word, tag = segmentation.tag(text[at : at + 6])[0]
    if len(word) == 1:
        return 1
    return 2 if len(word) == 2 and (tag not in _COMMON_TAGS or not segmentation.is_word(word)) else 0
