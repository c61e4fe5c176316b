"""Files of many records, streamed: JSON lines, CSV, Parquet."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from flows.sources.fields import columns, metadata, no_text_column
from flows.sources.model import Item, ReadOptions, Reject, SourceError, reject
from flows.sources.parquet import read_parquet
from flows.sources.streams import HEAD, as_source_errors
from transforms.article import RawDocument
from transforms.decoding import DecodeError, byte_order_mark, decode

#: Give a file up when so many records from its beginning are of no use.
HOPELESS = 1000
_SURROGATE = re.compile("[\ud800-\udfff]")


def read_records(uri: str, suffix: str, stream: io.BufferedReader, options: ReadOptions) -> Iterator[RawDocument | Reject]:
    """The documents of a file of records, and one reject for every record that cannot be used; of a damaged file, all before the damage.

    Where no record has a text column, that is one reject for the whole file.
    """
    source_format, open_items = _FORMATS[suffix]
    index, usable, damaged = 0, False, False
    names: tuple[str, ...] | None = None
    where: Mapping[str, str] = {}
    without_text: list[Reject] = []
    try:
        with as_source_errors():
            encoding, items = open_items(stream, options)
            for place, record in items:
                try:
                    with as_source_errors():
                        if isinstance(record, SourceError):
                            raise record
                        if names != (names := tuple(record)):  # records mostly have the columns of the one before
                            where = columns(names, options)
                        if "text" not in where:
                            raise no_text_column(names, options)
                        document = _document(RawDocument(uri, "", index, source_format, "", encoding), record, where, options)
                except SourceError as error:
                    row = reject(uri, SourceError(error.code, f"{place}: {error}"), index)
                    if error.code == "no_text_column" and not usable:
                        without_text.append(row)
                    else:
                        yield row
                else:
                    usable = True
                    yield from without_text
                    without_text.clear()
                    yield document
                index += 1
                if index == HOPELESS and not usable:
                    raise SourceError("no_usable_record", f"none of its first {HOPELESS} records can be used; check format and options")
    except SourceError as error:
        damaged = True
        if not (without_text and error.code == "no_usable_record"):
            yield reject(uri, error, index)
    if without_text:
        yield without_text[0]
    elif index == 0 and not damaged:
        yield reject(uri, SourceError("empty", "holds no records; remove it"))


def _document(empty: RawDocument, record: dict[str, Any], where: Mapping[str, str], options: ReadOptions) -> RawDocument:
    text, encoding = record[where["text"]], empty.encoding
    if isinstance(text, bytes):
        text, encoding = decode(text)
    if text is None or (isinstance(text, str) and not text.strip()):
        raise SourceError("empty", f"its {where['text']!r} is empty; remove the record or fill it")
    if not isinstance(text, str):
        raise SourceError("not_text", f"its {where['text']!r} is no text; name another column with --text-column")
    if len(text) > options.max_chars:
        raise SourceError("too_long", f"has {len(text)} characters, no article has more than {options.max_chars}; split it")
    about = metadata(record, where)
    # the encoding is a column of the tables, so that a record in another one is another record
    parts = (text, encoding, *("" if value is None else str(value) for value in about.values()))
    content = "\0".join(parts)
    if content.count("\0") >= len(parts):
        raise SourceError("nul_byte", "holds a NUL character; remove it, or export the record again")
    try:
        digest = hashlib.sha256(content.encode("utf-8")).hexdigest()
    except UnicodeEncodeError:
        raise SourceError("lone_surrogate", "holds half of a surrogate pair, which is no character; export it again") from None
    return replace(empty, text=text, encoding=encoding, content_sha256=digest, **about)


def _open_text(stream: io.BufferedReader, newline: str) -> tuple[str, io.TextIOWrapper]:
    """The name of the encoding, and the text. Bytes that break it come through as lone surrogates, and so harm their line only."""
    head = stream.peek(HEAD)[:HEAD]
    if mark := byte_order_mark(head):
        codec, encoding, length = mark
        stream.read(length)
    else:
        try:
            encoding = decode(head if len(head) < HEAD else head[: head.rfind(b"\n") + 1] or head)[1]
        except DecodeError as error:
            if error.code == "binary":
                raise
            encoding = "utf-8"  # a broken line is no reason to give up those around it
        codec = encoding
    return encoding, io.TextIOWrapper(stream, codec, "surrogateescape", newline)


def _is_broken(line: str) -> bool:
    """Whether the line was not of the encoding of its file: the decoder leaves a lone surrogate for each such byte."""
    return not line.isascii() and _SURROGATE.search(line) is not None


def _jsonl(stream: io.BufferedReader, options: ReadOptions) -> tuple[str, Iterator[Item]]:
    encoding, text = _open_text(stream, "\n")

    def items() -> Iterator[Item]:
        number = 0
        while line := text.readline(options.max_bytes + 1):
            number += 1
            if len(line) > options.max_bytes:
                while (rest := text.readline(HEAD)) and not rest.endswith("\n"):
                    pass
                yield f"line {number}", SourceError("too_long", f"the line has more than {options.max_bytes} characters; split the article")
            elif line.strip():
                yield f"line {number}", _json_object(line, encoding)

    return encoding, items()


def _json_object(line: str, encoding: str) -> dict[str, Any] | SourceError:
    if _is_broken(line):
        return SourceError("undecodable", f"the line is not {encoding} throughout; save the file again as UTF-8")
    try:
        record = json.loads(line)
    except RecursionError:
        return SourceError("too_complex", "the JSON is nested too deeply; flatten it")
    except json.JSONDecodeError as error:
        if "\0" in line:
            return SourceError("nul_byte", "the line holds a NUL byte; remove it, or export the file again")
        return SourceError("broken_json", f"not valid JSON from its character {error.pos + 1} on ({error.msg}); write one object a line")
    except ValueError:
        return SourceError("broken_json", "a number has more digits than a computer reads; write it as text")
    return record if isinstance(record, dict) else SourceError("broken_json", "not a JSON object; write one object a line")


def _csv(stream: io.BufferedReader, options: ReadOptions) -> tuple[str, Iterator[Item]]:
    encoding, text = _open_text(stream, "")
    csv.field_size_limit(max(csv.field_size_limit(), options.max_bytes))
    line_number = record_chars = 0

    def lines() -> Iterator[str]:
        nonlocal line_number, record_chars
        while line := text.readline(options.max_bytes + 1):
            line_number += 1
            record_chars += len(line)
            if record_chars > options.max_bytes:
                message = f"line {line_number}: the record is longer than {options.max_bytes} characters; is a quote left open before it?"
                raise SourceError("too_long", f"{message} Nothing behind it was read")
            yield line

    def items() -> Iterator[Item]:
        nonlocal record_chars
        while True:
            place = f"line {line_number + 1}"
            record_chars = 0
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield place, SourceError("broken_csv", f"{error}; quote cells that hold quotes, and double the quotes in them")
                continue
            if not cells:
                continue
            if any(map(_is_broken, cells)):
                yield place, SourceError("undecodable", f"the record is not {encoding} throughout; save the file again as UTF-8")
            elif len(cells) != len(names):
                what = f"has {len(cells)} cells, the header has {len(names)}"
                yield place, SourceError("broken_csv", f"{what}; quote cells that hold the delimiter or line ends")
            else:
                yield place, dict(zip(names, cells, strict=True))

    source = lines()
    header = next(source, "")
    if not header:
        raise SourceError("empty", "is an empty file; remove it")
    headers: dict[str, list[str]] = {mark: next(csv.reader([header], delimiter=mark), []) for mark in ",;\t"}
    delimiter, names = max(headers.items(), key=lambda pair: ("text" in columns(tuple(pair[1]), options), len(pair[1])))
    if "text" not in columns(tuple(names), options):
        raise no_text_column(names, options)
    reader = csv.reader(source, delimiter=delimiter, strict=True)
    return encoding, items()


_Opener = Callable[[io.BufferedReader, ReadOptions], tuple[str, Iterator[Item]]]
_FORMATS: dict[str, tuple[str, _Opener]] = {
    ".jsonl": ("jsonl", _jsonl),
    ".ndjson": ("jsonl", _jsonl),
    ".csv": ("csv", _csv),
    ".parquet": ("parquet", read_parquet),
}
