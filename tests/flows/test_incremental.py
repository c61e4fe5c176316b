"""Run after run over a folder that grows, changes and shrinks: only what is new is processed, and all of it is told."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable

from flows.settings import UsageError
from flows.warehouse import Warehouse
from transforms import pipeline
from transforms.article import Article, RawDocument
from transforms.tables import TABLES

Build = Callable[..., Any]
MONEY = "{}发布第三季度财报\n2022年11月18日，{}第三季度营收{}亿元，同比增长11.4%。\n"


def article(name: str, billions: int = 2435) -> str:
    return MONEY.format(name, name, billions)


def records(path: Path, *texts: str) -> None:
    path.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts), encoding="utf-8")


def zipped(path: Path, **members: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name, text in members.items():
            archive.writestr(f"{name}.txt", text)


def counts(summary: Any) -> dict[str, int]:
    return {name.removeprefix("articles_"): n for name, n in summary.changes.items() if n} | {"rejected": len(summary.rejects)}


def uris(tables: Path) -> list[str]:
    return sorted(Warehouse(tables).read("articles")["source_uri"].to_pylist())


def contents(tables: Path) -> dict[str, str]:
    return {table.name: Warehouse(tables).content_hash(table.name) for table in TABLES if table.name != "runs"}


def delta_versions(tables: Path) -> dict[str, int]:
    return {table.name: DeltaTable(str(tables / table.name)).version() for table in TABLES if table.name != "runs"}


@pytest.fixture
def transformed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URIs of what the pipeline was made to work on."""
    seen: list[str] = []
    transform = pipeline.transform

    def spy(document: RawDocument, *arguments: Any, **options: Any) -> Article:
        seen.append(f"{document.source_uri}#{document.record_index}")
        return transform(document, *arguments, **options)

    monkeypatch.setattr(pipeline, "transform", spy)
    return seen


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Seven articles: two files, three records, two members of an archive."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text(article("京东"), encoding="utf-8")
    (folder / "b.txt").write_text(article("美团"), encoding="utf-8")
    records(folder / "c.jsonl", article("百度"), article("网易"), article("小米"))
    zipped(folder / "d.zip", one=article("腾讯"), two=article("快手"))
    return folder


def test_a_folder_that_grows_changes_and_shrinks(build: Build, folder: Path, tmp_path: Path, transformed: list[str]) -> None:
    tables = tmp_path / "tables"

    def run(**settings: Any) -> dict[str, int]:
        transformed.clear()
        return counts(build(paths=[folder], tables=tables, base=folder, **settings))

    assert run() == {"new": 7, "rejected": 0}
    before = delta_versions(tables)
    assert run(prune=True) == {"unchanged": 7, "rejected": 0}
    assert transformed == []
    assert delta_versions(tables) == before

    (folder / "a.txt").write_text(article("京东", 2436), encoding="utf-8")
    (folder / "b.txt").unlink()
    records(folder / "c.jsonl", article("百度"), article("网易", 7), article("小米"), article("携程"))
    zipped(folder / "d.zip", two=article("快手"))
    (folder / "e.txt").write_bytes(b"")
    (folder / "f.txt").write_text(article("滴滴"), encoding="utf-8")
    assert run() == {"new": 2, "changed": 2, "unchanged": 3, "removed": 1, "rejected": 1}
    assert sorted(transformed) == ["a.txt#0", "c.jsonl#1", "c.jsonl#3", "f.txt#0"]
    assert "b.txt" in uris(tables)

    (folder / "e.txt").unlink()
    assert run(prune=True) == {"unchanged": 7, "removed": 1, "rejected": 0}
    assert transformed == []
    build(paths=[folder], tables=tmp_path / "afresh", base=folder)
    assert contents(tables) == contents(tmp_path / "afresh")
    last = max(Warehouse(tables).read("runs").to_pylist(), key=lambda row: row["started_at"])
    assert {name: last[name] for name in last if name.startswith("articles_")} == {
        "articles_new": 0,
        "articles_changed": 0,
        "articles_unchanged": 7,
        "articles_removed": 1,
    }


def test_a_changed_title_or_date_of_a_record_is_a_change(build: Build, tmp_path: Path) -> None:
    source, tables = tmp_path / "a.jsonl", tmp_path / "tables"
    for date, outcome in (("2022-11-18", "new"), ("2022-11-19", "changed")):
        source.write_text(json.dumps({"text": article("京东"), "date": date}), encoding="utf-8")
        assert counts(build(paths=[source], tables=tables, base=tmp_path)) == {outcome: 1, "rejected": 0}
        assert str(Warehouse(tables).read("articles")["published_on"][0]) == date


