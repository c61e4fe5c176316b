"""`qingwen check`: a healthy dataset passes, and each check finds its damage."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake import CommitProperties, DeltaTable, Schema, Transaction

from flows import catalog, cli
from flows.arrow import to_arrow
from flows.check import check, disk, recomputed, rows
from flows.errors import UsageError
from flows.warehouse import Warehouse
from transforms import contract, migrations, pipeline, reference
from transforms.article import RawDocument
from transforms.rows import to_rows
from transforms.tables import BY_NAME, TABLES

SAMPLES = Path(__file__).parents[2] / "data" / "samples"
NOW = datetime(2024, 5, 1, 3, tzinfo=UTC)
RUN = {
    "run_id": "r1", "started_at": NOW, "finished_at": NOW + timedelta(seconds=9), "status": "completed", "pipeline_version": "v",
    "inputs": 1, "articles_new": 1, "articles_changed": 0, "articles_unchanged": 0, "articles_removed": 0, "rejected": 1, "chars": 1,
    "seconds": 9.0,
}  # fmt: skip
REJECT = {
    "source_uri": "bad.txt", "record_index": 0, "stage": "read", "error_code": "empty", "message": "holds no text", "run_id": "r1",
    "seen_at": NOW,
}  # fmt: skip


def article_rows(uri: str, text: str) -> dict[str, list[dict[str, Any]]]:
    document = RawDocument(uri, text, content_sha256=hashlib.sha256(text.encode()).hexdigest())
    article = pipeline.transform(document, reference.load(), today=NOW.date())
    return to_rows(article, pipeline_version="v", run_id="r1", ingested_at=NOW)


@pytest.fixture(scope="module")
def healthy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset of a few samples, spun ones among them, with a copy and two readings that disagree."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(SAMPLES.glob("*.txt")) if "gb18030" not in path.name}
    texts["copy.txt"] = texts["solar.txt"]
    texts["one.txt"] = "京东公布财报\n2022年第三季度，京东集团营收2435亿元。"
    texts["other.txt"] = "京东业绩出炉\n2022年第三季度，京东集团营收2400亿元。"
    store = Warehouse(tmp_path_factory.mktemp("healthy") / "表")
    with store.lock():
        stage = store.new_stage("r1")
        for i, (uri, text) in enumerate(texts.items()):
            store.write_stage(stage, f"{i}", article_rows(uri, text))
        store.publish(stage, RUN, [REJECT], seen=["bad.txt"])
        catalog.write(store.root)
    return store.root


@pytest.fixture
def damaged(healthy: Path, tmp_path: Path) -> Path:
    """A copy of the healthy dataset, to be damaged."""
    root = shutil.copytree(healthy, tmp_path / "damaged")
    catalog.write(root)
    return root


def test_a_healthy_dataset_passes(healthy: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert [str(finding) for finding in check(Warehouse(healthy))] == []
    assert cli.main(["check", str(healthy)]) == cli.DONE
    assert len(capsys.readouterr().out.splitlines()) == 1


def test_the_healthy_dataset_has_what_could_be_wrong(healthy: Path) -> None:
    store = Warehouse(healthy)
    assert all(store.read(table.name).num_rows for table in TABLES)
    assert store.read("articles")["duplicate_of"].null_count < store.read("articles").num_rows
    assert "stitch" in store.read("repairs")["kind"].to_pylist()


def test_findings_cost_a_line_each_and_status_1(damaged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    next((damaged / "facts").glob("*.parquet")).unlink()
    (damaged / "facts" / "\x1b[31mred.parquet").write_bytes(b"")
    assert cli.main(["check", str(damaged)]) == cli.WRONG
    out, err = capsys.readouterr()
    assert "the file is missing; restore the dataset" in out
    assert "\x1b" not in out
    assert err == f"qingwen: {damaged}: {len(out.splitlines())} findings\n"


def test_where_there_is_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no tables there"):
        list(check(Warehouse(tmp_path)))


# What lies in the folder


def lose_a_table(root: Path) -> None:
    shutil.rmtree(root / "events")


def lose_a_file(root: Path) -> None:
    _file(root).unlink()


def truncate_a_file(root: Path) -> None:
    _file(root).write_bytes(_file(root).read_bytes()[:-1])


def flip_a_bit(root: Path) -> None:
    data = bytearray(_file(root).read_bytes())
    data[len(data) // 2] ^= 1
    _file(root).write_bytes(data)


def rename_a_column(root: Path) -> None:
    table = pq.read_table(_file(root))
    pq.write_table(table.rename_columns([{"evidence": "proof"}.get(name, name) for name in table.schema.names]), _file(root))


def change_a_type(root: Path) -> None:
    table = pq.read_table(_file(root))
    at = table.schema.get_field_index("confidence")
    pq.write_table(table.set_column(at, "confidence", table["confidence"].cast(pa.float32())), _file(root))


def add_a_column(root: Path) -> None:
    DeltaTable(str(root / "events")).alter.add_columns(list(Schema.from_arrow(pa.schema([("surprise", pa.int32())])).fields))


def record_a_schema_version(root: Path) -> None:
    delta = DeltaTable(str(root / "events"))
    known = CommitProperties(app_transactions=[Transaction("qingwen.schema", migrations.current_version() + 1)])
    delta.create_write_transaction([], "append", delta.schema(), commit_properties=known)


def leave_a_file(root: Path) -> None:
    shutil.copy(_file(root), root / "events" / "00000009-00000.parquet")


def leave_a_stage(root: Path) -> None:
    (root / ".staging" / "r9").mkdir(parents=True)


def lose_the_dictionary(root: Path) -> None:
    (root / "dictionary.md").unlink()


def age_the_package(root: Path) -> None:
    path = root / "datapackage.json"
    path.write_text(path.read_text(encoding="utf-8").replace("/00000001-", "/00000000-"), encoding="utf-8")


def empty_the_views(root: Path) -> None:
    (root / "qingwen.duckdb").unlink()
    duckdb.connect(str(root / "qingwen.duckdb")).close()


def _file(root: Path) -> Path:
    return min((root / "events").glob("*.parquet"))


#: damage, check, table, beginning of the key, part of the message
FOLDERS: list[tuple[Callable[[Path], None], Any, str, str, str]] = [
    (lose_a_table, disk.tables, "events", "-", "table is missing"),
    (lose_a_file, disk.files, "events", "00000001-", "file is missing"),
    (truncate_a_file, disk.files, "events", "00000001-", "bytes, not"),
    (flip_a_bit, disk.files, "events", "00000001-", "SHA-256"),
    (rename_a_column, disk.schemas, "events", "00000001-", "column proof is unknown"),
    (change_a_type, disk.schemas, "events", "00000001-", "column confidence is float, not double"),
    (add_a_column, disk.schemas, "events", "_delta_log", "column surprise is unknown"),
    (record_a_schema_version, disk.versions, "-", "schema", "install a newer Qingwen"),
    (leave_a_file, disk.strays, "events", "00000009-", "no part of the table"),
    (leave_a_stage, disk.strays, "-", "r9", "a run that died"),
    (lose_the_dictionary, disk.descriptions, "-", "dictionary.md", "qingwen build"),
    (age_the_package, disk.descriptions, "-", "datapackage.json", "qingwen build"),
    (empty_the_views, disk.descriptions, "-", "qingwen.duckdb", "qingwen build"),
]


@pytest.mark.parametrize(("damage", "look", "table", "key", "message"), FOLDERS, ids=lambda value: getattr(value, "__name__", None))
def test_a_damaged_folder(damaged: Path, damage: Callable[[Path], None], look: Any, table: str, key: str, message: str) -> None:
    damage(damaged)
    found = list(look(disk.Dataset(Warehouse(damaged))))
    assert any(finding.table == table and finding.key.startswith(key) and message in finding.message for finding in found)


def test_a_publish_during_the_check_is_no_damage(damaged: Path) -> None:
    store = Warehouse(damaged)
    lose_the_dictionary(damaged)
    findings = check(store)
    next(findings)
    with store.lock():
        store.publish(store.new_stage("r2"), RUN | {"run_id": "r2"}, [], seen=[])
    with pytest.raises(UsageError, match="try again"):
        list(findings)


# What the rows say

Row = dict[str, Any]
Damage = Callable[[Row], dict[str, Any]]


@pytest.fixture(scope="module")
def tables(healthy: Path) -> dict[str, pa.Table]:
    return {table.name: Warehouse(healthy).read(table.name).sort_by([(k, "ascending") for k in table.key]) for table in TABLES}


def connection(tables: dict[str, pa.Table]) -> duckdb.DuckDBPyConnection:
    result = duckdb.connect()
    for name, table in tables.items():
        result.register(name, table)
    return result


def changed(tables: dict[str, pa.Table], name: str, where: Callable[[Row], bool], values: Damage) -> tuple[dict[str, pa.Table], Row]:
    """The tables with other values in the first row of one that fits, and that row."""
    content = tables[name].to_pylist()
    at = next(i for i, row in enumerate(content) if where(row))
    content[at] |= values(content[at])
    return tables | {name: to_arrow(BY_NAME[name], content)}, content[at]


def anywhere(_: Row) -> bool:
    return True


def has(name: str) -> Callable[[Row], bool]:
    return lambda row: row[name] is not None


def moved(**by: int) -> Damage:
    return lambda row: {name: row[name] + step for name, step in by.items()}


def other(**values: Any) -> Damage:
    return lambda row: values


#: check, table, row, damage, beginning of the message
ROWS: list[tuple[Any, str, Callable[[Row], bool], Damage, str]] = [
    (rows.nulls, "facts", anywhere, other(metric=None), "column metric is null"),
    (rows.nulls, "articles", anywhere, other(ingested_at=None), "column ingested_at is null"),
    (rows.values, "articles", anywhere, other(source_uri="moved.txt"), "article_id is not that of"),
    (rows.values, "articles", anywhere, other(content_sha256="abc"), "column content_sha256"),
    (rows.values, "articles", anywhere, other(garbled_share=1.5), "column garbled_share"),
    (rows.values, "articles", anywhere, moved(clean_chars=1), "column clean_chars"),
    (rows.values, "paragraphs", anywhere, other(garble_score=-0.1), "column garble_score"),
    (rows.values, "paragraphs", anywhere, other(role="footer"), "column role is none of title, byline"),
    (rows.values, "mentions", anywhere, moved(clean_end=1), "mention_id is not that of"),
    (rows.values, "times", anywhere, other(time_id="0123456789abcdef"), "time_id is not that of"),
    (rows.values, "quantities", has("amount"), other(amount=Decimal(1)), "column amount is not value"),
    (rows.values, "quantities", has("amount"), other(amount=None), "column amount is null"),
    (rows.values, "quantities", lambda row: row["kind"] == "count", other(amount=Decimal(1)), "column amount is there"),
    (rows.values, "quantities", has("amount"), other(unit="yuan"), "column unit is no ISO 4217 code"),
    (rows.values, "quantities", has("unit"), other(unit="万"), "column unit is no code"),
    (rows.values, "quantities", has("value"), other(low=1.0), "not either a value or a range"),
    (rows.values, "quantities", has("low"), lambda row: {"low": row["high"], "high": row["low"]}, "low is above high"),
    (rows.values, "quantities", anywhere, other(qualifier="maybe"), "column qualifier"),
    (rows.values, "times", has("end_date"), other(start_date=date(2999, 1, 1)), "start_date is after end_date"),
    (rows.values, "facts", has("value"), other(value=None), "not either a value or a range"),
    (rows.values, "facts", has("period_end"), other(period_start=date(2999, 1, 1)), "period_start is after"),
    (rows.values, "facts", anywhere, other(metric="营收"), "column metric is no code"),
    (rows.values, "facts", anywhere, other(confidence=2.0), "column confidence"),
    (rows.values, "facts", anywhere, other(status="rumour"), "column status is none of actual"),
    (rows.values, "events", has("date_end"), other(date_start=date(2999, 1, 1)), "date_start is after"),
    (rows.values, "runs", anywhere, other(finished_at=NOW - timedelta(1)), "finished_at is before"),
    (rows.references, "mentions", anywhere, other(article_id="gone"), "column article_id: no such row in table articles"),
    (rows.references, "quantities", anywhere, other(paragraph_index=999), "column article_id, paragraph_index: no such row"),
    (rows.references, "mentions", anywhere, other(entity_id="nobody"), "column entity_id: no such row in table entities"),
    (rows.references, "facts", has("subject_id"), other(subject_id="nobody"), "column subject_id: no such row"),
    (rows.references, "event_participants", anywhere, other(event_id="none"), "column event_id, article_id: no such row in table events"),
    (rows.references, "articles", has("duplicate_of"), other(duplicate_of="gone"), "column duplicate_of: no such row"),
    (rows.references, "articles", anywhere, other(run_id="r0"), "column run_id: no such row in table runs"),
    (rows.references, "rejects", anywhere, other(run_id="r0"), "column run_id: no such row in table runs"),
    (rows.references, "fact_conflicts", anywhere, other(other_fact_id="none"), "column other_fact_id: no such row"),
    (rows.order, "paragraphs", anywhere, other(paragraph_index=77), "paragraph_index does not count"),
    (rows.order, "paragraphs", lambda row: row["paragraph_index"] == 1, other(raw_start=0), "raw_start lies in an earlier"),
    (rows.order, "paragraphs", lambda row: row["clean_start"] and row["paragraph_index"] > 1, other(clean_start=0), "clean_start lies in"),
    (rows.order, "quantities", anywhere, other(sentence_index=999), "sentence_index is smaller"),
    (rows.offsets, "mentions", anywhere, moved(clean_start=1, clean_end=1), "column surface is not what"),
    (rows.offsets, "mentions", anywhere, other(clean_end=10**6), "clean_start, clean_end: no span"),
    (rows.offsets, "mentions", anywhere, other(raw_end=10**6), "raw_start, raw_end: no span"),
    (rows.offsets, "quantities", lambda row: row["paragraph_index"] == 3, other(paragraph_index=1), "clean_start is not in the paragraph"),
    (rows.offsets, "quantities", anywhere, other(clean_start=-1), "clean_start, clean_end: no span"),
    (rows.offsets, "times", anywhere, other(surface="昨天"), "column surface is not what"),
    (rows.offsets, "facts", anywhere, moved(clean_end=-1), "column evidence is not what"),
    (rows.offsets, "events", anywhere, other(evidence="没有这回事"), "column evidence is not what"),
    (rows.offsets, "paragraphs", has("text"), other(text="没有这一段"), "column text is not what"),
    (rows.offsets, "paragraphs", has("text"), other(text=None), "columns clean_start, clean_end, text"),
    (rows.offsets, "paragraphs", anywhere, moved(raw_end=-1), "column raw_text is not as long"),
    (rows.offsets, "repairs", lambda row: len(row["clean_text"]) == 2, other(clean_text="错误"), "column clean_text"),
    (rows.offsets, "repairs", lambda row: len(row["raw_text"]) == 1, other(raw_text="错"), "column raw_text is not what"),
    (rows.counts, "articles", anywhere, moved(paragraph_count=1), "paragraph_count"),
    (rows.counts, "articles", anywhere, moved(repair_count=-1), "repair_count"),
    (recomputed.replay, "repairs", lambda row: row["kind"] == "brand", other(status="suggested"), "the applied repairs do not"),
    (recomputed.replay, "repairs", lambda row: row["kind"] == "brand", moved(raw_end=10**6), "the applied repairs do not"),
    (recomputed.copies, "articles", has("duplicate_of"), other(duplicate_of=None), "duplicate_of is null, not"),
    (recomputed.mart_rows, "entities", anywhere, moved(mention_count=1), "the row is not what"),
    (recomputed.mart_rows, "entity_aliases", lambda row: row["kind"] == "observed", other(alias="别名"), "the row is not what"),
    (recomputed.mart_rows, "metric_series", anywhere, moved(sources=1), "the row is not what"),
    (recomputed.mart_rows, "fact_conflicts", anywhere, other(value=1.0), "the row is not what"),
]  # fmt: skip


@pytest.mark.parametrize(("look", "table", "where", "damage", "message"), ROWS, ids=lambda value: getattr(value, "__name__", None))
def test_a_damaged_row(
    tables: dict[str, pa.Table], look: Any, table: str, where: Callable[[Row], bool], damage: Damage, message: str
) -> None:
    broken, row = changed(tables, table, where, damage)
    with connection(broken) as connected:
        found = [finding for finding in look(connected) if finding.message.startswith(message)]
    assert [finding.table for finding in found][:1] == [table]
    if look is not rows.order:  # there it may be the neighbour that is out of order
        key = [row["article_id"]] if look is recomputed.replay else [str(row[name]) for name in BY_NAME[table].key if row[name] is not None]
        assert ", ".join(key) in {finding.key for finding in found}


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_a_row_that_is_there_twice(tables: dict[str, pa.Table], table: str) -> None:
    with connection(tables | {table: pa.concat_tables([tables[table], tables[table].slice(0, 1)])}) as connected:
        assert [finding.table for finding in rows.keys(connected)] == [table]


def test_a_lost_row_of_a_mart(tables: dict[str, pa.Table]) -> None:
    with connection(tables | {"metric_series": tables["metric_series"].slice(1)}) as connected:
        assert ["missing" in finding.message for finding in recomputed.mart_rows(connected)] == [True]


def test_every_check_has_its_damage() -> None:
    assert {look for _, look, *_ in FOLDERS} == {*disk.TABLE_CHECKS, *disk.SIDE_CHECKS}
    assert {look for look, *_ in ROWS} | {rows.keys} == {*rows.CHECKS, *recomputed.CHECKS}


def test_the_contract_speaks_of_declared_columns() -> None:
    columns = {(table.name, column.name) for table in TABLES for column in table.columns}
    assert {(table, name) for table, names in contract.NULLABLE.items() for name in names} <= columns
    assert contract.CODES.keys() <= columns
    for key in contract.FOREIGN_KEYS:
        assert {(key.table, name) for name in key.columns} | {(key.target_table, name) for name in key.target} <= columns
        assert set(key.target) <= {*BY_NAME[key.target_table].key, "article_id"}
