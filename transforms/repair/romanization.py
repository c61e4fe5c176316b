"""Latin spellings as letters, and Chinese names as pinyin."""

from __future__ import annotations

import re
from functools import cache, lru_cache

import pypinyin
from pypinyin.seg.simpleseg import seg

_WORD = re.compile(r"[A-Za-z]+|[0-9]+")
_SURNAME_READINGS = {"曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "查": "zha", "任": "ren", "盖": "ge", "区": "ou", "朴": "piao"}
_INITIAL = "(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
_FINAL = "(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ui|uo|ue|a|o|e|i|u)(?:r)?"
_PINYIN_WORD = re.compile(f"(?:{_INITIAL}{_FINAL})+")


def letters(text: str) -> str:
    """The letters and digits of a spelling, in lower case.

    >>> letters("JD.COM"), letters("Tik Tok")
    ('jdcom', 'tiktok')
    """
    return "".join(_WORD.findall(text)).lower()


@lru_cache(maxsize=1 << 14)
def _of_word(word: str) -> tuple[str, ...]:
    # the names of the reference data are made of a few thousand characters and words: cut first and read each once, four times as fast
    return tuple(pypinyin.lazy_pinyin([word]))


def romanize(name: str) -> list[str]:
    """The pinyin syllables of a Chinese name, without tones; the surname as a surname.

    >>> romanize("曾毓群")
    ['zeng', 'yu', 'qun']
    """
    syllables = [syllable for word in seg(name) for syllable in _of_word(word)]
    if name and len(name) in (2, 3) and name[0] in _SURNAME_READINGS:
        syllables[0] = _SURNAME_READINGS[name[0]]
    return syllables


@cache
def readings(char: str) -> tuple[str, ...]:
    """All readings of a Chinese character, without tones.

    >>> readings("长")
    ('zhang', 'chang')
    """
    (found,) = pypinyin.pinyin(char, style=pypinyin.Style.NORMAL, heteronym=True)
    return tuple(found)


def is_pinyin(word: str) -> bool:
    """Whether a Latin word can be read as pinyin syllables.

    >>> is_pinyin("Weilai"), is_pinyin("Tucki")
    (True, False)
    """
    return bool(_PINYIN_WORD.fullmatch(word.lower()))
