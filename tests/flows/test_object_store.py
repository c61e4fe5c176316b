"""Articles and tables on an object store: a real S3 protocol over loopback, spoken by moto's server in a process of its own.

What this cannot show: throttling and the waits it takes, IAM policies and expiring credentials, whether the conditional puts of another
vendor hold under real contention, listings that lag behind writes (S3's do not, others' may), and gs:// and az:// at all.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from deltalake import DeltaTable
from s3fs import S3FileSystem

from flows import catalog, storage
from flows.errors import UsageError
from flows.storage import location
from flows.warehouse import Warehouse, WarehouseLocked
from transforms import pipeline, reference
from transforms.article import RawDocument
from transforms.rows import to_rows
from transforms.tables import TABLES

NOW = datetime(2024, 3, 1, 3, 0, tzinfo=UTC)
SECRET = "not-to-be-seen-anywhere"
ARTICLE = "{}发布第三季度财报\n2022年11月18日，{}集团第三季度营收{}亿元，同比增长11.4%。\n"
SERVER = """
import logging, sys
from moto.moto_server.threaded_moto_server import ThreadedMotoServer
logging.getLogger("werkzeug").setLevel(logging.ERROR)
server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
print(server.get_host_and_port()[1], flush=True)
sys.stdin.read()
"""


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3FileSystem]:
    """A store with a bucket `bucket`; the environment says where it is and who we are, as it would for the AWS tools."""
    with (
        subprocess.Popen([sys.executable, "-c", SERVER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server,
        pytest.MonkeyPatch.context() as patch,
    ):
        assert server.stdout is not None
        variables = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{server.stdout.readline().strip()}",
            "AWS_ACCESS_KEY_ID": "somebody",
            "AWS_SECRET_ACCESS_KEY": SECRET,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "QINGWEN_HOME": str(tmp_path_factory.mktemp("home")),
        }
        for name, value in variables.items():
            patch.setenv(name, value)
        S3FileSystem.clear_instance_cache()
        files = S3FileSystem(use_listings_cache=False)
        files.mkdir("bucket")
        yield files
        S3FileSystem.clear_instance_cache()
        server.communicate()


def article(name: str, amount: int) -> str:
    return ARTICLE.format(name, name, amount)


def publish(root: str, run_id: str, **articles: int) -> dict[str, int]:
    """Publish articles of a name and an amount each."""
    warehouse = Warehouse(root)
    with warehouse.lock():
        stage = warehouse.new_stage(run_id)
        for name, amount in articles.items():
            text = article(name, amount)
            document = RawDocument(f"{name}.txt", text, 0, "txt", hashlib.sha256(text.encode()).hexdigest(), "utf-8")
            rows = to_rows(
                pipeline.transform(document, reference.load(), today=date(2024, 3, 1)),
                pipeline_version="v",
                run_id=run_id,
                ingested_at=NOW,
                source_sha256=None,
            )
            warehouse.write_stage(stage, name, rows)
        counts = dict.fromkeys(
            ("inputs", "articles_new", "articles_changed", "articles_unchanged", "articles_removed", "rejected", "chars"), 0
        )
        times: dict[str, Any] = {"started_at": NOW, "finished_at": NOW, "seconds": 0.0}
        run = {"run_id": run_id, "status": "completed", "pipeline_version": "v"} | counts | times
        return warehouse.publish(stage, run, [], seen=())


def amounts(root: str) -> dict[str, float]:
    """The revenue each article speaks of, by its name: in the facts as in the articles."""
    warehouse = Warehouse(root)
    names = dict(zip(*warehouse.read("articles", ["article_id", "source_uri"]).to_pydict().values(), strict=True))
    facts = warehouse.read("facts", ["article_id", "metric", "value"]).to_pylist()
    return {names[f["article_id"]].removesuffix(".txt"): f["value"] / 1e8 for f in facts if f["metric"] == "revenue"}


class Killed(BaseException):
    """Stands for SIGKILL or a power cut: no handler of the code may catch it."""


def delta(root: str, table: str) -> DeltaTable:
    return DeltaTable(f"{root}/{table}", storage_options=storage.delta_options(location(root)))


def versions(root: str) -> dict[str, int]:
    return {table.name: delta(root, table.name).version() for table in TABLES}


BUILT = "s3://bucket/built/表 [1]"


@pytest.fixture(scope="module")
def run(prefect_build: Callable[..., Any], s3: S3FileSystem, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Any]:
    """Builds from a folder of the store and one of this machine."""
    s3.pipe_file("bucket/in/京东.txt", article("京东", 2000).encode())
    lines = "\n".join(json.dumps({"text": article(name, 50)}) for name in ("百度", "网易"))
    s3.pipe_file("bucket/in/more/records.jsonl", lines.encode())
    s3.pipe_file("bucket/in/more/empty.txt", b"")
    s3.pipe_file("bucket/in/.hidden.txt", b"x")
    here = tmp_path_factory.mktemp("in")
    (here / "美团.txt").write_text(article("美团", 900), encoding="utf-8")
    return lambda: prefect_build(paths=["s3://bucket/in", here], tables=location(BUILT), base=here, workers=1)


class TestBuild:
    """One dataset, built again and again by the flow that `qingwen build` runs."""

    def test_articles_of_a_store_and_of_this_machine_in_one_dataset(self, run: Callable[[], Any], s3: S3FileSystem) -> None:
        assert run().changes["articles_new"] == 4
        warehouse = Warehouse(BUILT)
        assert sorted(warehouse.read("articles", ["source_uri", "record_index"]).to_pylist(), key=lambda r: tuple(r.values())) == [
            {"source_uri": "s3://bucket/in/more/records.jsonl", "record_index": 0},
            {"source_uri": "s3://bucket/in/more/records.jsonl", "record_index": 1},
            {"source_uri": "s3://bucket/in/京东.txt", "record_index": 0},
            {"source_uri": "美团.txt", "record_index": 0},
        ]
        assert warehouse.read("rejects", ["source_uri", "error_code"]).to_pylist() == [
            {"source_uri": "s3://bucket/in/more/empty.txt", "error_code": "empty"}
        ]
        assert amounts(BUILT)["s3://bucket/in/京东"] == 2000
        assert not s3.exists(f"{BUILT}/.lock")
        assert not s3.find(f"{BUILT}/.staging")

    def test_what_describes_the_tables_lies_beside_them(self, run: Callable[[], Any], s3: S3FileSystem, tmp_path: Path) -> None:
        root = location(BUILT)
        assert catalog.outdated(root) == []
        package = json.loads((root / "datapackage.json").read_text(encoding="utf-8"))
        assert all(s3.exists(f"{BUILT}/{path}") for resource in package["resources"] for path in resource["path"])
        (tmp_path / "views").write_bytes((root / "qingwen.duckdb").read_bytes())
        with duckdb.connect(str(tmp_path / "views"), read_only=True) as connection:
            connection.register_filesystem(s3)
            assert connection.sql("SELECT count(*) FROM articles").fetchall() == [(4,)]

    def test_again_and_with_a_changed_article(self, run: Callable[[], Any], s3: S3FileSystem) -> None:
        before = versions(BUILT)
        changes = run().changes
        assert (changes["articles_new"], changes["articles_unchanged"]) == (0, 4)
        assert {name for name, version in versions(BUILT).items() if version != before[name]} <= {"runs", "rejects"}
        s3.pipe_file("bucket/in/京东.txt", article("京东", 2435).encode())
        changes = run().changes
        assert (changes["articles_changed"], changes["articles_unchanged"]) == (1, 3)
        assert amounts(BUILT)["s3://bucket/in/京东"] == 2435

    def test_other_commands_read_it(self, run: Callable[[], Any], qingwen: Callable[..., subprocess.CompletedProcess[str]]) -> None:
        variables = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
        shown = qingwen("show", "京东.txt", "--tables", BUILT, **variables)
        assert "2435" in shown.stdout, shown.stderr

    def test_no_secret_in_any_table_log_or_database(self, run: Callable[[], Any], s3: S3FileSystem, home: Path) -> None:
        names = s3.find("bucket")
        assert len(names) > 2 * len(TABLES)
        assert not [name for name in names if SECRET.encode() in s3.cat_file(name)]
        local = [path for path in (*home.rglob("*"), *Path(os.environ["QINGWEN_HOME"]).rglob("*")) if path.is_file()]
        assert any(path.name == "prefect.db" for path in local)
        assert not [path for path in local if SECRET.encode() in path.read_bytes()]


class TestCrash:
    def test_a_run_that_died_while_publishing_is_completed_by_the_next_one(self, s3: S3FileSystem, monkeypatch: pytest.MonkeyPatch) -> None:
        root = "s3://bucket/crash"
        moves, lock = [], b""

        def dies_soon(source: Any, target: Any) -> None:
            nonlocal lock
            if len(moves) == 3:
                lock = s3.cat_file(f"{root}/.lock")
                raise Killed
            moves.append(target)
            move(source, target)

        move = storage.move
        monkeypatch.setattr(storage, "move", dies_soon)
        with pytest.raises(Killed):
            publish(root, "r1", 京东=2435, 美团=900)
        monkeypatch.setattr(storage, "move", move)
        # what is really killed does not tidy up
        s3.pipe_file(f"{root}/.lock", lock)
        assert Warehouse(root).read("paragraphs").num_rows > 0
        assert Warehouse(root).read("articles").num_rows == 0, "they come last, and were not reached"

        with Warehouse(root).lock():
            assert amounts(root) == {"京东": 2435, "美团": 900}
        for table in ("paragraphs", "facts", "articles", "entities"):
            live = {Path(uri).name for uri in delta(root, table).file_uris()}
            assert {Path(name).name for name in s3.glob(f"{root}/{table}/*.parquet")} == live
        assert not s3.find(f"{root}/.staging")
        assert not s3.exists(f"{root}/.lock")


class TestLock:
    ROOT = "s3://bucket/locked"

    def test_another_run_of_this_machine(self, s3: S3FileSystem) -> None:
        with (
            Warehouse(self.ROOT).lock(),
            pytest.raises(WarehouseLocked, match=f"by process {os.getpid()};"),
            Warehouse(self.ROOT).lock(),
        ):
            pass
        assert not s3.exists(f"{self.ROOT}/.lock")

    def test_a_run_of_another_machine(self, s3: S3FileSystem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with Warehouse(self.ROOT).lock():
            held = s3.cat_file(f"{self.ROOT}/.lock")
        assert json.loads(held)["process"] == os.getpid()
        s3.pipe_file(f"{self.ROOT}/.lock", held)
        monkeypatch.setenv("QINGWEN_HOME", str(tmp_path / "elsewhere"))
        with (
            pytest.raises(WarehouseLocked, match=f"process {os.getpid()} on .* remove the object {self.ROOT}/.lock"),
            Warehouse(self.ROOT).lock(),
        ):
            pass
        assert s3.cat_file(f"{self.ROOT}/.lock") == held, "it was not ours to remove"
        monkeypatch.undo()
        with Warehouse(self.ROOT).lock():
            pass
        assert not s3.exists(f"{self.ROOT}/.lock"), "left by a dead run of this machine, so taken over"

    def test_a_lock_that_was_removed_by_hand_stops_the_run_before_it_publishes(self, s3: S3FileSystem) -> None:
        warehouse = Warehouse(self.ROOT)
        with warehouse.lock():
            s3.rm_file(f"{self.ROOT}/.lock")
            with pytest.raises(WarehouseLocked, match="somebody removed the lock"):
                warehouse._plan(warehouse.root / ".staging" / "x", [])
            s3.pipe_file(f"{self.ROOT}/.lock", b"whatever another run holds")
        assert s3.exists(f"{self.ROOT}/.lock"), "not ours to remove"
        s3.rm_file(f"{self.ROOT}/.lock")


class TestErrors:
    def test_a_bucket_that_is_not_there(self, s3: S3FileSystem) -> None:
        with pytest.raises(UsageError, match="s3://nowhere/tables: there is no such bucket"), Warehouse("s3://nowhere/tables").lock():
            pass
        assert "nowhere" not in [name.rstrip("/") for name in s3.ls("")], "nor was it made"

    def test_credentials_that_are_not_accepted(self, s3: S3FileSystem) -> None:
        def needs_no_credentials(requests: str) -> None:
            url = f"{os.environ['AWS_ENDPOINT_URL']}/moto-api/reset-auth"
            urllib.request.urlopen(urllib.request.Request(url, requests.encode(), {"Content-Type": "text/plain"})).close()

        needs_no_credentials("0")
        try:
            with pytest.raises(UsageError, match="s3://bucket/x: access denied") as caught, Warehouse("s3://bucket/x").lock():
                pass
        finally:
            needs_no_credentials("inf")
        assert SECRET not in str(caught.value)
