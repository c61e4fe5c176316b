"""The worker side of a run: partition, transform, stage; and that it needs no Prefect."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow.dataset as ds
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows import shards
from flows.shards import Shard, partition, transform_shard
from flows.sources import SourceFile
from transforms import pipeline
from transforms.article import Article, RawDocument

TEXT = "2022年12月7日，京东宣布第三季度营收2435亿元，同比增长11.4%。\n"


def shard(folder: Path, *files: Path) -> Shard:
    stage = folder / "stage"
    stage.mkdir()
    sources = tuple(SourceFile(path, path.name, path.stat().st_size, "digest") for path in files)
    return Shard(0, sources, stage, "run", datetime(2023, 1, 1, tzinfo=UTC), "version")


def staged(work: Shard, table: str) -> list[dict[str, Any]]:
    return ds.dataset(work.stage / table).to_table().to_pylist()


def test_a_worker_never_imports_prefect() -> None:
    check = "import sys, flows.shards; sys.exit(any(name.split('.')[0] == 'prefect' for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", check], cwd=Path(__file__).parents[2]).returncode == 0


@settings(derandomize=True, max_examples=60)
@given(st.lists(st.integers(0, 10**9), max_size=300), st.integers(1, 64))
def test_partition_keeps_every_source_once_and_in_order(sizes: list[int], workers: int) -> None:
    sources = [SourceFile(Path(str(i)), str(i), size) for i, size in enumerate(sizes)]
    parts = partition(sources, workers, 64 * 2**20)
    assert [source for part in parts for source in part] == sources
    assert all(parts)


def test_partition_makes_dozens_not_thousands_and_one_a_worker_at_least() -> None:
    many = [SourceFile(Path(str(i)), str(i), 3000) for i in range(20_000)]
    assert 8 <= len(partition(many, 8, 64 * 2**20)) <= 40


def test_what_can_be_used_is_staged_and_the_rest_is_a_reject(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    work = shard(tmp_path, tmp_path / "a.txt", tmp_path / "empty.txt")
    summary = transform_shard(work)
    assert summary.chars == len(TEXT)
    assert summary.unchanged == {}
    assert [(r.source_uri, r.error_code) for r in summary.rejects] == [("empty.txt", "empty")]
    (article,) = staged(work, "articles")
    stamps = ("source_uri", "source_sha256", "pipeline_version", "run_id")
    assert [article[name] for name in stamps] == ["a.txt", "digest", "version", "run"]
    assert shards.staged_ids(work.stage) == {article["article_id"]}
    assert staged(work, "quantities")
    assert staged(work, "times")


def test_a_known_article_is_left_alone_while_its_content_is_the_same(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "京东增长。"}\n{"text": "美团增长。"}\n', encoding="utf-8")
    work = shard(tmp_path, tmp_path / "a.jsonl")
    transform_shard(work)
    one, two = (pipeline.article_id("a.jsonl", i) for i in range(2))
    contents = {row["article_id"]: row["content_sha256"] for row in staged(work, "articles")}
    again = replace(work, index=1, known=contents | {two: "another"})
    assert transform_shard(again).unchanged == {one: "digest"}
    assert [row["article_id"] for row in staged(work, "articles")].count(two) == 2


def test_one_failing_article_is_one_reject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    transform = pipeline.transform

    def fails(document: RawDocument, *arguments: Any, **options: Any) -> Article:
        if document.record_index == 1:
            raise ZeroDivisionError("by hand")
        return transform(document, *arguments, **options)

    monkeypatch.setattr(pipeline, "transform", fails)
    (tmp_path / "a.jsonl").write_text('{"text": "京东增长。"}\n' * 3, encoding="utf-8")
    work = shard(tmp_path, tmp_path / "a.jsonl")
    summary = transform_shard(work)
    assert [row["record_index"] for row in staged(work, "articles")] == [0, 2]
    (reject,) = summary.rejects
    assert (reject.stage, reject.error_code, reject.record_index) == ("transform", "internal_error", 1)
    assert "ZeroDivisionError: by hand" in reject.message


def test_a_large_file_is_staged_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "FLUSH_ROWS", 1)
    (tmp_path / "a.jsonl").write_text('{"text": "京东第三季度营收增长。"}\n' * 5, encoding="utf-8")
    work = shard(tmp_path, tmp_path / "a.jsonl")
    transform_shard(work)
    assert len(list((work.stage / "articles").glob("*.parquet"))) == 5


def test_progress_ends_at_the_size_of_the_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    progress = shards.new_progress()
    monkeypatch.setattr(shards, "_progress", progress)
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "b.jsonl").write_text('{"text": "京东增长。"}\n{broken\n', encoding="utf-8")
    work = shard(tmp_path, tmp_path / "a.txt", tmp_path / "b.jsonl")
    transform_shard(work)
    assert list(progress) == [sum(source.size for source in work.sources), 2]
