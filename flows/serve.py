"""The orchestrator: a Prefect server of our own on loopback, and the nightly schedule.

Prefect reads its settings when it is imported, so nothing here imports it before they are set.
"""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from typing import cast

from flows.settings import Settings, UsageError

START_SECONDS = 120
DEPLOYMENT = "nightly"
#: Prefect's own command line, in a process that ends as soon as nobody holds the other end of its standard input: a run that is killed
#: leaves no server behind.
_PREFECT = """
import os, runpy, threading

def end_with_parent():
    os.read(0, 1)
    os._exit(1)

threading.Thread(target=end_with_parent, daemon=True).start()
runpy.run_module("prefect", run_name="__main__", alter_sys=True)
"""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _isolated(home: Path, api_url: str) -> dict[str, str]:
    """The environment without anything of a Prefect that the user runs for other purposes, nor any telemetry."""
    ours = {
        "PREFECT_HOME": str(home),
        # a scheduled run starts in a folder of its own, where it would choose another
        "QINGWEN_HOME": str(home),
        "PREFECT_API_URL": api_url,
        "PREFECT_PROFILES_PATH": str(home / "profiles.toml"),
        "PREFECT_SERVER_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{home / 'prefect.db'}",
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_CLOUD_ENABLE_ORCHESTRATION_TELEMETRY": "false",
        "DO_NOT_TRACK": "1",
        # errors reach the terminal as one line of ours, so Prefect's own account of them would be noise
        "PREFECT_LOGGING_LEVEL": "CRITICAL",
        "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
        "PREFECT_CLI_PROMPT": "false",
    }
    return {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")} | ours


@contextmanager
def prefect_server(home: Path, *, services: bool = False) -> Iterator[str]:
    """Run a Prefect server on a free loopback port, with its database and log in `home`, and point this process at it.

    `services` adds the scheduler. Yields the URL of its API once it answers. Raises UsageError where it does not start.
    """
    try:
        home.mkdir(parents=True, exist_ok=True)
        log = (home / "server.log").open("wb")
    except OSError as error:
        raise UsageError(f"{home}: {error.strerror}; set QINGWEN_HOME to a folder that can be written") from None
    port = _free_port()
    api_url = f"http://127.0.0.1:{port}/api"
    environment = _isolated(home, api_url)
    command = [sys.executable, "-c", _PREFECT, "server", "start", "--host", "127.0.0.1", "--port", str(port), "--no-ui"]
    if not services:
        command.append("--no-services")
    # a session of its own: Ctrl-C must not take the server away from under a run that is tidying up
    with (
        log,
        subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=log, stderr=log, start_new_session=True) as server,
    ):
        os.environ.clear()
        os.environ.update(environment)
        try:
            import prefect.flows  # noqa: F401 - takes about as long as the server needs to start

            _wait_for(server, api_url, home)
            yield api_url
        finally:
            server.terminate()
            with suppress(subprocess.TimeoutExpired):
                server.wait(10)
            server.kill()


def _wait_for(server: subprocess.Popen[bytes], api_url: str, home: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(f"{api_url}/health", timeout=5):
            return
        time.sleep(0.05)
    raise UsageError(f"the embedded Prefect server did not start; {home / 'server.log'} says why")


def serve(settings: Settings, cron: str, timezone: str, home: Path) -> None:
    """Build the tables whenever `cron` says so in a time zone such as Asia/Shanghai, until interrupted.

    The schedule lives in the Prefect server of PREFECT_API_URL, else in one of our own that runs as long as this does.
    Raises UsageError for a cron line that is none.
    """
    with nullcontext() if os.environ.get("PREFECT_API_URL") else prefect_server(home, services=True):
        from prefect.client.schemas.schedules import CronSchedule
        from prefect.runner import Runner
        from prefect.schedules import Cron
        from prefect.types.entrypoint import EntrypointType
        from pydantic import TypeAdapter

        from flows.build import build

        loop: asyncio.AbstractEventLoop
        task: asyncio.Task[None]

        class _Runner(Runner):
            def handle_sigterm(self, *_: object) -> None:
                """Prefect's own would exit without awaiting what is under way; SIGINT is ignored where a script started us with &."""
                loop.call_soon_threadsafe(task.cancel)

        try:
            CronSchedule(cron=cron)
        except ValueError:
            raise UsageError(f"--cron {cron!r} is not a cron line; five fields as in '0 3 * * *' (minute hour day month weekday)") from None
        runner = _Runner(name=DEPLOYMENT, limit=1)
        runner.add_flow(
            build,
            DEPLOYMENT,
            schedule=Cron(cron, timezone=timezone),
            parameters={"settings": TypeAdapter(Settings).dump_python(settings, mode="json")},
            # a file path would be relative to a folder that an installed package does not have
            entrypoint_type=EntrypointType.MODULE_PATH,
        )

        async def run() -> None:
            nonlocal loop, task
            loop, task = asyncio.get_running_loop(), cast(asyncio.Task[None], asyncio.current_task())
            await runner.start()

        with suppress(KeyboardInterrupt, asyncio.CancelledError):
            asyncio.run(run())
