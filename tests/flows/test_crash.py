"""A run that is killed, at any moment, leaves a dataset that the next run makes whole; a full disk leaves it as it was.

The runs are those of the flow without its orchestrator, forked from a process that has everything loaded, so that a kill costs a second.
"""

from __future__ import annotations

import errno
import json
import os
import random
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from deltalake import DeltaTable

from flows.deltatables import WRITE_MARKS
from transforms.tables import TABLES

PROJECT = Path(__file__).parents[2]
ARTICLE = "{0}发布第三季度财报\n2022年11月18日，{0}集团第三季度营收{1}亿元，同比增长11.4%。\n"
#: Datasets on which four runs in a row are killed before one may finish.
SEQUENCES = 17
#: Every run takes more steps than these, even if it has nothing to do.
FEW_STEPS = 30


def zygote() -> None:
    """Fork a run for each line of standard input: {"paths", "tables", "die_at", "full_at"}. Before its step of the one number it kills
    itself, from that of the other on the disk is full.

    Prints the process id, then the wait status and, of a run that lived, the number of its steps or its error. Only this process prints:
    on a busy machine a run may fail before its parent has said a word.
    """
    import gc
    import multiprocessing
    from datetime import date

    from flows import shards
    from flows.errors import UsageError
    from flows.settings import Settings
    from flows.version import pipeline_version
    from tests import bare_flow
    from transforms import pipeline, reference
    from transforms.article import RawDocument

    # a named semaphore would outlive the process
    shards.new_progress = lambda: multiprocessing.get_context("fork").Array("q", 2)
    pipeline_version(Settings(()))
    pipeline.transform(RawDocument("a.txt", ARTICLE), reference.load(), today=date(2024, 1, 1))
    gc.freeze()  # a collection in a fork would copy all that it shares

    for line in sys.stdin:
        order = json.loads(line)
        answer, say = os.pipe()
        if (child := os.fork()) == 0:
            try:
                os.setsid()
                steps = count_steps(order["die_at"], order["full_at"])
                folder = Path(order["paths"])
                bare_flow.run(Settings((str(folder),), tables=Path(order["tables"]), base=folder, workers=1, prune=True))
                os.write(say, json.dumps(len(steps)).encode())
            except UsageError as error:
                os.write(say, json.dumps(str(error)).encode())
            finally:
                os._exit(0)
        os.close(say)
        print(child, flush=True)
        status = os.waitpid(child, 0)[1]
        print(json.dumps([status, json.loads(os.read(answer, 1 << 16)) if status == 0 else None]), flush=True)
        os.close(answer)


def count_steps(die_at: int | None, full_at: int | None) -> list[str]:
    """The steps of this process that change the disk, as they happen; see `zygote`."""
    steps: list[str] = []

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        needs_room = event == "os.mkdir" or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR))
        if needs_room or event in ("os.remove", "os.rename", "os.rmdir", "os.truncate"):
            if len(steps) == die_at:
                os.killpg(0, signal.SIGKILL)
            if needs_room and full_at is not None and len(steps) >= full_at:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(arguments[0]))
            steps.append(event)

    sys.addaudithook(hook)
    return steps


