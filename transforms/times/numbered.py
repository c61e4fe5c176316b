"""Numbers of the calendar: 2020年, 5-7月, 5、6、7月, 二〇二〇年, 三季度, 90年代, 2020-05-12, 2021Q3, 三年前, 近五年.

Every function reads from a place in folded text on and gives the tokens it finds there, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from transforms.numerals import read


class Token(NamedTuple):
    """One building block of an expression; what `value` is depends on the kind."""

    start: int
    end: int
    kind: str
    value: Any


DIGITS = frozenset("0123456789")
HAN = "〇零○一二三四五六七八九十百千两廿卅"
STARTS_NUMBER = frozenset(f"0123456789{HAN}")
INSIDE_NUMBER = STARTS_NUMBER | frozenset(".万亿几数点")
#: What may stand behind a number of a date, a unit or a link to the next one; most numbers of an article end here.
AFTER_NUMBER = frozenset("年月日号季世财会周个天星礼半至到、和及与 -—–~～―－/QH")
NUMBER = f"(?:[0-9]{{1,4}}(?![0-9])|[{HAN}]{{1,7}})"
_DASH = "[-—–~～―－]{1,2}"
_LINK = f" ?(?P<link>{_DASH}|[至到、和及与]) ?"

_FIRST = re.compile(f" ?(?P<th>第)?(?P<number>{NUMBER})")
_NEXT = re.compile(f"{_LINK}第?(?P<number>{NUMBER})")
_UNIT = re.compile(" ?(年代|世纪|年度|财政年度|会计年度|财年|年|月份|月|日|号|财政季度|财季|季度|季报(?![名道])|季)")
_COUNTED = re.compile(" ?(个?)(半?)(年半|年|季度|月|周|星期|礼拜|天|日)")
_AGO = re.compile(" ?(?:[之以])?(前|后)")
#: What 第三季 of a firm stands near.
_RESULTS = re.compile("财报|营收|营业|净利|毛利|获利|税后|每股|业绩|出货|季增|年增|财测|产能|营运|法说")
_NEAR = 16
_COUNTED_AGO = re.compile(_COUNTED.pattern + _AGO.pattern)
_MONTHS_OF = {"年": 12, "年半": 12, "季度": 3, "月": 1}
_DAYS_OF = {"周": 7, "星期": 7, "礼拜": 7, "天": 1, "日": 1}
_NAMES_OF = {"年半": "月", "星期": "周", "礼拜": "周", "季度": "月"}

#: 八月十五, 十月31: a day without 日 where the clause ends.
_BARE_DAY = re.compile("(?:[1-3]?[0-9]|[一二三]?十[一二三四五六七八九]?|[廿卅][一二三四五六七八九]?)(?=[，。、；,;！？!?）)\n]|$)")

#: 五月初五: the first ten days of a lunar month.
_FIRST_TEN = re.compile("初([一二三四五六七八九十]|10|[1-9])(?![0-9])日?")

_SEPARATED = re.compile(r"((?:19|20)[0-9]{2})([-/. ])(0?[1-9]|1[0-2])\2(0?[1-9]|[12][0-9]|3[01])(?![0-9]|\.[0-9])")
_COMPACT = re.compile(r"((?:19|20)[0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])(?![0-9A-Za-z.,%\u4e00-\u9fff])")
_YEAR_MONTH = re.compile(r"((?:19|20)[0-9]{2})[-/](0[1-9]|1[0-2])(?![0-9\-/年])")
_SPLIT_YEAR = re.compile("((?:19|20)[0-9]{2})[-/—–]((?:19|20)?[0-9]{2})(?:财年|财政年度|会计年度|年度|赛季|雪季|榨季)")
_TWO_YEARS = re.compile(f"((?:19|20)[0-9]{{2}}) ?(?:{_DASH}|至|到) ?((?:19|20)[0-9]{{2}})(?![0-9年财赛/.-])")
_CODE = re.compile("([QH])([1-4])(?![0-9A-Za-z])")
_CODE_OF_YEAR = re.compile("((?:20)?[0-9]{2})(?:年|财年)? ?-?([QH])([1-4])(?![0-9A-Za-z])")
_CODE_BEHIND = re.compile("([1-4])([QH])((?:20)?[0-9]{2})?(?![0-9A-Za-z])")
_FISCAL = re.compile("FY ?((?:20)?[0-9]{2})(?![0-9])")
_ERA = re.compile(f"(民国|公元|西元) ?(元|{NUMBER}) ?年")

#: Years of the Republic that news are about, and what stands behind a number of years.
_MINGUO = (100, 130)
_COUNTED_YEARS = frozenset("来前后间内多的以历之期，。、老")

_COUNT = f"(?:半|仨|[0-9]{{1,3}}|[{HAN}]{{1,4}})"
_ROLLING = re.compile(f"(近|最近|过去|过往|未来|今后|往后|接下来|前)的?(?:这)?({_COUNT})")
_FIRST_FEW = re.compile(f"[前头首]({_COUNT})(个月|个季度|季度|月|天|日|周|个?星期)")


def number(text: str) -> int | None:
    """A short numeral as an integer; None for a pair (三四), a fraction, nothing."""
    found = read(text)
    return int(found.value) if found and found.value is not None else None


def _span(text: str) -> tuple[int, int] | None:
    """The numbers a numeral names: one, or two neighbours (六七月)."""
    found = read(text)
    if found is None:
        return None
    if found.value is not None:
        return int(found.value), int(found.value)
    if found.low is None or found.high is None or found.high - found.low not in (1, 10):
        return None
    return int(found.low), int(found.high)


def full_year(text: str) -> int | None:
    """The year that four digits name, in either script: 2020, 二〇二〇, 两千零四; None for a number of years."""
    value = number(text) if len(text) == 4 or (text[:1] in "二两一" and "千" in text) else None
    return value if value and 1600 <= value < 2200 else None


def short_year(text: str) -> int | None:
    """The last two digits of a year: 07, 18, 九八; None for a count (十八, 三四)."""
    if len(text) != 2 or any(char in "十百千两廿卅" for char in text):
        return None
    return number(text)


class _Item(NamedTuple):
    start: int
    end: int
    text: str
    link: str


def _items(text: str, at: int) -> list[_Item]:
    """The numbers from here on that share one unit: 5、6、7, 10-12, 第一至三."""
    first = _FIRST.match(text, at)
    if not first or text[first.end() : first.end() + 1] not in AFTER_NUMBER:
        return []
    items = [_Item(at, first.end(), first["number"], "")]
    while len(items) < 12 and (more := _NEXT.match(text, items[-1].end)):
        items.append(_Item(more.start("number"), more.end(), more["number"], more["link"]))
    return items


def _grouped(kind: str, items: list[_Item], end: int, low: int, high: int) -> list[Token] | None:
    """Tokens for numbers that share a unit; neighbours (5、6、7) and the two sides of a range make one token.

    Numbers at the beginning which the unit cannot have are left out: 3 in 排名第3和2020年.
    """
    groups: list[Token] = []
    for item in items:
        found = full_year(item.text) if kind == "year" else None
        span = (found, found) if found else _span(item.text) if kind != "year" else None
        if kind == "year" and not found and groups and item.link not in "、和及与" and (short := short_year(item.text)):
            span = (groups[-1].value[1] // 100 * 100 + short,) * 2
        if not span or not low <= span[0] <= span[1] <= high:
            groups = []
            continue
        last = groups[-1] if groups else None
        ranged = item.link not in ("", "、", "和", "及", "与")
        if last and ((ranged and (span[0] > last.value[1] or kind == "month")) or span[0] == last.value[1] + 1):
            groups[-1] = Token(last.start, item.end, kind, (last.value[0], span[1]))
        else:
            groups.append(Token(item.start, item.end, kind, span))
    if not groups or groups[-1].end != items[-1].end:
        return None
    groups[-1] = groups[-1]._replace(end=end)
    return groups


def _year(text: str, items: list[_Item], end: int) -> list[Token] | None:
    if text[end : end + 1] in ("级", "龄"):
        return None
    if tokens := _grouped("year", items, end, 1600, 2199):
        return tokens
    item = items[-1]
    if len(item.text) == 3 and item.text.isdigit() and _is_minguo(text, item.text, end):
        return [Token(item.start, end, "year", (int(item.text) + 1911,) * 2)]
    if ago := _offset(text, item):
        return ago
    value = short_year(item.text)
    if value is None or item.link in ("、", "和") or (item.link and len(items) > 1):
        return None
    clear = item.text[0] in "0零〇○" or (value >= 80 and text[end : end + 1] not in tuple("来前后间内的多以历里中期"))
    clear = clear and text[item.start - 1 : item.start] not in tuple("近超过达约第满")
    return [Token(item.start, end, "short_year" if clear else "perhaps_year", value)]


def _is_minguo(text: str, year: str, end: int) -> bool:
    """Whether three digits before 年 are a year of the Republic: 111年7月, or 113年营收 where the text speaks of Taiwan."""
    if (month := _FIRST.match(text, end)) and text[month.end() : month.end() + 1] == "月":
        return True
    if not _MINGUO[0] <= int(year) <= _MINGUO[1] or text[end : end + 1] in _COUNTED_YEARS:
        return False
    return any(word in text for word in ("民国", "新台币", "台湾", "年增"))


def _month(text: str, items: list[_Item], end: int) -> list[Token] | None:
    behind = text[end : end + 2]
    if behind[:1] == "龄" or (behind[:1] == "期" and behind != "期间"):
        return None
    if behind[:1] == "初" and len(items) == 1 and (first := _FIRST_TEN.match(text, end)):
        month, day = number(items[0].text), number(first[1])
        return [Token(items[0].start, first.end(), "lunar", (None, month, day))] if month and month <= 12 and day and day <= 10 else None
    tokens = _grouped("month", items, end, 1, 12)
    if tokens and items[-1].text[0] not in DIGITS and (found := _BARE_DAY.match(text, end)) and (day := number(found[0])) and day <= 31:
        tokens.append(Token(end, found.end(), "day", (day, day)))
    return tokens


def _day(text: str, items: list[_Item], end: int) -> list[Token] | None:
    return _grouped("day", items, end, 1, 31)


def _quarter(text: str, items: list[_Item], end: int) -> list[Token] | None:
    if text[items[0].start - 1 : items[0].start] == "同":
        return None  # 同一季度
    return _grouped("quarter", items, end, 1, 4)


def _perhaps_quarter(text: str, items: list[_Item], end: int) -> list[Token] | None:
    """第三季 is a quarter to some and part of a series to others: the year before it decides, or talk of results behind it."""
    if text[items[0].start] != "第":
        return None
    results = text[items[0].start - 1 : items[0].start] != "》" and _RESULTS.search(text, end, end + _NEAR) is not None
    return _grouped("quarter" if results else "perhaps_quarter", items, end, 1, 4)


def _quarterly_report(text: str, items: list[_Item], end: int) -> list[Token] | None:
    """2022年一季报 is about one quarter, 2022年三季报 about three. Without a year it is the name of a document."""
    if text[items[0].start] == "第":
        return _perhaps_quarter(text, items, end - 1)
    tokens = _grouped("perhaps_quarter", items, end, 1, 4)
    return [token._replace(value=(1, 3)) if token.value == (3, 3) else token for token in tokens or ()]


def _century(text: str, items: list[_Item], end: int) -> list[Token] | None:
    value = number(items[-1].text)
    named = text[end : end + 1] in tuple("福经教资商不影公投")  # 20世纪福克斯, 21世纪经济报道
    return [Token(items[-1].start, end, "numbered_century", value)] if value and 1 <= value <= 22 and not named else None


def _decade(text: str, items: list[_Item], end: int) -> list[Token] | None:
    found = full_year(items[-1].text)
    first, last = (found, found) if found else _span(items[-1].text) or (0, 1)  # 七八十年代 are two
    whole = first % 10 == last % 10 == 0 and (last < 100 or first >= 1600)
    return [Token(items[-1].start, end, "decade", (first, last))] if whole else None


_BY_UNIT: dict[str, Callable[[str, list[_Item], int], list[Token] | None]] = {
    "年": _year, "年度": _year, "财年": _year, "财政年度": _year, "会计年度": _year, "月": _month, "月份": _month, "日": _day, "号": _day,
    "季度": _quarter, "财季": _quarter, "财政季度": _quarter, "季": _perhaps_quarter, "季报": _quarterly_report,
    "世纪": _century, "年代": _decade,
}  # fmt: skip


def numbered(text: str, at: int) -> list[Token] | None:
    """Numbers with a unit of the calendar behind them, and 三周后."""
    items = _items(text, at)
    if not items:
        return None
    if unit := _UNIT.match(text, items[-1].end):
        if text[at] == "第" and "季" not in unit[1]:
            return None
        return _BY_UNIT[unit[1]](text, items, unit.end())
    return _offset(text, items[-1])


class Length(NamedTuple):
    """A number of months or days, and the unit it was said in."""

    months: int
    days: int
    unit: str


def _length(text: str, at: int, count: str) -> tuple[Length, int] | None:
    """What a count and the unit behind it come to (三年半, 两个半月, 十天), and where it ends."""
    value = {"半": 0.0, "仨": 3.0}.get(count) if count in "半仨" else number(count)
    unit = _COUNTED.match(text, at)
    if value is None or not unit or (unit[3] == "月" and not unit[1] and count != "仨" and count != "半"):
        return None
    value += 0.5 if unit[2] or unit[3] == "年半" or count == "半" else 0
    whole = _MONTHS_OF.get(unit[3], 0)
    days = _DAYS_OF.get(unit[3], 0)
    if not 0 < value <= 300:
        return None
    half_month = 15 if whole == 1 and value % 1 else 0
    name = _NAMES_OF.get(unit[3], unit[3])
    if value % 1 and unit[3] != "年半":
        name = {"年": "月", "月": "天"}.get(name, name)
    return Length(int(whole * value), int(days * value) + half_month, name), unit.end()


_CLAUSE = frozenset("，。；、：！？,;:!?（(“\n 在于约大仅短从自")


def _offset(text: str, item: _Item) -> list[Token] | None:
    """三年前, 一个月后. Behind a verb (上市三年后, 满5年后) it counts from an event, at the beginning of a clause from a date."""
    if not _COUNTED_AGO.match(text, item.end):
        return None
    found = _length(text, item.end, item.text)
    way = _AGO.match(text, found[1]) if found else None
    if not found or not way or found[0].unit == "日":
        return None
    before, behind = text[item.start - 1 : item.start] or "，", text[way.end() : way.end() + 1]
    if way[1] == "后":
        if before not in _CLAUSE or behind in tuple("期续台勤端市来"):
            return None
    elif before in "提满近第每" or (behind and behind in "后年半往沿景") or _FIRST_FEW.match(text, way.start(1)):
        return None
    return [Token(item.start, way.end(), "offset", (1 if way[1] == "后" else -1, found[0]))]


def half(text: str, at: int) -> list[Token] | None:
    """半年后, 半个月前."""
    return _offset(text, _Item(at, at + 1, "半", ""))


#: The dates that make up most of a text, read without detour: 2020年, 5月, 12日.
_PLAIN_UNITS = {"年": ("year", (4,), 1600, 2199), "月": ("month", (1, 2), 1, 12), "日": ("day", (1, 2), 1, 31)}
_POINTS = frozenset(".,·")
_LONGER_UNITS = frozenset("度代级龄份期初")


def digits(text: str, at: int, end: int) -> list[Token] | None:
    """Dates and codes in Arabic digits, else whatever `_numbered` makes of them."""
    before, behind, size = text[at - 1 : at], text[end : end + 1], end - at
    if before in _POINTS and text[at - 2 : at - 1].isdigit():
        return None
    if behind in _PLAIN_UNITS and text[end + 1 : end + 2] not in _LONGER_UNITS:
        kind, digits, low, high = _PLAIN_UNITS[behind]
        if size in digits and low <= (value := int(text[at:end])) <= high:
            return [Token(at, end + 1, kind, (value, value))]
    if size == 4 and behind and behind in "-/. 至到—–~～QH":
        if found := _SEPARATED.match(text, at):
            return _dated(at, found, found[1], found[3], found[4])
        if (found := _SPLIT_YEAR.match(text, at)) and (int(found[2]) - int(found[1])) % 100 == 1:
            return [Token(at, found.end(), "split_year", int(found[1]))]
        if found := _YEAR_MONTH.match(text, at):
            return [Token(at, found.end(), "year", (int(found[1]),) * 2), Token(found.end(), found.end(), "month", (int(found[2]),) * 2)]
        if found := _TWO_YEARS.match(text, at):
            first, last = int(found[1]), int(found[2])
            return [Token(at, found.end(), "year", (first, last))] if first < last else None
    if size == 8 and not (before.isascii() and before.isalnum()) and (found := _COMPACT.match(text, at)):
        return _dated(at, found, found[1], found[2], found[3])
    if size in (2, 4) and (found := _CODE_OF_YEAR.match(text, at)):
        year = int(found[1]) % 100 + 2000
        return [Token(at, found.start(2), "year", (year, year)), *_coded(found.start(2), found.end(), found[2], found[3])]
    if size == 1 and behind in "QH" and (found := _CODE_BEHIND.match(text, at)):
        if not found[3]:
            return None if found[2] == "H" else _coded(at, found.end(), found[2], found[1])
        year = int(found[3]) % 100 + 2000
        return [Token(at, at, "year", (year, year)), *_coded(at, found.end(), found[2], found[1])]
    return numbered(text, at) if size <= 4 and before not in INSIDE_NUMBER else None


def _dated(at: int, found: re.Match[str], year: str, month: str, day: str) -> list[Token] | None:
    try:
        return [Token(at, found.end(), "date", date(int(year), int(month), int(day)))]
    except ValueError:
        return None


def _coded(start: int, end: int, letter: str, value: str) -> list[Token]:
    if letter == "Q":
        return [Token(start, end, "quarter", (int(value), int(value)))]
    return [Token(start, end, "half", (int(value), int(value)))] if value in "12" else []


def code(text: str, at: int) -> list[Token] | None:
    """Q3; FY2022; and 2H alone only with its year, for H1 is also a visa and a car. 奥迪Q3 is a car too."""
    before = text[at - 1 : at]
    if (before.isascii() and before.isalnum()) or before == "迪":
        return None
    if text[at] == "Q" or (text[at] == "H" and before in ("年", "度")):
        found = _CODE.match(text, at)
        return _coded(at, found.end(), found[1], found[2]) if found else None
    fiscal = _FISCAL.match(text, at)
    return [Token(at, fiscal.end(), "year", (int(fiscal[1]) % 100 + 2000,) * 2)] if fiscal else None


def era(text: str, at: int) -> list[Token] | None:
    """民国111年 is 2022."""
    found = _ERA.match(text, at)
    value = number(found[2].replace("元", "一")) if found else None
    if not found or not value:
        return None
    year = value + 1911 if found[1] == "民国" else value
    return [Token(at, found.end(), "year", (year, year))] if year < 2200 else None


def rolling(text: str, at: int) -> list[Token] | None:
    """近五年, 过去十年, 未来三个月; but not 将近五年, which is nearly five years."""
    found = _ROLLING.match(text, at)
    length = _length(text, found.end(), found[2]) if found else None
    if not found or not length:
        return None
    before = text[at - 1 : at] or "，"
    if found[1] == "近" and before in "将接附临就邻靠逼凑时达过了费用":
        return None
    if found[1] == "前" and (before not in _CLAUSE or length[0].unit != "周"):
        return None
    sign = 1 if found[1] in ("未来", "今后", "往后", "接下来") else -1
    return [Token(at, length[1], "rolling", (sign, length[0]))]


def first_few(text: str, at: int) -> list[Token] | None:
    """前三季度, 前五个月, 头两天."""
    found = _FIRST_FEW.match(text, at)
    count = number(found[1]) if found else None
    if not found or not count or text[at - 1 : at] in tuple("目之以此提"):
        return None
    unit = found[2]
    if "季度" in unit:
        return [Token(at, found.end(), "quarter", (1, count))] if 1 < count <= 4 else None
    if "月" in unit:
        return [Token(at, found.end(), "month", (1, count))] if 1 < count <= 12 else None
    return [Token(at, found.end(), "first_days", count * (7 if unit[-1] in "周期" else 1))]
