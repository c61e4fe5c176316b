"""What a figure is about.

In order, and named in `Reading.rule`:
- `listed`    the name at its place of a list with 分别
- `actor`     the name that acts in the clause of the figure; of 富邦媒旗下的momo the last one; the one that is placed (排在第二的三星), or
              where it happens (在美团上接单的骑手) if nobody acts
- `product`   a price or box office is about the product named last in the sentence
- `joint`     两家公司的营收, 我们店: several together or somebody without a name, no subject
- `anaphor`   这家公司, 该平台, 其: the last company, product, subject; 这一数字: that of the last figure
- `employer`  a person stands for the employer
- `place`     访港旅客 is about 香港; 成交均价 in a passage on 上海 about 上海
- `group`     15.7%的用户: the group, where no company is spoken of
- `phrase`    a season of the cinemas (国庆档), the noun phrase that the clause opens with (新能源乘用车销量) or that something is required
              of (要求险企); where a company is spoken of, it is a slice (cohort) of it
- `economy`   a macro figure is about the place that is spoken of, or the country; an index about itself
- `speaker`   a company that speaks of nobody else speaks of itself
- `inherited` the subject of the clause, sentence or paragraph before

Speakers, media, public bodies and names behind 在, 与, 比 are no subjects.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from transforms.article import Mention, Quantity
from transforms.facts import names, phrases
from transforms.facts.lexicon import Lexicon
from transforms.facts.measures import DEGREE, THIS_FIGURE, Binding
from transforms.facts.names import Subject
from transforms.facts.phrases import Phrase
from transforms.facts.talk import Talk
from transforms.facts.view import Clause, SentenceView

_FIRM = "公司|集团|企业|厂商|车企|券商|银行|机构|药企|酒企|险企|房企"
_COMPANY = re.compile(rf"(?:这家(?:[^，。；]{{1,12}}的)?|该|本)?(?:{_FIRM})(?!债|法|数量|贷|客户)|该行(?!业)")
_WE = re.compile("我们|我(?:司|行(?!业))")
_THING = "平台|品牌|产品|游戏|影片|电影|车型|应用|片|剧|书|车|药"
_PRODUCT = re.compile(f"(?:这款|这部|该|这个|本)(?:{_THING})|(?:影片|平台|新车|新机)(?=的|$)")
_ANY = re.compile("(?:其|它|后者|前者)(?!中|他|余|实|次|一|间|它)")
_TOGETHER = f"\\w{{0,6}}(?:{_FIRM}|平台|巨头|运营商|航司|新势力|者)|合计|合共|共计|总计|加起来|一共"
#: This market is the one named last, within so many characters.
_MARKET = re.compile("(?:这|该)[一个]*市场")
_MARKET_REACH = 150
_JOINT = re.compile(f"(?:[两二三四五六七八九十几多各]|上述)[家大个者](?:{_TOGETHER})|双方|[两三二]者|各家")
#: The shop of a speaker, who has no name here.
_SHOP = re.compile("(?:我们?|他们?|她|自己|自家)的?(?:小?店|厂|村|果园|工作室)")
#: What he or she has or earns is of no firm.
_HE = re.compile("[他她](?:手[下里上头]|名下|家|自己|每|一[个年月天]|有|平均|去年|今年|开的|店里|在[^，。；]{1,8}[有开])")
_SOMEBODY = re.compile("(?:一[位名个]|多[位名]|几位|有)[^，。；：]{1,24}(?:说|称|表示|透露|坦言|告诉|直言|感叹)")
_VISITED = re.compile("访(港|澳|台|日|韩|泰|华)")
_PLACES = {"港": "香港", "澳": "澳门", "台": "台湾", "日": "日本", "韩": "韩国", "泰": "泰国", "华": "中国"}
#: An industry without a place of its own takes the one that is spoken of: 零售业 in a passage on 台湾.
_INDUSTRY = re.compile(r".{1,8}(?:(?<![开停营创就失毕企作转])业|楼市|股市|经济)")
_COUNTRY = re.compile("(全国|我国|中国|国内)|全球|世界")
#: 600美元以上机型在国内的占比 is nobody's own share.
_ON_MARKET = re.compile("在(?:国内|全国|中国|全球|行业|市场|整体|大盘)")
#: A firm's own division of the map: 浙江区域上半年的收入.
_REGION = re.compile("(?:区域|大区|片区)$")
_TOTAL = re.compile("(?:总数量?|数量)$")
#: What the cinemas take in at a time of the year.
_SEASON = re.compile("(?:国庆|春节|暑期|五一|元旦|清明|端午|中秋|跨年|贺岁|情人节|圣诞)档(?!期?内)")
#: 在美团上, but 在美团上市
_ON_IT = re.compile("(?:平台)?上(?![市线半个周月年调升涨])")
_PARTS = ("业务", "生态", "分部", "板块", "事业部", "条线")
#: Metrics of which a place is the natural subject.
_OF_PLACES = frozenset(("visitors", "gdp", "added_value", "retail_sales", "income", "unemployment_rate"))
#: What a host sells or is followed by is the host's own.
_OF_HOSTS = frozenset(("sales", "gmv", "followers", "views"))
_COUNTING = frozenset(("count", "measure"))
#: Metrics of a market, never of a firm.
_OF_MARKETS = frozenset(("market_size", "penetration_rate"))
_GROUP_REACH = 12
#: 业界团体预期: who says so is not what it is about.
_OBSERVERS = ("团体", "机构", "人士", "分析师", "专家", "业界", "业内", "券商", "投行", "学者")
_ESTIMATED = re.compile("(?:普遍|大多|则|也|均)?(?:预期|预计|预测|预估|认为|表示|估计|指出|透露|反映|称)")


class Reading(NamedTuple):
    """The subject of a figure, the slice of it that the figure is about, and the rule that found it. No subject where it is of several."""

    subject: Subject | None
    cohort: str | None
    rule: str


class Passage(NamedTuple):
    """A sentence and who speaks in it: `acting` are the names that can act, `speaks` says that the speaker does so in the sentence (X表示,
    not 据X), `reported` that it goes on with a report about others."""

    view: SentenceView
    acting: Sequence[Mention]
    speaker: Mention | None
    speaks: bool
    reported: bool
    words: Lexicon


class _Figure(NamedTuple):
    """A number to find the subject of: the clause of its metric, where its words begin (`at`), and where the clause opens."""

    passage: Passage
    view: SentenceView
    b: Binding
    clause: Clause
    at: int
    opening: int
    talk: Talk
    words: Lexicon


def of_figure(passage: Passage, b: Binding, talk: Talk, base: Reading | None) -> Reading:
    """The subject of a figure and its slice, by the rules of this module; a growth in whose clause nobody acts has that of its `base`."""
    if b.owner is not None:
        return Reading(names.of(b.owner), None, "listed")
    view = passage.view
    if b.metric.code == "ranking" and (
        placed := next((m for m in passage.acting if m.start == b.quantity.end + 1 and view.text[m.start - 1] == "的"), None)
    ):
        return Reading(names.of(placed), None, "actor")  # 排在第二的三星
    clause = view.clause_of(b.start)
    at = b.start
    found = [m for m in passage.acting if clause.start <= m.start and m.end <= at]
    if len(found) == 1 and names.researches(found[0], passage.words.reference):
        found = []  # 猫眼专业版已把它的总票房预测下调至3.8亿元
    if found and not _COUNTING.isdisjoint(b.metric.dimensions) and all(map(names.is_official, found)):
        # 邮政局把全年业务量预期定在1425亿件: what is counted is nothing of the body that counts it
        if known := talk.measured.get(b.metric.code):
            return Reading(known, None, "inherited")
        start, found = found[-1].end, []
    else:
        start = _behind_speaker(passage, clause, at)
    f = _Figure(passage, view, b, clause, at, names.opening(view, start, at), talk, passage.words)
    if found and (not talk.fresh or at - found[-1].end <= 1 or names.opens(view, clause, found[0])):
        actors = _of_actors(f, found)
        if base is None or actors.subject is not None:
            return actors
    if base is not None:
        return base._replace(rule="inherited")
    if (measured := talk.measured.get(b.metric.code) or talk.measured.get("")) and THIS_FIGURE.match(view.text, f.opening):
        return Reading(measured, None, "anaphor")
    if b.metric.product and (season := _SEASON.search(view.text, clause.start, at)):
        return Reading(Subject(view.clean[season.start() : season.end()]), None, "phrase")
    if b.metric.product and not b.surface.startswith("发行") and (product := _last_product(f)):
        return Reading(names.of(product), None, "product")
    if _MARKET.match(view.text, f.opening) and (market := _last_market(f)):
        return Reading(market, None, "anaphor")
    # nothing but times and connectives stands in front of the metric word
    bare = f.opening >= at
    if not bare and (_JOINT.search(view.text, f.opening, at) or _is_nameless(f)):
        return Reading(None, None, "joint")
    if not bare and (anaphor := _anaphor(f)):
        return Reading(anaphor[0], _slice(f, anaphor[1]), "anaphor")
    if (whom := _employer(f)) is not None:
        return Reading(talk.called(whom), None, "employer")
    if visited := _VISITED.search(view.text, clause.start, b.quantity.start):
        return Reading(Subject(_PLACES[visited.group(1)]), None, "place")
    if b.group_start is not None:
        return _of_group(f, b.group_start)
    phrase = phrases.head(view, start, at, f.words)
    goods = phrases.of_market(view, f.opening, at, f.words)
    if goods is not None and (phrase is None or (phrase.start == goods.start and phrase.end < goods.end)):
        phrase = goods
    if phrase is not None and (said := _ESTIMATED.match(view.text, phrase.end, at)) and phrase.bare.endswith(_OBSERVERS):
        phrase = phrases.head(view, said.end(), at, f.words)
    if (
        phrase is None
        and (asked := view.text.rfind("要求", clause.start, at)) >= 0
        and (asked_of := phrases.head(view, asked + 2, at, f.words))
    ):
        phrase = asked_of._replace(whole=True)
    if phrase is None or any(t.start == phrase.start and t.end == phrase.end and t.metric is b.metric for t in view.triggers):
        return _inherited(f, found)  # also of 净利润则下滑8%至19.5亿元, where the phrase is the metric
    return _of_phrase(f, phrase)


def _behind_speaker(passage: Passage, clause: Clause, at: int) -> int:
    """Where what is said begins in a clause that begins with who says it: 百准数据估算其2023年GMV."""
    speaker = passage.speaker
    if not passage.speaks or speaker is None or not clause.start <= speaker.start < at:
        return clause.start
    return next((c.end for c in passage.view.cues_of("says", speaker.end, at)), clause.start)


def _of_actors(f: _Figure, found: Sequence[Mention]) -> Reading:
    if f.b.surface == "目标价" and f.at - found[-1].end > 1 and f.talk.company is not None:
        return Reading(f.talk.company, None, "inherited")  # 摩根士丹利把目标价上调到18美元
    chosen = names.owners(f.view, found, f.at)
    if len(chosen) > 1:
        goods = phrases.head(f.view, chosen[-1].end + 1, f.at, f.words) if f.view.text[chosen[-1].end : f.at].startswith("的") else None
        if f.b.metric.nature == "price" and goods is not None:
            return Reading(Subject(f.view.surface(goods)), None, "phrase")  # 周大福、老庙黄金的足金首饰报价
        return Reading(None, None, "joint")
    actor = chosen[0]
    if f.b.metric.product and actor.type != "product":
        actor = next((m for m in reversed(found) if m.type == "product"), actor)
    return Reading(names.of(actor), _slice(f, actor.end), "actor")


def _last_market(f: _Figure) -> Subject | None:
    """The market that was named last: 在全球氮化镓功率半导体市场的份额为33.7%；这一市场2023年的规模."""
    last = f.talk.measured.get("")
    if known := f.talk.measured.get("market_size") or (last if last is not None and last.entity_id is None else None):
        return known
    end = f.view.text.rfind("市场", max(0, f.opening - _MARKET_REACH), f.opening)
    phrase = phrases.before(f.view, max(0, end - 24), end, f.words) if end > 0 else None
    return Subject(f.view.surface(phrase)) if phrase else None


def _last_product(f: _Figure) -> Mention | None:
    """The product named last in the clauses right in front of a figure."""
    floor = f.view.clauses[max(0, f.clause.order - 2)].start
    named = (m for m in reversed(f.view.mentions) if floor <= m.start and m.end <= f.at and m.type in ("product", "work"))
    return next((m for m in named if not names.researches(m, f.words.reference)), None)


def _anaphor(f: _Figure) -> tuple[Subject, int] | None:
    """The subject that 这家公司, 该平台, 其, 后者 stands for, and where the word ends."""
    talk, text = f.talk, f.view.text
    firm = talk.company or talk.subject
    last = talk.subject if talk.fresh and talk.subject and talk.subject.entity_id else firm
    for pattern, subject in ((_WE, firm), (_COMPANY, last), (_PRODUCT, talk.product or talk.subject), (_ANY, talk.subject)):
        hit = pattern.match(text, f.opening, f.at)
        if hit is not None and subject is not None:
            if pattern is _COMPANY and subject.type == "product":
                subject = talk.firm(hit.group(), f.words.reference) or subject
            if "者" in hit.group() and len(talk.recent) == 2:
                subject = talk.recent["后" in hit.group()]
            return subject, hit.end()
    return None


def _is_nameless(f: _Figure) -> bool:
    """我们店, or 我们 in the mouth of 一位销售经理: somebody whom the article does not name."""
    text = f.view.text
    we = _WE.match(text, f.opening, f.at) is not None and _SOMEBODY.search(text, f.view.sentence.start, f.at) is not None
    return we or _SHOP.match(text, f.opening, f.at) is not None or _HE.match(text, f.opening, f.at) is not None


def _goes_on_about_somebody(f: _Figure) -> bool:
    """他手下有46个业务员，每天揽收8万票: whether a clause of the sentence that is on somebody comes before, and no name since."""
    for clause in reversed(f.view.clauses[: f.clause.order]):
        if any(clause.start <= m.start and m.end <= clause.end for m in f.passage.acting):
            return False
        if _HE.match(f.view.text, names.opening(f.view, clause.start, clause.end)):
            return True
    return False


def _employer(f: _Figure) -> Subject | None:
    """Whom the person in the clause stands for. Who speaks has the employer in mind in what follows, where nobody else is spoken of or the
    employer is named."""

    def whom_for(m: Mention) -> Subject | None:
        if m.type == "person" and f.b.metric.code in _OF_HOSTS and not any(t.type == "title" and t.end == m.start for t in f.view.mentions):
            return names.of(m)  # 薇娅的成交额
        return names.employer(m, f.view, f.words.reference, f.talk.attested) if m.type == "person" else None

    for m in f.view.mentions:
        if f.clause.start <= m.start and m.end <= f.at and (whom := whom_for(m)):
            return whom
    speaker = f.passage.speaker
    whom = whom_for(speaker) if speaker is not None else None
    if whom is not None and (not f.talk.fresh or any(m.entity_id == whom.entity_id for m in f.view.mentions)):
        f.talk.name(whom)
    return None


def _slice(f: _Figure, start: int) -> str | None:
    """The part of a named subject that a figure is about: 小米的智能手机出货量, 第三方平台商品收取20%, TOP500达人."""
    if cohort := _numbered(f):
        return cohort
    view, q = f.view, f.b.quantity
    if f.b.metric.nature == "rule":
        levy = next((c for c in view.cues_of("status", start, q.start) if c.cue.value == "policy" and c.cue.surface != "规定"), None)
        phrase = phrases.before(view, start, levy.start if levy else f.at, f.words)
    else:
        phrase = phrases.head(view, start, f.at, f.words)
        if phrase is not None and view.text[phrase.end : f.at].strip("的整体累计总合年度全约"):
            return None
    return view.surface(phrase) if phrase else None


def _numbered(f: _Figure) -> str | None:
    """A slice that a number names: TOP500达人, 0至100元的商品, 90后用户."""
    for other in f.view.quantities:
        if other.start >= f.b.quantity.start:
            return None
        if other.start >= f.clause.start and _names_things(other):
            for size in (2, 3, 4):
                if f.view.text[other.end : other.end + size].removeprefix("的") in f.words.groups:
                    cohort = re.sub(r"(\d+)强", r"TOP\1", f.view.clean[other.start : other.end + size].replace("百强", "TOP100"))
                    return re.sub(r"^(TOP\d+)人才", r"\1达人", cohort)
    return None


def _names_things(q: Quantity) -> bool:
    """Whether a number says which things are meant."""
    return q.kind in ("rank", "range") or q.unit in ("rank", "year_old")


def _of_group(f: _Figure, start: int) -> Reading:
    view, groups = f.view, f.words.groups
    phrase = phrases.head(view, start, min(f.clause.end, start + _GROUP_REACH), f.words)
    if phrase is None:
        return Reading(None, None, "group")
    # 用户表示满意: the group ends with the word for it
    end = next(
        (e for e in range(phrase.start + 2, phrase.end) if view.text[e - 2 : e] in groups or view.text[e - 3 : e] in groups), phrase.end
    )
    name = view.clean[phrase.start : end]
    if f.b.metric.code == "share" and f.talk.subject is not None and f.talk.fresh:
        return Reading(f.talk.subject, name, "group")
    return Reading(Subject(name), None, "group")


def _of_phrase(f: _Figure, phrase: Phrase) -> Reading:
    """A market where it is introduced as one or no company is spoken of; else a slice of who is spoken of."""
    name, talk = f.view.surface(phrase), f.talk
    about = talk.subject
    # 全家便利商店的营收 opens a sentence about another firm, 智能手机业务的营收 about a part of the last one
    segment = phrase.bare in f.words.segments or phrase.bare[-2:] in f.words.segments or f.b.surface.startswith("业务")
    segment = segment or f.view.text.startswith(("业务", "及其他", "和其他", "等业务"), phrase.end)
    if segment and about is not None and about.type in ("product", "work") and talk.company is not None and talk.firm_here:
        about = talk.company  # a business is part of a firm, not of what it sells
    other = not segment and _opens_another(f, phrase)
    industry = _INDUSTRY.fullmatch(phrase.bare) is not None
    own = not f.passage.reported and f.b.metric.code not in _OF_MARKETS and (not phrase.whole or ((segment or _goes_on(f)) and talk.fresh))
    shares = f.b.metric.code in ("share", "ranking_seats")
    if shares and _ON_MARKET.search(f.view.text, phrase.end, f.at):
        return Reading(Subject(name), None, "phrase")
    if about is not None and talk.fresh and not phrase.whole and shares:
        return Reading(about, _numbered(f) or name, "phrase")
    if about is not None and about.entity_id is not None and own:
        goods = f.b.metric.code == "price" and f.b.base_metric is None and not segment
        part = phrase.bare in f.words.segments or phrase.bare.endswith(_PARTS)
        if (talk.fresh and about.type != "place" and not industry and not other and not goods) or part:
            return Reading(about, name, "phrase")
    if f.b.metric.code == "index" and phrase.end == f.b.trigger_start:
        name += f.b.surface
    place = next((m for m in f.view.mentions if m.type == "place" and phrase.start <= m.start < phrase.end), None)
    if place is not None and (place.start, place.end) == (phrase.start, phrase.end):
        return Reading(names.of(place), None, "phrase")
    if f.b.metric.code == "institution_count" and phrase.end <= f.b.trigger_start < f.b.quantity.start:
        name = _TOTAL.sub("", f.view.clean[phrase.start : f.b.trigger_start + len(f.b.surface)])  # 养老机构4.1万个
    part = "其中" in f.view.text[f.clause.start : phrase.start]
    if industry and place is None and talk.place is not None and not part and not phrase.whole and talk.place.name not in ("中国", "中國"):
        name = talk.place.name + name
    return Reading(Subject(name), None, "phrase")


def _goes_on(f: _Figure) -> bool:
    """华住收入62.7亿元，国内酒店入住率84.6%: whether a clause on what is at home goes on about a firm of the same sentence."""
    if not f.view.text.startswith("国内", f.opening) or "；" in f.view.text[f.view.sentence.start : f.opening]:
        return False
    return any(m.type == "company" and m.end <= f.opening for m in f.passage.acting)


def _opens_another(f: _Figure, phrase: Phrase) -> bool:
    """Whether a sentence or half of one (；) opens with an owner or with who did something in a period: 全家的营收, 福瑞达2022年营收."""
    if (f.clause.order and f.view.text[f.clause.start - 1] != "；") or _REGION.search(phrase.bare):
        return False
    return f.view.text.startswith("的", phrase.end) or any(t.start == phrase.end for t in f.view.times)


def _inherited(f: _Figure, found: Sequence[Mention]) -> Reading:
    """The subject of a clause that names none: of a macro figure, of a company that speaks, else the last one."""
    view, talk = f.view, f.talk
    if not found and _goes_on_about_somebody(f):
        return Reading(None, None, "joint")
    if not found and (venue := _venue(f)):
        return Reading(names.of(venue), None, "actor")
    place = next((m for m in reversed(view.mentions) if m.type == "place" and f.clause.start <= m.start and m.end <= f.at), None)
    metric = f.words.metrics[f.b.base_metric] if f.b.base_metric else f.b.metric
    firm = talk.fresh and talk.subject is not None and talk.subject.type in ("company", "product") and not metric.subject
    if (country := _COUNTRY.match(view.text, f.opening, f.at)) and not (firm or (country.group() == "国内" and talk.fresh)):
        return Reading(Subject("中国" if country.group(1) else "全球"), None, "economy")
    phrase_only = talk.subject is None or talk.subject.entity_id is None
    if (not talk.fresh or phrase_only) and (metric.subject or metric.code in _OF_PLACES):
        if place is not None:
            return Reading(names.of(place), None, "economy")
        if metric.subject:
            return Reading(talk.place or Subject(metric.subject), None, "economy")
    if metric.code == "index" and (
        own := next((t for t in reversed(view.triggers) if t.metric is metric and t.end <= f.b.quantity.start), None)
    ):
        return Reading(Subject(view.surface(own)), None, "economy")
    speaker = f.passage.speaker if f.passage.speaks and not f.passage.reported else None
    if not talk.fresh and speaker is not None and speaker.type in ("company", "product"):
        return Reading(names.of(speaker), None, "speaker")
    if talk.place is not None and talk.local and not talk.fresh:
        return Reading(talk.place, None, "place")
    stale = f.passage.reported and not talk.fresh and talk.subject is not None and talk.subject.type in ("company", "product")
    if talk.subject is not None and not stale:  # what is reported in a new paragraph is not of the firm of the last one
        if f.b.metric.nature == "rule":
            return Reading(talk.subject, _slice(f, f.opening), "inherited")
        return Reading(talk.subject, _part(f, found[-1].end) if found else _numbered(f), "inherited")
    return Reading(names.of(place), None, "place") if place is not None else Reading(None, None, "none")


def _venue(f: _Figure) -> Mention | None:
    """2024年在美团上获得收入的骑手有745万人: the platform where it happens, if the clause begins with it."""
    return next(
        (
            m
            for m in f.view.mentions
            if m.start == f.opening + 1
            and f.view.text[f.opening] == "在"
            and _ON_IT.match(f.view.text, m.end)
            and m.type in ("company", "product")
        ),
        None,
    )


def _part(f: _Figure, start: int) -> str | None:
    """其中搭载DM-i系统的插电混动车型超过: the noun right in front of the number."""
    end = start + len(f.view.text[start : f.at].rstrip(DEGREE))
    phrase = phrases.before(f.view, start, end, f.words)
    return f.view.surface(phrase) if phrase else None
