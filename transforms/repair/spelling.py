"""Names in Latin, pinyin or half-translated spelling: Tik Tok, JD.COM, 网易YEATION, Wang传福, He Xiaopeng, 庞大星图.

A spelling that is the genuine name of something (iPhone, NIO Day, TikTok) is left alone, whatever else it is like. Which entity
it means comes from the lexicon, and where several fit, from the rest of the article.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import Literal, NamedTuple

from transforms import segmentation
from transforms.reference import Entity, Reference
from transforms.repair import brands
from transforms.repair.candidates import Candidate, Reading
from transforms.repair.dictionary import back_translations, gloss_key
from transforms.repair.lexicon import CONFIDENCE, WEIGHTS, Spelling, lexicon, names_in_chinese, rendering, shared_ends
from transforms.repair.romanization import letters
from transforms.script import all_han

#: A run of Latin words; the blanks and marks inside a name belong to it.
_LATIN_RUN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:(?:[ .\-'’&]{1,2}|(?<=\.) )?[A-Za-z0-9]+)*\.?")
_WORD = re.compile(r"[A-Za-z]+|[0-9]+")
#: What announcements write behind a company's name: NASDAQ: BILI; HKEX: 9626.
_TICKER = re.compile(r"(?i:\b(?:NASDAQ|NYSE|AMEX|HKEX|SEHK|HKSE|SSE|SZSE|BSE|SGX|LSE|TSE|TWSE|OTC\w*)) ?[:：] ?[A-Z0-9.]+")
_MAX_WORDS = 5
#: A number with which a name may begin, no end of a longer one; its characters and the blank.
_NUMBER_BEFORE = re.compile(r"(?<![\d.])(?<!\d,)([0-9]{1,4}) ?$")
_MAX_NUMBER = 5
#: Prepositions, conjunctions, particles, adverbs, verbs, places, pronouns, numerals and measure words: 和, 于, 都 are no surnames then.
_FUNCTION_TAGS = ("p", "c", "u", "d", "v", "f", "r", "m", "q")
_NUMBER_BEHIND = re.compile(r"-?\d")  # GLP-1
_YEAR_BEHIND = re.compile(r"(?:19|20)\d\d年")
_GLUED_YEAR = re.compile(r"(?<=[A-Za-z]) ?(?:19|20)\d\d$")
#: Where the article speaks of these, a Latin spelling that is also the name of an overseas product may be genuine.
_OVERSEAS = re.compile("海外|出海|美国|欧洲|印度|东南亚|全球版|国际版|跨境|英国|日本|印尼|越南|拉美")
ROLE_BEFORE = re.compile("(?:创始人|董事长|总裁|总经理|首席执行官|CEO|副总裁|总监|负责人|分析师|主席|教授|记者|老师|先生|女士)$", re.I)


class LatinRun(NamedTuple):
    """Latin words in a row: offsets of each, and their letters in lower case."""

    start: int
    end: int
    spans: tuple[tuple[int, int], ...]
    words: tuple[str, ...]


def latin_runs(text: str) -> Iterator[LatinRun]:
    """The runs of Latin words of a text that are part of a sentence: no gloss in parentheses, no address, no ticker with its exchange."""
    tickers = {at for ticker in _TICKER.finditer(text) for at in range(*ticker.span())}
    for run in _LATIN_RUN.finditer(text):
        start, end = run.span()
        if not _is_gloss(text, start, end) and start not in tickers:
            if (year := _GLUED_YEAR.search(text, start, end)) and text.startswith("年", end):
                end = year.start()  # 微Bo2024年, 黄Wei 2017年
            found = list(_WORD.finditer(text, start, end))
            yield LatinRun(start, end, tuple(m.span() for m in found), tuple(m.group().lower() for m in found))


def _is_gloss(text: str, start: int, end: int) -> bool:
    """Whether a Latin run stands alone in parentheses, or is an address: no part of the sentence."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return (
        (before in ("(", "（") and after in (")", "）", ",", "，"))
        or after in ("@", "/")
        or (before in ("@", "/") and text[start - 2 : start - 1] in ":/@")
    )


#: A longer spelling of several words is no word by itself.
_PHRASE = 3


def kind_of(entity: Entity) -> Literal["brand", "person_name"]:
    """The kind of a repair that restores the entity's name."""
    return "person_name" if entity.type == "person" else "brand"


