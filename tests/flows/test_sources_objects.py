"""Articles on an object store: which objects are found, and that reading them is reading files (in memory; S3 is in test_object_store)."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from upath import UPath

from flows.errors import UsageError
from flows.sources import Reject, SourceFile, discover, open_source, read
from flows.storage import location, remove_tree

TEXT = "京东第三季度营收2435亿元。"


def packed(name: str) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr(name, TEXT)
    return sink.getvalue()


def parquet() -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table({"text": [TEXT, TEXT]}), sink)
    return sink.getvalue()


OBJECTS = {
    "a.txt": TEXT.encode(),
    "b/c [1].html": f"<html><body><p>{TEXT}</p></body></html>".encode(),
    "b/d.jsonl.gz": gzip.compress(f'{{"text": "{TEXT}"}}\n'.encode()),
    "b/e.zip": packed("in/f.txt"),
    "b/g.parquet": parquet(),
    "b/.hidden/x.txt": TEXT.encode(),
    "b/picture.png": b"\x89PNG",
    "odd//i?x=1.txt": TEXT.encode(),
    "tables/articles/x.parquet": parquet(),
}
ROOT = "memory://articles"


@pytest.fixture(autouse=True)
def store() -> Iterator[UPath]:
    root = location(ROOT)
    assert isinstance(root, UPath)
    for name, data in OBJECTS.items():
        root.fs.pipe_file((root / name).path, data)
    yield root
    remove_tree(root)


def found(*paths: str, **how: Any) -> tuple[list[str], dict[str, str]]:
    """URIs below ROOT, and the error codes of the others."""
    files, rejects = discover(paths, **how)
    return [file.uri.removeprefix(f"{ROOT}/") for file in files], {r.source_uri.removeprefix(f"{ROOT}/"): r.error_code for r in rejects}


class TestDiscover:
    def test_a_folder_with_all_below_it(self) -> None:
        files = ["a.txt", "b/c [1].html", "b/d.jsonl.gz", "b/e.zip", "b/g.parquet", "odd//i?x=1.txt"]
        assert found(ROOT, exclude=[location(f"{ROOT}/tables")]) == (files, {})
        assert found(f"{ROOT}/", f"{ROOT}/b", f"{ROOT}/a.txt") == ([*files, "tables/articles/x.parquet"], {}), "each once"

    def test_one_object_and_globs(self) -> None:
        assert found(f"{ROOT}/a.txt") == (["a.txt"], {})
        assert found(f"{ROOT}/*.txt") == (["a.txt"], {})
        assert found(f"{ROOT}/b/*.*") == (["b/c [1].html", "b/d.jsonl.gz", "b/e.zip", "b/g.parquet"], {})
        assert found(f"{ROOT}/[b]") == (["b/c [1].html", "b/d.jsonl.gz", "b/e.zip", "b/g.parquet"], {})

    def test_what_is_not_there_or_not_known(self) -> None:
        assert found(f"{ROOT}/z.txt", f"{ROOT}/y/*.txt") == ([], {"z.txt": "not_found", "y/*.txt": "not_found"})
        assert found(f"{ROOT}/b/picture.png") == ([], {"b/picture.png": "unknown_type"})

    def test_files_of_this_machine_beside_them(self, tmp_path: Path) -> None:
        (tmp_path / "h.txt").write_text(TEXT, encoding="utf-8")
        assert found(str(tmp_path), f"{ROOT}/a.txt", base=tmp_path) == (["h.txt", "a.txt"], {})

    def test_a_store_that_does_not_answer(self, store: UPath, monkeypatch: pytest.MonkeyPatch) -> None:
        def fails(*_: Any, **__: Any) -> None:
            raise PermissionError("signed with SECRET")

        monkeypatch.setattr(type(store.fs), "find", fails)
        (reject,) = discover([ROOT])[1]
        assert reject.error_code == "unreadable"
        assert "access denied" in reject.message
        assert "SECRET" not in reject.message

    def test_credentials_in_a_uri(self) -> None:
        with pytest.raises(UsageError, match="credentials"):
            discover(["s3://KEY:SECRET@bucket/x"])


class TestRead:
    def test_every_kind_of_file(self) -> None:
        for source in discover([f"{ROOT}/a.txt", f"{ROOT}/b"])[0]:
            for item in read(source):
                assert not isinstance(item, Reject), item
                assert item.text.strip() == TEXT
                assert item.source_uri.startswith(source.uri)
        assert [item.source_uri for item in read(discover([f"{ROOT}/b/e.zip"])[0][0])] == [f"{ROOT}/b/e.zip!in/f.txt"]

    def test_the_bytes_of_an_object(self) -> None:
        (source,) = discover([f"{ROOT}/a.txt"])[0]
        assert source.size == len(TEXT.encode())
        with open_source(source) as file:
            assert file.peek(6)[:6] == "京东".encode()
            assert file.read() == TEXT.encode()
            file.seek(3)
            assert file.read(3) == "东".encode()

    def test_an_object_that_is_gone_is_a_reject(self, store: UPath) -> None:
        (reject,) = read(SourceFile(store / "gone.txt", f"{ROOT}/gone.txt", 1))
        assert isinstance(reject, Reject)
        assert (reject.source_uri, reject.error_code) == (f"{ROOT}/gone.txt", "unreadable")
        assert "no such bucket, container or object" in reject.message

    def test_a_store_that_breaks_off_is_a_reject(self, monkeypatch: pytest.MonkeyPatch) -> None:
        class Breaks(io.BytesIO):
            def readinto(self, _buffer: object) -> int:
                raise RuntimeError("signed with\nSECRET")

        monkeypatch.setattr(UPath, "open", lambda *_, **__: Breaks())
        (source,) = discover([f"{ROOT}/a.txt"])[0]
        (reject,) = read(source)
        assert isinstance(reject, Reject)
        assert reject.error_code == "unreadable"
        assert "SECRET" not in reject.message
