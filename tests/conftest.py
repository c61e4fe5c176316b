"""What tests share: one Prefect server on loopback, and one build of the samples."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parent.parent
SAMPLES = PROJECT / "data" / "samples"

# Some tests import Prefect while they are collected; it must never see the user's own settings or database.
for name in [name for name in os.environ if name.startswith(("PREFECT_", "QINGWEN_"))]:
    del os.environ[name]
os.environ |= {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "PREFECT_LOGGING_LEVEL": "CRITICAL"}


@contextmanager
def made_once(tmp_path_factory: pytest.TempPathFactory, name: str) -> Iterator[tuple[Path, bool]]:
    """A folder that all test processes share, and whether it is made already; the first of them makes it while the others wait."""
    folder = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        folder = folder.parent
    done = folder / f"{name}-made"
    with (folder / f"{name}-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder / name, done.exists()
        done.touch()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """QINGWEN_HOME of the whole test session, with Prefect's database: that takes ten seconds, so every process copies one."""
    with made_once(tmp_path_factory, "database") as (folder, made):
        if not made:
            folder.mkdir()
            environment = os.environ | {
                "PREFECT_HOME": str(folder),
                "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{folder / 'prefect.db'}",
            }
            command = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "-y"]
            subprocess.run(command, env=environment, check=True, capture_output=True)
        return shutil.copytree(folder, tmp_path_factory.mktemp("home"), dirs_exist_ok=True)


@pytest.fixture(scope="session")
def environment(home: Path) -> dict[str, str]:
    """What a command started by a test sees."""
    return os.environ | {"QINGWEN_HOME": str(home), "PYTHONUTF8": "1", "COLUMNS": "120"}


@pytest.fixture(scope="session")
def qingwen(environment: dict[str, str]) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the command line in a process of its own: `qingwen("build", ..., cwd=...)`."""

    def run(*arguments: object, cwd: Path = PROJECT, **variables: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "flows.cli", *map(str, arguments)]
        env = environment | {"PYTHONPATH": str(PROJECT)} | variables
        return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=180)

    return run


@pytest.fixture(scope="session")
def prefect_api(home: Path) -> Iterator[str]:
    """A real Prefect server with scheduler for the whole session; flows called in this process use it."""
    from prefect.settings import PREFECT_API_URL, PREFECT_HOME, temporary_settings

    from flows.serve import prefect_server

    before = dict(os.environ)
    with prefect_server(home, services=True) as url, temporary_settings({PREFECT_API_URL: url, PREFECT_HOME: home}):
        yield url
    os.environ.clear()
    os.environ.update(before)


def _of_arguments(flow: Callable[[Any], Any]) -> Callable[..., Any]:
    from flows.settings import Settings

    def run(*, paths: list[Path], tables: Path, **settings: Any) -> Any:
        return flow(Settings(paths=tuple(map(str, paths)), tables=tables, **settings))

    return run


@pytest.fixture(scope="session")
def build() -> Callable[..., Any]:
    """The flow without Prefect, as a function of keyword arguments: `build(paths=[...], tables=...)`."""
    from tests import bare_flow

    return _of_arguments(bare_flow.run)


@pytest.fixture(scope="session")
def prefect_build(prefect_api: str) -> Callable[..., Any]:
    """The flow as Prefect runs it, called like `build`."""
    from flows.build import build as flow

    return _of_arguments(flow)


@pytest.fixture(scope="session")
def sample_tables(qingwen: Callable[..., subprocess.CompletedProcess[str]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Tables of data/samples, built once by the command line, whichever test process comes first; nobody writes to them."""
    with made_once(tmp_path_factory, "samples") as (tables, made):
        if not made:
            done = qingwen("build", SAMPLES, "--tables", tables)
            assert done.returncode == 0, done.stderr
    return tables
