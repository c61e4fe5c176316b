"""Whole runs into a temporary folder: what is rejected, what is kept, and that a second run changes nothing."""

from __future__ import annotations

import gzip
import json
import os
import signal
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.settings import UsageError
from flows.warehouse import Warehouse
from transforms.tables import TABLES

ARTICLE = "京东发布第三季度财报\n2022年11月18日，京东集团第三季度营收2435亿元，同比增长11.4%。抖音日活超过6亿。\n"


def zipped(path: Path, members: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of inputs that each break in their own way, among good ones."""
    folder = tmp_path_factory.mktemp("hostile")
    article = ARTICLE.encode()
    (folder / "good.txt").write_bytes(article)
    (folder / "empty.txt").write_bytes(b"")
    (folder / "nul.txt").write_bytes(article + b"\0" + article)
    (folder / "invalid.txt").write_bytes(article + b"\xff\xfe\x80\xff" * 9)
    (folder / "long-line.txt").write_bytes("长".encode() * (50_000_000 // 3))
    lines = [json.dumps({"text": ARTICLE.replace("京东", name)}, ensure_ascii=False) for name in ("美团", "百度", "网易")]
    (folder / "broken.jsonl").write_text("\n".join([lines[0], lines[1], '{"text": "没有写完', lines[2]]), encoding="utf-8")
    (folder / "truncated.txt.gz").write_bytes(gzip.compress(os.urandom(4000).hex().encode() + article)[:-500])
    zipped(folder / "escape.zip", {"../x.txt": article, "inside.txt": ARTICLE.replace("京东", "小米").encode()})
    zipped(folder / "bomb.zip", {"zeros.txt": b"a" * 30_000_000})
    (folder / "loop").symlink_to(folder / "loop")
    pq.write_table(pa.table({"number": [1, 2]}), folder / "numbers.parquet")
    # root may read everything, so that a link to what cannot be opened stands for a file without permission
    if os.geteuid() == 0:
        (folder / "unreadable.txt").symlink_to("/proc/self/mem")
    else:
        (folder / "unreadable.txt").write_bytes(article)
        (folder / "unreadable.txt").chmod(0)
    return folder


@pytest.fixture(scope="module")
def hostile_run(prefect_build: Callable[..., Any], hostile: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    tables = tmp_path_factory.mktemp("out") / "tables"
    return prefect_build(paths=[hostile], tables=tables, base=hostile, workers=2), tables


def test_every_bad_input_is_one_reject_that_says_what_to_do(hostile_run: tuple[Any, Path]) -> None:
    summary, tables = hostile_run
    rejects = Warehouse(tables).read("rejects").to_pylist()
    assert sorted((r["source_uri"].split("!")[0], r["record_index"]) for r in rejects) == sorted(
        [
            ("bomb.zip", 0),
            ("broken.jsonl", 2),
            ("empty.txt", 0),
            ("escape.zip", 0),
            ("invalid.txt", 0),
            ("long-line.txt", 0),
            ("loop", 0),
            ("nul.txt", 0),
            ("numbers.parquet", 0),
            ("truncated.txt.gz", 0),
            ("unreadable.txt", 0),
        ]
    )
    assert all(len(r["message"]) > 15 and r["run_id"] == summary.run_id for r in rejects)


def test_the_other_articles_are_built(hostile_run: tuple[Any, Path]) -> None:
    summary, tables = hostile_run
    articles = Warehouse(tables).read("articles").to_pylist()
    assert sorted((a["source_uri"], a["record_index"]) for a in articles) == [
        ("broken.jsonl", 0),
        ("broken.jsonl", 1),
        ("broken.jsonl", 3),
        ("escape.zip!inside.txt", 0),
        ("good.txt", 0),
    ]
    assert summary.rows["articles"] == 5
    assert Warehouse(tables).read("quantities").num_rows == summary.rows["quantities"] > 0


def test_a_second_run_leaves_every_table_as_it_was(hostile_run: tuple[Any, Path], prefect_build: Callable[..., Any], hostile: Path) -> None:
    _, tables = hostile_run
    warehouse = Warehouse(tables)
    names = [table.name for table in TABLES if table.name != "runs"]
    before = {name: warehouse.content_hash(name) for name in names}
    summary = prefect_build(paths=[hostile], tables=tables, base=hostile, workers=1)
    assert {name: warehouse.content_hash(name) for name in names} == before
    assert summary.changes == {"articles_new": 0, "articles_changed": 0, "articles_unchanged": 5, "articles_removed": 0}
    assert warehouse.read("runs").num_rows == 2


def test_a_source_that_lost_a_record_loses_the_article(prefect_build: Callable[..., Any], tmp_path: Path) -> None:
    source, tables = tmp_path / "in" / "a.jsonl", tmp_path / "tables"
    source.parent.mkdir()
    lines = [json.dumps({"text": ARTICLE.replace("京东", name)}) for name in ("美团", "百度")]
    source.write_text("\n".join(lines), encoding="utf-8")
    prefect_build(paths=[source], tables=tables, base=tmp_path)
    source.write_text(lines[0], encoding="utf-8")
    summary = prefect_build(paths=[source], tables=tables, base=tmp_path)
    assert summary.changes == {"articles_new": 0, "articles_changed": 0, "articles_unchanged": 1, "articles_removed": 1}
    assert Warehouse(tables).read("articles").num_rows == 1


def test_a_mistyped_path_changes_no_table(prefect_build: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    prefect_build(paths=[tmp_path / "a.txt"], tables=tmp_path / "tables")
    with pytest.raises(UsageError, match=r"b\.txt"):
        prefect_build(paths=[tmp_path / "b.txt"], tables=tmp_path / "tables")
    assert Warehouse(tmp_path / "tables").read("articles").num_rows == 1
    assert Warehouse(tmp_path / "tables").read("runs").num_rows == 1


def test_a_second_writer_is_told_so(prefect_build: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    tables = tmp_path / "tables"
    script = f"from flows.warehouse import Warehouse\nwith Warehouse({str(tables)!r}).lock(): print('locked', flush=True); input()"
    project = Path(__file__).parents[2]
    with subprocess.Popen([sys.executable, "-c", script], cwd=project, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        with pytest.raises(UsageError, match=str(other.pid)):
            prefect_build(paths=[tmp_path / "a.txt"], tables=tables)
        other.communicate("\n")


def test_a_ctrl_c_while_workers_start_is_late_but_not_lost() -> None:
    from flows.build import _interrupts_held_back

    ended = []

    def interrupted() -> None:
        with _interrupts_held_back():
            signal.pthread_kill(threading.get_ident(), signal.SIGINT)
            ended.append(subprocess.run([sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGINT)"]).returncode)

    # a shell that starts the tests in the background has it ignored
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            interrupted()
    finally:
        signal.signal(signal.SIGINT, before)
    assert ended == [0]
