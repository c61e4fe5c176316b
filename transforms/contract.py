"""What the tables promise beyond their types: where a value may be missing, which codes there are, what refers to what.

`transforms.tables` declares names and types, this the rest; `qingwen check` holds a dataset against both.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from transforms.article import (
    Comparison,
    EntityType,
    EventType,
    FactStatus,
    Granularity,
    Qualifier,
    QuantityKind,
    RepairKind,
    Role,
    Script,
    TimeKind,
)

#: Where null is allowed: the article does not say, there is nothing to say, or the row is older than the column.
NULLABLE: dict[str, frozenset[str]] = {
    table: frozenset(columns.split())
    for table, columns in {
        "articles": "title spam_title publisher author image_credit published_on duplicate_of source_sha256",
        "paragraphs": "clean_start clean_end text",
        "entities": "parent_id first_seen_on last_seen_on",
        "quantities": "value low high amount unit unit_surface qualifier",
        "times": "start_date end_date",
        "facts": "subject_id base_metric value low high unit qualifier period_start period_end cohort comparison source",
        "events": "date_start date_end",
        "metric_series": "subject_id base_metric comparison cohort unit period_start period_end value",
        "fact_conflicts": "subject_id base_metric comparison cohort unit period_start period_end",
    }.items()
}

#: The codes of a column.
CODES: dict[tuple[str, str], tuple[str, ...]] = {
    ("articles", "script"): get_args(Script),
    ("articles", "reference_date_method"): ("metadata", "filename", "text", "ingestion"),
    ("paragraphs", "role"): get_args(Role),
    ("repairs", "kind"): get_args(RepairKind),
    ("repairs", "status"): ("applied", "suggested"),
    ("entities", "type"): get_args(EntityType),
    ("entity_aliases", "kind"): ("name", "abbreviation", "latin", "garbled", "ticker", "observed"),
    ("mentions", "type"): get_args(EntityType),
    ("mentions", "method"): ("reference", "pattern", "segmenter", "model"),
    ("quantities", "kind"): get_args(QuantityKind),
    ("quantities", "qualifier"): get_args(Qualifier),
    ("times", "kind"): get_args(TimeKind),
    ("times", "granularity"): get_args(Granularity),
    ("facts", "qualifier"): get_args(Qualifier),
    ("facts", "status"): get_args(FactStatus),
    ("facts", "comparison"): get_args(Comparison),
    ("events", "type"): get_args(EventType),
    ("event_participants", "role"): ("actor", "target", "partner", "other"),
    ("metric_series", "status"): get_args(FactStatus),
    ("metric_series", "comparison"): tuple(c for c in get_args(Comparison) if c != "from"),
    ("fact_conflicts", "status"): get_args(FactStatus),
    ("fact_conflicts", "comparison"): tuple(c for c in get_args(Comparison) if c != "from"),
    ("runs", "status"): ("completed", "completed_with_rejects"),
}


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Every value of `columns` of `table`, unless null, stands in the `target` columns of another table."""

    table: str
    columns: tuple[str, ...]
    target_table: str
    target: tuple[str, ...]


FOREIGN_KEYS: tuple[ForeignKey, ...] = tuple(
    ForeignKey(table, tuple(columns.split()), target_table, tuple(target.split()))
    for tables, columns, target_table, target in (
        ("paragraphs repairs mentions quantities times facts events event_participants", "article_id", "articles", "article_id"),
        ("articles", "duplicate_of", "articles", "article_id"),
        ("repairs mentions quantities times", "article_id paragraph_index", "paragraphs", "article_id paragraph_index"),
        ("entity_aliases mentions event_participants", "entity_id", "entities", "entity_id"),
        ("facts metric_series fact_conflicts", "subject_id", "entities", "entity_id"),
        ("entities", "parent_id", "entities", "entity_id"),
        ("event_participants", "event_id article_id", "events", "event_id article_id"),
        ("fact_conflicts", "fact_id", "facts", "fact_id"),
        ("fact_conflicts", "other_fact_id", "facts", "fact_id"),
        ("articles rejects", "run_id", "runs", "run_id"),
    )
    for table in tables.split()
)
