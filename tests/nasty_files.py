"""Nasty inputs by the hundred, made here, with what becomes of each: see test_nasty.py. The fuzzers start from them too."""

import bz2
import gzip
import io
import json
import lzma
import struct
import zipfile
import zlib

import pyarrow as pa
import pyarrow.parquet as pq

TEXT = "公司当季总净收入为33亿元，同比增长72.4%。\n门店总数达到7195家，自营店利润率为30.6%。\n"
LINE = json.dumps({"text": TEXT}, ensure_ascii=False) + "\n"


def table(*, use_dictionary: bool = True, **columns: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink, use_dictionary=use_dictionary)
    return sink.getvalue()


def pack(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED, external_attr: int = 0) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        for name, data in members.items():
            info = zipfile.ZipInfo(name)
            info.compress_type, info.external_attr = method, external_attr
            archive.writestr(info, data)
    return sink.getvalue()


def patched(archive: bytes, local: int | None, central: int | None, value: int) -> bytes:
    """The archive with a number of two bytes set in the first header before a member and in the first entry of the list of members."""
    for signature, offset in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        if offset is not None:
            at = archive.index(signature) + offset
            archive = archive[:at] + struct.pack("<H", value) + archive[at + 2 :]
    return archive


def overlapping(count: int) -> bytes:
    """An archive whose members all lie in the same place."""
    text = TEXT.encode() * 20
    data = zlib.compress(text, wbits=-15)
    sizes = (zlib.crc32(text), len(data), len(text), 9, 0)
    local = struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 0, 8, 0, 0, *sizes) + b"00000.txt"
    entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, 0, 8, 0, 0, *sizes, 0, 0, 0, 0, 0)
    listed = b"".join(entry + b"%05d.txt" % i for i in range(count))
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, count, count, len(listed), len(local) + len(data), 0)
    return local + data + listed + end


def flagged(data: bytes) -> bytes:
    """The archive with the bit set that says its members are encrypted."""
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + offset
        data = data[:at] + bytes([data[at] | 1]) + data[at + 1 :]
    return data


def page(body: str, charset: str = "utf-8") -> bytes:
    return f'<html><head><meta charset="{charset}"><title>财报</title></head><body>{body}</body></html>'.encode()


