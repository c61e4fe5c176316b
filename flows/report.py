"""What a person sees of a run: one progress bar, and the summary at its end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from flows import shards
    from flows.build import RunSummary

#: Progress and errors; standard output carries results only.
errors = Console(stderr=True, highlight=False, soft_wrap=True)
output = Console(highlight=False, soft_wrap=True)

PLAIN_SECONDS = 15
REJECTS_SHOWN = 5


@contextmanager
def progress(total_bytes: int, counts: shards.Progress[int]) -> Iterator[None]:
    """Follow `counts` (bytes, articles) while the block runs: a bar, or a plain line now and then where there is no terminal."""
    bar = Progress(
        TextColumn("building"),
        BarColumn(bar_width=None),
        TextColumn("{task.percentage:>3.0f}% · {task.fields[articles]:,} articles"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        console=errors,
        transient=True,
        disable=not errors.is_terminal,
    )
    done = threading.Event()

    def follow() -> None:
        while not done.wait(0.1 if errors.is_terminal else PLAIN_SECONDS):
            if errors.is_terminal:
                bar.update(job, completed=counts[0], articles=counts[1])
            else:
                errors.print(f"building: {100 * counts[0] // max(1, total_bytes)}%, {counts[1]:,} articles")

    with bar:
        job = bar.add_task("", total=max(1, total_bytes), articles=0)
        follower = threading.Thread(target=follow, daemon=True)
        follower.start()
        try:
            yield
        finally:
            done.set()
            follower.join()


def one_line(summary: RunSummary) -> str:
    """The summary for a log."""
    counts = ", ".join(
        f"{summary.rows.get(name, 0)} {name}" for name in ("articles", "repairs", "mentions", "quantities", "facts", "events")
    )
    return f"{counts}, {len(summary.rejects)} rejects, {summary.seconds:.1f} s, tables in {summary.tables}"


def print_summary(summary: RunSummary) -> None:
    """The summary on standard output."""
    changes = ", ".join(f"{count:,} {name.removeprefix('articles_')}" for name, count in summary.changes.items() if count)
    lines = [("articles", f"{summary.rows.get('articles', 0):,}" + (f"  ({changes})" if changes else ""))]
    lines += [(name, f"{summary.rows.get(name, 0):,}") for name in ("repairs", "mentions", "quantities", "times", "facts", "events")]
    lines.append(("rejects", f"{len(summary.rejects):,}"))
    lines += [("", f"{r.source_uri}: {r.message}" + (f" [{r.error_code}]")) for r in summary.rejects[:REJECTS_SHOWN]]
    if len(summary.rejects) > REJECTS_SHOWN:
        lines.append(("", f"and {len(summary.rejects) - REJECTS_SHOWN:,} more in the table rejects"))
    lines.append(
        ("speed", f"{summary.chars:,} characters in {summary.seconds:.1f} s, {summary.chars / max(summary.seconds, 1e-9):,.0f} a second")
    )
    lines.append(("tables", str(summary.tables)))
    for name, text in lines:
        output.print(f"{name:<11}{text}", markup=False)
