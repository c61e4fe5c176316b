"""What the pipeline knows: small CSV files, read into typed, immutable rows.

The files live in `data/reference/`. A user adds a folder of files with the same names (`--reference DIR`); a row there replaces the row
with the same key and otherwise adds to it. A column may hold several values, separated by `|`. Text is matched in its folded form (see
`transforms.script.fold`), so Traditional spellings need no row of their own.

A bad row raises `ReferenceDataError`, which names the file, the line and the column.
"""

from transforms.reference.loading import DEFAULT_FOLDER, ReferenceDataError, load, read_csv
from transforms.reference.rows import (
    Boilerplate,
    Calque,
    Cue,
    CueKind,
    Dimension,
    Entity,
    EventTrigger,
    Festival,
    FiscalYear,
    Idiom,
    JobTitle,
    Metric,
    NameCharacter,
    NameCue,
    NameCueKind,
    NameSuffix,
    NameVariant,
    NoiseWord,
    PlaceAbbreviation,
    QualifierWord,
    Reference,
    Rendering,
    Surname,
    Term,
    Unit,
    entities_by_id,
)

__all__ = [
    "DEFAULT_FOLDER",
    "Boilerplate",
    "Calque",
    "Cue",
    "CueKind",
    "Dimension",
    "Entity",
    "EventTrigger",
    "Festival",
    "FiscalYear",
    "Idiom",
    "JobTitle",
    "Metric",
    "NameCharacter",
    "NameCue",
    "NameCueKind",
    "NameSuffix",
    "NameVariant",
    "NoiseWord",
    "PlaceAbbreviation",
    "QualifierWord",
    "Reference",
    "ReferenceDataError",
    "Rendering",
    "Surname",
    "Term",
    "Unit",
    "entities_by_id",
    "load",
    "read_csv",
]
