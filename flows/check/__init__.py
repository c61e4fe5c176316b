"""`qingwen check`: whether a dataset keeps every promise of the contract. It reads only.

A check is a function that yields what it finds: `disk` looks at what lies in the folder, `rows` at what the rows say, `recomputed` at
what follows from other rows.
"""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pyarrow as pa

from flows.check import disk, recomputed, rows
from flows.check.finding import Finding
from flows.errors import UsageError
from flows.warehouse import Warehouse

__all__ = ["Finding", "check"]


def check(warehouse: Warehouse) -> Iterator[Finding]:
    """Everything that is wrong with a dataset, as it is found. Rows are looked at only where the tables can be read.

    Raises UsageError where there is no dataset or where a run publishes meanwhile.
    """
    warehouse.require_tables()
    dataset = disk.Dataset(warehouse)
    try:
        yield from _findings(dataset)
    except (OSError, duckdb.Error, pa.ArrowException):
        # a run deletes the files that it replaces
        if not dataset.has_changed():
            raise
    if dataset.has_changed():
        raise UsageError(f"{warehouse.root}: a run has changed the tables while they were checked; try again when it is done")


def _findings(dataset: disk.Dataset) -> Iterator[Finding]:
    readable = True
    for look in disk.TABLE_CHECKS:
        for finding in look(dataset):
            readable = False
            yield finding
    for look in disk.SIDE_CHECKS:
        yield from look(dataset)
    if readable:
        with dataset.connect() as connection:
            for look_at in (*rows.CHECKS, *recomputed.CHECKS):
                yield from look_at(connection)
