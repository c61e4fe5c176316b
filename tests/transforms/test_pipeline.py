"""The whole line on one article: the invariants that every article keeps."""

from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from transforms import pipeline, reference
from transforms.article import LAYOUT_KINDS, Alignment, Article, Edit, RawDocument
from transforms.rows import to_rows
from transforms.tables import BY_NAME, PER_ARTICLE

REFERENCE = reference.load()
TODAY = date(2024, 5, 1)
SAMPLES = Path(__file__).parents[2] / "data" / "samples"

#: Pieces of which random articles are made: what trips one step or another.
PIECES = (
    "公司营收35.2亿元,同比增长41%。",
    "Tik Tok",
    "抖音",
    "Wang传福",
    "2020年5-7月",
    "从34%上升到78%",
    "据《晚点 LatePost》报道,",
    "（2020）",
    "\n",
    "\n\n  ",
    "。",
    ",",
    " ",
    "１２％",
    "億",
    "万亿美元",
    "粉丝粉丝",
    "出品/Lianshang.com",
    "相关文章",
    "的",
    "《",
    "》",
    "“",
    "\u200b",
    "<br>",
    "去年12月",
    "几十万人",
    "😀",
    "\x00",
)


def transform(text: str) -> Article:
    return pipeline.transform(RawDocument("probe.txt", text), REFERENCE, today=TODAY)


def check(article: Article) -> None:
    """What holds for every article."""
    raw, clean = article.document.text, article.clean_text
    assert article.alignment.undo() == raw
    kept = [p for p in article.paragraphs if p.start is not None]
    for p in kept:
        # the audit log alone, applied to the raw paragraph, gives its clean text
        edits = [
            Edit(r.raw_start - p.raw_start, min(r.raw_end, p.raw_end) - p.raw_start, r.clean_text)
            for r in article.repairs
            if r.status == "applied" and p.raw_start <= r.raw_start < p.raw_end
        ]
        assert Alignment(p.raw_text, edits).clean == clean[p.start : p.end]
    assert "".join(clean[p.start : p.end] for p in kept) == clean.replace("\n", "")
    for item in (*article.mentions, *article.quantities, *article.times):
        assert clean[item.start : item.end] == item.surface
        assert "\n" not in item.surface
    for item in (*article.facts, *article.events):
        assert clean[item.start : item.end] == item.evidence
    # festivals are names and dates at once
    spans = sorted((m.start, m.end) for m in (*article.mentions, *article.quantities, *article.times) if getattr(m, "type", "") != "event")
    assert all(a[1] <= b[0] for a, b in pairwise(spans)), "mentions, quantities and times overlap"
    rows = to_rows(article, pipeline_version="v", run_id="r", ingested_at=datetime(2024, 5, 1, tzinfo=UTC))
    assert set(rows) == {t.name for t in PER_ARTICLE}
    for name, table in rows.items():
        for row in table:
            assert set(row) == {c.name for c in BY_NAME[name].columns}


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES) | st.text(max_size=6), max_size=40).map("".join))
def test_any_text_keeps_the_invariants(text: str) -> None:
    check(transform(text))


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_cleaning_a_clean_text_changes_nothing(text: str) -> None:
    clean = transform("标题\n" + text).clean_text
    again = transform(clean)
    assert [
        r
        for r in again.repairs
        if r.status == "applied" and r.kind in LAYOUT_KINDS and again.paragraphs[r.paragraph_index].start is not None
    ] == []


@pytest.mark.parametrize("text", ["", "\n", " ", "。", "a", "\ufeff", "1", "2020年", "《》", "\x00"])
def test_almost_nothing(text: str) -> None:
    check(transform(text))


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.txt")), ids=lambda p: p.stem)
def test_samples(path: Path) -> None:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("gb18030")
    check(transform(text))


def test_ids_are_stable() -> None:
    assert pipeline.article_id("a/b.txt", 3) == pipeline.article_id("a/b.txt", 3) != pipeline.article_id("a/b.txt", 4)
    first, second = transform("标题\n公司营收35.2亿元，同比增长41%。"), transform("标题\n公司营收35.2亿元，同比增长41%。")
    stamps = {"pipeline_version": "v", "run_id": "r", "ingested_at": datetime(2024, 5, 1, tzinfo=UTC)}
    assert to_rows(first, **stamps) == to_rows(second, **stamps)
