"""Nasty inputs by the dozen: each ends in rejects or in documents, never in a crash."""

import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.sources import ERROR_CODES, ReadOptions, Reject, SourceFile, read
from transforms.article import RawDocument

TEXT = "公司当季总净收入为33亿元，同比增长72.4%。\n门店总数达到7195家，自营店利润率为30.6%。\n"
LINE = json.dumps({"text": TEXT}, ensure_ascii=False) + "\n"
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


def table(**columns: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def pack(members: dict[str, bytes], **change: int) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            for attribute, value in change.items():
                setattr(info, attribute, value)
            archive.writestr(info, data)
    return sink.getvalue()


def flagged(data: bytes) -> bytes:
    """The archive with the bit set that says its members are encrypted."""
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + offset
        data = data[:at] + bytes([data[at] | 1]) + data[at + 1 :]
    return data


ZIPPED = pack({"a.txt": TEXT.encode() * 20})
GZIPPED = gzip.compress(TEXT.encode() * 20)
PARQUET = table(text=[TEXT + str(i) for i in range(500)])

CASES: list[tuple[str, bytes, list[str]]] = [
    ("blank.txt", b" \r\n\t\n", ["empty"]),
    ("mark.txt", b"\xef\xbb\xbf", ["empty"]),
    ("wide-blank.txt", "\u3000\n".encode(), ["empty"]),
    ("long.txt", ("中" * 60_000).encode(), ["too_long"]),
    ("longer.txt", b"x" * 300_000, ["too_long"]),
    ("almost.txt", ("中" * 50_000).encode(), ["ok"]),
    ("controls.txt", ("\x01\x02\x1b[31m" + TEXT * 3).encode(), ["ok"]),
    ("bidi.txt", ("\u202e" + TEXT).encode(), ["ok"]),
    ("noncharacters.txt", ("\ufffe\uffff\U0010ffff" + TEXT).encode(), ["ok"]),
    ("combining.txt", ("中" + "\u0301" * 5000).encode(), ["ok"]),
    ("cesu.txt", TEXT.encode() + b"\xed\xa0\x80", ["undecodable"]),
    ("overlong.txt", TEXT.encode() + b"\xc0\xaf", ["undecodable"]),
    ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), ["binary"]),
    ("zip.txt", ZIPPED, ["binary"]),
    ("zeros.txt", bytes(4096), ["binary"]),
    ("zeros.jsonl", bytes(4096), ["binary"]),
    ("zeros.csv", bytes(4096), ["binary"]),
    ("zeros.parquet", bytes(4096), ["corrupt"]),
    ("zeros.zip", bytes(4096), ["corrupt"]),
    ("zeros.txt.gz", bytes(4096), ["corrupt"]),
    *((f"nothing{suffix}", b"", ["empty"]) for suffix in (".txt", ".md", ".jsonl", ".csv", ".zip")),
    ("nothing.parquet", b"", ["corrupt"]),
    ("nothing.gz", b"", ["empty"]),
    ("blank.jsonl", b"\n\n\n", ["empty"]),
    ("array.jsonl", b"[1, 2]\n" + LINE.encode(), ["broken_json", "ok"]),
    ("scalar.jsonl", b'"text"\n3\nnull\n', ["broken_json"] * 3),
    ("no-number.jsonl", b'{"text": NaN}\n', ["not_text"]),
    ("digits.jsonl", b'{"text": ' + b"9" * 5000 + b"}\n" + LINE.encode(), ["broken_json", "ok"]),
    ("surrogate.jsonl", b'{"text": "a\\ud800b"}\n' + LINE.encode(), ["lone_surrogate", "ok"]),
    ("surrogate-title.jsonl", b'{"text": "a", "title": "\\udc00"}\n', ["lone_surrogate"]),
    ("pair.jsonl", b'{"text": "\\ud83d\\ude00 a"}\n', ["ok"]),
    ("escaped-nul.jsonl", b'{"text": "a\\u0000b"}\n' + LINE.encode(), ["nul_byte", "ok"]),
    ("nul.jsonl", (LINE * 3).encode() + b'{"text": "a\0b"}\n' + LINE.encode(), ["ok"] * 3 + ["nul_byte", "ok"]),
    ("bytes.jsonl", (LINE * 3).encode() + b'{"text": "\xff\xff"}\n' + LINE.encode(), ["ok"] * 3 + ["undecodable", "ok"]),
    ("gbk-line.jsonl", (LINE * 3).encode() + LINE.encode("gbk") + LINE.encode(), ["ok"] * 3 + ["undecodable", "ok"]),
    ("deep.jsonl", b'{"text":' + b"[" * 100_000 + b"\n" + LINE.encode(), ["too_complex", "ok"]),
    ("deep-closed.jsonl", b'{"a":' * 20_000 + b"1" + b"}" * 20_000 + b"\n" + LINE.encode(), ["too_complex", "ok"]),
    ("long.jsonl", b'{"text": "' + b"x" * 300_000 + b'"}\n' + LINE.encode(), ["too_long", "ok"]),
    ("too-long.jsonl", json.dumps({"text": "中" * 50_001}, ensure_ascii=False).encode() + b"\n" + LINE.encode(), ["too_long", "ok"]),
    ("types.jsonl", b'{"text": null}\n{"text": ""}\n{"text": 3}\n{"text": ["a"]}\n{"text": {}}\n', ["empty"] * 2 + ["not_text"] * 3),
    ("strange-keys.jsonl", b'{"": "", "text": "a", "title": {}, "date": [], "author": [1, null], "url": true}\n', ["ok"]),
    ("cut.jsonl", (LINE + LINE[:20]).encode(), ["ok", "broken_json"]),
    ("crlf.jsonl", LINE.encode().replace(b"\n", b"\r\n") * 2, ["ok"] * 2),
    ("hopeless.jsonl", b"x\n" * 5000, ["broken_json"] * 1000 + ["no_usable_record"]),
    ("header.csv", b"title,text\n", ["empty"]),
    ("no-text.csv", b"a,b\n1,2\n", ["no_text_column"]),
    ("one-column.csv", "正文\n财报\n".encode(), ["ok"]),
    ("blank-lines.csv", b"text\n\n\na\n\n", ["ok"]),
    ("cells.csv", b"text,b\na,1,2\na\na,1\n", ["broken_csv"] * 2 + ["ok"]),
    ("stray.csv", b'text,b\n"a"b,1\na,1\n', ["broken_csv", "ok"]),
    ("open.csv", b'text,b\na,1\n"open,1\n' + b"b,2\n" * 100, ["ok", "broken_csv"]),
    ("open-long.csv", b'text,b\na,1\n"open,1\n' + b"b,2\n" * 100_000, ["ok", "too_long"]),
    ("nul.csv", b"text,b\n" + b"some text,1\n" * 10 + b"a\0b,1\nc,2\n", ["ok"] * 10 + ["nul_byte", "ok"]),
    ("bytes.csv", ("text,b\n" + "财报,1\n" * 9).encode() + b"\xff\xff,1\nc,2\n", ["ok"] * 9 + ["undecodable", "ok"]),
    ("field.csv", b'text,b\n"' + b"x" * 150_000 + b'",1\na,1\n', ["too_long", "ok"]),
    ("carriage-returns.csv", b"text,b\ra,1\rb,2\r", ["ok"] * 2),
    ("columns.csv", b",".join(b"c%d" % i for i in range(5000)) + b"\n", ["no_text_column"]),
    ("quoted-header.csv", '"正 文","text"\n"a","b"\n'.encode(), ["ok"]),
    ("none.parquet", table(text=pa.array([], pa.string())), ["empty"]),
    ("no-text.parquet", table(a=[1]), ["no_text_column"]),
    ("no-columns.parquet", table(), ["no_text_column"]),
    ("numbers.parquet", table(text=[1, 2]), ["not_text"] * 2),
    ("lists.parquet", table(text=[["a"], None]), ["not_text", "empty"]),
    ("binary.parquet", table(text=[TEXT.encode("gbk"), b"\0\1\2\3", b"\xff\xff"]), ["ok", "binary", "undecodable"]),
    ("far-dates.parquet", table(text=["a"], date=pa.array([2**62], pa.timestamp("us"))), ["ok"]),
    ("cut.parquet", PARQUET[: len(PARQUET) // 2], ["corrupt"]),
    ("headless.parquet", PARQUET[len(PARQUET) // 2 :], ["corrupt"]),
    ("text.parquet", TEXT.encode(), ["corrupt"]),
    ("bomb.txt.gz", gzip.compress(b"x" * 3_000_000), ["zip_bomb"]),
    ("bomb.jsonl.gz", gzip.compress(LINE.encode() + b" " * 3_000_000), ["zip_bomb"]),
    ("cut.txt.gz", GZIPPED[:-12], ["truncated"]),
    ("header-only.txt.gz", GZIPPED[:5], ["truncated"]),
    ("checksum.txt.gz", GZIPPED[:-8] + bytes(8), ["corrupt"]),
    ("garbage.txt.gz", GZIPPED + b"garbage", ["corrupt"]),
    ("two.txt.gz", GZIPPED * 2, ["ok"]),
    ("plain.txt.gz", TEXT.encode(), ["corrupt"]),
    ("nested.gz", gzip.compress(GZIPPED), ["binary"]),
    ("a.parquet.gz", gzip.compress(PARQUET), ["ok"] * 500),
    ("traversal.zip", pack({"../a.txt": b"x", "b/../../c.txt": b"x", "/d.txt": b"x", "C:\\e.txt": b"x"}), ["path_traversal"] * 4),
    ("backslash.zip", pack({"..\\a.txt": b"x", "b\\c.txt": TEXT.encode()}), ["path_traversal", "ok"]),
    ("nested.zip", pack({"a.zip": ZIPPED, "b.txt.gz": GZIPPED, "c.7z": b"x", "d.txt": TEXT.encode()}), ["nested_archive"] * 3 + ["ok"]),
    ("bomb.zip", pack({"a.txt": b"0" * 3_000_000, "b.txt": TEXT.encode()}), ["zip_bomb", "ok"]),
    ("encrypted.zip", flagged(ZIPPED), ["encrypted"]),
    ("link.zip", pack({"a.txt": b"/etc/passwd"}, external_attr=0o120777 << 16), ["special_file"]),
    ("cut.zip", ZIPPED[:-30], ["corrupt"]),
    ("checksum.zip", ZIPPED[:50] + bytes([ZIPPED[50] ^ 255]) + ZIPPED[51:], ["corrupt"]),
    ("nothing-usable.zip", pack({"a.jpg": b"x"}), ["no_documents"]),
    ("nameless.zip", pack({"": TEXT.encode(), "a.txt": TEXT.encode()}), ["ok"]),
    ("no-members.zip", pack({}), ["no_documents"]),
    ("empty-member.zip", pack({"a.txt": b"", "b.txt": TEXT.encode()}), ["empty", "ok"]),
    (
        "strange-names.zip",
        pack({"a\nb.txt": TEXT.encode(), "=cmd|'x'!A1.txt": TEXT.encode(), "x" * 5000 + ".txt": TEXT.encode()}),
        ["ok"] * 3,
    ),
]


@pytest.mark.parametrize(("name", "data", "expected"), CASES, ids=[case[0] for case in CASES])
def test_nasty(tmp_path: Path, name: str, data: bytes, expected: list[str]) -> None:
    (tmp_path / name).write_bytes(data)
    assert outcome(tmp_path / name) == expected


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
