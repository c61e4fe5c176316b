"""What each format gives: the text as it stands, and what the file says about it."""

import gzip
import hashlib
import json
import pickle
import tracemalloc
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.sources import ReadOptions, Reject, SourceFile, read
from flows.sources.fields import day_of
from transforms.article import RawDocument

TEXT = "公司当季总净收入为33亿元，同比增长72.4%。\r\n门店总数达到7195家。\r\n"
RECORD = {
    "标题": "二季度财报",
    "正文": TEXT,
    "链接": "https://example.com/1",
    "发布时间": "2022年8月10日 09:30",
    "来源": "某某网",
    "作者": ["李明", "王芳"],
}
ABOUT = {
    "title": "二季度财报",
    "url": "https://example.com/1",
    "published_on": date(2022, 8, 10),
    "publisher": "某某网",
    "author": "李明、王芳",
}


def items(path: Path, options: ReadOptions | None = None) -> list[RawDocument | Reject]:
    return list(read(SourceFile(path, path.name, path.stat().st_size), options or ReadOptions()))


def documents(path: Path, options: ReadOptions | None = None) -> list[RawDocument]:
    found = items(path, options)
    assert all(isinstance(item, RawDocument) for item in found), found
    return [item for item in found if isinstance(item, RawDocument)]


def about(document: RawDocument) -> dict[str, Any]:
    return {name: getattr(document, name) for name in ABOUT}


@pytest.mark.parametrize(("name", "source_format"), [("a.txt", "txt"), ("a.TXT", "txt"), ("a.txt.gz", "txt"), ("a.gz", "txt")])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_is_the_decoded_file(tmp_path: Path, name: str, source_format: str, encoding: str) -> None:
    data = TEXT.encode(encoding)
    (tmp_path / name).write_bytes(gzip.compress(data) if name.endswith("gz") else data)
    assert documents(tmp_path / name) == [RawDocument(name, TEXT, 0, source_format, hashlib.sha256(data).hexdigest(), encoding)]


def test_front_matter_of_markdown(tmp_path: Path) -> None:
    text = f'---\ntitle: "二季度财报"\ndate: 2022-08-10T09:30:00+08:00\nauthor: 李明\ntags:\n  - title: x\n---\n# 财报\n{TEXT}'
    (tmp_path / "a.md").write_bytes(text.encode())
    (document,) = documents(tmp_path / "a.md")
    assert document.text.startswith("财报\n\n")
    assert (document.title, document.published_on, document.author) == ("二季度财报", date(2022, 8, 10), "李明")
    (tmp_path / "b.md").write_bytes(b"---\ntitle: x\nno end")
    assert documents(tmp_path / "b.md")[0].title is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16-le"])
@pytest.mark.parametrize("suffix", [".jsonl", ".ndjson.gz", ".csv", ".csv.gz", ".tsv.csv", ".semicolon.csv"])
def test_records_of_text_files(tmp_path: Path, suffix: str, encoding: str) -> None:
    if "csv" in suffix:
        mark = "\t" if "tsv" in suffix else ";" if "semi" in suffix else ","
        cells = {**RECORD, "作者": "李明、王芳", "正文": TEXT.replace("净", '""净""')}
        lines = [mark.join(cells), mark.join(f'"{cell}"' for cell in cells.values())]
        text = "\r\n".join([lines[0], lines[1], lines[1], ""])
        want = TEXT.replace("净", '"净"')
    else:
        text = json.dumps(RECORD, ensure_ascii=False) + "\n\n" + json.dumps(RECORD)
        want = TEXT
    data = ("\ufeff" + text if encoding == "utf-16-le" else text).encode(encoding)
    path = tmp_path / f"records{suffix}"
    path.write_bytes(gzip.compress(data) if suffix.endswith("gz") else data)
    found = documents(path)
    assert [(d.text, d.record_index, d.encoding) for d in found] == [(want, 0, encoding), (want, 1, encoding)]
    assert [about(d) for d in found] == [ABOUT, ABOUT]
    assert found[0].content_sha256 == found[1].content_sha256 != ""
    assert {d.source_format for d in found} == {"csv" if "csv" in suffix else "jsonl"}


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.binary(), pa.dictionary(pa.int32(), pa.string())])
@pytest.mark.parametrize("packed", [False, True])
def test_records_of_parquet(tmp_path: Path, kind: pa.DataType, packed: bool) -> None:
    texts = pa.array([TEXT, TEXT + "二"] * 40).cast(pa.binary() if kind == pa.binary() else pa.string())
    columns = {
        "Content": texts.dictionary_encode() if pa.types.is_dictionary(kind) else texts.cast(kind),
        "Title": ["二季度财报"] * 80,
        "created_at": pa.array([datetime(2022, 8, 9, 17, tzinfo=UTC)] * 80, pa.timestamp("ns", tz="UTC")),
        "nested": [{"text": "no"}] * 80,
    }
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table(columns), path)
    if packed:
        with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
            archive.write(path, "a.parquet")
        path = tmp_path / "a.zip"
    found = documents(path)
    assert [d.text for d in found] == [TEXT, TEXT + "二"] * 40
    assert [d.record_index for d in found] == list(range(80))
    assert {(d.title, d.published_on, d.source_format) for d in found} == {("二季度财报", date(2022, 8, 10), "parquet")}
    assert {d.source_uri for d in found} == {"a.zip!a.parquet" if packed else "a.parquet"}


