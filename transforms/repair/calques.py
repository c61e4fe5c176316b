"""Terms of art that came back from English as other words (`calques.csv`)."""

from __future__ import annotations

from transforms import segmentation
from transforms.reference import Calque
from transforms.repair.candidates import Candidate, Reading

#: Evidence for a round trip: of what nobody writes by hand, of a term beside its calque, of a calque alone.
_PROOF, _KNOWN, _HINT = 2.5, 0.6, 0.3
#: So few characters also meet by chance where two words do: 人时 in 人|时间.
_SHORT = 2
#: From this confidence on a row is what an expert has seen in spun articles; the others were thought of.
_SEEN = 0.85


def candidate(reading: Reading, start: int, end: int, row: Calque) -> Candidate | None:
    """The candidate for a calque that stands at text[start:end].

    A row with `context` counts only where one of these words, or the right term, stands in the article. It proves the round trip only where
    nobody writes the wrong term by hand (confidence from 0.9), speaks for it beside the right term, and a common word that is only
    suggested does neither.
    """
    if row.context and not (any(map(reading.has, row.context)) or reading.uses(row.replacement)):
        return None
    doubtful = end - start <= _SHORT or row.confidence < _SEEN
    if row.status == "applied" and doubtful and segmentation.cuts_a_word(reading.text, start, end):
        return None
    confidence = row.confidence if row.status == "applied" else min(row.confidence, 0.6)
    weight = (
        _PROOF
        if confidence >= 0.9
        else _KNOWN
        if row.kind == "calque" and reading.uses(row.replacement)
        else _HINT
        if row.status == "applied"
        else 0.0
    )
    signal = f"{row.pattern} -> {row.replacement}"
    return Candidate(start, end, row.replacement, row.kind, f"calque.{row.pattern}", confidence, weight, None, signal)
