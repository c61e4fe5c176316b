"""The heavy work: a shard of sources becomes staged Parquet files.

A worker process imports this module and nothing of Prefect, which would cost every worker a second.
"""

from __future__ import annotations

import os
import signal
import threading
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from multiprocessing.sharedctypes import SynchronizedArray
from pathlib import Path

import pyarrow.dataset as ds

from flows import ner
from flows.arrow import write_stage
from flows.sources import ReadOptions, Reject, SourceFile, read
from transforms import pipeline, reference
from transforms.article import RawDocument
from transforms.rows import Row, to_rows
from transforms.tables import BY_NAME

#: Staged rows are written whenever there are so many, so that one huge file needs no more memory than a small one. Rows and not characters,
#: since a text of nothing but numbers has ten times as many.
FLUSH_ROWS = 200_000
#: What opening a file costs, as bytes of text; keeps a folder of tiny files from becoming one shard.
FILE_BYTES = 1024
SMALLEST_SHARD = 64 * 1024


@dataclass(frozen=True, slots=True)
class Shard:
    """A picklable part of a run. `started_at` is UTC; its day stands in where an article has no date of its own.

    `known` holds article_id -> content_sha256 of articles that need no transformation as long as they have that content.
    """

    index: int
    sources: tuple[SourceFile, ...]
    stage: Path
    run_id: str
    started_at: datetime
    version: str
    known: Mapping[str, str] = field(default_factory=dict)
    reference: tuple[Path, ...] = ()
    reference_date: date | None = None
    read: ReadOptions = field(default_factory=ReadOptions)
    ner_model: Path | None = None


@dataclass(frozen=True, slots=True)
class ShardSummary:
    """What became of a shard: the articles that are as they were (with the digest of their source) and the inputs that cannot be used;
    the others are staged, `chars` characters of raw text."""

    chars: int
    unchanged: dict[str, str | None]
    rejects: tuple[Reject, ...]


def partition(sources: Sequence[SourceFile], workers: int, shard_bytes: int) -> list[tuple[SourceFile, ...]]:
    """Sources in their order, cut into parts of about `shard_bytes`, or smaller ones while some of the workers would have nothing to do.

    >>> [len(part) for part in partition([SourceFile(Path("a"), "a", 70_000)] * 5, workers=2, shard_bytes=1_000_000)]
    [1, 1, 1, 1, 1]
    >>> [len(part) for part in partition([SourceFile(Path("a"), "a", 100)] * 500, workers=2, shard_bytes=1_000_000)]
    [63, 63, 63, 63, 63, 63, 63, 59]
    """
    weights = [source.size + FILE_BYTES for source in sources]
    # four parts a worker even out parts that turn out slow
    target = min(shard_bytes, max(SMALLEST_SHARD, sum(weights) // (4 * workers)))
    parts: list[list[SourceFile]] = []
    filled = target
    for source, weight in zip(sources, weights, strict=True):
        if filled >= target:
            parts.append([])
            filled = 0
        parts[-1].append(source)
        filled += weight
    return [tuple(part) for part in parts]


#: Bytes of sources done and articles done, of all workers of the run.
Progress = SynchronizedArray


def new_progress() -> Progress[int]:
    return get_context("spawn").Array("q", 2)


_progress: Progress[int] | None = None


def share_progress(progress: Progress[int]) -> None:
    """Count what this process does into `progress`."""
    global _progress
    _progress = progress


def start_worker(progress: Progress[int]) -> None:
    """Initializer of a worker process: it leaves Ctrl-C to the main process and ends when that is gone."""
    share_progress(progress)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)


def _advance(size: int, articles: int) -> None:
    if _progress is not None:
        with _progress.get_lock():
            _progress[0] += size
            _progress[1] += articles


def staged_ids(stage: Path) -> set[str]:
    """The ids of all articles that the workers of a run have staged."""
    parts = [str(path) for path in (stage / "articles").glob("*.parquet")]
    return set(ds.dataset(parts, schema=BY_NAME["articles"].schema).to_table(columns=["article_id"])["article_id"].to_pylist())


def transform_shard(shard: Shard) -> ShardSummary:
    """Read, transform and stage all articles of a shard.

    An article on which the code fails becomes a reject. Raises ReferenceDataError, and UsageError for a model that cannot be used.
    """
    known = reference.load(shard.reference)
    recognizer = ner.load(shard.ner_model)
    rejects: list[Reject] = []
    unchanged: dict[str, str | None] = {}
    chars = 0
    staged: dict[str, list[Row]] = defaultdict(list)
    staged_rows = pieces = 0

    def flush() -> None:
        nonlocal staged_rows, pieces
        if staged:
            write_stage(shard.stage, f"{shard.index:05}-{pieces:05}", dict(staged))
            staged.clear()
            staged_rows, pieces = 0, pieces + 1

    def rows_of(document: RawDocument, source: SourceFile) -> dict[str, list[Row]] | Reject:
        try:
            article = pipeline.transform(
                document, known, today=shard.started_at.date(), fixed_reference_date=shard.reference_date, recognizer=recognizer
            )
            return to_rows(
                article,
                pipeline_version=shard.version,
                run_id=shard.run_id,
                ingested_at=shard.started_at,
                source_sha256=source.sha256,
            )
        except Exception as error:
            message = f"{type(error).__name__}: {error}; please report it with the article"
            return Reject(document.source_uri, document.record_index, "transform", "internal_error", message)

    for source in shard.sources:
        left = source.size
        for item in read(source, shard.read):
            if isinstance(item, Reject):
                rejects.append(item)
                continue
            article_id = pipeline.article_id(item.source_uri, item.record_index)
            if shard.known.get(article_id) == item.content_sha256:
                unchanged[article_id] = source.sha256
            elif isinstance(rows := rows_of(item, source), Reject):
                rejects.append(rows)
            else:
                for table, new in rows.items():
                    staged[table] += new
                    staged_rows += len(new)
                chars += len(item.text)
            done = min(left, len(item.text.encode("utf-8", "replace")))
            left -= done
            _advance(done, 1)
            if staged_rows >= FLUSH_ROWS:
                flush()
        _advance(left, 0)
    flush()
    return ShardSummary(chars, unchanged, tuple(rejects))
