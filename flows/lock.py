"""One writer a dataset, known by a file lock on its machine and, for an object store, by an object beside the tables."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import socket
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from upath import UPath

from flows.storage import Location, as_usage_errors


class WarehouseLocked(RuntimeError):
    """Another run is writing; the message names its process."""


@contextmanager
def one_writer(root: Location, local: Path) -> Iterator[None]:
    """Be the one writer of a dataset. `local` is its folder on this machine. Raises WarehouseLocked where another run writes.

    The lock file of the folder holds the process and a token. A lock object with that token was left by a dead run of this machine, since
    a living one would hold the file lock; so it is taken over. One of another machine is not: nobody can tell from here whether it lives.
    """
    local.mkdir(parents=True, exist_ok=True)
    with (local / ".lock").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            process = file.read().partition(" ")[0]
            raise WarehouseLocked(f"{root} is being written by process {process}; try again when it is done") from None
        file.seek(0)
        token = file.read().partition(" ")[2] or secrets.token_hex(16)
        file.truncate(0)
        file.write(f"{os.getpid()} {token}")
        file.flush()
        with nullcontext() if isinstance(root, Path) else _claim(root / ".lock", token):
            yield


@contextmanager
def _claim(lock: UPath, token: str) -> Iterator[None]:
    since = datetime.now(UTC).isoformat(timespec="seconds")
    text = json.dumps({"token": token, "host": socket.gethostname(), "process": os.getpid(), "since": since}).encode()
    try:
        lock.fs.pipe_file(lock.path, text, mode="create")
    except FileExistsError:
        other = _holder(lock)
        if other.get("token") != token:
            who = "process {process} on {host} since {since}".format_map(defaultdict(lambda: "?", other))
            raise WarehouseLocked(
                f"{lock.parent} is being written by {who}; try again when it is done, or, if that machine or run is gone, "
                f"remove the object {lock}"
            ) from None
        lock.fs.pipe_file(lock.path, text)
    try:
        yield
    finally:
        with as_usage_errors(lock):
            if _holder(lock).get("token") == token:
                lock.fs.rm_file(lock.path)


def _holder(lock: UPath) -> dict[str, Any]:
    """What the lock object says; nothing where there is none, or none of ours."""
    try:
        return dict(json.loads(lock.read_bytes()))
    except (FileNotFoundError, ValueError):
        return {}


def still_ours(root: Location, local: Path) -> bool:
    """Whether nobody has removed our lock object by hand, so that another run could write."""
    lock = root / ".lock"
    return isinstance(lock, Path) or _holder(lock).get("token", "?") in (local / ".lock").read_text()
