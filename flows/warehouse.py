"""Arrow tables into Delta Lake tables, in a folder or on an object store: staged by the workers, published by one writer in a short window.

Below the root lies a folder a table, with its live Parquet files and `_delta_log` and nothing else, so that a reader that knows only
Parquet sees exactly the live rows; `.staging/` for rows that are not published yet; `.lock` for the one writer. On an object store the
workers stage on their machine instead, because what they write may never be published.

A publish first prepares every new file in a draft folder and writes down what it is about to do (`plan.json`); only then it moves the
files in, one atomic Delta commit a table, and deletes what they replace. A run that dies before the plan has changed nothing; one that
dies behind it is completed by the next run, so the tables never stay at different states.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
from deltalake.transaction import AddAction, RemoveAction

from flows import datafiles, storage
from flows.arrow import from_frame, parquet_metadata, to_arrow, write_parquet, write_stage
from flows.deltatables import DeltaTables, scan
from flows.errors import UsageError
from flows.lock import WarehouseLocked, one_writer, still_ours
from flows.settings import home
from flows.storage import Location
from transforms import marts, migrations
from transforms.reference import Entity, Reference
from transforms.reference import load as load_reference
from transforms.tables import BY_NAME, PER_ARTICLE, TABLES, TEXT, Table

#: Rows of one data file at most, in memory; files of SMALL_FILE on disk are large enough to be left alone.
FILE_BYTES = 128 * 2**20
SMALL_FILE = 8 * 2**20
#: The plan of a draft.
_PLAN, _PLANS = "plan.json", "*/plan.json"
#: Room that a disk must have for the log entries of a publish.
COMMIT_BYTES = 2**20


class StageError(ValueError):
    """A staging folder that must not be published; the message names the article."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one commit does to a table: `add` lies in the draft folder until then. `version` is the one the commit makes.

    With a `schema` version the table begins anew, with the columns that are declared now.
    """

    table: str
    version: int
    add: tuple[str, ...]
    remove: tuple[str, ...]
    schema: int | None = None


def _parts(stage: Path, table: str) -> list[Location]:
    return sorted((stage / table).glob("*.parquet"))


def _unique_ids(staged: pa.Table) -> pa.Array:
    counts = staged["article_id"].value_counts()
    twice = counts.filter(pc.greater(counts.field("counts"), 1)).field("values")
    if len(twice):
        raise StageError(f"article {twice[0]} is staged more than once; an article_id must be unique in a run")
    return counts.field("values")


def _is_in(rows: pa.Table, ids: pa.Array) -> pa.ChunkedArray:
    return pc.is_in(rows["article_id"], value_set=ids)


def _by_article(rows: pa.Table) -> pa.Table:
    """Sorted by article; the rows of one article stay in the order of the text (the sort is stable)."""
    return rows.take(pc.sort_indices(rows["article_id"]))


def _files(parts: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The parts, put together to tables of about FILE_BYTES each."""
    group: list[pa.Table] = []
    for part in parts:
        group.append(part)
        if sum(p.nbytes for p in group) >= FILE_BYTES:
            yield pa.concat_tables(group)
            group = []
    if group:
        yield pa.concat_tables(group)