class Runs:
    """Runs forked by the zygote."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def start(self, paths: Path, tables: Path, *, die_at: int | None = None, full_at: int | None = None) -> int:
        """Start a run. Returns its process id, which is that of its group."""
        assert self._process.stdin is not None
        order = {"paths": str(paths), "tables": str(tables), "die_at": die_at, "full_at": full_at}
        print(json.dumps(order), file=self._process.stdin, flush=True)
        process_id: int = self._answer()
        return process_id

    def whole(self, paths: Path, tables: Path, *, full_at: int | None = None) -> int | str:
        """A run to its end. Returns the number of its steps, or its error."""
        self.start(paths, tables, full_at=full_at)
        status, answer = self._answer()
        assert status == 0
        assert isinstance(answer, int | str)
        return answer

    def killed(self) -> bool:
        """Wait for the end of a run; whether it was killed before its end."""
        status, _ = self._answer()
        assert status in (0, signal.SIGKILL)
        return bool(status)

    def has_ended(self) -> bool:
        assert self._process.stdout is not None
        return bool(select.select([self._process.stdout], [], [], 0)[0])

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline())


@pytest.fixture(scope="module")
def runs(environment: dict[str, str]) -> Iterator[Runs]:
    with subprocess.Popen(
        [sys.executable, __file__],
        cwd=PROJECT,
        env=environment | {"PYTHONPATH": str(PROJECT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Runs(process)
        assert process.stdin is not None
        process.stdin.close()


def write_inputs(folder: Path, state: int) -> Path:
    """The inputs of one of two states: between them an article changes, one is new, one goes."""
    folder.mkdir()
    for name, company, revenue in (("a", "京东", 1000 + state), ("b", "美团", 2000), (f"c{state}", ("小米", "网易")[state], 3000)):
        (folder / f"{name}.txt").write_text(ARTICLE.format(company, revenue), encoding="utf-8")
    return folder


def content(root: Path, name: str) -> str:
    """What the rows of a table say, whichever run wrote them, as a Delta reader sees it."""
    rows = DeltaTable(str(root / name)).to_pyarrow_table()
    rows = rows.drop_columns([mark for mark in WRITE_MARKS if mark in rows.schema.names])
    return "\n".join(sorted(map(str, rows.to_pylist())))


def contents(root: Path) -> dict[str, str]:
    return {table.name: content(root, table.name) for table in TABLES if table.name != "runs"}


def look(root: Path, name: str, legitimate: Sequence[dict[str, str]]) -> None:
    """Read a table as a Delta reader does, who opens it again where a run has deleted the files of the version that he had opened."""
    for _ in range(5):
        try:
            found = content(root, name)
        except FileNotFoundError:
            continue
        assert found in [state[name] for state in legitimate], name
        return
    raise AssertionError(f"{name} cannot be read")


def names(root: Path) -> set[str]:
    """What lies in a dataset, by names without numbers and digests."""
    return {name for path in root.rglob("*") if not re.search(r"_delta_log|\d{8}-", name := str(path.relative_to(root)))}


def stage(root: Path, before: dict[str, str]) -> str:
    """Where a dead run had got to."""
    if list(root.glob(".staging/*/plan.json")):
        return "committing"
    if content(root, "articles") != before["articles"]:
        return "describing"
    if list(root.glob(".staging/*.publish")):
        return "drafting"
    return "transforming" if list(root.glob(".staging/*")) else "starting"


@dataclass(frozen=True, slots=True)
class Calm:
    """A run that nobody disturbs: inputs, dataset and its contents before and after, steps and seconds."""

    inputs: tuple[Path, Path]
    tables: tuple[Path, Path]
    contents: tuple[dict[str, str], dict[str, str]]
    steps: int
    seconds: float


@pytest.fixture(scope="module")
def calm(runs: Runs, tmp_path_factory: pytest.TempPathFactory) -> Calm:
    folder = tmp_path_factory.mktemp("calm")
    inputs = write_inputs(folder / "in-0", 0), write_inputs(folder / "in-1", 1)
    runs.whole(inputs[0], folder / "0")
    shutil.copytree(folder / "0", folder / "1")
    start = time.monotonic()
    steps = runs.whole(inputs[1], folder / "1")
    seconds = time.monotonic() - start
    assert isinstance(steps, int), steps
    tables = folder / "0", folder / "1"
    before, after = map(contents, tables)
    assert all(before[name] != after[name] for name in ("articles", "facts", "entity_aliases", "metric_series"))
    return Calm(inputs, tables, (before, after), steps, seconds)


def assert_whole(root: Path, calm: Calm, state: int) -> None:
    assert contents(root) == calm.contents[state]
    assert names(root) == names(calm.tables[state])
    assert all(len(list((root / table.name).glob("*.parquet"))) == len(DeltaTable(str(root / table.name)).file_uris()) for table in TABLES)


def test_whenever_a_run_is_killed_the_next_one_makes_the_dataset_whole(runs: Runs, calm: Calm, tmp_path: Path) -> None:
    chance = random.Random(7)
    deaths: Counter[str] = Counter()
    for sequence in range(SEQUENCES):
        root = shutil.copytree(calm.tables[0], tmp_path / str(sequence))
        # before any of its steps, early or late as the sequences go; early in what is left to do then; at a random time; early again
        anywhere = (sequence * calm.steps + chance.randrange(calm.steps)) // SEQUENCES
        for die_at in (anywhere, chance.randrange(FEW_STEPS), None, chance.randrange(FEW_STEPS)):
            run = runs.start(calm.inputs[1], root, die_at=die_at)
            until = time.monotonic() + (60 if die_at is not None else chance.uniform(0, calm.seconds))
            while time.monotonic() < until and not runs.has_ended():
                look(root, chance.choice(list(calm.contents[0])), calm.contents)
                time.sleep(0.05)
            kill(run)
            if runs.killed():
                deaths[stage(root, calm.contents[0])] += 1
        # a half-done publish would also show where the next run finds the old inputs, and nothing to do
        state = sequence % 2
        runs.whole(calm.inputs[state], root)
        assert_whole(root, calm, state)
    assert deaths.total() >= 50, deaths
    assert {"transforming", "drafting", "committing", "describing"} <= deaths.keys(), deaths


def kill(group: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


@pytest.mark.parametrize("part", range(5))
def test_a_full_disk_leaves_no_table_half_written(runs: Runs, calm: Calm, tmp_path: Path, part: int) -> None:
    root = shutil.copytree(calm.tables[0], tmp_path / "full")
    error = runs.whole(calm.inputs[1], root, full_at=1 + part * calm.steps // 7)
    assert isinstance(error, str)
    assert "no space left on the disk" in error
    assert contents(root) in calm.contents
    runs.whole(calm.inputs[1], root)
    assert_whole(root, calm, 1)


if __name__ == "__main__":
    zygote()
