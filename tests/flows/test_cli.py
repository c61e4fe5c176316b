"""The command line as a user meets it: exit status, one line for an error, no traceback."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from flows import cli
from flows.warehouse import Warehouse
from transforms.tables import TABLES

Run = Callable[..., subprocess.CompletedProcess[str]]
PROJECT = Path(__file__).parents[2]
ARTICLE = "京东发布第三季度财报\n2022年11月18日，京东集团第三季度营收2435亿元，同比增长11.4%。抖音日活超过6亿。\n"


@pytest.fixture
def article(tmp_path: Path) -> Path:
    path = tmp_path / "in" / "a.txt"
    path.parent.mkdir()
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def test_samples_build_into_every_table(sample_tables: Path) -> None:
    warehouse = Warehouse(sample_tables)
    for table in TABLES:
        assert list((sample_tables / table.name).glob("*.parquet")), table.name
    assert warehouse.read("articles").num_rows >= 6
    assert warehouse.read("facts").num_rows > 0


def test_a_run_ends_with_a_summary_and_leaves_the_users_own_prefect_alone(qingwen: Run, article: Path, tmp_path: Path) -> None:
    (article.parent / "b.txt").write_bytes(b"")
    own = tmp_path / "own"
    own.mkdir()
    # nobody listens at this address: a run that used it would fail
    environment = {"HOME": str(own), "PREFECT_HOME": str(own / ".prefect"), "PREFECT_API_URL": "http://127.0.0.1:9/api"}
    done = qingwen("build", "in", "--tables", "tables", "--strict", cwd=tmp_path, **environment)
    assert done.stderr == ""
    assert done.returncode == cli.REJECTED
    lines = dict(line.split(maxsplit=1) for line in done.stdout.splitlines() if line[0] != " ")
    assert lines["articles"] == "1  (1 new, 1 rejected)"
    assert lines["rejects"] == "1"
    assert lines["tables"] == str(tmp_path / "tables")
    assert "in/b.txt: holds no text" in done.stdout
    assert not list(own.rglob("*prefect*"))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["build", "no/such.txt"], "no/such.txt"),
        (["build", "a.txt", "--reference", "nowhere"], "nowhere: no such folder of reference data"),
        (["build", "a.txt", "--reference-date", "yesterday"], "'yesterday' is not a date; write YYYY-MM-DD"),
        (["build", "a.txt", "--workers", "none"], "'none' is not a number of processes"),
        (["show", "nothing"], "nothing: neither an article"),
        (["schema", "nothing"], "nothing: no such table; there are articles"),
        (["serve", "a.txt", "--cron", "0 3 * * *", "--timezone", "Mars"], "'Mars' is not a time zone"),
    ],
)
def test_bad_arguments_cost_one_line_and_status_2(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, arguments: list[str], says: str
) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    try:
        status = cli.main(arguments)
    except SystemExit as refused:  # by the parser
        status = cast(int, refused.code)
    one_line(status, *capsys.readouterr(), says)


def test_a_bad_schedule_costs_one_line_too(qingwen: Run, tmp_path: Path) -> None:
    done = qingwen("serve", "a.txt", "--cron", "at night", cwd=tmp_path, PREFECT_API_URL="http://127.0.0.1:9/api")
    one_line(done.returncode, done.stdout, done.stderr, "'at night' is not a cron line")


def one_line(status: int, out: str, err: str, says: str) -> None:
    assert status == cli.UNUSABLE
    last = err.splitlines()[-1]
    assert says in last
    assert last.startswith("qingwen")
    assert "Traceback" not in err
    assert out == ""


@pytest.mark.parametrize("command", [["--help"], ["schema"], ["--version"]])
def test_light_commands_do_not_import_heavy_modules(command: list[str]) -> None:
    check = "\n".join(
        [
            "import sys",
            "from flows.cli import main",
            "try: main(sys.argv[1:])",
            "except SystemExit: pass",
            "sys.exit(any(m.split('.')[0] in ('prefect', 'pandas', 'deltalake', 'duckdb') for m in sys.modules))",
        ]
    )
    done = subprocess.run([sys.executable, "-c", check, *command], cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode == 0
    assert done.stdout


def test_schema_is_the_data_dictionary(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["schema"]) == 0
    everything = capsys.readouterr().out
    assert all(f"## {table.name}\n" in everything for table in TABLES)
    assert all(column.description in everything for table in TABLES for column in table.columns)
    assert cli.main(["schema", "runs"]) == 0
    assert "## articles" not in capsys.readouterr().out


def test_ctrl_c_leaves_the_tables_as_they_were(qingwen: Run, environment: dict[str, str], tmp_path: Path) -> None:
    tables, folder = tmp_path / "tables", tmp_path / "in"
    folder.mkdir()
    for i in range(300):
        (folder / f"{i}.txt").write_text(ARTICLE * 40 + str(i), encoding="utf-8")
    command = [sys.executable, "-m", "flows.cli", "build", str(folder), "--tables", str(tables), "--workers", "2"]
    with subprocess.Popen(command, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as run:
        until = time.monotonic() + 60
        while not list(tables.glob(".staging/*")) and run.poll() is None and time.monotonic() < until:
            time.sleep(0.05)
        run.send_signal(signal.SIGINT)
        out, err = run.communicate(timeout=60)
    assert run.returncode == cli.INTERRUPTED, err
    assert err == "qingwen: interrupted; the tables are as the last finished run left them\n"
    assert out == ""
    assert Warehouse(tables).read("articles").num_rows == 0
    with Warehouse(tables).lock():
        assert not list(tables.glob(".staging/*"))


def test_a_dataset_remembers_what_its_uris_are_relative_to(tmp_path: Path) -> None:
    from flows.cli import _settings, parser
    from flows.settings import BASE_FILE

    tables = tmp_path / "tables"
    arguments = parser().parse_args(["build", str(tmp_path), "--tables", str(tables)])
    assert _settings(arguments, arguments.paths).base == Path.cwd()
    tables.mkdir()
    (tables / BASE_FILE).write_text(str(tmp_path), encoding="utf-8")
    assert _settings(arguments, arguments.paths).base == tmp_path
    (tables / BASE_FILE).write_text(str(tmp_path / "gone"), encoding="utf-8")
    assert _settings(arguments, arguments.paths).base == Path.cwd()
