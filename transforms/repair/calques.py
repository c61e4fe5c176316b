"""Terms of art that came back from English as other words (`calques.csv`)."""

from __future__ import annotations

from functools import cache

import ahocorasick_rs

from transforms.reference import Reference
from transforms.repair.candidates import Candidate
from transforms.repair.spelling import ArticleNames


@cache
def _automaton(reference: Reference) -> ahocorasick_rs.AhoCorasick:
    patterns = [row.pattern for row in reference.calques]
    return ahocorasick_rs.AhoCorasick(patterns or ["\0"], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)


def candidates(text: str, reference: Reference, article: ArticleNames) -> list[Candidate]:
    """The calques of one paragraph. A row with `context` counts only where one of these words stands in the article, and proves the round
    trip only where the right term itself stands elsewhere in the article or nobody writes the wrong one by hand (confidence from 0.9)."""
    found: list[Candidate] = []
    for index, start, end in _automaton(reference).find_matches_as_indexes(text):
        row = reference.calques[index]
        if row.context and not any(word in article.text for word in row.context):
            continue
        confidence = row.confidence if row.status == "applied" else min(row.confidence, 0.6)
        weight = 2.5 if confidence >= 0.9 else 0.6 if row.replacement and row.replacement in article.text else 0.3
        found.append(
            Candidate(
                start,
                end,
                row.replacement,
                row.kind,
                f"calque.{row.pattern}",
                confidence,
                weight,
                None,
                f"{row.pattern} -> {row.replacement}",
            )
        )
    return found
