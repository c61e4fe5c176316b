"""Repairs on four sets of sentences: in the wild, synthetic, negative, and known failures.

A sentence stands in the garbled paragraph of a small spun article; `elsewhere` is one of the untouched half that proves what is meant.
"""

import csv
import random
from pathlib import Path

import pytest

from transforms import paragraphs, reference
from transforms.article import Alignment
from transforms.repair import engine, terms
from transforms.repair.romanization import romanize

REFERENCE = reference.load()
DATA = Path(__file__).parents[1] / "data"
GARBLED = "4月,Luckin Coffee的门店数超过1.8万家,Mixue Bingcheng超过2.2万家,两家都在争夺沉没市场。"
UNTOUCHED = "蜜雪冰城2023年前三季度营收154亿元，同比增长46%。瑞幸咖啡计划在年底前把门店数增加到2万家。"


def repaired(sentence: str, elsewhere: str = "") -> str:
    """A sentence as it comes out of a spun article."""
    text = "\n".join(filter(None, ("一个标题", GARBLED + sentence, UNTOUCHED, elsewhere)))
    found = engine.diagnose(paragraphs.assign_roles(paragraphs.split(text), REFERENCE), REFERENCE)
    return Alignment(text, (c.edit for c in found.applied)).clean.splitlines()[1].partition("下沉市场。")[2]


def rows(name: str) -> list[dict[str, str]]:
    with (DATA / "repairs" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("case", rows("in_the_wild.csv"), ids=lambda case: case["raw"])
def test_in_the_wild(case: dict[str, str]) -> None:
    assert repaired(case["raw"], case["elsewhere"]) == case["clean"]


def simulated_terms(count: int) -> list[tuple[str, str]]:
    """Terms of art with a likely spelling of theirs that is no ordinary Chinese."""
    chance = random.Random(20260717)
    cases = []
    for term in chance.sample(REFERENCE.terms, len(REFERENCE.terms)):
        found = [simulated.spelling for simulated in terms.simulate(term, REFERENCE) if not simulated.ordinary and simulated.is_meant("")]
        if found:
            cases.append((chance.choice(found), term.term))
    return cases[:count]


def test_synthetic_terms() -> None:
    """What the simulated round trip makes of a term is undone where the article has the term."""
    cases = simulated_terms(100)
    assert len(cases) == 100
    missed = [
        f"{raw} for {term}" for raw, term in cases if f"有关{term}的" not in repaired(f"有关{raw}的数字今年没有变化。", f"{term}是关键。")
    ]
    assert len(missed) <= 5, missed


def test_synthetic_names() -> None:
    """Executives in pinyin and in half pinyin, as the round trip leaves them."""
    chance = random.Random(20260717)
    people = [e.name for e in REFERENCE.entities if e.type == "person" and len(e.name) == 3 and "·" not in e.name]
    missed = []
    for name in chance.sample(sorted(people), 60):
        first, *given = (syllable.capitalize() for syllable in romanize(name))
        whole = f"{first} {''.join(given).capitalize()}"
        raw = chance.choice([whole, first + name[1:], f"{first} {name[1:]}", name[:2] + given[1]])
        if f",{name}在" not in repaired(f"周五,{raw}在会上谈到了价格。"):
            missed.append(f"{raw} for {name}")
    assert len(missed) <= 3, missed


NEGATIVE = [line for line in (DATA / "negative.txt").read_text(encoding="utf-8").splitlines() if line.strip()]


@pytest.mark.parametrize("size", [1, 12])
def test_nothing_of_the_negative_set_is_touched(size: int) -> None:
    """Clean sentences, many with Latin names and with words that are also calques, alone and as articles of twelve."""
    assert len(NEGATIVE) >= 450
    for i in range(0, len(NEGATIVE), size):
        text = "\n".join(NEGATIVE[i : i + size])
        diagnosis = engine.diagnose(paragraphs.assign_roles(paragraphs.split(text), REFERENCE), REFERENCE)
        assert (diagnosis.applied, diagnosis.suggested) == ((), ()), text
        assert not any(p.garbled for p in diagnosis.paragraphs), text


@pytest.mark.parametrize("case", rows("known_failures.csv"), ids=lambda case: case["raw"])
def test_known_failures(case: dict[str, str]) -> None:
    """What comes out wrong today. A case that comes out right belongs into in_the_wild.csv."""
    assert case["today"] != case["right"]
    assert repaired(case["raw"], case["elsewhere"]) == case["today"]
