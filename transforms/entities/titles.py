"""Positions and professions: 副总裁, 首席经济学家, 销售总监."""

from __future__ import annotations

from transforms.entities.lexicon import Lexicon
from transforms.entities.spans import Span
from transforms.entities.words import Words


def title(words: Words, i: int, lexicon: Lexicon) -> Span:
    """The title that ends with word i, with its modifiers."""
    left = i
    while left and words.text[left - 1] in lexicon.cue_sets["title_modifier"]:
        left -= 1
    return Span(words.starts[left], words.starts[i + 1], "title", "pattern", 0.8)