HANT = "這家公司的總收入為三十三億元，比去年同期增長百分之七十。門店總數達到七千家。\n" * 3
LONG = "这家公司当季总净收入为三十三亿元，同比增长百分之七十。门店总数达到七千家，自营店利润率为三成。\n" * 3
LONG_LINE = json.dumps({"text": LONG}, ensure_ascii=False) + "\n"
PARAGRAPH = f"<p>{TEXT.strip()}</p>"
RECORDS_GZIPPED = gzip.compress((LINE * 3).encode())

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
    # every encoding of Chinese, and what is taken for one
    *((f"codec-{codec}.txt", LONG.encode(codec), ["ok"]) for codec in ("gbk", "gb2312", "gb18030", "utf-16", "utf-32", "utf-8-sig")),
    *((f"bare-{codec}.txt", LONG.encode(codec), ["ok"]) for codec in ("utf-16-le", "utf-16-be")),
    *((f"hant-{codec}.txt", HANT.encode(codec), ["ok"]) for codec in ("big5", "cp950", "big5hkscs", "gbk")),
    *((f"codec-{codec}.csv", ("text\n" + LONG.replace("\n", "") + "\n").encode(codec), ["ok"]) for codec in ("gbk", "utf-16", "utf-8-sig")),
    *((f"codec-{codec}.jsonl", LONG_LINE.encode(codec), ["ok"]) for codec in ("gb18030", "utf-16", "utf-32", "utf-8-sig")),
    *((f"codec-{codec}.md", LONG.encode(codec), ["ok"]) for codec in ("gbk", "utf-16-le", "utf-8-sig")),
    *((f"codec-{codec}.txt.gz", gzip.compress(LONG.encode(codec)), ["ok"]) for codec in ("gbk", "utf-16")),
    ("bare-utf-32.txt", LONG.encode("utf-32-le"), ["nul_byte"]),
    ("utf-7.txt", LONG.encode("utf-7"), ["ok"]),
    ("hz.txt", LONG.encode("hz"), ["ok"]),
    ("iso-2022.txt", "日本の会社".encode("iso2022_jp") * 10, ["ok"]),
    ("latin.txt", "Société générale, Zürich, naïve café".encode("latin-1") * 5, ["undecodable"]),
    ("mixed.txt", LONG.encode() + LONG.encode("gbk"), ["undecodable"]),
    ("mixed-back.txt", LONG.encode("gbk") + LONG.encode(), ["undecodable"]),
    ("mixed-big5.txt", LONG.encode("gbk") + HANT.encode("big5") * 3, ["undecodable"]),
    ("two-marks.txt", b"\xef\xbb\xbf\xef\xbb\xbf" + TEXT.encode(), ["ok"]),
    ("wrong-mark-utf-8.txt", b"\xef\xbb\xbf" + LONG.encode("gbk"), ["undecodable"]),
    ("odd-utf-16.txt", LONG.encode("utf-16")[:-1], ["undecodable"]),
    ("half-pair.txt", b"\xff\xfe" + b"\x00\xd8" + LONG.encode("utf-16-le"), ["undecodable"]),
    ("late-mark.txt", (TEXT + "\ufeff" + TEXT).encode(), ["ok"]),
    *((f"cut-{n}.txt", TEXT.encode()[:-1][: 29 + n], ["ok" if n == 0 else "undecodable"]) for n in range(3)),
    *((f"cut-gbk-{n}.txt", LONG.encode("gbk")[: 200 + n], ["ok", "undecodable"][n : n + 1]) for n in range(2)),
    # characters that steer a terminal, a reader's eye or a parser
    *((f"char-{ord(c):x}.txt", (TEXT + c + TEXT).encode(), ["ok"]) for c in "\x07\x08\x0b\x0c\x1b\x7f\x85\x9b\xad\u200b\u200e\u2028"),
    *(
        (f"char-{ord(c):x}.jsonl", json.dumps({"text": TEXT + c}).encode(), ["ok"])
        for c in "\x1b\x85\u2028\u2029\u202e\ufeff\ufffd\U000e0001"
    ),
    ("controls-only.txt", bytes(range(1, 9)) * 50, ["binary"]),
    ("escapes.txt", b"\x1b[2J\x1b]0;x\x07" * 40, ["ok"]),
    ("backspaces.txt", (TEXT + "\x08" * 400).encode(), ["binary"]),
    *((f"line-ends-{i}.txt", TEXT.replace("\n", end).encode(), ["ok"]) for i, end in enumerate(("\r", "\r\n", "\n\r", "\v", "\x85"))),
    *(
        (f"magic-{i}.txt", head + TEXT.encode(), ["binary"])
        for i, head in enumerate((b"%PDF-1.7", b"PK\x03\x04", b"\xff\xd8\xff", b"PAR1"))
    ),
    # JSON
    ("huge-float.jsonl", b'{"text": "a", "date": 1e99999}\n{"text": "a", "date": -1e400}\n{"text": 1e400}\n', ["ok", "ok", "not_text"]),
    ("huge-date.jsonl", b'{"text": "a", "date": 99999999999999999999999}\n', ["ok"]),
    ("infinity.jsonl", b'{"text": "a", "date": Infinity}\n{"text": Infinity}\n', ["ok", "not_text"]),
    ("digits-elsewhere.jsonl", b'{"x": ' + b"7" * 5000 + b', "text": "a"}\n', ["broken_json"]),
    ("twice.jsonl", b'{"text": 3, "text": "a"}\n{"text": "a", "text": 3}\n', ["ok", "not_text"]),
    ("twice-title.jsonl", b'{"text": "a", "title": "b", "title": "\\ud800"}\n', ["lone_surrogate"]),
    ("low-surrogate.jsonl", b'{"text": "\\udc00\\ud800"}\n', ["lone_surrogate"]),
    ("surrogate-elsewhere.jsonl", b'{"text": "a", "\\ud800": 1}\n', ["ok"]),
    ("raw-newline.jsonl", b'{"text": "a\nb"}\n' + LINE.encode(), ["broken_json", "broken_json", "ok"]),
    ("tab-in-string.jsonl", b'{"text": "a\tb"}\n', ["broken_json"]),
    ("two-on-a-line.jsonl", LINE.strip().encode() * 2 + b"\n", ["broken_json"]),
    ("trailing-comma.jsonl", b'{"text": "a",}\n', ["broken_json"]),
    ("single-quotes.jsonl", b"{'text': 'a'}\n", ["broken_json"]),
    ("comment.jsonl", b"// note\n" + LINE.encode(), ["broken_json", "ok"]),
    ("bad-escape.jsonl", b'{"text": "\\x41"}\n{"text": "\\u12"}\n', ["broken_json"] * 2),
    ("separator.jsonl", '{"text": "a\u2028b"}\n'.encode(), ["ok"]),
    ("form-feed.jsonl", LINE.strip().encode() + b"\x0c\n", ["broken_json"]),
    ("pretty.jsonl", json.dumps({"text": TEXT}, indent=1).encode(), ["broken_json"] * 3),
    ("one-array.jsonl", json.dumps([{"text": TEXT}] * 3).encode(), ["broken_json"]),
    ("many-keys.jsonl", json.dumps({f"k{i}": i for i in range(10_000)} | {"text": "a"}).encode(), ["ok"]),
    ("deep-lists.jsonl", b'{"text": "a", "x": ' + b"[" * 5000 + b"]" * 5000 + b"}\n", ["too_complex"]),
    ("deep-enough.jsonl", b'{"text": "a", "x": ' + b"[" * 100 + b"]" * 100 + b"}\n", ["ok"]),
    ("deep-author.jsonl", b'{"text": "a", "author": ' + b"[" * 100 + b"]" * 100 + b"}\n", ["ok"]),
    ("many-lists.jsonl", b'{"text": "a", "x": [' + b"[]," * 60_000 + b"[]]}\n", ["ok"]),
    ("empty-objects.jsonl", b"{}\n" * 3, ["no_text_column"]),
    ("no-line-end.jsonl", LINE.strip().encode(), ["ok"]),
    ("keys-of-blanks.jsonl", b'{" ": 1, "text ": "a", "Text": "b"}\n', ["ok"]),
    ("long-title.jsonl", json.dumps({"text": "a", "title": "b" * 30_000}).encode(), ["ok"]),
    ("formula.jsonl", json.dumps({"text": "a", "title": "=cmd|' /C calc'!A0", "author": "@SUM(1)"}).encode(), ["ok"]),
    # CSV
    ("nul-header.csv", b"te\0xt,b\na,1\n" + b"x,1\n" * 20, ["no_text_column"]),
    ("header-quote.csv", b'"text,b\na,1\n', ["no_text_column"]),
    ("long-header.csv", b"a," * 90_000 + b"text\n", ["empty"]),
    ("wider.csv", b"text," + b"," * 4000 + b"\n" + b"a," + b"," * 4000 + b"\n", ["ok"]),
    ("names-twice.csv", b"text,text\na,b\n", ["ok"]),
    ("empty-names.csv", b",,text\n1,2,a\n", ["ok"]),
    ("tabs.csv", b"title\ttext\nx\ta, b\n", ["ok"]),
    ("semicolons.csv", b"title;text\nx;a, b\n", ["ok"]),
    ("pipes.csv", b"title|text\nx|a\n", ["no_text_column"]),
    ("backslash.csv", b'text,b\n"a\\"b",1\nc,2\n', ["broken_csv", "ok"]),
    ("quotes-only.csv", b'text\n""""\n""\n"""\n', ["ok", "empty", "broken_csv"]),
    ("lone-quote.csv", b'text,b\na"b,1\n', ["ok"]),
    ("end-in-quotes.csv", b'text,b\n"a', ["broken_csv"]),
    ("line-in-quotes.csv", b'text,b\n"a\r\nb\n\nc",1\n', ["ok"]),
    ("mixed-ends.csv", b"text,b\r\na,1\nb,2\rc,3\r\n", ["ok"] * 3),
    ("sep-line.csv", b"sep=,\ntext,b\na,1\n", ["no_text_column"]),
    ("no-header.csv", "财报公布,1\n净利润,2\n".encode(), ["no_text_column"]),
    ("formula.csv", b"title,text\n=1+1,-2+3\n", ["ok"]),
    ("fields-of-nothing.csv", b"text\n" + b"\n" * 5000 + b"a\n", ["ok"]),
    ("cells-too-many.csv", b"text\n" + b"a," * 20_000 + b"\n", ["broken_csv"]),
    ("bell.csv", b"text\n\x07\x1b[1m\n", ["ok"]),
    # HTML
    ("deep.html", page("<div>" * 9000 + PARAGRAPH), ["no_main_text"]),
    ("deep-inline.html", page("<b><i>" * 5000 + PARAGRAPH), ["no_main_text"]),
    ("deep-lists.html", page("<ul><li>" * 5000 + "a"), ["no_main_text"]),
    ("deep-tables.html", page("<table><tr><td>" * 3000 + "a"), ["no_main_text"]),
    ("attributes.html", page("<p " + " ".join(f"a{i}=1" for i in range(5000)) + ">" + PARAGRAPH), ["too_complex"]),
    ("cells.html", page("<table><tr>" + "<td>1</td>" * 2000 + "</tr></table>" + PARAGRAPH * 5), ["ok"]),
    ("rows.html", page("<table>" + "<tr><td>1</td><td>2</td></tr>" * 400 + "</table>" + PARAGRAPH * 5), ["ok"]),
    ("spans.html", page("<table><tr><td colspan=99999999 rowspan=99999999>1</td></tr></table>" + PARAGRAPH * 5), ["ok"]),
    ("script.html", page("<script>" + "a<b;" * 5000 + "</script>"), ["no_main_text"]),
    ("open-script.html", page("<script>" + PARAGRAPH * 5), ["no_main_text"]),
    ("style.html", page("<style>" + "p{}" * 10_000 + "</style>"), ["no_main_text"]),
    ("entities.html", page("<p>" + "&amp;" * 8000), ["ok"]),
    ("numbers.html", page("<p>" + "&#x110000;&#xD800;&#99999999999999;&#0;" * 200 + PARAGRAPH * 3), ["ok"]),
    (
        "entity-bomb.html",
        b'<!DOCTYPE html [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><html><body><p>&b;&b;' + PARAGRAPH.encode(),
        ["ok"],
    ),
    ("outside.html", b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>&x;' + PARAGRAPH.encode() * 3, ["ok"]),
    ("charset-lie.html", page(PARAGRAPH * 3, "gb2312"), ["ok"]),
    ("charset-nonsense.html", page(PARAGRAPH * 3, "no-such-charset"), ["ok"]),
    ("charset-codec.html", page(PARAGRAPH * 3, "rot13"), ["ok"]),
    ("charset-base64.html", page(PARAGRAPH * 3, "base64"), ["ok"]),
    ("charset-utf-16.html", page(PARAGRAPH * 3, "utf-16"), ["ok"]),
    ("two-charsets.html", page('<meta charset="big5">' + PARAGRAPH * 3, "gbk"), ["ok"]),
    ("xml.html", b'<?xml version="1.0" encoding="gbk"?><html><body>' + (PARAGRAPH * 3).encode("gbk"), ["ok"]),
    ("comment.html", page("<!--" + PARAGRAPH * 5), ["no_main_text"]),
    ("comments.html", page("<!-- -->" * 2000 + PARAGRAPH * 3), ["ok"]),
    ("cdata.html", page("<![CDATA[" + PARAGRAPH * 3 + "]]>"), ["ok"]),
    ("open-quote.html", page('<p class="' + PARAGRAPH * 3), ["no_main_text"]),
    ("tag-soup.html", page("</p></div><<<>>><p<p<p>" + PARAGRAPH * 3 + "</html><body>"), ["ok"]),
    ("frames.html", b'<html><frameset><frame src="http://127.0.0.1/"></frameset></html>', ["no_main_text"]),
    ("redirect.html", b'<html><meta http-equiv="refresh" content="0;url=http://127.0.0.1/"></html>', ["no_main_text"]),
    ("svg.html", page("<svg>" + "<path d='M 1 2'/>" * 2000 + "</svg>" + PARAGRAPH * 3), ["ok"]),
    ("json-ld.html", page('<script type="application/ld+json">' + '{"a":' * 5000 + "</script>" + PARAGRAPH * 3), ["ok"]),
    ("title-escape.html", b"<html><title>\x1b[31mred</title><body>" + PARAGRAPH.encode() * 3, ["ok"]),
    ("breaks.html", page("<br>" * 5000 + PARAGRAPH), ["ok"]),
    ("cut.html", page(PARAGRAPH * 3)[:-61], ["undecodable"]),
    # Markdown
    ("front-matter.md", b"---\ntitle: a\n---\n", ["empty"]),
    ("open-front-matter.md", b"---\ntitle: a\n" + TEXT.encode(), ["ok"]),
    ("yaml-bomb.md", b"---\na: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n---\n" + TEXT.encode(), ["ok"]),
    ("yaml-tag.md", b"---\ntitle: !!python/object/apply:os.system ['true']\n---\n" + TEXT.encode(), ["ok"]),
    *(
        (f"run-{i}.md", (run * 4000 + TEXT).encode(), ["ok"])
        for i, run in enumerate(("[", "![", "*a ", "_", "[a](", "|a", "<a ", "\\", "&"))
    ),
    ("quotes.md", ("> " * 4000 + TEXT).encode(), ["empty"]),
    ("ticks.md", ("`" * 5000 + TEXT).encode(), ["ok"]),
    ("deep-list.md", "".join(f"{' ' * 2 * i}- a\n" for i in range(100)).encode(), ["ok"]),
    ("pictures-only.md", b"![](a.png)\n" * 50, ["empty"]),
    # gzip, and what is no gzip
    *((f"cut-{n}.jsonl.gz", RECORDS_GZIPPED[:-n], ["ok"] * 3 + ["truncated"]) for n in (1, 4, 8)),
    *((f"head-{n}.gz", GZIPPED[:n], ["truncated" if n > 1 else "corrupt"]) for n in (1, 2, 10, 18)),
    ("flags.txt.gz", GZIPPED[:3] + b"\xff" + GZIPPED[4:], ["truncated"]),
    ("method.txt.gz", GZIPPED[:2] + b"\x00" + GZIPPED[3:], ["corrupt"]),
    ("zero-tail.txt.gz", GZIPPED + bytes(500), ["ok"]),
    ("length.txt.gz", GZIPPED[:-4] + b"\xff\xff\xff\xff", ["corrupt"]),
    ("many-members.txt.gz", gzip.compress("财".encode()) * 500, ["ok"]),
    ("empty-members.txt.gz", gzip.compress(b"") * 500, ["empty"]),
    ("bomb.csv.gz", gzip.compress(b"text\n" + b"a\n" * 2_000_000), ["zip_bomb"]),
    ("bomb.html.gz", gzip.compress(b"<html>" + b"<p>" * 1_000_000), ["zip_bomb"]),
    ("bomb-in-bomb.gz", gzip.compress(gzip.compress(bytes(30_000_000))), ["binary"]),
    ("cut.parquet.gz", gzip.compress(PARQUET)[:-20], ["truncated"]),
    *(
        (f"{name}.txt.gz", squeeze(TEXT.encode() * 20), ["corrupt"])
        for name, squeeze in (("bz2", bz2.compress), ("xz", lzma.compress), ("zlib", zlib.compress))
    ),
    # zip
    *((f"{name}.zip", pack({"a.txt": TEXT.encode() * 20}, method), ["ok"]) for name, method in (("stored", 0), ("bz2", 12), ("lzma", 14))),
    *((f"bomb-{method}.zip", pack({"a.txt": bytes(3_000_000)}, method), ["zip_bomb"]) for method in (8, 12, 14)),
    *((f"method-{number}.zip", patched(ZIPPED, 8, 10, number), ["corrupt"]) for number in (1, 6, 9, 93, 97, 99)),
    ("wrong-size.zip", patched(ZIPPED, 22, 24, 4000), ["ok"]),
    ("smaller-size.zip", patched(ZIPPED, 22, 24, 10), ["corrupt"]),
    ("wrong-offset.zip", patched(ZIPPED, None, 42, 65_000), ["corrupt"]),
    ("wrong-name.zip", patched(ZIPPED, 30, None, 0x6262), ["corrupt"]),
    ("overlap.zip", overlapping(3), ["ok", "corrupt", "corrupt"]),
    ("overlap-many.zip", overlapping(3000), ["ok"] + ["corrupt"] * 2999),
    ("prefixed.zip", b"#!/bin/sh\n" + ZIPPED, ["ok"]),
    ("trailing.zip", ZIPPED + b"x" * 500, ["ok"]),
    ("cut-half.zip", ZIPPED[: len(ZIPPED) // 2], ["corrupt"]),
    ("end-only.zip", b"PK\x05\x06" + bytes(18), ["no_documents"]),
    ("text.zip", TEXT.encode(), ["corrupt"]),
    ("bomb-in-zip.zip", pack({"a.jsonl.gz": gzip.compress(bytes(3_000_000)), "b.txt": TEXT.encode()}), ["nested_archive", "ok"]),
    ("zip-in-zip.zip", pack({"a.zip": pack({"b.zip": ZIPPED})}), ["nested_archive"]),
    ("deep-name.zip", pack({"d/" * 5000 + "a.txt": TEXT.encode()}), ["ok"]),
    ("dots.zip", pack({"./a.txt": TEXT.encode(), "..": b"x", ".../b.txt": TEXT.encode()}), ["path_traversal"]),
    ("device.zip", pack({"a.txt": b"x"}, external_attr=0o020666 << 16), ["ok"]),
    ("names.zip", pack({"\x1b[2J.txt": TEXT.encode(), "\u202etxt.exe.txt": TEXT.encode(), "a\rb.txt": TEXT.encode()}), ["ok"] * 3),
    ("gbk-name.zip", pack({"aa.txt": TEXT.encode()}).replace(b"aa.txt", "财.txt".encode("gbk")), ["ok"]),
    ("case.zip", pack({"A.TXT": TEXT.encode(), "a.txt": TEXT.encode()}), ["ok"] * 2),
    ("folder.zip", pack({"a.txt/": b"", "b.txt": TEXT.encode()}), ["ok"]),
    ("parquet.zip", pack({"a.parquet": PARQUET}), ["ok"] * 500),
    ("bad-parquet.zip", pack({"a.parquet": PARQUET[:-9], "b.txt": TEXT.encode()}), ["corrupt", "ok"]),
    # Parquet
    ("types.parquet", table(text=[True, None]), ["not_text", "empty"]),
    ("times.parquet", table(text=pa.array([1], pa.timestamp("ns"))), ["not_text"]),
    ("decimals.parquet", table(text=pa.array([None], pa.decimal128(38, 2))), ["empty"]),
    ("structs.parquet", table(text=[{"text": "a"}]), ["not_text"]),
    ("maps.parquet", table(text=pa.array([[("a", "b")]], pa.map_(pa.string(), pa.string()))), ["not_text"]),
    ("nulls.parquet", table(text=pa.nulls(5)), ["empty"] * 5),
    ("nested-authors.parquet", table(text=["a"], author=[[["b"]]]), ["ok"]),
    ("listed-authors.parquet", table(text=["a"], author=[["b", None, "c"]]), ["ok"]),
    ("many-columns.parquet", table(text=["a"], **{f"c{i}": [1] for i in range(500)}), ["ok"]),
    ("dotted.parquet", table(**{"text": ["a"], "text.a": ["b"]}), ["ok"]),
    ("latin.parquet", table(text=pa.array([b"\xff"], pa.binary()).view(pa.binary())), ["undecodable"]),
    ("not-utf-8.parquet", table(text=pa.Array.from_buffers(pa.string(), 1, pa.array([b"\xff"]).buffers())), ["undecodable"]),
    ("long.parquet", table(text=["a" * 60_000, "b"]), ["too_long", "ok"]),
    ("nul.parquet", table(text=["a\0b", "c"]), ["nul_byte", "ok"]),
    ("dictionary.parquet", table(text=pa.array(["a" * 40_000] * 300).dictionary_encode()), ["ok"] * 176 + ["zip_bomb"]),
    ("page.parquet", table(use_dictionary=False, text=["a" * 30_000_000] * 9), ["too_large"]),
    ("listed.parquet", table(text=["a"], author=[[""] * 6_000_000]), ["too_large"]),
    ("encrypted.parquet", PARQUET[:-4] + b"PARE", ["corrupt"]),
    ("footer.parquet", PARQUET[:-8] + b"\xff\xff\xff\x7f" + PARQUET[-4:], ["corrupt"]),
    ("headers.parquet", PARQUET[:4] + b"\xff" * 60 + PARQUET[64:], ["corrupt"]),
    ("header-of-structs.parquet", PARQUET[:4] + b"\x2c\x00\x1c\x00\x00" + PARQUET[9:], ["corrupt"]),
    ("magic.parquet", b"PAR1PAR1", ["corrupt"]),
    *((f"cut-{n}.parquet", PARQUET[:-n], ["corrupt"]) for n in (1, 8, 100)),
]
