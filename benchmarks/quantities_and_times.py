"""Quantities and times together, beside JioNLP (extract_money, extract_time with parsing) and Recognizers-Text (number, percentage,
currency, date and time models); on our own articles, which are dense with figures, and on text with as many as an ordinary article."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from datetime import date
from itertools import count

from benchmarks import ORIGINALS, article_text, characters_per_second, table
from transforms import quantities, reference, times

TODAY = date(2024, 5, 1)
NEGATIVE = ORIGINALS.parent / "negative.txt"
#: How far apart the expressions of an ordinary article are, in characters.
ORDINARY = 55


def expressions(text: str) -> int:
    """How many times and quantities a text holds."""
    known = reference.load()
    when = times.extract(text, TODAY, known)
    return len(when) + len(quantities.extract(text, known, blocked=[(t.start, t.end) for t in when]))


def ordinary_text() -> str:
    """The sentences of our articles with enough sentences without a figure between them, taken from the negative cases."""
    quiet = iter([line for line in NEGATIVE.read_text(encoding="utf-8").splitlines() if line and not expressions(line)])
    pieces: list[str] = []
    found = length = 0
    for sentence in article_text().replace("。", "。\n").splitlines():
        pieces.append(sentence)
        found, length = found + expressions(sentence), length + len(sentence)
        while length < ORDINARY * found:
            if (line := next(quiet, None)) is None:
                return "\n".join(pieces)
            pieces.append(line)
            length += len(line)
    return "\n".join(pieces)


def qingwen() -> Callable[[str], object]:
    turn = count()
    # a text of its own every time: the scan of times is kept for the text that was asked for last
    return lambda text: expressions(f"{text}\n{next(turn)}")


def jionlp() -> Callable[[str], object] | None:
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            import jionlp as jio
    except ImportError:
        return None

    def work(text: str) -> object:
        # it takes sentences; a whole article at once would be slower still
        return [
            (jio.ner.extract_money(line, with_parsing=True), jio.ner.extract_time(line, with_parsing=True)) for line in text.split("。")
        ]

    return work


def recognizers() -> Callable[[str], object] | None:
    try:
        from recognizers_date_time import DateTimeRecognizer
        from recognizers_number import Culture, NumberRecognizer
        from recognizers_number_with_unit import NumberWithUnitRecognizer
    except ImportError:
        return None
    numbers = NumberRecognizer(Culture.Chinese)
    models = (
        numbers.get_number_model(),
        numbers.get_percentage_model(),
        NumberWithUnitRecognizer(Culture.Chinese).get_currency_model(),
        DateTimeRecognizer(Culture.Chinese).get_datetime_model(),
    )

    def work(text: str) -> object:
        return [model.parse(line) for line in text.split("。") for model in models]

    return work


def main() -> None:
    own = "qingwen, both extractors"
    peers = {"JioNLP, extract_money + extract_time": jionlp(), "Recognizers-Text, four models": recognizers()}
    for name, text in (("our articles", article_text()), ("ordinary text", ordinary_text())):
        speeds: dict[str, float | None] = {own: characters_per_second(qingwen(), text)}
        for peer, work in peers.items():
            speeds[peer] = characters_per_second(work, text, rounds=2) if work else None
        apart = len(text) / expressions(text)
        table(f"quantities and times, {len(text):,} characters of {name}, an expression every {apart:.0f}", speeds, own)


if __name__ == "__main__":
    main()
