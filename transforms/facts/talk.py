"""Who and what the text has been speaking of: what a reader has in mind at the next clause."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from transforms.article import Mention
from transforms.facts import names
from transforms.facts.names import Subject
from transforms.facts.view import Clause, SentenceView
from transforms.reference import Reference

_FIRM = re.compile("(?:这家|该|本)?(?:公司|集团)(?![债法数量贷客里内们股])|[该本]行(?!业)")
#: IDG资本领投: an investor is not what is spoken of.
_INVESTS = re.compile("(?:等|等机构)?(?:联合|独家|共同)?(?:领投|跟投|参投)")
#: QQ音乐、酷狗和酷我合计的月活: what several have together is spoken of no further.
_IS = re.compile("是(?:[^，。；]{1,6}(?:公司|企业|平台|品牌|商))?$")
_TOGETHER = re.compile("合计|合共|共计|总计|加起来|一共|两家|三家|四家|两者")
#: Places that no figure of an economy is about.
_SPOTS = ("站", "路", "街", "机场", "广场", "大厦")
#: How far into a clause a person may stand to be its subject.
_EARLY = 8


@dataclass(slots=True)
class Talk:
    """`fresh`, `firm_here` and `local` say that subject, company and place were named in this paragraph. A noun phrase or a work is
    forgotten with its paragraph. `measured` says what the last figure of each metric was about, and of all (""); `attested` what the
    article calls an entity."""

    paragraph: int = -1
    subject: Subject | None = None
    company: Subject | None = None
    product: Subject | None = None
    place: Subject | None = None
    measured: dict[str, Subject] = field(default_factory=dict)
    attested: Mapping[str, Subject] = field(default_factory=dict)
    recent: list[Subject] = field(default_factory=list)
    fresh: bool = False
    firm_here: bool = False
    local: bool = False

    def enter(self, paragraph: int) -> None:
        if paragraph != self.paragraph:
            self.paragraph, self.fresh, self.firm_here, self.local = paragraph, False, False, False
            self.recent.clear()  # 后者 is of its own paragraph
            if self.subject is not None and (self.subject.entity_id is None or self.subject.type == "work"):
                self.subject = self.company if self.subject.type == "work" else None

    def name(self, subject: Subject) -> None:
        """Take note that `subject` acts."""
        subject = self.called(subject)
        if subject.entity_id is not None and subject != self.subject:
            self.recent = [*self.recent[-1:], subject]
        self.subject, self.fresh = subject, True
        if subject.type in ("company", "organization"):
            self.company, self.firm_here = subject, True
        elif subject.type in ("product", "work"):
            self.product = subject

    def called(self, subject: Subject) -> Subject:
        """A subject under the name that the article gives it: 鸿海, where it never says 富士康."""
        return self.attested.get(subject.entity_id or "", subject)

    def firm(self, said: str, reference: Reference) -> Subject | None:
        """Whom 公司 means: the last company; 该公司 what was spoken of since in this paragraph, unless it is one of its products."""
        subject = self.subject
        if said[0] not in "该这" or not self.fresh or self.firm_here or subject is None or subject.type != "product":
            return self.company
        entity = reference.entity(subject.entity_id or "")
        own = entity is not None and self.company is not None and entity.parent == self.company.entity_id
        return self.company if own else subject

    def measure(self, metric: str, subject: Subject) -> None:
        """Take note of what a figure is about."""
        self.measured[metric] = self.measured[""] = subject

    def head(self, view: SentenceView, reference: Reference) -> None:
        """Take note of the one known place that a heading names."""
        places = {m.entity_id: m for m in view.mentions if m.type == "place" and reference.entity(m.entity_id) is not None}
        if len(places) == 1:
            self.place = names.of(next(iter(places.values())))

    def follow(self, view: SentenceView, clause: Clause, acting: Sequence[Mention], speaker_id: str | None, reference: Reference) -> None:
        """Take note of who acts in a clause, or where it is; `acting` are the names of the sentence that can act."""
        firm = _FIRM.search(view.text, clause.start, clause.end)
        meant = self.firm(firm.group(), reference) if firm else None
        if firm and meant and names.opening(view, clause.start, firm.start()) == firm.start():
            self.name(meant)  # 2月28日晚，公司披露业绩
            return
        inside = [m for m in view.mentions if clause.start <= m.start and m.end <= clause.end]
        if not inside:
            return
        found = [m for m in acting if clause.start <= m.start and m.end <= clause.end and not names.is_official(m)]
        if found:
            for m in found:
                if m.type == "product":
                    self.product = names.of(m)
            if names.rates(view, clause) or _INVESTS.match(view.text, found[0].end) or names.researches(found[0], reference):
                return
            if names.opens(view, clause, found[0]) and not names.stands_for_speaker(view, found[0], speaker_id):
                actor = found[0]
                for m in found[1:]:
                    if not names.CHAIN.fullmatch(view.text, actor.end, m.start):
                        break
                    actor = m
                listed = len(found) > 1 and names.LISTED.fullmatch(view.text, found[0].end, found[1].start) is not None
                if not (listed and self.subject is not None and _TOGETHER.search(view.text, found[1].end, clause.end)):
                    self.name(names.of(actor))
                if listed:
                    self.recent = [names.of(found[0]), names.of(found[1])]
                return
            # 对面是网易的《蛋仔派对》, 金额最高的是机器人公司极智嘉
            if _IS.search(view.text, clause.start, found[0].start) and not view.text[found[-1].end : clause.end].strip('》”"'):
                self.name(names.of(names.owners(view, found, clause.end)[-1]))
                return
        for m in inside:
            if m.type == "place" and not _is_aside(view, m) and not m.name.endswith(_SPOTS):
                self.place, self.local = names.of(m), True
                if view.text.startswith("方面", m.end) and m.end + 2 == clause.end:
                    self.name(names.of(m))
            early = m.type == "person" and m.entity_id != speaker_id and m.start - clause.start <= _EARLY
            if early and (whom := names.employer(m, view, reference, self.attested)):
                self.name(whom)
                return


def _is_aside(view: SentenceView, place: Mention) -> bool:
    """在上海徐汇卖保险: where something else happens, be it in several words."""
    while before := next((m for m in view.mentions if m.type == "place" and m.end == place.start), None):
        place = before
    return view.text[place.start - 1] in names.ASIDE
