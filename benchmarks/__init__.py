"""Speed, as ratios against a peer in the same run. `python -m benchmarks` runs all of it; peers come with `pip install -e .[bench]`.

CPU time of the process is what counts, the best of several rounds: these machines are shared.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

ORIGINALS = Path(__file__).parents[1] / "tests" / "data" / "originals"


def article_text() -> str:
    """Our own clean articles, one behind the other."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(ORIGINALS.glob("*.txt")))


def characters_per_second(work: Callable[[str], object], text: str, rounds: int = 5, least: float = 0.2) -> float:
    """Characters of `text` that `work` gets through in a second of this process's CPU time, the best of `rounds`."""
    work(text)
    best = 0.0
    for _ in range(rounds):
        count, start = 0, time.process_time()
        while (spent := time.process_time() - start) < least:
            work(text)
            count += 1
        best = max(best, count * len(text) / spent)
    return best


def table(title: str, speeds: dict[str, float | None], own: str) -> None:
    """Print speeds and how many times faster `own` is; None stands for a peer that is not installed."""
    print(f"\n{title}")
    for name, speed in speeds.items():
        if speed is None:
            print(f"  {name:<46} not installed")
        else:
            print(f"  {name:<46} {speed:>12,.0f} characters/s   {speeds[own] / speed:>7.1f} x")  # type: ignore[operator]
