"""One engine for all repairs: gather candidates, weigh the evidence, decide, and say why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from transforms.article import Paragraph
from transforms.reference import Reference, entities_by_id
from transforms.repair import calques, doubling, evidence, figures, spelling, stitching
from transforms.repair.candidates import APPLY_FROM, Candidate
from transforms.script import fold, is_han

#: A paragraph counts as garbled from this score on.
GARBLED_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What the engine found: the paragraphs with their scores, the edits to apply, and what it only suggests. Offsets are raw."""

    paragraphs: tuple[Paragraph, ...]
    applied: tuple[Candidate, ...]
    suggested: tuple[Candidate, ...]


def diagnose(paragraphs: Sequence[Paragraph], reference: Reference) -> Diagnosis:
    """Find and decide all repairs of an article whose paragraphs have their roles."""
    read = {p.index: fold(p.raw_text) for p in paragraphs if p.role in ("byline", "heading", "body")}
    names = spelling.ArticleNames("\n".join(read.values()))
    found = {
        index: [
            *spelling.candidates(text, reference, names),
            *calques.candidates(text, reference, names),
            *doubling.candidates(text),
            *figures.candidates(text, names.text),
        ]
        for index, text in read.items()
    }
    # one odd spelling alone proves nothing, however short the article
    suspicious = sum(c.weight > 0 for cs in found.values() for c in cs) > 1
    stitches = _stitches(paragraphs, names.text, suspicious=suspicious)
    scored = _score(read, found, stitches, reference) if suspicious else {}
    result = [
        replace(p, garble_score=scored[p.index], garbled=scored[p.index] >= GARBLED_FROM) if p.index in scored else p for p in paragraphs
    ]
    spun = any(p.garbled and p.role in ("body", "heading") for p in result)

    applied: list[Candidate] = []
    suggested: list[Candidate] = []
    for p in result:
        raw = p.raw_text
        for c in _without_overlaps(found.get(p.index, [])):
            if not c.replacement or c.replacement == raw[c.start : c.end]:
                continue
            c = c.moved(p.raw_start)
            here = p.garbled or (spun and (c.kind == "duplicate" or p.role == "byline"))
            if here and c.confidence >= APPLY_FROM:
                applied.append(c)
            elif here or (spun and p.garble_score > 0.2):
                suggested.append(c)
    for (before, after), c in stitches.items():
        if c.rule_id != stitching.FALSE_STOP or spun:
            applied.append(c)
            result[after] = replace(result[after], role=result[before].role)
    applied.sort(key=lambda c: c.start)
    return Diagnosis(tuple(result), tuple(applied), tuple(suggested))


def _stitches(paragraphs: Sequence[Paragraph], article: str, *, suspicious: bool) -> dict[tuple[int, int], Candidate]:
    found = {}
    for before, after in pairwise(paragraphs):
        if before.role == "body" and after.role in ("body", "heading"):
            c = stitching.candidate(before, after, article, suspicious=suspicious)
            if c is not None:
                found[before.index, after.index] = c
    return found


def _score(
    read: Mapping[int, str],
    found: Mapping[int, Sequence[Candidate]],
    stitches: Mapping[tuple[int, int], Candidate],
    reference: Reference,
) -> dict[int, float]:
    """The garble score of every paragraph that was read."""
    known = entities_by_id(reference)
    latinized = {c.entity_id for cs in found.values() for c in cs if c.entity_id}
    chinese_names = [[name for name in (known[i].name, *known[i].aliases) if any(map(is_han, name))] for i in sorted(latinized)]
    sums = []
    for index, text in read.items():
        distinct: dict[str, float] = {}
        for c in found[index]:
            distinct[c.signal] = max(distinct.get(c.signal, 0.0), c.weight)
        total = sum(distinct.values()) + 0.2 * (len(found[index]) - len(distinct))
        if chinese_names:
            # the untouched half writes in Chinese whom the garbled half writes in Latin
            for c in found[index]:
                text = text[: c.start] + " " * (c.end - c.start) + text[c.end :]
            total -= min(5.0, sum(2.0 for names in chinese_names if any(name in text for name in names)))
        sums.append(total)
    cut = {before for before, _ in stitches}
    scores = evidence.scores(sums, [len(text) for text in read.values()], [index in cut for index in read])
    return dict(zip(read, scores, strict=True))


def _without_overlaps(candidates: list[Candidate]) -> list[Candidate]:
    """Of overlapping candidates the longer one, then the surer one."""
    chosen: list[Candidate] = []
    for c in sorted(candidates, key=lambda c: (c.start - c.end, -c.confidence, c.start)):
        if all(c.end <= other.start or other.end <= c.start for other in chosen):
            chosen.append(c)
    return sorted(chosen, key=lambda c: c.start)
