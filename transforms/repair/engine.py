"""One engine for all repairs: gather candidates, weigh the evidence, decide, and say why."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
    read = [p for p in paragraphs if p.role in ("byline", "heading", "body")]
    names = spelling.article_names(paragraphs)
    found: dict[int, list[Candidate]] = {}
    for p in read:
        found[p.index] = [
            *spelling.candidates(p, reference, names),
            *calques.candidates(p, reference, names),
            *doubling.candidates(p),
            *figures.candidates(p, paragraphs),
        ]
    stitches = _stitches(paragraphs, names.text)
    scored = _score(read, found, stitches, reference)
    result = [replace(p, garble_score=scored.get(p.index, 0.0), garbled=scored.get(p.index, 0.0) >= GARBLED_FROM) for p in paragraphs]
    spun = any(p.garbled and p.role in ("body", "heading") for p in result)

    applied: list[Candidate] = []
    suggested: list[Candidate] = []
    for p in result:
        for c in _without_overlaps(found.get(p.index, [])):
            if not c.replacement or c.replacement == paragraphs[p.index].raw_text[c.start - p.raw_start : c.end - p.raw_start]:
                continue
            here = p.garbled or (spun and (c.kind == "duplicate" or p.role == "byline"))
            if here and c.confidence >= APPLY_FROM:
                applied.append(c)
            elif here or (spun and p.garble_score > 0.2):
                suggested.append(c)
    for (before, after), c in stitches.items():
        if c.rule_id == "stitching.sentence" or spun:
            applied.append(c)
            result[after] = replace(result[after], role=result[before].role)
    applied.sort(key=lambda c: c.start)
    return Diagnosis(tuple(result), tuple(applied), tuple(suggested))


def _stitches(paragraphs: Sequence[Paragraph], text: str) -> dict[tuple[int, int], Candidate]:
    found = {}
    for before, after in itertools.pairwise(paragraphs):
        if before.role == "body" and after.role in ("body", "heading"):
            c = stitching.candidate(before, after, text)
            if c is not None:
                found[before.index, after.index] = c
    return found


def _score(
    read: Sequence[Paragraph],
    found: dict[int, list[Candidate]],
    stitches: dict[tuple[int, int], Candidate],
    reference: Reference,
) -> dict[int, float]:
    """The garble score of every paragraph that was read."""
    known = entities_by_id(reference)
    latinized = {c.entity_id for cs in found.values() for c in cs if c.entity_id and c.rule_id.startswith("spelling.")}
    chinese_names = [
        [name for name in (known[i].name, *known[i].aliases) if any(map(is_han, name))] for i in latinized if i is not None and i in known
    ]
    sums, lengths, seams = [], [], []
    for p in read:
        distinct: dict[str, float] = {}
        repeats = 0
        for c in found[p.index]:
            repeats += c.signal in distinct
            distinct[c.signal] = max(distinct.get(c.signal, 0.0), c.weight)
        total = sum(distinct.values()) + 0.2 * repeats
        if chinese_names:
            # the untouched half writes in Chinese who the garbled half writes in Latin
            text = fold(p.raw_text)
            for c in found[p.index]:
                if re.search("[A-Za-z]", text) and c.rule_id.startswith("spelling."):
                    local = c.start - p.raw_start
                    text = text[:local] + " " * (c.end - c.start) + text[local + c.end - c.start :]
            total -= min(3.0, sum(1.5 for names in chinese_names if any(name in text for name in names)))
        sums.append(total)
        lengths.append(len(p.raw_text))
        seams.append(any(before == p.index for before, _ in stitches))
    return {p.index: score for p, score in zip(read, evidence.scores(sums, lengths, seams), strict=True)}


def _without_overlaps(candidates: list[Candidate]) -> list[Candidate]:
    """Of overlapping candidates the longer one, then the surer one."""
    chosen: list[Candidate] = []
    for c in sorted(candidates, key=lambda c: (c.start - c.end, -c.confidence, c.start)):
        if all(c.end <= other.start or other.end <= c.start for other in chosen):
            chosen.append(c)
    return sorted(chosen, key=lambda c: c.start)
