"""CSV that a spreadsheet opens as text and numbers, never as formulas."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from flows import cli
from flows.export import export
from flows.warehouse import Warehouse
from transforms.tables import BY_NAME, TABLES

NOW = datetime(2024, 3, 1, 3, tzinfo=UTC)
RUN = {
    "run_id": "r1", "started_at": NOW, "finished_at": NOW, "status": "completed", "pipeline_version": "v", "inputs": 0, "articles_new": 0,
    "articles_changed": 0, "articles_unchanged": 0, "articles_removed": 0, "rejected": 0, "chars": 0, "seconds": -1.5,
}  # fmt: skip
DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", "－1", "=cmd|'/C calc'!A0", '=HYPERLINK("http://x","点我")']
HARMLESS = ["1=1", "抖音", "a\nb", 'say "a, b"', "'quoted", " =1", ""]


@pytest.fixture
def store(tmp_path: Path) -> Warehouse:
    """A dataset whose rejects have messages of every kind."""
    store = Warehouse(tmp_path / "tables")
    rejects: list[dict[str, Any]] = [
        {
            "source_uri": f"{i}.txt",
            "record_index": -i,
            "stage": "read",
            "error_code": "x",
            "message": message,
            "run_id": "r1",
            "seen_at": NOW,
        }
        for i, message in enumerate([*DANGEROUS, *HARMLESS])
    ]
    with store.lock():
        store.publish(store.new_stage("r1"), RUN, rejects, seen=[])
    return store


def test_no_cell_begins_like_a_formula_but_for_numbers(store: Warehouse, tmp_path: Path) -> None:
    target = tmp_path / "out" / "rejects.csv"
    assert export(store, "rejects", target) == len(DANGEROUS) + len(HARMLESS)
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    with target.open(encoding="utf-8-sig", newline="") as file:
        rows = {int(row["record_index"]): row["message"] for row in csv.DictReader(file)}
    written = [rows[-i] for i in range(len(rows))]
    assert written == [*("'" + message for message in DANGEROUS), *HARMLESS]
    assert [path.name for path in target.parent.iterdir()] == ["rejects.csv"]


def test_numbers_dates_and_missing_values(store: Warehouse, tmp_path: Path) -> None:
    stage_row = {c.name: None for c in BY_NAME["quantities"].columns} | {
        "quantity_id": "q", "article_id": "a", "paragraph_index": 0, "sentence_index": 0, "clean_start": 0, "clean_end": 1, "surface": "亏",
        "kind": "money", "value": -1.05e12, "amount": Decimal("-1050000000000.0001"), "unit": "CNY",
    }  # fmt: skip
    article = {c.name: None for c in BY_NAME["articles"].columns} | {"article_id": "a", "source_uri": "a.txt", "clean_text": "亏"}
    with store.lock():
        stage = store.new_stage("r2")
        store.write_stage(stage, "0", {"quantities": [stage_row], "articles": [article]})
        store.publish(stage, RUN | {"run_id": "r2"}, [], seen=[])
    export(store, "quantities", tmp_path / "quantities.csv")
    (row,) = pd.read_csv(tmp_path / "quantities.csv", dtype={"amount": str}).to_dict("records")
    assert (row["value"], row["amount"], row["unit"]) == (-1.05e12, "-1050000000000.0001", "CNY")
    assert pd.isna(row["low"])
    export(store, "runs", tmp_path / "runs.csv")
    runs = pd.read_csv(tmp_path / "runs.csv", parse_dates=["started_at"])
    assert runs["started_at"].tolist() == [pd.Timestamp(NOW)] * 2
    assert runs["seconds"].tolist() == [-1.5, -1.5]


def test_the_command_writes_one_table_or_all(store: Warehouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, folder = tmp_path / "one.csv", tmp_path / "all"
    assert cli.main(["export", "runs", "--tables", str(store.root), "--to", str(one)]) == cli.DONE
    assert capsys.readouterr().out == f"{one}: 1 rows\n"
    assert cli.main(["export", "--tables", str(store.root), "--to", str(folder)]) == cli.DONE
    assert {path.name for path in folder.iterdir()} == {f"{table.name}.csv" for table in TABLES}
    assert (folder / "runs.csv").read_bytes() == one.read_bytes()
    assert cli.main(["export", "../runs", "--tables", str(store.root), "--to", str(one)]) == cli.UNUSABLE
    assert "no such table" in capsys.readouterr().err


def test_without_a_dataset(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["export", "facts", "--tables", str(tmp_path / "none"), "--to", str(tmp_path / "f.csv")]) == cli.UNUSABLE
    assert "no tables there" in capsys.readouterr().err
    assert not (tmp_path / "f.csv").exists()
