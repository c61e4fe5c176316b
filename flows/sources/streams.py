"""Bytes in bounded memory: regular files, gzip and the members of a zip archive, the compressed ones behind a guard against bombs."""

from __future__ import annotations

import gzip
import io
import lzma
import os
import re
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from flows.sources.model import ReadOptions, SourceError, SourceFile
from flows.storage import reason
from transforms.decoding import DecodeError, decode

#: Read at once, and what a format may look at before it decides.
HEAD = 1024 * 1024
#: Below this many bytes nothing that expands does harm.
_HARMLESS = 32 * 1024
#: Bytes of the list of members of an archive: up to 600,000 of them, which take a third of a gigabyte when they are read.
_LONGEST_LIST = 32 * 1024**2


@contextmanager
def as_source_errors() -> Iterator[None]:
    """Whatever the libraries below raise about an input, as a SourceError."""
    try:
        yield
    except DecodeError as error:
        raise SourceError(error.code, str(error)) from None
    except UnicodeDecodeError as error:
        raise SourceError("undecodable", f"breaks as {error.encoding} ({error.reason}); save it again as UTF-8") from None
    except EOFError:
        raise SourceError("truncated", "the compressed data ends too early; fetch or pack the file again") from None
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, lzma.LZMAError) as error:
        raise SourceError("corrupt", f"the compressed data is damaged ({error}); fetch or pack the file again") from None
    except NotImplementedError as error:
        raise SourceError("corrupt", f"packed in a way that is not supported ({error}); pack it again as an ordinary zip") from None
    except OSError as error:
        raise SourceError("unreadable", f"cannot be read ({error.strerror or error}); check the file and its permissions") from None


@contextmanager
def open_source(source: SourceFile) -> Iterator[io.BufferedReader]:
    """The bytes of a source, seekable. Raises SourceError or OSError, from reading as well."""
    if isinstance(source.path, Path):
        with open_regular(source.path) as file:
            yield file
    else:
        try:
            stored = source.path.open("rb")
        except Exception as error:
            raise OSError(reason(error)) from None
        with io.BufferedReader(_Stored(stored), HEAD) as file:
            yield cast(io.BufferedReader, file)


class _Stored(io.RawIOBase):
    """The bytes of an object, whose driver has exceptions of its own."""

    def __init__(self, source: BinaryIO) -> None:
        self._source = source

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        return self._source.seek(offset, whence)

    def tell(self) -> int:
        return self._source.tell()

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        try:
            return self._source.readinto(buffer)  # type: ignore[attr-defined]
        except Exception as error:
            raise OSError(reason(error)) from None

    def close(self) -> None:
        self._source.close()
        super().close()


@contextmanager
def open_regular(path: Path) -> Iterator[io.BufferedReader]:
    """A regular file, opened without ever waiting for the other end of a pipe."""
    descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    with open(descriptor, "rb", buffering=HEAD) as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise SourceError("special_file", "is a device, a pipe or a socket; name a regular file")
        yield cast(io.BufferedReader, file)


class _Guarded(io.RawIOBase):
    """Decompressed bytes, counted against what was compressed. Fills every read, and keeps a failure for when all before it is read."""

    def __init__(self, source: BinaryIO, packed: Callable[[], int], options: ReadOptions) -> None:
        self._source, self._packed, self._options = source, packed, options
        self._unpacked = 0
        self._failure: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        filled = 0
        while filled < len(buffer) and self._failure is None:
            try:
                part = self._source.read1(len(buffer) - filled)  # type: ignore[attr-defined]
            except (OSError, EOFError, zlib.error, lzma.LZMAError, zipfile.BadZipFile) as error:
                self._failure = error
                break
            if not part:
                break
            buffer[filled : filled + len(part)] = part
            filled += len(part)
            self._unpacked += len(part)
            check_expansion(self._unpacked, self._packed(), self._options)
        if self._failure is not None and not filled:
            raise self._failure
        return filled


def check_expansion(unpacked: int, packed: int, options: ReadOptions) -> None:
    """Raises SourceError where so many bytes out of so few are no honest compression."""
    if unpacked > _HARMLESS and unpacked > options.max_expansion * packed:
        raise SourceError("zip_bomb", f"expands more than {options.max_expansion}-fold; if that is meant, give it unpacked")
    if unpacked > options.max_expanded:
        raise SourceError("too_large", f"expands to more than {options.max_expanded} bytes; give it unpacked, or in parts")


def gunzip(file: BinaryIO, options: ReadOptions) -> io.BufferedReader:
    unpacked = cast(BinaryIO, gzip.GzipFile(fileobj=file, mode="rb"))
    return io.BufferedReader(_Guarded(unpacked, file.tell, options), HEAD)


class _Archive(io.BufferedReader):
    """The bytes of an archive for `zipfile`, which reads the list of its members at once, however long it is."""

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _LONGEST_LIST:
            raise SourceError("too_large", f"its list of members has more than {_LONGEST_LIST} bytes; pack it into several archives")
        return super().read(size)


def open_archive(file: io.BufferedReader) -> zipfile.ZipFile:
    return zipfile.ZipFile(_Archive(cast(io.RawIOBase, file)))


def member_name(info: zipfile.ZipInfo) -> str:
    """The name of a member. Without the UTF-8 flag, zipfile reads it as cp437, where Chinese Windows wrote GBK."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return decode(info.filename.encode("cp437"))[0]
    except (UnicodeEncodeError, DecodeError):
        return info.filename


def check_member(info: zipfile.ZipInfo, name: str, options: ReadOptions) -> None:
    """Raises SourceError for a member that must not or cannot be read."""
    if name.startswith(("/", "\\")) or re.match(r"[A-Za-z]:", name) or ".." in re.split(r"[/\\]", name):
        raise SourceError("path_traversal", "its name points outside of the archive; it was not read: find out who packed it")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise SourceError("special_file", "is a link inside an archive; pack the file itself")
    if info.flag_bits & 0x1:
        raise SourceError("encrypted", "needs a password; pack it again without one")
    check_expansion(info.file_size, info.compress_size, options)


@contextmanager
def open_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, options: ReadOptions) -> Iterator[io.BufferedReader]:
    with archive.open(info) as member:
        yield io.BufferedReader(_Guarded(cast(BinaryIO, member), lambda: info.compress_size, options), HEAD)
