"""Checks of what follows from other rows: the clean text by the audit log, copies of an article, entities and marts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

import pandas as pd
import pyarrow as pa

from flows.arrow import from_frame
from flows.check.finding import REBUILD, Finding, Rows
from transforms import cleaning, marts
from transforms.article import Paragraph, Repair
from transforms.reference import Entity
from transforms.tables import BY_NAME

#: Rows that are in memory at a time where tables are streamed.
BATCH = 20_000
#: What a replay needs of paragraphs and repairs, by the names of their columns.
_PARAGRAPH = ("paragraph_index", "role", "raw_start", "raw_end", "raw_text", "clean_start", "clean_end")
_REPAIR = (
    "paragraph_index", "raw_start", "raw_end", "raw_text", "clean_start", "clean_end", "clean_text", "kind", "rule_id", "confidence",
)  # fmt: skip


def replay(rows: Rows) -> Iterator[Finding]:
    """Raw paragraphs and applied repairs give the clean text, article by article."""
    # one stream of all three tables: a connection can have no more
    log = f"""SELECT article_id, 'articles' AS part, clean_text FROM articles
        UNION ALL BY NAME SELECT article_id, 'paragraphs' AS part, {", ".join(_PARAGRAPH)} FROM paragraphs WHERE clean_start IS NOT NULL
        UNION ALL BY NAME SELECT article_id, 'repairs' AS part, {", ".join(_REPAIR)} FROM repairs WHERE status = 'applied'
        ORDER BY article_id, part, raw_start, raw_end"""
    stream = (row for batch in rows.sql(log).to_arrow_reader(BATCH) for row in batch.to_pylist())
    for article_id, group in groupby(stream, itemgetter("article_id")):
        parts: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for row in group:
            parts[row["part"]].append(row)
        paragraphs = [Paragraph(*(row[name] for name in _PARAGRAPH)) for row in parts["paragraphs"]]
        repairs = [Repair(*(row[name] for name in _REPAIR)) for row in parts["repairs"]]
        try:
            replayed = cleaning.replay(paragraphs, repairs)
        except ValueError:  # repairs that overlap or leave their paragraph
            replayed = None
        if [replayed] != [row["clean_text"] for row in parts["articles"]]:
            yield Finding("replay", "repairs", article_id, f"the applied repairs do not turn raw_text into clean_text; {REBUILD}")


def copies(rows: Rows) -> Iterator[Finding]:
    """Each copy of an article says so, and names the first one."""
    first = marts.duplicates(_frame(rows, "articles", ("article_id", "source_uri", "reference_date", "clean_text")))
    for article_id, found in rows.execute("SELECT article_id, duplicate_of FROM articles ORDER BY article_id").fetchall():
        if found != (expected := first.get(article_id)):
            yield Finding("copies", "articles", article_id, f"duplicate_of is {found or 'null'}, not {expected or 'null'}; {REBUILD}")


def mart_rows(rows: Rows) -> Iterator[Finding]:
    """Entities, their aliases and the marts are what the other tables give.

    What the reference data said of an entity is taken from the dataset itself, because it may have changed since.
    """
    corpus = _frame(rows, "articles", ("article_id", "reference_date", "duplicate_of"))
    facts = _frame(rows, "facts", marts.FACT_COLUMNS)
    entities, aliases = marts.entities(_frame(rows, "mentions", marts.MENTION_COLUMNS), corpus, _known(rows))
    for name, frame in (
        ("entities", entities),
        ("entity_aliases", aliases),
        ("metric_series", marts.metric_series(facts, corpus)),
        ("fact_conflicts", marts.fact_conflicts(facts, corpus)),
    ):
        table = BY_NAME[name]
        rows.register("recomputed", from_frame(table, frame))
        columns = ", ".join(table.schema.names)
        key = f"concat_ws(', ', {', '.join(table.key)})"
        for one, other, wrong in ((name, "recomputed", "not what the other tables give"), ("recomputed", name, "missing")):
            differences = f"(SELECT {columns} FROM {one} EXCEPT ALL SELECT {columns} FROM {other})"
            ((count, first),) = rows.execute(f"SELECT count(*), min({key}) FROM {differences}").fetchall()
            if count:
                yield Finding(
                    "marts", name, first, f"the row is {wrong} ({count} such rows); the next `qingwen build` with a change mends it"
                )


def _known(rows: Rows) -> list[Entity]:
    """The entities of the reference data, as far as the dataset has them."""
    spellings: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for entity_id, alias, kind in rows.execute("SELECT entity_id, alias, kind FROM entity_aliases").fetchall():
        spellings[entity_id][kind].append(alias)
    known = rows.execute("SELECT entity_id, name, type, parent_id FROM entities WHERE in_reference").fetchall()
    return [
        Entity(
            entity_id,
            name,
            kind,
            parent,
            aliases=tuple(spellings[entity_id]["abbreviation"]),
            latin=tuple(spellings[entity_id]["latin"]),
            garbled=tuple(spellings[entity_id]["garbled"]),
            ticker=tuple(spellings[entity_id]["ticker"]),
        )
        for entity_id, name, kind, parent in known
    ]


def _frame(rows: Rows, table: str, columns: tuple[str, ...]) -> pd.DataFrame:
    return pa.table(rows.sql(f"SELECT {', '.join(columns)} FROM {table}").to_arrow_table()).to_pandas()


CHECKS = (replay, copies, mart_rows)
