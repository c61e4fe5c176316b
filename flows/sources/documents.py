"""Files that hold one article each: plain text and Markdown, and the way to HTML."""

from __future__ import annotations

import hashlib
import io
import os
from contextlib import suppress
from dataclasses import replace

from flows.sources.fields import columns, metadata
from flows.sources.markdown import readable
from flows.sources.model import ReadOptions, SourceError
from flows.sources.pages import article_of
from transforms.article import RawDocument
from transforms.decoding import declared_charset, decode


def read_document(uri: str, suffix: str, stream: io.BufferedReader, options: ReadOptions) -> RawDocument:
    """The article of a file, or SourceError. The text is the decoded file, byte for byte; of HTML and Markdown what a reader sees."""
    data = read_bounded(stream, options.max_bytes, "too_long", f"no article has more than {options.max_chars} characters; split it")
    if not data.strip():
        raise SourceError("empty", "holds no text; remove it")
    is_html = suffix in (".html", ".htm")
    text, encoding = decode(data, declared_charset(data) if is_html else None)
    if len(text) > options.max_chars:
        raise SourceError("too_long", f"has {len(text)} characters, no article has more than {options.max_chars}; split it")
    if not text.strip():
        raise SourceError("empty", "holds no text; remove it")
    source_format = "html" if is_html else suffix[1:]
    document = RawDocument(uri, text, 0, source_format, hashlib.sha256(data).hexdigest(), encoding)
    if is_html:
        return article_of(document)
    if suffix == ".md":
        document = _with_front_matter(document)
        if not document.text.strip():
            raise SourceError("empty", "shows a reader no text; remove it")
    return document


def read_bounded(stream: io.BufferedReader, limit: int, code: str, remedy: str) -> bytes:
    """All bytes of a stream; SourceError for more than `limit`, where it can be seen before reading any."""
    size = 0
    with suppress(OSError):  # an unpacked stream has no descriptor
        size = os.fstat(stream.fileno()).st_size
    data = b"" if size > limit else stream.read(limit + 1)
    if max(size, len(data)) > limit:
        raise SourceError(code, f"holds more than {limit} bytes; {remedy}")
    return data


def _with_front_matter(document: RawDocument) -> RawDocument:
    """Title, date and the like from the `key: value` lines between two lines of `---` on top, and the text behind them."""
    plain = replace(document, text=readable(document.text))
    lines = iter(document.text[:20_000].splitlines(keepends=True))
    first = next(lines, "")
    if first.strip() != "---":
        return plain
    values: dict[str, str] = {}
    length = len(first)
    for line in lines:
        length += len(line)
        if line.strip() == "---":
            body = readable(document.text[length:])
            return replace(document, text=body, **metadata(values, columns(tuple(values), ReadOptions())))
        key, colon, value = line.partition(":")
        if colon and not key.startswith((" ", "\t", "-", "#")):
            values[key.strip()] = value.strip().strip("\"'")
    return plain
