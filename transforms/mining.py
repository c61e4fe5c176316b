"""What a corpus teaches: Latin spellings that no reference row knows, who is probably meant, and names that deserve a row of their own.

The proof comes from the corpus itself. A round trip leaves the numbers as they were, so a garbled paragraph and the paragraph of another
article that has the same numbers tell the same story: the names in the second are what the odd spellings in the first stand for.
Paragraphs that share numbers are found through an index of the rarer ones; the words around them are too few for a sketch of the set.

Frames carry the columns of the tables they are named after (see `transforms.tables`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

import pandas as pd

from transforms.reference import Reference
from transforms.repair.lexicon import lexicon
from transforms.repair.romanization import letters, romanize
from transforms.repair.spelling import latin_runs
from transforms.script import all_han, fold, has_han

PARAGRAPH_COLUMNS = ("article_id", "paragraph_index", "role", "text", "garble_score", "garbled")
MENTION_COLUMNS = ("article_id", "paragraph_index", "name")
REPAIR_COLUMNS = ("raw_text", "clean_text", "kind", "status")
#: The columns of the result.
SPELLING_COLUMNS = ("spelling", "count", "articles", "garbled_share", "candidate", "proofs", "source", "context")
#: Numbers that two paragraphs must share, and in how many paragraphs a number may stand to tell anything.
_SHARED, _MAX_PARAGRAPHS = 2, 20
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_YEAR = re.compile(r"(?:19|20)\d\d")
_CONTEXT = 12
_MIN_LETTERS = 3

Key = tuple[str, int]


def numbers(text: str) -> frozenset[str]:
    """The telling numbers of a text: neither years nor single digits.

    >>> sorted(numbers("2023年营收1,203.5亿元，增长15%，共3家"))
    ['1203.5', '15']
    """
    found = (n.replace(",", "") for n in _NUMBER.findall(fold(text)))
    return frozenset(n for n in found if len(n) > 1 and not _YEAR.fullmatch(n))


def unknown_spellings(paragraphs: pd.DataFrame, mentions: pd.DataFrame, repairs: pd.DataFrame, reference: Reference) -> pd.DataFrame:
    """Names in Latin spelling that the reference data does not explain, those of the most garbled articles first: what the repairs only
    suggested, and Latin words in headings and body that are unknown.

    `candidate` is what was suggested, or the Chinese name that stands in the most paragraphs with the same numbers (`proofs`), or whose
    pinyin it is; null where the corpus has none of it.
    """
    named = repairs[(repairs["status"] == "suggested") & repairs["kind"].isin(("brand", "person_name"))]
    suggested = dict(zip(named["raw_text"], named["clean_text"], strict=True))
    # the blank of "Gu 南舟" is not in the clean paragraph
    patterns = {spelling: re.compile(re.escape(spelling).replace(r"\ ", " ?")) for spelling in suggested}
    rows = paragraphs[paragraphs["role"].isin(("heading", "body")) & paragraphs["text"].notna()]
    text = {(a, i): t for a, i, t in rows[["article_id", "paragraph_index", "text"]].itertuples(index=False, name=None)}
    garbled = {(a, i) for a, i in rows.loc[rows["garbled"], ["article_id", "paragraph_index"]].itertuples(index=False, name=None)}
    names: dict[Key, set[str]] = defaultdict(set)
    for a, i, name in mentions[list(MENTION_COLUMNS)].itertuples(index=False, name=None):
        if has_han(name):
            names[a, i].add(name)
    by_pinyin = {"".join(romanize(name)): name for name in sorted(set().union(*names.values())) if all_han(name)}

    places: dict[str, list[tuple[Key, int, int]]] = defaultdict(list)
    for key, paragraph in text.items():
        for spelling, pattern in patterns.items():
            places[spelling] += [(key, m.start(), m.end()) for m in pattern.finditer(paragraph)]
        taken = {start for spelling in suggested for other, start, _ in places[spelling] if other == key}
        for start, end in _unknown(fold(paragraph), reference):
            if start not in taken:
                places[paragraph[start:end]].append((key, start, end))
    siblings = _siblings(text, {key for found in places.values() for key, _, _ in found} & garbled, garbled)

    result = []
    for spelling, found in places.items():
        if not found:
            continue
        keys = {key for key, _, _ in found}
        proofs = Counter(name for key in keys for other in siblings.get(key, ()) for name in names[other] - names[key])
        meant = by_pinyin.get(letters(spelling))
        best = max(proofs.items(), key=lambda item: (item[0] == meant, item[1], item[0]), default=(meant, 0))
        source = "same numbers" if best[1] else "pinyin" if meant else None
        if spelling in suggested and not best[1]:
            best, source = (suggested[spelling], 0), "suggested"
        (key, start, end), share = found[0], len(keys & garbled) / len(keys)
        context = text[key][max(0, start - _CONTEXT) : end + _CONTEXT]
        result.append((spelling, len(found), len({a for a, _ in keys}), share, best[0], best[1], source, context))
    frame = pd.DataFrame(result, columns=list(SPELLING_COLUMNS))
    order = frame.assign(weight=frame["articles"] * frame["garbled_share"])
    return order.sort_values(["weight", "count", "spelling"], ascending=[False, False, True])[list(SPELLING_COLUMNS)].reset_index(drop=True)


def suggested_calques(repairs: pd.DataFrame) -> pd.DataFrame:
    """What the repairs only suggested for terms, the most frequent first: spelling, candidate and count."""
    rows = repairs[(repairs["status"] == "suggested") & (repairs["kind"] == "calque")]
    counts = rows.groupby(["raw_text", "clean_text"]).size().rename("count").reset_index()
    counts.columns = pd.Index(["spelling", "candidate", "count"])
    return counts.sort_values(["count", "spelling"], ascending=[False, True]).reset_index(drop=True)


def unknown_entities(entities: pd.DataFrame) -> pd.DataFrame:
    """Names outside the reference data, those of the most articles first, with id, name, type and counts. Job titles are no names."""
    columns = ["entity_id", "name", "type", "article_count", "mention_count"]
    frame = entities.loc[~entities["in_reference"] & (entities["type"] != "title"), columns]
    return frame.sort_values(["article_count", "mention_count", "name"], ascending=[False, False, True]).reset_index(drop=True)


def _unknown(text: str, reference: Reference) -> Iterator[tuple[int, int]]:
    """Where runs of Latin words stand that begin with a capital and are known neither as a whole nor in all their words."""
    book = lexicon(reference)
    units = {row.surface for row in reference.units}
    for run in latin_runs(text):
        start, end = run.start, run.spans[-1][1]
        surface = text[start:end]
        # abbreviations in capitals (ARPU) and units (GWh) are words of the trade
        if len(letters(surface)) >= _MIN_LETTERS and surface[0].isupper() and not surface.isupper() and surface not in units:
            keys = (*run.words, "".join(run.words))
            known = [key.isdigit() or key in book.spellings or key in book.genuine for key in keys]
            if not known[-1] and not all(known[:-1]):
                yield start, end


def _siblings(text: dict[Key, str], wanted: set[Key], garbled: set[Key]) -> dict[Key, list[Key]]:
    """The clean paragraphs of other articles that share numbers with each of the `wanted` ones."""
    clean: dict[str, list[Key]] = defaultdict(list)
    for key, paragraph in text.items():
        if key not in garbled:
            for number in numbers(paragraph):
                clean[number].append(key)
    found = {}
    for key in wanted:
        shared = Counter(
            other for number in numbers(text[key]) if len(clean[number]) <= _MAX_PARAGRAPHS for other in clean[number] if other[0] != key[0]
        )
        found[key] = [other for other, count in shared.items() if count >= _SHARED]
    return found
