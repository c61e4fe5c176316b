"""A clean text through the real steps, up to what the rules for facts and events see of it."""

from __future__ import annotations

from datetime import date

from transforms import entities, facts, quantities, reference, segmentation, times
from transforms.article import Paragraph
from transforms.facts.view import SentenceView
from transforms.script import detect_region, detect_script


def views(text: str, on: date) -> list[SentenceView]:
    """The sentences of a text whose lines are paragraphs, as of the day `on`."""
    data = reference.load()
    paragraphs, at = [], 0
    for i, line in enumerate(text.split("\n")):
        paragraphs.append(Paragraph(i, "body", at, at + len(line), line, at, at + len(line)))
        at += len(line) + 1
    sentences = segmentation.sentences(text, paragraphs)
    script = detect_script(text)
    when = times.extract(text, on, data)
    mentions = entities.extract(text, sentences, data, blocked=[(t.start, t.end) for t in when], script=script)
    taken = sorted([(t.start, t.end) for t in when] + [(m.start, m.end) for m in mentions])
    amounts = quantities.extract(text, data, region=detect_region(text, script), blocked=taken)
    return facts.views(text, sentences, mentions, amounts, when, data)
