"""The rows of reference data. Every class with a KEY is one file; a field's type says how its column is parsed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import ClassVar, Literal

from transforms.article import EntityType, EventType, Qualifier, RepairKind, Role


@dataclass(frozen=True, slots=True)
class Entity:
    """entities/*.csv: one thing with a name. `aliases` are spellings of clean text; `latin` are official Latin names, which become `name`
    again in a garbled paragraph; `garbled` are spellings that only a round trip produces; `ambiguous` are those of all these that
    are also plain words and need context. `parent` is the id of the owner or employer."""

    id: str
    name: str
    type: EntityType
    parent: str | None = None
    aliases: tuple[str, ...] = ()
    latin: tuple[str, ...] = ()
    garbled: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    ticker: tuple[str, ...] = ()

    KEY: ClassVar[str] = "id"


@dataclass(frozen=True, slots=True)
class Calque:
    """calques.csv: a term of art that came back as another word. Applied where the paragraph is garbled and one of `context` stands near
    (no context: garbled is enough); `suggested` ones are never applied."""

    pattern: str
    replacement: str
    kind: RepairKind
    context: tuple[str, ...]
    status: Literal["applied", "suggested"]
    confidence: float
    note: str = ""

    KEY: ClassVar[str] = "pattern"


@dataclass(frozen=True, slots=True)
class Term:
    """terms.csv: a term of art of a sector, and its `english` renderings, from which the spellings that a round trip gives are worked out.
    `genuine` are those among them that clean Chinese writes too, with another meaning or beside the term."""

    term: str
    english: tuple[str, ...]
    sector: str
    genuine: tuple[str, ...] = ()

    KEY: ClassVar[str] = "term"


@dataclass(frozen=True, slots=True)
class Rendering:
    """renderings.csv: what machine translation makes of an English word of business, the usual first."""

    english: str
    chinese: tuple[str, ...]

    KEY: ClassVar[str] = "english"


@dataclass(frozen=True, slots=True)
class Unit:
    """units.csv: a unit, a counter, or a noun that gives a bare number its unit. `code` as in the vocabulary, `local` for the currency of
    the article's region; `factor` converts into `code` (a 美分 is 0.01 USD, a 打 12 items).

    `place` says where it stands: right behind the number (empty), in front of it (`before`), on either side (`both`), only behind
    an ordinal (`ordinal`), only inside a longer amount (`part`: 3元2角); a `noun` is no part of the quantity but tells the unit of a
    number that has none (用户规模达8亿). `needs` is a condition on the number: `digits` for Arabic digits or 万 and up, `one` for 一 alone,
    `two` for more than one, `noun` for a word of `by_noun` nearby, and `tenth`, `discount`, `index`, `days` as in 三成, 八折, 3300点, 90日.
    `by_noun` changes the code where a noun stands behind or before: `store=门市`. The dimension `none` marks a longer word that
    only begins like a unit (年级)."""

    surface: str
    code: str
    dimension: Literal["money", "percent", "multiple", "rank", "duration", "count", "measure", "none"]
    factor: Decimal = Decimal(1)
    place: Literal["", "before", "both", "ordinal", "part", "noun"] = ""
    needs: Literal["", "digits", "one", "two", "noun", "tenth", "discount", "index", "days"] = ""
    by_noun: tuple[str, ...] = ()
    note: str = ""

    KEY: ClassVar[str] = "surface"


@dataclass(frozen=True, slots=True)
class QualifierWord:
    """qualifiers.csv: a word right before or right behind a number which says how exact it is. `before_round` words say so only of a
    number without a digit: 上百, 近千, 过亿."""

    surface: str
    qualifier: Qualifier
    position: Literal["before", "after", "before_round"]

    KEY: ClassVar[str] = "surface"


@dataclass(frozen=True, slots=True)
class Idiom:
    """idioms.csv: a word with a numeral in it that counts nothing (十分, 百货, 第三方)."""

    surface: str
    note: str = ""

    KEY: ClassVar[str] = "surface"


@dataclass(frozen=True, slots=True)
class Festival:
    """festivals.csv: a named day or span of days. `rule` is `MM-DD`, `lunar MM-DD`, `solar-term NAME`, `weekday MM-W-N` (the Nth weekday W
    of a month, Monday is 1) or `years YYYY-YYYY`; `first` and `last` are the offsets in days of the usual period around it, `off` says that
    it has public days off, which go before them. `alone` is what the bare name means: the day, the whole span, or only a name (双11), which
    becomes a time by a year before it or 期间 behind it."""

    name: str
    rule: str
    aliases: tuple[str, ...] = ()
    first: int = 0
    last: int = 0
    off: bool = False
    alone: Literal["day", "span", "name"] = "day"

    KEY: ClassVar[str] = "name"


@dataclass(frozen=True, slots=True)
class FiscalYear:
    """fiscal_years.csv: a company whose fiscal year is not the calendar year: the month it begins in, and whether its number is that of the
    calendar year it starts or ends in."""

    company: str
    first_month: int
    named_after: Literal["start", "end"]
    aliases: tuple[str, ...] = ()

    KEY: ClassVar[str] = "company"


#: What kind of number a metric takes.
Dimension = Literal["money", "percent", "count", "measure", "rank", "duration", "multiple"]


@dataclass(frozen=True, slots=True)
class Metric:
    """metrics.csv: what a figure measures. `triggers` name it in a text, `weak` ones only right beside the number; `dimensions` are those
    that a number bound to it may have, `units` the only unit codes where it counts things; figures behind a `negative` trigger (净亏损)
    change their sign. `nature` says how time governs it: a `flow` or a rate over a period, a `stock` as of a day, a list `price`, a `rule`.
    `subject` is what it is about where the article names nothing (a macro figure: 中国); a `product` metric is rather about the product
    named last than about its seller."""

    code: str
    triggers: tuple[str, ...]
    dimensions: tuple[Dimension, ...]
    weak: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()
    nature: Literal["flow", "stock", "price", "rule"] = "flow"
    subject: str = ""
    product: bool = False
    note: str = ""

    KEY: ClassVar[str] = "code"


@dataclass(frozen=True, slots=True)
class EventTrigger:
    """event_triggers.csv: a word that reports a happening of a type. `object` says what stands behind it, as a role; one of `needs`, if
    any, must follow in its clause (取得 is an acquisition only of 股权)."""

    trigger: str
    type: EventType
    object: Literal["target", "partner", "other"] = "target"
    needs: tuple[str, ...] = ()
    note: str = ""

    KEY: ClassVar[str] = "trigger"


CueKind = Literal[
    "status",  # sets the status of a figure: target, forecast or policy
    "comparison",  # yoy, qoq, mom
    "change",  # direction of a change: 1 or -1
    "level",  # behind a change: the figure is where it ended, not by how much (增至)
    "gap",  # the figure is a difference, no level (还差, 多出)
    "joint",  # the figure is of several subjects together (合计), or of each (均): value all or each
    "says",  # verb of saying
    "according",  # 据, 根据
    "plan",
    "denial",
    "condition",  # what follows is only supposed: 如果, 一旦
    "group",  # noun of people or things that a slice is made of: 用户, 商品
    "segment",  # noun of a part of a company: 业务, 板块
    "empty",  # noun that is no subject by itself: 同期, 基础
    "noun",  # noun that the segmenter takes for a verb or number: 直播, 第三方
    "light",  # word in front of a noun phrase that is no part of it: 全国, 其中
    "tail",  # word behind a noun phrase that belongs to the metric: 整体, 累计
    "watcher",  # house whose trade is to give data on others, where its name does not say so: IDC
]


@dataclass(frozen=True, slots=True)
class Cue:
    """cues.csv: a word that tells something about the figure or event beside it, by kind."""

    surface: str
    kind: CueKind
    value: str = ""

    KEY: ClassVar[str] = "surface|kind"


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """boilerplate.csv: a regular expression that a whole paragraph (`where` is `all`) or its beginning (`start`) or any part of a short
    paragraph (`any`) matches, with the role it proves and, for bylines, the field that its group fills."""

    pattern: str
    role: Role
    where: Literal["all", "start", "any"]
    field: Literal["", "publisher", "author", "image_credit", "date"] = ""
    note: str = ""

    KEY: ClassVar[str] = "pattern"


@dataclass(frozen=True, slots=True)
class JobTitle:
    """job_titles.csv: a position or profession that stands next to the name of a person."""

    title: str
    note: str = ""

    KEY: ClassVar[str] = "title"


@dataclass(frozen=True, slots=True)
class NameSuffix:
    """name_suffixes.csv: the last word of a name, which gives its type. `head` says what stands before it: a proper name, which is no
    place (`name`: 富邦科技), a proper name or a place (`next`: 法国队), or one of these and then plain words (`proper`:
    中国网络视听节目服务协会), or nothing (`alone`: 国会, 英国国会)."""

    suffix: str
    type: EntityType
    head: Literal["proper", "name", "next", "alone"]

    KEY: ClassVar[str] = "suffix"


@dataclass(frozen=True, slots=True)
class NoiseWord:
    """noise_words.csv: what looks like a name by its shape or its tag and is none, with the reason."""

    surface: str
    reason: str

    KEY: ClassVar[str] = "surface"


@dataclass(frozen=True, slots=True)
class Surname:
    """surnames.csv: Chinese family names, and how much likelier the character begins a name than it stands elsewhere (natural logarithm;
    from the emission probabilities and word counts that ship with jieba)."""

    surname: str
    likelihood: float

    KEY: ClassVar[str] = "surname"


@dataclass(frozen=True, slots=True)
class NameCharacter:
    """name_characters.csv: how much likelier a character is in a given name than elsewhere (`given`, natural logarithm; from the emission
    probabilities and word counts that ship with jieba), and whether foreign names are transliterated with it."""

    character: str
    given: float
    foreign: bool = False

    KEY: ClassVar[str] = "character"


@dataclass(frozen=True, slots=True)
class PlaceAbbreviation:
    """place_abbreviations.csv: a country or city in one character (访华, 驻美); `pairs` are those that stand for it next to each other
    (中俄)."""

    character: str
    name: str
    pairs: bool = False

    KEY: ClassVar[str] = "character"


@dataclass(frozen=True, slots=True)
class NameVariant:
    """name_variants.csv: how the second half of a product's name comes back from a translation (抖音小店, 抖音商店)."""

    part: str
    variants: tuple[str, ...]
    note: str = ""

    KEY: ClassVar[str] = "part"


NameCueKind = Literal[
    "says", "brand_before", "brand_after", "brand_topic", "plain_before", "plain_after", "place_before", "place_after", "school_before",
    "school_after", "sport_topic", "work_topic", "inside", "outside", "buys", "gathering", "holds", "body", "title_modifier",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class NameCue:
    """name_cues.csv: words next to a name that tell what it is.

    `says` stands behind a person; `brand_before`, `brand_after` and (in the same sentence) `brand_topic` speak of a brand, `plain_before`
    and `plain_after` of the plain word; `place_*`, `school_*`, `sport_topic`, `work_topic` of a place, a university, a club, a film. The
    name of an organization may contain `inside` words and never `outside` words; `buys` stands before a firm; a `gathering` ends an event
    that somebody `holds`, unless it is one of a `body`; `title_modifier` stands before a job title."""

    cue: str
    surface: str
    kind: NameCueKind

    KEY: ClassVar[str] = "cue"


@dataclass(frozen=True, slots=True)
class Reference:
    """All reference data of a run. `digest` changes with any byte of any file."""

    entities: tuple[Entity, ...]
    calques: tuple[Calque, ...]
    terms: tuple[Term, ...]
    renderings: tuple[Rendering, ...]
    units: tuple[Unit, ...]
    qualifiers: tuple[QualifierWord, ...]
    idioms: tuple[Idiom, ...]
    festivals: tuple[Festival, ...]
    fiscal_years: tuple[FiscalYear, ...]
    metrics: tuple[Metric, ...]
    event_triggers: tuple[EventTrigger, ...]
    cues: tuple[Cue, ...]
    boilerplate: tuple[Boilerplate, ...]
    job_titles: tuple[JobTitle, ...]
    name_suffixes: tuple[NameSuffix, ...]
    noise_words: tuple[NoiseWord, ...]
    surnames: tuple[Surname, ...]
    name_characters: tuple[NameCharacter, ...]
    name_cues: tuple[NameCue, ...]
    place_abbreviations: tuple[PlaceAbbreviation, ...]
    name_variants: tuple[NameVariant, ...]
    digest: str

    def __hash__(self) -> int:
        return hash(self.digest)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Reference) and other.digest == self.digest

    def entity(self, entity_id: str) -> Entity | None:
        return entities_by_id(self).get(entity_id)


@cache
def entities_by_id(reference: Reference) -> Mapping[str, Entity]:
    return {entity.id: entity for entity in reference.entities}
