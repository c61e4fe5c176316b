"""From the raw document to paragraphs with roles: title, byline, heading, body, boilerplate.

A paragraph is a line without its margins; the white space between paragraphs is all that is left out, so the paragraphs and the gaps
rebuild the document. Which lines are bylines and boilerplate is reference data (`boilerplate.csv`); this module knows the layout of an
article: a title on top, bylines around the body, headings between body paragraphs, related links at the end.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache

from transforms import segmentation
from transforms.article import Alignment, Edit, Paragraph, Role
from transforms.reference import Boilerplate, Reference
from transforms.script import fold, is_han

#: A line without its margins; lines end where str.splitlines ends them.
_LINE = re.compile(r"\S(?:[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*\S)?")
_SENTENCE_ENDS = frozenset("。！？!?；;…")
_CLOSING = "”’」』）)\"'"
_CLAUSE_MARK = re.compile(r"[，,、；;。]")
_LATIN = re.compile("[A-Za-z]{2}")
#: "01", "一、", "(2)", "第三章": a numbering alone is a heading.
_NUMBERING = re.compile(
    r"^[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3}|PART\s?\d{1,2})[)）.、．]?$|^第[一二三四五六七八九十\d]{1,3}[章节部分篇]+$", re.I
)

MAX_TITLE = 80
MAX_HEADING = 32
MAX_BYLINE = 80
MAX_BOILERPLATE = 160
#: Bylines stand before the body has run this many paragraphs, or behind its end.
_HEAD_PARAGRAPHS = 2


def split(raw: str) -> list[Paragraph]:
    """The non-blank lines of a document, all as body for now.

    >>> [(p.raw_start, p.raw_text) for p in split(" a \\n\\n　b\\n")]
    [(1, 'a'), (6, 'b')]
    """
    return [Paragraph(i, "body", *line.span(), line.group()) for i, line in enumerate(_LINE.finditer(raw))]


@dataclass(frozen=True, slots=True)
class Byline:
    """What the bylines say, in their own spelling; `fields` of boilerplate.csv. Values come with the paragraph and offsets in it."""

    publisher: str | None = None
    author: str | None = None
    image_credit: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True)
class _Rules:
    """boilerplate.csv, compiled. A line that `begins` does not match and none of `anywhere` finds fits no row: most lines, in two looks.
    The case of Latin letters counts in `anywhere` only, for speed."""

    rows: tuple[tuple[Boilerplate, re.Pattern[str]], ...]
    begins: re.Pattern[str]
    anywhere: tuple[re.Pattern[str], ...]


@cache
def _rules(reference: Reference) -> _Rules:
    rows = tuple(
        (row, re.compile(row.pattern, re.I if row.where != "any" and _LATIN.search(row.pattern) else 0)) for row in reference.boilerplate
    )
    begins = "|".join(f"(?i:{p.pattern})" if p.flags & re.I else f"(?:{p.pattern})" for row, p in rows if row.where != "any")
    return _Rules(rows, re.compile(begins or "(?!)"), tuple(pattern for row, pattern in rows if row.where == "any"))


def _apply(row: Boilerplate, pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    if row.where == "all":
        return pattern.fullmatch(text)
    return pattern.match(text) if row.where == "start" else pattern.search(text)


def _match(text: str, reference: Reference) -> Boilerplate | None:
    """The first row of boilerplate.csv that fits a line (folded). Nothing is searched inside of long lines that end as sentences do."""
    if len(text) > MAX_BOILERPLATE:
        return None
    rules = _rules(reference)
    searched = len(text) <= MAX_BYLINE or not _ends_sentence(text)
    if not rules.begins.match(text) and not (searched and any(pattern.search(text) for pattern in rules.anywhere)):
        return None
    for row, pattern in rules.rows:
        if (row.role != "byline" or len(text) <= MAX_BYLINE) and _apply(row, pattern, text):
            return row
    return None


def _ends_sentence(text: str) -> bool:
    return text.rstrip(_CLOSING)[-1:] in _SENTENCE_ENDS


def _looks_like_heading(text: str) -> bool:
    if len(text) > MAX_HEADING:
        return False
    if _NUMBERING.match(text):
        return True
    if _ends_sentence(text.rstrip("？?！!")) or len(_CLAUSE_MARK.findall(text)) > 2:
        return False
    return any(is_han(char) or char.isalpha() for char in text) and text[-1] not in "，,、：:"


def assign_roles(paragraphs: Sequence[Paragraph], reference: Reference, known_title: str | None = None) -> list[Paragraph]:
    """The paragraphs with their roles. `known_title` is the title that the metadata gives."""
    folded = fold("\n".join(p.raw_text for p in paragraphs)).split("\n") if paragraphs else []
    roles: list[Role] = ["body"] * len(paragraphs)
    rows = [_match(text, reference) for text in folded]

    title = _title_index(folded, rows, known_title)
    if title is not None:
        roles[title] = "title"
    is_body = [len(text) > MAX_HEADING or _ends_sentence(text) for text in folded]
    bodies = [i for i, body in enumerate(is_body) if body and i != title and not ((row := rows[i]) and row.role == "boilerplate")]
    last_body = bodies[-1] if bodies else -1

    seen = {folded[title]} if title is not None else set()
    body_count = 0
    for i, text in enumerate(folded):
        if i == title:
            continue
        row = rows[i]
        if row is not None and row.role == "boilerplate":
            roles[i] = "boilerplate"
        elif row is not None and (body_count < _HEAD_PARAGRAPHS or i >= last_body):
            roles[i] = row.role
        elif text in seen and (len(text) > MAX_HEADING or (title is not None and text == folded[title])):
            roles[i] = "boilerplate"  # a repeated title or paragraph adds nothing
        elif _looks_like_heading(text):
            roles[i] = "heading"
        else:
            body_count += 1
        seen.add(text)
    _close_tail(folded, roles, last_body)
    return [p if p.role == role else replace(p, role=role) for p, role in zip(paragraphs, roles, strict=True)]


def _title_index(folded: Sequence[str], rows: Sequence[Boilerplate | None], known_title: str | None) -> int | None:
    """The first line that can be a title: short, no byline, no full stop, with a body below it."""
    for i, text in enumerate(folded[:3]):
        if known_title and text == fold(known_title).strip():
            return i
        if rows[i] is not None:
            continue
        if (
            len(text) <= MAX_TITLE
            and not text.endswith(("。", "；", ";"))
            and any(len(other) > len(text) or _ends_sentence(other) for other in folded[i + 1 :])
        ):
            return i
        return None
    return None


def _close_tail(folded: Sequence[str], roles: list[Role], last_body: int) -> None:
    """Short lines behind the last body paragraph that follow boilerplate are its links; a heading with nothing below it is none."""
    in_tail = False
    for i in range(last_body + 1, len(roles)):
        if roles[i] == "boilerplate":
            in_tail = True
        elif in_tail and roles[i] in ("heading", "body"):
            roles[i] = "boilerplate"
    for i in range(len(roles) - 1, last_body, -1):
        if roles[i] == "heading" and last_body >= 0:
            roles[i] = "body" if len(folded[i]) > 12 else "boilerplate"


def read_bylines(paragraphs: Sequence[Paragraph], edits: Sequence[Edit], reference: Reference) -> Byline:
    """Publisher, author, image credit and date as the bylines say; the first one that says it counts. `edits` are the repairs in bylines,
    also those that are only suggested: a value is read in its repaired spelling."""
    found: dict[str, str] = {}
    for p in paragraphs:
        if p.role != "byline":
            continue
        text = fold(p.raw_text)
        own = [
            replace(e, start=e.start - p.raw_start, end=e.end - p.raw_start) for e in edits if p.raw_start <= e.start and e.end <= p.raw_end
        ]
        repaired = Alignment(p.raw_text, own)
        for row, pattern in _rules(reference).rows:
            if row.role != "byline" or not row.field:
                continue
            hit = _apply(row, pattern, text)
            if hit and hit.lastindex:
                start, end = repaired.clean_span(*hit.span(1))
                value = repaired.clean[start:end].strip(" \u3000:：/|")
                if value:
                    found.setdefault(row.field, value)
    return Byline(**found)


def read_date(text: str | None) -> date | None:
    """A full numeric date of a byline, or None.

    >>> read_date("２０２３年３月１５日"), read_date("2023-13-15")
    (datetime.date(2023, 3, 15), None)
    """
    parts = re.findall(r"\d+", fold(text or ""))
    try:
        return date(int(parts[0]), int(parts[1]), int(parts[2])) if len(parts) >= 3 else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of an article, or the unrelated line that stood in its place."""

    title: str | None
    spam_title: str | None


