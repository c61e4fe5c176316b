"""What a night costs: 10,000 articles built once, built again unchanged, and built again with fifty new ones.

CPU time of one worker in this process, the embedded Prefect server's start aside. An unchanged run may take LIMIT of the first one's.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks import ORIGINALS
from flows.serve import prefect_server
from flows.settings import Settings

ARTICLES, NEW = 10_000, 50
LIMIT = 0.05
#: Records in a .jsonl file.
RECORDS = 100
TITLES = ("第三季度财报发布", "直播电商的新变化", "新品上市首日销量公布", "行业观察：增长从哪里来")


def texts() -> Iterator[str]:
    """Articles without end, each of other sentences of our own originals and with figures of its own."""
    sentences = [
        sentence + "。"
        for path in sorted(ORIGINALS.glob("*.txt"))
        for sentence in path.read_text(encoding="utf-8").split("。")
        if sentence.strip()
    ]
    draw = random.Random(20221207)
    while True:
        day = f"{draw.randint(2019, 2023)}年{draw.randint(1, 12)}月{draw.randint(1, 28)}日"
        figures = f"{day}，公司宣布营收{draw.randint(10, 9999)}亿元，同比增长{draw.randint(1, 99)}.{draw.randint(0, 9)}%。"
        body = "\n".join("".join(draw.sample(sentences, 5)).replace("\n", "") for _ in range(3))
        yield f"{draw.choice(TITLES)}\n{figures}\n{body}\n"


def write(folder: Path, count: int, supply: Iterator[str]) -> None:
    """Articles as files: two of five plain text, one HTML, two in .jsonl files."""
    folder.mkdir()
    records: list[str] = []
    for number, text in enumerate(itertools.islice(supply, count)):
        if number % 5 < 2:
            (folder / f"{number:05}.txt").write_text(text, encoding="utf-8")
        elif number % 5 == 2:
            title, *paragraphs = text.splitlines()
            body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
            page = f"<html><head><title>{title}</title></head><body><article><h1>{title}</h1>{body}</article></body></html>"
            (folder / f"{number:05}.html").write_text(page, encoding="utf-8")
        else:
            records.append(json.dumps({"text": text}, ensure_ascii=False))
    for start in range(0, len(records), RECORDS):
        (folder / f"{start:05}.jsonl").write_text("\n".join(records[start : start + RECORDS]), encoding="utf-8")


def main(articles: int = ARTICLES) -> None:
    supply = texts()
    with tempfile.TemporaryDirectory() as temporary, prefect_server(Path(temporary) / "home"):
        from flows.build import build  # imports Prefect, which reads the settings of the server

        root = Path(temporary)
        settings = Settings((str(root / "in"),), tables=root / "tables", base=root / "in", workers=1)
        write(root / "in", articles, supply)

        def night() -> tuple[float, dict[str, int]]:
            start = time.process_time()
            changes = build(settings).changes
            return time.process_time() - start, changes

        build(Settings((str(next((root / "in").glob("*.txt"))),), tables=root / "warm", workers=1))
        first, _ = night()
        again, unchanged = night()
        write(root / "in" / "new", NEW, supply)
        grown, new = night()

    assert unchanged["articles_unchanged"] == articles
    assert new["articles_new"] == NEW
    print(f"\nnightly: {articles:,} articles, CPU seconds")
    print(f"  first run                  {first:>9.2f}")
    print(f"  nothing changed            {again:>9.2f}   {again / first:.2%} of the first, limit {LIMIT:.0%}")
    print(f"  {NEW} new articles            {grown:>9.2f}   {grown / first:.2%} of the first")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("articles", nargs="?", type=int, default=ARTICLES)
    main(parser.parse_args().articles)
