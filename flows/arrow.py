"""Rows and data frames as Arrow tables of exactly the declared schema: nothing reaches the disk in another shape.

The part of storage that workers need; the rest is in `flows.warehouse`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Context, Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flows.storage import Location, as_usage_errors
from transforms.tables import BOOL, BY_NAME, DATE, FLOAT, INSTANT, INT, LONG, MONEY, TEXT, Column, Table

if TYPE_CHECKING:  # a worker does without pandas, which takes long to import
    import pandas as pd

_PYTHON_TYPES: dict[pa.DataType, tuple[type, ...]] = {
    TEXT: (str,),
    INT: (int,),
    LONG: (int,),
    FLOAT: (float, int, Decimal),
    BOOL: (bool,),
    DATE: (date,),
    INSTANT: (datetime,),
    MONEY: (Decimal, int),
}
_MONEY_CONTEXT = Context(prec=MONEY.precision)  # rounds half to even
_MONEY_STEP = Decimal(1).scaleb(-MONEY.scale)


class SchemaError(ValueError):
    """Rows that do not fit their table; the message names the table and the column."""


def _fits(kind: type, column: Column) -> bool:
    """Whether values of a Python type belong into a column. A bool is no number, an instant is no date."""
    if (issubclass(kind, bool) and column.type != BOOL) or (issubclass(kind, datetime) and column.type != INSTANT):
        return False
    return issubclass(kind, _PYTHON_TYPES[column.type])


def _array(table: Table, column: Column, values: list[Any]) -> pa.Array:
    where = f"table {table.name}, column {column.name}"
    for kind in set(map(type, values)) - {type(None)}:
        if not _fits(kind, column):
            raise SchemaError(f"{where}: expected {column.type}, got {kind.__name__}")
    try:
        if column.type == FLOAT:
            values = [None if v is None else float(v) for v in values]
        elif column.type == MONEY:
            values = [None if v is None else Decimal(v).quantize(_MONEY_STEP, context=_MONEY_CONTEXT) for v in values]
        elif column.type == INSTANT and any(v is not None and v.tzinfo is None for v in values):
            raise SchemaError(f"{where}: an instant needs a time zone")
        array = pa.array(values, column.type)
    except (pa.ArrowException, InvalidOperation, OverflowError, UnicodeError) as error:
        raise SchemaError(f"{where}: not {column.type}: {error}") from None
    if column.type == FLOAT and not pc.all(pc.is_finite(array), min_count=0).as_py():
        raise SchemaError(f"{where}: a number must be finite")
    return array


def to_arrow(table: Table, rows: Sequence[Mapping[str, Any]]) -> pa.Table:
    """Rows as an Arrow table of exactly the declared schema. Decimals become floats, money is rounded half-even to 4 places.

    Raises SchemaError for an unknown or missing column, a wrong type, or a number out of range.
    """
    names = {column.name for column in table.columns}
    for row in rows:
        if row.keys() != names:
            wrong = min(names.symmetric_difference(row))
            raise SchemaError(f"table {table.name}, column {wrong}: {'missing in' if wrong in names else 'unknown, but in'} a row")
    return pa.Table.from_arrays([_array(table, c, [row[c.name] for row in rows]) for c in table.columns], schema=table.schema)


def from_frame(table: Table, frame: pd.DataFrame) -> pa.Table:
    """A data frame as an Arrow table of exactly the declared schema. Raises SchemaError as `to_arrow` does."""
    names = [column.name for column in table.columns]
    if wrong := set(names).symmetric_difference(frame.columns):
        raise SchemaError(f"table {table.name}, column {min(wrong)}: missing or unknown")
    try:
        return pa.Table.from_pandas(frame[names], schema=table.schema, preserve_index=False).replace_schema_metadata(None)
    except (pa.ArrowException, OverflowError) as error:
        raise SchemaError(f"table {table.name}: {error}") from None


def write_parquet(path: Path, rows: pa.Table) -> None:
    """Write a Parquet file, and its folder if that is not there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(rows, path, compression="zstd")


def parquet_metadata(path: Location) -> pq.FileMetaData:
    """What the end of a Parquet file says about it."""
    with path.open("rb") as file:
        return pq.read_metadata(file)


def write_stage(folder: Path, shard: str, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    """Write the rows of a shard, a table name each, into a staging folder. Raises SchemaError, and UsageError where the disk is full.

    The folder itself is not created: it is gone once the run is over, and a worker that outlived its run must not bring it back.
    """
    with as_usage_errors(folder):
        for name, table_rows in rows.items():
            if table_rows:
                (folder / name).mkdir(exist_ok=True)
                draft = folder / name / f"{shard}.draft"
                write_parquet(draft, to_arrow(BY_NAME[name], table_rows))
                draft.replace(folder / name / f"{shard}.parquet")
