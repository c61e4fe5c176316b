"""Training and loading of the character model behind `--ner crf` (extra `crf`)."""

from __future__ import annotations

import json
from functools import lru_cache
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any

from flows.settings import UsageError
from transforms.entities.crf import CrfRecognizer, features, to_labels

_PARAMETERS = {"c1": 0.1, "c2": 0.01, "max_iterations": 100, "feature.possible_transitions": True}


def train(labelled: Path, model: Path) -> int:
    """Train a model on labelled JSONL and write it to `model`; gives the number of texts.

    A line is `{"text": "...", "entities": [{"start": 0, "end": 4, "type": "company"}]}`, offsets in code points, end exclusive.
    Raises UsageError with file and line for a line that cannot be used, and where python-crfsuite is not installed.
    """
    trainer = _pycrfsuite().Trainer(verbose=False)
    count = 0
    with labelled.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                spans = [(entity["start"], entity["end"], entity["type"]) for entity in row["entities"]]
                trainer.append(features(row["text"]), to_labels(row["text"], spans))
            except (KeyError, TypeError, ValueError) as error:
                raise UsageError(f'{labelled}:{number}: {error}; a line is {{"text", "entities": [{{"start", "end", "type"}}]}}') from None
            count += 1
    if not count:
        raise UsageError(f"{labelled}: no labelled text in it")
    trainer.set_params(_PARAMETERS)
    model.parent.mkdir(parents=True, exist_ok=True)
    # a run that loads the model meanwhile never sees half of it
    part = model.with_name(model.name + ".part")
    trainer.train(str(part))
    part.replace(model)
    return count


def load(model: Path | None) -> CrfRecognizer | None:
    """The recognizer of a trained model, opened once a process; None, which stands for the rules, where no model is given.

    Raises UsageError for a model that is not there or none, and where python-crfsuite is not installed.
    """
    return _open(model, digest(model)) if model else None


def digest(model: Path | None) -> str:
    """Hex digest of the bytes of a model; empty where none is given. Raises UsageError for a model that is not there."""
    if model is None:
        return ""
    try:
        return sha256(model.read_bytes()).hexdigest()
    except (FileNotFoundError, IsADirectoryError):
        raise UsageError(f"{model}: no such model; train one with `qingwen train-ner FILE`") from None


@lru_cache(maxsize=1)
def _open(model: Path, _digest: str) -> CrfRecognizer:
    # with the digest as part of the key, a model that is trained anew is opened anew
    tagger = _pycrfsuite().Tagger()
    try:
        tagger.open(str(model))
    except ValueError:
        raise UsageError(f"{model}: not a model of `qingwen train-ner`") from None
    return CrfRecognizer(tagger)


def _pycrfsuite() -> Any:
    try:
        return import_module("pycrfsuite")
    except ImportError:
        raise UsageError("the character model needs python-crfsuite: pip install 'qingwen[crf]'") from None
