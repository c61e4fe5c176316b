"""What a corpus teaches about spellings that the reference data does not know."""

import pandas as pd
import pytest

from transforms import mining, reference

REFERENCE = reference.load()


def frames(*articles: tuple[str, list[tuple[str, bool, list[str]]]]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The tables paragraphs, mentions and (empty) repairs of articles, given as (id, [(text, garbled, names)])."""
    paragraphs = [
        (article, i, "body", text, 0.9 if garbled else 0.1, garbled)
        for article, rows in articles
        for i, (text, garbled, _) in enumerate(rows)
    ]
    mentions = [(article, i, name) for article, rows in articles for i, (_, _, names) in enumerate(rows) for name in names]
    return (
        pd.DataFrame(paragraphs, columns=list(mining.PARAGRAPH_COLUMNS)),
        pd.DataFrame(mentions, columns=list(mining.MENTION_COLUMNS)),
        pd.DataFrame(columns=list(mining.REPAIR_COLUMNS)),
    )


SPUN = ("spun", [("Lantern Fruit去年卖出12.7亿杯果茶,门店达到3,412家,Tik Tok上有6.31亿次播放。", True, ["抖音"])])
CLEAN = (
    "clean",
    [
        ("灯笼果茶去年卖出12.7亿杯，门店达到3412家。", False, ["灯笼果茶"]),
        ("蜜雪冰城的门店超过2.2万家，营收增长46.9%。", False, ["蜜雪冰城"]),
    ],
)


def test_the_paragraph_with_the_same_numbers_says_who_is_meant() -> None:
    (row,) = mining.unknown_spellings(*frames(SPUN, CLEAN), REFERENCE).to_dict("records")
    assert (row["spelling"], row["candidate"], row["source"], row["proofs"]) == ("Lantern Fruit", "灯笼果茶", "same numbers", 1)
    assert (row["count"], row["articles"], row["garbled_share"]) == (1, 1, 1.0)
    assert row["context"].startswith("Lantern Fruit去年")


def test_one_shared_number_proves_nothing() -> None:
    other = ("clean", [("灯笼果茶去年卖出12.7亿杯，门店达到9999家。", False, ["灯笼果茶"])])
    (row,) = mining.unknown_spellings(*frames(SPUN, other), REFERENCE).to_dict("records")
    assert row["candidate"] is None


def test_a_number_of_many_paragraphs_proves_nothing() -> None:
    crowd = [(f"other-{i}", [("门店3412家，卖出12.7亿杯。", False, ["别家"])]) for i in range(30)]
    (row,) = mining.unknown_spellings(*frames(SPUN, *crowd), REFERENCE).to_dict("records")
    assert row["candidate"] is None


def test_a_name_of_the_corpus_with_that_pinyin() -> None:
    spun = ("spun", [("Denglong Guocha正在扩张。", True, [])])
    (row,) = mining.unknown_spellings(*frames(spun, CLEAN), REFERENCE).to_dict("records")
    assert (row["spelling"], row["candidate"], row["source"]) == ("Denglong Guocha", "灯笼果茶", "pinyin")


def test_what_a_repair_only_suggested_is_listed_with_its_suggestion() -> None:
    paragraphs, mentions, _ = frames(("spun", [("分析师Gu南舟认为，价格战不会停止。", True, [])]))
    repairs = pd.DataFrame([("Gu 南舟", "顾南舟", "person_name", "suggested")], columns=list(mining.REPAIR_COLUMNS))
    (row,) = mining.unknown_spellings(paragraphs, mentions, repairs, REFERENCE).to_dict("records")
    assert (row["spelling"], row["candidate"], row["source"]) == ("Gu 南舟", "顾南舟", "suggested")


def test_spellings_of_garbled_articles_come_first() -> None:
    plain = [(f"plain-{i}", [("Zorbium的用户增长。", False, [])]) for i in range(3)]
    found = mining.unknown_spellings(*frames(*plain, SPUN), REFERENCE)
    assert list(found["spelling"]) == ["Lantern Fruit", "Zorbium"]


@pytest.mark.parametrize("text", ["iPhone 15和TikTok", "官网是www.example.com", "蜜雪冰城（Mixue Group）", "使用API接口"])
def test_known_names_and_glosses_are_no_news(text: str) -> None:
    found = mining.unknown_spellings(*frames(("a", [(text, True, [])])), REFERENCE)
    assert not {"iPhone", "TikTok", "Mixue"} & set(found["spelling"])


def test_no_paragraphs_at_all() -> None:
    assert mining.unknown_spellings(*frames(), REFERENCE).empty


def test_unknown_entities_are_ranked() -> None:
    rows = [("a", "甲公司", "company", False, 1, 5), ("b", "乙公司", "company", False, 3, 3), ("c", "抖音", "product", True, 9, 9)]
    frame = pd.DataFrame(rows, columns=["entity_id", "name", "type", "in_reference", "article_count", "mention_count"])
    assert list(mining.unknown_entities(frame)["name"]) == ["乙公司", "甲公司"]


def test_terms_that_were_only_suggested() -> None:
    rows = [("人才", "达人", "calque", "suggested")] * 2 + [
        ("闪光记忆", "闪存", "calque", "suggested"),
        ("净红", "网红", "calque", "applied"),
    ]
    found = mining.suggested_calques(pd.DataFrame(rows, columns=list(mining.REPAIR_COLUMNS)))
    assert found.values.tolist() == [["人才", "达人", 2], ["闪光记忆", "闪存", 1]]


def test_job_titles_are_no_unknown_entities() -> None:
    rows = [
        ("x-1", "店长", "title", False, 3, 9),
        ("x-2", "青屿能源", "company", False, 1, 2),
        ("mixue", "蜜雪冰城", "company", True, 5, 5),
    ]
    columns = ["entity_id", "name", "type", "in_reference", "article_count", "mention_count"]
    assert mining.unknown_entities(pd.DataFrame(rows, columns=columns))["name"].tolist() == ["青屿能源"]
