"""Scheduling, against a real Prefect server on loopback."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from http import HTTPStatus
from pathlib import Path
from typing import Any

import yaml

from flows.warehouse import Warehouse

PROJECT = Path(__file__).parents[2]


def call(api: str, path: str, body: dict[str, Any] | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{api}{path}", data=data, headers={"Content-Type": "application/json"})
    for _ in range(20):
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code != HTTPStatus.SERVICE_UNAVAILABLE:
                raise
            time.sleep(0.5)  # its database is busy, as Prefect's own client is told too
    raise TimeoutError(path)


def test_serve_registers_the_schedule_and_a_run_builds_the_tables(prefect_api: str, environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("京东第三季度营收2435亿元，同比增长11.4%。", encoding="utf-8")
    command = [sys.executable, "-m", "flows.cli", "serve", "--cron", "0 3 * * *", "--timezone", "Asia/Shanghai", "in", "--tables", "tables"]
    environment = environment | {"PREFECT_API_URL": prefect_api, "PYTHONPATH": str(PROJECT)}
    # as a script starts it with &: what ends it must not rest on SIGINT
    ignored = signal.signal(signal.SIGINT, signal.SIG_IGN)
    server = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, ignored)
    with server:
        try:
            deployment = None
            until = time.monotonic() + 60
            while deployment is None and time.monotonic() < until and server.poll() is None:
                time.sleep(0.2)
                deployment = next(iter(call(prefect_api, "/deployments/filter", {"deployments": {"name": {"any_": ["nightly"]}}})), None)
            assert deployment is not None, server.communicate()
            assert [(s["schedule"]["cron"], s["schedule"]["timezone"]) for s in deployment["schedules"]] == [("0 3 * * *", "Asia/Shanghai")]
            assert deployment["parameters"]["settings"]["tables"] == str(tmp_path / "tables")

            planned: list[dict[str, Any]] = []
            while not planned and time.monotonic() < until:
                time.sleep(0.5)
                runs = call(prefect_api, "/flow_runs/filter", {"deployments": {"id": {"any_": [deployment["id"]]}}})
                planned = [run for run in runs if run["auto_scheduled"]]
            assert planned, "the scheduler plans no run"

            run = call(prefect_api, f"/deployments/{deployment['id']}/create_flow_run", {})
            state = run["state"]
            while state["type"] not in ("COMPLETED", "FAILED", "CRASHED", "CANCELLED") and time.monotonic() < until:
                time.sleep(0.5)
                state = call(prefect_api, f"/flow_runs/{run['id']}")["state"]
            assert state["type"] == "COMPLETED", state["message"]
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                _, errors = server.communicate(timeout=30)
            finally:
                server.kill()
    assert server.returncode == 0
    assert errors == ""
    (article,) = Warehouse(tmp_path / "tables").read("articles").to_pylist()
    assert article["source_uri"] == "in/a.txt"


def test_prefect_yaml_deploys_the_flow(prefect_api: str, environment: dict[str, str]) -> None:
    call(prefect_api, "/work_pools/", {"name": "qingwen", "type": "process"})
    environment = environment | {"PREFECT_API_URL": prefect_api, "QINGWEN_PROJECT": str(PROJECT)}
    command = [sys.executable, "-m", "prefect", "--no-prompt", "deploy", "--all"]
    done = subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=90)
    assert done.returncode == 0, done.stdout + done.stderr
    declared = yaml.safe_load((PROJECT / "prefect.yaml").read_text(encoding="utf-8"))["deployments"][0]
    deployments = call(prefect_api, "/deployments/filter", {"work_pools": {"name": {"any_": ["qingwen"]}}})
    assert [d["entrypoint"] for d in deployments] == [declared["entrypoint"]]
    assert [s["schedule"]["cron"] for s in deployments[0]["schedules"]] == ["0 3 * * *"]


def test_a_killed_run_leaves_no_prefect_server_behind(environment: dict[str, str], home: Path) -> None:
    script = f"""
from pathlib import Path
from flows.serve import prefect_server
with prefect_server(Path({str(home)!r})) as url:
    print(url, flush=True)
    input()
"""
    command = [sys.executable, "-c", script]
    with subprocess.Popen(command, cwd=PROJECT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        api = run.stdout.readline().strip()
        assert call(api, "/health")
        run.kill()
    until = time.monotonic() + 10
    while answers(api) and time.monotonic() < until:
        time.sleep(0.1)
    assert not answers(api)


def answers(api: str) -> bool:
    try:
        return bool(call(api, "/health"))
    except (OSError, http.client.HTTPException):  # it died while it answered
        return False
