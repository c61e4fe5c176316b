"""Raw paragraphs to the clean text of an article, with the alignment and the audit log between the two.

The clean text is the title (unless spam), headings and body after repair and layout, joined by one line feed.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cache

import ahocorasick_rs

from transforms import layout
from transforms.article import Alignment, Edit, Paragraph, Repair
from transforms.reference import Reference
from transforms.script import all_han, has_han, is_han

#: Layout edits can give each other new neighbours; this many rounds settle any text (tested with hypothesis).
_LAYOUT_ROUNDS = 8


@cache
def _names_with_blanks(reference: Reference) -> ahocorasick_rs.AhoCorasick | None:
    """Names with a blank beside a Chinese character, such as 晚点 LatePost: their blank stays."""
    names = {
        name
        for entity in reference.entities
        for name in (entity.name, *entity.aliases)
        if " " in name and has_han(name) and not all_han(name.replace(" ", ""))
    }
    return ahocorasick_rs.AhoCorasick(sorted(names)) if names else None


def tidy(text: str, repairs: Sequence[Edit], reference: Reference) -> Sequence[Edit]:
    """The repairs of one paragraph with its layout edits, settled."""
    if not repairs:
        edits = _layout_edits(text, reference)
        if all(edit.text in layout.SETTLED for edit in edits):
            return edits
    alignment = Alignment(text, repairs)
    for _ in range(_LAYOUT_ROUNDS):
        more = _layout_edits(alignment.clean, reference)
        if not more:
            break
        alignment = alignment.then(more) if alignment.edits else Alignment(text, more)
    return alignment.edits


def _layout_edits(text: str, reference: Reference) -> Sequence[Edit]:
    names = _names_with_blanks(reference) if " " in text else None
    return layout.edits(text, [(a, b) for _, a, b in names.find_matches_as_indexes(text)] if names else ())


def assemble(
    raw: str, paragraphs: Sequence[Paragraph], edits: Sequence[Edit], *, keep_title: bool, reference: Reference
) -> tuple[Alignment, list[Paragraph], list[Edit]]:
    """The alignment of the whole document, the paragraphs with their place in the clean text, and the edits inside kept paragraphs.

    `edits` are the repairs to apply, in order and in raw offsets; one that reaches over the gap between two paragraphs (a stitch) joins
    them.
    """
    kept = [p for p in paragraphs if p.role in ("heading", "body") or (p.role == "title" and keep_title)]
    starts = [e.start for e in edits]
    inside: list[Edit] = []  # repairs and layout within paragraphs, and stitches
    between: list[Edit] = []  # a gap becomes one line feed; what is not kept goes
    gap_start, stitched = 0, False
    for p in kept:
        own = edits[bisect_left(starts, p.raw_start) : bisect_right(starts, p.raw_end)] if edits else []
        stitch = next((e for e in own if e.end > p.raw_end), None)
        text = raw[p.raw_start : stitch.start] if stitch else p.raw_text
        if own or layout.has_issues(text):
            repairs = [e.moved(-p.raw_start) for e in own if e is not stitch]
            inside += [e.moved(p.raw_start) for e in tidy(text, [*repairs, *_freed_blanks(text, repairs)], reference)]
        if not stitched:
            between.append(Edit(gap_start, p.raw_start, "\n" if between else ""))
        if stitch:
            inside.append(stitch)
        gap_start, stitched = p.raw_end, stitch is not None
    between.append(Edit(gap_start, len(raw), ""))
    alignment = Alignment(raw, [*inside, *(e for e in between if e.start < e.end)])
    placed = list(paragraphs)
    for p in kept:
        start, end = alignment.clean_span(p.raw_start, p.raw_end)
        placed[p.index] = Paragraph(p.index, p.role, p.raw_start, p.raw_end, p.raw_text, start, end, p.garble_score, p.garbled, p.signals)
    return alignment, placed, inside


_BLANKS = re.compile(r"[ \u00a0\u3000]+")


def _freed_blanks(text: str, repairs: Sequence[Edit]) -> list[Edit]:
    """The blanks that stood between Latin and Chinese and would now part two Chinese characters: "Tik Tok 上" is 抖音上."""
    freed = []
    for blank in _BLANKS.finditer(text) if repairs else ():
        start, end = blank.span()
        left = next((e for e in repairs if e.end == start and e.text and text[start - 1].isascii()), None)
        right = next((e for e in repairs if e.start == end and e.text and text[end].isascii()), None)
        if any(e.start < end and start < e.end for e in repairs):
            continue
        if (left and is_han(text[end : end + 1] or " ")) or (right and start and is_han(text[start - 1])):
            freed.append(Edit(start, end, "", "whitespace", "layout.blank"))
    return freed


def audit_log(
    alignment: Alignment, paragraphs: Sequence[Paragraph], inside: Sequence[Edit], outside: Sequence[Edit], suggested: Sequence[Edit]
) -> list[Repair]:
    """The rows of the audit log, in the order of the raw text.

    `inside` are the edits in kept paragraphs, `outside` those in bylines (which have no place in the clean text; they point to where they
    would stand), `suggested` change nothing.
    """
    starts = [p.raw_start for p in paragraphs]
    rows = []
    for edit, applied in [*((e, True) for e in (*inside, *outside)), *((e, False) for e in suggested)]:
        start, end = alignment.clean_span(edit.start, edit.end)
        rows.append(
            Repair(
                paragraph_index=paragraphs[max(0, bisect_right(starts, edit.start) - 1)].index,
                raw_start=edit.start,
                raw_end=edit.end,
                raw_text=alignment.raw[edit.start : edit.end],
                start=start,
                end=end,
                clean_text=edit.text,
                kind=edit.kind,
                rule_id=edit.rule_id,
                confidence=edit.confidence,
                status="applied" if applied else "suggested",
            )
        )
    return sorted(rows, key=lambda r: (r.raw_start, r.raw_end, r.status, r.rule_id))


def replay(paragraphs: Sequence[Paragraph], repairs: Sequence[Repair]) -> str:
    """The clean text, rebuilt from the raw paragraphs and the audit log alone.

    `paragraphs` are those of the article with their places, `repairs` its whole log.
    """
    applied = [r for r in repairs if r.status == "applied"]
    joined = {r.raw_end for r in applied if r.kind == "stitch"}
    pieces: list[str] = []
    for p in paragraphs:
        if p.start is not None:
            own = (r for r in applied if p.raw_start <= r.raw_start < p.raw_end)
            edits = (Edit(r.raw_start - p.raw_start, min(r.raw_end, p.raw_end) - p.raw_start, r.clean_text) for r in own)
            pieces += ("" if p.raw_start in joined or not pieces else "\n", Alignment(p.raw_text, edits).clean)
    return "".join(pieces)
