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
from multiprocessing import active_children, get_context, resource_tracker
from pathlib import Path
from typing import Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.logging import get_run_logger

from flows import catalog, report, shards, storage
from flows.changes import STATE, Plan, Scope, dropped, lineage, live_articles, plan, with_digests
from flows.settings import BASE_FILE, Settings, UsageError, nothing_usable
from flows.shards import Progress, Shard, ShardSummary
from flows.sources import Reject, SourceFile, discover
from flows.storage import Location
from flows.version import difference, pipeline_version
from flows.warehouse import Warehouse, WarehouseLocked
from transforms import reference

#: Below this many bytes, starting worker processes takes longer than the work.
SMALL_JOB_BYTES = 512 * 1024


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What a person wants to know of a run. `changes` counts articles new, changed, unchanged and removed, under the names of the table
    `runs`; `rows` those of each table as it is now; `repairs` the applied ones of the wording; `chars` what was transformed."""

    run_id: str
    tables: Location
    changes: dict[str, int]
    rows: dict[str, int]
    repairs: int
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
    try:
        if isinstance(pool, ProcessPoolExecutor):
            with _interrupts_held_back():
                for _ in range(settings.processes):
                    pool.submit(int)  # starts a worker while none is idle
        yield pool
    except BaseException:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in active_children():
            worker.terminate()
        raise
    finally:
        pool.shutdown()


@contextmanager
def _interrupts_held_back() -> Iterator[None]:
    """A Ctrl-C in the block arrives at its end (ignored, it would be lost), and never in the processes that are started there: they inherit
    this, and the main process takes care of them."""
    resource_tracker.ensure_running()  # what starts it lets signals through again
    pressed: list[int] = []
    main = threading.current_thread() is threading.main_thread()
    # blocked for the processes, noted for this one: the system hands what one thread blocks to another
    blocked = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    handler = signal.signal(signal.SIGINT, lambda number, _frame: pressed.append(number)) if main else None
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, blocked)
        if main:
            signal.signal(signal.SIGINT, handler)
    if pressed:
        signal.raise_signal(signal.SIGINT)


@task(name="discover", cache_policy=NO_CACHE, persist_result=False)
def find_sources(settings: Settings) -> tuple[list[SourceFile], list[Reject], Counter[str]]:
    passed_over: Counter[str] = Counter()
    return *discover(settings.paths, base=settings.base, exclude=(settings.tables,), passed_over=passed_over), passed_over


@task(name="transform", task_run_name="transform-{shard.index}", cache_policy=NO_CACHE, persist_result=False)
def transform(shard: Shard, pool: Executor) -> ShardSummary:
    return pool.submit(shards.transform_shard, shard).result()


@task(name="publish", cache_policy=NO_CACHE, persist_result=False)
def publish(
    settings: Settings, stage: Path, run: dict[str, Any], rejects: Sequence[Reject], removed: Sequence[str], moved: dict[str, str | None]
) -> dict[str, int]:
    """Make the staged articles live and those of the ids `removed` vanish; `moved` are digests of sources, by the ids of articles that stay
    as they are. Gives the row count of every table."""
    warehouse = Warehouse(settings.tables)
    now = datetime.now(UTC)
    row = run | {
        "finished_at": now,
        "status": "completed_with_rejects" if rejects else "completed",
        "inputs": run["articles_new"] + run["articles_changed"] + run["articles_unchanged"] + len(rejects),
        "rejected": len(rejects),
        "seconds": (now - run["started_at"]).total_seconds(),
    }
    reject_rows = [asdict(reject) | {"run_id": run["run_id"], "seen_at": run["started_at"]} for reject in rejects]
    scope, unreadable = Scope(settings.paths, settings.base), _unreadable(rejects)
    earlier = warehouse.read("rejects", ["source_uri", "error_code"]).to_pylist()
    # what cannot be looked into today keeps its rejects; a path that was not there is nothing to look into
    seen = {
        reject["source_uri"]
        for reject in earlier
        if reject["error_code"] == "not_found"
        or (scope.paths_around(reject["source_uri"]) and unreadable.isdisjoint(lineage(reject["source_uri"])))
    }
    rows = warehouse.publish(
        stage,
        row,
        reject_rows,
        seen=seen | {reject.source_uri for reject in rejects},
        removed=removed,
        moved=moved,
        reference=reference.load(settings.reference),
    )
    catalog.write(settings.tables)
    if settings.base:
        storage.write_text(settings.tables / BASE_FILE, str(settings.base.absolute()))
    return rows


@flow(name="build", persist_result=False)
def build(settings: Settings) -> RunSummary:
    """Build the tables of `settings.tables` from the articles of `settings.paths`, as far as they are new, changed or of another version.

    Raises UsageError where there is nothing to build from, RejectedInputs for a strict run with rejects, ReferenceDataError.
    """
    started_at = datetime.now(UTC)
    run_id = f"{started_at:%Y%m%dT%H%M%S}-{secrets.token_hex(4)}"
    version = pipeline_version(settings)
    sources, rejects, passed_over = find_sources(settings)
    report.say_passed_over(passed_over)
    if not sources:
        # a mistyped path must not look like a folder whose articles are gone
        raise nothing_usable(settings.paths, rejects)

    warehouse = Warehouse(settings.tables)
    try:
        with warehouse.lock():
            live = {article.article_id: article for article in live_articles(warehouse.read("articles", STATE))}
            vanished: list[str] = []
            if settings.prune:
                uris = {source.uri for source in sources}
                vanished = Scope(settings.paths, settings.base).vanished(live.values(), uris, _unreadable(rejects))
            doubtful = warehouse.read("rejects", ["source_uri"])["source_uri"].to_pylist()
            work = plan(with_digests(sources), live.values(), doubtful, version, keep_old=settings.keep_old)
            if work.outdated:
                report.announce(difference(work.outdated.most_common(1)[0][0], version), work.outdated.total())

            stage = warehouse.new_stage(run_id)
            summaries = _transform_all(settings, _shards(settings, work, version, stage, run_id, started_at))
            rejects += [reject for summary in summaries for reject in summary.rejects]
            chars = sum(summary.chars for summary in summaries)
            kept = {article_id: digest for summary in summaries for article_id, digest in summary.unchanged.items()}
            staged = shards.staged_ids(stage)
            read = {source.uri for source in work.sources}
            removed = [*vanished, *dropped(live.values(), read, _unreadable(rejects), staged | kept.keys())]
            changes = {
                "articles_new": len(staged - live.keys()),
                "articles_changed": len(staged & live.keys()),
                "articles_unchanged": work.unchanged + len(kept),
                "articles_removed": len(removed),
            }
            moved = {article_id: digest for article_id, digest in kept.items() if digest != live[article_id].source_sha256}
            run = {"run_id": run_id, "started_at": started_at, "pipeline_version": version, "chars": chars} | changes
            rows = publish(settings, stage, run, rejects, removed, moved)
            repairs = sum(warehouse.read("articles", ["repair_count"])["repair_count"].to_pylist())
    except WarehouseLocked as error:
        raise UsageError(str(error)) from None

    seconds = (datetime.now(UTC) - started_at).total_seconds()
    summary = RunSummary(run_id, settings.tables, changes, rows, repairs, chars, seconds, tuple(rejects))
    get_run_logger().info(report.one_line(summary))
    if not staged and not work.unchanged and not kept:
        raise nothing_usable(settings.paths, rejects)
    if settings.strict and rejects:
        raise RejectedInputs(summary)
    return summary


def _unreadable(rejects: Sequence[Reject]) -> set[str]:
    """What could not be looked into, so that nobody knows whether its articles are gone."""
    return {reject.source_uri for reject in rejects if reject.stage == "read"}


def _shards(settings: Settings, work: Plan, version: str, stage: Path, run_id: str, started_at: datetime) -> list[Shard]:
    return [
        Shard(
            index,
            part,
            stage,
            run_id,
            started_at,
            version,
            {article_id: digest for source in part for article_id, digest in work.known.get(source.uri, {}).items()},
            settings.reference,
            settings.reference_date,
            settings.read,
            settings.ner_model,
        )
        for index, part in enumerate(shards.partition(work.sources, settings.processes, settings.shard_bytes))
    ]


def _transform_all(settings: Settings, parts: Sequence[Shard]) -> list[ShardSummary]:
    job_bytes = sum(source.size for part in parts for source in part.sources)
    progress = shards.new_progress()
    try:
        with report.progress(job_bytes, progress), _executor(settings, job_bytes, progress) as pool:
            futures = [transform.submit(part, pool) for part in parts]
            return [future.result() for future in futures]
    except BrokenProcessPool:
        raise UsageError("a worker process died, most likely for want of memory; try again with fewer --workers") from None
