"""The tables on disk: exact schemas, replaced article by article, readable by anything that reads Parquet, whole after any crash."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import fields
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pytest
from deltalake import DeltaTable

from flows import deltatables, warehouse
from flows.arrow import SchemaError, from_frame, to_arrow
from flows.errors import UsageError
from flows.warehouse import StageError, Warehouse, WarehouseLocked, write_stage
from transforms.reference import Entity, Reference
from transforms.tables import BOOL, BY_NAME, DATE, FLOAT, INSTANT, INT, LONG, MONEY, PER_ARTICLE, TABLES, TEXT, Table

NOW = datetime(2024, 3, 1, 3, 0, tzinfo=UTC)
MAXIMUM = Decimal("123456789012345678901234.5678")
VALUES: dict[pa.DataType, Any] = {
    TEXT: "文", INT: 1, LONG: 2, FLOAT: 0.5, BOOL: True, DATE: date(2024, 2, 29), INSTANT: NOW, MONEY: MAXIMUM,
}  # fmt: skip
KNOWN = Reference(**{f.name: () for f in fields(Reference)} | {"entities": (Entity("douyin", "抖音", "product"),), "digest": "test"})  # type: ignore[arg-type]


def row(table: Table, **values: Any) -> dict[str, Any]:
    return {c.name: VALUES[c.type] for c in table.columns} | values


def article(article_id: str, body: str = "", *, facts: int = 2, run_id: str = "r1") -> dict[str, list[dict[str, Any]]]:
    """Rows of every per-article table, the keys made of the article and the position."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for table in PER_ARTICLE:
        keys = [name for name in table.key if name != "article_id"]
        rows[table.name] = [
            row(table, article_id=article_id) | {k: f"{article_id}-{i}" if table.schema.field(k).type == TEXT else i for k in keys}
            for i in range(facts if table.name == "facts" else 1)
        ]
    rows["articles"] = [
        row(
            BY_NAME["articles"],
            article_id=article_id,
            source_uri=f"{article_id}.txt",
            clean_text=body or f"{article_id}的正文" * 20,
            duplicate_of=None,
            run_id=run_id,
        )
    ]
    rows["mentions"][0] |= {"entity_id": "douyin", "surface": "抖音", "name": "抖音", "type": "product"}
    for fact in rows["facts"]:
        fact |= {"subject_id": "douyin", "value": float(ord(article_id[0])), "low": None, "high": None}
    return rows


def reject(source_uri: str, run_id: str = "r1") -> dict[str, Any]:
    return row(BY_NAME["rejects"], source_uri=source_uri, record_index=0, stage="read", error_code="empty", run_id=run_id)


def publish(
    store: Warehouse,
    run_id: str,
    articles: Iterable[dict[str, list[dict[str, Any]]]] = (),
    rejects: Iterable[dict[str, Any]] = (),
    **how: Any,
) -> dict[str, int]:
    with store.lock():
        stage = store.new_stage(run_id)
        for shard, rows in enumerate(articles):
            write_stage(stage, f"{shard:03}", rows)
        return store.publish(stage, row(BY_NAME["runs"], run_id=run_id), list(rejects), seen=how.pop("seen", ()), reference=KNOWN, **how)


def hashes(store: Warehouse) -> dict[str, str]:
    return {table.name: store.content_hash(table.name) for table in TABLES if table.name != "runs"}


def versions(store: Warehouse) -> dict[str, int]:
    return {table.name: DeltaTable(str(store.root / table.name)).version() for table in TABLES}


def assert_plain_files_are_the_live_ones(store: Warehouse) -> None:
    for table in TABLES:
        folder = store.root / table.name
        assert {path.name for path in folder.iterdir()} == {"_delta_log", *(p.name for p in folder.glob("*.parquet"))}
        assert {p.name for p in folder.glob("*.parquet")} == {Path(uri).name for uri in DeltaTable(str(folder)).file_uris()}


@pytest.fixture
def store(tmp_path: Path) -> Warehouse:
    return Warehouse(tmp_path / "表 a=1 [x]")


