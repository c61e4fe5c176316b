"""What a run has to do: its sources and PATHS against the live articles.

An input is a file or archive; `a.zip!b/c.txt` names a member of one.
"""

from __future__ import annotations

import glob
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from hashlib import file_digest
from pathlib import Path

import pyarrow as pa

from flows.errors import UsageError
from flows.sources import SourceError, SourceFile, open_source
from flows.sources.formats import printable
from flows.storage import is_uri

#: Hashing waits for disks and networks more than for processors.
_READERS = 8
_ARCHIVE = re.compile(r".*?\.zip(?=!)", re.I | re.S)


@dataclass(frozen=True, slots=True)
class LiveArticle:
    """What the table `articles` says about where an article came from, under the names of its columns."""

    article_id: str
    source_uri: str
    content_sha256: str
    source_sha256: str | None
    pipeline_version: str


STATE = tuple(LiveArticle.__slots__)


def live_articles(articles: pa.Table) -> list[LiveArticle]:
    """The rows of `articles`, of which the columns STATE are needed."""
    return [LiveArticle(*row) for row in zip(*(articles[name].to_pylist() for name in STATE), strict=True)]


@dataclass(frozen=True, slots=True)
class Plan:
    """Which sources to read, and what need not be done.

    `known` holds, for each input to read, article_id -> content_sha256 of the live articles that need no transformation as long as they
    have that content; `unchanged` counts the articles of the inputs that are passed over, `outdated` those to process again because they
    are of another version, by that version.
    """

    sources: tuple[SourceFile, ...]
    known: Mapping[str, Mapping[str, str]]
    unchanged: int
    outdated: Counter[str]


def lineage(uri: str) -> list[str]:
    """All that an article may have been found in: itself, the archive and the folders around it.

    >>> lineage("in/a.zip!b/c.txt")
    ['in', 'in/a.zip', 'in/a.zip!b', 'in/a.zip!b/c.txt']
    """
    return [uri[: mark.start()] for mark in re.finditer(r"[/!]|\Z", uri)]


def with_digests(sources: Iterable[SourceFile]) -> list[SourceFile]:
    """The sources with the SHA-256 of their bytes; None for what cannot be read, about which the reader will say more."""

    def digest(source: SourceFile) -> SourceFile:
        try:
            with open_source(source) as file:
                return replace(source, sha256=file_digest(file, "sha256").hexdigest())
        except (OSError, SourceError):
            return source

    with ThreadPoolExecutor(_READERS) as pool:
        return list(pool.map(digest, sources))


def plan(sources: Sequence[SourceFile], live: Iterable[LiveArticle], rejected: Iterable[str], version: str, *, keep_old: bool) -> Plan:
    """Pass over every source that has live articles, all of them of its bytes and of this version (of any, with `keep_old`), and of which
    nothing is `rejected` (URIs)."""
    uris = {source.uri for source in sources}
    articles: defaultdict[str, list[LiveArticle]] = defaultdict(list)
    for article in live:
        for uri in uris.intersection(lineage(article.source_uri)):
            articles[uri].append(article)
    doubtful = {uri for name in rejected for uri in lineage(name)}

    def current(article: LiveArticle) -> bool:
        return keep_old or article.pipeline_version == version

    to_read = [
        source
        for source in sources
        if source.uri in doubtful
        or source.sha256 is None
        or source.uri not in articles
        or not all(current(article) and article.source_sha256 == source.sha256 for article in articles[source.uri])
    ]
    known = {s.uri: {a.article_id: a.content_sha256 for a in articles[s.uri] if current(a)} for s in to_read if s.uri in articles}
    passed_over = articles.keys() - {source.uri for source in to_read}
    outdated = Counter(article.pipeline_version for same in articles.values() for article in same if not current(article))
    return Plan(tuple(to_read), known, sum(len(articles[uri]) for uri in passed_over), outdated)


def dropped(live: Iterable[LiveArticle], read: Set[str], unreadable: Set[str], present: Set[str]) -> list[str]:
    """The ids of the articles whose input was `read` (URIs) again and no longer has them.

    What is `unreadable` (URIs of inputs and folders) today keeps its articles; `present` are the ids that were found.
    """
    return [
        article.article_id
        for article in live
        if article.article_id not in present
        and not read.isdisjoint(around := lineage(article.source_uri))
        and unreadable.isdisjoint(around)
    ]


class Scope:
    """The PATHS of a run: where it has looked for inputs, and so knows which are gone."""

    def __init__(self, paths: Sequence[str], base: Path | None) -> None:
        self._base = printable(os.path.abspath(base)) if base else ""
        self._places: set[str] = set()
        self._globs: set[str] = set()
        for path in paths:
            full = path if is_uri(path) else os.path.abspath(path)
            is_glob = glob.has_magic(full) and not os.path.lexists(full)
            (self._globs if is_glob else self._places).add(printable(full).rstrip("/"))

    def paths_around(self, uri: str) -> set[str]:
        """The PATHS that an input, or the one that an article came from, lies under.

        >>> sorted(Scope(["/in", "/in/*.zip", "/in/*.txt"], Path("/in")).paths_around("a.zip!b/c.txt"))
        ['/in', '/in/*.zip']
        """
        places = lineage(self._input(uri))
        matches = (pattern for pattern in self._globs if any(_fits(place.split("/"), pattern.split("/")) for place in places))
        return self._places.intersection(places).union(matches)

    def vanished(self, live: Iterable[LiveArticle], uris: Set[str], unreadable: Set[str]) -> list[str]:
        """The ids of the articles whose input lay under the PATHS and is none of `uris` any more; `unreadable` as in `dropped`.

        Raises UsageError where they are all that came from one of the PATHS: a folder that is not mounted looks like that, too.
        """
        lost = [
            article
            for article in live
            if uris.isdisjoint(around := lineage(article.source_uri))
            and unreadable.isdisjoint(around)
            and self.paths_around(article.source_uri)
            # some names are passed over unless they are given, and so may be there all the same
            and not os.path.isfile(self._input(article.source_uri))
        ]
        held = {path for uri in uris for path in self.paths_around(uri)}
        if emptied := {path for article in lost for path in self.paths_around(article.source_uri)} - held:
            raise UsageError(
                f"{min(emptied)}: no articles there any more, and --prune does not remove all that came from there, "
                f"as it may only be out of reach; leave --prune out, or give a folder above it"
            )
        return [article.article_id for article in lost]

    def _input(self, uri: str) -> str:
        """Where a file or, for a member, its archive lies."""
        archive = _ARCHIVE.match(uri)
        name = archive[0] if archive else uri
        return name if is_uri(name) else os.path.join(self._base, name)


def _fits(names: Sequence[str], pattern: Sequence[str]) -> bool:
    """Whether the parts of a path fit those of a glob pattern, in which `**` is any number of folders.

    >>> _fits(["in", "a", "b", "c.txt"], ["in", "**", "*.txt"]), _fits(["in", "a", "c.txt"], ["in", "*.txt"])
    (True, False)
    """
    if not names or not pattern:
        return not names and all(part == "**" for part in pattern)
    if pattern[0] == "**":
        return _fits(names, pattern[1:]) or _fits(names[1:], pattern)
    return fnmatchcase(names[0], pattern[0]) and _fits(names[1:], pattern[1:])
