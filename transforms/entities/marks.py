"""Names between marks: works in 《》, products and plans in quotes, short names in 以下简称“…”."""

from __future__ import annotations

import re

from transforms.article import EntityType
from transforms.entities.spans import Span

_LONGEST_STRAY = 15
_MEDIA_ENDS = ("报", "周刊", "月刊", "杂志", "半月谈", "画报", "新闻", "电视", "日报", "晚报", "时报", "评论", "财经")
_REPORTS = ("报道", "消息", "记者", "讯", "刊文", "撰文", "披露", "采访", "杂志", "报导", "周刊", "专访")
_QUOTED = re.compile(r"[“「『\"]([^“”「」『』\"，。！？\n]{2,12})[”」』\"]")
_SHORT_NAME = re.compile(r"[（(](?:以下|下)?(?:简称|称|统称)[:：]?[“「\"]?([^”」\"）)，。]{2,10})[”」\"]?[）)]")
_PRODUCT_AFTER = ("功能", "品牌", "平台", "系统", "APP", "小程序", "软件", "栏目", "频道", "应用")


def in_brackets(text: str, base: int) -> list[Span]:
    """The contents of 《》 in a sentence that begins at `base`: a medium where it ends or is spoken of like one, else a work."""
    found = []
    start, stray = text.find("《"), text.find("》")
    if 1 < stray <= _LONGEST_STRAY and (start < 0 or stray < start):  # the text was cut off inside a title
        found.append(Span(base, base + stray, "work", "pattern", 0.7))
    while start >= 0:
        depth, end = 1, start + 1
        while end < len(text) and depth:
            depth += (text[end] == "《") - (text[end] == "》")
            end += 1
        if depth:
            break
        inside = text[start + 1 : end - 1]
        if inside.strip():
            kind: EntityType = "media" if _is_medium(inside, text[max(0, start - 4) : start], text[end : end + 6]) else "work"
            found.append(Span(base + start + 1, base + end - 1, kind, "pattern", 1.0))
        start = text.find("《", end)
    return found


def _is_medium(inside: str, before: str, after: str) -> bool:
    if inside.endswith(_MEDIA_ENDS) and len(inside) <= 10:
        return True
    return len(inside) <= 12 and after.startswith(_REPORTS) and not inside.endswith(("报告", "通知", "意见", "办法"))


def in_quotes(text: str, base: int) -> list[Span]:
    """Quoted names of plans, and of products with their kind right behind: “巴比伦计划”, “猜你喜欢”功能."""
    return [
        Span(base + match.start(1), base + match.end(1), "product", "pattern", 0.6)
        for match in _QUOTED.finditer(text)
        if (match[1].endswith("计划") and len(match[1]) > 3) or (len(match[1]) > 2 and text.startswith(_PRODUCT_AFTER, match.end()))
    ]


def short_names(text: str) -> list[tuple[int, str]]:
    """The short names that an article introduces, each with the offset of the bracket behind the full name.

    >>> short_names("青石科技股份公司（以下简称“青石”）宣布")
    [(8, '青石')]
    """
    return [(match.start(), match[1]) for match in _SHORT_NAME.finditer(text)]
