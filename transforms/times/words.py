"""The fixed words of the calendar, with the neighbours that show that a word only looks like one.

证明年内 holds 明年, 线上月销 holds 上月, 目前年产 holds 前年: a word is passed over behind a character of `not_after` and before one of
`not_before`.
"""

from __future__ import annotations

from typing import Any, NamedTuple


class Word(NamedTuple):
    """`kind` and `value` are those of the token it makes."""

    text: str
    kind: str
    value: Any
    not_after: str = ""
    not_before: str = ""


# What follows 年 in a word of its own: 年轻, 年产, 年均, 年化 ...
_YEARLY = "轻龄产均化薪级货检租费纪审"
_NUMERALS = "0123456789〇零一二三四五六七八九十百千两几数多半整成逐历每"
_DAILY = "均本产活销耗"

WORDS = (
    # years, counted from the reference date ("now") or from the last year the text has named ("last")
    Word("今年", "relative_year", ("now", 0), "", _YEARLY),
    Word("本年", "relative_year", ("now", 0), "资成基日版样文根", _YEARLY + "会"),
    Word("去年", "relative_year", ("now", -1), "过失", _YEARLY),
    # 上年 is the year before the one in question, 去年 the one before this
    Word("上年", "relative_year", ("here", -1), "以线网晚早", _YEARLY + "会代"),
    Word("前年", "relative_year", ("now", -2), "目当之以此提日月天期午大年", _YEARLY + "营收销利度"),
    Word("大前年", "relative_year", ("now", -3)),
    Word("明年", "relative_year", ("now", 1), "证说表声透发阐", _YEARLY),
    Word("来年", "relative_year", ("now", 1), "以近年从本未后向原带", _YEARLY + "复"),
    Word("后年", "relative_year", ("now", 2), "产成市用改通之此以今最运营工购并建期大前年雨", _YEARLY + "营收销利度节减可将新"),
    Word("大后年", "relative_year", ("now", 3)),
    Word("当年", "relative_year", ("last", 0), "想相正", _YEARLY + "的"),
    Word("同年", "relative_year", ("last", 0), "不相合共大协", _YEARLY + "代份"),
    Word("上一年", "relative_year", ("here", -1), "以线"),
    Word("下一年", "relative_year", ("now", 1), "以线眼当时如"),
    Word("这一年", "relative_year", ("last", 0)),
    Word("那一年", "relative_year", ("last", 0)),
    Word("同一年", "relative_year", ("last", 0)),
    Word("次年", "relative_year", ("last", 1), "一两首每多再数二三", _YEARLY),
    Word("翌年", "relative_year", ("last", 1)),
    Word("前一年", "relative_year", ("last", -1), "目当"),
    Word("后一年", "relative_year", ("last", 1), "之最此"),
    Word("今明两年", "relative_years", ("now", 0, 1)),
    Word("去今两年", "relative_years", ("now", -1, 0)),
    Word("今明后三年", "relative_years", ("now", 0, 2)),
    # days
    Word("今天", "relative_day", ("now", 0), "如当"),
    Word("今日", "relative_day", ("now", 0), "如当", _DAILY),
    Word("今晚", "relative_day", ("now", 0)),
    Word("今早", "relative_day", ("now", 0)),
    Word("今晨", "relative_day", ("now", 0)),
    Word("本日", "relative_day", ("now", 0), "资成基日版根", _DAILY),
    Word("昨天", "relative_day", ("now", -1)),
    Word("昨日", "relative_day", ("now", -1), "", _DAILY),
    Word("昨晚", "relative_day", ("now", -1)),
    Word("昨夜", "relative_day", ("now", -1)),
    Word("前天", "relative_day", ("now", -2), "目当之以此提日月年期大", "气然津猫"),
    Word("大前天", "relative_day", ("now", -3)),
    Word("明天", "relative_day", ("now", 1), "证说表声"),
    Word("明日", "relative_day", ("now", 1), "证说表声", _DAILY),
    Word("明晚", "relative_day", ("now", 1)),
    Word("明早", "relative_day", ("now", 1)),
    Word("后天", "relative_day", ("now", 2), "今之以最先此大雨", "气然津猫性晴"),
    Word("大后天", "relative_day", ("now", 3)),
    Word("当天", "relative_day", ("last", 0), "恰应", "气"),
    Word("当日", "relative_day", ("last", 0), "恰应", _DAILY + "达"),
    Word("当晚", "relative_day", ("last", 0)),
    Word("同日", "relative_day", ("last", 0), "不相合", _DAILY),
    Word("同一天", "relative_day", ("last", 0)),
    Word("次日", "relative_day", ("last", 1), "一两每多首", _DAILY + "达留递送"),
    Word("翌日", "relative_day", ("last", 1)),
    Word("第二天", "relative_day", ("last", 1)),
    # parts of a year or month that stand alone
    Word("上半年", "half", (1, 1), "以"),
    Word("下半年", "half", (2, 2)),
    Word("前半年", "half", (1, 1), "目之"),
    Word("后半年", "half", (2, 2)),
    Word("上半年度", "half", (1, 1), "以"),
    Word("下半年度", "half", (2, 2)),
    # 2022年半年报; without a year it is the name of a document
    Word("半年度", "perhaps_half", (1, 1)),
    Word("半年报", "perhaps_half", (1, 1)),
    Word("中报", "perhaps_half", (1, 1), "", "道"),
    Word("首季", "quarter", (1, 1), "", "节"),
    Word("首季度", "quarter", (1, 1)),
    Word("前三季", "quarter", (1, 3), "目之", "度节"),
    Word("元月", "month", (1, 1), "亿万千百十0123456789"),
    Word("年初", "edge", "start", _NUMERALS, "步创级次"),
    Word("年底", "edge", "end", _NUMERALS, "薪蕴"),
    Word("年末", "edge", "end", _NUMERALS),
    Word("年内", "whole_year", None, _NUMERALS, "地容部外销需卷存测"),
    Word("月初", "month_edge", "start", _NUMERALS + "个次本上下当同", "步"),
    Word("月底", "month_edge", "end", _NUMERALS + "个次本上下当同"),
    Word("月末", "month_edge", "end", _NUMERALS + "个次本上下当同"),
    Word("上半月", "half_month", 1),
    Word("下半月", "half_month", 2),
    Word("上旬", "third", 1),
    Word("中旬", "third", 2),
    Word("下旬", "third", 3),
    # seasons
    *(
        Word(f"{name}{ending}", "season", number, "青立迎早晚初仲四阳", "装游耕运节衣")
        for number, name in enumerate("春夏秋冬", 1)
        for ending in "季天"
    ),
    *(
        Word(f"{year}{name}", "short_season", (delta, number), "如当过", "季天奥装宁")
        for year, delta in (("今", 0), ("去", -1), ("明", 1))
        for number, name in enumerate("春夏秋冬", 1)
    ),
    # centuries
    Word("上世纪", "century", -1, "以"),
    Word("上个世纪", "century", -1),
    Word("本世纪", "century", 0),
    Word("新世纪", "century", 0),
    Word("下世纪", "century", 1),
)

#: What a relative word counts in: 上月, 下个季度, 本周.
WHICH = {"上上": -2, "上": -1, "前": -1, "这": 0, "本": 0, "当": 0, "同": 0, "下": 1, "次": 1, "翌": 1, "下下": 2}
#: Characters before these words that belong to another word: 线上, 以下, 成本, 相当 ...
WHICH_NOT_AFTER = {
    "上": "以线网店台晚早之加马", "下": "以线旗名之地如当眼时", "本": "资成基日版样文根", "当": "相恰应", "同": "不相合共协",
    "次": "每一两多首再", "前": "目当之以此提日年大", "这": "", "翌": "",
}  # fmt: skip
#: Characters behind 月, 周 and 季 that make another word of it.
UNIT_NOT_BEFORE = {"月": "活均薪租供费度嫂球", "周": "边期转年岁易刊报围密全知大黑", "季": "节后"}
