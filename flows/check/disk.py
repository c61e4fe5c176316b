"""Checks of what lies in the folder of a dataset: Delta logs, files, schemas, and the descriptions beside them."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from flows import catalog, datafiles
from flows.arrow import parquet_metadata
from flows.check.finding import REBUILD, Finding, Rows
from flows.deltatables import live_files
from flows.storage import Location, matches
from flows.warehouse import Warehouse
from transforms.tables import TABLES

#: What DuckDB may use before it spills to disk.
MEMORY = "1GB"


class Dataset:
    """The tables of a warehouse as they are at one moment."""

    def __init__(self, warehouse: Warehouse) -> None:
        self.root = warehouse.root
        self._warehouse = warehouse
        self.delta = {table.name: delta for table in TABLES if (delta := warehouse.delta(table.name))}

    def files(self, table: str) -> list[Location]:
        """The live files of a table."""
        return live_files(self.root / table, self.delta[table])

    def other_schema(self) -> str | None:
        return self._warehouse.other_schema()

    def has_changed(self) -> bool:
        """Whether a run has published since."""
        return any(now.version() != then.version() for name, then in self.delta.items() if (now := self._warehouse.delta(name)))

    def connect(self) -> Rows:
        """A connection that knows every table by its name."""
        connection = duckdb.connect(config={"memory_limit": MEMORY})
        for table in TABLES:
            connection.register(table.name, datafiles.dataset(table.schema, self.files(table.name)))
        return connection


def versions(dataset: Dataset) -> Iterator[Finding]:
    """The tables have the schema version of this program."""
    if other := dataset.other_schema():
        yield Finding("versions", "-", "schema", other)


def tables(dataset: Dataset) -> Iterator[Finding]:
    """Every table is there."""
    for table in TABLES:
        if table.name not in dataset.delta:
            yield Finding("tables", table.name, "-", "the table is missing; the next `qingwen build` makes it, without the rows it had")


def files(dataset: Dataset) -> Iterator[Finding]:
    """Every file of the Delta log is there as it was written."""
    for name, delta in dataset.delta.items():
        for action in pa.table(delta.get_add_actions()).to_pylist():
            path = dataset.root / name / action["path"]
            if not path.is_file():
                yield Finding("files", name, path.name, f"the file is missing; {REBUILD}")
            elif path.stat().st_size != action["size_bytes"]:
                yield Finding("files", name, path.name, f"the file has {path.stat().st_size} bytes, not {action['size_bytes']}; {REBUILD}")
            elif not datafiles.is_as_written(path):
                yield Finding("files", name, path.name, f"the file is not what was written, by the SHA-256 in its name; {REBUILD}")


def schemas(dataset: Dataset) -> Iterator[Finding]:
    """Delta logs and files have the declared columns and types. A column that they are too old to have reads as null."""
    for table in TABLES:
        for key, schema in _schemas(dataset, table.name):
            for field in schema:
                if field.name not in table.schema.names:
                    yield Finding("schemas", table.name, key, f"column {field.name} is unknown; {REBUILD}")
                elif field.type != (declared := table.schema.field(field.name).type):
                    message = f"column {field.name} is {field.type}, not {declared}; {REBUILD}"
                    yield Finding("schemas", table.name, key, message)


def _schemas(dataset: Dataset, table: str) -> Iterator[tuple[str, pa.Schema]]:
    if table in dataset.delta:
        yield "_delta_log", pa.schema(dataset.delta[table].schema().to_arrow())
        for path in dataset.files(table):
            try:
                schema = parquet_metadata(path).schema.to_arrow_schema()
            except (OSError, pa.ArrowException):
                continue  # `files` says so
            yield path.name, schema


def strays(dataset: Dataset) -> Iterator[Finding]:
    """No file lies about that a reader of plain Parquet would take for rows, nor anything of a run that died."""
    for name in dataset.delta:
        live = set(dataset.files(name))
        for path in matches(dataset.root / name, "*.parquet"):
            if path not in live:
                yield Finding(
                    "strays", name, path.name, "the file is no part of the table; the next `qingwen build` clears it away, or you do"
                )
    for path in matches(dataset.root / ".staging", "*"):
        yield Finding("strays", "-", path.name, "left by a run that died, if none is under way; the next `qingwen build` clears it away")


def descriptions(dataset: Dataset) -> Iterator[Finding]:
    """Dictionary, data package and DuckDB views are there and tell how the tables are now."""
    for name in catalog.outdated(dataset.root):
        yield Finding("descriptions", "-", name, "missing or not of these tables; the next `qingwen build` writes it")


#: What makes tables unreadable, and what does not.
TABLE_CHECKS = (versions, tables, files, schemas)
SIDE_CHECKS = (strays, descriptions)
