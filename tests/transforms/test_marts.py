"""Corpus-level tables: copies count once, the best-attested reading wins, readings that differ are conflicts."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from transforms import marts
from transforms.reference import Entity
from transforms.tables import BY_NAME

DAY = date(2024, 3, 1)
WORDS = "去年全国网上零售额增长较快平台商家数量持续上升物流成本有所下降消费者对价格更加敏感直播带货成为重要渠道品牌方加大投入"


def text(seed: int, length: int = 600) -> str:
    return "".join(random.Random(seed).choices(WORDS, k=length))


def articles(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Rows of article_id, source_uri, reference_date, clean_text, duplicate_of; what is left out is filled in."""
    names = ["article_id", "source_uri", "reference_date", "clean_text", "duplicate_of"]
    return pd.DataFrame([(*row, *(f"{row[0]}.txt", DAY, "", None)[len(row) - 1 :]) for row in rows], columns=names)


def facts(*rows: dict[str, Any]) -> pd.DataFrame:
    default = dict.fromkeys(marts.FACT_COLUMNS) | {
        "article_id": "a",
        "subject": "抖音电商",
        "subject_id": "douyin",
        "metric": "gmv",
        "unit": "CNY",
        "status": "actual",
        "confidence": 0.9,
        "period_start": date(2023, 1, 1),
        "period_end": date(2023, 12, 31),
    }
    return pd.DataFrame(
        [default | {"fact_id": f"f{i}", "evidence": f"证据{i}"} | row for i, row in enumerate(rows)], columns=marts.FACT_COLUMNS
    )


