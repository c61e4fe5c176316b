"""The step: from clean text and sentences to mentions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Literal, Protocol

from transforms import segmentation
from transforms.article import Mention, Script, Sentence
from transforms.entities import ambiguity, gazetteer, naming, rules, words
from transforms.entities.lexicon import Lexicon, lexicon, proper_spellings
from transforms.entities.spans import Covered, Span, choose
from transforms.reference import Reference
from transforms.script import fold


class Recognizer(Protocol):
    """What a back end must do: name the mentions of some sentences, with offsets into the clean text."""

    def mentions(self, sentences: Sequence[Sentence]) -> list[Mention]: ...


def extract(
    clean: str,
    sentences: Sequence[Sentence],
    reference: Reference,
    *,
    blocked: Sequence[tuple[int, int]] = (),
    script: Script = "hans",
    recognizer: Recognizer | None = None,
    names: Literal["canonical", "attested"] = "attested",
    tagger: segmentation.Tagger = segmentation.tag,
) -> list[Mention]:
    """The mentions of an article, sorted, without overlaps and outside the `blocked` spans, save for festivals that name a date.

    `clean[m.start:m.end] == m.surface` for each mention m, and `m.name` is in the script of the article. A mention bears the fullest name
    of its entity that the article itself uses (苏宁, where 苏宁易购 is never written), or always the name of the reference data
    (`names="canonical"`). What a `recognizer` finds is added to the names that the reference data knows, in place of the rules.
    Words come from the `tagger`.
    """
    book = lexicon(reference)
    folded = fold(clean)
    plain = words.read(folded, book, tagger)
    hits = gazetteer.find(folded, book, plain)
    certain = list(gazetteer.spans(hits, ambiguity.decide(folded, hits, book, plain), book))
    known = choose(certain, blocked)
    if recognizer is None:
        found = _within_clauses(folded, rules.candidates(folded, sentences, words.merge(plain, known, book), book))
    else:
        found = [Span(m.start, m.end, m.type, "model", m.confidence) for m in recognizer.mentions(sentences)]
    chosen = choose([*known, *found], blocked)
    if recognizer is None and (again := rules.repeated(folded, chosen, plain)):
        chosen = choose([*chosen, *again], blocked)
    # a festival names its date and stays a name: 双11 in 2018年双11, 春节 in 春节期间
    inside = Covered(blocked)
    chosen = sorted([*chosen, *choose(s for s in certain if s.type == "event" and inside.holds(s.start, s.end))])
    return _mentions(clean, folded, chosen, book, script, names == "attested")


_MARK = re.compile("[\n。，；！？]")


def _within_clauses(folded: str, found: Iterable[Span]) -> list[Span]:
    """The candidates that cross no mark of a clause; one that only begins with a mark is taken without it. Works may hold any mark."""
    result = []
    for span in found:
        if span.type != "work" and _MARK.search(folded, span.start, span.end):
            if _MARK.search(folded, span.start + 1, span.end) or span.end - span.start < 3:
                continue
            span = span._replace(start=span.start + 1)
        result.append(span)
    return result


def _mentions(clean: str, folded: str, chosen: Sequence[Span], book: Lexicon, script: Script, as_attested: bool) -> list[Mention]:
    surfaces = {folded[s.start : s.end]: clean[s.start : s.end] for s in reversed(chosen)}
    written: dict[str, set[str]] = defaultdict(set)
    for span in chosen:
        if span.entity_id is not None:
            written[span.entity_id].add(folded[span.start : span.end])
    full = {entity_id: book.entities[entity_id].name for entity_id in written}
    if as_attested:
        full = {entity_id: naming.attested(name, written[entity_id], proper_spellings(book, entity_id)) for entity_id, name in full.items()}
    result = []
    for span in chosen:
        surface = clean[span.start : span.end]
        if span.entity_id is not None:
            entity_id, name = span.entity_id, naming.canonical(full[span.entity_id], surface, surfaces, script)
        else:
            key = span.name or folded[span.start : span.end]
            name, entity_id = surfaces.get(key, surface), naming.unknown_id(span.type, key)
        result.append(Mention(span.start, span.end, surface, entity_id, name, span.type, span.method, span.confidence))
    return result
