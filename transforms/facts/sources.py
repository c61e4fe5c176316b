"""Who said it: the report, medium, organization or person behind a sentence, and how far its word carries."""

from __future__ import annotations

import re
from typing import NamedTuple

from transforms.article import Mention
from transforms.facts import names
from transforms.facts.view import SentenceView
from transforms.reference import Reference

#: What 据X公布的数据 and X研究院最新数据显示 have between the speaker and the end of the phrase.
_DATA = re.compile(
    r"[^，。；]{0,28}?(?:报道|数据|数字|统计|介绍|披露|测算|消息|监测|显示|公告|财报|报告|预测|估计|推算|公布|年报|信息|调查|口径)"
)
_FILLER = re.compile(
    r"(?:[^，。；]{0,3}(?:在|于)[^，。；]{0,16}?)?(?:的|最新|近日|日前|今日|昨日|此前|方面|集团|公司|官方|联合|及|和|与|研究|统计|数据|数字|报价|行情|监测|报告|研报|"
    r"财报|年报|季报|月报|周报|快报|简报|榜单|排行榜|名单|调查|公告|披露|公布|发布|发表|则|也|还|曾|随后|进一步|《|》|“|”|\(|\)|（|）|\s|中|里|上|(?:零售|产业|行业)?(?:研究中心|研究[院所]|智库)|一[位名]|首席|分析师|研究员|顾问|合伙人|负责人|\d|日|月|年)*"
)
_WORK = re.compile(
    "[》”]?(?:的?(?:报告|研报|调查|数据|白皮书|蓝皮书))?(?:中|里)?[,，]?(?:则|还|也)?(?:显示|指出|提到|预测|预计|称|认为|表明|写道|披露|统计)"
)
_HEARSAY = re.compile("(?<![数根依])据(?:了解|悉|介绍|传|说|称|测算|估算)")
#: Verbs that make the one in front of them the source of the figures behind.
_DIRECT = frozenset(
    (
        "预计",
        "预估",
        "预测",
        "估计",
        "公布",
        "显示",
        "认为",
        "预期",
        "测算",
        "估算",
        "推算",
        "统计",
        "披露",
        "透露",
        "称",
        "指出",
        "表示",
        "说",
        "通报",
    )
)
#: What a firm does with its own figures: 零跑汽车公布10月交付38177辆, 周大生预计净利润8亿元.
_DISCLOSING = frozenset(("公布", "披露", "预计", "预期", "预告"))
_REPORTING = _DIRECT | {"介绍", "报道", "强调", "坦言", "告诉", "提到", "预判", "提醒", "直言", "坦承", "补充", "判断", "回应"}
#: IDC的数据是, 洛图科技的报告印证了这一点
_HAS_DATA = re.compile("的(?:最新|一[份组项])?(?:数据|报告|监测|统计|口径|调查|测算)(?:则|也|还)?(?:是|为|印证|证实|佐证|说明|里|中|，|：)")
_TELLING = frozenset(("company", "organization", "media", "product"))
#: 公司披露, 管理层在业绩会上表示: who is spoken of speaks, and the word of others is over.
_ITSELF = re.compile(
    "(?:公司|集团|该行|本行|董事会|管理层|高层)(?:方面|管理层|高层|高管|[^，。；]{0,2}[在于][^，。；]{1,12})?(?:也|还|则|并|曾)?$"
)
#: What a firm publishes about itself.
_RESULTS = re.compile("财报|年报|季报|中报|半年度?报|年度报告|季度报告|中期报告|业绩|财务|披露|公告(?:称|显示|披露)|发布公告")
#: Data and reports go on over the following sentences; a single remark does not.
_CARRIES = re.compile("数据|显示|统计|报告|报道|指出|《|预估|预测|估算|推算|测算|监测|公布|披露|公告|介绍|财报|年报")


def is_on_results(view: SentenceView) -> bool:
    """Whether a sentence is on what a firm publishes about itself."""
    return _RESULTS.search(view.text, view.sentence.start, view.sentence.end) is not None


class Speech(NamedTuple):
    """Who is quoted in a sentence; `carries` says that the word goes on over the next ones, `hearsay` that nobody is named on purpose,
    `speaks` that the sentence has the speaker say it (X表示) instead of citing it (据X), `discloses` that it makes
    something known (X公布)."""

    speaker: Mention | None = None
    carries: bool = False
    hearsay: bool = False
    speaks: bool = False
    discloses: bool = False

    def reports(self, view: SentenceView, reference: Reference) -> bool:
        """Whether the one who is quoted tells of others: a public body, a medium, or who gives data that are no results of its own."""
        m = self.speaker
        if m is None or m.type in ("media", "work") or names.is_official(m):
            return m is not None
        if m.type == "person":
            return any(names.stands_before(view, o, m) and (names.is_official(o) or names.researches(o, reference)) for o in view.mentions)
        if is_on_results(view):
            return False
        return names.watches(m, reference) or (self.carries and not (self.discloses and m.type == "company"))


_NOBODY = Speech()


def of_sentence(view: SentenceView) -> Speech:
    """Who says what a sentence says. A report in 《》 counts before the body that issued it."""
    text = view.text
    for m in view.mentions:
        if m.type in ("work", "media") and _WORK.match(text, m.end, m.end + 14) and text[m.start - 1] in "《“":
            return Speech(m, True)
        if m.type in _TELLING and _HAS_DATA.match(text, m.end, view.sentence.end):
            return Speech(m, True)
    if not any(c.cue.kind in ("says", "according") for c in view.cues):
        return _NOBODY
    if _HEARSAY.search(text, view.sentence.start, view.sentence.end):
        return Speech(hearsay=True)
    for hit in view.cues:
        if hit.cue.kind == "according" and (speaker := _according(view, hit.start, hit.end)):
            return Speech(speaker, True)
        if hit.cue.kind == "says" and hit.cue.surface in _REPORTING:
            start = view.clause_of(hit.start).start
            speaker = _speaker(view, start, hit.start)
            if speaker is None and _ITSELF.search(text, start, hit.start):
                return Speech(hearsay=True)
            behind = text[hit.end : hit.end + 1]
            if speaker is not None and (behind in "，：:," or behind.isdigit() or hit.cue.surface in _DIRECT):
                carries = _CARRIES.search(text, start, hit.end) is not None and speaker.type != "person"
                return Speech(speaker, carries, speaks=True, discloses=hit.cue.surface in _DISCLOSING)
    return _NOBODY


def _according(view: SentenceView, start: int, end: int) -> Mention | None:
    """The X of 据X数据, 据X报道; of several names in front of 的数据 the last."""
    clause = view.clause_of(start)
    named = [m for m in view.mentions if end <= m.start < clause.end and m.type not in ("place", "title", "event")]
    if not named or named[0].start - end > 12:
        return None
    # 根据蝉妈妈数据: 数据 may belong to the name
    if _DATA.match(view.text, max(named[0].start, named[0].end - 2), clause.end) is None:
        return None
    return named[-1] if "的数据" in view.text[named[-1].end : clause.end] and len(named) > 1 else named[0]


def _speaker(view: SentenceView, start: int, verb: int) -> Mention | None:
    """Who stands before a verb of saying, with nothing between but words like 公布的数据."""
    last = next(
        (m for m in reversed(view.mentions) if start <= m.start and m.end <= verb and m.type not in ("place", "title", "event", "work")),
        None,
    )
    if last is None:
        return None
    gap = view.text[last.end : verb]
    for t in view.times:
        if last.end <= t.start and t.end <= verb:
            gap = gap.replace(view.text[t.start : t.end], "")
    return last if _FILLER.fullmatch(gap) else None
