"""Latin names inside Chinese text, by their shape: HKTVmall, Model Y, ET5, DM-i."""

from __future__ import annotations

import re

from transforms.article import EntityType
from transforms.entities.lexicon import Lexicon
from transforms.entities.spans import Span

#: Where a name may be at all.
LETTER = re.compile(r"[A-Za-z]")
_WORD = r"[A-Za-z0-9À-ɏ][A-Za-z0-9À-ɏ&+'’]*(?:[.\-][A-Za-z0-9À-ɏ&+]+)*"
_RUN = re.compile(rf"{_WORD}(?: {_WORD})*")
_COMPANY_AFTER = ("公司", "集团", "银行", "资本", "基金", "宣布", "创始人", "CEO", "股价", "财报", "高管", "董事")
_PERSON_AFTER = ("说", "表示", "认为", "指出", "先生", "女士", "告诉", "教授", "博士", "坦言", "介绍", "称")
_NAME_LIKE = re.compile(r"[A-Z][a-z]+(?:[ .·]?[A-Z][a-z]*\.?)+")


def by_shape(text: str, base: int, lexicon: Lexicon) -> list[Span]:
    """Latin names in a folded sentence that begins at `base`."""
    found = []
    for match in _RUN.finditer(text):
        start, end = match.span()
        words = match[0].split(" ")
        while words and (words[-1] in lexicon.noise or (_is_plain(words[-1]) and len(words) == 1)):
            end -= len(words[-1]) + (len(words) > 1)
            words.pop()
        while words and (words[0] in lexicon.noise or words[0].isdigit()):
            start += len(words[0]) + (len(words) > 1)
            words.pop(0)
        if not words or _is_plain("".join(words)) or end - start < 2:
            continue
        name = text[start:end]
        if name in lexicon.noise or name.rstrip("0123456789") in lexicon.noise or len(words) > 4 or _is_quantity(name):
            continue
        found.append(Span(base + start, base + end, _kind(text, start, end, name, lexicon), "pattern", 0.7))
    return found


def _is_plain(word: str) -> bool:
    """No name by its shape: digits only, or one word in small letters."""
    return not any(char.isalpha() for char in word) or (word.islower() and word.isalpha())


def _is_quantity(name: str) -> bool:
    """A number with a unit: 80.5GWh, 10nm, 128GB."""
    return re.fullmatch(r"[0-9.,]+[A-Za-z]{1,4}", name) is not None


def _kind(text: str, start: int, end: int, name: str, lexicon: Lexicon) -> EntityType:
    if text.startswith(_COMPANY_AFTER, end):
        return "company"
    if _NAME_LIKE.fullmatch(name) and (text.startswith(_PERSON_AFTER, end) or _behind_title(text, start, lexicon)):
        return "person"
    return "product"


def _behind_title(text: str, start: int, lexicon: Lexicon) -> bool:
    return any(text[max(0, start - size) : start] in lexicon.titles for size in range(1, lexicon.longest_title + 1))
