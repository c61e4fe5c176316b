"""One source file to its raw documents: opens, unpacks, and hands each part to the reader of its format."""

from __future__ import annotations

import io
from collections.abc import Iterator

from flows.sources.documents import read_document
from flows.sources.formats import DOCUMENTS, KNOWN, format_of, printable
from flows.sources.model import ReadOptions, Reject, SourceError, SourceFile, reject
from flows.sources.records import read_records
from flows.sources.streams import (
    as_source_errors,
    check_expansion,
    check_member,
    gunzip,
    member_name,
    open_archive,
    open_member,
    open_source,
)
from transforms.article import RawDocument

_DEFAULT = ReadOptions()
#: Rejects stay in memory until the end of a run.
_MOST_REJECTS = 100_000


def read(source: SourceFile, options: ReadOptions = _DEFAULT) -> Iterator[RawDocument | Reject]:
    """The documents of a file in their order, and a reject for whatever in it cannot be used; never raises over an input.

    A member of a zip archive has the URI `archive!member`.
    """
    rejected = 0
    for item in _read_file(source, options):
        yield item
        if isinstance(item, Reject):
            rejected += 1
            if rejected == _MOST_REJECTS:
                message = f"{_MOST_REJECTS} of its records cannot be used, and what is behind them was not read; mend or split it"
                yield reject(source.uri, SourceError("too_many_rejects", message), item.record_index + 1)
                return


def _read_file(source: SourceFile, options: ReadOptions) -> Iterator[RawDocument | Reject]:
    try:
        with as_source_errors(), open_source(source) as file:
            found = format_of(source.path.name)
            if found is None:
                raise SourceError("unknown_type", f"has an unknown extension; known are {KNOWN}")
            suffix, gzipped = found
            if suffix == ".zip":
                yield from _read_zip(source.uri, file, options)
            elif gzipped:
                yield from _read_one(source.uri, suffix, gunzip(file, options), options)
            else:
                yield from _read_one(source.uri, suffix, file, options)
    except SourceError as error:
        yield reject(source.uri, error)


def _read_one(uri: str, suffix: str, stream: io.BufferedReader, options: ReadOptions) -> Iterator[RawDocument | Reject]:
    if suffix in DOCUMENTS:
        yield read_document(uri, suffix, stream, options)
    else:
        yield from read_records(uri, suffix, stream, options)


def _read_zip(uri: str, file: io.BufferedReader, options: ReadOptions) -> Iterator[RawDocument | Reject]:
    size = file.seek(0, io.SEEK_END)
    if size == 0:
        raise SourceError("empty", "is an empty file; remove it")
    unpacked = 0
    names: set[str] = set()
    with open_archive(file) as archive:
        for info in archive.infolist():
            name = member_name(info)
            parts = name.replace("\\", "/").split("/")
            if name.endswith("/") or (any(part.startswith((".", "__MACOSX")) for part in parts) and ".." not in parts):
                continue
            kind = format_of(name)
            nested = name.lower().endswith((".zip", ".gz", ".rar", ".7z", ".tar", ".tgz"))
            if kind is None and not nested and ".." not in parts:
                continue
            member_uri = f"{uri}!{printable(name)}"
            try:
                with as_source_errors():
                    if name in names:
                        raise SourceError("duplicate_name", "the archive has two members of this name; pack it again")
                    names.add(name)
                    check_member(info, name, options)
                    if nested or kind is None:
                        raise SourceError("nested_archive", "is an archive inside an archive; unpack the outer one")
                    # Members can share their compressed bytes, so the archive as a whole is held to the limits as well.
                    unpacked += info.file_size
                    check_expansion(unpacked, size, options)
                    with open_member(archive, info, options) as stream:
                        yield from _read_one(member_uri, kind[0], stream, options)
            except SourceError as error:
                yield reject(member_uri, error)
    if not names:
        raise SourceError("no_documents", f"holds no file of a supported type; known are {KNOWN}")
