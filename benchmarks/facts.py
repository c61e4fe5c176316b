"""Facts and events together, and the whole line, beside bare part-of-speech tagging of the same text (rjieba, jieba's Rust port) and the
limit of a million characters a second that we set ourselves."""

from __future__ import annotations

from datetime import date

from benchmarks import article_text, characters_per_second, table
from transforms import events, facts, pipeline, reference, segmentation
from transforms.article import RawDocument

TODAY = date(2024, 5, 1)
LIMIT = 1_000_000.0


def main() -> None:
    text = article_text()
    known = reference.load()
    article = pipeline.transform(RawDocument("benchmark.txt", text), known, today=TODAY)

    def facts_and_events(_: str) -> object:
        views = facts.views(article.clean_text, article.sentences, article.mentions, article.quantities, article.times, known)
        return facts.extract(views, known, article.reference_date), events.extract(views, article.reference_date)

    own = "facts and events"
    speeds: dict[str, float | None] = {
        own: characters_per_second(facts_and_events, article.clean_text),
        "the whole line": characters_per_second(lambda raw: pipeline.transform(RawDocument("b.txt", raw), known, today=TODAY), text),
        "rjieba, tagging alone": characters_per_second(segmentation.tag, text),
        "limit": LIMIT,
    }
    table(f"facts and events, {len(text):,} characters of articles", speeds, own)


if __name__ == "__main__":
    main()
