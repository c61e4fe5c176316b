"""The character model, on a tiny set of made-up sentences."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flows import cli, ner
from flows.settings import Settings, UsageError
from flows.version import pipeline_version
from flows.warehouse import Warehouse
from transforms import entities, reference
from transforms.article import Sentence

FIRMS = ["蓝鲸重工", "青石科技", "银杉资本", "白鹭食品", "赤松电子"]
ARTICLE = "科技行业动态\n记者从黑桦科技获悉，项目已经投产。\n"
PATTERNS = ["{}宣布完成新一轮融资。", "记者从{}获悉，项目已经投产。", "昨天{}发布了财报。", "分析师看好{}的前景。"]


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("ner") / "labelled.jsonl"
    rows = []
    for firm in FIRMS:
        for pattern in PATTERNS:
            text, start = pattern.format(firm), pattern.index("{")
            rows.append({"text": text, "entities": [{"start": start, "end": start + len(firm), "type": "company"}]})
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
    return path


def test_a_trained_model_finds_a_name_it_has_not_seen_and_extends_the_known_ones(labelled: Path, tmp_path: Path) -> None:
    model = tmp_path / "ner.crfsuite"
    assert ner.train(labelled, model) == len(FIRMS) * len(PATTERNS)
    text = "记者从黑桦科技获悉，阿里巴巴也在其中。"
    found = entities.extract(text, [Sentence(0, 0, 0, len(text), text)], reference.load(), recognizer=ner.load(model))
    assert [(m.surface, m.type, m.method) for m in found] == [("黑桦科技", "company", "model"), ("阿里巴巴", "company", "reference")]


def test_a_build_uses_the_model_and_its_version_changes_with_it(build: Callable[..., Any], labelled: Path, tmp_path: Path) -> None:
    article, model = tmp_path / "a.txt", tmp_path / "ner.crfsuite"
    article.write_text(ARTICLE, encoding="utf-8")

    def built(**settings: Any) -> tuple[str, set[str]]:
        build(paths=[article], tables=tmp_path / "tables", base=tmp_path, **settings)
        warehouse = Warehouse(tmp_path / "tables")
        mentions = warehouse.read("mentions").to_pylist()
        return warehouse.read("articles")["pipeline_version"][0].as_py(), {row["surface"] for row in mentions if row["method"] == "model"}

    ner.train(labelled, model)
    learned, names = built(ner_model=model)
    assert names == {"黑桦科技"}
    assert learned == pipeline_version(Settings((), ner_model=model))
    ruled, names = built()
    assert not names
    (tmp_path / "fewer.jsonl").write_text("\n".join(labelled.read_text(encoding="utf-8").splitlines()[:-1]), encoding="utf-8")
    ner.train(tmp_path / "fewer.jsonl", model)
    assert len({learned, ruled, pipeline_version(Settings((), ner_model=model))}) == 3


def test_the_command_line_trains_a_model_and_shows_what_it_finds(
    labelled: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QINGWEN_HOME", str(tmp_path / "home"))
    Path("a.txt").write_text(ARTICLE, encoding="utf-8")
    assert cli.main(["train-ner", str(labelled)]) == cli.DONE
    assert f"{len(FIRMS) * len(PATTERNS)} texts" in capsys.readouterr().out
    assert cli.main(["show", "a.txt", "--ner", "crf"]) == cli.DONE
    assert "[黑桦科技]" in capsys.readouterr().out
    assert cli.main(["train-ner", str(labelled), "--model", "models/own"]) == cli.DONE
    assert cli.main(["show", "a.txt", "--ner", "crf", "--ner-model", "models/own"]) == cli.DONE


def test_a_model_is_opened_once_and_again_when_its_bytes_change(labelled: Path, tmp_path: Path) -> None:
    model = tmp_path / "ner.crfsuite"
    ner.train(labelled, model)
    first, digest = ner.load(model), ner.digest(model)
    assert ner.load(model) is first
    assert (ner.load(None), ner.digest(None)) == (None, "")
    (tmp_path / "less.jsonl").write_text(labelled.read_text(encoding="utf-8").splitlines()[0], encoding="utf-8")
    ner.train(tmp_path / "less.jsonl", model)
    assert ner.digest(model) != digest
    assert ner.load(model) is not first


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["build", "a.txt", "--ner", "crf", "--ner-model", "none"], "none: no such model; train one with `qingwen train-ner FILE`"),
        (["build", "a.txt", "--ner", "crf"], "ner.crfsuite: no such model"),
        (["build", "a.txt", "--ner-model", "none"], "--ner crf"),
        (["train-ner", "none.jsonl"], "none.jsonl: No such file"),
    ],
)
def test_what_is_missing_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QINGWEN_HOME", str(tmp_path / "home"))
    (tmp_path / "a.txt").write_text("京东营收", encoding="utf-8")
    assert cli.main(arguments) == cli.UNUSABLE
    assert says in capsys.readouterr().err


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "招行"}', "entities"),
        ('{"text": "招行", "entities": [{"start": 0, "end": 5, "type": "company"}]}', "outside the text"),
        ('{"text": "招行", "entities": [{"start": 0, "end": 2, "type": "firm"}]}', "unknown type"),
        ("not json", "Expecting value"),
        ("[1]", "a line is"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(UsageError, match=reason) as error:
        ner.train(path, tmp_path / "model")
    assert f"{path}:1:" in str(error.value)


def test_an_empty_file_and_a_missing_model_are_named(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(UsageError, match="no labelled text"):
        ner.train(path, tmp_path / "model")
    for load in (ner.load, ner.digest):
        with pytest.raises(UsageError, match="train-ner"):
            load(tmp_path / "none")
    with pytest.raises(UsageError, match="not a model"):
        ner.load(path)
