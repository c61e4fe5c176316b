"""What a file name says: its format, and how it reads in the tables."""

from __future__ import annotations

import os

DOCUMENTS = frozenset({".txt", ".md", ".html", ".htm"})
RECORDS = frozenset({".jsonl", ".ndjson", ".csv", ".parquet"})
KNOWN = "txt, md, html, jsonl, ndjson, csv, parquet, zip, or one of these with .gz"


def format_of(name: str) -> tuple[str, bool] | None:
    """The extension that says how to read a file, and whether it is gzipped; None for an unknown one. A bare .gz holds plain text.

    >>> format_of("a.HTM"), format_of("a.jsonl.gz"), format_of("notes.gz"), format_of("a.tar.gz")
    (('.htm', False), ('.jsonl', True), ('.txt', True), None)
    """
    stem, suffix = os.path.splitext(name.lower())
    gzipped = suffix == ".gz"
    if gzipped:
        suffix = os.path.splitext(stem)[1] or ".txt"
    known = DOCUMENTS | RECORDS | (frozenset() if gzipped else {".zip"})
    return (suffix, gzipped) if suffix in known else None


def extension(name: str) -> str:
    """What a person calls a file of an unknown type; no longer than a line of a report can hold.

    >>> extension("notes.PDF"), extension("README")
    ('.pdf', 'without extension')
    """
    suffix = os.path.splitext(name.lower())[1]
    return printable(suffix) if 1 < len(suffix) < 12 else "without extension" if len(suffix) < 2 else "other"


def printable(path: str) -> str:
    """A path as text: bytes of a name that are not UTF-8 become backslash escapes.

    >>> printable("caf\\udce9.txt")
    'caf\\\\xe9.txt'
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace")