def test_columns_by_option(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"text": "no", "Story": TEXT, "head": "二季度财报", "title": "no", "when": 20220810}), encoding="utf-8")
    options = ReadOptions(text_column="story", title_column="head", published_column="when", publisher_column="absent")
    (document,) = documents(path, pickle.loads(pickle.dumps(options)))
    assert (document.text, document.title, document.publisher) == (TEXT, "二季度财报", None)
    (rejected,) = items(path, ReadOptions(text_column="absent"))
    assert isinstance(rejected, Reject)
    assert rejected.error_code == "no_text_column"
    assert "'Story'" in rejected.message
    assert "--text-column" in rejected.message


def test_records_without_a_text_column_are_one_reject_or_one_each(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"a": 1}\n{"b": 2}\n' * 3000, encoding="utf-8")
    assert [(i.error_code, i.record_index) for i in items(path) if isinstance(i, Reject)] == [("no_text_column", 0)]
    path.write_text('{"a": 1}\n{"text": "财报"}\n{"b": 2}\n', encoding="utf-8")
    codes = [item.error_code if isinstance(item, Reject) else "" for item in items(path)]
    assert codes == ["no_text_column", "", "no_text_column"]


def test_members_of_an_archive(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    gbk = "财报/二季度.txt".encode("gbk").decode("cp437")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("folder")
        archive.writestr("folder/b.jsonl", json.dumps(RECORD) + "\n" + json.dumps(RECORD))
        archive.writestr("财报.txt", TEXT)
        archive.writestr("__MACOSX/._a.txt", "passed over")
        archive.writestr("picture.jpg", "passed over")
        archive.writestr("gbk-name.txt", TEXT)
    # zipfile writes no other names than UTF-8, so one of the same length is replaced
    data = path.read_bytes()
    raw = gbk.encode("cp437")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x" * len(raw), TEXT)
    legacy = tmp_path / "gbk.zip"
    legacy.write_bytes(path.read_bytes().replace(b"x" * len(raw), raw))
    path.write_bytes(data)
    assert [(d.source_uri, d.record_index) for d in documents(path)] == [
        ("a.zip!folder/b.jsonl", 0),
        ("a.zip!folder/b.jsonl", 1),
        ("a.zip!财报.txt", 0),
        ("a.zip!gbk-name.txt", 0),
    ]
    assert [(d.source_uri, d.text) for d in documents(legacy)] == [("gbk.zip!财报/二季度.txt", TEXT)]


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2020-05-01", date(2020, 5, 1)),
        ("2020-05-01T23:59:59+08:00", date(2020, 5, 1)),
        ("2020-04-30 23:59:59.123 UTC", date(2020, 5, 1)),
        ("2020/5/1 8:00", date(2020, 5, 1)),
        ("2020.05.01", date(2020, 5, 1)),
        ("发布于2020年5月1日", date(2020, 5, 1)),
        ("20200501", date(2020, 5, 1)),
        ("Fri, 01 May 2020 10:00:00 +0800", date(2020, 5, 1)),
        (1588291200, date(2020, 5, 1)),
        (1588291200000.0, date(2020, 5, 1)),
        ("1588291200", date(2020, 5, 1)),
        (date(2020, 5, 1), date(2020, 5, 1)),
        (datetime(2020, 5, 1, 23), date(2020, 5, 1)),
        *((value, None) for value in ("", "昨天", "2020-02-30", "1620-05-01", 0, -5, float("nan"), 1e300, True, None, [], {}, "9" * 5000)),
    ],
)
def test_dates(value: Any, day: date | None) -> None:
    assert day_of(value) == day


def test_a_large_file_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for i in range(4_000):
            file.write(json.dumps({"text": f"{i * 7919 % 10007}" * 1500 + TEXT}).encode() + b"\n")
    tracemalloc.start()
    count = sum(isinstance(item, RawDocument) for item in read(SourceFile(path, "a", path.stat().st_size)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 4_000
    assert peak < 10_000_000