class Warehouse(DeltaTables):
    """All tables of one dataset. Write only while holding `lock()`; reading needs none.

    Raises UsageError for a place that cannot be used.
    """

    write_stage = staticmethod(write_stage)

    def __init__(self, root: Location | str) -> None:
        """Raises UsageError for a place that tables cannot live in."""
        super().__init__(storage.table_location(root))
        self._local = self.root if isinstance(self.root, Path) else home() / "stores" / hashlib.sha256(str(self.root).encode()).hexdigest()
        self._staging = self._local / ".staging"
        self._drafts = self.root / ".staging"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the one writer; first completes or clears away what a dead run left.

        Raises WarehouseLocked where another run writes, UsageError where the place cannot be used.
        """
        with ExitStack() as held:
            with self._writing():
                held.enter_context(one_writer(self.root, self._local))
                self._recover()
            try:
                yield
            except Exception:
                # a disk that ran full must not stay so; but a plan is for the next run to carry out
                if not storage.matches(self._drafts, _PLANS):
                    self._clear()
                raise
            self._clear()

    def _recover(self) -> None:
        for plan in storage.matches(self._drafts, _PLANS):
            self._commit(plan.parent)
        self._clear()
        for table in TABLES:
            self._sweep(table)

    def _clear(self) -> None:
        storage.remove_tree(self._drafts)
        storage.remove_tree(self._staging)

    def new_stage(self, run_id: str) -> Path:
        """An empty staging folder of a run. Raises UsageError where the tables have another schema version."""
        if other := self.other_schema():
            raise UsageError(f"{self.root}: {other}")
        stage = self._staging / run_id
        stage.mkdir(parents=True)
        return stage

    def publish(
        self,
        stage: Path,
        run: Mapping[str, Any],
        rejects: Sequence[Mapping[str, Any]],
        *,
        seen: Iterable[str],
        removed: Iterable[str] = (),
        moved: Mapping[str, str | None] | None = None,
        reference: Reference | None = None,
    ) -> dict[str, int]:
        """Make the staged rows live. Returns the live row count of every table.

        All rows of a staged article replace the ones it had, articles in `removed` (ids) lose theirs, rejects of the inputs in `seen`
        (source URIs) are replaced, `run` is appended; `moved` gives articles that stay another source_sha256. Entities and marts are made
        anew, with the names of `reference` (the project's own by default), unless neither articles nor version differ from the last run's.
        Raises StageError where two staged rows claim one article_id or a row belongs to none, SchemaError.
        """
        with self._writing():
            self._commit(self._draft(stage, run, rejects, set(seen), removed, moved or {}, reference or load_reference()))
            return {table.name: pc.sum(pa.table(self._open(table).get_add_actions())["num_records"]).as_py() for table in TABLES}

    def _draft(
        self,
        stage: Path,
        run: Mapping[str, Any],
        rejects: Sequence[Mapping[str, Any]],
        seen: Collection[str],
        removed: Iterable[str],
        moved: Mapping[str, str | None],
        reference: Reference,
    ) -> Location:
        """Prepare every new file, and a plan for them. Returns the folder of both."""
        self.create_missing()
        draft = self._drafts / f"{stage.name}.publish"
        storage.remove_tree(draft)

        staged = scan(BY_NAME["articles"], _parts(stage, "articles"))
        ids = _unique_ids(staged)
        gone = pa.concat_arrays([ids, pa.array(list(removed), TEXT)])
        changes: list[Change | None] = []
        runs = self.read("runs").sort_by("started_at")
        # other code or reference data make other marts of the same articles
        same_version = runs["pipeline_version"][-1:].to_pylist() == [run["pipeline_version"]]
        anew = len(gone) or moved or not same_version
        if anew:
            by_name = {t.name: self._replace(t, gone, _parts(stage, t.name), ids, draft) for t in PER_ARTICLE if t.name != "articles"}
            articles, last = self._articles(staged, gone, moved, same_version, stage / "articles.parquet", draft)
            changes += [*by_name.values(), *self._marts(articles, by_name, reference.entities, draft)]
        rejected = self.read("rejects")
        rejected = rejected.filter(pc.invert(pc.is_in(rejected["source_uri"], value_set=pa.array(sorted(seen), TEXT))))
        changes.append(self._rewrite("rejects", pa.concat_tables([rejected, to_arrow(BY_NAME["rejects"], rejects)]), draft))
        # Articles go behind everything that is said about them, as the mark that all of it is there.
        if anew:
            changes.append(last)
        changes.append(self._rewrite("runs", pa.concat_tables([runs, to_arrow(BY_NAME["runs"], [run])]), draft))
        self._plan(draft, changes)
        return draft

    def _plan(self, draft: Location, changes: Iterable[Change | None]) -> None:
        """From here on, the changes will come about, by this run or by the next one."""
        if not still_ours(self.root, self._local):
            raise WarehouseLocked(f"{self.root}: somebody removed the lock of this run; nothing was published, run it again")
        storage.ensure_room(self.root, COMMIT_BYTES)
        storage.write_text(draft / _PLAN, json.dumps([asdict(change) for change in changes if change]))

    def migrate(self) -> None:
        """Rewrite all tables as they are declared now, all or none of them. Raises ValueError where the migrations do not lead there."""
        version, draft = self.schema_version(), self._drafts / "migrate"
        changes = []
        with self._writing():
            for table in TABLES:
                if delta := self.delta(table.name):
                    live, old = self._live(table), pa.schema(delta.schema().to_arrow())
                    contents = (migrations.migrated(table, datafiles.dataset(old, [path]).to_table(), version) for path in live)
                    changes.append(replace(self._change(table, contents, live, draft), schema=migrations.current_version()))
            self._plan(draft, changes)
            self._commit(draft)

    def _articles(
        self, staged: pa.Table, gone: pa.Array, moved: Mapping[str, str | None], same_version: bool, changed: Path, draft: Location
    ) -> tuple[pa.Table, Change | None]:
        """All articles as they will be, `duplicate_of` decided over the whole corpus, and the change that makes them so.

        Rows to write go through the file `changed`.
        """
        table = BY_NAME["articles"]
        live = self.read(table.name)
        stay = live.filter(pc.invert(_is_in(live, gone)))
        rows = pa.concat_tables([stay, staged])
        decided = dict(zip(*(stay[name].to_pylist() for name in ("article_id", "duplicate_of")), strict=True)) if same_version else {}
        first = marts.duplicates(rows.select(["article_id", "source_uri", "reference_date", "clean_text"]).to_pandas(), decided)
        ids = rows["article_id"].to_pylist()
        digests = [moved.get(i, digest) for i, digest in zip(ids, rows["source_sha256"].to_pylist(), strict=True)]
        is_fresh = _is_in(rows, staged["article_id"])
        for name, values in (("duplicate_of", [first.get(i) for i in ids]), ("source_sha256", digests)):
            column = pa.chunked_array([values], TEXT)
            is_fresh = pc.or_(is_fresh, pc.not_equal(pc.fill_null(rows[name], ""), pc.fill_null(column, "")))
            at = rows.schema.get_field_index(name)
            rows = rows.set_column(at, rows.schema.field(at), column)
        fresh = rows.filter(is_fresh)
        write_parquet(changed, fresh)
        gone = pa.concat_arrays([gone, *fresh["article_id"].chunks])
        return rows, self._replace(table, gone, [changed], gone, draft)

    def _marts(
        self, articles: pa.Table, changes: Mapping[str, Change | None], known: Iterable[Entity], draft: Location
    ) -> Iterator[Change | None]:
        """The tables that follow from all the others."""

        def frame(name: str, columns: Sequence[str]) -> pd.DataFrame:
            return scan(BY_NAME[name], self._files_after(BY_NAME[name], changes[name], draft), columns).to_pandas()

        corpus = articles.select(["article_id", "reference_date", "duplicate_of"]).to_pandas()
        facts = frame("facts", marts.FACT_COLUMNS)
        entities, aliases = marts.entities(frame("mentions", marts.MENTION_COLUMNS), corpus, known)
        yield self._rewrite("entities", from_frame(BY_NAME["entities"], entities), draft)
        yield self._rewrite("entity_aliases", from_frame(BY_NAME["entity_aliases"], aliases), draft)
        for name, mart in (("metric_series", marts.metric_series), ("fact_conflicts", marts.fact_conflicts)):
            yield self._rewrite(name, from_frame(BY_NAME[name], mart(facts, corpus)), draft)

    def _replace(self, table: Table, gone: pa.Array, fresh: Sequence[Location], known: pa.Array, draft: Location) -> Change | None:
        """Take out the rows of the articles in `gone`, put in those of the files `fresh`, which may only speak of articles in `known`.

        Only files that hold rows to take out are written anew, and small ones that are no more than twice as large as all that is written
        anyway: so each row is written a few times as its table grows, not every night, and there are never more than a few small files.
        """
        for path in fresh:
            ids = scan(table, [path], ["article_id"])
            if strays := ids.filter(pc.invert(_is_in(ids, known)))["article_id"].to_pylist():
                raise StageError(f"table {table.name}: rows of article {strays[0]}, which is not staged")
        old, stay, small = [], [], []
        for path in self._live(table):
            hits = _is_in(scan(table, [path], ["article_id"]), gone)
            if pc.any(hits, min_count=0).as_py():
                old.append(scan(table, [path]).filter(hits))
            elif len(hits) and parquet_metadata(path).schema.to_arrow_schema().equals(table.schema):
                small.append((path.stat().st_size, path, pc.invert(hits)))
                continue
            stay.append((path, pc.invert(hits)))
        new = datafiles.dataset(table.schema, fresh)
        before = pa.concat_tables(old) if old else table.schema.empty_table()
        if before.num_rows == new.count_rows() and _by_article(before).equals(_by_article(new.to_table())):
            return None
        size = sum(path.stat().st_size for path in (*fresh, *(path for path, _ in stay)))
        for length, path, rest in sorted(small, key=lambda entry: entry[0]):
            if length < SMALL_FILE and length <= 2 * size:
                stay.append((path, rest))
                size += length

        def parts() -> Iterator[pa.Table]:
            for path, rest in stay:
                yield scan(table, [path]).filter(rest)
            for path in fresh:
                yield scan(table, [path])

        return self._change(table, (_by_article(rows) for rows in _files(parts())), [path for path, _ in stay], draft)

    def _rewrite(self, name: str, rows: pa.Table, draft: Location) -> Change | None:
        """Replace a whole table."""
        table = BY_NAME[name]
        rows = rows.sort_by([(column, "ascending") for column in table.key])
        return None if rows.equals(self.read(name)) else self._change(table, [rows], self._live(table), draft)

    def _change(self, table: Table, contents: Iterable[pa.Table], remove: Sequence[Location], draft: Location) -> Change:
        version = self._open(table).version() + 1
        add: list[str] = []
        for rows in contents:
            # A table without rows keeps one empty file: a reader of globs needs it.
            if rows.num_rows:
                add.append(datafiles.write(draft / table.name, version, len(add), rows))
        if not add and len(remove) == len(self._live(table)):
            add.append(datafiles.write(draft / table.name, version, 0, table.schema.empty_table()))
        return Change(table.name, version, tuple(add), tuple(path.name for path in remove))

    def _files_after(self, table: Table, change: Change | None, draft: Location) -> list[Location]:
        """The files that a table will have."""
        if not change:
            return self._live(table)
        kept = [path for path in self._live(table) if path.name not in change.remove]
        return kept + [draft / table.name / name for name in change.add]

    def _commit(self, draft: Location) -> None:
        """Carry out the plan of a draft. Safe to repeat at any point: each table's version says whether its part is done."""
        for change in (Change(**fields) for fields in json.loads((draft / _PLAN).read_text(encoding="utf-8"))):
            folder = self.root / change.table
            delta = self._open(BY_NAME[change.table])
            if delta.version() < change.version:
                for name in change.add:
                    with suppress(FileNotFoundError):  # moved before a run died
                        storage.move(draft / change.table / name, folder / name)
                files = [folder / name for name in change.add]
                if change.schema:
                    self._begin(BY_NAME[change.table], files, change.schema)
                else:
                    now = time.time_ns() // 1_000_000
                    actions: list[AddAction | RemoveAction] = [datafiles.add_action(path) for path in files]
                    actions += [RemoveAction(name, True, now) for name in change.remove]
                    delta.create_write_transaction(actions, "append", delta.schema())
                    self._changed(BY_NAME[change.table])
            for name in change.remove:
                with suppress(FileNotFoundError):
                    storage.remove(folder / name)
        storage.remove(draft / _PLAN)
