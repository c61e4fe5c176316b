"""What describes the tables, written beside them: data dictionary, Frictionless data package, DuckDB file with a view a table."""

from __future__ import annotations

import glob
import json
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

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


def write(root: Path) -> None:
    """Write `dictionary.md`, `dictionary.json`, `datapackage.json` and `qingwen.duckdb` beside the tables of a dataset.

    Each file is complete under another name before it takes its place. The DuckDB views name the folder by its absolute path, because
    a relative one would depend on where the reader stands; after moving the folder, call this again.
    """
    root = Path(root).absolute()
    _replace(root / "dictionary.md", dictionary_markdown())
    _replace(root / "dictionary.json", _json({table.name: _dictionary(table) for table in TABLES}))
    _replace(root / "datapackage.json", _json(_data_package(root)))
    _write_views(root)


def _replace(path: Path, text: str) -> None:
    draft = path.with_name(f".{path.name}.draft")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _dictionary(table: Table) -> dict[str, Any]:
    columns = [{"name": c.name, "type": str(c.type), "description": c.description} for c in table.columns]
    return {"description": table.description, "key": list(table.key), "columns": columns}


def _data_package(root: Path) -> dict[str, Any]:
    """The description of the files there are now, as https://datapackage.org asks for it; paths are relative to the folder."""
    resources = [
        {
            "name": table.name,
            "description": table.description,
            "path": [path.relative_to(root).as_posix() for path in sorted((root / table.name).glob("*.parquet"))],
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


def _write_views(root: Path) -> None:
    draft = root / ".qingwen.duckdb.draft"
    draft.unlink(missing_ok=True)
    # A folder a=1 above the tables is no column, and files older than a column read as null there.
    options = "hive_partitioning = false, union_by_name = true"
    with duckdb.connect(str(draft)) as connection:
        for table in TABLES:
            files = _quoted(f"{glob.escape(str(root))}/{table.name}/*.parquet")
            connection.execute(f"CREATE VIEW {table.name} AS SELECT * FROM read_parquet({files}, {options})")
            connection.execute(f"COMMENT ON VIEW {table.name} IS {_quoted(table.description)}")
            for column in table.columns:
                connection.execute(f"COMMENT ON COLUMN {table.name}.{column.name} IS {_quoted(column.description)}")
    draft.replace(root / "qingwen.duckdb")
