"""What describes the tables, written beside them: data dictionary, Frictionless data package, DuckDB file with a view a table."""

from __future__ import annotations

import glob
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import pyarrow as pa

from flows import storage
from flows.storage import Location
from transforms.tables import BOOL, DATE, FLOAT, INSTANT, INT, LONG, MONEY, TABLES, TEXT, Table, dictionary_markdown

#: Types of the Frictionless table schema.
_FRICTIONLESS: dict[pa.DataType, str] = {
    TEXT: "string",
    INT: "integer",
    LONG: "integer",
    FLOAT: "number",
    MONEY: "number",
    BOOL: "boolean",
    DATE: "date",
    INSTANT: "datetime",
}

#: The DuckDB file with a view a table.
VIEWS = "qingwen.duckdb"
#: The file that says which columns there are.
_COLUMNS = "dictionary.json"


def write(root: Location) -> None:
    """Write `dictionary.md`, `dictionary.json`, `datapackage.json` and `qingwen.duckdb` beside the tables of a dataset.

    No file is ever seen half-written. The DuckDB views name the folder by its absolute path or URI, because a relative one would depend on
    where the reader stands; after moving the folder, call this again. On an object store they read with DuckDB's extension for that store
    (httpfs, azure), and with the credentials of whoever reads. Raises UsageError where the place cannot be written.
    """
    root = storage.table_location(root)
    with storage.as_usage_errors(root):
        stale = _stale_texts(root)
        for name, text in stale.items():
            storage.write_text(root / name, text)
        # On an object store, making views means looking into a file of every table; they are as good as the columns that they name.
        if isinstance(root, Path) or _COLUMNS in stale or not (root / VIEWS).exists():
            _write_views(root)


def outdated(root: Location) -> list[str]:
    """The names of those files that are missing or do not describe the tables as they are now.

    The views on an object store are not tried: DuckDB may lack its extension here.
    """
    stale = list(_stale_texts(root))
    return stale if not isinstance(root, Path) or _views_work(root) else [*stale, VIEWS]


def _stale_texts(root: Location) -> dict[str, str]:
    """What files should hold that do not."""
    return {name: text for name, text in _texts(root).items() if storage.read_text(root / name) != text}


def _views_work(root: Path) -> bool:
    try:
        with duckdb.connect(str(root / VIEWS), read_only=True) as connection:
            return all(connection.sql(f"FROM {table.name}").columns == table.schema.names for table in TABLES)
    except duckdb.Error:
        return False


def _texts(root: Location) -> dict[str, str]:
    return {
        "dictionary.md": dictionary_markdown(),
        _COLUMNS: _json({table.name: _dictionary(table) for table in TABLES}),
        "datapackage.json": _json(_data_package(root)),
    }


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _dictionary(table: Table) -> dict[str, Any]:
    columns = [{"name": c.name, "type": str(c.type), "description": c.description} for c in table.columns]
    return {"description": table.description, "key": list(table.key), "columns": columns}


def _data_package(root: Location) -> dict[str, Any]:
    """The description of the files there are now, as https://datapackage.org asks for it; paths are relative to the folder."""
    resources = [
        {
            "name": table.name,
            "description": table.description,
            "path": [f"{table.name}/{path.name}" for path in storage.matches(root / table.name, "*.parquet")],
            "format": "parquet",
            "mediatype": "application/vnd.apache.parquet",
            "schema": {
                "fields": [{"name": c.name, "type": _FRICTIONLESS[c.type], "description": c.description} for c in table.columns],
                "primaryKey": list(table.key),
            },
        }
        for table in TABLES
    ]
    return {"profile": "data-package", "name": "qingwen", "resources": resources}


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _write_views(root: Location) -> None:
    # A folder a=1 above the tables is no column, and files older than a column read as null there.
    options = "hive_partitioning = false, union_by_name = true"
    with TemporaryDirectory() as folder:
        draft = (root if isinstance(root, Path) else Path(folder)) / f".{VIEWS}.draft"
        for left in draft.parent.glob(f"{draft.name}*"):  # by a run that died; DuckDB would carry out the log beside it
            left.unlink()
        with duckdb.connect(str(draft)) as connection:
            if not isinstance(root, Path):
                # DuckDB looks at the files of a view when it is made, and its own extension may not be installed here
                connection.register_filesystem(root.fs)
            connection.begin()  # of their own, the statements would wait for the disk one by one
            for table in TABLES:
                files = _quoted(f"{glob.escape(str(root))}/{table.name}/*.parquet")
                connection.execute(f"CREATE VIEW {table.name} AS SELECT * FROM read_parquet({files}, {options})")
                connection.execute(f"COMMENT ON VIEW {table.name} IS {_quoted(table.description)}")
                for column in table.columns:
                    connection.execute(f"COMMENT ON COLUMN {table.name}.{column.name} IS {_quoted(column.description)}")
            connection.commit()
        storage.upload(draft, root / VIEWS)
