"""A made-up older dataset becomes one of today, whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from deltalake import DeltaTable

from flows import check, cli, deltatables
from flows.errors import UsageError
from flows.migrate import migrate
from flows.warehouse import Warehouse
from transforms import migrations
from transforms.migrations import Migration
from transforms.tables import BY_NAME, LONG, TABLES, TEXT, Column

REJECT = {
    "source_uri": "bad.txt", "record_index": 0, "stage": "read", "error_code": "empty", "message": "holds no text", "run_id": "r1",
    "seen_at": datetime(2024, 5, 1, tzinfo=UTC),
}  # fmt: skip
RUN: dict[str, Any] = {
    "run_id": "r1", "started_at": REJECT["seen_at"], "finished_at": REJECT["seen_at"], "status": "completed_with_rejects",
    "pipeline_version": "v", "inputs": 1, "articles_new": 0, "articles_changed": 0, "articles_unchanged": 0, "articles_removed": 0,
    "rejected": 1, "chars": 0, "seconds": 1.0,
}  # fmt: skip

#: `rejects` as it might have been: another name, another type, a column that is new since.
OLD_NAMES = {"error_code": "code"}
OLD_TYPES = {"record_index": LONG}
LATER = ("message",)


def older(column: Column) -> Column:
    return replace(column, name=OLD_NAMES.get(column.name, column.name), type=OLD_TYPES.get(column.name, column.type))


OLD_REJECTS = replace(
    BY_NAME["rejects"],
    columns=tuple(older(column) for column in BY_NAME["rejects"].columns if column.name not in LATER),
    key=("source_uri", "record_index", "stage", "code"),
)


def to_today(rows: pa.Table) -> pa.Table:
    rows = rows.rename_columns([{"code": "error_code"}.get(name, name) for name in rows.schema.names])
    at = rows.schema.get_field_index("record_index")
    return rows.set_column(at, "record_index", rows["record_index"].cast(pa.int32()))


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Warehouse:
    """A dataset of schema version 1, at a time when there are two."""
    store = Warehouse(tmp_path / "tables")
    with monkeypatch.context() as then:
        then.setattr(deltatables, "TABLES", tuple(OLD_REJECTS if table.name == "rejects" else table for table in TABLES))
        then.setitem(BY_NAME, "rejects", OLD_REJECTS)
        with store.lock():
            row = {OLD_NAMES.get(name, name): value for name, value in REJECT.items() if name not in LATER}
            store.publish(store.new_stage("r1"), RUN, [row], seen=[])
    monkeypatch.setattr(migrations, "MIGRATIONS", (Migration("error codes are called so", {"rejects": to_today}),))
    return store


def build(store: Warehouse) -> None:
    with store.lock():
        store.publish(store.new_stage("r2"), RUN | {"run_id": "r2"}, [], seen=[])


def test_a_migration_changes_names_and_types(old: Warehouse) -> None:
    assert migrate(old) == (1, 2)
    assert old.read("rejects").to_pylist() == [REJECT | {"message": None}]
    assert DeltaTable(str(old.root / "rejects")).to_pyarrow_table().schema.names == BY_NAME["rejects"].schema.names
    assert old.read("runs")["run_id"].to_pylist() == ["r1"]
    assert {finding.check for finding in check.check(old)} == {"nulls"}, "the message that nobody had written"
    assert migrate(old) == (2, 2)
    build(old)
    assert old.read("runs").num_rows == 2


def test_a_build_into_an_older_or_newer_dataset_is_refused(old: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=f"qingwen migrate {old.root}"):
        build(old)
    assert "qingwen migrate" in next(check.check(old)).message
    migrate(old)
    monkeypatch.setattr(migrations, "MIGRATIONS", ())
    with pytest.raises(UsageError, match="newer"):
        build(old)
    with pytest.raises(UsageError, match="newer"):
        migrate(old)
    assert old.read("runs").num_rows == 1


def test_a_migration_that_does_not_lead_to_the_declared_tables_changes_nothing(old: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "MIGRATIONS", (Migration("forgets the name", {}),))
    before = DeltaTable(str(old.root / "rejects")).version()
    with pytest.raises(ValueError, match=r"rejects.*record_index.*int64"):
        migrate(old)
    assert DeltaTable(str(old.root / "rejects")).version() == before
    assert not (old.root / ".staging").exists()


class Killed(BaseException):
    """Stands for SIGKILL."""


@pytest.mark.parametrize("commits", [0, 1, 7, len(TABLES) - 1])
def test_an_interrupted_migration_is_completed_or_repeated(old: Warehouse, monkeypatch: pytest.MonkeyPatch, commits: int) -> None:
    with monkeypatch.context() as dying:
        done: list[str] = []
        begin = Warehouse._begin

        def die(self: Warehouse, *arguments: Any) -> None:
            if len(done) == commits:
                raise Killed
            done.append("commit")
            begin(self, *arguments)

        dying.setattr(Warehouse, "_begin", die)
        with pytest.raises(Killed):
            migrate(old)
    assert migrate(old) == (2, 2), "taking the lock has carried out the plan"
    assert old.read("rejects").to_pylist() == [REJECT | {"message": None}]
    assert {DeltaTable(str(old.root / table.name)).transaction_version("qingwen.schema") for table in TABLES} == {2}


def test_dying_before_the_plan_leaves_the_old_version(old: Warehouse, monkeypatch: pytest.MonkeyPatch) -> None:
    def die(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr(Warehouse, "_plan", die)
        with pytest.raises(Killed):
            migrate(old)
    assert old.schema_version() == 1
    assert migrate(old) == (1, 2)


def test_the_command(old: Warehouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["migrate", str(old.root)]) == cli.DONE
    assert capsys.readouterr().out == f"{old.root}: schema version 2, was 1\n"
    assert cli.main(["migrate", str(old.root)]) == cli.DONE
    assert capsys.readouterr().out == f"{old.root}: schema version 2, as before\n"
    assert cli.main(["migrate", str(tmp_path / "nothing")]) == cli.UNUSABLE
    assert not (tmp_path / "nothing").exists()


def test_two_migrations_follow_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    first = Migration("", {"rejects": lambda rows: rows.rename_columns(["b"])})
    second = Migration("", {"rejects": lambda rows: pa.table({"source_uri": pc.utf8_upper(rows["b"])})})
    monkeypatch.setattr(migrations, "MIGRATIONS", (first, second))
    since_1 = migrations.migrated(BY_NAME["rejects"], pa.table({"a": pa.array(["x"], TEXT)}), 1)
    since_2 = migrations.migrated(BY_NAME["rejects"], pa.table({"b": pa.array(["x"], TEXT)}), 2)
    assert since_1["source_uri"].to_pylist() == since_2["source_uri"].to_pylist() == ["X"]