def read_title(paragraphs: Sequence[Paragraph], known_title: str | None) -> Heading:
    """The title line, judged against the body. Without a title line the metadata's title is judged the same way."""
    line = next((p for p in paragraphs if p.role == "title"), None)
    title = line.raw_text if line else known_title
    if title is None:
        return Heading(None, None)
    body = "\n".join(p.raw_text for p in paragraphs if p.role in ("body", "heading"))
    garbled = any(p.garbled for p in paragraphs)
    if is_spam_title(title, body, garbled=garbled):
        return Heading(None, title)
    return Heading(title, None)


#: Words of service questions that content farms put above any article.
_FARM_WORDS = re.compile(
    "怎么|如何|什么|多少|哪[个家里些]|吗|是否|能不能|可以|办理|流程|手续|条件|计算|查询|解绑|额度|攻略|技巧|大全|教程|官网|下载|电话|价格表|图片|排行榜"
)
_STOP_TAGS = ("u", "p", "c", "r", "y", "d", "x", "m", "q", "f", "e", "o", "w")


def is_spam_title(title: str, body: str, *, garbled: bool) -> bool:
    """Whether a title line is unrelated to the body below it.

    Compares the content words of the title with the body. A title counts as unrelated when few of them occur below and it is a
    service question of the kind that content farms use, or the body is known to be spun; a merely figurative title is kept.
    """
    words = {t.text.lower() for t in segmentation.tokens(title) if not t.tag.startswith(_STOP_TAGS) and (len(t.text) > 1 or is_han(t.text))}
    words = {w for w in words if not _FARM_WORDS.fullmatch(w)}
    if not words:
        return False
    body = fold(body).lower()
    share = sum(len(w) for w in words if w in body) / sum(len(w) for w in words)
    top = {
        word
        for word, _ in Counter(t.text.lower() for t in segmentation.tokens(body) if t.tag.startswith("n") and len(t.text) > 1).most_common(
            5
        )
    }
    questions = len(_FARM_WORDS.findall(fold(title)))
    if words & top:
        share += 0.3
    if questions and re.search(r"[,，\s]", title.strip()):
        return share < 0.6
    return share < (0.4 if questions or garbled else 0.0)
