"""How the files of a dataset fare over a hundred nightly runs of fifty articles: their number and size, the bytes written for each byte
that is new, the Delta logs.

The rows are those of our own articles over and over, under new ids: nothing is transformed, only published.
"""

from __future__ import annotations

import hashlib
import itertools
import random
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks import ORIGINALS
from flows.arrow import write_stage
from flows.warehouse import Warehouse
from transforms import pipeline, reference
from transforms.article import RawDocument
from transforms.rows import to_rows
from transforms.tables import TABLES

NIGHTS, ARTICLES = 100, 50
#: Clean articles and spun ones.
TEXT_FILES = ORIGINALS.parent
START = datetime(2024, 1, 1, 3, tzinfo=UTC)
#: Columns with text of an article.
TEXTS = frozenset({"clean_text", "raw_text", "text", "evidence", "surface"})

Rows = dict[str, list[dict[str, Any]]]


def articles() -> Iterator[Rows]:
    """The rows of one article behind the other, without end."""
    known = reference.load()
    read = []
    for path in sorted(TEXT_FILES.glob("*/*.txt")):
        text = path.read_text(encoding="utf-8")
        digest = hashlib.sha256(text.encode()).hexdigest()
        read.append(pipeline.transform(RawDocument(path.name, text, content_sha256=digest), known, today=START.date()))
    for number in itertools.count():
        article = read[number % len(read)]
        uri = f"{number}.txt"
        article = replace(article, article_id=pipeline.article_id(uri), document=replace(article.document, source_uri=uri))
        rows = to_rows(article, pipeline_version="benchmark", run_id="benchmark", ingested_at=START)
        other = _other_words(number)
        yield {
            table: [
                {name: value.translate(other) if value and name in TEXTS else value for name, value in row.items()} for row in table_rows
            ]
            for table, table_rows in rows.items()
        }


def _other_words(seed: int) -> dict[int, int]:
    """A text in other characters packs as a new article does, not as one that was there before."""
    characters = range(0x4E00, 0x6000)
    shuffled = random.Random(seed).sample(characters, len(characters))
    return dict(zip(characters, shuffled, strict=True))


def night(warehouse: Warehouse, number: int, rows: list[Rows]) -> None:
    """One run that adds articles."""
    now = START + timedelta(days=number)
    run = {
        "run_id": f"{now:%Y%m%d}", "started_at": now, "finished_at": now, "status": "completed", "pipeline_version": "benchmark",
        "inputs": len(rows), "articles_new": len(rows), "articles_changed": 0, "articles_unchanged": 0, "articles_removed": 0,
        "rejected": 0, "chars": 0, "seconds": 0.0,
    }  # fmt: skip
    with warehouse.lock():
        stage = warehouse.new_stage(run["run_id"])
        write_stage(stage, "00000", {name: [row for article in rows for row in article[name]] for name in rows[0]})
        warehouse.publish(stage, run, [], seen=[])


def _sizes(root: Path, pattern: str) -> dict[Path, int]:
    return {path: path.stat().st_size for path in root.glob(pattern)}


def main(nights: int = NIGHTS) -> None:
    with tempfile.TemporaryDirectory() as folder:
        warehouse = Warehouse(Path(folder))
        supply = articles()
        written = dict.fromkeys((table.name for table in TABLES), 0)
        seconds: list[float] = []
        for number in range(nights):
            rows = list(itertools.islice(supply, ARTICLES))
            before = {name: _sizes(warehouse.root / name, "*.parquet") for name in written}
            start = time.process_time()
            night(warehouse, number, rows)
            seconds.append(time.process_time() - start)
            for name in written:
                written[name] += sum(size for path, size in _sizes(warehouse.root / name, "*.parquet").items() if path not in before[name])

        print(f"\ncompaction: {nights} nights of {ARTICLES} articles")
        print(f"  {'table':<20}{'files':>6}{'MB':>8}{'written / live':>16}{'log files':>11}{'log MB':>8}")
        for name, total in written.items():
            live, log = _sizes(warehouse.root / name, "*.parquet"), _sizes(warehouse.root / name, "_delta_log/*")
            size = sum(live.values())
            print(f"  {name:<20}{len(live):>6}{size / 1e6:>8.2f}{total / size:>16.1f}{len(log):>11}{sum(log.values()) / 1e6:>8.2f}")
        tenth = max(1, nights // 10)
        first, last = sum(seconds[:tenth]) / tenth, sum(seconds[-tenth:]) / tenth
        print(f"  a publish takes {first:.2f} s of CPU in the first nights, {last:.2f} s in the last")


if __name__ == "__main__":
    main()
