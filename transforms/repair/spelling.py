"""Names in Latin, pinyin or half-translated spelling: Tik Tok, JD.COM, 网易YEATION, Wang传福, He Xiaopeng, 庞大星图.

A Latin spelling is looked up by its letters alone, in lower case and without blanks, points and hyphens, as a whole word or as several. A
spelling that is the genuine name of something (iPhone, NIO Day, TikTok) is left alone, whatever else it resembles. Which entity a spelling
means comes from the reference data: `latin` and `garbled` columns, and pinyin made from the Chinese names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Literal

import ahocorasick_rs
import pypinyin

from transforms import segmentation
from transforms.reference import Entity, Reference, entities_by_id
from transforms.repair.candidates import Candidate
from transforms.script import fold, is_han

Strength = Literal["garbled", "latin", "pinyin"]
#: Evidence for a round trip in natural-log odds, set on the writer's own samples: a misspelling nobody writes by hand weighs most.
WEIGHTS: dict[Strength, float] = {"garbled": 3.0, "latin": 0.8, "pinyin": 1.5}
CONFIDENCE: dict[Strength, float] = {"garbled": 0.97, "latin": 0.93, "pinyin": 0.9}

#: A run of Latin words; the blanks and marks inside a name belong to it.
_LATIN_RUN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:(?:[ .\-'’&]{1,2}|(?<=\.)\s)?[A-Za-z0-9]+)*\.?")
_WORD = re.compile(r"[A-Za-z]+|[0-9]+")
_LETTER = re.compile("[A-Za-z]")
_MAX_WORDS = 5
#: "Wang传福", "Li斌": a capitalised syllable glued to one or two Chinese characters; "雷Jun" the other way round.
_HALF_NAME = re.compile(r"(?<![A-Za-z])([A-Z][a-z]{1,5})([\u4e00-\u9fff]{1,2})")
_YEAR_BEHIND = re.compile(r"(?:19|20)\d\d年")
_GENERIC_HAN = (
    "汽车",
    "集团",
    "公司",
    "科技",
    "电器",
    "股份",
    "控股",
    "银行",
    "证券",
    "保险",
    "航空",
    "地产",
    "置业",
    "医药",
    "药业",
    "食品",
    "能源",
    "网",
)
#: Where the article speaks of these, a Latin spelling that is also the name of an overseas product may be genuine.
_OVERSEAS = re.compile("海外|出海|美国|欧洲|印度|东南亚|全球版|国际版|跨境|英国|日本|印尼|越南|拉美")

SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵"
    "孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐沿梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧畅宫来嵺苟全褚廉简娄盖符奚木穆党燕郎邸冀谈姬屠连郜晏栾郁商蒙计喻揭窦迟宇敖糜鄢冷卓花仇艾蓝都巩稽井练仲乐虞卞封竺冼原官衣楚佟栗匡宗应台巫鞠僧桑荆谌银扬明沙薄伏岑习胥保和蔺"
)


@dataclass(frozen=True, slots=True)
class Spelling:
    entity_id: str
    strength: Strength
    ambiguous: bool
    replacement: str


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Spellings by their letters. `genuine` are names written in Latin by the press itself: letters -> (entity, spellings). `han` finds
    spellings with Chinese characters; None marks a genuine name of both scripts (抖店APP), in which nothing is repaired."""

    spellings: dict[str, tuple[Spelling, ...]]
    genuine: dict[str, tuple[str, frozenset[str]]]
    han: ahocorasick_rs.AhoCorasick
    han_spellings: tuple[Spelling | None, ...]
    surnames: dict[str, str]


def letters(text: str) -> str:
    """The letters and digits of a spelling, in lower case.

    >>> letters("JD.COM"), letters("Tik Tok")
    ('jdcom', 'tiktok')
    """
    return "".join(_WORD.findall(text)).lower()


