"""A back end that learns: a conditional random field over characters (python-crfsuite, extra `crf`).

The rules stay the default; who has labelled articles of an own field trains a model with `qingwen train-ner` and runs with `--ner crf`.
A model is a file of crfsuite; this module only reads what an open tagger says.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from typing import Protocol, get_args

from transforms.article import EntityType, Mention, Sentence
from transforms.entities.naming import unknown_id
from transforms.script import fold, is_han

OUTSIDE = "O"
_WINDOW = (-2, -1, 0, 1, 2)
_KINDS = frozenset(get_args(EntityType))


class Tagger(Protocol):
    """What is used of `pycrfsuite.Tagger`."""

    def tag(self, xseq: list[list[str]]) -> list[str]: ...


def features(text: str) -> list[list[str]]:
    """For each character of a text the features that the model sees: the characters and pairs around it, and their kinds.

    >>> features("招行")[1]
    ['bias', '-1=招', '0=行', '-1|0=招行', 'kinds=^hh$$']
    """
    folded = fold(text)
    kinds = ["^", "^", *map(_kind, folded), "$", "$"]
    rows = []
    for i in range(len(folded)):
        row = ["bias"]
        row += [f"{d}={folded[i + d]}" for d in _WINDOW if 0 <= i + d < len(folded)]
        row += [f"{d}|{d + 1}={folded[i + d : i + d + 2]}" for d in _WINDOW[:-1] if i + d >= 0 and i + d + 1 < len(folded)]
        row.append("kinds=" + "".join(kinds[i : i + 5]))
        rows.append(row)
    return rows


def _kind(char: str) -> str:
    return "h" if is_han(char) else unicodedata.category(char)[0]


def to_labels(text: str, entities: Iterable[tuple[int, int, str]]) -> list[str]:
    """One label a character from spans with their types: B-type, I-type or O.

    >>> to_labels("去招行", [(1, 3, "company")])
    ['O', 'B-company', 'I-company']

    Raises ValueError for a span outside the text, two that overlap, or an unknown type.
    """
    labels = [OUTSIDE] * len(text)
    for start, end, kind in entities:
        if not 0 <= start < end <= len(text) or kind not in _KINDS or any(label != OUTSIDE for label in labels[start:end]):
            raise ValueError(f"entity {kind} at {start}..{end} of {text!r}: outside the text, over another one, or of an unknown type")
        labels[start:end] = [f"B-{kind}", *[f"I-{kind}"] * (end - start - 1)]
    return labels


def from_labels(labels: Sequence[str]) -> list[tuple[int, int, EntityType]]:
    """The spans behind a sequence of labels; an I without its B begins a span of its own.

    >>> from_labels(["O", "B-company", "I-company", "I-person"])
    [(1, 3, 'company'), (3, 4, 'person')]
    """
    spans: list[tuple[int, int, EntityType]] = []
    for i, label in enumerate(labels):
        position, _, kind = label.partition("-")
        if kind not in _KINDS:
            continue
        if position == "I" and spans and spans[-1][1] == i and spans[-1][2] == kind:
            spans[-1] = (spans[-1][0], i + 1, spans[-1][2])
        else:
            spans.append((i, i + 1, kind))  # type: ignore[arg-type]
    return spans


class CrfRecognizer:
    """A back end for `extract` around an open tagger."""

    def __init__(self, tagger: Tagger) -> None:
        self._tagger = tagger

    def mentions(self, sentences: Sequence[Sentence]) -> list[Mention]:
        """What the model finds, with offsets into the clean text."""
        found = []
        for sentence in sentences:
            for start, end, kind in from_labels(self._tagger.tag(features(sentence.text))):
                surface = sentence.text[start:end]
                found.append(
                    Mention(sentence.start + start, sentence.start + end, surface, unknown_id(kind, surface), surface, kind, "model", 0.7)
                )
        return found