class TestToArrow:
    def test_values_become_the_declared_types(self) -> None:
        rows = [
            row(BY_NAME["quantities"], value=Decimal("15.7"), low=3, high=None, amount=Decimal("0.00005")),
            row(BY_NAME["quantities"], amount=Decimal("0.00015")),
            row(BY_NAME["quantities"], amount=None),
        ]
        table = to_arrow(BY_NAME["quantities"], rows)
        assert table.schema.equals(BY_NAME["quantities"].schema, check_metadata=True)
        assert table["value"].to_pylist() == [15.7, 0.5, 0.5]
        assert (table["low"][0].as_py(), table["high"][0].as_py()) == (3.0, None)
        assert table["amount"].to_pylist() == [Decimal("0.0000"), Decimal("0.0002"), None], "half to even"

    @pytest.mark.parametrize(
        ("table", "column", "value"),
        [
            ("facts", "value", "15.7"), ("facts", "value", True), ("facts", "value", float("nan")), ("facts", "value", Decimal("1e400")),
            ("facts", "subject", 7), ("facts", "subject", "\ud800"), ("facts", "sentence_index", 2**31), ("facts", "sentence_index", 1.0),
            ("facts", "period_start", "2024-01-01"), ("facts", "period_start", NOW), ("paragraphs", "garbled", 1),
            ("quantities", "amount", Decimal(10) ** 24), ("quantities", "amount", Decimal("NaN")), ("quantities", "amount", 1.5),
            ("articles", "ingested_at", datetime(2024, 1, 1)), ("articles", "ingested_at", date(2024, 1, 1)),
        ],
    )  # fmt: skip
    def test_a_wrong_value_names_table_and_column(self, table: str, column: str, value: object) -> None:
        with pytest.raises(SchemaError, match=f"{table}.*{column}"):
            to_arrow(BY_NAME[table], [row(BY_NAME[table]), row(BY_NAME[table], **{column: value})])

    def test_unknown_and_missing_columns(self) -> None:
        with pytest.raises(SchemaError, match=r"facts.*surprise.*unknown"):
            to_arrow(BY_NAME["facts"], [row(BY_NAME["facts"], surprise=1)])
        short = row(BY_NAME["facts"])
        del short["subject"]
        with pytest.raises(SchemaError, match=r"facts.*subject.*missing"):
            to_arrow(BY_NAME["facts"], [short])
        with pytest.raises(SchemaError, match=r"entities.*type"):
            from_frame(BY_NAME["entities"], pd.DataFrame([row(BY_NAME["entities"])]).drop(columns="type"))


def pandas_rows(folder: Path) -> int:
    frame = pd.read_parquet(folder)
    assert list(frame) == [c.name for c in BY_NAME[folder.name].columns]
    return len(frame)


def polars_rows(folder: Path) -> int:
    frame = polars.read_parquet(f"{folder.parent.as_posix().replace('[', '[[]')}/{folder.name}/*.parquet", hive_partitioning=False)
    assert frame.columns == [c.name for c in BY_NAME[folder.name].columns]
    return len(frame)


def duckdb_rows(folder: Path) -> int:
    relation = duckdb.sql(
        f"from read_parquet('{folder.parent.as_posix().replace('[', '[[]')}/{folder.name}/*.parquet', hive_partitioning = false)"
    )
    names = {TEXT: "VARCHAR", INT: "INTEGER", LONG: "BIGINT", FLOAT: "DOUBLE", BOOL: "BOOLEAN", DATE: "DATE", MONEY: "DECIMAL(28,4)"}
    assert list(map(str, relation.types)) == [names.get(c.type, "TIMESTAMP WITH TIME ZONE") for c in BY_NAME[folder.name].columns]
    return len(relation.fetchall())


def dataset_rows(folder: Path) -> int:
    dataset = ds.dataset(folder, format="parquet")
    assert dataset.schema.equals(BY_NAME[folder.name].schema)
    return dataset.count_rows()


def delta_rows(folder: Path) -> int:
    names = [field.name for field in DeltaTable(str(folder)).schema().fields]
    assert names == [c.name for c in BY_NAME[folder.name].columns]
    return int(DeltaTable(str(folder)).count())


