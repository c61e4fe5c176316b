"""Breaking changes of the tables, in order: each makes the rows of the version before into rows of its own.

A new column needs none: it reads as null in rows that are older. Everything else (another name, type, key or meaning) is a migration;
`qingwen migrate` runs those that a dataset lacks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pyarrow as pa

from transforms.tables import Table


@dataclass(frozen=True, slots=True)
class Migration:
    """One step from a schema version to the next. `convert` maps a table to what makes its rows new; other tables stay as they are."""

    description: str
    convert: Mapping[str, Callable[[pa.Table], pa.Table]]


#: The migration at place n leads from schema version n + 1 to n + 2. Never change or remove one.
MIGRATIONS: tuple[Migration, ...] = ()


def current_version() -> int:
    """The schema version of `transforms.tables`."""
    return 1 + len(MIGRATIONS)


def migrated(table: Table, rows: pa.Table, version: int) -> pa.Table:
    """Rows of a table that were written in a schema version, as the declaration wants them now. Columns they lack are null.

    Raises ValueError, naming table and column, where a migration leaves a column that is not declared or of another type.
    """
    for migration in MIGRATIONS[version - 1 :]:
        if convert := migration.convert.get(table.name):
            rows = convert(rows)
    for field in rows.schema:
        if field.name not in table.schema.names or field.type != table.schema.field(field.name).type:
            raise ValueError(f"table {table.name}, column {field.name}: {field.type} after all migrations is not what is declared")
    return pa.table(
        [rows[field.name] if field.name in rows.schema.names else pa.nulls(rows.num_rows, field.type) for field in table.schema],
        schema=table.schema,
    )
