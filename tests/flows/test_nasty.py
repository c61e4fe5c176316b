"""Nasty inputs by the hundred, made here: each ends in rejects or in documents, never in a crash, a hang or much memory."""

import gzip
import json
import os
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.sources import ERROR_CODES, ReadOptions, Reject, SourceFile, discover, read
from tests.nasty_files import CASES, LINE, TEXT, pack, table
from transforms.article import RawDocument

SMALL = ReadOptions(max_chars=50_000)


def outcome(path: Path, options: ReadOptions = SMALL) -> list[str]:
    """`ok` for a document, the code for a reject; both are sound."""
    found = []
    for item in read(SourceFile(path, path.name, path.stat().st_size), options):
        if isinstance(item, RawDocument):
            assert item.text.strip()
            assert "\0" not in item.text
            item.text.encode("utf-8")
            assert len(item.content_sha256) == 64
            found.append("ok")
        else:
            assert isinstance(item, Reject)
            assert ERROR_CODES[item.error_code][0] == item.stage
            item.message.encode("utf-8")
            found.append(item.error_code)
    return found


#: What discovery finds, or what takes more than a file.
FOUND_ON_THE_WAY = {"not_found", "unknown_type", "unreadable", "broken_link", "symlink_loop", "duplicate_name", "too_many_rejects"} | {
    "internal_error"
}


def test_there_are_many_of_all_kinds() -> None:
    assert len({name for name, _, _ in CASES}) == len(CASES) >= 300
    assert {code for _, _, expected in CASES for code in expected} >= set(ERROR_CODES) - FOUND_ON_THE_WAY


@pytest.mark.parametrize(("name", "data", "expected"), CASES, ids=[case[0] for case in CASES])
def test_nasty(tmp_path: Path, name: str, data: bytes, expected: list[str]) -> None:
    (tmp_path / name).write_bytes(data)
    assert outcome(tmp_path / name) == expected


def test_every_byte_of_a_parquet_file(tmp_path: Path) -> None:
    """Some changes make pyarrow end the process, unless it is asked carefully."""
    path = tmp_path / "a.parquet"
    data = table(text=["a", "b"], author=[["c", None], None])
    for at in range(len(data)):
        for change in (1, 16, 255):
            path.write_bytes(data[:at] + bytes([(data[at] + change) % 256]) + data[at + 1 :])
            assert outcome(path)


def test_two_members_of_one_name(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", TEXT)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.txt", TEXT)
    assert outcome(path) == ["ok", "duplicate_name"]


def test_members_that_are_harmless_one_by_one(tmp_path: Path) -> None:
    """What a whole archive unfolds to is bounded, too."""
    (tmp_path / "a.zip").write_bytes(pack({f"{i}.txt": f"{i}".encode() * 30_000 for i in range(40)}))
    found = outcome(tmp_path / "a.zip", ReadOptions(max_expansion=100_000, max_expanded=1_000_000))
    assert found[0] == "ok"
    assert found[-1] == "too_large"


def damaged() -> Iterator[tuple[str, bytes]]:
    """Valid files of every format, to be cut and bent."""
    yield "a.txt", TEXT.encode("gb18030")
    yield "a.jsonl", (LINE * 3).encode()
    yield "a.csv", f'title,text\nt,"{TEXT}"\n'.encode()
    yield "a.parquet", table(text=[TEXT, TEXT], title=["a", "b"])
    yield "a.zip", pack({"a.txt": TEXT.encode(), "b.jsonl": LINE.encode()})
    yield "a.jsonl.gz", gzip.compress((LINE * 3).encode())


