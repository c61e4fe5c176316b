"""The same inputs give the same tables, however the work is cut, ordered, interrupted and spread over runs."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import flows.build
from flows import shards, storage
from flows.warehouse import Warehouse
from transforms.tables import TABLES

Build = Callable[..., Any]
TEXT = "{0}发布第三季度财报\n2022年11月{2}日，{0}宣布第三季度营收{1}亿元，同比增长11.4%。{0}与京东合作，在上海开设新店。\n"
SPUN = "直播电商的未来\n2022年11月{2}日，Tik Tok与{0}达成合作。Tik Tok日活达到{1}百万，Fast Hand的销售额为3500万元人民币。\n"
FIRMS = ("美团", "百度", "网易", "小米", "腾讯")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Articles with copies, conflicting figures and rejects among them."""
    folder = tmp_path_factory.mktemp("in")
    for day, firm in enumerate(FIRMS, 10):
        (folder / f"{firm}.txt").write_text(TEXT.format(firm, day, day), encoding="utf-8")
        (folder / f"{firm}-copy.txt").write_text(TEXT.format(firm, day, day + 1), encoding="utf-8")
        page = "".join(f"<p>{line}</p>" for line in SPUN.format(firm, day, day).splitlines())
        (folder / f"{firm}.html").write_text(f"<html><body><article>{page * 3}</article></body></html>", encoding="utf-8")
    lines = [json.dumps({"text": TEXT.format(firm, 7 * day, day), "author": firm}) for day, firm in enumerate(FIRMS, 10)]
    (folder / "records.jsonl").write_text("\n".join([*lines, "{broken"]), encoding="utf-8")
    (folder / "packed.txt.gz").write_bytes(gzip.compress(SPUN.format("苹果", 1, 12).encode()))
    return folder


def contents(tables: Path) -> dict[str, str]:
    return {table.name: Warehouse(tables).content_hash(table.name) for table in TABLES if table.name != "runs"}


@pytest.fixture(scope="module")
def at_once(build: Build, folder: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    tables = tmp_path_factory.mktemp("out") / "tables"
    build(paths=[folder], tables=tables, base=folder, workers=1)
    assert Warehouse(tables).read("fact_conflicts").num_rows
    assert any(Warehouse(tables).read("articles")["duplicate_of"].to_pylist())
    return contents(tables)


class Crash(Exception):
    pass


def crash_in_a_shard(patch: pytest.MonkeyPatch) -> None:
    """The second shard fails, when another one is staged already."""
    work: Iterator[Callable[..., Any] | None] = iter([shards.transform_shard])

    def transform_shard(shard: shards.Shard) -> shards.ShardSummary:
        if todo := next(work, None):
            return todo(shard)
        raise Crash

    patch.setattr(shards, "transform_shard", transform_shard)


def crash_in_the_publish(patch: pytest.MonkeyPatch) -> None:
    """Some tables are committed, others are not."""
    moved: list[Any] = []
    move = storage.move

    def fail(source: Any, target: Any) -> None:
        moved.append(target)
        if len(moved) > 3:
            raise Crash
        move(source, target)

    patch.setattr(storage, "move", fail)


@pytest.mark.parametrize("crash", [crash_in_a_shard, crash_in_the_publish])
@pytest.mark.parametrize("shard_bytes", [1, 5_000, 20_000])
def test_same_inputs_same_tables(
    build: Build, folder: Path, tmp_path: Path, at_once: dict[str, str], shard_bytes: int, crash: Callable[..., None]
) -> None:
    """Half of the inputs in their order; then all of them, backwards, but the run dies; then again."""
    tables = tmp_path / "tables"

    def run(paths: list[Path]) -> Any:
        return build(paths=paths, tables=tables, base=folder, workers=1, shard_bytes=shard_bytes)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(shards, "SMALLEST_SHARD", 1)
        run(sorted(folder.iterdir())[::2])
        discover = flows.build.discover

        def backwards(*arguments: Any, **options: Any) -> Any:
            sources, rejects = discover(*arguments, **options)
            return sources[::-1], rejects

        patch.setattr(flows.build, "discover", backwards)
        with pytest.MonkeyPatch.context() as trap:
            crash(trap)
            with pytest.raises(Crash):
                run([folder])
        summary = run([folder])
    assert contents(tables) == at_once
    assert summary.changes["articles_removed"] == 0
