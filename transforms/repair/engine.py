"""One engine for all repairs: gather candidates, weigh the evidence, decide, and say why."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from transforms.article import Paragraph
from transforms.reference import Calque, Reference, entities_by_id
from transforms.repair import calques, contrast, doubling, evidence, figures, glosses, halves, names, spelling, stitching, terms
from transforms.repair.candidates import APPLY_FROM, Candidate, Reading
from transforms.repair.lexicon import WEIGHTS, lexicon
from transforms.script import has_han, render

#: A paragraph counts as garbled from this score on.
GARBLED_FROM = 0.5
#: Below this score a paragraph of a spun article is taken for untouched, and nothing in it is even suggested.
SUGGEST_FROM = 0.2
#: Less evidence in a whole article could not make any paragraph of it garbled.
_SUSPICIOUS = 2.5
#: Evidence of official Latin names at most, where nothing else speaks of a round trip; all else that does lets them count for as much more.
_OFFICIAL_ALONE = 1.0
#: Evidence of each further occurrence of something that was already seen in the paragraph.
_AGAIN = 0.2
#: Evidence against a round trip: the paragraph writes in Chinese whom others write in Latin.
_IN_CHINESE, _MAX_IN_CHINESE = 2.0, 5.0
#: No comma of 1,000 or of an English phrase.
_HALF_COMMA = re.compile(r"(?<![0-9A-Za-z]),|,(?![0-9A-Za-z ])")


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the engine found: the paragraphs with their scores, the edits to apply, and what it only suggests. Offsets are raw."""

    paragraphs: tuple[Paragraph, ...]
    applied: tuple[Candidate, ...]
    suggested: tuple[Candidate, ...]


def diagnose(paragraphs: Sequence[Paragraph], reference: Reference) -> Diagnosis:
    """Find and decide all repairs of an article whose paragraphs have their roles."""
    reading = Reading(paragraphs)
    candidates = _discounted(_candidates(reading, reference))
    found = _by_paragraph(candidates, paragraphs)
    suspicious = _is_suspicious(found)
    if suspicious:
        found = _by_paragraph([*candidates, *_costly(reading, reference, candidates)], paragraphs)
    stitches = _stitches(paragraphs, reading.text, suspicious=suspicious)
    result = _scored(paragraphs, reading, found, stitches, reference) if suspicious else list(paragraphs)
    spun = any(p.garbled and p.role != "byline" for p in result)

    applied: list[Candidate] = []
    suggested: list[Candidate] = []
    if spun:
        parts = contrast.Parts(reading, result, SUGGEST_FROM)
        for index, candidates in _by_paragraph(contrast.candidates(parts, reference), paragraphs).items():
            found.setdefault(index, []).extend(candidates)
        for index, candidates in found.items():
            p = result[index]
            for c in _without_overlaps([*contrast.confirmed(candidates, parts), *candidates] if p.garbled else candidates):
                if (
                    not c.replacement
                    or c.replacement == p.raw_text[c.start - p.raw_start : c.end - p.raw_start]
                    or _is_gloss(reading.text, c)
                ):
                    continue
                # what stands around the body belongs to the article as a whole
                here = p.garbled or c.kind == "duplicate" or p.role in ("byline", "title")
                if here and c.confidence >= APPLY_FROM:
                    applied.append(c)
                elif here or p.garble_score > SUGGEST_FROM:
                    suggested.append(c)
        if reading.script == "hant":
            applied = [replace(c, replacement=render(c.replacement, "hant")) for c in applied]
            suggested = [replace(c, replacement=render(c.replacement, "hant")) for c in suggested]
    for (before, after), c in stitches.items():
        if result[before].garbled or c.rule_id != stitching.FALSE_STOP:
            applied.append(c)
            result[after] = replace(result[after], role=result[before].role)
    applied.sort(key=lambda c: c.start)
    return Diagnosis(tuple(result), tuple(applied), tuple(suggested))


