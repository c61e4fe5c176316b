"""Facts and events together, and the whole line, beside bare part-of-speech tagging of the same text (rjieba, jieba's Rust port) and the
limit of a million characters a second that we set ourselves. The cost is by the fact, so texts of three densities are measured."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from benchmarks import ORIGINALS, characters_per_second, table
from transforms import events, facts, pipeline, reference, segmentation
from transforms.article import RawDocument

TODAY = date(2024, 5, 1)
LIMIT = 1_000_000.0


def main() -> None:
    folder = ORIGINALS.parent
    measure("dense (results, one behind the other)", sorted(ORIGINALS.glob("*.txt")))
    measure("ordinary (reports that tell a story)", sorted(folder.glob("heldout/third/*.raw.txt")))
    measure("sparse (single sentences of business news)", [folder / "negative.txt"])


def measure(kind: str, paths: Sequence[Path]) -> None:
    """Print the speeds on some articles, with their facts per 1,000 characters."""
    known = reference.load()
    documents = [RawDocument(path.name, path.read_text(encoding="utf-8")) for path in paths]
    articles = [pipeline.transform(document, known, today=TODAY) for document in documents]
    raw, clean = "".join(d.text for d in documents), "".join(a.clean_text for a in articles)

    def facts_and_events(_: str) -> None:
        for a in articles:
            views = facts.views(a.clean_text, a.sentences, a.mentions, a.quantities, a.times, known)
            facts.extract(views, known, a.reference_date)
            events.extract(views, a.reference_date)

    def whole_line(_: str) -> None:
        for document in documents:
            pipeline.transform(document, known, today=TODAY)

    own = "facts and events"
    speeds: dict[str, float | None] = {
        own: characters_per_second(facts_and_events, clean),
        "the whole line": characters_per_second(whole_line, raw),
        "rjieba, tagging alone": characters_per_second(segmentation.tag, clean),
        "limit": LIMIT,
    }
    density = 1000 * sum(len(a.facts) for a in articles) / len(clean)
    table(f"{own}, {kind}: {len(clean):,} characters, {density:.0f} facts per 1,000", speeds, own)


if __name__ == "__main__":
    main()