def romanize(name: str) -> list[str]:
    """The pinyin syllables of a Chinese name, without tones; the surname as a surname.

    >>> romanize("曾毓群")
    ['zeng', 'yu', 'qun']
    """
    syllables: list[str] = pypinyin.lazy_pinyin(name)
    if name and len(name) in (2, 3) and name[0] in _SURNAME_READINGS:
        syllables[0] = _SURNAME_READINGS[name[0]]
    return syllables


_SURNAME_READINGS = {"曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "任": "ren", "盖": "ge", "区": "ou", "朴": "piao"}


def is_pinyin(word: str) -> bool:
    """Whether a Latin word can be read as pinyin syllables.

    >>> is_pinyin("Weilai"), is_pinyin("Tucki")
    (True, False)
    """
    return bool(_PINYIN_WORD.fullmatch(word.lower()))


_PINYIN_WORD = re.compile(
    "(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ui|uo|ue|a|o|e|i|u)(?:r)?)+"
)


_VOWELS = re.compile("[aeiouy]+")


def _short_forms(entity: Entity) -> list[str]:
    """The name and the aliases that begin it: 小鹏汽车, 小鹏."""
    return [entity.name, *(alias for alias in entity.aliases if entity.name.startswith(alias) and len(alias) > 1)]


def _rendering(entity: Entity, spelling: str, strength: Strength) -> str:
    """What a Latin spelling stands for: the whole name where it is as long (Alibaba), says the generic word too (Luckin Coffee) or is mixed
    with Chinese (Gree电器), else the short form (Luckin is 瑞幸, Tucki is 小鹏). Length is counted in syllables."""
    words = _WORD.findall(spelling)
    forms = _short_forms(entity)
    if len(words) != 1 or any(map(is_han, spelling)) or len(forms) == 1:
        return entity.name
    if strength == "pinyin":
        return next((form for form in forms if "".join(romanize(form)) == spelling), entity.name)
    syllables = len(_VOWELS.findall(spelling.lower().removesuffix("e")))
    return min(forms, key=lambda form: (abs(len(form) - syllables), -len(form)))


def _pinyin_spellings(entity: Entity) -> Iterator[str]:
    if not all(map(is_han, entity.name)) or len(entity.name) < 2:
        return
    syllables = romanize(entity.name)
    yield "".join(syllables)
    if entity.type == "person" and len(syllables) in (2, 3):
        yield "".join([*syllables[1:], syllables[0]])  # He Xiaopeng, Xiaopeng He
    for form in _short_forms(entity)[1:]:
        yield "".join(romanize(form))


def _half_names(name: str) -> Iterator[str]:
    """Wang传福, 王Chuanfu, and 王传Fu for 王传福."""
    syllables = romanize(name)
    for cut in range(1, len(name)):
        yield "".join(syllables[:cut]) + name[cut:]
        yield name[:cut] + "".join(syllables[cut:])


@cache
def lexicon(reference: Reference) -> Lexicon:
    spellings: dict[str, dict[str, Spelling]] = {}
    genuine: dict[str, tuple[str, frozenset[str]]] = {}
    han: dict[str, Spelling | None] = {}

    def add(entity: Entity, spelling: str, strength: Strength) -> None:
        ambiguous = spelling in entity.ambiguous
        row = Spelling(entity.id, strength, ambiguous, _rendering(entity, spelling, strength))
        if any(map(is_han, spelling)):
            han.setdefault(fold(spelling).lower(), row)
        elif key := letters(spelling):
            known = spellings.setdefault(key, {})
            known.setdefault(entity.id, row)

    for entity in reference.entities:
        in_latin = not any(map(is_han, entity.name))
        for name in (entity.name, *entity.aliases):
            if any(map(is_han, name)) and any(char.isascii() and char.isalpha() for char in name):
                han[fold(name).lower()] = None
            if not any(map(is_han, name)) and name not in entity.latin and (key := letters(name)):
                old = genuine.get(key, (entity.id, frozenset()))
                genuine[key] = (old[0], old[1] | {name})
        if in_latin:
            continue
        for spelling in entity.garbled:
            add(entity, spelling, "garbled")
        for spelling in entity.latin:
            add(entity, spelling, "latin")
    for entity in reference.entities:
        if entity.type in ("company", "product", "person", "media") and any(map(is_han, entity.name)):
            for spelling in _pinyin_spellings(entity):
                if len(spelling) > 4 or entity.type == "person":
                    add(entity, spelling, "pinyin")
        if entity.type == "person" and 2 <= len(entity.name) <= 3 and all(map(is_han, entity.name)):
            for half in _half_names(entity.name):
                han.setdefault(half, Spelling(entity.id, "garbled", False, entity.name))
    surnames: dict[str, str] = {}
    for surname in SURNAMES:
        surnames.setdefault(romanize(surname)[0], surname)
    keys = sorted(han)
    return Lexicon(
        {key: tuple(rows.values()) for key, rows in spellings.items()},
        genuine,
        ahocorasick_rs.AhoCorasick(keys or ["\0"], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest),
        tuple(han[key] for key in keys),
        surnames,
    )


def candidates(text: str, reference: Reference, article: ArticleNames) -> list[Candidate]:
    """The spellings of one folded paragraph. `article` is what the rest of the article says."""
    mixed = list(_mixed_spellings(text, reference))
    found = [c for c in mixed if c.replacement]
    if not _LETTER.search(text):
        return found
    taken = [(c.start, c.end) for c in mixed]
    found += [c for c in _latin_spellings(text, reference, article) if not any(a < c.end and c.start < b for a, b in taken)]
    taken += [(c.start, c.end) for c in found]
    return found + [c for c in _unknown_names(text, reference, article) if not any(a < c.end and c.start < b for a, b in taken)]


class ArticleNames:
    """What the whole article tells about its names: all of its text, folded, and the Chinese personal and brand names in it by pinyin."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def by_pinyin(self) -> dict[str, str]:
        names: dict[str, str] = {}
        for token in segmentation.tokens(self.text):
            if token.tag in ("nr", "nrt", "nz", "nt") and 2 <= len(token.text) <= 4 and all(map(is_han, token.text)):
                names.setdefault("".join(romanize(token.text)), token.text)
        return names

    def knows(self, entity: Entity) -> bool:
        """Whether the article also uses a Chinese spelling of the entity that nothing else could mean."""
        return any(name in self.text for name in (entity.name, *entity.aliases) if name not in entity.ambiguous and any(map(is_han, name)))


def _kind(entity: Entity) -> Literal["brand", "person_name"]:
    return "person_name" if entity.type == "person" else "brand"


def _mixed_spellings(text: str, reference: Reference) -> Iterator[Candidate]:
    """Spellings with Chinese characters in them: 庞大星图, 网易YEATION, Wang传福; an empty replacement marks a genuine name."""
    known = entities_by_id(reference)
    words = lexicon(reference)
    for index, start, end in words.han.find_matches_as_indexes(text.lower()):
        spelling = words.han_spellings[index]
        if (text[start].isascii() and text[start - 1 : start].isascii() and text[start - 1 : start].isalpha()) or (
            text[end - 1].isascii() and text[end : end + 1].isascii() and text[end : end + 1].isalpha()
        ):
            continue
        if spelling is None:
            yield Candidate(start, end, "", "brand", "spelling.genuine", 0.0, 0.0)
            continue
        if all(map(is_han, text[start:end])) and segmentation.cuts_a_word(text, start, end):
            continue
        entity = known[spelling.entity_id]
        half = entity.type == "person"
        yield Candidate(
            start,
            end,
            entity.name if half else spelling.replacement,
            _kind(entity),
            f"spelling.{'half_name' if half else 'garbled'}",
            0.5 if spelling.ambiguous else 0.96,
            2.5 if not spelling.ambiguous else 0.7,
            entity.id,
            f"{text[start:end]} -> {entity.name}",
        )


def _latin_spellings(text: str, reference: Reference, article: ArticleNames) -> Iterator[Candidate]:
    for run in _LATIN_RUN.finditer(text):
        if _is_gloss(text, run.start(), run.end()):
            continue
        words = [(m.start() + run.start(), m.end() + run.start()) for m in _WORD.finditer(run.group())]
        i = 0
        while i < len(words):
            for j in range(min(len(words), i + _MAX_WORDS), i, -1):
                hit = _look_up(text, words, i, j, reference, article)
                if hit is not None:
                    yield from hit
                    i = j
                    break
            else:
                i += 1


def _is_gloss(text: str, start: int, end: int) -> bool:
    """Whether a Latin run stands alone in parentheses, or is an address: no part of the sentence."""
    before, after = text[start - 1 : start], text[end : end + 1]
    return (
        (before in ("(", "（") and after in (")", "）", ",", "，"))
        or after in ("@", "/")
        or (before in ("@", "/") and text[start - 2 : start - 1] in ":/@")
    )


def _look_up(
    text: str, words: Sequence[tuple[int, int]], i: int, j: int, reference: Reference, article: ArticleNames
) -> list[Candidate] | None:
    """The candidates for words i..j of a run, [] for a genuine name, None where nothing is known of them."""
    start, end = words[i][0], words[j - 1][1]
    if text[end : end + 1].isdigit() and not _YEAR_BEHIND.match(text, end):
        return None
    book = lexicon(reference)
    key = letters(text[start:end])
    spellings = book.spellings.get(key, ())
    genuine = book.genuine.get(key)
    known = entities_by_id(reference)
    if genuine is not None and (not spellings or _is_genuine(text[start:end], genuine[1], spellings, article, known)):
        return []
    if not spellings:
        return None
    spelling = _choose(spellings, text, start, article, known)
    entity = known[spelling.entity_id]
    confidence, weight = CONFIDENCE[spelling.strength], WEIGHTS[spelling.strength]
    surface = text[start:end]
    if spelling.strength == "latin" and surface not in entity.latin and not surface.isupper():
        weight += 0.7  # an odd case or spacing of the official name
    if spelling.strength == "pinyin" and not surface[0].isupper():
        return None
    if spelling.strength == "latin" and article.knows(entity):
        weight += 1.0  # a clean article does not call one firm by two names, save for a gloss
    if surface.islower() and surface not in (*entity.latin, *entity.garbled):
        return None  # a plain lower-case word only looks like it
    if spelling.ambiguous:
        weight = 0.7
        confidence = 0.9 if article.knows(entity) else 0.5
    elif len(spellings) > 1 and not article.knows(entity):
        confidence = min(confidence, 0.7)
    if _has_unknown_neighbour(text, words, i, j, reference) and spelling.strength != "garbled":
        confidence = min(confidence, 0.7)
    replacement = _fit(spelling.replacement, entity, text, end)
    rule = f"spelling.{spelling.strength}"
    return [Candidate(start, end, replacement, _kind(entity), rule, confidence, weight, entity.id, f"{surface} -> {entity.name}")]


def _fit(replacement: str, entity: Entity, text: str, end: int) -> str:
    """The replacement without the generic word that the text itself goes on with: "Ideal汽车" is 理想 + 汽车."""
    for suffix in _GENERIC_HAN:
        if replacement.endswith(suffix) and text.startswith(suffix, end) and len(replacement) > len(suffix) + 1:
            return replacement.removesuffix(suffix)
    return replacement


def _is_genuine(
    surface: str, genuine: frozenset[str], spellings: Iterable[Spelling], article: ArticleNames, known: dict[str, Entity] | object
) -> bool:
    """Whether a spelling that is a genuine name and also resembles a garbled one means the genuine thing.

    TikTok is the overseas app unless the article speaks of 抖音 and of nothing overseas; "Tik Tok" is written by nobody for it.
    """
    if surface not in genuine:
        return False
    entities = [known[s.entity_id] for s in spellings if s.strength == "garbled"]  # type: ignore[index]
    return not any(article.knows(e) for e in entities) or bool(_OVERSEAS.search(article.text))


_ROLE_BEFORE = re.compile("(?:创始人|董事长|总裁|总经理|首席执行官|CEO|副总裁|总监|负责人|分析师|主席|教授|记者|老师|先生|女士)$", re.I)


def _choose(spellings: Sequence[Spelling], text: str, start: int, article: ArticleNames, known: object) -> Spelling:
    """Of several entities with one spelling: a person behind a title, else one whose Chinese name the article uses, else the first."""

    def rank(spelling: Spelling) -> tuple[bool, bool, int]:
        entity: Entity = known[spelling.entity_id]  # type: ignore[index]
        person = bool(_ROLE_BEFORE.search(text[max(0, start - 8) : start]))
        return (entity.type == "person") != person, not article.knows(entity), list(WEIGHTS).index(spelling.strength)

    return min(spellings, key=rank)


def _has_unknown_neighbour(text: str, words: Sequence[tuple[int, int]], i: int, j: int, reference: Reference) -> bool:
    """Whether a capitalised Latin word that nothing is known of stands right beside words i..j, so that both may be one longer name."""
    book = lexicon(reference)
    for at in (i - 1, j):
        if 0 <= at < len(words):
            word = text[words[at][0] : words[at][1]]
            key = word.lower()
            if word[:1].isupper() and not word.isupper() and len(word) > 2 and key not in book.spellings and key not in book.genuine:
                # a second word that begins a genuine name (Model Y) is no part of this one
                two = letters(text[words[at][0] : words[min(at + 1, len(words) - 1)][1]])
                if two not in book.genuine and two not in book.spellings:
                    return True
    return False


def _unknown_names(text: str, reference: Reference, article: ArticleNames) -> Iterator[Candidate]:
    """Names that no reference row knows: restored when the article itself says who it is, else suggested or mere evidence."""
    book = lexicon(reference)
    for match in _HALF_NAME.finditer(text):
        syllable, rest = match.group(1).lower(), match.group(2)
        if syllable not in book.surnames or match.group(1) in ("Bo", "Ha", "La", "Le", "Me", "Sa", "De", "Da", "Di"):
            continue
        full = next((name for name in article.by_pinyin.values() if _is_half_of(name, syllable, text, match.end(1))), None)
        end = match.end(1) + (len(full) - 1 if full else _given_name_length(text, match.end(1), rest))
        if end == match.end(1):
            continue
        name = full or book.surnames[syllable] + text[match.end(1) : end]
        yield Candidate(
            match.start(),
            end,
            name,
            "person_name",
            "spelling.half_name" if full else "spelling.half_name_guess",
            0.9 if full else 0.4,
            1.5 if full else 0.9,
            None,
            f"{text[match.start() : end]} -> {name}",
        )
    for run in _LATIN_RUN.finditer(text):
        words = run.group().strip(" .").split()
        key = letters(run.group())
        if _is_gloss(text, run.start(), run.end()) or not run.group()[0].isupper() or not words or not all(map(is_pinyin, words)):
            continue
        if len(key) > 4 and key in article.by_pinyin:
            name = article.by_pinyin[key]
            yield Candidate(
                run.start(),
                run.start() + len(run.group().rstrip(" .")),
                name,
                "brand",
                "spelling.pinyin_in_article",
                0.85,
                1.0,
                None,
                f"{run.group()} -> {name}",
            )
        elif (
            all(w[0].isupper() and len(w) > 3 and is_pinyin(w) for w in words if w)
            and words
            and not _is_gloss(text, run.start(), run.end())
        ):
            yield Candidate(
                run.start(), run.end(), "", "brand", "spelling.pinyin_unknown", 0.0, 0.4, None, f"{run.group()} reads as pinyin"
            )


def _is_half_of(name: str, syllable: str, text: str, at: int) -> bool:
    return len(name) in (2, 3) and text.startswith(name[1:], at) and romanize(name)[0] == syllable


def _given_name_length(text: str, at: int, rest: str) -> int:
    """How many of the Chinese characters behind a Latin surname belong to the name: up to a word boundary, one or two."""
    first = segmentation.words(text[at : at + 6])
    return min(len(first[0]), 2) if first and len(first[0]) <= 2 else (1 if rest else 0)
