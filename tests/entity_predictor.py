"""Adapter of the entity step for scorers: text in, spans with types out."""

from __future__ import annotations

from functools import cache
from typing import Any

from transforms import entities, reference, segmentation
from transforms.article import Sentence
from transforms.script import detect_script


@cache
def _reference() -> reference.Reference:
    return reference.load()


def predict(text: str) -> list[dict[str, Any]]:
    """The mentions of a text as `{"start", "end", "type", "surface"}`."""
    spans = segmentation.sentence_spans(text)
    sentences = [Sentence(i, 0, start, end, text[start:end]) for i, (start, end) in enumerate(spans)]
    mentions = entities.extract(text, sentences, _reference(), script=detect_script(text))
    return [{"start": m.start, "end": m.end, "type": m.type, "surface": m.surface} for m in mentions]
