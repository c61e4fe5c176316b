"""An article as rows of the per-article tables."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Any

from transforms.article import LAYOUT_KINDS, Article

Row = dict[str, Any]


def _id(*parts: object) -> str:
    """A stable id: 16 hex digits of the SHA-256 of what identifies the row."""
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()[:16]


def to_rows(
    article: Article, *, pipeline_version: str, run_id: str, ingested_at: datetime, source_sha256: str | None = None
) -> dict[str, list[Row]]:
    """Table name -> rows with exactly the declared columns. Pure: the stamps come from the caller."""
    key = {"article_id": article.article_id}
    body = [p for p in article.paragraphs if p.role in ("body", "heading")]
    body_chars = sum(len(p.raw_text) for p in body)
    document = article.document
    rows: dict[str, list[Row]] = {
        "articles": [
            key
            | {
                "source_uri": document.source_uri,
                "record_index": document.record_index,
                "source_format": document.source_format,
                "content_sha256": document.content_sha256,
                "source_sha256": source_sha256,
                "encoding": document.encoding,
                "script": article.script,
                "title": article.title,
                "spam_title": article.spam_title,
                "publisher": article.publisher,
                "author": article.author,
                "image_credit": article.image_credit,
                "published_on": article.published_on,
                "reference_date": article.reference_date,
                "reference_date_method": article.reference_date_method,
                "clean_text": article.clean_text,
                "raw_chars": len(document.text),
                "clean_chars": len(article.clean_text),
                "paragraph_count": len(article.paragraphs),
                "garbled_share": sum(len(p.raw_text) for p in body if p.garbled) / body_chars if body_chars else 0.0,
                "repair_count": sum(r.status == "applied" and r.kind not in LAYOUT_KINDS for r in article.repairs),
                "duplicate_of": None,
                "pipeline_version": pipeline_version,
                "run_id": run_id,
                "ingested_at": ingested_at,
            }
        ],
        "paragraphs": [
            key
            | {
                "paragraph_index": p.index,
                "role": p.role,
                "raw_start": p.raw_start,
                "raw_end": p.raw_end,
                "raw_text": p.raw_text,
                "clean_start": p.start,
                "clean_end": p.end,
                "text": None if p.start is None else article.clean_text[p.start : p.end],
                "garble_score": p.garble_score,
                "garbled": p.garbled,
                "signals": p.signals,
            }
            for p in article.paragraphs
        ],
        "repairs": [
            key
            | {
                "paragraph_index": r.paragraph_index,
                "raw_start": r.raw_start,
                "raw_end": r.raw_end,
                "raw_text": r.raw_text,
                "clean_start": r.start,
                "clean_end": r.end,
                "clean_text": r.clean_text,
                "kind": r.kind,
                "rule_id": r.rule_id,
                "confidence": r.confidence,
                "status": r.status,
            }
            for r in article.repairs
        ],
    }
    place = _Places(article)
    rows["mentions"] = [
        {"mention_id": _id(article.article_id, "mention", m.start, m.end)}
        | key
        | place.of(m.start, m.end)
        | dict(zip(("raw_start", "raw_end"), article.alignment.raw_span(m.start, m.end), strict=True))
        | {
            "surface": m.surface,
            "entity_id": m.entity_id,
            "name": m.name,
            "type": m.type,
            "method": m.method,
            "confidence": m.confidence,
        }
        for m in article.mentions
    ]
    rows["quantities"] = [
        {"quantity_id": _id(article.article_id, "quantity", q.start, q.end)}
        | key
        | place.of(q.start, q.end)
        | {
            "surface": q.surface,
            "kind": q.kind,
            "value": q.value,
            "low": q.low,
            "high": q.high,
            "amount": _amount(q.value) if q.kind == "money" else None,
            "unit": q.unit,
            "unit_surface": q.unit_surface,
            "qualifier": q.qualifier,
        }
        for q in article.quantities
    ]
    rows["times"] = [
        {"time_id": _id(article.article_id, "time", t.start, t.end)}
        | key
        | place.of(t.start, t.end)
        | {
            "surface": t.surface,
            "kind": t.kind,
            "start_date": t.start_date,
            "end_date": t.end_date,
            "granularity": t.granularity,
            "relative": t.relative,
        }
        for t in article.times
    ]
    rows["facts"] = _numbered(
        "fact_id",
        article.article_id,
        [
            key
            | {
                "sentence_index": f.sentence_index,
                "clean_start": f.start,
                "clean_end": f.end,
                "evidence": f.evidence,
                "subject_id": f.subject_id,
                "subject": f.subject,
                "metric": f.metric,
                "base_metric": f.base_metric,
                "metric_surface": f.metric_surface,
                "value": f.value,
                "low": f.low,
                "high": f.high,
                "unit": f.unit,
                "qualifier": f.qualifier,
                "period_start": f.period_start,
                "period_end": f.period_end,
                "status": f.status,
                "cohort": f.cohort,
                "comparison": f.comparison,
                "source": f.source,
                "confidence": f.confidence,
            }
            for f in article.facts
        ],
    )
    rows["events"] = _numbered(
        "event_id",
        article.article_id,
        [
            key
            | {
                "sentence_index": e.sentence_index,
                "clean_start": e.start,
                "clean_end": e.end,
                "evidence": e.evidence,
                "type": e.type,
                "date_start": e.date_start,
                "date_end": e.date_end,
                "summary": e.summary,
                "confidence": e.confidence,
            }
            for e in article.events
        ],
    )
    rows["event_participants"] = [
        {"event_id": row["event_id"]} | key | {"entity_id": p.entity_id, "name": p.name, "role": p.role}
        for row, event in zip(rows["events"], article.events, strict=True)
        for p in event.participants
    ]
    return rows


def _amount(value: Decimal | None) -> Decimal | None:
    """Money to four places, or None where it has more digits than the column holds."""
    if value is None or value.adjusted() >= 24:
        return None
    return value.quantize(Decimal("0.0001"))


def _numbered(name: str, article_id: str, rows: Iterable[Row]) -> list[Row]:
    """Rows with an id of their content; equal ones are told apart by their order."""
    seen: dict[str, int] = {}
    result = []
    for row in rows:
        content = _id(article_id, name, *(row[column] for column in row if column != "confidence"))
        seen[content] = seen.get(content, 0) + 1
        result.append({name: _id(content, seen[content])} | row)
    return result


class _Places:
    """Paragraph and sentence of a clean offset."""

    def __init__(self, article: Article) -> None:
        self._sentences = article.sentences
        self._starts = [s.start for s in article.sentences]
        placed = [p for p in article.paragraphs if p.start is not None]
        self._paragraphs = [p.index for p in placed]
        self._paragraph_starts = [p.start or 0 for p in placed]

    def of(self, start: int, end: int) -> Row:
        sentence = max(0, bisect_right(self._starts, start) - 1)
        paragraph = max(0, bisect_right(self._paragraph_starts, start) - 1)
        return {
            "paragraph_index": self._paragraphs[paragraph] if self._paragraphs else 0,
            "sentence_index": self._sentences[sentence].index if self._sentences else 0,
            "clean_start": start,
            "clean_end": end,
        }
