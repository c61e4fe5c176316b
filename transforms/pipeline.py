"""The order of the steps, and nothing else.

raw text -> paragraphs with roles -> diagnosis (garble scores, repairs) -> clean text and audit log -> sentences -> reference date -> times,
mentions, quantities -> facts, events.
"""

from __future__ import annotations

import hashlib
from datetime import date

from transforms import cleaning, entities, events, facts, paragraphs, quantities, reference_date, segmentation, times
from transforms.article import Article, RawDocument
from transforms.reference import Reference
from transforms.repair import engine
from transforms.script import detect_region, detect_script


def article_id(source_uri: str, record_index: int = 0) -> str:
    """The stable id of an article: 16 hex digits of the SHA-256 of where it was read from."""
    return hashlib.sha256(f"{source_uri}\0{record_index}".encode()).hexdigest()[:16]


def transform(
    document: RawDocument,
    reference: Reference,
    *,
    today: date,
    fixed_reference_date: date | None = None,
    recognizer: entities.Recognizer | None = None,
) -> Article:
    """Everything that can be said about one raw document. A pure function of its arguments; `today` is the last resort for the
    reference date, `fixed_reference_date` overrules everything; a `recognizer` takes the place of the rules for names."""
    raw = document.text
    script = detect_script(raw)
    lines = paragraphs.assign_roles(paragraphs.split(raw), reference, document.title)
    diagnosis = engine.diagnose(lines, reference)

    heading = paragraphs.read_title(diagnosis.paragraphs, document.title)
    alignment, placed, inside = cleaning.assemble(
        raw, diagnosis.paragraphs, [c.edit for c in diagnosis.applied], keep_title=heading.spam_title is None, reference=reference
    )
    bylines = {p.index for p in placed if p.role == "byline"}
    outside = [c.edit for c in diagnosis.applied if any(placed[i].raw_start <= c.start < placed[i].raw_end for i in bylines)]
    repairs = cleaning.audit_log(alignment, placed, inside, outside, [c.edit for c in diagnosis.suggested])
    byline = paragraphs.read_bylines(placed, [*outside, *(c.edit for c in diagnosis.suggested)], reference)

    clean = alignment.clean
    published = document.published_on or paragraphs.read_date(byline.date)
    anchor, method = reference_date.infer(document, paragraphs.read_date(byline.date), clean, today)
    anchor = fixed_reference_date or anchor
    sentences = segmentation.sentences(clean, placed)
    when = times.extract(clean, anchor, reference)
    mentions = entities.extract(clean, sentences, reference, blocked=[(t.start, t.end) for t in when], script=script, recognizer=recognizer)
    amounts = quantities.extract(
        clean,
        reference,
        region=detect_region(clean, script),
        blocked=sorted([(t.start, t.end) for t in when] + [(m.start, m.end) for m in mentions]),
    )
    views = facts.views(clean, sentences, mentions, amounts, when, reference)
    return Article(
        article_id=article_id(document.source_uri, document.record_index),
        document=document,
        script=script,
        alignment=alignment,
        paragraphs=placed,
        repairs=repairs,
        title=next((clean[p.start : p.end] for p in placed if p.role == "title" and p.start is not None), heading.title),
        spam_title=heading.spam_title,
        publisher=byline.publisher or document.publisher,
        author=byline.author or document.author,
        image_credit=byline.image_credit,
        published_on=published,
        reference_date=anchor,
        reference_date_method=method,
        sentences=sentences,
        mentions=mentions,
        quantities=amounts,
        times=when,
        facts=facts.extract(views, reference, anchor),
        events=events.extract(views, anchor),
    )
