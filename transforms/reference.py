"""What the pipeline knows: small CSV files, read into typed, immutable rows.

The files live in `data/reference/`. A user adds a folder of files with the same names (`--reference DIR`); a row there replaces the row
with the same key and otherwise adds to it. A column may hold several values, separated by `|`. Text is matched in its folded form (see
`transforms.script.fold`), so Traditional spellings need no row of their own.

Every row class below is one file; a field's type says how its column is parsed. A bad row raises `ReferenceDataError`, which
names the file, the line and the column.
"""

from __future__ import annotations

import csv
import hashlib
import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any, ClassVar, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from transforms.article import EntityType, EventType, Qualifier, RepairKind, Role

_HERE = Path(__file__).resolve().parent
#: A checkout keeps the files in data/reference, an installed wheel inside the package.
DEFAULT_FOLDER = next((p for p in (_HERE.parent / "data" / "reference", _HERE / "reference_data") if p.is_dir()), _HERE / "reference_data")


class ReferenceDataError(ValueError):
    """A reference file that cannot be used; the message names the file, the line, the column and the remedy."""


@dataclass(frozen=True, slots=True)
class Entity:
    """entities/*.csv: one thing with a name. `aliases` are spellings of clean text; `latin` are official Latin names, which become `name`
    again in a garbled paragraph; `garbled` are spellings that only a round trip produces; `ambiguous` are those of all these that
    are also plain words and need context. `parent` is the id of the owner or employer."""

    id: str
    name: str
    type: EntityType
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    latin: tuple[str, ...] = ()
    garbled: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    ticker: tuple[str, ...] = ()

    KEY: ClassVar[str] = "id"


@dataclass(frozen=True, slots=True)
class Calque:
    """calques.csv: a term of art that came back as another word. Applied where the paragraph is garbled and one of `context` stands near
    (no context: garbled is enough); `suggested` ones are never applied."""

    pattern: str
    replacement: str
    kind: RepairKind
    context: tuple[str, ...]
    status: Literal["applied", "suggested"]
    confidence: float
    note: str = ""

    KEY: ClassVar[str] = "pattern"


@dataclass(frozen=True, slots=True)
class Unit:
    """units.csv: a unit, a counter, or a noun that gives a bare number its unit. `code` as in the vocabulary, `local` for the currency of
    the article's region; `factor` converts into `code` (a 美分 is 0.01 USD, a 打 12 items).

    `place` says where it stands: right behind the number (empty), in front of it (`before`), on either side (`both`), only behind
    an ordinal (`ordinal`), only inside a longer amount (`part`: 3元2角); a `noun` is no part of the quantity but tells the unit of a
    number that has none (用户规模达8亿). `needs` is a condition on the number: `digits` for Arabic digits or 万 and up, `two` for more
    than one, `noun` for a word of `by_noun` nearby, and `tenth`, `discount`, `index`, `double` as in 三成, 八折, 3300点, 翻两番.
    `by_noun` changes the code where a noun stands behind or before: `store=门市`. The dimension `none` marks a longer word that
    only begins like a unit (年级)."""

    surface: str
    code: str
    dimension: Literal["money", "percent", "multiple", "rank", "duration", "count", "measure", "none"]
    factor: Decimal = Decimal(1)
    place: Literal["", "before", "both", "ordinal", "part", "noun"] = ""
    needs: Literal["", "digits", "two", "noun", "tenth", "discount", "index", "double"] = ""
    by_noun: tuple[str, ...] = ()
    note: str = ""

    KEY: ClassVar[str] = "surface"


@dataclass(frozen=True, slots=True)
class QualifierWord:
    """qualifiers.csv: a word right before or right behind a number which says how exact it is. `before_round` words say so only of a
    number without a digit: 上百, 近千, 过亿."""

    surface: str
    qualifier: Qualifier
    position: Literal["before", "after", "before_round"]

    KEY: ClassVar[str] = "surface"


@dataclass(frozen=True, slots=True)
class Idiom:
    """idioms.csv: a word with a numeral in it that counts nothing (十分, 百货, 第三方)."""

    surface: str
    note: str = ""

    KEY: ClassVar[str] = "surface"


@dataclass(frozen=True, slots=True)
class Festival:
    """festivals.csv: a named day or span of days. `rule` is `MM-DD`, `lunar MM-DD`, `solar-term NAME`, `weekday MM-W-N` (the Nth weekday W
    of a month, Monday is 1) or `years YYYY-YYYY`; `first` and `last` are the offsets in days of the usual period around it, `off` says that
    it has public days off, which go before them. `alone` is what the bare name means: the day, the whole span, or only a name (双11), which
    becomes a time by a year before it or 期间 behind it."""

    name: str
    rule: str
    aliases: tuple[str, ...] = ()
    first: int = 0
    last: int = 0
    off: bool = False
    alone: Literal["day", "span", "name"] = "day"

    KEY: ClassVar[str] = "name"


