"""Reference data: validated on load, extended by overlays, errors that name the place."""

from pathlib import Path

import pytest

from transforms import reference
from transforms.reference import ReferenceDataError

HEADER = "id,name,type,parent,aliases,latin,garbled,ambiguous,ticker\n"


def overlay(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return tmp_path


def test_size_and_types() -> None:
    loaded = reference.load()
    assert len(loaded.entities) >= 8500
    assert sum(len(e.garbled) + len(e.latin) for e in loaded.entities) >= 25_000
    assert len(loaded.metrics) >= 60
    assert len(loaded.units) >= 60


def test_files_are_sorted_by_key() -> None:
    for path in sorted(reference.DEFAULT_FOLDER.glob("entities/*.csv")):
        keys = [e.id for e in reference.read_csv(path, reference.Entity)]
        assert keys == sorted(keys), path


def test_a_surface_names_one_entity() -> None:
    owner: dict[str, str] = {}
    for entity in reference.load().entities:
        for surface in {entity.name, *entity.aliases}:
            assert owner.setdefault(surface, entity.id) == entity.id, surface


def test_garbled_spellings_are_no_plain_words() -> None:
    known = {e.name for e in reference.load().entities}
    for entity in reference.load().entities:
        for spelling in entity.garbled:
            assert spelling not in known, spelling
            assert len(spelling) >= 2
            assert not (spelling.isascii() and spelling.isalpha() and spelling.islower()), spelling


def test_no_garbled_spelling_lies_inside_a_proper_name() -> None:
    """蝉妈 for 蝉妈妈 would turn the right name into a wrong one."""
    names = "\n".join(name for e in reference.load().entities for name in (e.name, *e.aliases))
    assert [g for e in reference.load().entities for g in e.garbled if all("\u4e00" <= c <= "\u9fff" for c in g) and g in names] == []


def test_an_overlay_adds_and_replaces(tmp_path: Path) -> None:
    folder = overlay(tmp_path, "entities/mine.csv", HEADER + "qingwen-test,清文测试,company,,,,,,\ndouyin,抖音,product,bytedance,,,,,\n")
    extended = reference.load([folder])
    assert extended.entity("qingwen-test") is not None
    douyin = extended.entity("douyin")
    assert douyin is not None
    assert douyin.garbled == ()
    assert extended.digest != reference.load().digest


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("entities/a.csv", HEADER + "x,测试,firm,,,,,,\n", r"a\.csv:2: column 'type': 'firm' is not one of"),
        ("entities/a.csv", HEADER + "x,,company,,,,,,\n", r"a\.csv:2: column 'name' must not be empty"),
        ("entities/a.csv", HEADER + "x,测试,company\n", r"a\.csv:2: expected 9 cells"),
        ("entities/a.csv", "id,nom,type\n", r"a\.csv:1: unknown column 'nom'"),
        ("entities/a.csv", HEADER + "x,测试,company,nobody,,,,,\n", "no entity has the id 'nobody'"),
        ("entities/a.csv", HEADER + "x,测试,company,,,,,别的,\n", "'别的' is none of its spellings"),
        ("entities/a.csv", HEADER + "x,甲甲,company,,,,,,\nx,乙乙,company,,,,,,\n", "stands twice"),
        (
            "calques.csv",
            "pattern,replacement,kind,context,status,confidence\na,b,calque,,applied,hoch\n",
            "column 'confidence': 'hoch' is not a float",
        ),
    ],
)
def test_a_bad_row_names_file_line_and_column(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(ReferenceDataError, match=message):
        reference.load([overlay(tmp_path, name, text)])


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReferenceDataError, match="no such folder"):
        reference.load([tmp_path / "nowhere"])


@pytest.mark.parametrize("name", ["calque.csv", "entity/cars.csv", "entities/more/cars.csv", "cars.csv"])
def test_a_file_that_nothing_reads(tmp_path: Path, name: str) -> None:
    folder = overlay(tmp_path, name, HEADER)
    with pytest.raises(ReferenceDataError, match=r"csv: no reference data has that name; known are entities/\*.csv, .*calques.csv"):
        reference.load([folder])


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "entities").mkdir()
    (tmp_path / "entities" / "a.csv").write_bytes(HEADER.encode() + "x,测试,company,,,,,,\n".encode("gbk"))
    with pytest.raises(ReferenceDataError, match="not UTF-8"):
        reference.load([tmp_path])
