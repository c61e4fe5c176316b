"""Whether an ambiguous word names a brand: 荣耀发布新机, 苹果公司, but not 获得荣誉 or 苹果和梨.

The words that stand beside a brand, and beside the plain word, are those of name_cues.csv.
"""

from __future__ import annotations

from functools import cache

from transforms.reference import Entity, Reference
from transforms.repair.candidates import Reading
from transforms.repair.lexicon import names_in_chinese

#: Prices and harvests have a time behind them as firms do (苹果去年丰收): no proof here.
_TIMES = ("年", "季度")


def is_named(text: str, start: int, end: int, reference: Reference) -> bool | None:
    """Whether text[start:end] stands beside words that go with a brand (True), with the plain word (False), or with neither (None)."""
    brand_before, brand_after, plain_before, plain_after = _cues(reference)
    if text.startswith(plain_after, end) or text.endswith(plain_before, 0, start):
        return False
    return True if text.startswith(brand_after, end) or text.endswith(brand_before, 0, start) else None


def is_proved(entity: Entity, reading: Reading, reference: Reference) -> bool:
    """Whether the article shows in Chinese that it speaks of the entity: by a name that nothing else could mean, or by an ambiguous one
    that stands beside words of a brand, and nowhere for the plain word."""
    if reading.knows(entity):
        return True
    seen = {is_named(reading.text, at, at + len(name), reference) for name in names_in_chinese(entity) for at in reading.places(name)}
    return True in seen and False not in seen


@cache
def _cues(reference: Reference) -> tuple[tuple[str, ...], ...]:
    """The words before and behind a brand, before and behind the plain word."""
    kinds = ("brand_before", "brand_after", "plain_before", "plain_after")
    cues = [cue for cue in reference.name_cues if not cue.surface.endswith(_TIMES)]
    return tuple(tuple(cue.surface for cue in cues if cue.kind == kind) for kind in kinds)
