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

#: Lines end where str.splitlines ends them.
_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")
_SENTENCE_END = re.compile(r"[。！？!?；;…][”’」』）)\"']*$")
_CLAUSE_MARK = re.compile(r"[，,、；;。]")
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
    result: list[Paragraph] = []
    for line in _LINE.finditer(raw):
        text = line.group()
        stripped = text.strip()
        if stripped:
            start = line.start() + len(text) - len(text.lstrip())
            result.append(Paragraph(len(result), "body", start, start + len(stripped), stripped))
    return result


@dataclass(frozen=True, slots=True)
class Byline:
    """What the bylines say, in their own spelling; `fields` of boilerplate.csv. Values come with the paragraph and offsets in it."""

    publisher: str | None = None
    author: str | None = None
    image_credit: str | None = None
    date: str | None = None


@cache
def _patterns(reference: Reference) -> list[tuple[Boilerplate, re.Pattern[str]]]:
    return [(row, re.compile(row.pattern, re.I)) for row in reference.boilerplate]


def _apply(row: Boilerplate, pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    if row.where == "all":
        return pattern.fullmatch(text)
    return pattern.match(text) if row.where == "start" else pattern.search(text)


def _match(text: str, reference: Reference) -> tuple[Boilerplate, re.Match[str]] | None:
    """The first row of boilerplate.csv that fits a line (folded)."""
    if len(text) > MAX_BOILERPLATE:
        return None
    for row, pattern in _patterns(reference):
        hit = pattern.fullmatch(text) if row.where == "all" else pattern.match(text) if row.where == "start" else pattern.search(text)
        limit = MAX_BYLINE if row.role == "byline" else MAX_BOILERPLATE
        if hit and len(text) <= limit:
            return row, hit
    return None


def _looks_like_heading(text: str) -> bool:
    if _NUMBERING.match(text):
        return True
    if len(text) > MAX_HEADING or _SENTENCE_END.search(text.rstrip("？?！!")) or len(_CLAUSE_MARK.findall(text)) > 2:
        return False
    return any(is_han(char) or char.isalpha() for char in text) and text[-1] not in "，,、：:"


def assign_roles(paragraphs: Sequence[Paragraph], reference: Reference, known_title: str | None = None) -> list[Paragraph]:
    """The paragraphs with their roles. `known_title` is the title that the metadata gives."""
    folded = [fold(p.raw_text) for p in paragraphs]
    roles: list[Role] = ["body"] * len(paragraphs)
    matches = [_match(text, reference) for text in folded]

    title = _title_index(paragraphs, folded, matches, known_title)
    if title is not None:
        roles[title] = "title"
    is_body = [len(text) > MAX_HEADING or bool(_SENTENCE_END.search(text)) for text in folded]
    bodies = [i for i, body in enumerate(is_body) if body and i != title and not (matches[i] and matches[i][0].role == "boilerplate")]  # type: ignore[index]
    last_body = bodies[-1] if bodies else -1

    seen: dict[str, int] = {}
    body_count = 0
    for i, text in enumerate(folded):
        if i == title:
            continue
        row = matches[i][0] if matches[i] else None  # type: ignore[index]
        if row is not None and row.role == "boilerplate":
            roles[i] = "boilerplate"
        elif row is not None and (body_count < _HEAD_PARAGRAPHS or i >= last_body):
            roles[i] = row.role
        elif text in seen and (len(text) > MAX_HEADING or text == folded[title or 0]):
            roles[i] = "boilerplate"  # a repeated title or paragraph adds nothing
        elif _looks_like_heading(text):
            roles[i] = "heading"
        else:
            body_count += 1
        seen.setdefault(text, i)
    _close_tail(folded, roles, last_body)
    return [replace(p, role=role) for p, role in zip(paragraphs, roles, strict=True)]


def _title_index(
    paragraphs: Sequence[Paragraph],
    folded: Sequence[str],
    matches: Sequence[tuple[Boilerplate, re.Match[str]] | None],
    known_title: str | None,
) -> int | None:
    """The first line that can be a title: short, no byline, no full stop, with a body below it."""
    for i, text in enumerate(folded[:3]):
        if known_title and text == fold(known_title).strip():
            return i
        if matches[i] is not None:
            continue
        longer_below = any(len(other) > len(text) or _SENTENCE_END.search(other) for other in folded[i + 1 :])
        if len(text) <= MAX_TITLE and not text.endswith(("。", "；", ";")) and longer_below:
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
    """Publisher, author, image credit and date as the bylines say; the first one that says it counts. `edits` are the repairs in bylines, also
    those that are only suggested: a value is read in its repaired spelling."""
    found: dict[str, str] = {}
    for p in paragraphs:
        if p.role != "byline":
            continue
        text = fold(p.raw_text)
        own = [
            replace(e, start=e.start - p.raw_start, end=e.end - p.raw_start) for e in edits if p.raw_start <= e.start and e.end <= p.raw_end
        ]
        repaired = Alignment(p.raw_text, own)
        for row, pattern in _patterns(reference):
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
