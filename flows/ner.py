"""Training and loading of the character model behind `--ner crf` (extra `crf`)."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

from transforms.entities.crf import CrfRecognizer, features, to_labels

_PARAMETERS = {"c1": 0.1, "c2": 0.01, "max_iterations": 100, "feature.possible_transitions": True}


def train(labelled: Path, model: Path) -> int:
    """Train a model on labelled JSONL and write it to `model`; gives the number of texts.

    A line is `{"text": "...", "entities": [{"start": 0, "end": 4, "type": "company"}]}`, offsets in code points, end exclusive.
    Raises ValueError with file and line for a line that cannot be used, RuntimeError where python-crfsuite is not installed.
    """
    trainer = _pycrfsuite().Trainer(verbose=False)
    count = 0
    with labelled.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                spans = [(entity["start"], entity["end"], entity["type"]) for entity in row["entities"]]
                trainer.append(features(row["text"]), to_labels(row["text"], spans))
            except (KeyError, TypeError, ValueError) as error:
                raise ValueError(f'{labelled}:{number}: {error}; a line is {{"text", "entities": [{{"start", "end", "type"}}]}}') from None
            count += 1
    if not count:
        raise ValueError(f"{labelled}: no labelled text in it")
    trainer.set_params(_PARAMETERS)
    model.parent.mkdir(parents=True, exist_ok=True)
    trainer.train(str(model))
    return count


def load(model: Path) -> CrfRecognizer:
    """The recognizer of a trained model.

    Raises FileNotFoundError for a model that is not there, RuntimeError where python-crfsuite is not installed.
    """
    if not model.is_file():
        raise FileNotFoundError(f"{model}: no such model; train one with `qingwen train-ner FILE`")
    tagger = _pycrfsuite().Tagger()
    tagger.open(str(model))
    return CrfRecognizer(tagger)


def _pycrfsuite() -> Any:
    try:
        return import_module("pycrfsuite")
    except ImportError:
        raise RuntimeError("the character model needs python-crfsuite: pip install 'qingwen[crf]'") from None
