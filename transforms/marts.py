"""The corpus-level tables, pandas in, pandas out: entities and their aliases, copies of an article, series of metrics, conflicts.

Input frames carry the columns of the tables they are named after (see `transforms.tables`); more columns do no harm. Copies of an
article speak with one voice: what they say counts once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from transforms.reference import Entity
from transforms.tables import BY_NAME

#: What the marts read of mentions and facts.
MENTION_COLUMNS = ("article_id", "entity_id", "surface", "name", "type")
FACT_COLUMNS = (
    "fact_id", "article_id", "evidence", "subject_id", "subject", "metric", "base_metric", "value", "low", "high", "unit",
    "period_start", "period_end", "status", "cohort", "comparison", "source", "confidence",
)  # fmt: skip
#: Readings are comparable when these agree. A growth of orders is no growth of revenue, a yearly change no monthly one.
_READING_KEY = ["subject_key", "metric", "base_metric", "comparison", "cohort", "unit", "period_start", "period_end", "status"]
_NUMBERS = ["value", "low", "high"]
#: Relative difference up to which two figures are one.
TOLERANCE = 1e-9
#: Readings of one figure that are compared with each other, best-attested first: where there are more, the key is too coarse to mean one
#: thing, and all their pairs would drown the rest.
MAX_READINGS = 10

#: Characters in a shingle, share of shingles two articles must have in common (Jaccard) for one to be a copy of the other.
SHINGLE = 5
SIMILARITY = 0.8
#: Sketch of 25 bands of 5 minima: finds a pair at Jaccard 0.8 with probability above 0.9999, one at 0.3 with 0.06.
_BANDS, _ROWS = 25, 5
_BINS = np.arange(_BANDS * _ROWS, dtype=np.uint64) * np.uint64(2**64 // (_BANDS * _ROWS))


def _declared(name: str, frame: pd.DataFrame) -> pd.DataFrame:
    """The columns of a table, its rows sorted by key."""
    table = BY_NAME[name]
    return frame[[column.name for column in table.columns]].sort_values(list(table.key)).reset_index(drop=True)


def _most_frequent(frame: pd.DataFrame, key: str, column: str) -> pd.Series:
    """The most frequent value of a column for each key, the smaller one of equals."""
    counts = frame.groupby([key, column]).size().rename("n").reset_index()
    return counts.sort_values(["n", column], ascending=[False, True]).drop_duplicates(key).set_index(key)[column]


def entities(mentions: pd.DataFrame, articles: pd.DataFrame, reference: Iterable[Entity]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables `entities` and `entity_aliases`: every entity that is mentioned, and the parents of these.

    `mentions` needs article_id, entity_id, surface, name, type; `articles` article_id, reference_date, duplicate_of.
    """
    known = {entity.id: entity for entity in reference}
    days = pd.to_datetime(articles.set_index("article_id")["reference_date"])
    originals = articles.loc[articles["duplicate_of"].isna(), "article_id"]
    seen = mentions.assign(day=days.reindex(mentions["article_id"]).array)
    span = seen.groupby("entity_id")["day"].agg(["min", "max"])
    counted = seen[seen["article_id"].isin(originals)].groupby("entity_id")["article_id"].agg(["nunique", "size"])
    names, kinds = _most_frequent(seen, "entity_id", "name"), _most_frequent(seen, "entity_id", "type")

    ids = set(span.index)
    for entity_id in list(ids):
        while (entity := known.get(entity_id)) and entity.parent and entity.parent not in ids:
            ids.add(entity_id := entity.parent)
    frame = pd.DataFrame({"entity_id": sorted(ids)}, dtype=object)
    column = frame["entity_id"]
    frame["name"] = [known[i].name if i in known else names[i] for i in column]
    frame["type"] = [known[i].type if i in known else kinds[i] for i in column]
    frame["parent_id"] = [known[i].parent if i in known else None for i in column]
    frame["in_reference"] = [i in known for i in column]
    frame["article_count"] = counted["nunique"].reindex(column, fill_value=0).array
    frame["mention_count"] = counted["size"].reindex(column, fill_value=0).array
    frame["first_seen_on"] = span["min"].reindex(column).array
    frame["last_seen_on"] = span["max"].reindex(column).array

    aliases = [
        (i, alias, kind)
        for i, name in zip(column, frame["name"], strict=True)
        for kind, spellings in _spellings(known.get(i), name)
        for alias in spellings
    ]
    spelled = {(i, alias) for i, alias, _ in aliases}
    surfaces = seen[["entity_id", "surface"]].drop_duplicates().itertuples(index=False, name=None)
    aliases += [(*surface, "observed") for surface in surfaces if surface not in spelled]
    alias_frame = pd.DataFrame(sorted(set(aliases)), columns=["entity_id", "alias", "kind"], dtype=object)
    return _declared("entities", frame), _declared("entity_aliases", alias_frame)


