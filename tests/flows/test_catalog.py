"""What describes the tables: dictionary, data package, DuckDB views."""

from __future__ import annotations

import json
import os
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from flows import catalog
from flows.arrow import to_arrow
from flows.warehouse import Warehouse
from transforms.tables import BY_NAME, TABLES


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("it's a=1 [表]")
    Warehouse(root).create_missing()
    catalog.write(root)
    return root


def test_the_dictionary_names_every_column(root: Path) -> None:
    text = (root / "dictionary.md").read_text(encoding="utf-8")
    data = json.loads((root / "dictionary.json").read_text(encoding="utf-8"))
    assert list(data) == [table.name for table in TABLES]
    for table in TABLES:
        assert f"## {table.name}\n" in text
        assert [c["name"] for c in data[table.name]["columns"]] == [c.name for c in table.columns]
        assert all(f"| {c.name} | {c.type} | {c.description} |" in text for c in table.columns)
        assert data[table.name]["key"] == list(table.key)


def test_the_data_package_names_files_and_types(root: Path) -> None:
    package = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
    assert [resource["name"] for resource in package["resources"]] == [table.name for table in TABLES]
    for resource in package["resources"]:
        (path,) = resource["path"]
        assert not Path(path).is_absolute()
        assert pq.read_schema(root / path).names == [field["name"] for field in resource["schema"]["fields"]]
        assert set(resource["schema"]["primaryKey"]) <= {field["name"] for field in resource["schema"]["fields"]}
    (amount,) = (f for r in package["resources"] for f in r["schema"]["fields"] if f["name"] == "amount")
    assert amount["type"] == "number"


def test_the_views_read_from_anywhere_and_follow_the_tables(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with duckdb.connect(str(root / "qingwen.duckdb"), read_only=True) as connection:
        for table in TABLES:
            assert connection.sql(f"FROM {table.name}").columns == [c.name for c in table.columns]
            assert connection.sql(f"SELECT count(*) FROM {table.name}").fetchall() == [(0,)]
        comments = dict(connection.sql("SELECT column_name, comment FROM duckdb_columns() WHERE table_name = 'facts'").fetchall())
        assert comments["evidence"] == "the clean text that says so, clean_start to clean_end"
        assert connection.sql("SELECT comment FROM duckdb_views() WHERE view_name = 'facts'").fetchall() == [
            ("one row an observation, long format",)
        ]
        more = root / "entity_aliases" / "more.parquet"
        pq.write_table(to_arrow(BY_NAME["entity_aliases"], [{"entity_id": "douyin", "alias": "抖音", "kind": "name"}]), more)
        assert connection.sql("FROM entity_aliases").fetchall() == [("douyin", "抖音", "name")]
        more.unlink()


def test_writing_again_leaves_nothing_half_done(root: Path) -> None:
    reader = duckdb.connect(str(root / "qingwen.duckdb"), read_only=True)
    (root / ".qingwen.duckdb.draft").write_bytes(b"left by a run that died")
    catalog.write(root)
    assert reader.sql("SELECT count(*) FROM articles").fetchall() == [(0,)], "who has the old file open keeps it"
    reader.close()
    names = {name for name in os.listdir(root) if "." in name}
    assert names == {"dictionary.md", "dictionary.json", "datapackage.json", "qingwen.duckdb"}
