"""One settings object for a run, and where the orchestrator lives."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from flows.errors import UsageError
from flows.sources import ReadOptions, Reject
from flows.storage import Location, as_usage_errors

#: A shard is large enough to be worth a task and small enough to spread over the workers.
SHARD_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run reads, knows and writes. Picklable; Prefect deployments give it as a mapping of the same names.

    `paths` are files, folders or globs, on this machine or an object store (`s3://bucket/articles`), as is the folder `tables`; `base` is
    the folder that source_uri is relative to; `reference` are folders that extend the reference data, the last one wins; `reference_date`
    replaces the date inferred for every article; `workers` are processes, 0 is one for each CPU; `strict` makes a run with rejected inputs
    fail after it has published; `ner_model` is a model of `qingwen train-ner` that finds names in place of the rules; `prune` removes the
    articles whose inputs lay under `paths` and are gone; `keep_old` leaves articles of equal content as an earlier version of code,
    reference data, model or reading options made them.
    """

    paths: tuple[str, ...]
    tables: Location = Path("data/tables")
    base: Path | None = None
    reference: tuple[Path, ...] = ()
    reference_date: date | None = None
    workers: int = 0
    strict: bool = False
    shard_bytes: int = SHARD_BYTES
    read: ReadOptions = field(default_factory=ReadOptions)
    ner_model: Path | None = None
    prune: bool = False
    keep_old: bool = False

    @property
    def processes(self) -> int:
        return self.workers or os.cpu_count() or 1


def nothing_usable(paths: Sequence[str], rejects: Sequence[Reject]) -> UsageError:
    """The error of a run without an article to show for, with its first reason."""
    if not rejects:
        return UsageError(f"{', '.join(paths)}: no articles there; give files, folders or globs")
    more = f" ({len(rejects)} inputs, none usable)" if len(rejects) > 1 else ""
    return UsageError(f"{rejects[0].source_uri}: {rejects[0].message}{more}")


#: Beside the tables: the folder that source_uri is relative to. A later run from another folder must not see the same files as new ones.
BASE_FILE = ".base"


def remembered_base(tables: Location) -> Path | None:
    """The base that the dataset was built with, if it is still there. Raises UsageError where the place of the tables cannot be read."""
    with as_usage_errors(tables):
        try:
            base = Path((tables / BASE_FILE).read_text(encoding="utf-8", errors="surrogateescape"))
        except FileNotFoundError:
            return None
    return base if base.is_dir() else None


def home(environment: Mapping[str, str] = os.environ) -> Path:
    """The folder of the embedded orchestrator: QINGWEN_HOME, else .qingwen of the project (a checkout) or of the current folder.

    >>> home({"QINGWEN_HOME": "/var/lib/qingwen"})
    PosixPath('/var/lib/qingwen')
    """
    if chosen := environment.get("QINGWEN_HOME"):
        return Path(chosen).expanduser().absolute()
    project = Path(__file__).resolve().parent.parent
    return (project if (project / "pyproject.toml").is_file() else Path.cwd()) / ".qingwen"


def default_ner_model(environment: Mapping[str, str] = os.environ) -> Path:
    """Where `qingwen train-ner` puts its model and `--ner crf` looks for it, unless told otherwise."""
    return home(environment) / "ner.crfsuite"
