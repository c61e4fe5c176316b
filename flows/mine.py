"""What a corpus teaches, for a curator: `mine` lists what the reference data does not know, `accept` enters it into an overlay folder.

The next run takes the overlay by `--reference DIR`.
"""

from __future__ import annotations

import csv
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import astuple, fields, replace
from itertools import chain, count
from pathlib import Path
from typing import get_args

import pandas as pd
from rich.console import Console
from rich.text import Text

from flows.report import grid, visible
from flows.settings import UsageError
from flows.storage import Location
from transforms import mining, reference
from transforms.article import EntityType
from transforms.reference import Calque, Entity, Reference
from transforms.repair.romanization import letters, romanize
from transforms.script import all_han

#: The files of the overlay that `accept` writes.
ENTITIES, CALQUES = Path("entities", "accepted.csv"), Path("calques.csv")
#: Confidence of an accepted calque: a curator looked at it, and it is applied in garbled paragraphs only.
CALQUE_CONFIDENCE = 0.86


def mine(tables: Location, known: Reference, console: Console, *, limit: int = 50) -> None:
    """Print the unknown spellings of a dataset, each with its context, the likeliest meaning and the command that accepts it, then the
    terms that the repairs only suggested, then the unknown entities.

    Raises UsageError where there is no dataset.
    """
    from flows.warehouse import Warehouse

    warehouse = Warehouse(tables)
    warehouse.require_tables()
    paragraphs = warehouse.read("paragraphs", mining.PARAGRAPH_COLUMNS).to_pandas()
    mentions = warehouse.read("mentions", mining.MENTION_COLUMNS).to_pandas()
    repairs = warehouse.read("repairs", mining.REPAIR_COLUMNS).to_pandas()
    entities = warehouse.read("entities").to_pandas()
    spellings = mining.unknown_spellings(paragraphs, mentions, repairs, known)
    _print_spellings(console, spellings.astype(object).where(spellings.notna(), None), known, limit)
    for title, found in (
        ("suggested terms (accept with --calque)", mining.suggested_calques(repairs)),
        ("unknown entities", mining.unknown_entities(entities)),
    ):
        console.print(grid(found.columns, found.head(limit).itertuples(index=False, name=None), f"{title}: {len(found)}"))


def _print_spellings(console: Console, spellings: pd.DataFrame, known: Reference, limit: int) -> None:
    names = {name for entity in known.entities for name in (entity.name, *entity.aliases)}
    console.print(f"unknown spellings: {len(spellings)}", style="bold", highlight=False)
    for row in spellings.head(limit).itertuples(index=False):
        seen = f"{row.count} times in {row.articles} articles, {row.garbled_share:.0%} garbled"
        meaning = f"{row.candidate} ({row.source}, {row.proofs} proofs)" if row.candidate else "no candidate"
        console.print(Text(visible(f"{row.spelling}: {seen}; {meaning}")))
        console.print(Text(visible(f"    …{row.context}…")))
        if row.candidate:
            new = "" if row.candidate in names else " --type TYPE"
            console.print(Text(visible(f"    qingwen accept {shlex.quote(row.spelling)} {shlex.quote(row.candidate)} --into DIR{new}")))


def accept(spelling: str, meaning: str, overlay: Path, *, calque: bool = False, kind: str | None = None) -> Path:
    """Enter into an overlay folder that `spelling` means `meaning`, and return the file that was written.

    `meaning` is the id or a name of a known entity; or a new name, then `kind` gives its type; or, with `calque`, the right term.
    A spelling that equals a new name gives that entity a row of its own. Raises UsageError where nothing can be made of it.
    """
    spelling, meaning = spelling.strip(), meaning.strip()
    if not spelling or not meaning or "|" in spelling + meaning:
        raise UsageError("give a spelling and its meaning, neither of them empty nor with a '|'")
    if calque:
        return _enter(overlay / CALQUES, Calque(spelling, meaning, "calque", (), "applied", CALQUE_CONFIDENCE, "accepted"))
    files = {path: reference.read_csv(path, Entity) for path in sorted(overlay.glob("entities/*.csv"))}
    known = {e.id: e for rows in (reference.load().entities, *files.values()) for e in rows}
    entity = known.get(meaning) or next((e for e in known.values() if meaning in (e.name, *e.aliases)), None)
    if entity is None:
        if kind not in get_args(EntityType):
            raise UsageError(f"{meaning}: no entity of that id or name; give --type for a new one: {', '.join(get_args(EntityType))}")
        entity = Entity(_new_id(meaning, known), meaning, kind)  # type: ignore[arg-type]
    if spelling not in (entity.name, *entity.aliases, *entity.latin, *entity.garbled):
        entity = replace(entity, garbled=(*entity.garbled, spelling))
    # a file of the overlay that has a row of this entity keeps it
    home = next((path for path, rows in files.items() if any(e.id == entity.id for e in rows)), overlay / ENTITIES)
    return _enter(home, entity)


def _new_id(name: str, taken: Mapping[str, Entity]) -> str:
    stem = "-".join(romanize(name)) if all_han(name) else letters(name) or "entity"
    return next(i for i in chain((stem,), (f"{stem}-{n}" for n in count(2))) if i not in taken)


def _enter(path: Path, row: Entity | Calque) -> Path:
    """Write a row into a file of the overlay, in place of the one with its key."""
    kind = type(row)
    old: Sequence[Entity | Calque] = reference.read_csv(path, kind) if path.exists() else ()
    rows = {getattr(r, kind.KEY): r for r in (*old, row)}
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([field.name for field in fields(kind)])
        writer.writerows([_cell(value) for value in astuple(r)] for _, r in sorted(rows.items()))
    draft.replace(path)
    return path


def _cell(value: object) -> str:
    return "|".join(value) if isinstance(value, tuple) else "" if value is None else str(value)
