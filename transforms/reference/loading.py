"""From CSV files to typed rows."""

from __future__ import annotations

import csv
import hashlib
import types
from collections.abc import Iterable, Sequence
from dataclasses import MISSING, fields
from decimal import InvalidOperation
from pathlib import Path
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from transforms.caching import built_once
from transforms.reference.rows import Reference, entities_by_id

_PACKAGE = Path(__file__).resolve().parents[1]
_INSTALLED = _PACKAGE / "reference_data"
#: A checkout keeps the files in data/reference, an installed wheel inside the package.
DEFAULT_FOLDER = next((p for p in (_PACKAGE.parent / "data" / "reference", _INSTALLED) if p.is_dir()), _INSTALLED)
#: Files of a table, where they are not NAME.csv.
_PATTERNS = {"entities": "entities/*.csv"}


class ReferenceDataError(ValueError):
    """A reference file that cannot be used; the message names the file, the line, the column and the remedy."""


Row = TypeVar("Row")


def _parse(text: str, kind: Any, where: str) -> Any:
    """One cell as the type of its field."""
    if kind is str:  # most cells by far
        return text
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _parse(text, next(a for a in args if a is not type(None)), where) if text else None
    if origin is tuple:
        return tuple(_parse(part.strip(), args[0], where) for part in text.split("|") if part.strip())
    if origin is Literal:
        if text not in args:
            raise ReferenceDataError(f"{where}: {text!r} is not one of {', '.join(repr(a) for a in args)}")
        return text
    try:
        if kind is bool:
            return {"true": True, "false": False, "1": True, "0": False}[text.lower()]
        return kind(text)
    except (ValueError, KeyError, InvalidOperation):
        raise ReferenceDataError(f"{where}: {text!r} is not a {kind.__name__}") from None


def read_csv(path: Path, row_type: type[Row]) -> list[Row]:
    """The rows of one file. An empty cell takes the field's default; a missing column with a default may be left out.

    Raises ReferenceDataError with file, line and column.
    """
    hints = get_type_hints(row_type)
    columns = {f.name: f for f in fields(row_type)}  # type: ignore[arg-type]
    required = {name for name, f in columns.items() if f.default is MISSING}
    rows: list[Row] = []
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            header = reader.fieldnames or []
            if unknown := [name for name in header if name not in columns]:
                raise ReferenceDataError(f"{path}:1: unknown column {unknown[0]!r}; known are {', '.join(columns)}")
            if missing := sorted(required.difference(header)):
                raise ReferenceDataError(f"{path}:1: column {missing[0]!r} is missing")
            for cells in reader:
                place = f"{path}:{reader.line_num}"
                if None in cells or None in cells.values():
                    raise ReferenceDataError(f"{place}: expected {len(header)} cells; quote a cell that holds a comma")
                values = {}
                for name, text in cells.items():
                    text = text.strip()
                    if not text and name not in required:
                        continue
                    if not text and hints[name] in (str,):
                        raise ReferenceDataError(f"{place}: column {name!r} must not be empty")
                    values[name] = _parse(text, hints[name], f"{place}: column {name!r}")
                rows.append(row_type(**values))
    except UnicodeDecodeError as error:
        raise ReferenceDataError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from None
    except csv.Error as error:
        raise ReferenceDataError(f"{path}:{reader.line_num}: {error}") from None
    return rows


def _load(folders: Sequence[Path], pattern: str, row_type: type[Row]) -> tuple[Row, ...]:
    """All rows of a file (or a glob of files) over the folders; a later folder replaces rows with the same key."""
    key: str = row_type.KEY  # type: ignore[attr-defined]
    merged: dict[str, Row] = {}
    for folder in folders:
        here: dict[str, Row] = {}
        for path in sorted(folder.glob(pattern)):
            for row in read_csv(path, row_type):
                name = "|".join(getattr(row, part) for part in key.split("|"))
                if name in here:
                    raise ReferenceDataError(f"{path}: {key} {name!r} stands twice in {folder}; keep one row")
                here[name] = row
        merged |= here
    return tuple(merged.values())


def load(overlay: Iterable[Path] = ()) -> Reference:
    """The reference data of the project, extended by the folders of `overlay`.

    Raises ReferenceDataError for a folder that is not there, a file of an unknown name, a bad row, an unknown parent.
    """
    return _load_cached(tuple(Path(folder) for folder in overlay))


@built_once
def _load_cached(overlay: tuple[Path, ...]) -> Reference:
    folders = (DEFAULT_FOLDER, *overlay)
    digest = hashlib.sha256()
    for folder in folders:
        if not folder.is_dir():
            raise ReferenceDataError(f"{folder}: no such folder of reference data")
        for path in sorted(folder.rglob("*.csv")):
            name = path.relative_to(folder)
            if name.parent != Path("entities") and not (DEFAULT_FOLDER / name).is_file():
                known = sorted(file.name for file in DEFAULT_FOLDER.glob("*.csv"))
                raise ReferenceDataError(f"{path}: no reference data has that name; known are entities/*.csv, {', '.join(known)}")
            digest.update(name.as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    tables = {name: get_args(kind)[0] for name, kind in get_type_hints(Reference).items() if name != "digest"}
    rows = {name: _load(folders, _PATTERNS.get(name, f"{name}.csv"), row_type) for name, row_type in tables.items()}
    reference = Reference(**rows, digest=digest.hexdigest())
    by_id = entities_by_id(reference)
    for entity in reference.entities:
        if entity.parent and entity.parent not in by_id:
            raise ReferenceDataError(f"entities: {entity.id}: column 'parent': no entity has the id {entity.parent!r}")
        surfaces = {entity.name, *entity.aliases, *entity.latin, *entity.garbled}
        if stray := set(entity.ambiguous) - surfaces:
            raise ReferenceDataError(f"entities: {entity.id}: column 'ambiguous': {min(stray)!r} is none of its spellings")
    return reference