def mentions(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    return pd.DataFrame([(*row, "company") for row in rows], columns=["article_id", "entity_id", "surface", "name", "type"])


KNOWN = [
    Entity("bytedance", "字节跳动", "company"),
    Entity("douyin", "抖音", "product", parent="bytedance", aliases=("抖音APP",), latin=("Douyin",), garbled=("颤音",), ticker=("BDNCE",)),
    Entity("kuaishou", "快手", "product"),
]


class TestDuplicates:
    def test_a_copy_points_to_the_earliest_by_date_then_source(self) -> None:
        body = text(1)
        found = marts.duplicates(
            articles(
                ("late", "a.txt", date(2024, 3, 2), body),
                ("second", "c.txt", DAY, body),
                ("first", "b.txt", DAY, body),
                ("other", "d.txt", DAY, text(2)),
            )
        )
        assert found == {"late": "first", "second": "first"}

    @pytest.mark.parametrize(("changed", "copy"), [(0, True), (6, True), (60, False)])
    def test_nearly_the_same_is_a_copy(self, changed: int, copy: bool) -> None:
        """n changed characters, each alone, break 5n of the 596 shingles."""
        body = list(text(3))
        for i in range(changed):
            body[i * 10] = "〇"
        found = marts.duplicates(articles(("a", "a", DAY, text(3)), ("b", "b", DAY, "\n".join("".join(body)))))
        assert found == ({"b": "a"} if copy else {})

    def test_the_first_copy_is_never_a_copy_itself(self) -> None:
        """Each version is near the one before, the last is far from the first: a chain must not make it a copy of it."""
        body, rows = list(text(4)), []
        for version in range(8):
            rows.append((f"v{version}", f"{version}", DAY, "".join(body)))
            for i in range(8):
                body[version * 70 + i * 8] = "〇"
        found = marts.duplicates(articles(*rows))
        assert found
        assert found["v1"] == "v0"
        assert found.get("v7") != "v0"
        assert not set(found) & set(found.values())

    def test_order_of_the_rows_does_not_matter(self) -> None:
        frame = articles(*((f"a{i}", f"{i % 7}", DAY, text(i % 5) + "尾" * (i % 3)) for i in range(30)))
        expected = marts.duplicates(frame)
        assert len(expected) == 25
        assert marts.duplicates(frame.sample(frac=1, random_state=1)) == expected

    def test_what_is_decided_changes_only_the_time_it_takes(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Articles come, go and change in chains of versions, in which one more or less decides over its neighbours."""
        comparisons = 0
        jaccard = marts._jaccard

        def count(*hashes: np.ndarray) -> float:
            nonlocal comparisons
            comparisons += 1
            return jaccard(*hashes)

        monkeypatch.setattr(marts, "_jaccard", count)
        draw = random.Random(5)
        corpus: dict[int, tuple[str, str, date, str]] = {}
        decided: dict[str, str | None] = {}
        spent = {"anew": 0, "decided": 0}
        for _ in range(60):
            touched = set(draw.sample(range(40), 4))
            for i in touched:
                body = list(text(i % 2))
                for k in range(draw.randrange(0, 30, 5)):
                    body[k * 19] = "〇"
                corpus.pop(i, None)
                if draw.random() < 0.7:
                    corpus[i] = (f"a{i}", f"{i * 7 % 40}", DAY, "".join(body))
            frame = articles(*corpus.values())
            known = {key: first for key, first in decided.items() if int(key[1:]) not in touched}
            comparisons = 0
            expected = marts.duplicates(frame)
            spent["anew"] += comparisons
            comparisons = 0
            assert marts.duplicates(frame, known) == expected
            spent["decided"] += comparisons
            decided = {key: expected.get(key) for key in frame["article_id"]}
        assert 0 < spent["decided"] < spent["anew"] / 2

    def test_empty_and_short_texts(self) -> None:
        assert marts.duplicates(articles(("a", "a", DAY, ""), ("b", "b", DAY, " \n"), ("c", "c", DAY, "短"), ("d", "d", DAY, "文"))) == {}
        assert marts.duplicates(articles()) == {}


class TestEntities:
    def test_counts_spans_and_parents(self) -> None:
        corpus = articles(("a", "a", date(2024, 1, 5)), ("b", "b", date(2024, 2, 5)), ("c", "c", date(2024, 3, 5), "", "a"))
        said = mentions(
            ("a", "douyin", "抖音", "抖音"),
            ("a", "douyin", "抖音", "抖音"),
            ("b", "douyin", "抖音", "抖音"),
            ("c", "douyin", "抖音", "抖音"),
            ("b", "x1", "某科技", "某科技"),
            ("b", "x1", "某科技公司", "某科技"),
            ("c", "x1", "某科技", "某科技有限公司"),
        )
        entities, _ = marts.entities(said, corpus, KNOWN)
        rows = {row["entity_id"]: row for row in entities.to_dict("records")}
        assert list(entities) == [c.name for c in BY_NAME["entities"].columns]
        assert set(rows) == {"bytedance", "douyin", "x1"}
        douyin, parent, unknown = rows["douyin"], rows["bytedance"], rows["x1"]
        assert (douyin["name"], douyin["type"], douyin["parent_id"], douyin["in_reference"]) == ("抖音", "product", "bytedance", True)
        assert (douyin["article_count"], douyin["mention_count"]) == (2, 3), "the copy does not count"
        assert (douyin["first_seen_on"], douyin["last_seen_on"]) == (pd.Timestamp(2024, 1, 5), pd.Timestamp(2024, 3, 5))
        assert (parent["article_count"], parent["mention_count"]) == (0, 0)
        assert pd.isna(parent["first_seen_on"])
        assert (unknown["name"], unknown["type"], unknown["in_reference"], unknown["mention_count"]) == ("某科技", "company", False, 2)

    def test_aliases_are_known_and_observed(self) -> None:
        said = mentions(
            ("a", "douyin", "颤音", "抖音"), ("a", "douyin", "抖音平台", "抖音"), ("a", "x1", "某厂", "某厂"), ("a", "x1", "某大厂", "某厂")
        )
        _, aliases = marts.entities(said, articles(("a",)), KNOWN)
        assert set(aliases.itertuples(index=False, name=None)) == {
            ("bytedance", "字节跳动", "name"),
            ("douyin", "抖音", "name"),
            ("douyin", "抖音APP", "abbreviation"),
            ("douyin", "Douyin", "latin"),
            ("douyin", "颤音", "garbled"),
            ("douyin", "BDNCE", "ticker"),
            ("douyin", "抖音平台", "observed"),
            ("x1", "某厂", "name"),
            ("x1", "某大厂", "observed"),
        }
        assert len(aliases) == 9

    def test_nothing_mentioned(self) -> None:
        entities, aliases = marts.entities(mentions(), articles(("a",)), KNOWN)
        assert entities.empty
        assert aliases.empty


CORPUS = articles(
    ("a", "a", date(2024, 1, 1)), ("b", "b", date(2024, 1, 2)), ("c", "c", date(2024, 1, 3)), ("copy", "d", date(2024, 1, 4), "", "a")
)


class TestMetricSeries:
    def series(self, *rows: dict[str, Any]) -> list[dict[str, Any]]:
        return marts.metric_series(facts(*rows), CORPUS).to_dict("records")

    def test_the_reading_of_most_sources_wins(self) -> None:
        (row,) = self.series(
            {"value": 5e8, "confidence": 1.0}, {"value": 4e8, "article_id": "b"}, {"value": 4e8 * (1 + 1e-12), "article_id": "c"}
        )
        assert row["value"] == pytest.approx(4e8)
        assert (row["sources"], row["articles"], row["low"], row["high"]) == (2, 3, pytest.approx(4e8), 5e8)

    def test_one_source_counts_once_however_many_quote_it(self) -> None:
        (row,) = self.series(
            {"value": 1.0, "source": "财报"},
            {"value": 1.0, "source": "财报", "article_id": "b"},
            {"value": 2.0, "article_id": "b"},
            {"value": 2.0, "article_id": "c"},
        )
        assert (row["value"], row["sources"], row["articles"]) == (2.0, 2, 3)

    def test_copies_count_once(self) -> None:
        (row,) = self.series({"value": 1.0}, {"value": 1.0, "article_id": "copy"}, {"value": 2.0, "article_id": "b", "confidence": 0.95})
        assert (row["value"], row["sources"], row["articles"]) == (2.0, 1, 2)

    @pytest.mark.parametrize(("confidence", "value"), [(0.95, 1.0), (0.9, 2.0)])
    def test_then_the_surer_then_the_later(self, confidence: float, value: float) -> None:
        (row,) = self.series({"value": 1.0, "confidence": confidence}, {"value": 2.0, "article_id": "b"})
        assert row["value"] == value

    @pytest.mark.parametrize(
        "difference",
        [
            {"metric": "orders"},
            {"cohort": "90后"},
            {"unit": "USD"},
            {"period_end": None},
            {"status": "forecast"},
            {"subject_id": "kuaishou"},
            {"base_metric": "orders"},
            {"comparison": "yoy"},
        ],
    )
    def test_what_makes_figures_incomparable(self, difference: dict[str, Any]) -> None:
        rows = self.series({"value": 1.0}, {"value": 2.0} | difference)
        assert sorted(row["value"] for row in rows) == [1.0, 2.0]
        assert marts.fact_conflicts(facts({"value": 1.0}, {"value": 2.0} | difference), CORPUS).empty

    def test_a_subject_is_its_entity_or_else_its_words(self) -> None:
        assert len(self.series({"value": 1.0, "subject": "抖音"}, {"value": 1.0, "subject": "抖音电商"})) == 1
        words = {"value": 1.0, "subject_id": None}
        assert len(self.series(words | {"subject": "直播电商"}, words | {"subject": "短视频"}, words | {"subject": "短视频"})) == 2

    def test_ranges_span(self) -> None:
        (row,) = self.series({"low": 100.0, "high": 200.0, "confidence": 1.0}, {"value": 120.0, "article_id": "b"}, {"value": None})
        assert pd.isna(row["value"])
        assert (row["low"], row["high"], row["articles"]) == (100.0, 200.0, 2)

    def test_no_facts(self) -> None:
        assert marts.metric_series(facts(), CORPUS).empty
        assert marts.fact_conflicts(facts(), CORPUS).empty


class TestFactConflicts:
    def conflicts(self, *rows: dict[str, Any]) -> list[tuple[str, float, str, str, float, str]]:
        frame = marts.fact_conflicts(facts(*rows), CORPUS)
        assert list(frame) == [c.name for c in BY_NAME["fact_conflicts"].columns]
        return list(
            frame[["fact_id", "value", "evidence", "other_fact_id", "other_value", "other_evidence"]].itertuples(index=False, name=None)
        )

    def test_each_pair_once_in_order(self) -> None:
        found = self.conflicts({"value": 3.0}, {"value": 1.0, "article_id": "b"}, {"value": 2.0, "article_id": "c"})
        assert found == [
            ("f0", 3.0, "证据0", "f1", 1.0, "证据1"),
            ("f0", 3.0, "证据0", "f2", 2.0, "证据2"),
            ("f1", 1.0, "证据1", "f2", 2.0, "证据2"),
        ]

    def test_a_reading_is_shown_by_its_surest_fact(self) -> None:
        found = self.conflicts({"value": 1.0}, {"value": 1.0, "confidence": 0.99}, {"value": 2.0, "article_id": "b"})
        assert [(one, other) for one, *_, other, _, _ in found] == [("f1", "f2")]

    def test_the_same_figure_and_figures_without_a_period_agree(self) -> None:
        undated = {"period_start": None, "period_end": None}
        assert self.conflicts({"value": 1e12}, {"value": 1e12 + 1, "article_id": "b"}) == []
        assert self.conflicts({"value": 1.0} | undated, {"value": 2.0} | undated) == []
        assert self.conflicts({"value": 1.0}, {"low": 1.0, "high": 2.0, "article_id": "b"}) == []
        assert len(self.conflicts({"value": 1.0, "period_end": None}, {"value": 2.0, "period_end": None})) == 1

    def test_many_readings_do_not_explode(self) -> None:
        found = self.conflicts(*({"value": float(i), "confidence": 0.5 + i / 1000} for i in range(100)))
        assert len(found) == marts.MAX_READINGS * (marts.MAX_READINGS - 1) / 2
        assert min(value for _, value, *_ in found) == 90.0


def test_the_order_of_the_rows_does_not_matter() -> None:
    random_ = random.Random(5)
    frame = facts(
        *(
            {
                "article_id": random_.choice("abc"),
                "value": float(random_.randrange(4)),
                "metric": random_.choice(["gmv", "orders"]),
                "source": random_.choice([None, "财报"]),
            }
            for _ in range(60)
        )
    )
    shuffled = frame.sample(frac=1, random_state=1)
    for mart in (marts.metric_series, marts.fact_conflicts):
        assert len(mart(frame, CORPUS)) >= 2
        pd.testing.assert_frame_equal(mart(frame, CORPUS), mart(shuffled, CORPUS))


def test_days_outside_the_range_of_nanoseconds() -> None:
    ancient = {"period_start": date(1, 1, 1), "period_end": date(9999, 12, 31)}
    (row,) = marts.metric_series(facts({"value": 1.0} | ancient), CORPUS).to_dict("records")
    assert (row["period_start"].year, row["period_end"].year) == (1, 9999)
