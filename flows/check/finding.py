"""What a check finds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb

from transforms.tables import BY_NAME

#: All tables of a dataset, under their names.
Rows = duckdb.DuckDBPyConnection

REBUILD = "restore the dataset from a copy or build it into an empty folder"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: which check found it, in which table, at which row (its key) or file, and what to do about it."""

    check: str
    table: str
    key: str
    message: str

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.message} [{self.check}]"


def broken(rows: Rows, check: str, table: str, rules: Mapping[str, str], source: str = "") -> Iterator[Finding]:
    """A finding for each rule that rows of a table break, with the smallest key of these rows.

    `rules` maps what is wrong to a condition in SQL; `source` is the FROM clause, where rows of the table are called `t`.
    """
    key = f"concat_ws(', ', {', '.join(f't.{column}' for column in BY_NAME[table].key)})"
    counts = ", ".join(f"count(*) FILTER ({rule}), min({key}) FILTER ({rule})" for rule in rules.values())
    (found,) = rows.execute(f"SELECT {counts} FROM {source or f'{table} t'}").fetchall()
    for message, count, first in zip(rules, found[::2], found[1::2], strict=True):
        if count:
            more = f" (so are {count - 1} more rows)" if count > 1 else ""
            yield Finding(check, table, first, f"{message}{more}; {REBUILD}")
