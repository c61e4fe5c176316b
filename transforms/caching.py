"""What is made of the reference data once a process, and stays."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import cache, wraps
from typing import ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")


def built_once(build: Callable[P, T]) -> Callable[P, T]:
    """`functools.cache` for big tables, built without the garbage collector: it would look through all their objects again and again, a
    quarter of the time, and none of them is garbage."""

    @wraps(build)
    def undisturbed(*args: P.args, **kwargs: P.kwargs) -> T:
        was_on = gc.isenabled()
        gc.disable()
        try:
            return build(*args, **kwargs)
        finally:
            if was_on:
                gc.enable()

    return cast(Callable[P, T], cache(undisturbed))