READERS = [pandas_rows, polars_rows, duckdb_rows, dataset_rows, delta_rows]


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> tuple[Warehouse, Warehouse]:
    """A dataset without rows, and one with some in every table."""
    empty, full = (Warehouse(tmp_path_factory.mktemp("dataset")) for _ in range(2))
    empty.create_missing()
    publish(full, "r1", [article("a"), article("b"), article("c", "只有正文", facts=0)], [reject("bad.txt")])
    publish(full, "r2", [article("b", facts=3)])
    return empty, full


class TestReaders:
    @pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
    def test_every_table_of_an_empty_and_a_filled_dataset(self, stores: tuple[Warehouse, Warehouse], reader: Any) -> None:
        empty, full = stores
        for table in TABLES:
            assert reader(empty.root / table.name) == 0
            expected = full.read(table.name).num_rows
            assert reader(full.root / table.name) == expected
            assert expected > 0, table.name

    def test_values_survive(self, stores: tuple[Warehouse, Warehouse]) -> None:
        folder = stores[1].root / "quantities"
        assert duckdb.sql(f"select distinct amount from '{folder}/*.parquet'").fetchall() == [(VALUES[MONEY],)]
        assert set(pd.read_parquet(folder)["amount"]) == {VALUES[MONEY]}
        assert set(pd.read_parquet(stores[1].root / "articles")["ingested_at"]) == {pd.Timestamp(NOW)}
        file = next(folder.glob("*.parquet"))
        assert str(pq.ParquetFile(file).schema_arrow.field("amount").type) == "decimal128(28, 4)"
        assert pq.read_schema(file).field("value").metadata[b"description"].startswith(b"the number")