def reason(c: Candidate, paragraph: Paragraph, *, applied: bool) -> str:
    """Why a candidate was applied, or why only suggested."""
    if c.kind == "stitch":
        return "the cut proves itself" if c.rule_id != stitching.FALSE_STOP else "the cut proves itself behind a garbled paragraph"
    if c.confidence < APPLY_FROM:
        return f"confidence below {APPLY_FROM}"
    if paragraph.garbled:
        return f"the paragraph is garbled ({paragraph.garble_score:.2f} from {GARBLED_FROM})"
    return "the article is garbled" if applied else f"the paragraph may be untouched ({paragraph.garble_score:.2f})"


def _discounted(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates, with less weight on official Latin names where little else speaks of a round trip: many a clean article writes Nvidia
    and Nike so."""
    official = {c.signal: c.weight for c in candidates if _is_official(c)}
    others = sum({c.signal: c.weight for c in candidates if not _is_official(c)}.values())
    share = (_OFFICIAL_ALONE + others) / max(sum(official.values()), _OFFICIAL_ALONE)
    return [replace(c, weight=c.weight * share) if share < 1 and _is_official(c) else c for c in candidates]


def _is_official(c: Candidate) -> bool:
    return c.rule_id == "spelling.latin" and c.weight <= WEIGHTS["latin"]


def _is_suspicious(found: Mapping[int, Sequence[Candidate]]) -> bool:
    """Whether any paragraph could turn out garbled: one odd spelling alone proves nothing, however short the article, nor does less than
    the odds against a round trip."""
    signals = {(index, c.signal): c.weight for index, cs in found.items() for c in cs if c.weight}
    return len(signals) > 1 and sum(signals.values()) >= _SUSPICIOUS


def _candidates(reading: Reading, reference: Reference) -> list[Candidate]:
    """What the detectors find in an article. What one detector of names has found is not looked at by the next."""
    text = reading.text
    book = lexicon(reference)
    found: list[Candidate] = []
    taken: set[int] = set()
    for index, start, end in book.patterns.find_matches_as_indexes(reading.lower):
        if _cuts_latin(text, start, end):
            continue
        meaning = book.meanings[index]
        if isinstance(meaning, Calque):
            c = calques.candidate(reading, start, end, meaning)
        else:
            c = spelling.mixed(reading, start, end, meaning, reference) if meaning else None
            if c or not meaning:
                taken.update(range(start, end))
        if c:
            found.append(c)
    found += doubling.candidates(text, glosses.all_names(reference))
    runs = list(spelling.latin_runs(text))
    for detector in (names.mixed, names.half_latin, names.after_pronoun, spelling.candidates, names.in_pinyin):
        more = [c for c in detector(reading, reference, runs) if taken.isdisjoint(range(c.start, c.end))]
        taken.update(*(range(c.start, c.end) for c in more))
        found += more
    return found


def _costly(reading: Reading, reference: Reference, found: Sequence[Candidate]) -> list[Candidate]:
    """What is looked for in suspicious articles only: contradicted figures, and what was translated word by word where nothing sure was
    found (names only where Latin words are left over)."""
    taken = {at for c in found for at in range(c.start, c.end)}
    sure = {at for c in found if c.confidence >= APPLY_FROM for at in range(c.start, c.end)}
    every_run = list(spelling.latin_runs(reading.text))
    runs = [run for run in every_run if len(run.words) > 1 and taken.isdisjoint(range(run.start, run.end))]
    named = glosses.candidates(reading, reference, runs) if runs else ()
    return [
        *figures.candidates(reading.text),
        *halves.candidates(reading, reference, every_run),
        *halves.completed(reading, reference, found),
        *(c for c in glosses.in_other_words(reading, reference) if taken.isdisjoint(range(c.start, c.end))),
        *(c for c in terms.candidates(reading, reference) if sure.isdisjoint(range(c.start, c.end))),
        *(c for c in named if taken.isdisjoint(range(c.start, c.end))),
    ]


def _cuts_latin(text: str, start: int, end: int) -> bool:
    """Whether a border of text[start:end] lies inside a Latin word."""
    return (text[start - 1 : start].isascii() and text[start - 1 : start].isalpha() and text[start].isascii()) or (
        text[end : end + 1].isascii() and text[end : end + 1].isalpha() and text[end - 1].isascii()
    )


def _is_gloss(text: str, c: Candidate) -> bool:
    """Whether the text itself says in parentheses how else the name is spelled: 汽水音乐(Soda音乐)."""
    return text.endswith(c.replacement + "(", 0, c.start) and text.startswith(")", c.end)


def _by_paragraph(candidates: Iterable[Candidate], paragraphs: Sequence[Paragraph]) -> dict[int, list[Candidate]]:
    """The candidates by the index of the paragraph in which they lie."""
    starts = [p.raw_start for p in paragraphs]
    found: dict[int, list[Candidate]] = {}
    for c in candidates:
        index = bisect_right(starts, c.start) - 1
        if index >= 0 and c.end <= paragraphs[index].raw_end:
            found.setdefault(index, []).append(c)
    return found


def _stitches(paragraphs: Sequence[Paragraph], article: str, *, suspicious: bool) -> dict[tuple[int, int], Candidate]:
    found = {}
    for before, after in pairwise(paragraphs):
        if before.role == "body" and after.role in ("body", "heading"):
            c = stitching.candidate(before, after, article, suspicious=suspicious)
            if c is not None:
                found[before.index, after.index] = c
    return found


def _scored(
    paragraphs: Sequence[Paragraph],
    reading: Reading,
    found: Mapping[int, Sequence[Candidate]],
    stitches: Mapping[tuple[int, int], Candidate],
    reference: Reference,
) -> list[Paragraph]:
    """The paragraphs with their garble scores and the signals that speak for and against."""
    known = entities_by_id(reference)
    latinized = {c.entity_id for cs in found.values() for c in cs if c.entity_id}
    in_chinese = [[n for n in (known[i].name, *known[i].aliases) if has_han(n)] for i in sorted(latinized)]
    read = [p for p in paragraphs if p.role in ("byline", "heading", "body")]
    sums: list[float] = []
    signals: list[str] = []
    for p in read:
        here = found.get(p.index, ())
        text = reading.text[p.raw_start : p.raw_end]
        seen: dict[str, float] = {}
        for surface in {reading.text[c.start : c.end] for c in here}:
            text = text.replace(surface, " ")
        for c in here:
            if c.weight:
                seen[c.signal] = max(seen.get(c.signal, 0.0), c.weight)
        total = sum(seen.values()) + _AGAIN * (len(here) - len(seen))
        # the untouched half writes in Chinese whom the garbled half writes in Latin
        against = [name for names in in_chinese if (name := next((n for n in names if n in text), None))]
        sums.append(total - min(_MAX_IN_CHINESE, _IN_CHINESE * len(against)))
        signals.append("; ".join([*(f"{s} {w:+.1f}" for s, w in seen.items()), *(f"{n} in Chinese {-_IN_CHINESE:+.1f}" for n in against)]))
    cut = {before for before, _ in stitches}
    lengths, styles = [p.raw_end - p.raw_start for p in read], [_commas(p.raw_text) for p in read]
    scores = evidence.scores(sums, lengths, [p.index in cut for p in read], styles)
    result = list(paragraphs)
    for p, score, why in zip(read, scores, signals, strict=True):
        result[p.index] = replace(p, garble_score=score, garbled=score >= GARBLED_FROM, signals=why)
    return result


def _commas(text: str) -> str:
    """The comma that a paragraph writes more often, half or full width; those in numbers and Latin words aside."""
    half, full = len(_HALF_COMMA.findall(text)), text.count("，")
    return "" if half == full else "," if half > full else "，"


def _without_overlaps(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Of overlapping candidates the longer one, then the surer one."""
    chosen: list[Candidate] = []
    taken: set[int] = set()
    for c in sorted(candidates, key=lambda c: (c.start - c.end, -c.confidence, c.start)):
        if taken.isdisjoint(range(c.start, c.end)):
            taken.update(range(c.start, c.end))
            chosen.append(c)
    return sorted(chosen, key=lambda c: c.start)