def mixed(reading: Reading, start: int, end: int, spelling: Spelling, reference: Reference) -> Candidate | None:
    """The candidate for a spelling with Chinese characters in it that stands at text[start:end]."""
    text = reading.text
    surface, entity = text[start:end], spelling.entity
    if all_han(surface) and segmentation.cuts_a_word(text, start, end):
        return None
    rule = "spelling.half_name" if entity.type == "person" else "spelling.garbled"
    name = rendering(entity, surface)
    written = _as_written(entity, name, reading)
    short = written[0] == name[0] and written[-1] == name[-1]
    if short or (name.startswith(written) and not shared_ends(name, surface)):
        name = written  # 国家医疗保险局 is 国家医保局 where the article says so, 美丽的集团 is 美的集团 all the same
    confidence, weight = 0.96, 2.5
    if spelling.ambiguous:
        here = brands.is_named(text, start, end, reference)
        if here is False:
            return None
        # words that read as Chinese and have neither end of the name are a guess even so: 妈妈知了 for 蝉妈妈
        proved = here and shared_ends(name, surface) and brands.is_proved(entity, reading, reference)
        # nor is a phrase a word of the article's where it also has the name: 完美的日记 beside 完美日记
        proved = proved or (len(surface) > _PHRASE and shared_ends(name, surface) > 1 and reading.knows(entity))
        confidence, weight = 0.85 if proved else 0.5, 0.7
    return Candidate(start, end, name, kind_of(entity), rule, confidence, weight, entity.id, f"{surface} -> {entity.name}")


def candidates(reading: Reading, reference: Reference, runs: Iterable[LatinRun]) -> list[Candidate]:
    """The known Latin spellings of an article, the longest that begins at each word."""
    found: list[Candidate] = []
    for run in runs:
        if numbered := _with_number(reading.text, run, reference):
            run = numbered
        i = 0
        while i < len(run.words):
            for j in range(min(len(run.words), i + _MAX_WORDS), i, -1):
                hit = _look_up(reading, run, i, j, reference)
                if hit is not None:
                    found += hit
                    i = j
                    break
            else:
                i += 1
    return found


def _with_number(text: str, run: LatinRun, reference: Reference) -> LatinRun | None:
    """The run with the number in front of it where that begins a name: 361 degrees, 7 Days Inn."""
    number = _NUMBER_BEFORE.search(text, max(0, run.start - _MAX_NUMBER), run.start)
    if not number:
        return None
    key = number[1] + run.words[0]
    spellings = lexicon(reference).spellings
    if not any(key + "".join(run.words[1:at]) in spellings for at in range(1, len(run.words) + 1)):
        return None
    return LatinRun(number.start(), run.end, (number.span(1), *run.spans), (number[1], *run.words))


def _look_up(reading: Reading, run: LatinRun, i: int, j: int, reference: Reference) -> list[Candidate] | None:
    """The candidates for words i..j of a run, [] for a genuine name, None where nothing is known of them."""
    book = lexicon(reference)
    key = "".join(run.words[i:j])
    spellings, genuine = book.spellings.get(key, ()), book.genuine.get(key)
    if not spellings and genuine is None:
        return None
    text, start, end = reading.text, run.spans[i][0], run.spans[j - 1][1]
    if _NUMBER_BEHIND.match(text, end) and not _YEAR_BEHIND.match(text, end):
        return None
    surface = text[start:end]
    if genuine is not None and (not spellings or _is_genuine(surface, genuine, spellings, reading)):
        return []
    spelling = _choose(spellings, reading, start)
    entity = spelling.entity
    before, behind = start - text.endswith(" ", 0, start), end + text.startswith(" ", end)
    if any(text.startswith(name, behind) or text.endswith(name, 0, before) for name in names_in_chinese(entity)):
        return []  # "Analysys易观", "Peet's 皮爷咖啡" say it twice
    strength = "garbled" if surface in entity.garbled else spelling.strength
    confidence, weight = CONFIDENCE[strength], WEIGHTS[strength]
    if strength == "pinyin" and not surface[0].isupper():
        return None
    if surface.islower() and not surface[0].isdigit() and surface not in (*entity.latin, *entity.garbled):
        return None  # a plain lower-case word only looks like it
    if strength == "latin":
        in_part = key not in map(letters, entity.latin)
        if in_part and j == i + 1 and not reading.knows(entity) and back_translations(gloss_key([key]), reference):
            return None  # City and World are the first words of many a name
        if surface not in entity.latin and not surface.isupper() and not in_part:
            weight += 0.7  # an odd case or spacing of the official name
        if reading.knows(entity):
            weight += 1.0  # a clean article does not call one firm by two names, save for a gloss
    if spelling.ambiguous:
        # a translator leaves no plain word in Latin letters: with a capital it is a name, and only whose is the question
        name = len(key) > 2 and not surface.isupper() and all(word[0].isupper() for word in surface.split())
        weight, confidence = 0.7, 0.9 if brands.is_proved(entity, reading, reference) else 0.82 if name else 0.5
    if sum(s.strength == spelling.strength for s in spellings) > 1 and not reading.knows(entity):
        confidence = min(confidence, 0.7)
    if strength == "pinyin" and entity.type != "person" and is_behind_surname(text, start, reference):
        confidence = min(confidence, 0.7)  # 岳Lihua is somebody, not 立华
    if strength != "garbled" and _has_unknown_neighbour(text, run, i, j, reference):
        confidence = min(confidence, 0.7)
    replacement = fit(_as_written(entity, rendering(entity, surface), reading), text, end)
    rule = f"spelling.{strength}"
    return [Candidate(start, end, replacement, kind_of(entity), rule, confidence, weight, entity.id, f"{surface} -> {entity.name}")]


