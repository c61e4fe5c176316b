"""Quantities and times together, beside JioNLP (extract_money, extract_time with parsing) and Recognizers-Text (number, percentage,
currency, date and time models)."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from datetime import date

from benchmarks import article_text, characters_per_second, table
from transforms import quantities, reference, times

TODAY = date(2024, 5, 1)


def qingwen() -> Callable[[str], object]:
    known = reference.load()

    def work(text: str) -> object:
        when = times.extract(text, TODAY, known)
        return when, quantities.extract(text, known, blocked=[(t.start, t.end) for t in when])

    return work


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
    text = article_text()
    speeds: dict[str, float | None] = {"qingwen, both extractors": characters_per_second(qingwen(), text)}
    for name, peer in (("JioNLP, extract_money + extract_time", jionlp()), ("Recognizers-Text, four models", recognizers())):
        speeds[name] = characters_per_second(peer, text[:1500], rounds=2) if peer else None
    table(f"quantities and times, {len(text):,} characters of articles", speeds, "qingwen, both extractors")


if __name__ == "__main__":
    main()