def test_a_file_that_only_looks_different_is_passed_over_the_next_time(
    build: Build, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, tables = tmp_path / "a.jsonl", tmp_path / "tables"
    records(source, article("京东"), article("美团"))
    build(paths=[source], tables=tables, base=tmp_path)
    source.write_text(source.read_text(encoding="utf-8").replace("\n", "\n\n"), encoding="utf-8")
    before = delta_versions(tables)
    assert counts(build(paths=[source], tables=tables, base=tmp_path)) == {"unchanged": 2, "rejected": 0}
    assert {name for name, version in delta_versions(tables).items() if version != before[name]} == {"articles"}
    monkeypatch.setattr("flows.shards.read", None)
    assert counts(build(paths=[source], tables=tables, base=tmp_path)) == {"unchanged": 2, "rejected": 0}


def test_new_code_processes_everything_again_unless_told_to_keep_the_old(
    build: Build, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tables = tmp_path / "tables"

    def run(version: str, **settings: Any) -> dict[str, int]:
        monkeypatch.setattr("flows.build.pipeline_version", lambda _: version)
        return counts(build(paths=[folder], tables=tables, base=folder, **settings))

    def versions() -> list[str]:
        return sorted(Warehouse(tables).read("articles")["pipeline_version"].to_pylist())

    run("0.1.0+c1.r1")
    (folder / "a.txt").write_text(article("京东", 2436), encoding="utf-8")
    assert run("0.1.0+c2.r1", keep_old=True) == {"changed": 1, "unchanged": 6, "rejected": 0}
    assert versions() == ["0.1.0+c1.r1"] * 6 + ["0.1.0+c2.r1"]
    assert capsys.readouterr().err == ""
    assert run("0.1.0+c2.r1") == {"changed": 6, "unchanged": 1, "rejected": 0}
    assert versions() == ["0.1.0+c2.r1"] * 7
    assert capsys.readouterr().err == (
        "code changed since the last run: 6 articles are processed again; --keep-old keeps them as they are\n"
    )


def test_kept_articles_get_the_marts_of_the_new_reference_data(build: Build, folder: Path, tmp_path: Path) -> None:
    tables, overlay = tmp_path / "tables", tmp_path / "overlay"
    build(paths=[folder], tables=tables, base=folder)
    (entity,) = (row for row in Warehouse(tables).read("entities").to_pylist() if row["name"].startswith("京东"))
    (overlay / "entities").mkdir(parents=True)
    (overlay / "entities" / "ours.csv").write_text(f"id,name,type\n{entity['entity_id']},京东集团公司,company\n", encoding="utf-8")
    assert counts(build(paths=[folder], tables=tables, base=folder, reference=(overlay,), keep_old=True)) == {"unchanged": 7, "rejected": 0}
    assert "京东集团公司" in Warehouse(tables).read("entities")["name"].to_pylist()


def test_prune_takes_only_what_lay_under_the_paths(build: Build, folder: Path, tmp_path: Path) -> None:
    tables, other = tmp_path / "tables", tmp_path / "other"
    other.mkdir()
    (other / "a.txt").write_text(article("携程"), encoding="utf-8")
    (other / "b.md").write_text(article("滴滴"), encoding="utf-8")
    (folder / ".hidden.txt").write_text(article("百度", 3), encoding="utf-8")
    build(paths=[folder, folder / ".hidden.txt", other], tables=tables, base=tmp_path)
    for path in (folder / "a.txt", other / "a.txt", folder / "d.zip"):
        path.unlink()
    (folder / "new.txt").write_text(article("苹果"), encoding="utf-8")
    assert counts(build(paths=[folder / "*.txt"], tables=tables, base=tmp_path, prune=True))["removed"] == 1
    assert uris(tables) == sorted(
        [
            "in/.hidden.txt",
            "in/b.txt",
            *["in/c.jsonl"] * 3,
            "in/d.zip!one.txt",
            "in/d.zip!two.txt",
            "in/new.txt",
            "other/a.txt",
            "other/b.md",
        ]
    )
    assert counts(build(paths=[folder], tables=tables, base=tmp_path, prune=True))["removed"] == 2


def test_prune_empties_no_path_and_nothing_out_of_reach(build: Build, folder: Path, tmp_path: Path) -> None:
    tables, other, missing = tmp_path / "tables", tmp_path / "other", tmp_path / "missing"
    for place in (other, missing):
        place.mkdir()
        (place / "a.txt").write_text(article("携程"), encoding="utf-8")
    build(paths=[folder, other, missing], tables=tables, base=tmp_path)
    before = uris(tables)

    (missing / "a.txt").unlink()
    missing.rmdir()
    assert counts(build(paths=[folder, other, missing], tables=tables, base=tmp_path, prune=True)) == {"unchanged": 8, "rejected": 1}
    build(paths=[folder], tables=tables, base=tmp_path)
    assert Warehouse(tables).read("rejects").num_rows == 0
    (other / "a.txt").unlink()
    with pytest.raises(UsageError, match=r"other: no articles there any more.*give a folder above it"):
        build(paths=[folder, other], tables=tables, base=tmp_path, prune=True)
    with pytest.raises(UsageError, match="other: no articles there; give"):
        build(paths=[other], tables=tables, base=tmp_path, prune=True)
    assert uris(tables) == before
    assert counts(build(paths=[tmp_path / "in", tmp_path], tables=tables, base=tmp_path, prune=True))["removed"] == 2


def test_an_input_that_cannot_be_read_today_keeps_its_articles(build: Build, folder: Path, tmp_path: Path) -> None:
    tables = tmp_path / "tables"
    build(paths=[folder], tables=tables, base=folder)
    archive = (folder / "d.zip").read_bytes()
    (folder / "d.zip").write_bytes(archive[:-20])
    (folder / "b.txt").unlink()
    os.symlink(folder / "nowhere", folder / "b.txt")
    assert counts(build(paths=[folder], tables=tables, base=folder, prune=True)) == {"unchanged": 4, "rejected": 2}
    assert len(uris(tables)) == 7
    (folder / "d.zip").write_bytes(archive)
    (folder / "b.txt").unlink()
    assert counts(build(paths=[folder], tables=tables, base=folder, prune=True)) == {"unchanged": 6, "removed": 1, "rejected": 0}
    assert Warehouse(tables).read("rejects").num_rows == 0
