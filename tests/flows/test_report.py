"""What a person sees: all of it, and nothing that the text of others does to a terminal."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path

import pytest
from rich.console import Console

from flows import cli, explain, mine, report, show
from flows.build import RunSummary
from flows.settings import Settings
from flows.sources import Reject
from transforms import reference
from transforms.article import RawDocument

#: Clears the screen, sets the title of the window, writes over the line, turns the text around, forges a line.
NASTY = "\x1b[2J\x1b]0;x\x07\r\x08\x9b31m\u202e\u2066\n"
#: As a byte that is not UTF-8 comes in on the command line.
HALF = "\udcff"
TABLES = ("articles", "mentions", "quantities", "times", "facts", "events")


def console(monkeypatch: pytest.MonkeyPatch | None = None) -> Console:
    made = Console(file=io.StringIO(), width=200, highlight=False, soft_wrap=True)
    if monkeypatch:
        monkeypatch.setattr(report, "output", made)
        monkeypatch.setattr(report, "errors", made)
    return made


def printed(made: Console) -> str:
    assert isinstance(made.file, io.StringIO)
    return made.file.getvalue()


def is_harmless(text: str) -> bool:
    return not set(text) & set(NASTY + HALF) - {"\n", *"[2J]0;x31m"}


def test_nothing_of_the_text_steers_the_terminal() -> None:
    assert is_harmless(report.visible(NASTY + HALF, lines=True))
    assert "\n" not in report.visible(NASTY)
    assert len(report.visible(NASTY)) == len(NASTY)
    assert report.visible("营收 35亿元，“抖音”😀\n", lines=True) == "营收 35亿元，“抖音”😀\n"


def test_summary(monkeypatch: pytest.MonkeyPatch) -> None:
    made = console(monkeypatch)
    rejects = (Reject(f"{NASTY}{HALF}.txt", 0, "decode", "binary", f"is {NASTY}"),)
    report.print_summary(RunSummary("run", Path("tables"), {"articles_new": 1}, dict.fromkeys(TABLES, 1), 1, 1, 1.0, rejects))
    report.say_passed_over(Counter({".pdf": 1200, f".{NASTY}": 3, "without extension": 1}))
    assert is_harmless(printed(made))
    assert "passed over: 1,200 .pdf, 3 ." in printed(made)
    assert len([line for line in printed(made).splitlines() if ".txt: is" in line]) == 1


def test_errors(capsys: pytest.CaptureFixture[str]) -> None:
    cli.main(["show", f"nowhere{NASTY}{HALF}"])
    assert "nowhere" in (said := capsys.readouterr().err)
    assert is_harmless(said)


def test_show_and_explain(tmp_path: Path) -> None:
    made = console()
    document = RawDocument(f"{NASTY}.txt", f"京东\x1b[31m财报{NASTY}\n京东集团营收2435亿元{NASTY}，Jing东同比增长11.4%。\n")
    explain.print_evidence(document, reference.load(), made)
    path = tmp_path / "京东\x1b[2J\n.txt"
    path.write_text(document.text, encoding="utf-8")
    for rows in show.from_file(Settings((str(path),))):
        show.print_article(rows, made)
    assert is_harmless(printed(made))
    assert "2435亿元" in printed(made)


def test_a_grid_shows_what_it_is_given() -> None:
    made = console()
    made.print(report.grid(("spelling", "value"), [(NASTY, 0.5), (None, "a\nb")], "unknown spellings"))
    assert is_harmless(printed(made))
    assert "unknown spellings" in printed(made)
    assert "a⏎b" in printed(made)


def test_spellings_to_accept() -> None:
    import pandas as pd

    row = {
        "spelling": NASTY,
        "count": 2,
        "articles": 1,
        "garbled_share": 1.0,
        "candidate": NASTY,
        "source": "pinyin",
        "proofs": 1,
        "context": NASTY,
    }
    made = console()
    mine._print_spellings(made, pd.DataFrame([row]), reference.load(), 5)
    assert is_harmless(printed(made))
