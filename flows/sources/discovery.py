"""From the paths on the command line to the files to read."""

from __future__ import annotations

import errno
import glob
import heapq
import os
import stat
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from flows.sources.formats import KNOWN, extension, format_of, printable
from flows.sources.model import Reject, SourceError, SourceFile, reject
from flows.sources.objects import find_objects
from flows.storage import Location, is_uri


def discover(
    paths: Sequence[str], *, base: Path | None = None, exclude: Sequence[Location] = (), passed_over: Counter[str] | None = None
) -> tuple[list[SourceFile], list[Reject]]:
    """The files behind files, folders (with all below them) and globs, sorted by URI, each once; and what cannot be a source.

    In folders and globs, hidden files and anything below `exclude` are passed over in silence, and unknown extensions, which are counted
    in `passed_over`. URIs of files are POSIX paths, relative to `base` where they lie below it, else absolute. A path can be the URI of an
    object store (`s3://bucket/folder`); objects are known by theirs. Raises UsageError for a URI that holds credentials or whose driver
    is not installed.
    """
    passed_over = Counter() if passed_over is None else passed_over
    walk = _Walk(base, [folder for folder in exclude if isinstance(folder, Path)], passed_over)
    for path in paths:
        if is_uri(path):
            walk.add(find_objects(path, exclude, passed_over))
        elif os.path.lexists(path):
            walk.start(os.path.abspath(path), named=True)
        elif matches := glob.glob(path, recursive=True) if glob.has_magic(path) else []:
            for match in matches:
                walk.start(os.path.abspath(match), named=False)
        else:
            walk.refuse(os.path.abspath(path), "not_found", "there is no such file or folder, and nothing matches; check the path")
    walk.finish()
    return sorted(walk.files.values(), key=lambda file: file.uri), sorted(walk.rejects.values(), key=lambda row: row.source_uri)


class _Walk:
    """Every file and folder is known by its real path, so that none is visited twice and no chain of links goes on for ever."""

    def __init__(self, base: Path | None, exclude: Sequence[Path], passed_over: Counter[str]) -> None:
        self.base = os.path.join(os.path.abspath(base), "") if base else None
        self.excluded = tuple(os.path.join(os.path.realpath(folder), "") for folder in exclude)
        self.passed_over = passed_over
        self.files: dict[str, SourceFile] = {}
        self.rejects: dict[str, Reject] = {}
        self.seen: set[str] = set()
        self.folders: list[str] = []
        self.links: list[tuple[str, bool]] = []
        self.real_folder = cache(os.path.realpath)

    def start(self, path: str, named: bool) -> None:
        """Visit an argument, or keep it for later where it leads through a link."""
        if os.path.realpath(path) == path:
            self.visit(path, named=named)
        else:
            heapq.heappush(self.links, (path, named))

    def add(self, found: Iterable[SourceFile | Reject]) -> None:
        for item in found:
            if isinstance(item, Reject):
                self.rejects.setdefault(item.source_uri, item)
            else:
                self.files.setdefault(item.uri, item)

    def finish(self) -> None:
        """Visit what lies below. Links come last, so that a file goes by its own name and not by that of a link to it."""
        while self.folders or self.links:
            if self.folders:
                folder = self.folders.pop()
                try:
                    names = sorted(os.listdir(folder))
                except OSError as error:
                    self.refuse(folder, "unreadable", f"the folder cannot be listed ({error.strerror}); check its permissions")
                    continue
                for name in names:
                    if not name.startswith("."):
                        self.visit(os.path.join(folder, name))
            else:
                link, named = heapq.heappop(self.links)
                self.visit(link, named=named, follow=True)

    def refuse(self, path: str, code: str, message: str) -> None:
        uri = self.uri(path)
        self.rejects.setdefault(uri, reject(uri, SourceError(code, message)))

    def uri(self, path: str) -> str:
        return Path(printable(path.removeprefix(self.base) if self.base else path)).as_posix()

    def visit(self, path: str, *, named: bool = False, follow: bool = False) -> None:
        try:
            status = os.lstat(path)
            is_link = stat.S_ISLNK(status.st_mode)
            if is_link and not follow:
                heapq.heappush(self.links, (path, named))
                return
            status = os.stat(path) if is_link else status
        except FileNotFoundError:
            self.refuse(path, "broken_link", "is a link to nothing; mend or remove it")
            return
        except OSError as error:
            if error.errno == errno.ELOOP:
                self.refuse(path, "symlink_loop", "is a link that leads back to itself; remove it")
            else:
                self.refuse(path, "unreadable", f"cannot be opened ({error.strerror}); check its permissions")
            return
        parent, name = os.path.split(path)
        real = os.path.realpath(path) if is_link else os.path.join(self.real_folder(parent), name)
        if os.path.join(real, "").startswith(self.excluded):
            return
        if stat.S_ISDIR(status.st_mode):
            if is_link and not named and os.path.join(self.real_folder(parent), "").startswith(os.path.join(real, "")):
                self.refuse(path, "symlink_loop", "is a link to a folder around it; remove it")
            elif real not in self.seen:
                self.folders.append(path)
        elif not stat.S_ISREG(status.st_mode):
            self.refuse(path, "special_file", "is a device, a pipe or a socket; name a regular file")
        elif format_of(name) is None:
            if named:
                self.refuse(path, "unknown_type", f"has an unknown extension; known are {KNOWN}")
            elif real not in self.seen:
                self.passed_over[extension(name)] += 1
        elif real not in self.seen:
            uri = self.uri(path)
            if uri in self.files:
                self.refuse(path, "duplicate_name", "has the same printable name as another file; rename one of them")
            else:
                self.files[uri] = SourceFile(Path(path), uri, status.st_size)
        self.seen.add(real)