class TestPublish:
    def test_rows_are_replaced_article_by_article(self, store: Warehouse) -> None:
        first = publish(store, "r1", [article("a"), article("bb")])
        assert (first["articles"], first["facts"], first["runs"], first["entities"]) == (2, 4, 1, 1)
        second = publish(store, "r2", [article("bb", facts=1, run_id="r2"), article("ccc", run_id="r2")])
        assert (second["articles"], second["facts"], second["runs"]) == (3, 5, 2)
        facts = store.read("facts", ["article_id", "fact_id"]).to_pylist()
        assert [f["fact_id"] for f in facts] == ["a-0", "a-1", "bb-0", "ccc-0", "ccc-1"], "sorted by article, in the order of the text"
        runs = dict(zip(*store.read("articles", ["article_id", "run_id"]).to_pydict().values(), strict=True))
        assert runs == {"a": "r1", "bb": "r2", "ccc": "r2"}
        assert store.read("entities").to_pylist()[0] | {"parent_id": None} == {
            "entity_id": "douyin", "name": "抖音", "type": "product", "parent_id": None, "in_reference": True,
            "article_count": 3, "mention_count": 3, "first_seen_on": VALUES[DATE], "last_seen_on": VALUES[DATE],
        }  # fmt: skip
        assert_plain_files_are_the_live_ones(store)
        assert not (store.root / ".staging").exists()

    def test_the_same_again_changes_nothing_but_the_record_of_the_run(self, store: Warehouse) -> None:
        publish(store, "r1", [article("a"), article("bb")], [reject("bad.txt")], seen=["bad.txt"])
        rows, before = hashes(store), versions(store)
        publish(store, "r2", [article("bb", run_id="r2"), article("a", run_id="r2")], [reject("bad.txt", "r2")], seen=["bad.txt"])
        assert hashes(store) == rows
        changed = {name for name, version in versions(store).items() if version != before[name]}
        assert changed == {"articles", "rejects", "runs"}
        publish(store, "r3")
        assert hashes(store) == rows

    def test_sharding_and_order_do_not_matter(self, tmp_path: Path) -> None:
        one, many = Warehouse(tmp_path / "one"), Warehouse(tmp_path / "many")
        parts = [article("a"), article("bb", "同一篇正文" * 30), article("ccc"), article("d", "同一篇正文" * 30)]
        publish(one, "r1", [{name: [r for part in parts for r in part[name]] for name in parts[0]}])
        publish(many, "r1", [parts[3], parts[1]])
        publish(many, "r2", [parts[2], parts[0]])
        assert hashes(one) == hashes(many)
        assert one.content_hash("facts") != one.content_hash("articles")

    def test_removed_articles_lose_their_rows_and_an_emptied_table_keeps_a_file(self, store: Warehouse) -> None:
        publish(store, "r1", [article("a"), article("bb")])
        rows = publish(store, "r2", removed=["a", "bb", "never there"])
        assert {name for name, count in rows.items() if count} == {"runs"}
        assert all(len(list((store.root / table.name).glob("*.parquet"))) == 1 for table in TABLES)
        assert_plain_files_are_the_live_ones(store)

    def test_rejects_stay_until_their_input_is_seen_again(self, store: Warehouse) -> None:
        publish(store, "r1", rejects=[reject("a"), reject("b")], seen=["a", "b"])
        publish(store, "r2", rejects=[reject("c", "r2")], seen=["a", "c"])
        assert [(r["source_uri"], r["run_id"]) for r in store.read("rejects").to_pylist()] == [("b", "r1"), ("c", "r2")]

    def test_copies_are_found_over_the_whole_corpus(self, store: Warehouse) -> None:
        """An older copy that arrives later takes over, also in rows that were there before."""
        body = "同一篇文章的正文，句句相同。" * 10
        publish(store, "r1", [article("b", body), article("c", body)])
        assert dict(zip(*store.read("articles", ["article_id", "duplicate_of"]).to_pydict().values(), strict=True)) == {"b": None, "c": "b"}
        publish(store, "r2", [article("a", body)])
        found = dict(zip(*store.read("articles", ["article_id", "duplicate_of"]).to_pydict().values(), strict=True))
        assert found == {"a": None, "b": "a", "c": "a"}
        assert store.read("entities")["article_count"].to_pylist() == [1]

    def test_an_article_must_be_staged_once(self, store: Warehouse) -> None:
        with pytest.raises(StageError, match="article bb "):
            publish(store, "r1", [article("a"), article("bb"), article("bb")])
        with pytest.raises(StageError, match=r"facts.*zzz"):
            publish(store, "r2", [article("a") | {"facts": article("zzz")["facts"]}])
        assert store.read("articles").num_rows == 0

    def test_big_files_are_left_alone_and_small_ones_merged(self, store: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(warehouse, "SMALL_FILE", 1)
        monkeypatch.setattr(warehouse, "FILE_BYTES", 1)
        publish(store, "r1", [article("a"), article("bb"), article("ccc")])
        before = {p.name for p in (store.root / "facts").glob("*.parquet")}
        assert len(before) == 3
        publish(store, "r2", [article("bb", facts=1), article("d")])
        after = {p.name for p in (store.root / "facts").glob("*.parquet")}
        assert len(before & after) == 2, "the files of a and ccc"
        assert sorted(store.read("facts")["fact_id"].to_pylist()) == ["a-0", "a-1", "bb-0", "ccc-0", "ccc-1", "d-0", "d-1"]
        monkeypatch.undo()
        publish(store, "r3", [article("e")])
        assert len(list((store.root / "facts").glob("*.parquet"))) == 1
        assert store.read("facts").num_rows == 9

    def test_a_column_that_came_later_reads_as_null(self, store: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
        old = Table("facts", BY_NAME["facts"].description, BY_NAME["facts"].columns[:-1], BY_NAME["facts"].key)
        with monkeypatch.context() as patch:
            patch.setattr(deltatables, "TABLES", (old,))
            store.create_missing()
        (path,) = (store.root / "facts").glob("*.parquet")
        assert "confidence" not in pq.read_schema(path).names
        pq.write_table(to_arrow(old, [row(old)]), path)
        assert store.read("facts")["confidence"].to_pylist() == [None]
        publish(store, "r1", [article("a")])
        assert pd.read_parquet(store.root / "facts")["confidence"].isna().tolist() == [False, False, True]
        assert delta_rows(store.root / "facts") == 3


class Killed(BaseException):
    """Stands for SIGKILL: no handler of the code may catch it."""


def killed_at(monkeypatch: pytest.MonkeyPatch, nth: int) -> list[str]:
    """Die right before the nth step of a publish that changes something on disk. Returns the steps as they happen."""
    steps: list[str] = []

    def wrap(owner: type, name: str) -> None:
        original = getattr(owner, name)

        def step(self: Any, *args: Any, **more: Any) -> Any:
            if len(steps) == nth:
                raise Killed
            steps.append(f"{name} {self}")
            return original(self, *args, **more)

        monkeypatch.setattr(owner, name, step)

    wrap(Path, "replace")
    wrap(Path, "unlink")
    wrap(DeltaTable, "create_write_transaction")
    return steps


class TestCrash:
    def die(self, store: Warehouse, nth: int) -> list[str]:
        """A second run that dies. Returns the steps it got to."""
        with pytest.raises(Killed) if nth >= 0 else nullcontext(), store.lock(), pytest.MonkeyPatch.context() as patch:
            stage = store.new_stage("r2")
            write_stage(stage, "0", article("bb", facts=1, run_id="r2"))
            write_stage(stage, "1", article("ccc", run_id="r2"))
            steps = killed_at(patch, nth)
            store.publish(stage, row(BY_NAME["runs"], run_id="r2"), [], seen=[], reference=KNOWN)
        return steps

    def test_whenever_it_dies_the_next_run_finds_all_or_nothing(self, tmp_path: Path) -> None:
        first = Warehouse(tmp_path / "first")
        publish(first, "r1", [article("a"), article("bb")])
        old = hashes(first)
        self.die(first, 0)
        with first.lock():
            assert hashes(first) == old, "it had not said yet what it would do"
        shutil.copytree(first.root, tmp_path / "whole")
        whole = Warehouse(tmp_path / "whole")
        steps = self.die(whole, -1)
        new = hashes(whole)
        changed = [name for name in new if old[name] != new[name]]
        assert {"facts", "articles", "entities", "metric_series"} <= set(changed)
        assert sum(step.startswith("create_write_transaction") for step in steps) == len(changed) + len(["runs"])

        self.die(first, 1)
        for nth in range(0, len(steps) - 1, 11):
            # The plan is there, and each run that tries to carry it out dies eleven steps later than the one before.
            with pytest.MonkeyPatch.context() as patch:
                killed_at(patch, min(nth, 11))
                with pytest.raises(Killed):
                    first._recover()
            died = Warehouse(shutil.copytree(first.root, tmp_path / f"died-{nth}"))
            with died.lock():
                assert hashes(died) == new
                assert_plain_files_are_the_live_ones(died)
        assert not (tmp_path / "died-0" / ".staging").exists()

    def test_what_a_dead_run_left_behind_is_cleared_away(self, store: Warehouse) -> None:
        publish(store, "r1", [article("a")])
        stage = store.new_stage("dead")
        write_stage(stage, "0", article("b"))
        orphan = store.root / "facts" / "00000009-00000.parquet"
        orphan.write_bytes(b"half a file")
        with store.lock():
            assert not stage.exists()
            assert not orphan.exists()
        with pytest.raises(FileNotFoundError):
            write_stage(stage, "1", article("c"))


class TestFailure:
    """A run that fails, unlike one that dies, can tidy up; on a full disk it has to."""

    def test_it_leaves_nothing_behind(self, store: Warehouse) -> None:
        with pytest.raises(StageError):
            publish(store, "r1", [article("a"), article("a")])
        assert not (store.root / ".staging").exists()

    def test_a_disk_without_room_for_the_commits(self, store: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
        publish(store, "r1", [article("a")])
        before = versions(store)
        monkeypatch.setattr(warehouse, "COMMIT_BYTES", 2**80)
        with pytest.raises(UsageError, match=r"no space left on the disk.*free some"):
            publish(store, "r2", [article("a", facts=1)])
        assert versions(store) == before
        assert not (store.root / ".staging").exists()
        assert_plain_files_are_the_live_ones(store)


def test_one_writer_at_a_time(store: Warehouse) -> None:
    with store.lock(), pytest.raises(WarehouseLocked, match=f"process {os.getpid()}"), Warehouse(store.root).lock():
        pass
    with store.lock():
        pass


def test_reading_what_is_not_there_yet(store: Warehouse) -> None:
    for table in TABLES:
        assert store.read(table.name).schema.equals(table.schema)
    assert store.read("facts", ["fact_id"]).num_rows == 0
    assert not store.root.exists()


@pytest.mark.parametrize("name", ["a%20b", "what?"])
def test_a_folder_name_that_cannot_hold_tables_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="choose another"):
        Warehouse(tmp_path / name)
