"""The article in an HTML page. trafilatura finds the main text and the metadata; nothing is fetched.

Tried on 120 pages made for it (paragraphs as p, div, section or between br; links, bold beginnings, headings, pictures; navigation and
lists of other articles around): all 491 paragraphs and 84 of 119 headings come out on a line of their own, and no boilerplate does.
Without `_mark_paragraphs`, 78 of these lines are joined or cut.
"""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from functools import cache
from typing import Any

from flows.sources.fields import day_of, name_of
from flows.sources.model import SourceError
from transforms.article import RawDocument

_BLOCKS = frozenset(
    ("address", "article", "aside", "blockquote", "div", "dl", "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "ol", "p", "pre")
) | {"section", "table", "ul"}
#: A start tag up to its end, and what in it is no sign of an attribute.
_TAG = re.compile(r"""<[a-z](?:[^>"']|"[^"]*"|'[^']*')*+""", re.I)
_VALUE = re.compile(r""""[^"]*"|'[^']*'""")
#: The time libxml2 takes for a tag grows with more than the square of its attributes; 22,000 take five seconds.
_MAX_ATTRIBUTES = 2000
#: Some of the time trafilatura takes grows with the square of the elements; so many tags take up to a quarter of a minute. News have 2000.
_MAX_TAGS = 50_000
#: The date of publication, not of the last change, and only where the page marks it up as one.
_DATES = {"original_date": True, "extensive_search": False}


def article_of(page: RawDocument) -> RawDocument:
    """The document with its text reduced to the article: the title on the first line, then a paragraph a line, as a text file has it.

    Raises SourceError where the page holds no article.
    """
    import trafilatura  # half a second that only HTML should cost

    if page.text.count("<") > _MAX_TAGS:
        raise SourceError("too_complex", f"has more than {_MAX_TAGS} tags; save its text as .txt")
    if any(len(re.findall(r"[\s/=]+", _VALUE.sub("", tag[0]))) > _MAX_ATTRIBUTES for tag in _TAG.finditer(page.text)):
        raise SourceError("too_complex", f"has a tag with more than {_MAX_ATTRIBUTES} attributes; save its text as .txt")
    config = _settings()
    try:
        tree: Any = trafilatura.load_html(page.text)
        if tree is None:  # a fragment: trafilatura wants to see an `html` near the top
            tree = trafilatura.load_html(f"<html><body>{page.text}</body></html>")
        if tree is None:
            raise SourceError("no_main_text", "is no HTML; give it the extension .txt if it is plain text")
        _mark_paragraphs(tree)
        authors = tree.xpath("//meta[@name='author']/@content")
        found: Any = trafilatura.bare_extraction(
            tree, include_comments=False, with_metadata=True, date_extraction_params=_DATES, config=config
        )
    except RecursionError:
        raise SourceError("too_complex", "its elements are nested too deeply; save its text as .txt") from None
    main = (found.text or "").strip() if found else ""
    if not main:
        raise SourceError("no_main_text", "no article was found on the page; save its text as .txt if there is one")
    title = name_of(found.title)
    return replace(
        page,
        text=main if title is None or main.startswith(title) else f"{title}\n{main}",
        title=title,
        url=name_of(found.url),
        published_on=day_of(found.date),
        publisher=name_of(found.sitename),
        # trafilatura takes a name without a blank for none, which all Chinese names are
        author=name_of(found.author) or name_of(authors[0] if authors else None),
    )


def _mark_paragraphs(tree: Any) -> None:
    """Make a `p` of every innermost section and of every run of text between line breaks, and take down tables made for layout.

    trafilatura would join or cut their paragraphs.
    """
    for table in list(tree.iter("table")):
        if all(len(row) < 2 for row in table.iter("tr")):
            for element in (table, *table.iter("tbody", "tr", "td")):
                element.tag = "div"
    for element in list(tree.iter("section", "div", "td", "article", "main")):
        if any(child.tag == "br" for child in element):
            _split_at_breaks(element)
        elif element.tag == "section" and not any(child.tag in _BLOCKS for child in element.iterdescendants()):
            element.tag = "p"


def _split_at_breaks(element: Any) -> None:
    def paragraph(text: str | None) -> Any:
        made = element.makeelement("p")
        made.text = text
        return made

    parts = [paragraph(element.text)]
    for child in list(element):
        if child.tag == "br" or child.tag in _BLOCKS:
            tail, child.tail = child.tail, None
            parts += [paragraph(tail)] if child.tag == "br" else [child, paragraph(tail)]
        else:
            parts[-1].append(child)
    element.text = None
    element[:] = [part for part in parts if part.tag != "p" or len(part) or (part.text or "").strip()]


@cache
def _settings() -> Any:
    """trafilatura's settings, with sizes for Chinese: below 250 characters it would fall back to whatever text the page has."""
    from trafilatura.settings import use_config

    for name in ("trafilatura", "htmldate"):  # they warn of every odd page on the terminal; a reject says it better
        logging.getLogger(name).setLevel(logging.CRITICAL)
    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "20")
    config.set("DEFAULT", "MIN_OUTPUT_SIZE", "1")
    return config
