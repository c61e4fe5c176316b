"""The wheel, installed alone."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

from flows.warehouse import Warehouse

PROJECT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=PROJECT, check=True, capture_output=True)
    return next(folder.glob("*.whl"))


def test_the_wheel_holds_code_and_reference_data_and_nothing_else(wheel: Path) -> None:
    names = {Path(name).parts[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert names == {"flows", "transforms", "qingwen-0.1.0.dist-info"}
    data = {path.relative_to(PROJECT / "data" / "reference").as_posix() for path in (PROJECT / "data" / "reference").rglob("*.csv")}
    assert {f"transforms/reference_data/{name}" for name in data} <= set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_builds_tables_without_the_checkout(wheel: Path, tmp_path: Path, environment: dict[str, str]) -> None:
    venv.create(tmp_path / "venv", with_pip=False)
    python = tmp_path / "venv" / "bin" / "python"
    site = Path(subprocess.check_output([python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"], text=True).strip())
    command = [sys.executable, "-m", "pip", "install", "-qq", "--no-deps", "--no-index", "--target", str(site), str(wheel)]
    subprocess.run(command, check=True, capture_output=True)
    # the dependencies are those of this environment; a path that a .pth file adds is not searched for more .pth files, so that the
    # editable checkout stays out
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")

    where = subprocess.check_output([python, "-c", "import transforms.reference as r; print(r.DEFAULT_FOLDER)"], cwd=tmp_path, text=True)
    assert Path(where.strip()) == site / "transforms" / "reference_data"
    qingwen = [str(python), "-m", "flows.cli"]
    schema = subprocess.run([*qingwen, "schema", "facts"], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert schema.stdout.startswith("## facts")
    (tmp_path / "a.txt").write_text("京东第三季度营收2435亿元，同比增长11.4%。", encoding="utf-8")
    done = subprocess.run([*qingwen, "build", "a.txt", "--tables", "tables"], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (article,) = Warehouse(tmp_path / "tables").read("articles").to_pylist()
    assert article["source_uri"] == "a.txt"
