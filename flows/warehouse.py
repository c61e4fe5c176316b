"""Arrow tables into Delta Lake tables on disk: staged by the workers, published by one writer in one short window.

Below the root lies a folder a table, with its live Parquet files and `_delta_log` and nothing else, so that a reader that knows only
Parquet sees exactly the live rows; `.staging/` for rows that are not published yet; `.lock` for the one writer.

A publish first prepares every new file in a draft folder and writes down what it is about to do (`plan.json`); only then it moves the
files in, one atomic Delta commit a table, and deletes what they replace. A run that dies before the plan has changed nothing; one that
dies behind it is completed by the next run, so the tables never stay at different states.
"""

from __future__ import annotations

import fcntl
import hashlib
import io
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from deltalake import DeltaTable, Schema
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from flows.arrow import from_frame, to_arrow, write_parquet, write_stage
from transforms import marts
from transforms.reference import Entity, Reference
from transforms.reference import load as load_reference
from transforms.tables import BY_NAME, PER_ARTICLE, TABLES, TEXT, Table

#: Rows of one data file at most, in memory; files below SMALL_FILE on disk are merged into the next file that is written.
FILE_BYTES = 128 * 2**20
SMALL_FILE = 8 * 2**20
#: Columns that tell when a row was written, not what it says.
WRITE_MARKS = ("run_id", "ingested_at", "seen_at")
#: The files that are ours in the folder of a table: version of the commit that added it, number.
_DATA_FILE, _DATA_FILES = "{:08}-{:05}.parquet", "[0-9]*-[0-9]*.parquet"


class StageError(ValueError):
    """A staging folder that must not be published; the message names the article."""


class WarehouseLocked(RuntimeError):
    """Another run is writing; the message names its process."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one commit does to a table: `add` lies in the draft folder until then. `version` is the one the commit makes."""

    table: str
    version: int
    add: tuple[str, ...]
    remove: tuple[str, ...]