@dataclass(frozen=True, slots=True)
class Metric:
    """metrics.csv: what a figure measures. `triggers` name it in a text; `dimensions` are those that a number bound to it may have, `units`
    the unit codes that name it by themselves where no trigger is near; figures behind a `negative` trigger (净亏损) change their sign."""

    code: str
    triggers: tuple[str, ...]
    dimensions: tuple[str, ...]
    units: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    note: str = ""

    KEY: ClassVar[str] = "code"


@dataclass(frozen=True, slots=True)
class EventTrigger:
    """event_triggers.csv: a word that reports a happening of a type. `object` says what stands behind it, as a role."""

    trigger: str
    type: EventType
    object: Literal["target", "partner", "other"] = "target"
    note: str = ""

    KEY: ClassVar[str] = "trigger"


@dataclass(frozen=True, slots=True)
class Cue:
    """cues.csv: a word that sets the status of a fact (`value` target, forecast, policy), its comparison (yoy, qoq, mom), the direction of a
    change (1, -1), or tells who says it: verbs of saying, report verbs, 据, anonymous speakers, plans and denials."""

    surface: str
    kind: Literal["status", "comparison", "change", "says", "according", "report", "anonymous", "plan", "denial"]
    value: str = ""

    KEY: ClassVar[str] = "surface|kind"


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """boilerplate.csv: a regular expression that a whole paragraph (`where` is `all`) or its beginning (`start`) or any part of a short
    paragraph (`any`) matches, with the role it proves and, for bylines, the field that its group fills."""

    pattern: str
    role: Role
    where: Literal["all", "start", "any"]
    field: Literal["", "publisher", "author", "image_credit", "date"] = ""
    note: str = ""

    KEY: ClassVar[str] = "pattern"


Row = TypeVar("Row")


def _parse(text: str, kind: Any, where: str) -> Any:
    """One cell as the type of its field."""
    origin, args = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _parse(text, next(a for a in args if a is not type(None)), where) if text else None
    if origin is tuple:
        return tuple(part.strip() for part in text.split("|") if part.strip())
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


@dataclass(frozen=True, slots=True)
class Reference:
    """All reference data of a run. `digest` changes with any byte of any file."""

    entities: tuple[Entity, ...]
    calques: tuple[Calque, ...]
    units: tuple[Unit, ...]
    qualifiers: tuple[QualifierWord, ...]
    idioms: tuple[Idiom, ...]
    festivals: tuple[Festival, ...]
    metrics: tuple[Metric, ...]
    event_triggers: tuple[EventTrigger, ...]
    cues: tuple[Cue, ...]
    boilerplate: tuple[Boilerplate, ...]
    digest: str

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reference) and other.digest == self.digest

    def entity(self, entity_id: str) -> Entity | None:
        return entities_by_id(self).get(entity_id)


@cache
def entities_by_id(reference: Reference) -> Mapping[str, Entity]:
    return {entity.id: entity for entity in reference.entities}


def load(overlay: Iterable[Path] = ()) -> Reference:
    """The reference data of the project, extended by the folders of `overlay`.

    Raises ReferenceDataError for a folder that is not there, a bad row, an unknown parent.
    """
    return _load_cached(tuple(Path(folder) for folder in overlay))


@cache
def _load_cached(overlay: tuple[Path, ...]) -> Reference:
    folders = (DEFAULT_FOLDER, *overlay)
    digest = hashlib.sha256()
    for folder in folders:
        if not folder.is_dir():
            raise ReferenceDataError(f"{folder}: no such folder of reference data")
        for path in sorted(folder.rglob("*.csv")):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    reference = Reference(
        entities=_load(folders, "entities/*.csv", Entity),
        calques=_load(folders, "calques.csv", Calque),
        units=_load(folders, "units.csv", Unit),
        qualifiers=_load(folders, "qualifiers.csv", QualifierWord),
        idioms=_load(folders, "idioms.csv", Idiom),
        festivals=_load(folders, "festivals.csv", Festival),
        metrics=_load(folders, "metrics.csv", Metric),
        event_triggers=_load(folders, "event_triggers.csv", EventTrigger),
        cues=_load(folders, "cues.csv", Cue),
        boilerplate=_load(folders, "boilerplate.csv", Boilerplate),
        digest=digest.hexdigest(),
    )
    known = entities_by_id(reference)
    for entity in reference.entities:
        if entity.parent and entity.parent not in known:
            raise ReferenceDataError(f"entities: {entity.id}: column 'parent': no entity has the id {entity.parent!r}")
        surfaces = {entity.name, *entity.aliases, *entity.latin, *entity.garbled}
        if stray := set(entity.ambiguous) - surfaces:
            raise ReferenceDataError(f"entities: {entity.id}: column 'ambiguous': {min(stray)!r} is none of its spellings")
    return reference
