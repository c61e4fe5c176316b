"""The main flow: discover, transform shard by shard, publish, catalog.

Prefect says what runs when and keeps the history; it decides nothing about results. A task takes and returns paths, ids and small
summaries. The heavy work is `flows.shards.transform_shard` in processes that do not import Prefect.
"""

# No postponed annotations here: Prefect checks the parameters of a deployed flow against the types themselves.
import secrets
import signal
import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger

from flows import catalog, ner, report, shards
from flows.changes import STATE, came_from, compare
from flows.settings import BASE_FILE, Settings, UsageError, nothing_usable
from flows.shards import Progress, Shard, ShardSummary
from flows.sources import Reject, SourceFile, discover
from flows.warehouse import Warehouse, WarehouseLocked
from transforms import pipeline, reference
from transforms.tables import BY_NAME

#: Below this many bytes, starting worker processes takes longer than the work.
SMALL_JOB_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a person wants to know of a run. `changes` counts articles new, changed, unchanged and removed; `rows` those of each table."""

    run_id: str
    tables: Path
    changes: dict[str, int]
    rows: dict[str, int]
    chars: int
    seconds: float
    rejects: tuple[Reject, ...]


class RejectedInputs(UsageError):
    """A strict run had rejects. It has published all the same; `summary` says what."""

    def __init__(self, summary: RunSummary) -> None:
        super().__init__(f"{len(summary.rejects)} inputs were rejected; see {summary.tables / 'rejects'}")
        self.summary = summary


@contextmanager
def _executor(settings: Settings, job_bytes: int, progress: "Progress[int]") -> Iterator[Executor]:
    """Where shards are worked on. Leaving it early cancels what waits and ends the workers."""
    pool: Executor
    if settings.processes == 1 or job_bytes < SMALL_JOB_BYTES:
        pool = ThreadPoolExecutor(1, initializer=shards.share_progress, initargs=(progress,))
    else:
        pool = ProcessPoolExecutor(settings.processes, get_context("spawn"), initializer=shards.start_worker, initargs=(progress,))
        with _without_interrupts():
            pool.submit(int)  # starts all workers
    try:
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in active_children():
            worker.terminate()
        raise
    finally:
        pool.shutdown()


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Processes started in the block ignore Ctrl-C from their first instruction on; the main process takes care of them."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


@task(name="discover", cache_policy=NO_CACHE, persist_result=False)
def find_sources(settings: Settings) -> tuple[list[SourceFile], list[Reject]]:
    return discover(settings.paths, base=settings.base, exclude=(settings.tables,))


@task(name="transform", task_run_name="transform-{shard.index}", cache_policy=NO_CACHE, persist_result=False)
def transform(shard: Shard, pool: Executor) -> ShardSummary:
    return pool.submit(shards.transform_shard, shard).result()


@task(name="publish", cache_policy=NO_CACHE, persist_result=False)
def publish(
    settings: Settings, stage: Path, inputs: Sequence[SourceFile], rejects: Sequence[Reject], run: dict[str, Any]
) -> dict[str, int]:
    """Make the staged articles live. Returns how many are new, changed, unchanged and removed, under the names of the table `runs`."""
    warehouse = Warehouse(settings.tables)
    uris = {source.uri for source in inputs}
    staged = ds.dataset(stage / "articles", schema=BY_NAME["articles"].schema) if (stage / "articles").exists() else None
    articles = staged.to_table(columns=list(STATE)).to_pylist() if staged else []
    # an input that could not be opened today keeps what it gave before
    read = uris - {reject.source_uri for reject in rejects if reject.stage == "read"}
    counts, removed = compare(warehouse.read("articles", STATE).to_pylist(), articles, read)
    now = datetime.now(UTC)
    row = (
        run
        | counts
        | {
            "finished_at": now,
            "status": "completed_with_rejects" if rejects else "completed",
            "inputs": len(articles) + len(rejects),
            "rejected": len(rejects),
            "seconds": (now - run["started_at"]).total_seconds(),
        }
    )
    reject_rows = [asdict(reject) | {"run_id": run["run_id"], "seen_at": run["started_at"]} for reject in rejects]
    earlier = warehouse.read("rejects", ["source_uri"])["source_uri"].to_pylist()
    seen = uris | {reject.source_uri for reject in rejects} | {uri for uri in earlier if came_from(uri, uris)}
    warehouse.publish(stage, row, reject_rows, seen=seen, removed=removed, reference=reference.load(settings.reference))
    catalog.write(settings.tables)
    if settings.base:
        (settings.tables / BASE_FILE).write_text(str(settings.base.absolute()), encoding="utf-8", errors="surrogateescape")
    return counts


@flow(name="build", persist_result=False)
def build(settings: Settings) -> RunSummary:
    """Build the tables of `settings.tables` from the articles of `settings.paths`.

    Raises UsageError where there is nothing to build from, RejectedInputs for a strict run with rejects, ReferenceDataError.
    """
    started_at = datetime.now(UTC)
    run_id = f"{started_at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    version = pipeline.version(reference.load(settings.reference), ner.digest(settings.ner_model))
    sources, rejects = find_sources(settings)
    if not sources:
        # a mistyped path must not look like a folder whose articles are gone
        raise nothing_usable(settings.paths, rejects)

    warehouse = Warehouse(settings.tables)
    try:
        with warehouse.lock():
            stage = warehouse.new_stage(run_id)
            summaries = _transform_all(settings, sources, stage, run_id, started_at)
            rejects += [reject for summary in summaries for reject in summary.rejects]
            chars = sum(summary.chars for summary in summaries)
            run = {"run_id": run_id, "started_at": started_at, "pipeline_version": version, "chars": chars}
            changes = publish(settings, stage, sources, rejects, run)
    except WarehouseLocked as error:
        raise UsageError(str(error)) from None

    rows = sum((Counter(summary.rows) for summary in summaries), Counter[str]())
    seconds = (datetime.now(UTC) - started_at).total_seconds()
    summary = RunSummary(run_id, settings.tables, changes, dict(rows), chars, seconds, tuple(rejects))
    get_run_logger().info(report.one_line(summary))
    if not rows["articles"]:
        raise nothing_usable(settings.paths, rejects)
    if settings.strict and rejects:
        raise RejectedInputs(summary)
    return summary


def _transform_all(settings: Settings, sources: Sequence[SourceFile], stage: Path, run_id: str, started_at: datetime) -> list[ShardSummary]:
    parts = [
        Shard(i, part, stage, run_id, started_at, settings.reference, settings.reference_date, settings.read, settings.ner_model)
        for i, part in enumerate(shards.partition(sources, settings.processes, settings.shard_bytes))
    ]
    job_bytes = sum(source.size for source in sources)
    progress = shards.new_progress()
    try:
        with report.progress(job_bytes, progress), _executor(settings, job_bytes, progress) as pool:
            futures = [transform.submit(shard, pool) for shard in parts]
            return [future.result() for future in futures]
    except BrokenProcessPool:
        raise UsageError("a worker process died, most likely for want of memory; try again with fewer --workers") from None
