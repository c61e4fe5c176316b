"""Layout: white space, width, half-width punctuation between Chinese characters, left-over markup.

These edits leave every word as it was. Applying them twice changes nothing more (tested with hypothesis).

House style of clean text: full-width ，；：（）？！ between Chinese; half-width digits, Latin letters and %; no blank between a Chinese
character and a Latin letter or digit, except inside a name.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence

from transforms.article import Edit
from transforms.script import fold, has_han, is_han

_TAGS = "p|br|div|span|strong|em|b|i|u|a|img|font|h[1-6]|section|ul|ol|li|blockquote|table|tr|td|th|tbody|center|figure|figcaption|sup|sub"
_BLANK = " \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
_INVISIBLE = r"\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
_WIDE = "０-９Ａ-Ｚａ-ｚ％．＋－＝／＆＃＠＄"
_ISSUE = re.compile(
    "|".join(
        (
            r"(?P<mark>(?<![!-~])\.|[,;:?!](?!(?<=\d.)\d)|[()\"])",
            rf"(?P<invisible>[{_INVISIBLE}]+)",
            rf"(?P<tag></?(?:{_TAGS})(?:\s[^<>]*)?/?>)",
            r"(?P<entity>&(?:nbsp|ensp|emsp|quot|amp|lt|gt|ldquo|rdquo|lsquo|rsquo|mdash|hellip|middot|#\d{2,5});)",
            rf"(?P<wide>[{_WIDE}]+)",
            rf"(?P<blank>[{_BLANK}]+)",
        )
    )
)
#: Every issue begins with one of these. Looking for a class of characters first is many times faster than trying each issue everywhere.
_SUSPECT = re.compile(rf"[{_INVISIBLE}{_WIDE}{_BLANK}<&,;:?!()\".]")
_WIDE_MARK = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
#: Full-width marks change nothing for their neighbours: where they are all that was put in, nothing is left to do.
SETTLED = frozenset(_WIDE_MARK.values())
_CJK_MARKS = frozenset("，。、；：？！（）《》〈〉“”‘’「」『』【】…—～·")
_SKIPPED = re.compile(rf"[{_BLANK},;:?!()\"\u200b-\u200f\ufeff\u00ad]")
_PAIRS = re.compile(r"\(([^()\n]{0,200})\)|\"([^\"\n]{1,200})\"")
_TITLE_MARKS = re.compile(r"《[^《》\n]{1,80}》")


def edits(text: str, protected: Sequence[tuple[int, int]] = ()) -> list[Edit]:
    """The layout edits of one paragraph. Blanks inside `protected` spans (names with a blank) and inside 《》 stay.

    >>> [(text[e.start:e.end], e.text) for text in ["已达8.18亿, 见(2020) Tik Tok"] for e in edits(text)]
    [(',', '，'), (' ', ''), ('(', '（'), (')', '）'), (' ', '')]
    """
    found = list(_issues(text))
    if not found:
        return []
    marks = _chinese_marks(text, found)
    keep = [*protected, *(m.span() for m in _TITLE_MARKS.finditer(text))]
    result: list[Edit] = []
    for match in found:
        start, end = match.span()
        group = match.lastgroup
        if group == "invisible":
            result.append(Edit(start, end, "", "whitespace", "layout.invisible"))
        elif group == "tag":
            result.append(Edit(start, end, "", "markup", "layout.tag"))
        elif group == "entity":
            plain = html.unescape(match.group())
            if len(plain) == 1 and plain != "&":  # &amp;lt; must not become &lt; and then <
                result.append(Edit(start, end, "" if plain.isspace() else plain, "markup", "layout.entity"))
        elif group == "wide":
            result.append(Edit(start, end, fold(match.group()), "punctuation", "layout.half_width"))
        elif group == "mark" and start in marks:
            result.append(Edit(start, end, marks[start], "punctuation", "layout.full_width"))
        elif group == "blank" and not any(a <= start and end <= b for a, b in keep):
            left, right = marks.get(start - 1, text[start - 1 : start]), marks.get(end, text[end : end + 1])
            new = "" if _closes_up(left, right) else " "
            if new != match.group():
                result.append(Edit(start, end, new, "whitespace", "layout.blank"))
    return result


def has_issues(text: str) -> bool:
    """Whether a paragraph may need layout edits at all; most do not."""
    return next(_issues(text), None) is not None


def _issues(text: str) -> Iterator[re.Match[str]]:
    at = 0
    for suspect in _SUSPECT.finditer(text):
        if suspect.start() >= at and (issue := _ISSUE.match(text, suspect.start())):
            at = issue.end()
            yield issue


def _closes_up(left: str, right: str) -> bool:
    """Whether a blank between two characters goes: at the border, at full-width marks, between Chinese and Latin. Between two Chinese
    characters it separates (北京 上海) and stays."""
    if not left or not right or left in _CJK_MARKS or right in _CJK_MARKS:
        return True
    return is_han(left) != is_han(right)


def _chinese_marks(text: str, found: Sequence[re.Match[str]]) -> dict[int, str]:
    """The half-width marks that stand in Chinese, by position, with their full-width form.

    A pair of parentheses or quotes is Chinese where a Chinese character stands in it or right beside it; another mark where the
    nearest real character on one of its sides is Chinese, except between two digits (6,631 and 10:30).
    """
    marks: dict[int, str] = {}
    if any(match.group() in '("' for match in found):
        for pair in _PAIRS.finditer(text):
            start, end = pair.span()
            quoted = pair.group(2)
            if has_han(quoted or pair.group(1) or "") or (
                quoted is None and (is_han(_neighbour(text, start, -1)) or is_han(_neighbour(text, end - 1, 1)))
            ):
                marks[start], marks[end - 1] = ("（", "）") if quoted is None else ("“", "”")
    for match in found:
        if match.lastgroup != "mark":
            continue
        at, mark = match.start(), match.group()
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        if mark == ".":
            after = after if after.strip() else _neighbour(text, at, 1)
            if before and is_han(before) and (not after or is_han(after) or after in "”’」"):
                marks[at] = "。"
        elif mark in _WIDE_MARK and after != "/" and (_is_chinese(before) or _is_chinese(after) or _stands_in_chinese(text, at)):
            marks[at] = _WIDE_MARK[mark]
    return marks


def _is_chinese(char: str) -> bool:
    return bool(char) and (is_han(char) or char in _CJK_MARKS)


def _stands_in_chinese(text: str, at: int) -> bool:
    return _is_chinese(_neighbour(text, at, -1)) or _is_chinese(_neighbour(text, at, 1))


def _neighbour(text: str, at: int, step: int) -> str:
    """The nearest character in one direction that is neither blank nor a half-width mark; "" at the border."""
    at += step
    limit = at + 20 * step
    while 0 <= at < len(text) and at != limit:
        if not _SKIPPED.match(text[at]):
            return text[at]
        at += step
    return ""
