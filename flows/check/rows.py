"""Checks of what the rows say, by DuckDB: in bounded memory however large the tables are."""

from __future__ import annotations

from collections.abc import Iterator

from flows.check.finding import Finding, Rows, broken
from transforms.article import LAYOUT_KINDS
from transforms.contract import CODES, FOREIGN_KEYS, NULLABLE
from transforms.tables import BY_NAME, FLOAT, TABLES

#: What no row may be: table, what is wrong, condition.
_VALUES: tuple[tuple[str, str, str], ...] = (
    (
        "articles",
        "article_id is not that of source_uri and record_index",
        "article_id != sha256(source_uri || chr(0) || record_index)[:16]",
    ),
    ("articles", "column content_sha256 is no SHA-256", "NOT regexp_full_match(content_sha256, '[0-9a-f]{64}')"),
    ("articles", "column garbled_share is outside of 0..1", "garbled_share NOT BETWEEN 0 AND 1"),
    ("articles", "column clean_chars is not the length of clean_text", "clean_chars != length(clean_text)"),
    ("paragraphs", "column garble_score is outside of 0..1", "garble_score NOT BETWEEN 0 AND 1"),
    (
        "quantities",
        "column amount is there, but it is no money or has no value",
        "amount IS NOT NULL AND (kind != 'money' OR value IS NULL)",
    ),
    ("quantities", "column amount is null, but it is money", "amount IS NULL AND kind = 'money' AND abs(value) < 1e24"),
    ("quantities", "column amount is not value", "abs(amount::DOUBLE - value) > greatest(1e-4, 1e-12 * abs(value))"),
    ("quantities", "column unit is no ISO 4217 code", "kind = 'money' AND NOT regexp_full_match(coalesce(unit, ''), '[A-Z]{3}')"),
    ("times", "start_date is after end_date", "start_date > end_date"),
    ("facts", "period_start is after period_end", "period_start > period_end"),
    ("events", "date_start is after date_end", "date_start > date_end"),
    ("runs", "finished_at is before started_at", "finished_at < started_at"),
    *(
        (
            table,
            f"{kind}_id is not that of its place",
            f"{kind}_id != sha256(concat_ws(chr(0), article_id, '{kind}', clean_start, clean_end))[:16]",
        )
        for table, kind in (("mentions", "mention"), ("quantities", "quantity"), ("times", "time"))
    ),
    *((table, "low is above high", "low > high") for table in ("quantities", "facts")),
    *((table, "not either a value or a range", "(value IS NULL) = (low IS NULL AND high IS NULL)") for table in ("quantities", "facts")),
    *((table, "column unit is no code", "NOT regexp_full_match(unit, '[A-Za-z]\\w*')") for table in ("quantities", "facts")),
    *(("facts", f"column {name} is no code", f"NOT regexp_full_match({name}, '[a-z]\\w*')") for name in ("metric", "base_metric")),
    *(
        (table, "column confidence is outside of 0..1", "confidence NOT BETWEEN 0 AND 1")
        for table in ("repairs", "mentions", "facts", "events")
    ),
)

#: The column that repeats what stands in the clean text from clean_start to clean_end.
_QUOTES = {
    "paragraphs": "text",
    "repairs": "clean_text",
    "mentions": "surface",
    "quantities": "surface",
    "times": "surface",
    "facts": "evidence",
    "events": "evidence",
}


def keys(rows: Rows) -> Iterator[Finding]:
    """No two rows of a table have one key."""
    for table in TABLES:
        key = ", ".join(table.key)
        twice = f"(SELECT {key} FROM {table.name} GROUP BY {key} HAVING count(*) > 1) t"
        yield from broken(rows, "keys", table.name, {f"several rows have this {key}": "true"}, twice)


def nulls(rows: Rows) -> Iterator[Finding]:
    """Values are missing only where they may be."""
    for table in TABLES:
        required = (column.name for column in table.columns if column.name not in NULLABLE.get(table.name, ()))
        yield from broken(rows, "nulls", table.name, {f"column {name} is null": f"t.{name} IS NULL" for name in required})


def values(rows: Rows) -> Iterator[Finding]:
    """Codes are known ones, numbers lie in their range, the columns of a row agree with each other."""
    for table in TABLES:
        rules = {message: rule for name, message, rule in _VALUES if name == table.name}
        for name in (column.name for column in table.columns):
            if codes := CODES.get((table.name, name)):
                rules[f"column {name} is none of {', '.join(codes)}"] = f"t.{name} NOT IN {codes}"
            if table.schema.field(name).type == FLOAT:
                rules[f"column {name} is no finite number"] = f"NOT isfinite(t.{name})"
        if rules:
            yield from broken(rows, "values", table.name, rules)


