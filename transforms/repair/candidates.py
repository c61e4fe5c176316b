"""What the detectors of this package hand to the engine."""

from __future__ import annotations

from dataclasses import dataclass, replace

from transforms.article import Edit, RepairKind


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible repair of text[start:end]; the detectors see one folded paragraph, the engine moves their findings to raw offsets.

    `weight` is the evidence for a round trip that its mere presence gives (natural-log odds), `confidence` how sure the replacement is
    once the paragraph is known to be garbled; below `APPLY_FROM` it is only suggested. An empty `replacement` proposes nothing: it is
    evidence alone. `entity_id` is the entity that is meant.
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

    def moved(self, by: int) -> Candidate:
        """The same candidate in a text that begins `by` characters earlier."""
        return replace(self, start=self.start + by, end=self.end + by)

    @property
    def edit(self) -> Edit:
        """The edit that carries it out."""
        return Edit(self.start, self.end, self.replacement, self.kind, self.rule_id, self.confidence)


APPLY_FROM = 0.8
