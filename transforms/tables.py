"""The one declaration of every table: columns, Arrow types, keys and the data dictionary.

Schemas, checks, `qingwen schema`, the dictionary beside the tables and the docs are generated from here. No dictionary, large_string
or nested types: every common BI tool must read the files as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

TEXT = pa.string()
INT = pa.int32()
LONG = pa.int64()
FLOAT = pa.float64()
BOOL = pa.bool_()
DATE = pa.date32()
INSTANT = pa.timestamp("us", tz="UTC")
#: 28 digits is what .NET-based BI tools read.
MONEY = pa.decimal128(28, 4)


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: pa.DataType
    description: str


@dataclass(frozen=True, slots=True)
class Table:
    """`key` names the columns that identify a row; `per_article` tables are replaced article by article, the others as a whole."""

    name: str
    description: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    per_article: bool = True

    @property
    def schema(self) -> pa.Schema:
        return pa.schema([pa.field(c.name, c.type, metadata={"description": c.description}) for c in self.columns])


def _c(name: str, type_: pa.DataType, description: str) -> Column:
    return Column(name, type_, description)


ARTICLE_ID = _c("article_id", TEXT, "article the row belongs to")
PARAGRAPH_INDEX = _c("paragraph_index", INT, "position of the paragraph in the raw document, from 0")
SENTENCE_INDEX = _c("sentence_index", INT, "position of the sentence in the clean text, from 0")
CLEAN_START = _c("clean_start", INT, "start in articles.clean_text, code points")
CLEAN_END = _c("clean_end", INT, "end in articles.clean_text, exclusive, code points")
RAW_START = _c("raw_start", INT, "start in the raw document, code points")
RAW_END = _c("raw_end", INT, "end in the raw document, exclusive, code points")
SURFACE = _c("surface", TEXT, "the characters as they stand in the clean text")
EVIDENCE = _c("evidence", TEXT, "the clean text that says so, clean_start to clean_end")
CONFIDENCE = _c("confidence", FLOAT, "0..1, how sure the rule is")
RUN_ID = _c("run_id", TEXT, "run that wrote the row")

TABLES: tuple[Table, ...] = (
    Table(
        "articles",
        "one row an article",
        (
            _c("article_id", TEXT, "stable id, made of source_uri and record_index"),
            _c("source_uri", TEXT, "where the article was read from; members of archives as archive!member"),
            _c("record_index", INT, "position inside a multi-record file, 0 otherwise"),
            _c("source_format", TEXT, "txt, md, html, jsonl, csv or parquet"),
            _c("content_sha256", TEXT, "SHA-256 of the bytes (of text and metadata of the record in a multi-record file), hex"),
            _c("source_sha256", TEXT, "SHA-256 of the bytes of the file or archive it was read from, hex; null in older rows"),
            _c("encoding", TEXT, "character encoding the bytes were read in"),
            _c("script", TEXT, "hans (simplified) or hant (Traditional)"),
            _c("title", TEXT, "title; null where the title line is unrelated spam"),
            _c("spam_title", TEXT, "the title line that was dropped as unrelated"),
            _c("publisher", TEXT, "who published it, from the byline or the metadata"),
            _c("author", TEXT, "who wrote it, from the byline or the metadata"),
            _c("image_credit", TEXT, "source of the head image, from the byline"),
            _c("published_on", DATE, "date of publication; null where neither metadata nor text says it"),
            _c("reference_date", DATE, "date that relative expressions resolve against"),
            _c("reference_date_method", TEXT, "where reference_date comes from: metadata, filename, text or ingestion"),
            _c("clean_text", TEXT, "title (unless spam), headings and body after repair, paragraphs joined by a line feed"),
            _c("raw_chars", LONG, "length of the raw document, code points"),
            _c("clean_chars", LONG, "length of clean_text, code points"),
            _c("paragraph_count", INT, "paragraphs of the raw document"),
            _c("garbled_share", FLOAT, "0..1, share of body characters in garbled paragraphs"),
            _c("repair_count", INT, "applied repairs of the wording, layout aside"),
            _c("duplicate_of", TEXT, "article_id of the first copy; null for a first copy"),
            _c("pipeline_version", TEXT, "version of code, reference data, name model and reading options"),
            RUN_ID,
            _c("ingested_at", INSTANT, "when the run that wrote the row started"),
        ),
        ("article_id",),
    ),
    Table(
        "paragraphs",
        "one row a paragraph of the raw document, in order, nothing left out",
        (
            ARTICLE_ID,
            PARAGRAPH_INDEX,
            _c("role", TEXT, "title, byline, heading, body or boilerplate"),
            RAW_START,
            RAW_END,
            _c("raw_text", TEXT, "the paragraph as it stands in the raw document, without its margins"),
            _c("clean_start", INT, "start in articles.clean_text; null where the paragraph is not part of it"),
            _c("clean_end", INT, "end in articles.clean_text, exclusive; null where the paragraph is not part of it"),
            _c("text", TEXT, "the clean paragraph; null where it is not part of clean_text"),
            _c("garble_score", FLOAT, "0..1, how likely a round-trip translation produced it"),
            _c("garbled", BOOL, "whether it lies in the round-tripped part"),
            _c("signals", TEXT, "evidence behind garble_score with its log odds: `Tik Tok -> 抖音 +3.0; 京东 in Chinese -2.0`"),
        ),
        ("article_id", "paragraph_index"),
    ),
    Table(
        "repairs",
        "one row an edit: the audit log; the applied rows turn the raw body into clean_text and back",
        (
            ARTICLE_ID,
            PARAGRAPH_INDEX,
            RAW_START,
            RAW_END,
            _c("raw_text", TEXT, "what stood in the raw document"),
            CLEAN_START,
            CLEAN_END,
            _c("clean_text", TEXT, "what stands there now, or would where it is only suggested"),
            _c(
                "kind",
                TEXT,
                "brand, calque, person_name, currency, number, unit, stitch, duplicate, script, punctuation, whitespace or markup",
            ),
            _c("rule_id", TEXT, "rule that made the edit"),
            CONFIDENCE,
            _c("status", TEXT, "applied, or suggested (changes nothing, a curator should look)"),
        ),
        ("article_id", "raw_start", "raw_end", "rule_id"),
    ),
    Table(
        "entities",
        "one row an entity mentioned in the corpus (dimension)",
        (
            _c("entity_id", TEXT, "stable id"),
            _c("name", TEXT, "canonical Chinese name, or the official Latin one where it has no Chinese name"),
            _c("type", TEXT, "company, product, organization, government, person, place, media, work, title or event"),
            _c("parent_id", TEXT, "entity_id of the owner or employer"),
            _c("in_reference", BOOL, "whether the reference data knows it"),
            _c("article_count", LONG, "articles that mention it, duplicates aside"),
            _c("mention_count", LONG, "mentions in them"),
            _c("first_seen_on", DATE, "earliest reference date of an article that mentions it"),
            _c("last_seen_on", DATE, "latest reference date of an article that mentions it"),
        ),
        ("entity_id",),
        per_article=False,
    ),
    Table(
        "entity_aliases",
        "one row a known or observed surface form of an entity of the corpus",
        (
            _c("entity_id", TEXT, "entity the form names"),
            _c("alias", TEXT, "the surface form"),
            _c("kind", TEXT, "name, abbreviation, latin, garbled, ticker or observed"),
        ),
        ("entity_id", "alias", "kind"),
        per_article=False,
    ),
    Table(
        "mentions",
        "one row an entity mention",
        (
            _c("mention_id", TEXT, "stable id"),
            ARTICLE_ID,
            PARAGRAPH_INDEX,
            SENTENCE_INDEX,
            CLEAN_START,
            CLEAN_END,
            RAW_START,
            RAW_END,
            SURFACE,
            _c("entity_id", TEXT, "entity that is meant"),
            _c("name", TEXT, "its canonical name, in the script of the article"),
            _c("type", TEXT, "company, product, organization, government, person, place, media, work, title or event"),
            _c("method", TEXT, "reference, pattern, segmenter or model"),
            CONFIDENCE,
        ),
        ("mention_id",),
    ),
    Table(
        "quantities",
        "one row a number with its meaning",
        (
            _c("quantity_id", TEXT, "stable id"),
            ARTICLE_ID,
            PARAGRAPH_INDEX,
            SENTENCE_INDEX,
            CLEAN_START,
            CLEAN_END,
            SURFACE,
            _c("kind", TEXT, "money, percent, count, rank, duration, multiple, range, ordinal or measure"),
            _c("value", FLOAT, "the number in base units (percent as written); null for a range"),
            _c("low", FLOAT, "lower bound of a range, inclusive"),
            _c("high", FLOAT, "upper bound of a range, inclusive"),
            _c("amount", MONEY, "exact amount of money; null for a range or what is no money"),
            _c("unit", TEXT, "ISO 4217 code, percent, percentage_point, multiple or a unit code of the vocabulary"),
            _c("unit_surface", TEXT, "the unit as it is written"),
            _c("qualifier", TEXT, "about, over, nearly, under, reach, at_least, at_most or null"),
        ),
        ("quantity_id",),
    ),
    Table(
        "times",
        "one row a date or period expression",
        (
            _c("time_id", TEXT, "stable id"),
            ARTICLE_ID,
            PARAGRAPH_INDEX,
            SENTENCE_INDEX,
            CLEAN_START,
            CLEAN_END,
            SURFACE,
            _c("kind", TEXT, "date, period, duration or recurring"),
            _c("start_date", DATE, "first day; null where it is open"),
            _c("end_date", DATE, "last day, inclusive; null where it is open"),
            _c("granularity", TEXT, "day, month, quarter, half, year, season, festival or other"),
            _c("relative", BOOL, "whether it was resolved against the reference date or an earlier expression"),
        ),
        ("time_id",),
    ),
    Table(
        "facts",
        "one row an observation, long format",
        (
            _c("fact_id", TEXT, "stable id"),
            ARTICLE_ID,
            SENTENCE_INDEX,
            CLEAN_START,
            CLEAN_END,
            EVIDENCE,
            _c("subject_id", TEXT, "entity_id of the subject; null where it is a noun phrase"),
            _c("subject", TEXT, "entity name, or the noun phrase the article uses"),
            _c("metric", TEXT, "metric code of the vocabulary"),
            _c("base_metric", TEXT, "what a growth, share or change is of; null for a plain metric"),
            _c("metric_surface", TEXT, "the words that name the metric"),
            _c("value", FLOAT, "the figure in base units; a loss or fall is negative; null for a range"),
            _c("low", FLOAT, "lower bound of a range, inclusive"),
            _c("high", FLOAT, "upper bound of a range, inclusive"),
            _c("unit", TEXT, "ISO 4217 code, percent, percentage_point, multiple or a unit code of the vocabulary"),
            _c("qualifier", TEXT, "about, over, nearly, under, reach, at_least, at_most or null"),
            _c("period_start", DATE, "first day the figure is about; null where the article does not say"),
            _c("period_end", DATE, "last day the figure is about, inclusive; null where open or not said"),
            _c("status", TEXT, "actual, target, forecast or policy"),
            _c("cohort", TEXT, "the slice the number is about, such as TOP500达人; null otherwise"),
            _c("comparison", TEXT, "yoy, qoq, mom, from or null"),
            _c("source", TEXT, "who said it: report, organization, medium or person; null where the article itself says it"),
            CONFIDENCE,
        ),
        ("fact_id",),
    ),
    Table(
        "events",
        "one row a dated happening",
        (
            _c("event_id", TEXT, "stable id"),
            ARTICLE_ID,
            SENTENCE_INDEX,
            CLEAN_START,
            CLEAN_END,
            EVIDENCE,
            _c(
                "type",
                TEXT,
                "launch, policy_change, cooperation, acquisition, funding, listing, org_change, ban, release, report_release or other",
            ),
            _c("date_start", DATE, "first day; a rule: the day it takes effect; null where the article does not say"),
            _c("date_end", DATE, "last day, inclusive"),
            _c("summary", TEXT, "the clause that reports it"),
            CONFIDENCE,
        ),
        ("event_id",),
    ),
    Table(
        "event_participants",
        "one row an entity that takes part in an event",
        (
            _c("event_id", TEXT, "event"),
            ARTICLE_ID,
            _c("entity_id", TEXT, "entity that takes part"),
            _c("name", TEXT, "its canonical name, in the script of the article"),
            _c("role", TEXT, "actor, target, partner or other"),
        ),
        ("event_id", "entity_id", "role"),
    ),
    Table(
        "rejects",
        "one row an input that could not be used by the last run that saw it",
        (
            _c("source_uri", TEXT, "the input"),
            _c("record_index", INT, "position inside a multi-record file, 0 otherwise"),
            _c("stage", TEXT, "read, decode, parse or transform"),
            _c("error_code", TEXT, "short stable code"),
            _c("message", TEXT, "what is wrong and what to do"),
            RUN_ID,
            _c("seen_at", INSTANT, "when the run started"),
        ),
        ("source_uri", "record_index", "stage", "error_code"),
        per_article=False,
    ),
    Table(
        "runs",
        "one row a run",
        (
            RUN_ID,
            _c("started_at", INSTANT, "when the run started"),
            _c("finished_at", INSTANT, "when it had published"),
            _c("status", TEXT, "completed, or completed_with_rejects"),
            _c("pipeline_version", TEXT, "version of code, reference data, name model and reading options"),
            _c("inputs", LONG, "articles and rejected inputs seen"),
            _c("articles_new", LONG, "articles not seen before"),
            _c("articles_changed", LONG, "articles replaced"),
            _c("articles_unchanged", LONG, "articles left as they were"),
            _c("articles_removed", LONG, "articles whose source is gone"),
            _c("rejected", LONG, "inputs rejected"),
            _c("chars", LONG, "characters of raw text processed"),
            _c("seconds", FLOAT, "wall time of the run, seconds"),
        ),
        ("run_id",),
        per_article=False,
    ),
    Table(
        "metric_series",
        "mart: the best-attested reading a subject, metric, cohort and period; duplicates of an article count once",
        (
            _c("subject_id", TEXT, "entity_id of the subject; null where it is a noun phrase"),
            _c("subject", TEXT, "entity name or noun phrase"),
            _c("metric", TEXT, "metric code"),
            _c("base_metric", TEXT, "what a growth, share or change is of; null for a plain metric"),
            _c("comparison", TEXT, "yoy, qoq, mom, from or null"),
            _c("cohort", TEXT, "slice the number is about, or null"),
            _c("unit", TEXT, "unit code"),
            _c("period_start", DATE, "first day the figure is about"),
            _c("period_end", DATE, "last day the figure is about"),
            _c("status", TEXT, "actual, target, forecast or policy"),
            _c("value", FLOAT, "the best-attested reading, in base units"),
            _c("sources", LONG, "distinct sources that give this reading"),
            _c("low", FLOAT, "lowest reading"),
            _c("high", FLOAT, "highest reading"),
            _c("articles", LONG, "articles that give any reading"),
        ),
        ("subject_id", "subject", "metric", "base_metric", "comparison", "cohort", "unit", "period_start", "period_end", "status"),
        per_article=False,
    ),
    Table(
        "fact_conflicts",
        "mart: two readings of one subject, metric, cohort, period and status that disagree",
        (
            _c("subject_id", TEXT, "entity_id of the subject; null where it is a noun phrase"),
            _c("subject", TEXT, "entity name or noun phrase"),
            _c("metric", TEXT, "metric code"),
            _c("base_metric", TEXT, "what a growth, share or change is of; null for a plain metric"),
            _c("comparison", TEXT, "yoy, qoq, mom, from or null"),
            _c("cohort", TEXT, "slice the number is about, or null"),
            _c("unit", TEXT, "unit code"),
            _c("period_start", DATE, "first day the figure is about"),
            _c("period_end", DATE, "last day the figure is about"),
            _c("status", TEXT, "actual, target, forecast or policy"),
            _c("fact_id", TEXT, "one reading"),
            _c("value", FLOAT, "its value"),
            _c("evidence", TEXT, "its evidence"),
            _c("other_fact_id", TEXT, "the other reading"),
            _c("other_value", FLOAT, "its value"),
            _c("other_evidence", TEXT, "its evidence"),
        ),
        ("fact_id", "other_fact_id"),
        per_article=False,
    ),
)

BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}
#: The tables that one article alone decides, in the order of publication: `articles` last, as the mark that it is complete.
PER_ARTICLE: tuple[Table, ...] = tuple(sorted((t for t in TABLES if t.per_article), key=lambda t: t.name == "articles"))


def dictionary_markdown(tables: tuple[Table, ...] = TABLES) -> str:
    """The data dictionary as Markdown."""
    parts = []
    for table in tables:
        parts.append(f"## {table.name}\n\n{table.description[0].upper()}{table.description[1:]}. Key: {', '.join(table.key)}.\n")
        parts.append("| column | type | meaning |\n|---|---|---|")
        parts += [f"| {c.name} | {c.type} | {c.description} |" for c in table.columns]
        parts.append("")
    return "\n".join(parts)