def references(rows: Rows) -> Iterator[Finding]:
    """The row that a row refers to is there."""
    for foreign in FOREIGN_KEYS:
        pairs = zip(foreign.columns, foreign.target, strict=True)
        orphans = (
            f"(SELECT * FROM {foreign.table} t ANTI JOIN {foreign.target_table} o"
            f" ON {' AND '.join(f't.{column} = o.{target}' for column, target in pairs)}) t"
        )
        wrong = f"column {', '.join(foreign.columns)}: no such row in table {foreign.target_table}"
        some = " AND ".join(f"t.{column} IS NOT NULL" for column in foreign.columns)
        yield from broken(rows, "references", foreign.table, {wrong: some}, orphans)


def order(rows: Rows) -> Iterator[Finding]:
    """Paragraphs are numbered and follow each other; so are the sentences that rows stand in."""
    earlier = "PARTITION BY article_id ORDER BY paragraph_index ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING"
    before = ", ".join(f"max({name}) OVER ({earlier}) AS last_{name}" for name in ("paragraph_index", "raw_end", "clean_end"))
    rules = {
        "paragraph_index does not count from 0": "paragraph_index != coalesce(last_paragraph_index, -1) + 1",
        "raw_start lies in an earlier paragraph": "raw_start < coalesce(last_raw_end, 0)",
        "clean_start lies in an earlier paragraph": "clean_start < last_clean_end",
    }
    yield from broken(rows, "order", "paragraphs", rules, f"(SELECT *, {before} FROM paragraphs) t")
    for table in (name for name in _QUOTES if "sentence_index" in BY_NAME[name].schema.names):
        last = "lag(sentence_index) OVER (PARTITION BY article_id ORDER BY clean_start, sentence_index) AS last"
        rule = {"sentence_index is smaller than earlier in the text": "sentence_index < last"}
        yield from broken(rows, "order", table, rule, f"(SELECT *, {last} FROM {table}) t")


def offsets(rows: Rows) -> Iterator[Finding]:
    """Spans lie within their text, and that is what the row says it is."""
    for table, quote in _QUOTES.items():
        source = f"{table} t JOIN articles a USING (article_id)"
        is_other = f"a.clean_text[t.clean_start + 1:t.clean_end] != t.{quote}"
        outside = "t.{0}_start < 0 OR t.{0}_start > t.{0}_end OR t.{0}_end > a.{0}_chars"
        rules = {"clean_start, clean_end: no span of clean_text": outside.format("clean")}
        if "raw_start" in BY_NAME[table].schema.names:
            rules["raw_start, raw_end: no span of the raw document"] = outside.format("raw")
        if table in ("paragraphs", "repairs"):
            rules["column raw_text is not as long as its span"] = "length(t.raw_text) != t.raw_end - t.raw_start"
        if table == "paragraphs":
            rules["columns clean_start, clean_end, text: null in some, but not in all"] = (
                "(t.clean_start IS NULL) != (t.text IS NULL) OR (t.clean_end IS NULL) != (t.text IS NULL)"
            )
        if table != "paragraphs" and "paragraph_index" in BY_NAME[table].schema.names:
            source += " JOIN paragraphs p USING (article_id, paragraph_index)"
        if table in ("mentions", "quantities", "times"):
            inside = "t.clean_start BETWEEN p.clean_start AND p.clean_end"
            rules["clean_start is not in the paragraph of paragraph_index"] = f"p.clean_start IS NULL OR NOT {inside}"
        if table == "repairs":
            # a stitch reaches beyond its paragraph; what only a curator may apply, or stands in a byline, is not in the clean text
            is_other += " AND t.status = 'applied' AND p.clean_start IS NOT NULL"
            rules["column raw_text is not what stands in the paragraph"] = (
                "t.raw_end <= p.raw_end AND p.raw_text[t.raw_start - p.raw_start + 1:t.raw_end - p.raw_start] != t.raw_text"
            )
        rules[f"column {quote} is not what stands in clean_text"] = is_other
        yield from broken(rows, "offsets", table, rules, source)


def counts(rows: Rows) -> Iterator[Finding]:
    """There is as much of everything as `articles` says."""
    worded = f"status = 'applied' AND kind NOT IN {tuple(LAYOUT_KINDS)}"
    source = f"""articles t
        LEFT JOIN (SELECT article_id, count(*) AS n FROM paragraphs GROUP BY article_id) p USING (article_id)
        LEFT JOIN (SELECT article_id, count(*) AS n FROM repairs WHERE {worded} GROUP BY article_id) r USING (article_id)"""
    rules = {
        "paragraph_count is not the number of its paragraphs": "t.paragraph_count != coalesce(p.n, 0)",
        "repair_count is not the number of its applied repairs, layout aside": "t.repair_count != coalesce(r.n, 0)",
    }
    yield from broken(rows, "counts", "articles", rules, source)


CHECKS = (keys, nulls, values, references, order, offsets, counts)
