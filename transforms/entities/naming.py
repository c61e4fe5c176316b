"""One name and one id for every spelling of an entity in an article."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Mapping
from functools import lru_cache

from transforms.article import EntityType, Script
from transforms.script import fold, render

#: What a surface may add to a name without being a fuller one (蝉妈妈数据).
_TAILS = ("", "数据", "平台", "公司", "APP", "App", "官网", "网站")
_fold = lru_cache(maxsize=1 << 14)(fold)
_GROUP = dict.fromkeys(("company", "organization", "government", "media", "product"), "org")


@lru_cache(maxsize=1 << 16)
def unknown_id(kind: EntityType, name: str) -> str:
    """The stable id of an entity that the reference data lacks. Kinds that readers disagree about share one space of names.

    >>> unknown_id("company", "富邦媒") == unknown_id("product", "富邦媒") != unknown_id("person", "富邦媒")
    True
    """
    return "x-" + hashlib.sha256(f"{_GROUP.get(kind, kind)}\0{fold(name)}".encode()).hexdigest()[:10]


def canonical(name: str, surface: str, surfaces: Mapping[str, str], script: Script) -> str:
    """A canonical (simplified) name as the article would write it: `surfaces` maps folded spellings of the article to written ones.

    >>> canonical("统一超商", "統一超商", {}, "hant"), canonical("统一超商", "统一", {}, "hans")
    ('統一超商', '统一超商')
    """
    if script == "hans":
        return name
    key = fold(name)
    if fold(surface) == key:
        return surface
    return surfaces.get(key) or render(name, script)


def attested(name: str, written: Iterable[str], spellings: Container[str]) -> str:
    """The fullest name of an entity that an article itself writes, all folded: its canonical name where it stands there, else the longest
    of the spellings in use; the canonical name where only a round trip's spellings stand there.

    >>> attested("苏宁易购", {"苏宁"}, {"苏宁易购", "苏宁", "苏宁云商"}), attested("小鹏汽车", {"小鹏", "小鹏汽车"}, {"小鹏汽车", "小鹏"})
    ('苏宁', '小鹏汽车')
    """
    known = [surface for surface in written if surface in spellings]
    key = _fold(name)
    if any(surface.startswith(key) and surface[len(key) :] in _TAILS for surface in known):
        return name
    return max(known, key=lambda surface: (len(surface), surface), default=name)
