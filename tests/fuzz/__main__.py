"""Fuzz by coverage: `python -m tests.fuzz words -max_total_time=600`, with the options of libFuzzer; wants `pip install atheris`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["flows.sources", "transforms"]):
    from tests.fuzz.targets import SUFFIXES, TARGETS
from tests.nasty_files import CASES


def seeds() -> dict[str, list[bytes]]:
    """Inputs to start from, by target."""
    by_suffix = [(suffix, data) for name, data, _ in CASES for suffix in SUFFIXES if name.endswith(suffix) and len(data) < 4096]
    return {
        "files": [bytes([SUFFIXES.index(suffix)]) + data for suffix, data in by_suffix],
        "decoding": [b"\0" + data for suffix, data in by_suffix if suffix == ".txt"],
        "texts": [data for suffix, data in by_suffix if suffix == ".txt"],
    }


def main() -> None:
    target, *options = sys.argv[1:]
    TARGETS[target](b"")  # loads the reference data, which takes long enough to look like a hang
    with tempfile.TemporaryDirectory() as corpus:
        for i, data in enumerate(seeds().get(target, [])):
            (Path(corpus) / f"{i}").write_bytes(data)
        atheris.Setup([sys.argv[0], "-timeout=20", *options, corpus], TARGETS[target])
        atheris.Fuzz()


if __name__ == "__main__":
    main()
