"""The version changes with everything that decides rows, and with nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from flows.settings import Settings
from flows.sources import ReadOptions
from flows.version import difference, pipeline_version

PROJECT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "options",
    [{"reference_date": date(2022, 1, 1)}, {"reference_date": date(2022, 1, 2)}, {"read": ReadOptions(text_column="story")}],
)
def test_options_that_decide_rows(options: dict[str, object]) -> None:
    default = pipeline_version(Settings(("a",)))
    assert difference(default, pipeline_version(Settings(("a",), **options))) == "reading options"  # type: ignore[arg-type]


def test_options_that_do_not() -> None:
    others = Settings(
        ("b", "c"), tables=Path("elsewhere"), base=Path("/"), workers=7, strict=True, shard_bytes=9, prune=True, keep_old=True
    )
    assert pipeline_version(others) == pipeline_version(Settings(("a",)))


def test_reference_data(tmp_path: Path) -> None:
    (tmp_path / "calques.csv").write_bytes((PROJECT / "data" / "reference" / "calques.csv").read_bytes())
    default = pipeline_version(Settings(("a",)))
    assert difference(default, pipeline_version(Settings(("a",), reference=(tmp_path,)))) == "reference data"


def edit(name: str) -> Callable[[Path], None]:
    def change(project: Path) -> None:
        with (project / name).open("a", encoding="utf-8") as file:
            file.write("# one more line\n")

    return change


def upgrade_a_library(project: Path) -> None:
    (project / "trafilatura-99.dist-info").mkdir()
    (project / "trafilatura-99.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: trafilatura\nVersion: 99\n")
    (project / "trafilatura-99.dist-info" / "top_level.txt").write_text("trafilatura\n")


@pytest.fixture(scope="module")
def version_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Callable[[Path], None]], str]:
    def run(change: Callable[[Path], None]) -> str:
        project = tmp_path_factory.mktemp("copy")
        for name in ("flows", "transforms"):
            shutil.copytree(PROJECT / name, project / name, ignore=shutil.ignore_patterns("__pycache__"))
        (project / "data").symlink_to(PROJECT / "data")
        change(project)
        script = "from flows.version import *; print(pipeline_version(Settings(('a',))))"
        done = subprocess.run([sys.executable, "-c", script], cwd=project, env={"PYTHONPATH": str(project)}, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return run


def test_code_and_the_libraries_it_uses(version_of: Callable[[Callable[[Path], None]], str]) -> None:
    default = version_of(lambda _: None)
    assert version_of(edit("flows/cli.py")) == default
    changes = (edit("transforms/entities/__init__.py"), edit("flows/sources/pages.py"), upgrade_a_library)
    assert [difference(default, version_of(change)) for change in changes] == ["code"] * 3
