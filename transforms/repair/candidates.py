"""What the detectors of this package read, and what they hand to the engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from transforms import segmentation
from transforms.article import Edit, Paragraph, RepairKind, Script
from transforms.reference import Entity
from transforms.repair.romanization import romanize
from transforms.script import all_han, detect_script, fold, has_han

#: From this confidence on a repair is applied in a garbled paragraph, below it is only suggested.
APPLY_FROM = 0.8


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible repair of raw[start:end].

    `weight` is the evidence for a round trip that its mere presence gives (natural-log odds), `confidence` how sure the replacement is
    once the paragraph is known to be garbled. An empty `replacement` proposes nothing: it is evidence alone (a stitch deletes, though).
    `entity_id` is the entity that is meant; `signal` says what was seen.
    """

    start: int
    end: int
    replacement: str
    kind: RepairKind
    rule_id: str
    confidence: float
    weight: float
    entity_id: str | None = None
    signal: str = ""

    @property
    def edit(self) -> Edit:
        """The edit that carries it out."""
        return Edit(self.start, self.end, self.replacement, self.kind, self.rule_id, self.confidence)


class Reading:
    """An article as the detectors see it: all paragraphs but boilerplate, folded, at their raw offsets; line feeds fill the rest."""

    def __init__(self, paragraphs: Sequence[Paragraph]) -> None:
        pieces: list[str] = []
        at = 0
        for p in paragraphs:
            if p.role != "boilerplate":
                pieces += ("\n" * (p.raw_start - at), p.raw_text)
                at = p.raw_end
        raw = "".join(pieces)
        self.text = fold(raw)
        #: simplified text is its own folded form, but for width
        self.script: Script = "hans" if raw == self.text else detect_script(raw)
        lower = self.text.lower()
        #: in lower case at the same offsets: a few characters, such as İ, would grow
        self.lower = lower if len(lower) == len(self.text) else "".join(c if len(c.lower()) > 1 else c.lower() for c in self.text)
        self._has: dict[str, bool] = {}
        self._uses: dict[str, bool] = {}

    def has(self, word: str) -> bool:
        """Whether a word stands anywhere in the article."""
        if word not in self._has:
            self._has[word] = word in self.text
        return self._has[word]

    def uses(self, word: str) -> bool:
        """Whether a word stands in the article by itself, not only in a longer one: 良率 in 不良率."""
        if word not in self._uses:
            self._uses[word] = any(not segmentation.cuts_a_word(self.text, at, at + len(word)) for at in self.places(word))
        return self._uses[word]

    def places(self, word: str) -> Iterator[int]:
        """Where a word stands in the article."""
        at = self.text.find(word) if self.has(word) else -1
        while at >= 0:
            yield at
            at = self.text.find(word, at + 1)

    def knows(self, entity: Entity) -> bool:
        """Whether the article also uses a Chinese spelling of the entity that nothing else could mean."""
        return any(self.has(n) for n in (entity.name, *entity.aliases) if n not in entity.ambiguous and has_han(n))

    @cached_property
    def by_pinyin(self) -> dict[str, str]:
        """The Chinese personal and brand names in the article by their pinyin: the untouched half says who "Gu Nanzhou" is."""
        names: dict[str, str] = {}
        for word, tag in dict.fromkeys(segmentation.tag(self.text)):
            if tag in ("nr", "nrt", "nz", "nt") and 2 <= len(word) <= 4 and all_han(word):
                names.setdefault("".join(romanize(word)), word)
        return names
