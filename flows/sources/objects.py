"""From a URI to the objects below it, as `discovery` does for the folders of this machine."""

from __future__ import annotations

import glob
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from upath import UPath

from flows.sources.formats import KNOWN, extension, format_of
from flows.sources.model import Reject, SourceError, SourceFile, reject
from flows.storage import Location, location, reason


def find_objects(uri: str, exclude: Sequence[Location], passed_over: Counter[str]) -> Iterator[SourceFile | Reject]:
    """The objects of a known type that a URI names: itself, all below it, or the matches of a glob; and what cannot be a source.

    Hidden ones and all below `exclude` are passed over in silence, and unknown extensions, which are counted in `passed_over`. Raises
    UsageError for a URI that cannot be used.
    """
    place = location(uri)
    assert isinstance(place, UPath)
    try:
        found = _listing(place)
    except Exception as error:
        yield reject(str(place), SourceError("unreadable", f"cannot be listed: {reason(error)}"))
        return
    if not found:
        yield reject(str(place), SourceError("not_found", "there is no such object or folder, and nothing matches; check the URI"))
    start = _plain_part(place)
    excluded = tuple(f"{folder}/" for folder in exclude)
    for name, info in found.items():
        path = start / name if name else start
        if any(part.startswith(".") for part in name.split("/")) or str(path).startswith(excluded):
            continue
        if format_of(path.name):
            yield SourceFile(path, str(path), info["size"] or 0)
        elif not name:
            yield reject(str(path), SourceError("unknown_type", f"has an unknown extension; known are {KNOWN}"))
        else:
            passed_over[extension(path.name)] += 1


def _plain_part(place: UPath) -> UPath:
    """The part of a URI before its first glob character."""
    while glob.has_magic(place.path):
        place = place.parent
    return place


def _listing(place: UPath) -> dict[str, dict[str, Any]]:
    """Objects by their name below the plain part of a URI (empty for the object itself), with what the store says of them."""
    fs = place.fs
    start = _plain_part(place).path.rstrip("/")
    found: dict[str, dict[str, Any]] = {}
    if start == place.path.rstrip("/"):
        found = fs.find(start, detail=True)
    else:
        for name, info in fs.glob(place.path, detail=True).items():
            found |= fs.find(name, detail=True) if info["type"] == "directory" else {name: info}
    return {name.removeprefix(start).removeprefix("/"): info for name, info in sorted(found.items())}
