"""What a person sees of a run: one progress bar, and the summary at its end."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from flows.sources.formats import KNOWN

if TYPE_CHECKING:
    from flows import shards
    from flows.build import RunSummary

#: Progress and errors; standard output carries results only.
errors = Console(stderr=True, highlight=False, soft_wrap=True)
output = Console(highlight=False, soft_wrap=True)

#: What moves the cursor, changes colours or turns the direction of the text around it, and halves of characters, as something to see.
_PICTURES = {code: 0x2400 + code for code in range(0x20)} | {0x7F: 0x2421}
_PICTURES |= dict.fromkeys([*range(0x80, 0xA0), 0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD)
_PICTURES |= dict.fromkeys(range(0xD800, 0xE000), 0xFFFD)
_PICTURES_IN_LINES = _PICTURES | {ord(char): ord(char) for char in "\n\t"}

PLAIN_SECONDS = 15
REJECTS_SHOWN = 5


def visible(text: str, *, lines: bool = False) -> str:
    """Text from outside as a terminal may get it, character for character; line feeds and tabs stay only with `lines`.

    >>> visible("\\x1b[31m红\\n")
    '␛[31m红␊'
    """
    return text.translate(_PICTURES_IN_LINES if lines else _PICTURES)


def grid(columns: Iterable[str], rows: Iterable[Iterable[object]], title: str | None = None) -> Table:
    """Rows for the terminal, whatever an article has put into them; numbers under "value" stand at the right."""
    table = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
    for column in columns:
        table.add_column(column, overflow="fold", justify="right" if column == "value" else "left")
    for row in rows:
        table.add_row(*("" if cell is None else Text(visible(str(cell).replace("\n", "⏎"))) for cell in row))
    return table


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


def say_passed_over(extensions: Counter[str]) -> None:
    """Say which files of a folder are of no use, by extension."""
    if extensions:
        counts = ", ".join(f"{count:,} {visible(name)}" for name, count in extensions.most_common(8))
        more = f" and {len(extensions) - 8} more types" if len(extensions) > 8 else ""
        errors.print(f"passed over: {counts}{more}; known are {KNOWN}", markup=False)


def announce(difference: str, articles: int) -> None:
    """Say why a run takes long."""
    errors.print(f"{difference} changed since the last run: {articles:,} articles are processed again; --keep-old keeps them as they are")


def _changes(summary: RunSummary) -> str:
    counts = {name.removeprefix("articles_"): count for name, count in summary.changes.items()} | {"rejected": len(summary.rejects)}
    return ", ".join(f"{count:,} {name}" for name, count in counts.items() if count)


def one_line(summary: RunSummary) -> str:
    """The summary for a log."""
    return f"{_changes(summary)}; {summary.rows['articles']:,} articles in {summary.tables}, {summary.seconds:.1f} s"


def print_summary(summary: RunSummary) -> None:
    """The summary on standard output."""
    lines = [("articles", f"{summary.rows['articles']:,}  ({_changes(summary)})"), ("repairs", f"{summary.repairs:,}")]
    lines += [(name, f"{summary.rows[name]:,}") for name in ("mentions", "quantities", "times", "facts", "events")]
    lines.append(("rejects", f"{len(summary.rejects):,}"))
    lines += [("", f"{r.source_uri}: {r.message}" + (f" [{r.error_code}]")) for r in summary.rejects[:REJECTS_SHOWN]]
    if len(summary.rejects) > REJECTS_SHOWN:
        lines.append(("", f"and {len(summary.rejects) - REJECTS_SHOWN:,} more in the table rejects"))
    speed = f", {summary.chars / max(summary.seconds, 1e-9):,.0f} a second" if summary.chars else ""
    lines.append(("speed", f"{summary.chars:,} characters in {summary.seconds:.1f} s{speed}"))
    lines.append(("tables", str(summary.tables)))
    for name, text in lines:
        output.print(f"{name:<11}{visible(text)}", markup=False)
