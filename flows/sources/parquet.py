"""Parquet, some rows at a time.

Arrow unpacks a page as a whole, however large its header says it is, and a dictionary again for every row that refers to it. So the headers
of the pages are read before Arrow sees them.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from flows.sources.documents import read_bounded
from flows.sources.fields import columns, no_text_column
from flows.sources.model import Item, ReadOptions, SourceError
from flows.sources.streams import HEAD, check_expansion

#: Parquet is read from its end, so a compressed one is unpacked in memory up to this size.
_IN_MEMORY = 256 * 1024**2
#: Rows in memory at a time. A text that a dictionary holds once unfolds in every row, so that even a small file can have large ones.
_BATCH = 16
#: Bytes of the largest page, and of the largest dictionary, which can come to memory as often as a batch has rows. Writers aim at 1 MiB.
_LARGEST_PAGE, _LARGEST_DICTIONARY = 256 * 1024**2, 32 * 1024**2
#: Values of a column of lists in a group of rows; all of them can be in one row.
_MOST_LISTED = 5_000_000
#: What comes of headers that are none.
_NONSENSE = (IndexError, KeyError, TypeError, ValueError, AttributeError)


def read_parquet(stream: io.BufferedReader, options: ReadOptions) -> tuple[str, Iterator[Item]]:
    """The encoding and the rows of a Parquet file, reduced to the columns that say something. Raises SourceError."""
    if not stream.seekable():
        stream = io.BufferedReader(io.BytesIO(read_bounded(stream, _IN_MEMORY, "too_large", "give it without the zip or gzip around it")))
    try:
        file = pq.ParquetFile(stream, buffer_size=HEAD)
        names = tuple(file.schema_arrow.names)
    except (pa.ArrowException, OSError) as error:
        raise _damaged(error) from None
    where = columns(names, options)
    if "text" not in where:
        raise no_text_column(names, options)
    return "utf-8", _rows(file, stream, [name for name in names if name in where.values()], options)


def _rows(file: pq.ParquetFile, stream: io.BufferedReader, names: list[str], options: ReadOptions) -> Iterator[Item]:
    size = stream.seek(0, io.SEEK_END)
    number = unfolded = 0
    try:
        for group, chunks in enumerate(_groups(stream)):
            _check_pages(file, stream, chunks, names)
            for batch in file.iter_batches(_BATCH, row_groups=[group], columns=names, use_threads=False):
                unfolded += batch.nbytes
                check_expansion(unfolded, size, options)
                for row in range(batch.num_rows):
                    number += 1
                    yield f"row {number}", _row(names, [column[row] for column in batch.columns])
    except (pa.ArrowException, OSError) as error:
        raise _damaged(error) from None
    except _NONSENSE:
        raise SourceError("corrupt", "the Parquet file is damaged (its parts contradict each other); write it again") from None


def _row(names: list[str], values: list[pa.Scalar]) -> dict[str, Any] | SourceError:
    record: dict[str, Any] = {}
    for name, value in zip(names, values, strict=True):
        try:
            record[name] = value.as_py()
        except UnicodeDecodeError:
            return SourceError("undecodable", f"its {name!r} is not UTF-8; write the file again")
        except (ValueError, OverflowError):
            record[name] = None  # a date beyond the calendar
    return record


def _damaged(error: Exception) -> SourceError:
    reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
    return SourceError("corrupt", f"the Parquet file is damaged ({reason}); write it again")


def _check_pages(file: pq.ParquetFile, stream: io.BufferedReader, chunks: list[Any], names: list[str]) -> None:
    """Raises SourceError where the pages of these columns of a group of rows unfold to more than memory should hold."""
    for index, chunk in enumerate(chunks):
        about = chunk[_METADATA]
        name = about[_PATH][0].decode()
        if name not in names:
            continue
        has_lists = file.schema.column(index).max_repetition_level > 0
        size = values = 0
        at = min(offset for offset in (about[_FIRST_PAGE], about.get(_FIRST_DICTIONARY)) if offset)
        end = at + about[_CHUNK_SIZE]
        while at < end:
            stream.seek(at)
            page, length = _struct(stream.read(_LONGEST_HEADER))
            size = page[_SIZE] + (size if has_lists else 0)
            values += sum(page[kind][_VALUES] for kind in _DATA_PAGES if kind in page)
            limit = _LARGEST_DICTIONARY if _DICTIONARY in page else _LARGEST_PAGE
            if size > limit or (has_lists and values > _MOST_LISTED):
                what = f"{name!r} has a page that unfolds to {size} bytes and {values} values"
                raise SourceError("too_large", f"{what}; write the file again with smaller pages")
            if page[_PACKED] < 0:
                raise ValueError(page)
            at += length + page[_PACKED]


#: Field numbers, from parquet.thrift: of the footer, of a group of rows, of a chunk of a column, of its metadata, and of a page header.
_GROUPS, _CHUNKS, _METADATA = 4, 1, 3
_PATH, _CHUNK_SIZE, _FIRST_PAGE, _FIRST_DICTIONARY = 3, 7, 9, 11
_SIZE, _PACKED, _DATA_PAGES, _DICTIONARY, _VALUES = 2, 3, (5, 8), 7, 1
#: Bytes that a page header fits into; what it may hold of the smallest and largest value is cut at some thousand.
_LONGEST_HEADER = 64 * 1024
#: Thrift's numbers for types.
_INTEGERS, _TEXT, _LIST, _STRUCT, _OF_BYTES = (4, 5, 6), 8, 9, 12, {3: 1, 7: 8}


def _groups(stream: io.BufferedReader) -> list[list[Any]]:
    """The chunks of columns of every group of rows, from the footer.

    pyarrow's own view of them ends the process where they contradict each other: it lets a C++ exception through.
    """
    stream.seek(-8, io.SEEK_END)
    length = int.from_bytes(stream.read(4), "little")
    stream.seek(-8 - length, io.SEEK_END)
    return [group[_CHUNKS] for group in _struct(stream.read(length))[0].get(_GROUPS, [])]


def _struct(data: bytes, at: int = 0, depth: int = 12) -> tuple[dict[int, Any], int]:
    """A struct in Thrift's compact protocol by field number, and where it ends. Raises IndexError or ValueError where there is none."""
    found: dict[int, Any] = {}
    number = 0
    while byte := data[at]:
        at, kind = at + 1, byte & 15
        if byte >> 4:
            number += byte >> 4
        else:
            number, at = _integer(data, at)
        if kind > 2:  # 1 and 2 are true and false themselves
            found[number], at = _value(data, at, kind, depth)
    return found, at + 1


def _value(data: bytes, at: int, kind: int, depth: int) -> tuple[Any, int]:
    if kind in _INTEGERS:
        return _integer(data, at)
    if kind == _TEXT:
        length, at = _integer(data, at, signed=False)
        return data[at : at + length], at + length
    if kind == _STRUCT and depth:
        return _struct(data, at, depth - 1)
    if kind == _LIST and depth:
        head, at = data[at], at + 1
        count = head >> 4
        if count == 15:
            count, at = _integer(data, at, signed=False)
        items = []
        for _ in range(count):
            item, at = _value(data, at, head & 15, depth - 1)
            items.append(item)
        return items, at
    return None, at + _OF_BYTES[kind]


def _integer(data: bytes, at: int, *, signed: bool = True) -> tuple[int, int]:
    """A number of seven bits a byte, the lowest first, and where it ends; a signed one alternates between positive and negative."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return ((value >> 1) ^ -(value & 1) if signed else value), at
        if shift > 63:
            raise ValueError(shift)
