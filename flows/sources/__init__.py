"""Inputs to raw documents: what to read, and reading it in bounded memory.

`discover` turns paths into files, `read` turns a file into raw documents; what cannot be used becomes a `Reject` that names the input, the
place and the remedy. `open_source` gives the bytes. Nothing is unpacked to disk, and nothing is fetched but the objects that were named.
"""

from flows.sources.discovery import discover
from flows.sources.model import ERROR_CODES, ReadOptions, Reject, SourceError, SourceFile
from flows.sources.reader import read
from flows.sources.streams import open_source

__all__ = ["ERROR_CODES", "ReadOptions", "Reject", "SourceError", "SourceFile", "discover", "open_source", "read"]