def _spellings(entity: Entity | None, name: str) -> list[tuple[str, tuple[str, ...]]]:
    if entity is None:
        return [("name", (name,))]
    return [
        ("name", (entity.name,)),
        ("abbreviation", entity.aliases),
        ("latin", entity.latin),
        ("garbled", entity.garbled),
        ("ticker", entity.ticker),
    ]


def _shingles(text: str) -> np.ndarray:
    """The distinct hashes of all SHINGLE characters in a row of a text without white space, in order."""
    codes = np.frombuffer("".join(text.split()).encode("utf-32-le"), dtype="<u4").astype(np.uint64)
    width = min(SHINGLE, len(codes))
    count = len(codes) - width + 1
    hashes = np.zeros(count, dtype=np.uint64)
    for i in range(width):
        hashes = hashes * np.uint64(0x100000001B3) + codes[i : i + count]
    # The finishing steps of MurmurHash3 spread neighbouring values over the whole range.
    for factor in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        hashes = (hashes ^ (hashes >> np.uint64(33))) * np.uint64(factor)
    hashes = np.sort(hashes ^ (hashes >> np.uint64(33)))
    return hashes[np.flatnonzero(np.diff(hashes, prepend=~hashes[:1]))]


def _sketch(hashes: np.ndarray) -> list[tuple[int, bytes]]:
    """The bands of the MinHash sketch, by one permutation (Li, Owen, Zhang 2012): the range of hashes is cut into bins, and the smallest
    hash of each bin (of the next bin that has one) is kept."""
    first = np.searchsorted(hashes, _BINS)
    minima = hashes[first % len(hashes)].reshape(_BANDS, _ROWS)
    return [(band, minima[band].tobytes()) for band in range(_BANDS)]


def _jaccard(one: np.ndarray, other: np.ndarray) -> float:
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common)


def duplicates(articles: pd.DataFrame, decided: Mapping[str, str | None] | None = None) -> dict[str, str]:
    """article_id of every copy -> article_id of the first copy, for texts that are the same or nearly so (see SIMILARITY).

    `articles` needs article_id, source_uri, reference_date, clean_text. Of several copies the one with the smallest (reference_date,
    source_uri) is the first; it is never a copy itself, and every copy is close to it.

    `decided` only saves time: what was found before of articles whose rows are as they were (article_id -> first copy, None for a first).
    """
    decided = decided or {}

    def is_copy(article_id: str, hashes: np.ndarray, original: tuple[str, str]) -> bool:
        first = decided.get(article_id)
        both_known = article_id in decided and original[0] in decided and decided[original[0]] is None
        if both_known and first in (None, original[0]):
            return first is not None
        # Shingles of the candidates are made again: keeping those of the whole corpus would take ten times its size.
        return _jaccard(hashes, _shingles(original[1])) >= SIMILARITY

    rows = articles[["reference_date", "source_uri", "article_id", "clean_text"]].itertuples(index=False, name=None)
    first_with: dict[str, str] = {}
    originals: list[tuple[str, str]] = []
    buckets: dict[tuple[int, bytes], list[int]] = {}
    found: dict[str, str] = {}
    for _, _, article_id, text in sorted(rows, key=lambda row: row[:3]):
        if not text.strip():
            continue
        if text not in first_with:
            hashes = _shingles(text)
            bands = _sketch(hashes)
            near = sorted({i for band in bands for i in buckets.get(band, ())})
            alike = (originals[i][0] for i in near if is_copy(article_id, hashes, originals[i]))
            first_with[text] = next(alike, article_id)
            if first_with[text] == article_id:
                for band in bands:
                    buckets.setdefault(band, []).append(len(originals))
                originals.append((article_id, text))
        if first_with[text] != article_id:
            found[article_id] = first_with[text]
    return found


