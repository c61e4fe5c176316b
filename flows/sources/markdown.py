"""Markdown to the text that a reader sees: one line a paragraph, heading, list item or table row; no marks, no addresses of links."""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.token import Token

_PARSER = MarkdownIt("commonmark").enable("table")
_SHOWN = ("text", "code_inline")
#: Many write one paragraph a line, without the blank line that Markdown wants.
_BREAKS = ("softbreak", "hardbreak")


def readable(text: str) -> str:
    """The text of a Markdown document, its blocks parted by a blank line.

    >>> readable("# 标题\\n\\n营收**增长**[四成](https://example.com)\\n\\n| 品牌 | 门店 |\\n|---|---|\\n| 甲 | 3家 |")
    '标题\\n\\n营收增长四成\\n\\n品牌 门店\\n\\n甲 3家'
    """
    lines: list[str] = []
    row: list[str] | None = None
    for token in _PARSER.parse(text):
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close" and row is not None:
            lines.append(" ".join(row))
            row = None
        elif token.type in ("inline", "fence", "code_block"):
            shown = _inline(token)
            if row is None:
                lines.append(shown)
            else:
                row.append(shown)
    return "\n\n".join(line for line in lines if line.strip())


def _inline(token: Token) -> str:
    if token.children is None:
        return token.content.strip()
    return "".join(child.content if child.type in _SHOWN else "\n" if child.type in _BREAKS else "" for child in token.children)
