"""Traditional and simplified Chinese, full and half width: one reading view of every text.

`fold` maps a text character by character, so that offsets into the folded text are offsets into the text itself. Every step that
looks something up (reference data, numerals, triggers) looks it up in the folded text and reports the surface of the original.

The character map is OpenCC's (package `opencc`, tables TSCharacters and STCharacters).
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache
from typing import Literal

import opencc

from transforms.article import Script

_HAN_BLOCKS = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xF900, 0xFB00))
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\t"


def _character_map(config: str) -> dict[int, int]:
    han = [chr(code) for block in _HAN_BLOCKS for code in block]
    converted = opencc.OpenCC(config).convert("\n".join(han)).split("\n")
    return {ord(old): ord(new) for old, new in zip(han, converted, strict=True) if old != new and len(new) == 1}


@cache
def to_simplified() -> dict[int, int]:
    """Translation table from Traditional to simplified characters, one to one."""
    return _character_map("t2s")


@cache
def to_traditional() -> dict[int, int]:
    """Translation table from simplified to the most usual Traditional characters, one to one."""
    return _character_map("s2t")


@cache
def _fold_table() -> dict[str, str]:
    # U+FF01..FF5E are the full-width twins of ASCII 21..7E; the Chinese marks ，：；！？（） are kept: they end sentences.
    kept = {ord(mark) for mark in "，：；！？（）～"}
    width = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if code not in kept}
    codes = to_simplified() | width | {ord(space): ord(" ") for space in _SPACES}
    return {chr(code): chr(twin) for code, twin in codes.items()}


@cache
def _foldable() -> re.Pattern[str]:
    return re.compile(f"[{re.escape(''.join(_fold_table()))}]")


def fold(text: str) -> str:
    """The reading view of a text: simplified, half-width letters and digits, plain spaces; same length as the text.

    >>> fold("２０２２年零售業營業額為新台幣４兆２８１５億元，年增７．４％")
    '2022年零售业营业额为新台币4兆2815亿元，年增7.4%'
    """
    return _replaced(text) if _foldable().search(text) else text


@lru_cache(maxsize=16)
def _replaced(text: str) -> str:
    # one step after the other asks for the same article; most of it stays as it is, and looking is seventeen times faster than translating
    table = _fold_table()
    return _foldable().sub(lambda char: table[char[0]], text)


#: The two common blocks of Chinese ideographs, the compatibility block, and 〇.
_IDEOGRAPHS = "〇\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_HAN = re.compile(f"[{_IDEOGRAPHS}]")
_OTHER = re.compile(f"[^{_IDEOGRAPHS}]")


def is_han(char: str) -> bool:
    """Whether a character is a Chinese ideograph."""
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or "\uf900" <= char <= "\ufaff" or char == "〇"


def has_han(text: str) -> bool:
    """Whether a text holds a Chinese ideograph.

    >>> has_han("QQ音乐"), has_han("Tik Tok")
    (True, False)
    """
    return _HAN.search(text) is not None


def all_han(text: str) -> bool:
    """Whether a text holds nothing but Chinese ideographs.

    >>> all_han("抖音"), all_han("QQ音乐")
    (True, False)
    """
    return _OTHER.search(text) is None


#: 355.5億元（人民幣，下同）: all amounts are in this currency.
_DITTO = re.compile("[（(](?:单位|單位)?[:：]?(人民币|人民幣|港元|港币|港幣|新台币|新台幣)[，,、；; ]{0,2}(?:下同|以下同)[)）]")
_REGION_OF: dict[str, Literal["cn", "tw", "hk"]] = {"人": "cn", "港": "hk", "新": "tw"}
_OF_HONG_KONG = ("香港", "港元", "港股", "恒指", "恆指", "按年", "按月", "按季")
_OF_TAIWAN = ("台灣", "臺灣", "新台幣", "台股", "年增", "年減", "季增", "季減", "月增", "月減", "法說")


def detect_script(text: str) -> Script:
    """`hant` where more characters exist only in Traditional than only in simplified writing, else `hans`.

    >>> detect_script("電商也站上新門檻"), detect_script("电商也站上新门槛"), detect_script("OK")
    ('hant', 'hans', 'hans')
    """
    traditional, simplified = to_simplified(), to_traditional()
    counts = Counter(text)
    hant = sum(n for char, n in counts.items() if ord(char) in traditional)
    hans = sum(n for char, n in counts.items() if ord(char) in simplified and ord(char) not in traditional)
    return "hant" if hant > hans else "hans"


def detect_region(text: str, script: Script) -> Literal["cn", "tw", "hk"]:
    """Whose 元 a text means: what it says itself (人民幣，下同); else Traditional writing is Taiwan's, unless Hong Kong is spoken of far
    more, or written as there.

    >>> detect_region("香港政府統計處公布香港零售額", "hant"), detect_region("台灣零售業", "hant"), detect_region("香港", "hans")
    ('hk', 'tw', 'cn')
    >>> detect_region("按年升14%，派息0.46港元", "hant"), detect_region("收入355億元（人民幣，下同），派息0.46港元", "hant")
    ('hk', 'cn')
    """
    if said := _DITTO.search(text):
        return _REGION_OF[fold(said[1])[0]]
    if script == "hans":
        return "cn"
    hong_kong, taiwan = (sum(map(text.count, words)) for words in (_OF_HONG_KONG, _OF_TAIWAN))
    return "hk" if hong_kong > 2 * taiwan else "tw"


def render(name: str, script: Script) -> str:
    """A canonical (simplified) name in the script of an article.

    >>> render("统一超商", "hant"), render("统一超商", "hans")
    ('統一超商', '统一超商')
    """
    return name.translate(to_traditional()) if script == "hant" else name
