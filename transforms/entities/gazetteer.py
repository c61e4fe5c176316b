"""Names that the reference data knows, found in a text.

All spellings are matched at once in the folded, lower-case text. A Latin spelling must be a whole Latin word; one of two Chinese
characters, or one that is also a plain word, must not cut through a word of the dictionary (平安 in 平安无事). The latter also needs
evidence, see `ambiguity`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from transforms import segmentation
from transforms.entities.lexicon import Lexicon, Spelling, is_latin
from transforms.entities.spans import Span
from transforms.entities.words import Words

_DIGITS = frozenset("0123456789")
_TRADES = ("银行", "证券", "保险", "基金", "地产")


class Hit(NamedTuple):
    """A known spelling at a place of the text, with all entities that may be written so."""

    start: int
    end: int
    spellings: tuple[Spelling, ...]
    weak: bool


def find(text: str, lexicon: Lexicon, words: Words) -> list[Hit]:
    """All hits in a folded text, overlapping ones too. `words` are those of the same text."""
    lower = text.lower()
    if len(lower) != len(text):  # a few letters such as İ grow; then match the text as it is
        lower = text
    hits = []
    for index, start, end in lexicon.automaton.find_matches_as_indexes(lower, overlapping=True):
        spellings, weak, latin, is_ascii = lexicon.surfaces[index]
        if latin and not _whole(text, start, end):
            continue
        if text.startswith("业", end) and text.endswith(_TRADES, start, end) and text[end + 1 : end + 2] not in ("务", "绩"):
            continue  # 四川银行业 is the trade of a province
        if is_ascii:
            spellings = tuple(s for s in spellings if _case_fits(s, text[start:end]))
            weak = all(s.weak for s in spellings)
        if spellings and (end - start > (4 if weak else 2) or _on_edges(text, start, end, words)):
            hits.append(Hit(start, end, spellings, weak))
    return _without_cuts(hits, words)


def _without_cuts(hits: Sequence[Hit], words: Words) -> list[Hit]:
    """The hits without those that take one character of a word in front of which another name ends: 腾讯, not 腾讯网, in 腾讯网络."""
    ends = {(hit.start, hit.end) for hit in hits}
    return [hit for hit in hits if (hit.start, hit.end - 1) not in ends or words.is_edge(hit.end) or not words.is_edge(hit.end - 1)]


def _whole(text: str, start: int, end: int) -> bool:
    """A Latin word or number is not cut at either end: 618 is not in 6180, GE not in GEELY, 7天 not in 17天."""
    before, first = text[start - 1 : start], text[start]
    last, after = text[end - 1], text[end : end + 1]
    if before and is_latin(first) and is_latin(before) and (first in _DIGITS or before not in _DIGITS):
        return False
    if first in _DIGITS and before in (".", ","):
        return False
    return not (after and is_latin(last) and is_latin(after))


def _on_edges(text: str, start: int, end: int, words: Words) -> bool:
    """Whether a short name begins and ends with words; a word that the dictionary lacks may be cut."""
    return _may_border(start, words) and _may_border(end, words)


def _may_border(offset: int, words: Words) -> bool:
    return words.is_edge(offset) or not segmentation.is_word(words.around(offset))


def _case_fits(spelling: Spelling, written: str) -> bool:
    """Four letters and more may be written in any case, unless the name is also a word."""
    return written == spelling.surface or (not spelling.weak and len(written) >= 4 and not written.islower())


def spans(hits: Sequence[Hit], chosen: Sequence[str | None], lexicon: Lexicon) -> list[Span]:
    """Hits as candidates, with the entity chosen for each (None: not a mention)."""
    return [
        Span(hit.start, hit.end, lexicon.entities[entity_id].type, "reference", 0.95 if hit.weak else 1.0, entity_id)
        for hit, entity_id in zip(hits, chosen, strict=True)
        if entity_id is not None
    ]