def _differs(column: pd.Series) -> pd.Series:
    """Whether each number is another one than that of the row before; two missing numbers are the same."""
    before = column.shift()
    close = (column - before).abs() <= TOLERANCE * np.maximum(column.abs(), before.abs())
    return ~(close | (column.isna() & before.isna()))


def _readings(facts: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """The facts that give a figure, best first within each reading.

    Adds `group` (number of the comparable facts), `reading` (number of the facts with the same figure in a group), `voice` (who says
    it), `original` (first copy of the article), `day` (of the article), and of the whole reading `sources`, `sureness`, `latest`.
    """
    frame = facts[list(FACT_COLUMNS)].merge(articles[["article_id", "reference_date", "duplicate_of"]], on="article_id")
    frame[_NUMBERS] = frame[_NUMBERS].astype(float)
    frame = frame[frame[_NUMBERS].notna().any(axis=1)]
    frame = frame.assign(
        subject_key=frame["subject_id"].where(frame["subject_id"].notna(), frame["subject"]),
        original=frame["duplicate_of"].where(frame["duplicate_of"].notna(), frame["article_id"]),
        # "From A to B" gives the figure at the start of the period, which is a figure like any other.
        comparison=frame["comparison"].where(frame["comparison"] != "from"),
        day=pd.to_datetime(frame["reference_date"]),
    )
    for name in ("period_start", "period_end"):
        frame[name] = pd.to_datetime(frame[name])
    frame["voice"] = frame["source"].where(frame["source"].notna(), frame["original"])
    frame["group"] = frame.groupby(_READING_KEY, dropna=False, sort=False).ngroup()
    frame = frame.sort_values(["group", *_NUMBERS, "fact_id"])
    changes = frame["group"].diff().ne(0) | pd.concat([_differs(frame[n]) for n in _NUMBERS], axis=1).any(axis=1)
    frame["reading"] = changes.cumsum()
    by_reading = frame.groupby("reading")
    frame["sources"] = by_reading["voice"].transform("nunique")
    frame["sureness"] = by_reading["confidence"].transform("max")
    frame["latest"] = by_reading["day"].transform("max")
    return frame.sort_values(["confidence", "day", "fact_id"], ascending=[False, False, True])


def _best_attested(frame: pd.DataFrame) -> pd.DataFrame:
    """One fact for each reading, the readings that most distinct sources give first, then the surest, then the latest."""
    order = ["sources", "sureness", "latest", "reading"]
    return frame.drop_duplicates("reading").sort_values(order, ascending=[False, False, False, True])


def metric_series(facts: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """The mart `metric_series`: for each subject, metric, cohort, unit, period and status the best-attested reading.

    Best attested is what most distinct sources say (the source of the fact, or else the article), then the surest, then the latest.
    `value` is null where that reading is a range; `low` and `high` span all readings.
    """
    frame = _readings(facts, articles)
    by_group = frame.groupby("group")
    bottom = frame[_NUMBERS].min(axis=1).groupby(frame["group"]).min()
    top = frame[_NUMBERS].max(axis=1).groupby(frame["group"]).max()
    voices = by_group["original"].nunique()
    best = _best_attested(frame).drop_duplicates("group")
    group = best["group"]
    return _declared("metric_series", best.assign(low=group.map(bottom), high=group.map(top), articles=group.map(voices)))


def fact_conflicts(facts: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """The mart `fact_conflicts`: every two figures for one subject, metric, cohort, unit, period and status that differ.

    Each figure is shown by its surest, latest fact; each pair stands once, the smaller fact_id first; of more than MAX_READINGS figures
    the best-attested are paired. Ranges contradict nothing, nor do facts without any period: nobody said that they are about the same.
    """
    frame = _readings(facts, articles)
    dated = frame["period_start"].notna() | frame["period_end"].notna()
    shown = _best_attested(frame[frame["value"].notna() & dated]).groupby("group").head(MAX_READINGS)
    shown = shown.sort_values("fact_id").reset_index(drop=True)
    places = shown[["group"]].reset_index(names="one")
    pairs = places.merge(places.rename(columns={"one": "other"}), on="group")
    pairs = pairs[pairs["one"] < pairs["other"]]
    other = shown.loc[pairs["other"], ["fact_id", "value", "evidence"]].add_prefix("other_").reset_index(drop=True)
    return _declared("fact_conflicts", shown.loc[pairs["one"]].reset_index(drop=True).join(other))
