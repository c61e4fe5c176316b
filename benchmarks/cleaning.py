"""Raw text to clean text (paragraphs, roles, repairs, layout) on clean articles, on the same with half-width punctuation, and on spun ones.

Nobody else undoes a round trip. The peer is what a text passes through anyway: jieba, word by word.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from benchmarks import article_text, characters_per_second, table
from transforms import cleaning, paragraphs, reference
from transforms.repair import engine

HELDOUT = Path(__file__).parents[1] / "tests" / "data" / "heldout"
HALF_WIDTH = str.maketrans("，；：？！（）", ",;:?!()")


def qingwen() -> Callable[[list[str]], None]:
    known = reference.load()

    def work(articles: list[str]) -> None:
        for raw in articles:
            diagnosis = engine.diagnose(paragraphs.assign_roles(paragraphs.split(raw), known), known)
            cleaning.assemble(raw, diagnosis.paragraphs, [c.edit for c in diagnosis.applied], keep_title=True, reference=known)

    return work


def jieba() -> Callable[[list[str]], None]:
    import jieba

    jieba.setLogLevel("ERROR")

    def work(articles: list[str]) -> None:
        for raw in articles:
            jieba.lcut(raw)

    return work


def main() -> None:
    # an article is some 20 paragraphs: the cost of each must not hide in a corpus of one
    lines = article_text().split("\n")
    clean = ["\n".join(lines[i : i + 20]) for i in range(0, len(lines), 20)]
    spun = [path.read_text(encoding="utf-8") for path in sorted(HELDOUT.rglob("*.raw.txt"))]
    work = qingwen()

    def speed(work: Callable[[list[str]], None], articles: list[str]) -> float:
        return characters_per_second(lambda _: work(articles), "".join(articles))

    own = "qingwen, clean articles"
    speeds: dict[str, float | None] = {
        own: speed(work, clean),
        "qingwen, with half-width punctuation": speed(work, [text.translate(HALF_WIDTH) for text in clean]),
        "qingwen, spun articles": speed(work, spun),
        "jieba, clean articles": speed(jieba(), clean),
    }
    table("cleaning", speeds, own)


if __name__ == "__main__":
    main()
