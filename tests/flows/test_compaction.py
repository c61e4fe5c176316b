"""Which files a publish writes anew over many nights: few small ones lie about, and no row is written again and again."""

from __future__ import annotations

import os
import random
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable

from flows import warehouse
from flows.warehouse import Warehouse
from transforms import migrations
from transforms.tables import BY_NAME

NOW = datetime(2024, 3, 1, 3, tzinfo=UTC)
#: Rows of a night take about this many bytes on disk.
NIGHT = 20_000


def row(table: str, **values: Any) -> dict[str, Any]:
    return {column.name: None for column in BY_NAME[table].columns} | values


def night(store: Warehouse, number: int) -> None:
    """One run that adds an article of text that does not pack."""
    text = random.Random(number).randbytes(NIGHT).hex()
    article = row("articles", article_id=f"a{number}", source_uri=f"{number}.txt", clean_text="文")
    paragraph = row("paragraphs", article_id=f"a{number}", paragraph_index=0, raw_text=text)
    with store.lock():
        stage = store.new_stage(f"r{number}")
        store.write_stage(stage, "0", {"articles": [article], "paragraphs": [paragraph]})
        store.publish(stage, row("runs", run_id=f"r{number}", started_at=NOW, pipeline_version="v"), [], seen=[])


def sizes(store: Warehouse) -> dict[str, int]:
    return {path.name: path.stat().st_size for path in (store.root / "paragraphs").glob("*.parquet")}


def test_rows_are_written_a_few_times_while_their_table_grows(tmp_path: Path) -> None:
    store = Warehouse(tmp_path / "tables")
    nights, written, most = 12, 0, 0
    before: dict[str, int] = {}
    for number in range(nights):
        night(store, number)
        after = sizes(store)
        written += sum(size for name, size in after.items() if name not in before)
        most, before = max(most, len(after)), after
    assert store.read("paragraphs").num_rows == nights
    assert 1 < most <= 5
    assert written < 4 * sum(before.values()), "all of it every night would be 6.5 times as much"


def test_a_file_of_some_size_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(warehouse, "SMALL_FILE", 3 * NIGHT)
    store = Warehouse(tmp_path / "tables")
    finished: set[str] = set()
    for number in range(8):
        night(store, number)
        now = sizes(store)
        assert finished <= now.keys()
        finished = {name for name, size in now.items() if size >= 3 * NIGHT}
    assert len(finished) >= 2
    assert store.read("paragraphs").num_rows == 8


def test_the_log_keeps_a_month(tmp_path: Path) -> None:
    """Every hundredth commit sums up what came before, and the entries of more than thirty days go."""
    store = Warehouse(tmp_path / "tables")
    store.create_missing()
    log = store.root / "runs" / "_delta_log"
    month_ago = time.time() - 40 * 86400
    for _ in range(110):
        delta = DeltaTable(str(store.root / "runs"))
        delta.create_write_transaction([], "append", delta.schema())
        for path in log.glob("*.json"):
            os.utime(path, (month_ago, month_ago))
    assert len(list(log.glob("*.json"))) <= 20
    assert DeltaTable(str(store.root / "runs")).transaction_version("qingwen.schema") == migrations.current_version()
    assert store.read("runs").num_rows == 0
