"""One article in the terminal."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from flows import cli, show
from flows.settings import Settings, UsageError
from flows.warehouse import Warehouse

ARTICLE = "京东发布第三季度财报\n2022年11月18日，京东集团第三季度营收2435亿元，同比增长11.4%。\x1b[2J\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def printed(rows: show.Rows, *, terminal: bool) -> str:
    console = Console(file=io.StringIO(), force_terminal=terminal, width=120, color_system="standard" if terminal else None)
    show.print_article(rows, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_plain_signs_where_there_is_no_terminal(file: Path) -> None:
    (rows,) = show.from_file(Settings((str(file),)))
    text = printed(rows, terminal=False)
    assert "{2435亿元}" in text
    assert "{11.4%}" in text
    assert "<2022年11月18日>" in text
    assert "[京东" in text
    assert "\x1b" not in text


def test_styles_on_a_terminal_and_no_escape_of_the_article_itself(file: Path) -> None:
    (rows,) = show.from_file(Settings((str(file),)))
    text = printed(rows, terminal=True)
    assert "\x1b[32m2435亿元" in text
    assert "\x1b[2J" not in text
    assert "entity" in text


def test_an_article_of_the_tables_by_id_and_by_the_end_of_its_uri(sample_tables: Path, capsys: pytest.CaptureFixture[str]) -> None:
    article = Warehouse(sample_tables).read("articles").sort_by("source_uri").to_pylist()[0]
    by_id = show.from_tables(article["article_id"], sample_tables)
    assert by_id is not None
    assert by_id["articles"] == [article]
    assert show.from_tables("no such article", sample_tables) is None
    with pytest.raises(UsageError, match="articles fit"):
        show.from_tables("", sample_tables)
    assert cli.main(["show", article["article_id"], "--tables", str(sample_tables)]) == 0
    assert article["source_uri"] in capsys.readouterr().out


def test_a_file_without_an_article_says_why(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    assert cli.main(["show", str(tmp_path / "empty.txt"), "--tables", str(tmp_path)]) == cli.UNUSABLE
    assert "empty.txt: holds no text" in capsys.readouterr().err
