"""The Delta tables of a dataset: opening, reading, creating, sweeping. What a run does to them is in `flows.warehouse`."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.csv
import pyarrow.dataset as ds
from deltalake import CommitProperties, DeltaTable, Schema, Transaction
from deltalake.exceptions import TableNotFoundError
from deltalake.transaction import create_table_with_add_actions

from flows import datafiles, storage
from flows.errors import UsageError
from flows.storage import Location
from transforms import migrations
from transforms.tables import BY_NAME, TABLES, Table

#: Columns that tell when a row was written, not what it says.
WRITE_MARKS = ("run_id", "ingested_at", "seen_at")
#: What records the schema version of a table in its log, unless it is the first one.
_SCHEMA = "qingwen.schema"


def scan(table: Table, paths: Sequence[Location], columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of files of a table. A column that a file is too old to have reads as null."""
    return datafiles.dataset(table.schema, paths).to_table(columns=columns and list(columns))


def live_files(folder: Location, delta: DeltaTable) -> list[Location]:
    """The files of a table in `folder`, as `delta` knows it."""
    return sorted(folder / uri.rsplit("/", 1)[-1] for uri in delta.file_uris())


class DeltaTables:
    """The tables in one place. Reading needs no lock."""

    def __init__(self, root: Location) -> None:
        self.root = root
        self._options = storage.delta_options(root)
        self._opened: dict[str, DeltaTable] | None = None

    def require_tables(self) -> None:
        """Raises UsageError where there is no dataset."""
        if self.delta("articles") is None:
            raise UsageError(f"{self.root}: no tables there; `qingwen build` makes them")

    def dataset(self, table: str) -> ds.Dataset:
        """The live rows of a table, to be read piece by piece."""
        return datafiles.dataset(BY_NAME[table].schema, self._live(BY_NAME[table]))

    def read(self, table: str, columns: Sequence[str] | None = None) -> pa.Table:
        """The live rows of a table, in no particular order; none where the table does not exist yet."""
        with storage.as_usage_errors(self.root):
            return scan(BY_NAME[table], self._live(BY_NAME[table]), columns)

    def content_hash(self, table: str) -> str:
        """SHA-256 over what the rows of a table say, whatever their order and whichever run wrote them."""
        columns = [c.name for c in BY_NAME[table].columns if c.name not in WRITE_MARKS]
        rows = self.read(table, columns).sort_by([(name, "ascending") for name in columns])
        sink = io.BytesIO()
        pyarrow.csv.write_csv(rows, sink)
        return hashlib.sha256(sink.getbuffer()).hexdigest()

    def schema_version(self) -> int:
        """The schema version of the tables (see `transforms.migrations`); the current one where there are none yet."""
        found = [delta.transaction_version(_SCHEMA) or 1 for table in TABLES if (delta := self.delta(table.name))]
        return max(found, default=migrations.current_version())

    def other_schema(self) -> str | None:
        """What to say and do where the tables have another schema version than this program; None where they have the same."""
        found, current = self.schema_version(), migrations.current_version()
        if found == current:
            return None
        remedy = f"run `qingwen migrate {self.root}`" if found < current else "install a newer Qingwen"
        return f"the tables have schema version {found}, this Qingwen has {current}; {remedy}"

    def create_missing(self) -> None:
        """Every table of the contract exists, typed, with at least one Parquet file and all declared columns."""
        for table in TABLES:
            folder, schema = self.root / table.name, Schema.from_arrow(table.schema)
            if delta := self.delta(table.name):
                known = {field.name for field in delta.schema().fields}
                if later := [field for field in schema.fields if field.name not in known]:
                    delta.alter.add_columns(later)
                    self._changed(table)
            else:
                path = folder / datafiles.write(folder, 0, 0, table.schema.empty_table())
                self._begin(table, [path], migrations.current_version())

    def _begin(self, table: Table, files: Sequence[Location], schema: int) -> None:
        """Let a table begin, or begin anew, with these files and the columns that are declared now."""
        create_table_with_add_actions(
            str(self.root / table.name),
            Schema.from_arrow(table.schema),
            [datafiles.add_action(path) for path in files],
            mode="overwrite",
            name=table.name,
            description=table.description,
            storage_options=self._options,
            commit_properties=CommitProperties(app_transactions=[Transaction(_SCHEMA, schema)]),
        )
        self._changed(table)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Open each table once between commits: no other writer makes any meanwhile."""
        self._opened = {}
        try:
            with storage.as_usage_errors(self.root):
                yield
        finally:
            self._opened = None

    def _open(self, table: Table) -> DeltaTable:
        delta = self._opened and self._opened.get(table.name)
        if not delta:
            delta = DeltaTable(str(self.root / table.name), storage_options=self._options)
            if self._opened is not None:
                self._opened[table.name] = delta
        return delta

    def _changed(self, table: Table) -> None:
        if self._opened is not None:
            self._opened.pop(table.name, None)

    def delta(self, table: str) -> DeltaTable | None:
        """A table as Delta Lake knows it, where it is there. Raises UsageError where the place cannot be read."""
        with storage.as_usage_errors(self.root):
            try:
                return self._open(BY_NAME[table])
            except TableNotFoundError:
                return None

    def _live(self, table: Table) -> list[Location]:
        delta = self.delta(table.name)
        return live_files(self.root / table.name, delta) if delta else []

    def _sweep(self, table: Table) -> None:
        """Delete our files that are not live: replaced ones, and those of a commit that never came."""
        live = set(self._live(table))
        for path in storage.matches(self.root / table.name, datafiles.PATTERN):
            if path not in live:
                storage.remove(path)
