"""Why each repair was made, or only suggested."""

from __future__ import annotations

from rich.console import Console

from flows.report import grid, visible
from flows.settings import Settings
from flows.show import documents
from transforms import cleaning, paragraphs, reference
from transforms.article import RawDocument
from transforms.reference import Reference
from transforms.repair import engine
from transforms.repair.candidates import Candidate


def explain(settings: Settings, console: Console) -> None:
    """Print the evidence behind every repair of the articles of some files; nothing is written.

    Raises UsageError with the reason where the files have no article.
    """
    known = reference.load(settings.reference)
    for document in documents(settings):
        print_evidence(document, known, console)


def print_evidence(document: RawDocument, known: Reference, console: Console) -> None:
    """Print the garble scores of one article with their signals, then its repairs with theirs, then whether the log replays."""
    diagnosis = engine.diagnose(paragraphs.assign_roles(paragraphs.split(document.text), known, document.title), known)
    console.print(visible(document.source_uri), style="bold", markup=False)
    scores = grid(
        ("paragraph", "role", "score", "begins", "signals (log odds of a round trip)"),
        ((p.index, p.role, f"{p.garble_score:.2f}", p.raw_text[:16], p.signals) for p in diagnosis.paragraphs),
    )
    console.print(scores, "")
    rows = [(c, "applied") for c in diagnosis.applied] + [(c, "suggested") for c in diagnosis.suggested]
    repairs = grid(
        ("paragraph", "raw", "clean", "rule", "confidence", "evidence", "status", "because"),
        (_row(c, status, document.text, diagnosis) for c, status in sorted(rows, key=lambda row: row[0].start)),
    )
    console.print(repairs, "")
    heading = paragraphs.read_title(diagnosis.paragraphs, document.title)
    edits = [c.edit for c in diagnosis.applied]
    alignment, placed, inside = cleaning.assemble(
        document.text, diagnosis.paragraphs, edits, keep_title=heading.spam_title is None, reference=known
    )
    holds = cleaning.replay(placed, cleaning.audit_log(alignment, placed, inside, [], [])) == alignment.clean
    verdict = "gives" if holds else "DOES NOT give"
    console.print(f"{len(edits)} applied, {len(diagnosis.suggested)} suggested; replaying the log {verdict} the clean text")


def _row(c: Candidate, status: str, raw: str, diagnosis: engine.Diagnosis) -> tuple[str, ...]:
    p = next(p for p in reversed(diagnosis.paragraphs) if p.raw_start <= c.start)
    because = engine.reason(c, p, applied=status == "applied")
    return (
        str(p.index),
        raw[c.start : c.end],
        c.replacement,
        c.rule_id,
        f"{c.confidence:.2f}",
        f"{c.signal} {c.weight:+.1f}",
        status,
        because,
    )
