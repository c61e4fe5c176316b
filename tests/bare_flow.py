"""The main flow without its orchestrator, which decides nothing about results: what tests of results run, in a third less time."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from flows import build, shards
from flows.settings import Settings


def _submit(shard: shards.Shard, pool: Executor) -> Future[shards.ShardSummary]:
    return pool.submit(shards.transform_shard, shard)


@contextmanager
def plain_functions() -> Iterator[None]:
    """In the block, the tasks of the flow are the functions that they wrap."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "find_sources", build.find_sources.fn)
        patch.setattr(build, "publish", build.publish.fn)
        patch.setattr(build, "transform", SimpleNamespace(submit=_submit))
        patch.setattr(build, "get_run_logger", logging.getLogger)
        yield


def run(settings: Settings) -> Any:
    with plain_functions():
        return build.build.fn(settings)
