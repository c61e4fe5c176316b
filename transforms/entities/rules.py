"""Names that the reference data does not know: one pass over the words, then the same names elsewhere in the article."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.article import EntityType, Sentence
from transforms.entities import latin, marks, organizations, persons, places, titles, words
from transforms.entities.lexicon import Lexicon, own_suffix
from transforms.entities.spans import Span
from transforms.entities.words import Words

_DOTS = "·•・‧"
_NAMED: frozenset[EntityType] = frozenset({"company", "organization", "government", "product", "media"})
_REPEATED: frozenset[EntityType] = frozenset({"person", "company", "organization", "product"})


def candidates(folded: str, sentences: Sequence[Sentence], merged: Words, lexicon: Lexicon) -> list[Span]:
    """All candidates of the rules, overlapping ones too."""
    found = in_words(merged, lexicon)
    for sentence in sentences:
        text = folded[sentence.start : sentence.end]
        if "》" in text:
            found += marks.in_brackets(text, sentence.start)
        if "“" in text or "「" in text:
            found += marks.in_quotes(text, sentence.start)
        if latin.LETTER.search(text):
            found += latin.by_shape(text, sentence.start, lexicon)
    return found


def in_words(merged: Words, lexicon: Lexicon) -> list[Span]:
    """One pass over the words of an article."""
    found: list[Span] = []
    resume = 0  # no person begins inside a person
    for i in merged.with_role(words.TRIGGERS):
        role = merged.roles[i]
        if role & words.SUFFIX and (span := organizations.by_suffix(merged, i, lexicon)):
            found.append(span)
        if role & words.TITLE:
            found.append(titles.title(merged, i, lexicon))
            continue
        if role & words.VERB and (span := organizations.acquired(merged, i, lexicon) or organizations.gathering(merged, i, lexicon)):
            found.append(span)
        if role & words.SHORT and (short := places.abbreviated(merged, i, lexicon)):
            found += short
            continue
        if role & words.REGION:
            found.append(places.region(merged, i))
        if role & words.OFFICE:
            found.append(Span(merged.starts[i], merged.starts[i + 1], _kind_of_office(merged.text[i], lexicon), "segmenter", 0.7))
        if i < resume:
            continue
        if role & words.SURNAME and (name := persons.chinese(merged, i, lexicon)):
            found.append(name[0])
            resume = i + name[1]
        if role & words.FOREIGN and (name := persons.foreign(merged, i, lexicon)):
            found.append(name[0])
            resume = max(resume, i + name[1])
    return found


def _kind_of_office(word: str, lexicon: Lexicon) -> EntityType:
    suffix = own_suffix(word, lexicon)
    return lexicon.suffixes[suffix][0] if suffix else "organization"


def repeated(folded: str, chosen: Sequence[Span], plain: Words) -> list[Span]:
    """Other places of the article at which a name stands that was found by its context once; a foreign person also by the last part
    of the name, a firm by the short form it is given (以下简称“…”). `plain` are the words before any was merged."""
    found = []
    full: dict[str, tuple[Span, str]] = {}
    for span in chosen:
        text = folded[span.start : span.end]
        if span.entity_id is not None or span.type not in _REPEATED or span.confidence < 0.7 or text.isascii():
            continue
        full.setdefault(text, (span, text))
        if span.type == "person" and (last := text[max(map(text.rfind, _DOTS)) + 1 :]) != text and len(last) > 1:
            full.setdefault(last, (span, text))
    ends = {span.end: span for span in chosen}
    for bracket, surface in marks.short_names(folded):
        if (owner := ends.get(bracket)) and owner.type in _NAMED:
            full[surface] = owner, owner.name or folded[owner.start : owner.end]
    for surface, (span, name) in full.items():
        at = folded.find(surface)
        while at >= 0:
            end = at + len(surface)
            if at != span.start and (len(surface) > 2 or (plain.is_edge(at) and plain.is_edge(end))):
                found.append(Span(at, end, span.type, span.method, max(0.5, span.confidence - 0.1), span.entity_id, name))
            at = folded.find(surface, end)
    return found
