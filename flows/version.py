"""The version of a run: a short name of all that decides rows, the articles aside. Articles of another version are processed again."""

from __future__ import annotations

import re
from dataclasses import fields
from functools import cache
from hashlib import sha256
from importlib import metadata
from pathlib import Path

import flows.sources
import transforms
from flows import ner
from flows.settings import Settings
from transforms import reference

_IMPORT = re.compile(r"^\s*(?:from|import) (\w+)", re.M)
#: The parts of a version behind its release, by their first letter.
_PARTS = {"c": "code", "r": "reference data", "m": "name model", "o": "reading options"}


def pipeline_version(settings: Settings) -> str:
    """Such as `0.1.0+c1a2b3c4.r5d6e7f8`: the release and digests of code and reference data; behind them, where they are in use, those of
    the name model and of the options that change what is read. Raises ReferenceDataError, and UsageError for a model that is not there.
    """
    digests = {
        "c": _code(),
        "r": reference.load(settings.reference).digest,
        "m": ner.digest(settings.ner_model),
        "o": _options(settings),
    }
    try:
        release = metadata.version("qingwen")
    except metadata.PackageNotFoundError:
        release = "0"
    return f"{release}+" + ".".join(f"{letter}{digest[:8]}" for letter, digest in digests.items() if digest)


def difference(old: str, new: str) -> str:
    """What sets two versions apart, in words.

    >>> difference("0.1.0+c1.r2", "0.1.0+c3.r2.o4"), difference("0.1.0+c1.r2", "0.2.0+c1.r2")
    ('code and reading options', 'release')
    """
    parts = [dict.fromkeys(version.partition("+")[2].split(".")) for version in (old, new)]
    changed = {part[:1] for part in parts[0].keys() ^ parts[1].keys()}
    return " and ".join(name for letter, name in _PARTS.items() if letter in changed) or "release"


@cache
def _code() -> str:
    """Digest of the packages that decide rows, and of the versions of the libraries that they import themselves."""
    digest = sha256()
    imported: set[str] = set()
    for package in (transforms, flows.sources):
        for path in sorted(Path(package.__path__[0]).rglob("*.py")):
            code = path.read_bytes()
            digest.update(code)
            imported.update(_IMPORT.findall(code.decode()))
    installed = metadata.packages_distributions()
    for library in sorted({name for module in imported for name in installed.get(module, ())}):
        digest.update(f"{library} {metadata.version(library)}\n".encode())
    return digest.hexdigest()


def _options(settings: Settings) -> str:
    """Digest of the options that decide rows; empty for the defaults."""
    chosen = {f.name: value for f in fields(settings.read) if (value := getattr(settings.read, f.name)) != f.default}
    if settings.reference_date:
        chosen["reference_date"] = settings.reference_date
    return sha256(repr(sorted(chosen.items())).encode()).hexdigest() if chosen else ""
