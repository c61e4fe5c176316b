"""The character model, on a tiny set of made-up sentences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows import ner
from transforms import entities, reference
from transforms.article import Sentence

FIRMS = ["蓝鲸重工", "青石科技", "银杉资本", "白鹭食品", "赤松电子"]
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


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "招行"}', "entities"),
        ('{"text": "招行", "entities": [{"start": 0, "end": 5, "type": "company"}]}', "outside the text"),
        ('{"text": "招行", "entities": [{"start": 0, "end": 2, "type": "firm"}]}', "unknown type"),
        ("not json", "Expecting value"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, reason: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(line, encoding="utf-8")
    with pytest.raises(ValueError, match=reason) as error:
        ner.train(path, tmp_path / "model")
    assert f"{path}:1:" in str(error.value)


def test_an_empty_file_and_a_missing_model_are_named(tmp_path: Path) -> None:
    path = tmp_path / "empty.jsonl"
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no labelled text"):
        ner.train(path, tmp_path / "model")
    with pytest.raises(FileNotFoundError, match="train-ner"):
        ner.load(tmp_path / "none")