def _scan(table: Table, paths: Sequence[Path], columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of Parquet files; a column that a file is too old to have reads as null."""
    return ds.dataset([str(p) for p in paths], schema=table.schema, format="parquet").to_table(columns=columns and list(columns))


def _parts(stage: Path, table: str) -> list[Path]:
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


class Warehouse:
    """All tables of one dataset. Write only while holding `lock()`; reading needs no lock."""

    write_stage = staticmethod(write_stage)

    def __init__(self, root: Path) -> None:
        self.root = Path(root).absolute()
        if "?" in str(self.root) or unquote(str(self.root)) != str(self.root):
            # DuckDB and delta-rs take parts of such a path for parts of a URL.
            raise ValueError(f"{self.root}: tables cannot live in a folder whose name holds ? or a code such as %20; choose another")
        self._staging = self.root / ".staging"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Be the one writer; first completes or clears away what a dead run left. Raises WarehouseLocked where another run writes."""
        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("a+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                file.seek(0)
                raise WarehouseLocked(f"{self.root} is being written by process {file.read().strip()}; try again when it is done") from None
            file.truncate(0)
            file.write(str(os.getpid()))
            file.flush()
            self._recover()
            yield
            shutil.rmtree(self._staging, ignore_errors=True)

    def _recover(self) -> None:
        for plan in self._staging.glob("*/plan.json"):
            self._commit(plan.parent)
        shutil.rmtree(self._staging, ignore_errors=True)
        for table in TABLES:
            self._sweep(table)

    def new_stage(self, run_id: str) -> Path:
        """An empty staging folder of a run."""
        stage = self._staging / run_id
        stage.mkdir(parents=True)
        return stage

    def create_missing(self) -> None:
        """Every table of the contract exists, typed, with at least one Parquet file and all declared columns."""
        for table in TABLES:
            folder, schema = self.root / table.name, Schema.from_arrow(table.schema)
            if DeltaTable.is_deltatable(str(folder)):
                delta = DeltaTable(str(folder))
                known = {field.name for field in delta.schema().fields}
                if later := [field for field in schema.fields if field.name not in known]:
                    delta.alter.add_columns(later)
            else:
                path = folder / _DATA_FILE.format(0, 0)
                write_parquet(path, table.schema.empty_table())
                create_table_with_add_actions(str(folder), schema, [_add(path)], name=table.name, description=table.description)

    def read(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """The live rows of a table, in no particular order; none where the table does not exist yet."""
        return _scan(BY_NAME[table], self._live(BY_NAME[table]), columns)

    def content_hash(self, table: str) -> str:
        """SHA-256 over what the rows of a table say, whatever their order and whichever run wrote them."""
        columns = [c.name for c in BY_NAME[table].columns if c.name not in WRITE_MARKS]
        rows = self.read(table, columns).sort_by([(name, "ascending") for name in columns])
        sink = io.BytesIO()
        pyarrow.csv.write_csv(rows, sink)
        return hashlib.sha256(sink.getbuffer()).hexdigest()

    def publish(
        self,
        stage: Path,
        run: Mapping[str, Any],
        rejects: Sequence[Mapping[str, Any]],
        *,
        seen: Iterable[str],
        removed: Iterable[str] = (),
        reference: Reference | None = None,
    ) -> dict[str, int]:
        """Make the staged rows live. Returns the live row count of every table.

        All rows of a staged article replace the ones it had, articles in `removed` (ids) lose theirs, rejects of the inputs in `seen`
        (source URIs) are replaced, `run` is appended; entities and marts are made anew, with the names of `reference` (the project's own by
        default). Raises StageError where two staged rows claim one article_id or a row belongs to none, SchemaError.
        """
        self.create_missing()
        draft = self._staging / f"{stage.name}.publish"
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(parents=True)

        staged = _scan(BY_NAME["articles"], _parts(stage, "articles"))
        ids = _unique_ids(staged)
        gone = pa.concat_arrays([ids, pa.array(list(removed), TEXT)])
        changes: list[Change | None] = []
        if len(gone):
            by_name = {t.name: self._replace(t, gone, _parts(stage, t.name), ids, draft) for t in PER_ARTICLE if t.name != "articles"}
            articles, last = self._articles(staged, gone, draft)
            changes += [*by_name.values(), *self._marts(articles, by_name, (reference or load_reference()).entities, draft)]
        rejected = self.read("rejects")
        rejected = rejected.filter(pc.invert(pc.is_in(rejected["source_uri"], value_set=pa.array(sorted(set(seen)), TEXT))))
        changes.append(self._rewrite("rejects", pa.concat_tables([rejected, to_arrow(BY_NAME["rejects"], rejects)]), draft))
        # Articles go behind everything that is said about them, as the mark that all of it is there.
        if len(gone):
            changes.append(last)
        changes.append(self._rewrite("runs", pa.concat_tables([self.read("runs"), to_arrow(BY_NAME["runs"], [run])]), draft))
        (draft / "plan.draft").write_text(json.dumps([asdict(change) for change in changes if change]))
        (draft / "plan.draft").replace(draft / "plan.json")
        self._commit(draft)
        return {table.name: sum(pq.read_metadata(p).num_rows for p in self._live(table)) for table in TABLES}

    def _articles(self, staged: pa.Table, gone: pa.Array, draft: Path) -> tuple[pa.Table, Change | None]:
        """All articles as they will be, `duplicate_of` decided over the whole corpus, and the change that makes them so."""
        table = BY_NAME["articles"]
        live = self.read(table.name)
        rows = pa.concat_tables([live.filter(pc.invert(_is_in(live, gone))), staged])
        first = marts.duplicates(rows.select(["article_id", "source_uri", "reference_date", "clean_text"]).to_pandas())
        copies = pa.chunked_array([[first.get(i) for i in rows["article_id"].to_pylist()]], TEXT)
        moved = pc.not_equal(pc.fill_null(rows["duplicate_of"], ""), pc.fill_null(copies, ""))
        at = rows.schema.get_field_index("duplicate_of")
        rows = rows.set_column(at, rows.schema.field(at), copies)
        fresh = rows.filter(pc.or_(_is_in(rows, staged["article_id"]), moved))
        write_parquet(draft / "articles.parquet", fresh)
        gone = pa.concat_arrays([gone, *fresh["article_id"].chunks])
        return rows, self._replace(table, gone, [draft / "articles.parquet"], gone, draft)

    def _marts(
        self, articles: pa.Table, changes: Mapping[str, Change | None], known: Iterable[Entity], draft: Path
    ) -> Iterator[Change | None]:
        """The tables that follow from all the others."""

        def frame(name: str, columns: Sequence[str]) -> pd.DataFrame:
            return _scan(BY_NAME[name], self._files_after(BY_NAME[name], changes[name], draft), columns).to_pandas()

        corpus = articles.select(["article_id", "reference_date", "duplicate_of"]).to_pandas()
        facts = frame("facts", marts.FACT_COLUMNS)
        entities, aliases = marts.entities(frame("mentions", marts.MENTION_COLUMNS), corpus, known)
        yield self._rewrite("entities", from_frame(BY_NAME["entities"], entities), draft)
        yield self._rewrite("entity_aliases", from_frame(BY_NAME["entity_aliases"], aliases), draft)
        for name, mart in (("metric_series", marts.metric_series), ("fact_conflicts", marts.fact_conflicts)):
            yield self._rewrite(name, from_frame(BY_NAME[name], mart(facts, corpus)), draft)

    def _replace(self, table: Table, gone: pa.Array, fresh: Sequence[Path], known: pa.Array, draft: Path) -> Change | None:
        """Take out the rows of the articles in `gone`, put in those of the files `fresh`, which may only speak of articles in `known`.

        Only files that hold rows to take out, and small ones, are written anew.
        """
        for path in fresh:
            ids = _scan(table, [path], ["article_id"])
            if strays := ids.filter(pc.invert(_is_in(ids, known)))["article_id"].to_pylist():
                raise StageError(f"table {table.name}: rows of article {strays[0]}, which is not staged")
        old, stay = [], []
        for path in self._live(table):
            hits = _is_in(_scan(table, [path], ["article_id"]), gone)
            if pc.any(hits, min_count=0).as_py():
                old.append(_scan(table, [path]).filter(hits))
            elif len(hits) and path.stat().st_size >= SMALL_FILE and pq.read_schema(path).equals(table.schema):
                continue
            stay.append((path, pc.invert(hits)))
        new = ds.dataset([str(path) for path in fresh], schema=table.schema)
        before = pa.concat_tables(old) if old else table.schema.empty_table()
        if before.num_rows == new.count_rows() and _by_article(before).equals(_by_article(new.to_table())):
            return None

        def parts() -> Iterator[pa.Table]:
            for path, rest in stay:
                yield _scan(table, [path]).filter(rest)
            for path in fresh:
                yield _scan(table, [path])

        return self._change(table, (_by_article(rows) for rows in _files(parts())), [path for path, _ in stay], draft)

    def _rewrite(self, name: str, rows: pa.Table, draft: Path) -> Change | None:
        """Replace a whole table."""
        table = BY_NAME[name]
        rows = rows.sort_by([(column, "ascending") for column in table.key])
        return None if rows.equals(self.read(name)) else self._change(table, [rows], self._live(table), draft)

    def _change(self, table: Table, contents: Iterable[pa.Table], remove: Sequence[Path], draft: Path) -> Change:
        version = DeltaTable(str(self.root / table.name)).version() + 1
        add: list[str] = []
        for rows in contents:
            # A table without rows keeps one empty file: a reader of globs needs it.
            if rows.num_rows:
                add.append(_DATA_FILE.format(version, len(add)))
                write_parquet(draft / table.name / add[-1], rows)
        if not add and len(remove) == len(self._live(table)):
            add.append(_DATA_FILE.format(version, 0))
            write_parquet(draft / table.name / add[0], table.schema.empty_table())
        return Change(table.name, version, tuple(add), tuple(path.name for path in remove))

    def _files_after(self, table: Table, change: Change | None, draft: Path) -> list[Path]:
        """The files that a table will have."""
        if not change:
            return self._live(table)
        kept = [path for path in self._live(table) if path.name not in change.remove]
        return kept + [draft / table.name / name for name in change.add]

    def _commit(self, draft: Path) -> None:
        """Carry out the plan of a draft. Safe to repeat at any point: each table's version says whether its part is done."""
        for change in (Change(**fields) for fields in json.loads((draft / "plan.json").read_text())):
            folder = self.root / change.table
            delta = DeltaTable(str(folder))
            if delta.version() < change.version:
                for name in change.add:
                    if (source := draft / change.table / name).exists():
                        source.replace(folder / name)
                now = time.time_ns() // 1_000_000
                actions: list[AddAction | RemoveAction] = [_add(folder / name) for name in change.add]
                actions += [RemoveAction(name, True, now) for name in change.remove]
                delta.create_write_transaction(actions, "append", BY_NAME[change.table].schema)
            self._sweep(BY_NAME[change.table])
        (draft / "plan.json").unlink()

    def _live(self, table: Table) -> list[Path]:
        folder = self.root / table.name
        if not DeltaTable.is_deltatable(str(folder)):
            return []
        return sorted(folder / uri.rsplit("/", 1)[-1] for uri in DeltaTable(str(folder)).file_uris())

    def _sweep(self, table: Table) -> None:
        """Delete our files that are not live: replaced ones, and those of a commit that never came."""
        live = set(self._live(table))
        for path in (self.root / table.name).glob(_DATA_FILES):
            if path not in live:
                path.unlink()


def _add(path: Path) -> AddAction:
    stat = path.stat()
    stats = json.dumps({"numRecords": pq.read_metadata(path).num_rows})
    return AddAction(path.name, stat.st_size, {}, stat.st_mtime_ns // 1_000_000, True, stats)
