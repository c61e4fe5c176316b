"""Tables that are built once."""

from __future__ import annotations

import gc

import pytest

from transforms.caching import built_once


def test_a_table_is_built_once_and_without_the_garbage_collector() -> None:
    collects: list[bool] = []

    @built_once
    def table(size: int) -> list[int]:
        collects.append(gc.isenabled())
        return list(range(size))

    assert table(3) is table(3)
    assert collects == [False]
    assert gc.isenabled()


def test_a_table_that_fails_leaves_the_garbage_collector_on() -> None:
    @built_once
    def table() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        table()
    assert gc.isenabled()
