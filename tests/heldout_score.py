"""Score the repairs on spun articles that were written blind to the rules: `python tests/heldout_score.py [-v] [FOLDER]`.

`NAME.repairs.json` says of `NAME.raw.txt`: `garbled`, how its garbled paragraphs begin; `seams`, where it was cut in two; `repairs`, what
stands in those paragraphs for what, wherever it occurs (`certain: false`: allowed, not wanted).
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from transforms import cleaning, paragraphs, reference
from transforms.article import LAYOUT_KINDS, Paragraph
from transforms.repair import engine
from transforms.script import fold

FOLDER = Path(__file__).parent / "data" / "heldout"
Change = tuple[int, int, str]


def score(folder: Path = FOLDER, *, verbose: bool = False) -> dict[str, float]:
    """Recall of the certain repairs, precision of the applied ones, F1 of the garbled paragraphs and share of mended seams."""
    known = reference.load()
    wanted = right = applied = proper = seams = mended = hit = marked = garbled = 0
    for path in sorted(folder.rglob("*.raw.txt")):
        raw = path.read_text(encoding="utf-8")
        gold = json.loads(path.with_name(path.name.replace(".raw.txt", ".repairs.json")).read_text(encoding="utf-8"))
        diagnosis = engine.diagnose(paragraphs.assign_roles(paragraphs.split(raw), known), known)
        alignment, placed, edits = cleaning.assemble(
            raw, diagnosis.paragraphs, [c.edit for c in diagnosis.applied], keep_title=False, reference=known
        )
        body = [p for p in placed if p.role in ("heading", "body")]
        certain, possible = (_changes(body, gold, certain=flag) for flag in (True, False))
        either = certain + [c for c in possible if all(c[1] <= a or b <= c[0] for a, b, _ in certain)]
        mine = [(e.start, e.end, e.text) for e in edits if e.kind not in LAYOUT_KINDS and e.kind != "stitch"]
        for change in certain:
            ok = _agree(raw, change, mine, certain, either)
            right += ok
            if verbose and not ok:
                print(f"{path.stem}: missed {raw[change[0] : change[1]]} -> {change[2]}")
        for change in mine:
            ok = _agree(raw, change, mine, certain, either)
            proper += ok
            if verbose and not ok:
                print(f"{path.stem}: wrong {raw[change[0] - 8 : change[1] + 8]!r}: {raw[change[0] : change[1]]} -> {change[2]}")
        for p in body:
            spun = _is_garbled(p, gold)
            hit, marked, garbled = hit + (spun and p.garbled), marked + p.garbled, garbled + spun
            if verbose and spun != p.garbled:
                print(f"{path.stem}: {'missed' if spun else 'wrongly garbled'} ({p.garble_score:.2f}) {p.raw_text[:40]} [{p.signals}]")
        for seam in gold["seams"]:
            cut = raw.index(seam["left"]) + len(seam["left"])
            ok = "\n" not in alignment.clean[slice(*alignment.clean_span(cut, raw.index(seam["right"], cut)))]
            mended += ok
            if verbose and not ok:
                print(f"{path.stem}: seam {seam}")
        wanted, applied, seams = wanted + len(certain), applied + len(mine), seams + len(gold["seams"])
    return {
        "repairs.recall": right / wanted,
        "repairs.precision": proper / max(1, applied),
        "garbled.f1": 2 * hit / (marked + garbled),
        "seams": mended / seams,
    }


def _is_garbled(p: Paragraph, gold: dict[str, Any]) -> bool:
    return any(p.raw_text.startswith(beginning) for beginning in gold["garbled"])


def _changes(body: Iterable[Paragraph], gold: dict[str, Any], *, certain: bool) -> list[Change]:
    """The places of the annotated repairs in the garbled paragraphs; a longer one excludes a shorter one inside of it."""
    found: list[Change] = []
    rows = sorted((r for r in gold["repairs"] if r.get("certain", True) == certain), key=lambda r: -len(r["raw"]))
    for p in body:
        if not _is_garbled(p, gold):
            continue
        for row in rows:
            at = p.raw_text.find(row["raw"])
            while at >= 0:
                start, end = p.raw_start + at, p.raw_start + at + len(row["raw"])
                if all(end <= a or b <= start for a, b, _ in found):
                    found.append((start, end, row["clean"]))
                at = p.raw_text.find(row["raw"], at + 1)
    return found


def _agree(raw: str, change: Change, mine: Sequence[Change], *golds: Sequence[Change]) -> bool:
    """Whether the text around a change reads the same with mine and with one of the gold changes."""
    for gold in golds:
        start, end = _grown(change[0], change[1], [*mine, *gold])
        if _rendered(raw, start, end, mine) == _rendered(raw, start, end, gold):
            return True
    return False


def _grown(start: int, end: int, changes: Sequence[Change]) -> tuple[int, int]:
    """The span, grown until no change straddles its border."""
    for a, b, _ in changes * 2:
        if a < end and b > start:
            start, end = min(a, start), max(b, end)
    return start, end


def _rendered(raw: str, start: int, end: int, changes: Iterable[Change]) -> str:
    pieces, at = [], start
    for a, b, text in sorted(changes):
        if at <= a and b <= end:
            pieces += (raw[at:a], text)
            at = b
    return fold("".join((*pieces, raw[at:end]))).replace(" ", "").lower()


if __name__ == "__main__":
    folders = [Path(argument) for argument in sys.argv[1:] if argument != "-v"]
    for name, value in score(*folders, verbose="-v" in sys.argv).items():
        print(f"{name:<20}{value:.4f}")
