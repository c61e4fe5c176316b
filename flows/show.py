"""One article in the terminal: its clean text with what was found in it, and the tables behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from rich.console import Console
from rich.text import Text

from flows.report import grid, visible
from flows.settings import Settings, UsageError, nothing_usable
from flows.storage import Location
from transforms.article import RawDocument

Row = dict[str, Any]
Rows = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Mark:
    """How a kind of finding is shown: a style on a terminal, a pair of signs elsewhere."""

    table: str
    label: str
    style: str
    before: str
    after: str


MARKS = (
    Mark("mentions", "entity", "bold cyan", "[", "]"),
    Mark("quantities", "number", "green", "{", "}"),
    Mark("times", "date", "magenta", "<", ">"),
    Mark("repairs", "repair", "underline yellow", "«", "»"),
)


def marked(text: str, spans: Iterable[tuple[int, int, str, str]]) -> str:
    """`text` with signs around spans (start, end, before, after); a longer span goes around a shorter one.

    >>> marked("抖音增长5%", [(0, 2, "[", "]"), (4, 6, "{", "}"), (0, 6, "«", "»")])
    '«[抖音]增长{5%}»'
    """
    signs: list[tuple[int, int, int, str]] = []
    for start, end, before, after in spans:
        signs += [(start, 1, -(end - start), before), (end, 0, end - start, after)]
    out, at = [], 0
    for offset, _, _, sign in sorted(signs):
        out += [text[at:offset], sign]
        at = offset
    return "".join([*out, text[at:]])


def print_article(rows: Rows, console: Console) -> None:
    """Print one article, given its rows by table."""
    article = rows["articles"][0]
    text = visible(article["clean_text"], lines=True)
    found = {mark: [r for r in rows.get(mark.table, ()) if r["clean_end"] > r["clean_start"]] for mark in MARKS}
    found[MARKS[-1]] = [r for r in found[MARKS[-1]] if r["status"] == "applied"]

    head = [article["article_id"], article["source_uri"], article["publisher"], article["author"], article["published_on"]]
    console.print(visible(" · ".join(str(part) for part in head if part)), style="dim", markup=False)
    if article["spam_title"]:
        console.print(f"title dropped: {visible(article['spam_title'])}", style="dim", markup=False)
    legend = Text()
    for mark in MARKS:
        name = f"{mark.label} {len(found[mark])}"
        legend.append(name if console.is_terminal else f"{mark.before}{name}{mark.after}", mark.style)
        legend.append("  ")
    console.print(legend, "")
    if console.is_terminal:
        body = Text(text)
        for mark in MARKS:
            for row in found[mark]:
                body.stylize(mark.style, row["clean_start"], row["clean_end"])
        console.print(body, "")
    else:
        spans = [(r["clean_start"], r["clean_end"], mark.before, mark.after) for mark in MARKS for r in found[mark]]
        console.print(marked(text, spans), "", markup=False)

    repairs = [r for r in rows.get("repairs", ()) if r["kind"] not in ("punctuation", "whitespace")]
    _print_table(console, "repairs", repairs, ("raw_text", "clean_text", "kind", "rule_id", "status"))
    facts = [
        {
            **r,
            "metric": r["metric"] + (f" of {r['base_metric']}" if r["base_metric"] else ""),
            "value": _number(r),
            "period": _period(r["period_start"], r["period_end"]),
        }
        for r in rows.get("facts", ())
    ]
    _print_table(console, "facts", facts, ("subject", "metric", "value", "unit", "period", "status", "source"))
    people: dict[str, list[str]] = {}
    for row in rows.get("event_participants", ()):
        people.setdefault(row["event_id"], []).append(row["name"])
    events = [
        {**r, "date": _period(r["date_start"], r["date_end"]), "participants": "、".join(people.get(r["event_id"], ()))}
        for r in rows.get("events", ())
    ]
    _print_table(console, "events", events, ("date", "type", "participants", "summary"))


def _number(row: Row) -> str:
    bounds = [row["value"]] if row["value"] is not None else [row["low"], row["high"]]
    return "–".join("" if n is None else f"{n:,.4f}".rstrip("0").rstrip(".") for n in bounds)


def _period(start: date | None, end: date | None) -> str:
    return str(start or "") if start == end else f"{start or ''}..{end or ''}"


def _print_table(console: Console, title: str, rows: Sequence[Row], columns: Sequence[str]) -> None:
    if not rows:
        console.print(f"no {title}", style="dim")
        return
    console.print(grid(columns, ([row[column] for column in columns] for row in rows), title), "")


def from_tables(article: str, tables: Location) -> Rows | None:
    """The rows of an article, named by its id or the end of its source_uri; None where the tables have no such article.

    Raises UsageError where several articles fit.
    """
    import pyarrow.compute as pc

    from flows.sources.formats import printable
    from flows.warehouse import Warehouse
    from transforms.tables import PER_ARTICLE

    article = printable(article)  # the tables have it so
    warehouse = Warehouse(tables)
    articles = warehouse.read("articles")
    fits = pc.or_(pc.equal(articles["article_id"], article), pc.ends_with(articles["source_uri"], article))
    hits = articles.filter(fits).to_pylist()
    if not hits:
        return None
    if len(hits) > 1:
        some = ", ".join(f"{row['article_id']} ({row['source_uri']})" for row in hits[:5])
        raise UsageError(f"{article}: {len(hits)} articles fit; give one article_id: {some}")
    key = hits[0]["article_id"]
    rows: Rows = {"articles": hits}
    for table in PER_ARTICLE[:-1]:
        data = warehouse.read(table.name)
        rows[table.name] = data.filter(pc.equal(data["article_id"], key)).to_pylist()
    return rows


def documents(settings: Settings) -> Iterator[RawDocument]:
    """The articles of the files of `settings`. Raises UsageError with the first reason where there is none."""
    from flows.sources import Reject, discover, read

    sources, rejects = discover(settings.paths, base=settings.base)
    found = False
    for source in sources:
        for item in read(source, settings.read):
            if isinstance(item, Reject):
                rejects.append(item)
            else:
                found = True
                yield item
    if not found:
        raise nothing_usable(settings.paths, rejects)


def from_file(settings: Settings) -> Iterable[Rows]:
    """Transform the articles of a file on the fly; nothing is written. Raises UsageError with the reason where it has none."""
    from datetime import UTC, datetime

    from flows import ner
    from transforms import pipeline, reference
    from transforms.rows import to_rows

    known = reference.load(settings.reference)
    recognizer = ner.load(settings.ner_model)
    now = datetime.now(UTC)
    for document in documents(settings):
        article = pipeline.transform(document, known, today=now.date(), fixed_reference_date=settings.reference_date, recognizer=recognizer)
        yield to_rows(article, pipeline_version="", run_id="", ingested_at=now)
