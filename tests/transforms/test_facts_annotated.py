"""Facts and events of the annotated articles, through the real steps, against floors."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from tests import clean_text
from transforms import events, facts, reference
from transforms.article import Event, Fact

FOLDER = Path(__file__).parent.parent / "data" / "annotated"
#: F1 that is reached in a folder; a floor only rises.
FLOORS = {
    ".": {"facts strict": 0.88, "facts core": 0.97, "events strict": 0.97, "events core": 0.97},
    "prose": {"facts strict": 0.81, "facts core": 0.91, "events strict": 0.81, "events core": 0.84},
    "press": {"facts strict": 0.83, "facts core": 0.90, "events strict": 0.81, "events core": 0.86},
    "media": {"facts strict": 0.82, "facts core": 0.86, "events strict": 0.73, "events core": 0.76},
    "platforms": {"facts strict": 0.80, "facts core": 0.88, "events strict": 0.79, "events core": 0.83},
    "trade": {"facts strict": 0.77, "facts core": 0.88, "events strict": 0.59, "events core": 0.72},
    "markets": {"facts strict": 0.73, "facts core": 0.85, "events strict": 0.68, "events core": 0.74},
    "traditional": {"facts strict": 0.65, "facts core": 0.82, "events strict": 0.70, "events core": 0.77},
}
FAMILIES = (
    {"share", "market_share", "penetration_rate", "screening_share", "shareholding"},
    {"growth_rate", "growth_multiple", "share_price_change", "market_value_change"},
    {"revenue", "sales", "ad_revenue", "game_revenue", "service_revenue"},
    {"store_count", "warehouse_count", "station_count", "institution_count"},
    {"orders", "parcel_volume", "units_sold", "shipments", "transactions"},
    {"price", "average_order_value", "share_price", "revenue_per_parcel"},
    {"capacity", "installed_capacity", "output"},
)
Gold = dict[str, Any]


def read(text: str, on: date) -> tuple[list[Fact], list[Event]]:
    """Facts and events of a clean text."""
    views = clean_text.views(text, on)
    return facts.extract(views, reference.load(), on), events.extract(views, on)


def accepted(gold: Gold, field: str) -> list[Any]:
    return [gold.get(field), *gold.get(f"{field}_alt", [])]


def same_number(gold: Gold, fact: Fact) -> bool:
    want = [gold["value"]] if gold["value"] is not None else [gold["low"], gold["high"]]
    got = [fact.value] if gold["value"] is not None else [fact.low, fact.high]
    return all(g is not None and abs(float(w) - float(g)) <= 1e-9 * max(1.0, abs(w)) for w, g in zip(want, got, strict=True))


def family(metric: str) -> object:
    return next((i for i, members in enumerate(FAMILIES) if metric in members), metric)


def fact_core(gold: Gold, fact: Fact) -> bool:
    """Same number, family of metric, and one subject names the other."""
    about = any(name and (name in fact.subject or fact.subject in name) for name in accepted(gold, "subject"))
    return same_number(gold, fact) and about and family(gold["metric"]) == family(fact.metric)


def fact_strict(gold: Gold, fact: Fact) -> bool:
    exact = all(getattr(fact, field) in accepted(gold, field) for field in ("subject", "metric", "unit", "status"))
    period = all(
        (day and day.isoformat()) in accepted(gold, field)
        for field, day in (("period_start", fact.period_start), ("period_end", fact.period_end))
    )
    return exact and period and same_number(gold, fact)


def event_core(gold: Gold, event: Event) -> bool:
    """Dates and evidence overlap."""
    assert event.date_start is not None
    last = event.date_end or event.date_start
    dated = event.date_start.isoformat() <= gold["date_end"] and last.isoformat() >= gold["date_start"]
    shared = min(event.end, gold["clean_end"]) - max(event.start, gold["clean_start"])
    return dated and shared >= (gold["clean_end"] - gold["clean_start"]) / 2


def event_strict(gold: Gold, event: Event) -> bool:
    shared = not gold["participants"] or bool({p.name for p in event.participants} & set(gold["participants"]))
    return event_core(gold, event) and shared and event.type in accepted(gold, "type")


def tally(gold: list[Gold], found: list[Any], match: Callable[[Gold, Any], bool]) -> tuple[int, int, int, list[Gold]]:
    """How many are right, found and wanted, and what is missed; the optional count in none."""
    left, missed, right, spare = list(found), [], 0, 0
    for row in sorted(gold, key=lambda row: row.get("optional", False)):
        hit = next((i for i, item in enumerate(left) if match(row, item)), None)
        if hit is not None:
            del left[hit]
        if row.get("optional"):
            spare += hit is not None
        elif hit is None:
            missed.append(row)
        else:
            right += 1
    return right, len(found) - spare, sum(not row.get("optional") for row in gold), missed


@pytest.fixture(scope="module")
def readings() -> dict[str, list[tuple[Gold, list[Fact], list[Event]]]]:
    """What was found in the articles of each folder, beside what should be."""
    golds = {
        folder: [json.loads(path.read_text(encoding="utf-8")) for path in sorted((FOLDER / folder).glob("*.json"))] for folder in FLOORS
    }
    return {
        folder: [(gold, *read(gold["text"], date.fromisoformat(gold["reference_date"]))) for gold in found]
        for folder, found in golds.items()
    }


@pytest.mark.parametrize("folder", FLOORS)
@pytest.mark.parametrize(
    ("name", "match"),
    [("facts strict", fact_strict), ("facts core", fact_core), ("events strict", event_strict), ("events core", event_core)],
)
def test_floor(
    name: str, match: Callable[[Gold, Any], bool], folder: str, readings: dict[str, list[tuple[Gold, list[Fact], list[Event]]]]
) -> None:
    assert len(readings[folder]) >= 5
    right = found = wanted = 0
    missed: list[str] = []
    for gold, got_facts, got_events in readings[folder]:
        kind = name.split()[0]
        r, f, w, m = tally(gold[kind], got_facts if kind == "facts" else got_events, match)
        right, found, wanted = right + r, found + f, wanted + w
        missed += [f"{gold['id']}: {row['evidence']}" for row in m]
    f1 = 2 * right / (found + wanted)
    assert f1 >= FLOORS[folder][name], f"F1 {f1:.4f} of {wanted} wanted, {found} found; missed:\n" + "\n".join(missed)


def test_evidence_is_what_the_text_says(readings: dict[str, list[tuple[Gold, list[Fact], list[Event]]]]) -> None:
    for gold, got_facts, got_events in chain.from_iterable(readings.values()):
        for row in (*got_facts, *got_events):
            assert gold["text"][row.start : row.end] == row.evidence
