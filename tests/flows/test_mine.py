"""What a curator accepts is what the next run knows; and why each repair was made."""

from pathlib import Path

import pytest
from rich.console import Console

from flows import explain, mine
from flows.settings import Settings, UsageError
from transforms import reference

GARBLED = "4月,Luckin Coffee的门店数超过1.8万家,Mixue Bingcheng超过2.2万家,两家都在争夺沉没市场。"
UNTOUCHED = "蜜雪冰城2023年前三季度营收154亿元，同比增长46%。瑞幸咖啡计划在年底前把门店数增加到2万家。"


def test_an_accepted_spelling_of_a_known_entity(tmp_path: Path) -> None:
    before = reference.load().entity("mixue")
    assert before is not None
    mine.accept("Honey Snow Town", "蜜雪冰城", tmp_path)
    mine.accept("Sweet Snow City", "mixue", tmp_path)
    after = reference.load((tmp_path,)).entity("mixue")
    assert after is not None
    assert after.garbled == (*before.garbled, "Honey Snow Town", "Sweet Snow City")
    assert (after.name, after.aliases, after.latin) == (before.name, before.aliases, before.latin)


def test_an_accepted_new_entity(tmp_path: Path) -> None:
    mine.accept("Lantern Fruit", "灯笼果茶", tmp_path, kind="company")
    mine.accept("Denglong Tea", "灯笼果茶", tmp_path)
    (new,) = [e for e in reference.load((tmp_path,)).entities if e.name == "灯笼果茶"]
    assert (new.id, new.type, new.garbled) == ("deng-long-guo-cha", "company", ("Lantern Fruit", "Denglong Tea"))


def test_an_accepted_calque(tmp_path: Path) -> None:
    mine.accept("果子茶水站", "果茶店", tmp_path, calque=True)
    (row,) = [c for c in reference.load((tmp_path,)).calques if c.pattern == "果子茶水站"]
    assert (row.replacement, row.status, row.context) == ("果茶店", "applied", ())


@pytest.mark.parametrize(
    ("spelling", "meaning", "message"), [("Foo", "没有这家公司", "--type"), ("", "蜜雪冰城", "empty"), ("a|b", "蜜雪冰城", "|")]
)
def test_what_cannot_be_accepted(spelling: str, meaning: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=message.replace("|", r"\|")):
        mine.accept(spelling, meaning, tmp_path)
    assert not list(tmp_path.iterdir())


def test_no_tables_to_mine(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no tables there"):
        mine.mine(tmp_path, reference.load(), Console())


def test_explain_prints_the_evidence_and_replays_the_log(tmp_path: Path) -> None:
    article = tmp_path / "tea.txt"
    article.write_text(f"新茶饮的下半场\n{GARBLED}\n{UNTOUCHED}\n", encoding="utf-8")
    console = Console(record=True, width=240, force_terminal=False)
    explain.explain(Settings(paths=(str(article),), base=tmp_path), console)
    said = console.export_text()
    assert "Mixue Bingcheng -> 蜜雪冰城 +" in said
    assert "the paragraph is garbled" in said
    assert "3 applied, 0 suggested; replaying the log gives the clean text" in said


def test_explain_without_an_article(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no articles there"):
        explain.explain(Settings(paths=(str(tmp_path),), base=tmp_path), Console())
