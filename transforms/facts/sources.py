"""Who said it: the report, medium, organization or person behind a sentence, and how far its word carries."""

from __future__ import annotations

import re

from transforms.article import Mention
from transforms.facts.view import SentenceView

#: What X 公布的数据显示, X数据显示, X预计 have between the speaker and the verb.
_BETWEEN = re.compile(
    r"(?:(?:在|于)?[^，。；]{0,16}?)?(?:的|最新|近日|日前|今日|昨日|此前|方面|集团|公司|官方|联合|及|和|与|研究|统计|数据|监测|报告|研报|财报|调查|公告|披露|公布|发布|发表|《|》|\s)*"
)
_NEGATIVE_EVIDENCE = re.compile("据(?:了解|悉|介绍|传|说)")
#: Data and reports go on over the following sentences; a single remark does not.
_CARRIES = re.compile("数据|显示|统计|报告|报道|指出|《|表示|认为|预估|预测|监测|公布")


def of_sentence(view: SentenceView) -> tuple[str | None, str | None, bool]:
    """Entity id and name of who is quoted in a sentence, and whether its word carries over the next one.

    A report in 《》 counts before the body that issued it; (None, None, False) where nobody is named.
    """
    text = view.text
    start, end = view.sentence.start, view.sentence.end
    works = [m for m in view.mentions if m.type == "work" and text[m.start - 1 : m.start] == "《"]
    for work in works:
        behind = text[work.end + 1 : work.end + 14]
        if re.match(
            "(?:的?(?:报告|研报|调查|数据|白皮书|蓝皮书)?)?(?:中)?[,，]?(?:显示|指出|提到|预测|预计|称|认为|表明|写道|披露|统计)", behind
        ):
            return work.entity_id, work.name, True
    if _NEGATIVE_EVIDENCE.search(text, start, end):
        return None, None, False
    for hit in view.cues_of("according", start, end):
        behind = [m for m in view.mentions if hit.end <= m.start <= hit.end + 40 and m.type not in ("place", "title", "event")]
        clause = view.clause_of(hit.start)
        for m in behind:
            gap = text[m.end : min(clause.end, m.end + 30)]
            if m.start < clause.end and re.search("报道|数据|统计|介绍|披露|测算|消息|监测|显示|公告|财报|报告|预测|估计|的", gap or "的"):
                last = [x for x in behind if x.start < clause.end][-1] if "的数据" in text[m.end : clause.end] else m
                speaker = last if last.type in ("company", "media", "organization", "government", "product", "work", "person") else m
                return speaker.entity_id, speaker.name, True
    for hit in view.cues_of("says", start, end):
        clause = view.clause_of(hit.start)
        speaker = _speaker(view, clause.start, hit.start)
        verb = hit.cue.surface
        if speaker is None:
            continue
        reports = verb in (
            "显示",
            "指出",
            "预测",
            "认为",
            "称",
            "表示",
            "透露",
            "预计",
            "预估",
            "披露",
            "公布",
            "统计",
            "估计",
            "介绍",
            "说",
            "报道",
        )
        behind = text[hit.end : hit.end + 1]
        if reports and (behind in "，：:," or verb in ("预计", "预估", "预测", "估计", "公布", "显示", "认为") or behind.isdigit()):
            return speaker.entity_id, speaker.name, bool(_CARRIES.search(text, clause.start, hit.end))
    return None, None, False


def _speaker(view: SentenceView, start: int, verb: int) -> Mention | None:
    """Who stands before a verb of saying, with nothing between but words like 公布的数据."""
    before = [m for m in view.mentions if start <= m.start and m.end <= verb and m.type not in ("place", "title", "event", "work")]
    if not before:
        return None
    last = before[-1]
    gap = view.text[last.end : verb]
    for t in view.times:
        if last.end <= t.start and t.end <= verb:
            gap = gap.replace(view.text[t.start : t.end], "")
    return last if _BETWEEN.fullmatch(gap) else None
