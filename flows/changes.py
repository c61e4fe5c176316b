"""What a run changes: its staged articles against the live ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from itertools import accumulate
from typing import Any

#: The columns of `articles` that say which article it is and whether it has to be built anew.
STATE = ("article_id", "source_uri", "content_sha256", "pipeline_version")


def came_from(uri: str, inputs: Collection[str]) -> bool:
    """Whether a URI is one of the inputs or a member of one.

    >>> came_from("a.zip!b/c.txt", {"a.zip"}), came_from("a.zip.txt", {"a.zip"})
    (True, False)
    """
    return any(part in inputs for part in accumulate(uri.split("!"), "{}!{}".format))


def compare(
    live: Sequence[Mapping[str, Any]], staged: Sequence[Mapping[str, Any]], inputs: Collection[str]
) -> tuple[dict[str, int], list[str]]:
    """Counts of new, changed, unchanged and removed articles under the names of the table `runs`, and the ids of the removed ones.

    Rows hold the columns of STATE. An article is removed where its input was read again and no longer has it.

    >>> old = [dict(zip(STATE, row)) for row in (("1", "a.txt", "x", "v"), ("2", "b.jsonl", "y", "v"), ("3", "c.txt", "z", "v"))]
    >>> new = [dict(zip(STATE, row)) for row in (("1", "a.txt", "X", "v"), ("4", "b.jsonl", "y", "v"))]
    >>> compare(old, new, {"a.txt", "b.jsonl"})
    ({'articles_new': 1, 'articles_changed': 1, 'articles_unchanged': 0, 'articles_removed': 1}, ['2'])
    """
    before = {row["article_id"]: tuple(row[name] for name in STATE) for row in live}
    after = {row["article_id"]: tuple(row[name] for name in STATE) for row in staged}
    kinds = Counter("new" if key not in before else "unchanged" if before[key] == state else "changed" for key, state in after.items())
    removed = sorted(row["article_id"] for row in live if row["article_id"] not in after and came_from(row["source_uri"], inputs))
    kinds["removed"] = len(removed)
    return {f"articles_{kind}": kinds[kind] for kind in ("new", "changed", "unchanged", "removed")}, removed
