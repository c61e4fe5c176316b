"""The Parquet files that the tables are made of."""

from __future__ import annotations

import hashlib
import io
import json
import re
import time
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from deltalake.transaction import AddAction
from upath import UPath

from flows.storage import Location

#: The name of a file of ours: version of the commit that added it, number, beginning of the SHA-256 of its bytes.
_NAME = "{:08}-{:05}-{:.16}.parquet"
#: What such names look like; before files told their SHA-256, they ended behind the number.
PATTERN = "[0-9]*-[0-9]*.parquet"


def write(folder: Location, version: int, number: int, rows: pa.Table) -> str:
    """Write a file for a commit into a folder. Returns its name."""
    sink = io.BytesIO()
    pq.write_table(rows, sink, compression="zstd")
    name = _NAME.format(version, number, hashlib.sha256(sink.getbuffer()).hexdigest())
    if isinstance(folder, Path):
        folder.mkdir(parents=True, exist_ok=True)
    with (folder / name).open("wb") as file:
        file.write(sink.getbuffer())
    return name


def is_as_written(path: Location) -> bool:
    """Whether the bytes of a file are those that its name tells of."""
    told = re.fullmatch(r"\d+-\d+-([0-9a-f]{16})\.parquet", path.name)
    return told is None or hashlib.sha256(path.read_bytes()).hexdigest().startswith(told[1])


def add_action(path: Location) -> AddAction:
    """The entry of a file in a Delta log."""
    with path.open("rb") as file:
        stats = json.dumps({"numRecords": pq.read_metadata(file).num_rows})
        size = file.seek(0, io.SEEK_END)
    return AddAction(path.name, size, {}, time.time_ns() // 1_000_000, True, stats)


def dataset(schema: pa.Schema, paths: Sequence[Location]) -> ds.Dataset:
    """The rows of files of one file system; a column that a file is too old to have reads as null."""
    elsewhere = next((path.fs for path in paths if isinstance(path, UPath)), None)
    return ds.dataset([path.path if isinstance(path, UPath) else str(path) for path in paths], schema, "parquet", elsewhere)
