"""Finding the inputs, and the folder of bad ones: each is one reject with a remedy, and the articles beside it are read."""

import gzip
import json
import os
import socket
import stat
import tempfile
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.sources import ERROR_CODES, ReadOptions, Reject, SourceFile, discover, read
from transforms.article import RawDocument

TEXT = "公司当季总净收入为33亿元，同比增长72.4%。\n门店总数达到7195家。\n"


def read_all(paths: list[str], base: Path, options: ReadOptions | None = None) -> tuple[list[RawDocument], list[Reject]]:
    sources, rejects = discover(paths, base=base)
    items = [item for source in sources for item in read(source, options or ReadOptions())]
    return [i for i in items if isinstance(i, RawDocument)], rejects + [i for i in items if isinstance(i, Reject)]


@contextmanager
def powerless() -> Iterator[Path]:
    """A folder outside of pytest's private ones, and no superuser to read past its permissions."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        user = os.geteuid()
        if user == 0:
            os.seteuid(65534)
        try:
            yield folder
        finally:
            os.seteuid(user)


def test_the_bad_folder(tmp_path: Path) -> None:
    record = json.dumps({"text": TEXT}).encode()
    lines = b"".join(json.dumps({"text": TEXT, "id": i * 7919}).encode() + b"\n" for i in range(2000))
    files = {
        "empty.txt": b"",
        "nul.txt": TEXT.encode() + b"\0" + TEXT.encode(),
        "utf8.txt": TEXT.encode()[:30] + b"\xff\xff" + TEXT.encode(),
        "line.txt": b"x" * 50_000_000,
        "middle.jsonl": record + b'\n{"text": broken\n' + record + b"\n",
        "short.jsonl.gz": gzip.compress(lines)[:-4000],
        "columns.parquet": b"",
        "good.txt": TEXT.encode(),
        "no extension": b"passed over",
        ".hidden.txt": b"passed over",
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    pq.write_table(pa.table({"id": [1], "note": ["x"]}), tmp_path / "columns.parquet")
    with zipfile.ZipFile(tmp_path / "pack.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("../x.txt", TEXT)
        archive.writestr("inside.txt", TEXT)
        archive.writestr("bomb.txt", "0" * 10_000_000)
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "folder.txt" / "good.md").write_text(TEXT, encoding="utf-8")
    (tmp_path / "folder.txt" / "up").symlink_to(tmp_path)
    (tmp_path / "self.txt").symlink_to("self.txt")
    (tmp_path / "gone.txt").symlink_to("nowhere.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket.txt"))
    (tmp_path / "null.txt").symlink_to("/dev/null")

    documents, rejects = read_all([str(tmp_path)], tmp_path)

    assert sorted((r.source_uri, r.error_code) for r in rejects) == [
        ("columns.parquet", "no_text_column"),
        ("empty.txt", "empty"),
        ("folder.txt/up", "symlink_loop"),
        ("gone.txt", "broken_link"),
        ("line.txt", "too_long"),
        ("middle.jsonl", "broken_json"),
        ("nul.txt", "nul_byte"),
        ("null.txt", "special_file"),
        ("pack.zip!../x.txt", "path_traversal"),
        ("pack.zip!bomb.txt", "zip_bomb"),
        ("pipe.txt", "special_file"),
        ("self.txt", "symlink_loop"),
        ("short.jsonl.gz", "truncated"),
        ("socket.txt", "special_file"),
        ("utf8.txt", "undecodable"),
    ]
    for row in rejects:
        assert ERROR_CODES[row.error_code][0] == row.stage
        assert ";" in row.message, "a message says what is wrong; and what to do"
    broken = next(r for r in rejects if r.error_code == "broken_json")
    assert broken.record_index == 1
    assert broken.message.startswith("line 2:")
    whole = {d.source_uri for d in documents if d.source_uri != "short.jsonl.gz"}
    assert whole == {"good.txt", "folder.txt/good.md", "pack.zip!inside.txt", "middle.jsonl"}
    assert [d.record_index for d in documents if d.source_uri == "middle.jsonl"] == [0, 2]
    before = [d.record_index for d in documents if d.source_uri == "short.jsonl.gz"]
    assert before == list(range(len(before)))
    assert 100 < len(before) < 2000
    # Markdown is handed over as a reader sees it, without the last line feed
    assert {d.text for d in documents if d.source_format != "md"} == {TEXT}
    assert {d.text for d in documents if d.source_format == "md"} == {TEXT.strip()}


def test_files_and_folders_that_may_not_be_read() -> None:
    with powerless() as folder:
        (folder / "closed").mkdir()
        for name in ("closed/inner.txt", "secret.txt", "good.txt"):
            (folder / name).write_text(TEXT, encoding="utf-8")
        (folder / "closed").chmod(0)
        (folder / "secret.txt").chmod(0)
        documents, rejects = read_all([str(folder)], folder)
        (folder / "closed").chmod(stat.S_IRWXU)
    assert [d.source_uri for d in documents] == ["good.txt"]
    assert [(r.source_uri, r.error_code) for r in rejects] == [("closed", "unreadable"), ("secret.txt", "unreadable")]


@pytest.mark.parametrize("suffix", [".txt", ".html", ".jsonl", ".csv", ".parquet", ".zip", ".txt.gz"])
def test_a_file_that_fails_while_it_is_read(tmp_path: Path, suffix: str) -> None:
    """/proc/self/mem is a regular file that opens and then refuses every read, even to the superuser."""
    (tmp_path / f"x{suffix}").symlink_to("/proc/self/mem")
    documents, rejects = read_all([str(tmp_path)], tmp_path)
    assert documents == []
    assert [r.error_code for r in rejects] == ["corrupt" if suffix == ".parquet" else "unreadable"]


def test_a_file_that_vanishes_or_turns_into_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.txt")
    codes = [
        item.error_code if isinstance(item, Reject) else None
        for name in ("a.txt", "b.txt", ".")
        for item in read(SourceFile(tmp_path / name, name, 0))
    ]
    assert codes == ["special_file", "unreadable", "unreadable"]


def test_discover_takes_files_folders_and_globs_each_once(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/1.HTM", "a.jsonl.gz", "b/c/3.md", "tables/x.parquet", "b/.git/4.txt", "b/notes.docx", "b/c/README"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"12345")
    (tmp_path / "b" / "again").symlink_to(tmp_path / "b" / "c")
    (tmp_path / "a-link.txt").symlink_to(tmp_path / "b" / "2.txt")
    paths = [str(tmp_path / "b" / "*.txt"), str(tmp_path), str(tmp_path / "b" / "2.txt"), str(tmp_path / "**")]

    passed_over: Counter[str] = Counter()
    sources, rejects = discover(paths, base=tmp_path, exclude=[tmp_path / "tables"], passed_over=passed_over)

    assert [(s.uri, s.size) for s in sources] == [("a.jsonl.gz", 5), ("b/1.HTM", 5), ("b/2.txt", 5), ("b/c/3.md", 5)]
    assert rejects == []
    assert passed_over == {".docx": 1, "without extension": 1}
    assert discover(paths[::-1], base=tmp_path, exclude=[tmp_path / "tables"]) == (sources, [])
    assert discover([str(tmp_path / "b")])[0][0].uri == str(tmp_path / "b" / "1.HTM")


def test_discover_refuses_what_was_named_and_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "notes.docx").write_bytes(b"x")
    (tmp_path / "[1].txt").write_text(TEXT, encoding="utf-8")
    named = [str(tmp_path / name) for name in ("notes.docx", "missing.txt", "*.csv", "[1].txt", "a\nb")]
    sources, rejects = discover([*named, ""], base=tmp_path)
    assert [s.uri for s in sources] == ["[1].txt"]
    assert {(r.source_uri, r.error_code) for r in rejects if r.source_uri != os.getcwd()} == {
        ("notes.docx", "unknown_type"),
        ("missing.txt", "not_found"),
        ("*.csv", "not_found"),
        ("a\nb", "not_found"),
    }
    assert len(rejects) == 5


def test_names_that_are_no_utf_8(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path)
    for name in (b"caf\xe9.txt", "财报.txt".encode("gb18030"), "财报.txt".encode(), b"caf\\xe9.txt", b"a'; rm -rf $HOME`.txt"):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(TEXT.encode())
    documents, rejects = read_all([str(tmp_path)], tmp_path)
    assert {d.source_uri for d in documents} == {"caf\\xe9.txt", "\\xb2Ʊ\\xa8.txt", "财报.txt", "a'; rm -rf $HOME`.txt"}
    # two names on disk, one when printed: never two articles of one name
    assert [(r.source_uri, r.error_code) for r in rejects] == [("caf\\xe9.txt", "duplicate_name")]


def test_several_links_to_a_file_elsewhere_are_one_input(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "in").mkdir()
    for name in "dacb":
        (tmp_path / "in" / f"{name}.txt").symlink_to(tmp_path / "elsewhere.txt")
    sources, rejects = discover([str(tmp_path / "in")], base=tmp_path)
    assert [s.uri for s in sources] == ["in/a.txt"]
    assert rejects == []


def test_chains_of_links_end(tmp_path: Path) -> None:
    """Ten folders that each link to all others have millions of paths and ten files."""
    for i in range(10):
        (tmp_path / f"d{i}").mkdir()
        (tmp_path / f"d{i}" / "x.txt").write_text(TEXT, encoding="utf-8")
        for j in range(10):
            if i != j:
                (tmp_path / f"d{i}" / f"to{j}").symlink_to(tmp_path / f"d{j}")
    sources, rejects = discover([str(tmp_path)], base=tmp_path)
    assert [s.uri for s in sources] == [f"d{i}/x.txt" for i in range(10)]
    assert rejects == []
