"""A spun article and its clean original say the same: the facts of the two agree."""

import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from transforms import pipeline, reference
from transforms.article import LAYOUT_KINDS, Article, RawDocument

REFERENCE = reference.load()
PROJECT = Path(__file__).parents[2]
SAMPLES, ORIGINALS = PROJECT / "data" / "samples", PROJECT / "tests" / "data" / "originals"
NAMES = sorted(path.stem for path in ORIGINALS.glob("*.txt"))


def spun(name: str) -> str:
    if name == "articles-2":
        record = (SAMPLES / "articles.jsonl").read_text(encoding="utf-8").splitlines()[1]
        return str(json.loads(record)["text"])
    return (SAMPLES / f"{name}.txt").read_text(encoding="utf-8")


def transform(name: str, text: str) -> Article:
    return pipeline.transform(RawDocument(f"{name}.txt", text), REFERENCE, today=date(2024, 5, 1))


def facts(article: Article) -> Counter[tuple[object, ...]]:
    return Counter((f.subject, f.metric, f.value, f.low, f.high, f.unit, f.period_start, f.period_end, f.status) for f in article.facts)


def test_the_facts_of_spun_articles_are_those_of_their_originals() -> None:
    """F1 over all pairs at least 0.90, no pair below 0.80: the phones article lives on names that are plain words (荣誉, millet)."""
    common = total = 0
    for name in NAMES:
        ours = facts(transform(name, spun(name)))
        wanted = facts(transform(name, (ORIGINALS / f"{name}.txt").read_text(encoding="utf-8")))
        assert wanted.total() >= 5
        assert 2 * (ours & wanted).total() >= 0.8 * (ours.total() + wanted.total()), (name, wanted - ours, ours - wanted)
        common, total = common + (ours & wanted).total(), total + ours.total() + wanted.total()
    assert 2 * common >= 0.9 * total, f"{2 * common / total:.3f}"


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_repaired_in_the_originals(name: str) -> None:
    article = transform(name, (ORIGINALS / f"{name}.txt").read_text(encoding="utf-8"))
    assert [(r.raw_text, r.clean_text) for r in article.repairs if r.kind not in LAYOUT_KINDS] == []
