"""What reading speaks in: a file to read, an input that cannot be used, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from flows.storage import Location

Stage = Literal["read", "decode", "parse", "transform"]

#: Every error code of the pipeline: the stage it belongs to and what it means.
ERROR_CODES: dict[str, tuple[Stage, str]] = {
    "not_found": ("read", "no file, folder or match of that name"),
    "unknown_type": ("read", "a file named on the command line whose extension is not supported"),
    "unreadable": ("read", "the system refuses to open or read it"),
    "special_file": ("read", "a device, pipe, socket or other thing that is no regular file"),
    "broken_link": ("read", "a symbolic link to nothing"),
    "symlink_loop": ("read", "a symbolic link that leads back to itself or to a folder around it"),
    "duplicate_name": ("read", "a second input with the name of another one"),
    "path_traversal": ("read", "an archive member whose name points outside of the archive"),
    "encrypted": ("read", "an archive member that needs a password"),
    "nested_archive": ("read", "an archive inside an archive"),
    "no_documents": ("read", "an archive without a member of a supported type"),
    "truncated": ("read", "compressed data that ends too early"),
    "corrupt": ("read", "an archive, compressed data or a Parquet file that is damaged"),
    "zip_bomb": ("read", "compressed data that expands suspiciously far"),
    "too_large": ("read", "more bytes than are held in memory or expanded"),
    "empty": ("decode", "no text at all, or no records"),
    "undecodable": ("decode", "bytes that are text in none of the supported encodings"),
    "nul_byte": ("decode", "text with a NUL character in it"),
    "binary": ("decode", "not text but an image, a program or the like"),
    "too_long": ("decode", "longer than an article may be"),
    "no_main_text": ("parse", "an HTML page without an article in it"),
    "broken_json": ("parse", "a line that is not one JSON object"),
    "broken_csv": ("parse", "a CSV record with stray quotes or a wrong number of cells"),
    "too_complex": ("parse", "JSON or HTML that is nested deeper, or has more attributes, than a parser can handle"),
    "lone_surrogate": ("parse", "a JSON string with half of a surrogate pair, which is no character"),
    "no_text_column": ("parse", "records without a column that holds the text"),
    "not_text": ("parse", "a text column that holds something else"),
    "no_usable_record": ("parse", "a file given up because none of its first 1000 records can be used"),
    "too_many_rejects": ("read", "a file given up because 100,000 of its records cannot be used"),
    "internal_error": ("read", "a failure nobody foresaw, in reading or (then the stage says so) in transforming"),
}


class SourceError(Exception):
    """An input, or one record of it, that cannot be used. `code` is one of ERROR_CODES; the message says what to do about it."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


#: A record, or why there is none, and its place in the file as a person would look for it.
Item = tuple[str, dict[str, Any] | SourceError]


@dataclass(frozen=True, slots=True)
class Reject:
    """A row of the table `rejects`."""

    source_uri: str
    record_index: int
    stage: Stage
    error_code: str
    message: str


def reject(uri: str, error: SourceError, record_index: int = 0) -> Reject:
    return Reject(uri, record_index, ERROR_CODES[error.code][0], error.code, str(error))


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One input file, wherever it lies. `uri` is its name in the tables, `size` its bytes when it was found, `sha256` the digest of them
    (None where nobody asked, or they cannot be read)."""

    path: Location
    uri: str
    size: int
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """Which columns hold what (None: go by their names), and the limits that keep memory bounded.

    `max_chars` is the length of the longest article, in characters; a document or record may have four bytes for each.
    `max_expanded` and `max_expansion` bound what a compressed file may unfold to, in bytes and as a multiple of its size.
    """

    text_column: str | None = None
    title_column: str | None = None
    url_column: str | None = None
    published_column: str | None = None
    publisher_column: str | None = None
    author_column: str | None = None
    max_chars: int = 500_000
    max_expansion: int = 200
    max_expanded: int = 2 * 1024**3

    @property
    def max_bytes(self) -> int:
        """Bytes of the longest document: no supported encoding needs more than four for a character."""
        return 4 * self.max_chars