@settings(derandomize=True, max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(list(damaged())), st.data())
def test_damage_anywhere(tmp_path: Path, file: tuple[str, bytes], draw: st.DataObject) -> None:
    name, data = file
    spoilt = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 4))):
        spoilt[draw.draw(st.integers(0, len(spoilt) - 1))] = draw.draw(st.integers(0, 255))
    (tmp_path / name).write_bytes(spoilt[: draw.draw(st.integers(len(data) // 2, len(data)))])
    assert outcome(tmp_path / name)


@settings(derandomize=True, max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from([".txt", ".md", ".jsonl", ".csv", ".parquet", ".zip", ".txt.gz", ".jsonl.gz"]), st.binary(max_size=300))
def test_any_bytes(tmp_path: Path, suffix: str, data: bytes) -> None:
    (tmp_path / f"a{suffix}").write_bytes(data)
    assert outcome(tmp_path / f"a{suffix}")


#: Reads, transforms and stages a folder, and says how much memory that took, in KiB, and which inputs came out how.
WHOLE_LINE = """
import json, sys
from datetime import UTC, datetime
from pathlib import Path
import pyarrow.dataset as ds
from flows.shards import Shard, transform_shard
from flows.sources import discover
folder, stage = sys.argv[1:]
sources, rejects = discover([folder], base=Path(folder))
summary = transform_shard(Shard(0, tuple(sources), Path(stage), "run", datetime(2024, 5, 1, tzinfo=UTC), "version"))
rows = ds.dataset(f"{stage}/articles").to_table(columns=["source_uri"])["source_uri"].to_pylist()
rejected = [(r.source_uri, r.error_code, r.message) for r in (*rejects, *summary.rejects)]
status = Path("/proc/self/status").read_text()
print(json.dumps([int(status.partition("VmHWM:")[2].split()[0]), rows, rejected]))
"""
GIGABYTE = 1024 * 1024


def test_the_whole_line_in_a_gigabyte(tmp_path: Path) -> None:
    """All cases, and what is nasty by its size, through the whole pipeline in one process."""
    folder, stage = tmp_path / "in", tmp_path / "stage"
    folder.mkdir()
    stage.mkdir()
    for name, data, expected in CASES:
        if len(expected) < 20:
            (folder / name).write_bytes(data)
    for suffix in ("txt", "md", "html", "jsonl", "csv", "parquet", "zip", "gz", "parquet.gz"):
        with open(folder / f"sparse.{suffix}", "wb") as file:
            file.truncate(2 * 1024**3)
    listed = b"".join(b"PK\x01\x02" + bytes(24) + b"\x09\x00" + bytes(16) + b"%09d" % i for i in range(1_000_000))
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, len(listed), 0, 0)
    (folder / "million.zip").write_bytes(listed + end)
    (folder / "field.csv").write_bytes(b'text,b\n"' + "财报".encode() * 1_700_000 + b'",1\na,1\n')
    (folder / "string.jsonl").write_bytes(b'{"text": "' + "财报".encode() * 1_700_000 + b'"}\n' + LINE.encode())
    (folder / "objects.jsonl").write_bytes(b'{"text": "a", "x": [' + b'{"":{}},' * 200_000 + b"0]}\n")
    (folder / "numbers.txt").write_bytes("1、".encode() * 10_000)
    (folder / "quotes.csv").write_bytes(b'text,b\na,1\n"' + b'b,1\n"' * 3_000_000)
    (folder / "names.csv").write_bytes(b",".join(b"c%d" % i for i in range(500_000)) + b"\n")
    done = subprocess.run([sys.executable, "-c", WHOLE_LINE, folder, stage], capture_output=True, timeout=600, check=True)
    memory, rows, rejected = json.loads(done.stdout)
    assert memory < GIGABYTE
    assert not [reject for reject in rejected if reject[1] == "internal_error"]
    assert {uri.partition("!")[0] for uri in (*rows, *(uri for uri, _, _ in rejected))} == {path.name for path in folder.iterdir()}
    assert all(";" in message for _, _, message in rejected), "a message says what is wrong; and what to do"
    codes = {uri: code for uri, code, _ in rejected}
    assert codes["million.zip"] == "too_large"
    assert codes["field.csv"] == codes["string.jsonl"] == "too_long"
    assert "objects.jsonl" in rows


def test_a_hundred_thousand_tiny_files() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for i in range(100):
            (folder / f"{i}").mkdir()
            os.close(os.open(f"{name}/{i}/0.txt", os.O_CREAT))
            for k in range(1, 1000):  # links are made faster than files
                os.link(f"{name}/{i}/0.txt", f"{name}/{i}/{k}.txt")
        sources, rejects = discover([name], base=folder)
        assert (len(sources), rejects) == (100_000, [])
        assert {item.error_code for source in sources for item in read(source) if isinstance(item, Reject)} == {"empty"}


def test_rejects_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are held in memory, so that a file is given up at some point even if it has usable records as well."""
    monkeypatch.setattr("flows.sources.reader._MOST_REJECTS", 100)
    (tmp_path / "a.jsonl").write_bytes(LINE.encode() + b"x\n" * 500 + LINE.encode())
    assert outcome(tmp_path / "a.jsonl") == ["ok"] + ["broken_json"] * 100 + ["too_many_rejects"]


def test_a_file_that_shrinks_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(LINE * 50_000, encoding="utf-8")
    items = read(SourceFile(path, "a.jsonl", path.stat().st_size))
    first = next(items)
    os.truncate(path, 100)
    assert isinstance(first, RawDocument)
    assert {item.error_code if isinstance(item, Reject) else "ok" for item in items} == {"ok", "undecodable"}


def test_a_file_that_vanishes_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(pack({f"{i}.txt": TEXT.encode() for i in range(100)}))
    items = read(SourceFile(path, "a.zip", path.stat().st_size))
    next(items)
    path.unlink()
    assert all(isinstance(item, RawDocument) for item in items)