def is_behind_surname(text: str, start: int, reference: Reference) -> bool:
    """Whether a single character stands in front that is a surname rather than a word of the sentence."""
    before = text[max(0, start - 4) : start].rpartition("\n")[2]
    if not before or before[-1] not in surname_characters(reference):
        return False
    word, tag = segmentation.tag(before)[-1]
    return len(word) == 1 and not tag.startswith(_FUNCTION_TAGS)


@cache
def surname_characters(reference: Reference) -> frozenset[str]:
    """All surnames, the most of one character."""
    return frozenset(row.surname for row in reference.surnames)


def _as_written(entity: Entity, name: str, reading: Reading) -> str:
    """The name, or where the article never uses it, another one that the article uses: 南航 for 南方航空. 茶姬 is not used where it only
    ends 霸王茶姬."""
    if entity.type == "person":
        return name
    used = list(filter(reading.has, names_in_chinese(entity)))
    if name not in used:
        return max(used, key=reading.text.count) if used else name
    count = reading.text.count(name)
    return next((form for form in used if form != name and form.endswith(name) and reading.text.count(form) == count), name)


def fit(replacement: str, text: str, end: int) -> str:
    """The replacement without the word that the text itself goes on with: "Ideal汽车" is 理想 + 汽车."""
    cut = next((cut for cut in range(2, len(replacement) - 1) if text.startswith(replacement[cut:], end)), None)
    return replacement[:cut]


def _is_genuine(surface: str, genuine: frozenset[str], spellings: Sequence[Spelling], reading: Reading) -> bool:
    """Whether a spelling that is a genuine name and also resembles a garbled one means the genuine thing.

    TikTok is the overseas app unless the article speaks of 抖音 and of nothing overseas; "Tik Tok" is written by nobody for it.
    """
    if surface not in genuine:
        return False
    entities = [s.entity for s in spellings if s.strength in ("garbled", "latin")]
    return not any(map(reading.knows, entities)) or bool(_OVERSEAS.search(reading.text))


def _choose(spellings: Sequence[Spelling], reading: Reading, start: int) -> Spelling:
    """Of several entities with one spelling: a person behind a title, else one whose Chinese name the article uses, else the first."""
    if len(spellings) == 1:
        return spellings[0]
    person = bool(ROLE_BEFORE.search(reading.text[max(0, start - 8) : start]))

    def rank(spelling: Spelling) -> tuple[bool, bool, int]:
        return (spelling.entity.type == "person") != person, not reading.knows(spelling.entity), list(WEIGHTS).index(spelling.strength)

    return min(spellings, key=rank)


def _has_unknown_neighbour(text: str, run: LatinRun, i: int, j: int, reference: Reference) -> bool:
    """Whether a capitalised Latin word that nothing is known of stands right beside words i..j, so that both may be one longer name."""
    book = lexicon(reference)
    for at in (i - 1, j):
        if 0 <= at < len(run.words):
            word = text[slice(*run.spans[at])]
            key = run.words[at]
            if word[:1].isupper() and not word.isupper() and len(word) > 2 and key not in book.spellings and key not in book.genuine:
                # a second word that begins a genuine name (Model Y) is no part of this one
                two = letters(text[run.spans[at][0] : run.spans[min(at + 1, len(run.spans) - 1)][1]])
                if two not in book.genuine and two not in book.spellings:
                    return True
    return False
